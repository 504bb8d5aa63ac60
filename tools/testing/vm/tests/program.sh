#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# program.sh FOLDER PROGRAM [ARGUMENT..] - in a guest: load the modules that
# are in FOLDER, whichever of ours those are, and run one test program.

# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"

guest_load "$1" "${GUEST_MODULES[@]}" vfio_profile_test || exit 1
exec "$VFIO_COMPAT_SELFTESTS/$2" "${@:3}"
