#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh [-M FOLDER] [ARGUMENT..] - in a guest: load the simulator, run the
# accuracy matrix with these arguments, unload everything. FOLDER has other
# modules than those of the guest.

# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"

GUEST_MODULES=(vfio_profile mdev mdev_sim mdev_sim_vgpu mdev_sim_nvme mdev_sim_qat
	mdev_sim_ccw mdev_sim_ap)
FOLDER=$VFIO_COMPAT_MODULES

if [ "${1-}" = -M ]; then
	FOLDER=$2
	shift 2
fi
modprobe -q configfs
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config || exit 1
guest_load "$FOLDER" || exit 1
"${VFIO_COMPAT_SELFTESTS%/*}/accuracy/accuracy" "$@"
STATUS=$?
guest_unload || {
	echo "FAILED: the modules cannot be unloaded"
	exit 1
}
exit "$STATUS"
