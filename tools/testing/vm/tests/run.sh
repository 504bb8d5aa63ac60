#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [PART..] - the harness tests itself: a check that cannot fail proves
# nothing.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
check_paths
# shellcheck source-path=SCRIPTDIR source=../packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=../source.sh
. "$VM_DIR/source.sh"
# shellcheck source-path=SCRIPTDIR source=../kernel.sh
. "$VM_DIR/kernel.sh"
# shellcheck source-path=SCRIPTDIR source=../count.sh
. "$VM_DIR/count.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$VM_DIR/tests/lib.sh"

WORK=$(mktemp -d "$O/selftest.XXXXXX")
trap 'rm -rf "$WORK"' EXIT

[ $# -gt 0 ] || set -- commands guests signals builds counts jobs
for part; do
	# shellcheck source=/dev/null
	. "$VM_DIR/tests/$part.sh"
done
close_tests
