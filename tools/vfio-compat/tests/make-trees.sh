#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Writes recorded sysfs trees for the tests: make-trees.sh DIR
#
#   DIR/good     devices that take part, and some that do not
#   DIR/broken   one type for each thing that can be wrong
#   DIR/empty    a tree of a machine without any such device
#   DIR/loops    a tree whose folders are links that lead to themselves
#
# Links and unreadable files are awkward in git, so trees are made, not stored.

set -eu

# put FILE TEXT: one attribute
put() {
	mkdir -p "${1%/*}"
	printf '%s\n' "$2" >"$1"
}

# parent ROOT NAME [BUS-PATH]: folder of a parent device; prints it
parent() {
	local dir=devices/${3:-virtual/$2/$2}

	mkdir -p "$1/$dir/mdev_supported_types" "$1/class/mdev_bus"
	ln -sfn "../../$dir" "$1/class/mdev_bus/$2"
	echo "$1/$dir"
}

# plain_type PARENT TYPE API FREE: a type without the interface
plain_type() {
	local dir=$1/mdev_supported_types/$2

	mkdir -p "$dir/devices"
	put "$dir/name" "$2"
	put "$dir/device_api" "$3"
	put "$dir/available_instances" "$4"
}

# attrs DIR DRIVER API TYPE VERSION ACCEPTS EMITS TYPES RESOURCES [FIELD=VALUES..]
# [vendor=TEXT]: the files of the interface, and the line that goes with them
attrs() {
	local dir=$1 line="$2-v1;api=$3;type=$4;sw=$5" vendor='' resources=$9 f

	put "$dir/software_version" "$5"
	put "$dir/compatible_software_version" "$6"
	put "$dir/emitted_software_version" "$7"
	put "$dir/compatible_type" "$8"
	put "$dir/dynamic_resources" "$9"
	shift 9
	for f; do
		if [ "${f%%=*}" = vendor ]; then
			vendor=";$f"
			continue
		fi
		put "$dir/compatible_${f%%=*}" "${f#*=}"
		line+=";f.$f"
	done
	for f in ${resources//,/ }; do
		line+=";r.$f"
	done
	put "$dir/migration_version" "$line$vendor;end"
}

# full_type PARENT DRIVER TYPE FREE VERSION ..: as attrs, with vfio-pci
full_type() {
	local dir=$1/mdev_supported_types/$3 driver=$2 type=$3

	plain_type "$1" "$3" vfio-pci "$4"
	shift 4
	attrs "$dir" "$driver" vfio-pci "$type" "$@"
}

# mdev ROOT PARENT UUID TYPE [LINE]: an instance; without a line it says nothing
mdev() {
	local dir=$2/$3 version=${5-}

	mkdir -p "$dir" "$1/bus/mdev/devices"
	ln -s "../mdev_supported_types/$4" "$dir/mdev_type"
	ln -s "../../../${dir#"$1/"}" "$1/bus/mdev/devices/$3"
	ln -s "../../../$3" "$2/mdev_supported_types/$4/devices/$3"
	if [ "$#" -gt 4 ]; then
		put "$dir/migration_version" "$5"
		version=${version#*;sw=}
		put "$dir/software_version" "${version%%;*}"
	fi
}

# function_at ROOT BDF DRIVER: a PCI function; prints its folder
function_at() {
	local dir=devices/pci0000:00/$2

	mkdir -p "$1/$dir" "$1/bus/pci/devices" "$1/bus/pci/drivers/$3"
	ln -s "../../../$dir" "$1/bus/pci/devices/$2"
	[ "$3" = none ] || ln -s "../../../bus/pci/drivers/$3" "$1/$dir/driver"
	echo "$1/$dir"
}

# u N: a UUID
u() {
	printf '83b8f4f2-509f-382f-3c1e-e6bfe0fa10%02d' "$1"
}

make_mtty() {
	local root=$1 p

	p=$(parent "$root" mtty)
	full_type "$p" mtty mtty-1 22 1.0.0 1.0 1.0 mtty-1 '' pci_ids=4348:3253 ports=1
	full_type "$p" mtty mtty-2 11 1.0.0 1.0 1.0 mtty-2 '' pci_ids=4348:3253 ports=2
	mdev "$root" "$p" "$(u 1)" mtty-1 \
		'mtty-v1;api=vfio-pci;type=mtty-1;sw=1.0.0;f.pci_ids=4348:3253;f.ports=1;end'
	mdev "$root" "$p" "$(u 2)" mtty-1 \
		'mtty-v1;api=vfio-pci;type=mtty-1;sw=1.0.0;f.pci_ids=4348:3253;f.ports=1;end'
	mdev "$root" "$p" "$(u 3)" mtty-2 \
		'mtty-v1;api=vfio-pci;type=mtty-2;sw=1.0.0;f.pci_ids=4348:3253;f.ports=2;end'

	p=$(parent "$root" mdpy)
	plain_type "$p" mdpy-vga vfio-pci 4
	mdev "$root" "$p" "$(u 4)" mdpy-vga
}

# Two generations of a GPU: new accepts old, and can be pinned to it.
make_gpu() {
	local root=$1 p line=i915-v1\;api=vfio-pci

	p=$(parent "$root" 0000:00:02.0 pci0000:00/0000:00:02.0)
	mkdir -p "$root/bus/pci/devices"
	ln -s ../../../devices/pci0000:00/0000:00:02.0 "$root/bus/pci/devices/0000:00:02.0"
	full_type "$p" i915 i915-GVTg_V5_4 2 2.1.3 1.4,2.0,2.1 2.0,2.1 \
		i915-GVTg_V5_4 aggregator,fps pci_ids=8086:591b,8086:591d
	full_type "$p" i915 i915-GVTg_V5_8 1 2.1.3 2.0,2.1 2.1 \
		i915-GVTg_V5_4,i915-GVTg_V5_8 '' pci_ids=8086:591b,8086:591d
	full_type "$p" i915 i915-GVTg_V5_1 1 2.1.3 2.1 2.1 i915-GVTg_V5_1 '' \
		pci_ids=8086:591d
	mdev "$root" "$p" "$(u 11)" i915-GVTg_V5_4 \
		"$line;type=i915-GVTg_V5_4;sw=2.1.3;f.pci_ids=8086:591d;r.aggregator=2;r.fps=a%0A%1B%C3%BC%FF;end"
	mdev "$root" "$p" "$(u 12)" i915-GVTg_V5_4 \
		"$line;type=i915-GVTg_V5_4;sw=2.1.3;f.pci_ids=8086:591d;r.aggregator=4;r.fps=60;end"
	# pinned to 2.0
	mdev "$root" "$p" "$(u 13)" i915-GVTg_V5_4 \
		"$line;type=i915-GVTg_V5_4;sw=2.0.0;f.pci_ids=8086:591d;r.aggregator=4;r.fps=60;end"
	mdev "$root" "$p" "$(u 14)" i915-GVTg_V5_1 \
		"$line;type=i915-GVTg_V5_1;sw=2.1.3;f.pci_ids=8086:591d;end"

	p=$(parent "$root" old)
	full_type "$p" i915 i915-GVTg_V5_4 2 2.0.7 1.4,2.0 2.0 i915-GVTg_V5_4 \
		aggregator,fps pci_ids=8086:591b,8086:591d
}

# A driver with a rule of its own.
make_vendor() {
	local p

	p=$(parent "$1" chk)
	full_type "$p" chk chk-a 1 1.0.0 1.0 1.0 chk-a '' vendor=lanes%3D4
	mdev "$1" "$p" "$(u 21)" chk-a \
		'chk-v1;api=vfio-pci;type=chk-a;sw=1.0.0;vendor=lanes%3D4;end'
}

make_functions() {
	local root=$1 f line=nvme-v1\;api=vfio-pci\;type=nvme-vf

	f=$(function_at "$root" 0000:3b:00.1 nvme-vfio)
	attrs "$f" nvme vfio-pci nvme-vf 1.2.0 1.0,1.1,1.2 1.1,1.2 nvme-vf '' ns=4
	put "$f/device_api" vfio-pci
	put "$f/migration_type" nvme-vf
	# pinned: its files show what holds under the pin
	f=$(function_at "$root" 0000:3b:00.2 nvme-vfio)
	attrs "$f" nvme vfio-pci nvme-vf 1.1.0 1.0,1.1 1.1,1.2 nvme-vf '' ns=4
	put "$f/device_api" vfio-pci
	put "$f/migration_type" nvme-vf
	put "$f/migration_version" "$line;sw=1.1.0;f.ns=4;end"
	function_at "$root" 0000:3b:00.3 vfio-pci >/dev/null
	function_at "$root" 0000:3b:00.4 none >/dev/null
}

# bad TYPE: a type that is right so far; prints its folder
bad() {
	full_type "$BAD" bad "$1" 1 1.0.0 1.0 1.0 "$1" '' id=1
	echo "$BAD/mdev_supported_types/$1"
}

make_broken() {
	local root=$1 f

	BAD=$(parent "$root" bad)
	bad bad-none >/dev/null
	for f in software_version compatible_software_version \
		 emitted_software_version compatible_type dynamic_resources \
		 migration_version device_api; do
		rm "$(bad "bad-lacks-$f")/$f"
	done
	f=$(bad bad-oversize)
	head -c 4097 /dev/zero | tr '\0' 1 >"$f/compatible_id"
	head -c 64 /dev/urandom >"$(bad bad-random)/compatible_id"
	printf '1\0002\n' >"$(bad bad-nul)/compatible_id"
	printf 'vfio\0pci\n' >"$(bad bad-api-nul)/device_api"
	: >"$(bad bad-empty)/compatible_software_version"
	put "$(bad bad-version)/software_version" 1.0
	put "$(bad bad-own)/compatible_software_version" 2.0
	put "$(bad bad-repeat)/compatible_id" 1,1
	f=$(bad bad-blanks)
	put "$f/compatible_id" '1, 2'
	sed -i 's/id=1/id=1,2/' "$f/migration_version"
	put "$(bad bad-line)/migration_version" 'bad-v1;api=vfio-pci;type=bad-line;sw=1.0.0;f.id=1'
	put "$(bad bad-contradicts)/migration_version" \
		'bad-v1;api=vfio-pci;type=bad-contradicts;sw=1.0.0;f.id=2;end'
	put "$(bad bad-other)/migration_version" \
		'bad-v1;api=vfio-pci;type=bad-none;sw=1.0.0;f.id=1;end'
	put "$(bad bad-free)/available_instances" many
	put "$(bad bad-field)/compatible_create" 1
	f=$(bad bad-fifo)/compatible_id
	rm "$f"
	mkfifo "$f"
	f=$(bad bad-folder)/compatible_id
	rm "$f"
	mkdir "$f"
	f=$(bad bad-link)
	ln -sf compatible_type "$f/compatible_id"
	f=$(bad bad-loop)
	ln -sf compatible_id "$f/compatible_id"
	chmod 0 "$(bad bad-unreadable)/migration_version"
	bad "$(printf 'bad-\033[31mred')" >/dev/null

	ln -s /etc "$root/class/mdev_bus/outside"
	ln -s loop "$root/class/mdev_bus/loop"
	mdev "$root" "$BAD" "$(u 31)" bad-none \
		'bad-v1;api=vfio-pci;type=bad-other;sw=1.0.0;f.id=1;end'
	mdev "$root" "$BAD" "$(u 32)" bad-none
	ln -sfn mdev_type "$BAD/$(u 32)/mdev_type"
	mdev "$root" "$BAD" "$(u 33)" bad-none \
		'bad-v1;api=vfio-pci;type=bad-none;sw=1.0.0;f.id=1;end'
}

out=$1
rm -rf "$out"
mkdir -p "$out/empty/bus" "$out/loops/class" "$out/loops/bus/pci"
ln -s mdev_bus "$out/loops/class/mdev_bus"
ln -s devices "$out/loops/bus/pci/devices"
make_mtty "$out/good"
make_gpu "$out/good"
make_vendor "$out/good"
make_functions "$out/good"
make_broken "$out/broken"
