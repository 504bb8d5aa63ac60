#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# vfio-compat list and show, on the recorded tree.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

@test "list: a row for each type, instance and function, in order" {
	run vc list
	is 0
	[ "${#lines[@]}" = 20 ]
	[[ ${lines[0]} == OBJECT*NODE*API*TYPE*VERSION*FREE*ACCEPTS ]]
	[[ ${lines[1]} == "0000:00:02.0/i915-GVTg_V5_1 "*type*2.1.3* ]]
	[[ ${lines[12]} == "mtty/mtty-1 "*" type  vfio-pci  mtty-1 "*1.0.0*22*1.0 ]]
	[[ ${lines[14]} == "$mtty_a  mdev  vfio-pci  mtty-1 "*1.0.0*-*1.0 ]]
	[[ ${lines[19]} == "0000:3b:00.2 "*pci*1.1.0*1.0,1.1 ]]
}

@test "list: types without the interface are shown as such, and are no error" {
	run vc list mdpy
	is 0 "*mdpy/mdpy-vga*mdpy-vga*-*4*?does not say?*$mdpy*?does not say?"
}

@test "list PARENT: only that parent's" {
	run vc list mtty
	is 0
	[ "${#lines[@]}" = 6 ]
	run vc list 00:02.0 mtty
	is 0
	[ "${#lines[@]}" = 13 ]
}

@test "list PARENT: by path, and with a slash at the end" {
	for parent in mtty/ /sys/class/mdev_bus/mtty /sys/class/mdev_bus/mtty/ \
		      "$trees/good/class/mdev_bus/mtty"; do
		run vc list "$parent"
		is 0
		[ "${#lines[@]}" = 6 ]
	done
	run vc list 00:02.0/
	is 0 "*$gpu/i915-GVTg_V5_4 *"
	cd "$trees/good/class/mdev_bus" || exit
	run vc list ./mtty
	is 0
	[ "${#lines[@]}" = 6 ]
}

@test "list: what is no parent is exit 4, not an empty list" {
	for name in /sys/class mtty/mtty-1 nosuch/; do
		run vc list "$name"
		is 4 "vfio-compat: $name: *: expected a parent device*"
	done
	run vc list ..
	is 4 '*is outside of*'
}

@test "list: columns are aligned" {
	vc list | awk 'NR == 1 { at = index($0, "NODE") }
		substr($0, at - 2, 2) != "  " { exit 1 }'
}

@test "list: an empty tree says so, and not to a script" {
	[ -z "$("$VFIO_COMPAT" --sysfs-root "$trees/empty" list 2>/dev/null)" ]
	run "$VFIO_COMPAT" --sysfs-root "$trees/empty" list
	is 0 'Nothing found*'
}

@test "list: a parent that is not there is exit 4" {
	run vc list nosuch
	is 4 '*nosuch: No such file or directory: expected a parent device*'
}

@test "list -J: the published form, one object each" {
	run json list 'len(d["objects"])' list
	is 0 19
	run json list 'sorted({o["evidence"] for o in d["objects"]})' list
	is 0 '["kernel", "none"]'
}

@test "list -J: an empty tree is an empty list" {
	"$VFIO_COMPAT" -J --sysfs-root "$trees/empty" list |
		"$here/check-json.py" list 'd["objects"]' >"$BATS_TEST_TMPDIR/out"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = '[]' ]
}

@test "show: a type says what it accepts, and its line" {
	run vc show mtty/mtty-1
	is 0 'mtty/mtty-1*node *type*available *22*version *1.0.0*accepts versions *1.0*accepts types *mtty-1*accepts ports *1*can emit *1.0*resources *none*line *mtty-v1;*;end'
}

@test "show: an instance by UUID, in either case" {
	run vc show "${mtty_a^^}"
	is 0 "$mtty_a*mdev*needs ports *1*"
}

@test "show: the same instance by four kinds of path" {
	for path in "/sys/bus/mdev/devices/$mtty_a" \
		    "/sys/devices/virtual/mtty/mtty/$mtty_a" \
		    "$trees/good/bus/mdev/devices/$mtty_a" \
		    "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/devices/$mtty_a"; do
		run vc show "$path"
		is 0 "$mtty_a*"
	done
}

