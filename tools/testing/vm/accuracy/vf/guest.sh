#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh [ARGUMENT..] - in a guest with virtual functions: the accuracy matrix
# of functions with these arguments, then once more with a destination that is
# changed behind the tool's back, which must turn it red.

set -u
PROGRAM=${VFIO_COMPAT_SELFTESTS%/*}/accuracy/vf

modprobe -a vfio_iommu_type1 nvme_vf_profile mdev_sim_nvme || exit 1
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config || exit 1
if red=$("$PROGRAM" -r -p 15); then
	echo "not ok a destination that was changed did not come out"
	echo "$red"
	exit 1
fi
exec "$PROGRAM" "$@"
