#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# uml.sh LINUX ARGUMENT.. - start a UML kernel that can read all of the host
# and write nothing of it. Runs in mount and pid namespaces of its own (see
# vm.sh): there every mount becomes read-only, whatever the guest asks of its
# hostfs. Only a private tmpfs takes the memory of the guest, and the files of
# the channels are already open.

set -euo pipefail

mount_points()
{
	local point

	while read -r _ _ _ _ point _; do
		printf '%b\n' "${point//\\/\\0}"
	done </proc/self/mountinfo
}

mount_points | sort -u | while IFS= read -r point; do
	# A mount below another one cannot be reached, hence not written.
	[ -e "$point" ] || continue
	mount -o remount,bind,ro "$point" || { [ ! -w "$point" ] && continue; exit 1; }
done
if [ -w / ] || [ -w "$(dirname "$1")" ]; then
	echo "the host's root could not be made read-only; UML is not started" >&2
	exit 1
fi
[ -d /dev/shm ] || { echo "no /dev/shm for the memory of the guest" >&2; exit 1; }
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
export TMPDIR=/dev/shm
exec "$@" uml_dir=/dev/shm/ >&1 2>&2
