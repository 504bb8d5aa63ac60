#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kunit.sh [GLOB] - the KUnit suites that are built into the UML kernel, run by
# the kernel's own kunit.py from the kernel that is already there.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

check_paths
build=$O/kernel/uml
if [ ! -x "$build/linux" ]; then
	"$VM_DIR/prepare.sh" uml
fi
cd "$O/source/full"
unshare=(unshare --pid --fork --kill-child=KILL --mount-proc)
[ "$(id -u)" = 0 ] || unshare+=(--map-root-user)

status=0
"${unshare[@]}" python3 -B tools/testing/kunit/kunit.py exec --build_dir="$build" \
	--timeout=120 "${1-vfio*}" </dev/null || status=$?

# kunit.py counts results only; what else the kernel said is in its log.
if grep -aE -f "$VM_DIR/splats" "$build/test.log"; then
	say "error: the kernel reported a problem, see $build/test.log"
	exit 1
fi
exit "$status"
