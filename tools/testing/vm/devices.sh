# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# devices.sh - hardware that QEMU emulates for a guest: vm.sh -d NAME.
#
# nvme-vf: an NVMe controller behind a port that it can be unplugged from, with
# two virtual functions, online and bound to no driver, and an IOMMU that gives
# each a group. The first has queues for one I/O queue, the second for two.
#
# Sourced by vm.sh on the host, by init.sh and by scripts in the guest.

NVME_PF=0000:01:00.0

# check_devices NAME KERNEL - there are such devices, and this kernel has a bus
check_devices()
{
	case $1 in
	'' | nvme-vf) ;;
	*) die "no devices called $1" "known: nvme-vf" ;;
	esac
	[ -z "$1" ] || [ "$2" != uml ] ||
		die "kernel uml has no PCI, so no devices $1" "use KERNEL=stock or KERNEL=debug"
}

# devices_qemu_arguments NAME - one a line. The IOMMU comes before what is
# behind it; the port has hotplug of its own, which ACPI would take from it.
devices_qemu_arguments()
{
	[ -n "$1" ] || return 0
	printf '%s\n' -device intel-iommu,intremap=on \
		-global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off \
		-device pcie-root-port,id=rp0,bus=pcie.0,chassis=1,slot=1,addr=10.0 \
		-device nvme-subsys,id=subsys0 \
		-device "nvme,serial=deadbeef,subsys=subsys0,bus=rp0,sriov_max_vfs=4,\
sriov_vq_flexible=8,sriov_vi_flexible=4,sriov_max_vq_per_vf=3,sriov_max_vi_per_vf=2,\
max_ioqpairs=10,msix_qsize=6"
}

# The timer is not routed as the kernel expects where interrupts are remapped.
devices_kernel_arguments()
{
	[ -z "$1" ] || printf 'intel_iommu=on no_timer_check '
}

# ---- in the guest ----

# The PF's character device, as soon as its driver has it.
nvme_controller()
{
	local i name

	for ((i = 0; i < 100; i++)); do
		for name in "/sys/bus/pci/devices/$NVME_PF/nvme"/nvme*; do
			if [ "$(cat "$name/state" 2>/dev/null)" = live ]; then
				echo "/dev/${name##*/}"
				return 0
			fi
		done
		sleep 0.1
	done
	echo "the NVMe controller $NVME_PF does not come up" >&2
	return 1
}

# nvme_vfs_create - two virtual functions, online. Queues and interrupts that
# they are to have belong to the PF at first, which gives them up at a reset.
nvme_vfs_create()
{
	local pf=/sys/bus/pci/devices/$NVME_PF controller

	modprobe -q nvme
	controller=$(nvme_controller) || return 1
	echo 0 >"$pf/sriov_numvfs"
	echo 0 >"$pf/sriov_drivers_autoprobe" || return 1
	nvme-virt "$controller" release || return 1
	echo 1 >"$pf/reset" || return 1
	controller=$(nvme_controller) || return 1
	echo 2 >"$pf/sriov_numvfs" || return 1
	nvme-virt "$controller" online 1 2 1 && nvme-virt "$controller" online 2 3 2
}

# devices_setup NAME - have them ready
devices_setup()
{
	local i vfs=()

	[ -n "$1" ] || return 0
	nvme_vfs_create || return 1
	for i in 0 1; do
		vfs+=("$(basename "$(readlink "/sys/bus/pci/devices/$NVME_PF/virtfn$i")")")
	done
	export VFIO_COMPAT_PF=$NVME_PF VFIO_COMPAT_VFS="${vfs[*]}"
}

# vf_bind BDF DRIVER - by its driver only; "" as DRIVER: by none
vf_bind()
{
	local dev=/sys/bus/pci/devices/$1

	if [ -e "$dev/driver" ]; then
		echo "$1" >"$dev/driver/unbind" || return 1
	fi
	printf '%s\n' "$2" >"$dev/driver_override" || return 1
	[ -n "$2" ] || return 0
	echo "$1" >/sys/bus/pci/drivers_probe
	[ "$(basename "$(readlink "$dev/driver")")" = "$2" ]
}
