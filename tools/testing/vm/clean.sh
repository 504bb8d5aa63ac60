#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# clean.sh - remove the build folder, if it is one.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ -d "$O" ] || exit 0
is_build "$O" || die "$O was not made by this project (no $MARKER in it)" \
	"nothing removed; name the folder that was O= when it was built"
rm -rf -- "$O"
say "removed: $O"
