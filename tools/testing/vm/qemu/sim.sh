# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# sim.sh - pairs of simulated devices: a pair for each rule that can fail, and
# cards as one vendor has them over the years. Their value is in the last of
# the registers that every series has. Sourced by check.sh.

CONFIG=/sys/kernel/config/mdev_sim
REGISTER=28

# card PERSONALITY NAME - the types that follow are of this card
card()
{
	CARD=$CONFIG/$1/$2
	mkdir "$CARD"
}

# kind NAME FILE=TEXT.. - a text is one write; bash would make one of each line
kind()
{
	local setting folder=$CARD/$1
	shift

	mkdir "$folder" || return 1
	for setting; do
		cat <<<"${setting#*=}" >"$folder/${setting%%=*}" || return 1
	done
}

commit()
{
	echo 1 >"$CARD/commit"
}

# The cards of one vendor: yesterday's; today's, and two of the same version
# that have less. Today's takes the streams of yesterday's, and emits them.
vgpu_cards()
{
	local fields=$'pci_ids=8086:591d\nencryption=none,aes|aes'
	local resources=$'2.0 aggregator=1:1,2,4\n2.0 fps=30:30,60'
	local new=(software_version=2.1.0 "compatible_software_version=1.0,2.0,2.1"
		"emitted_software_version=1.0,2.0,2.1")

	card vgpu old && kind gpu software_version=1.0.3 "fields=$fields" && commit &&
	card vgpu new && kind gpu "${new[@]}" "fields=$fields" "resources=$resources" &&
		kind half "${new[@]}" "fields=$fields" "resources=$resources" &&
		kind wide "${new[@]}" "fields=$fields" "resources=$resources" \
			compatible_type=mdev_sim-gpu,mdev_sim-wide && commit &&
	card vgpu plain && kind gpu "${new[@]}" $'fields=pci_ids=8086:591d\nencryption=none' \
		"resources=$resources" && commit &&
	card vgpu fixed && kind gpu "${new[@]}" "fields=$fields" \
		"resources=2.0 aggregator=1:1,2,4" && commit
}

# QAT has a rule of its own, how many rings fit; a card without such rules,
# but the same type, is none that it could go to.
other_cards()
{
	card qat two && kind sym rings=2 fields=pci_ids=8086:18a1 && commit &&
	card qat four && kind sym rings=4 fields=pci_ids=8086:18a1 && commit &&
	card vgpu sym && kind sym fields=pci_ids=8086:18a1 && commit &&
	card nvme one && kind ns resources=remote_url=nvme://a && commit &&
	card ccw one && kind gpu software_version=2.1.0 compatible_software_version=1.0,2.0,2.1 \
		$'fields=pci_ids=8086:591d\nencryption=none,aes|aes' && commit
}

# sim NAME LABEL CARD TYPE [ATTRIBUTE=VALUE..]
sim()
{
	device "$1" "$2" "/sys/class/mdev_bus/$3/mdev_supported_types/mdev_sim-$4" $REGISTER "${@:5}"
}

vgpu_devices()
{
	sim old "gpu 1.0" vgpu-old gpu &&
	sim new "gpu 2.1" vgpu-new gpu &&
	sim new-b "gpu 2.1" vgpu-new gpu &&
	sim pin-1 "gpu 2.1 pinned to 1.0" vgpu-new gpu software_version=1.0 &&
	sim pin-2 "gpu 2.1 pinned to 2.0" vgpu-new gpu software_version=2.0 &&
	sim half "half 2.1" vgpu-new half &&
	sim wide "wide 2.1, accepts gpu" vgpu-new wide &&
	sim plain "gpu 2.1 without aes" vgpu-plain gpu &&
	sim fixed "gpu 2.1 without fps" vgpu-fixed gpu &&
	sim share "gpu 2.1 aggregator=2" vgpu-new gpu aggregator=2 &&
	sim share-b "gpu 2.1 aggregator=2" vgpu-new gpu aggregator=2
}

other_devices()
{
	sim rings-2 "qat, 2 rings" qat-two sym &&
	sim rings-4 "qat, 4 rings" qat-four sym &&
	sim no-rings "no qat, same type" vgpu-sym sym &&
	sim disk "nvme" nvme-one ns remote_url=nvme://a &&
	sim disk-b "nvme" nvme-one ns remote_url=nvme://a &&
	sim disk-c "nvme, another remote_url" nvme-one ns remote_url=nvme://b &&
	sim ccw "gpu 2.1 of ccw" ccw-one gpu
}

# One after the other: a source that was refused goes on to the next.
vgpu_pairs()
{
	pair "type" new half
	pair "field encryption" new plain
	pair "dynamic_resources" new fixed
	pair "dynamic_resources aggregator" new share
	pair "software_version" new pin-2
	pair "software_version, dynamic_resources" new old
	not_opened "device_api, dynamic_resources" new ccw
	pair compatible new new-b
	pair compatible new-b wide
	pair compatible share share-b
	pair compatible old new
	pair compatible pin-1 old
}

other_pairs()
{
	pair "vendor" rings-4 rings-2
	pair "vendor" rings-4 no-rings
	pair compatible rings-2 rings-4
	pair "dynamic_resources remote_url" disk disk-c
	pair compatible disk disk-b
}

sim_remove()
{
	local folder

	remove_devices
	for folder in "$CONFIG"/*/*; do
		echo 0 >"$folder/commit" && rmdir "$folder"/*/ "$folder" || return 1
	done
	rmmod mdev_sim_{vgpu,qat,nvme,ccw} mdev_sim && guest_unload
}

sim_pairs()
{
	modprobe -q configfs
	mountpoint -q "${CONFIG%/*}" || mount -t configfs configfs "${CONFIG%/*}"
	guest_load "$VFIO_COMPAT_MODULES" vfio_profile mdev mdev_sim mdev_sim_{vgpu,qat,nvme,ccw}
	if ! vgpu_cards || ! other_cards || ! vgpu_devices || ! other_devices; then
		echo "FAIL the simulator's devices cannot be made"
		failed
		return
	fi
	vgpu_pairs
	other_pairs
	sim_remove || { echo "FAIL the simulator cannot be removed"; failed; }
}
