#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run in a guest: records mtty and a card of each personality of the
# simulator, and what "vfio-compat list -J" says of the live one.
#
#   tools/testing/vm/vm.sh tools/vfio-compat/tests/record-guest.sh >LOG
#   tools/vfio-compat/tests/keep-recorded.sh LOG
#
# Each file is printed between two marks.

set -eu

here=$(cd "${0%/*}" && pwd)
sim=/sys/kernel/config/mdev_sim

# print NAME: stdin, as this file
print() {
	echo "==== $1"
	cat
	echo "==== end"
}

# keep NAME: the machine as it is now
keep() {
	"$here/record.sh" | print "$1.tree"
	vfio-compat list -J | print "$1.json"
}

# card PERSONALITY: the types that follow are of this card
card() {
	modprobe "mdev_sim_$1"
	mountpoint -q "${sim%/*}" || mount -t configfs none "${sim%/*}"
	card=$sim/$1/card
	parent=/sys/class/mdev_bus/$1-card
	mkdir "$card"
}

# kind NAME FILE=TEXT..: a text is one write
kind() {
	local folder=$card/$1 setting

	shift
	mkdir "$folder"
	for setting; do
		cat <<<"${setting#*=}" >"$folder/${setting%%=*}"
	done
}

commit() {
	echo 1 >"$card/commit"
}

# instance N TYPE
instance() {
	uuid=$(printf '83b8f4f2-509f-382f-3c1e-e6bfe0fa2%03d' "$1")
	echo "$uuid" >"$parent/mdev_supported_types/$2/create"
	device=/sys/bus/mdev/devices/$uuid
}

remove_all() {
	local device

	for device in /sys/bus/mdev/devices/*; do
		echo 1 >"$device/remove"
	done
	if [ -e "${card-}" ]; then
		echo 0 >"$card/commit"
		rmdir "$card"/*/ "$card"
	fi
}

modprobe mtty
parent=/sys/class/mdev_bus/mtty
instance 1 mtty-1
instance 2 mtty-2
keep mtty
remove_all
rmmod mtty

card vgpu
new=(software_version=2.1.3 'compatible_software_version=1.0,2.0,2.1'
     'emitted_software_version=1.0,2.0,2.1'
     'fields=pci_ids=8086:591b,8086:591d|8086:591d'
     $'resources=2.0 aggregator=1:1,2,4\n2.0 fps=30:30,60')
kind half "${new[@]}"
kind wide "${new[@]}" compatible_type=mdev_sim-half,mdev_sim-wide
commit
instance 11 mdev_sim-half
echo 2 >"$device/aggregator"
instance 12 mdev_sim-half
echo 1.0 >"$device/software_version"
instance 13 mdev_sim-wide
keep vgpu
remove_all

card nvme
kind ns resources=remote_url=nvme://a fields=ns=4
commit
instance 21 mdev_sim-ns
printf 'nvme://[::1]:4420/n;a=1,2%%' >"$device/remote_url"
keep nvme
remove_all

card qat
kind sym rings=2 fields=pci_ids=8086:18a1
commit
instance 31 mdev_sim-sym
keep qat
remove_all

card ccw
kind io 'fields=subchannel_type=0'
commit
instance 41 mdev_sim-io
keep ccw
remove_all

card ap
kind pass resources=queues=05.0004
commit
instance 51 mdev_sim-pass
echo 05.0004,05.0006 >"$device/queues"
keep ap
remove_all
echo recorded