@test "show: a type by path, by parent's address and by parent's path" {
	for object in /sys/class/mdev_bus/$gpu/mdev_supported_types/i915-GVTg_V5_4 \
		      $gpu/i915-GVTg_V5_4 00:02.0/i915-GVTg_V5_4 \
		      /sys/class/mdev_bus/$gpu/i915-GVTg_V5_4; do
		run vc show "$object"
		is 0 "$gpu/i915-GVTg_V5_4*"
	done
}

@test "show: slashes at the end, and paths that begin with a dot" {
	for object in mtty/mtty-1/ mtty/mtty-1// 00:02.0/i915-GVTg_V5_4/ \
		      "$mtty_a/" 0000:3b:00.1/ /sys/class/mdev_bus/mtty/mtty-1/; do
		run vc show "$object"
		is 0
	done
	run vc show mtty/
	is 2 '*is a parent device*'
	cd "$trees/good/bus/mdev/devices" || exit
	for object in "./$mtty_a" "./$mtty_a/" "../devices/$mtty_a" \
		      ../../../class/mdev_bus/mtty/mtty-1 \
		      "../devices/$mtty_b/mdev_type"; do
		run vc show "$object"
		is 0
	done
	cd "$mtty_a" || exit
	run vc compare . ../mdev_supported_types/mtty-1/
	is 0 "Yes: mtty/mtty-1 takes $mtty_a.*"
	cd "$trees" || exit
	for object in "./$mtty_a" ./broken/bus; do
		run vc show "$object"
		is 2 "*: $object: is outside of*"
	done
}

@test "show: a pinned instance accepts no series above its pin" {
	run vc show "$gpu_pinned"
	is 0 '*version *2.0.0*pinned to *2.0*accepts versions *1.4,2.0
*'
	run json show 'd["objects"][0]["profile"]["accepts"]["software_version"]' \
		show "$gpu_pinned"
	is 0 '["1.4", "2.0"]'
}

@test "show: a PCI function, pinned or not, with and without the domain" {
	run vc show 0000:3b:00.1
	is 0 '*pci*driver *nvme-vfio*type *nvme-vf*version *1.2.0*accepts versions *1.0,1.1,1.2*'
	run vc show 3b:00.2
	is 0 '*version *1.1.0*pinned to *1.1*accepts versions *1.0,1.1
*can emit *1.1,1.2*'
}

@test "show: control bytes of foreign values do not reach the terminal" {
	run vc show "$gpu_a"
	is 0 '*resource fps *a\\x0a\\x1b\\xc3\\xbc\\xff*'
	vc show "$gpu_a" | LC_ALL=C tr -d '\n -~' >"$BATS_TEST_TMPDIR/rest"
	[ ! -s "$BATS_TEST_TMPDIR/rest" ]
}

@test "show -J: UTF-8 is kept, other bytes are replaced, the line has them all" {
	run json show 'd["objects"][0]["profile"]["dynamic_resources"][1]["value"]' \
		show "$gpu_a"
	is 0 "$(printf 'a\n\033\xc3\xbc\xef\xbf\xbd')"
	run json show 'd["objects"][0]["line"]' show "$gpu_a"
	is 0 '*r.fps=a%0A%1B%C3%BC%FF;end'
}

@test "show: what has no interface is unknown, exit 3" {
	run vc show mdpy/mdpy-vga
	is 3 'mdpy/mdpy-vga*unknown *does not say*'
	run vc show "$mdpy"
	is 3
	run vc show 3b:00.3
	is 3 '*it is bound to vfio-pci: expected a driver that gives migration_version; do not migrate on this'
	run vc show 3b:00.4
	is 3 '*it is bound to no driver: *'
}

@test "show: a bare parent lists its types, exit 2" {
	run vc show mtty
	is 2 '*mtty: is a parent device*give one of its types: mtty/mtty-1, mtty/mtty-2'
	run vc show "$gpu"
	is 2 "*$gpu/i915-GVTg_V5_1, $gpu/i915-GVTg_V5_4, $gpu/i915-GVTg_V5_8"
	run vc show /sys/class/mdev_bus/mtty
	is 2 '*mtty/mtty-1, mtty/mtty-2'
}

