# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# mtty.sh - pairs of mtty. Its value is in the scratch register of the UART,
# which has no other purpose. Sourced by check.sh.

MTTY=/sys/class/mdev_bus/mtty/mdev_supported_types
SCRATCH=7

mtty_devices()
{
	device one "mtty-1" $MTTY/mtty-1 $SCRATCH &&
	device one-b "mtty-1" $MTTY/mtty-1 $SCRATCH &&
	device two "mtty-2" $MTTY/mtty-2 $SCRATCH &&
	device two-b "mtty-2" $MTTY/mtty-2 $SCRATCH &&
	device pinned "mtty-1 pinned to 1.0" $MTTY/mtty-1 $SCRATCH software_version=1.0 &&
	device pinned-b "mtty-1 pinned to 1.0" $MTTY/mtty-1 $SCRATCH software_version=1.0
}

# The state goes back to a host that still has the unmodified module. Both are
# called mtty, so it waits in a file until the other one is loaded. Nobody says
# anything there: the answer is unknown, and the pin is what makes it work.
mtty_unmodified()
{
	begin
	plant pinned-b || why "the value does not stay at the source"
	vfio-compat -J show "${UUID[pinned-b]}" >"$WORK/pinned.json"
	vmm_capabilities pinned-b false
	if ! vmm_migrate pinned-b "file:$WORK/state" || [ "$REPLY" != completed ]; then
		why "the state is not saved"
	fi
	remove_devices
	guest_unload
	guest_load "$VFIO_COMPAT_MODULES_PLAIN" mdev mtty
	device plain "mtty-1, unmodified" $MTTY/mtty-1 $SCRATCH
	recorded pinned-b "@$WORK/pinned.json"
	predict pinned-b plain
	[ "$PREDICTED" -eq 3 ] || why "predicted: $PREDICTED, although nobody can know"
	vmm_start plain "${UUID[plain]}" -incoming defer
	if vmm_connect plain && vmm_capabilities plain false && vmm_listen plain "file:$WORK/state"; then
		arrived plain
	else
		why "the destination's QEMU does not start"
	fi
	conclude pinned-b plain
}

mtty_pairs()
{
	guest_load "$VFIO_COMPAT_MODULES" vfio_profile mdev mtty
	if ! mtty_devices; then
		echo "FAIL mtty's devices cannot be made"
		failed
		return
	fi
	pair "type, field ports" one two
	pair "software_version" one pinned
	pair compatible one one-b
	pair "type, field ports" two one
	pair compatible two two-b
	remove_devices two two-b one-b
	pair compatible pinned-b one
	pair compatible pinned-b pinned
	pair compatible pinned pinned-b
	mtty_unmodified
	remove_devices
	guest_unload
}