@test "show: what is not there is exit 4, what is no object exit 2" {
	run vc show mtty/mtty-9
	is 4 '*mtty/mtty-9: mtty has no type mtty-9: *'
	run vc show 83b8f4f2-509f-382f-3c1e-000000000000
	is 4
	run vc show 0000:ff:00.0
	is 4
	run vc show nosuch
	is 2
	run vc show ''
	is 2
	run vc show ..
	is 2
	run vc show /sys/class
	is 2 '*is not a device*'
	run vc show /etc/passwd
	is 2 '*is a file: write @/etc/passwd'
	run vc show /etc
	is 2 '*is outside of*'
	run vc show /sys/../../../etc
	is 2 '*is outside of*'
	run vc show mtty/../../../..
	is 4
}

@test "show: a type that its parent does not have" {
	run vc show mtty/mtty-3
	is 4 'vfio-compat: mtty/mtty-3: mtty has no type mtty-3: it has mtty-1, mtty-2'
	run vc show 00:02.0/i915
	is 4 "*: $gpu has no type i915: it has i915-GVTg_V5_1, *"
	run vc show mtyt/mtty-1
	is 4 '*: No such file or directory: *; see "vfio-compat list"'
}

@test "nothing loaded: say so, and what to do" {
	run "$VFIO_COMPAT" --sysfs-root "$trees/empty" list
	is 0 "Nothing found: $trees/empty/class/mdev_bus is not there: load the driver*"
	for object in mtty/mtty-1 "$mtty_a"; do
		run "$VFIO_COMPAT" --sysfs-root "$trees/empty" show "$object"
		is 4 "*: No such file*: expected *; $trees/empty/class/mdev_bus is not there: load the driver*"
	done
	mkdir -p "$BATS_TEST_TMPDIR/class/mdev_bus"
	run "$VFIO_COMPAT" --sysfs-root "$BATS_TEST_TMPDIR" list
	is 0 'Nothing found: no mdev parent, and no PCI function that takes part.'
}

@test "show: several objects; the strongest code wins" {
	run vc show mtty/mtty-1 mdpy/mdpy-vga
	is 3 'mtty/mtty-1*mdpy/mdpy-vga*'
	run vc show mdpy/mdpy-vga mtty/mtty-9 mtty/mtty-1
	is 4 '*mtty/mtty-1*'
	run vc show mdpy/mdpy-vga mtty/mtty-9 mtty
	is 2
}

@test "errors in JSON: code, object, path, errno by name" {
	run json show '[d["errors"][0][k] for k in ("code", "object", "errno")]' \
		show mtty/mtty-9
	is 0 '[4, "mtty/mtty-9", "ENOENT"]'
	run json show 'd["errors"][0]["code"], d["objects"][0]["evidence"]' \
		show mdpy/mdpy-vga
	is 0 '[3, "none"]'
}

@test "the root may come from the environment; the option wins" {
	VFIO_COMPAT_SYSFS_ROOT=$trees/good run "$VFIO_COMPAT" show mtty/mtty-1
	is 0
	VFIO_COMPAT_SYSFS_ROOT=$trees/empty run vc show mtty/mtty-1
	is 0
	run "$VFIO_COMPAT" --sysfs-root "$trees/nosuch" list
	is 4 '*nosuch: No such file*'
}

@test "a root that is no recorded tree is exit 4, not an empty answer" {
	for root in /etc /etc/passwd "$trees" ''; do
		run "$VFIO_COMPAT" --sysfs-root "$root" list
		is 4 "vfio-compat: ${root:-\"\"}: is no recorded tree: expected a folder that holds class or bus"
		VFIO_COMPAT_SYSFS_ROOT=$root run "$VFIO_COMPAT" show mtty/mtty-1
		is 4 "*is no recorded tree*"
	done
	mkdir "$BATS_TEST_TMPDIR/class"
	run "$VFIO_COMPAT" --sysfs-root "$BATS_TEST_TMPDIR" list
	is 0 'Nothing found*'
}
