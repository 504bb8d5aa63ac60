#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the command costs: bench.sh BUILD [MDEVCTL]
#
# Prints lines "name figure figure", as vfio-bench does. Instructions are those
# of user space, counted by callgrind, so they are the same whatever else runs.
# MDEVCTL is the program; it reads /sys, so it gets the tree there, in a root
# and a name space of its own.

set -eu

build=$1
mdevctl=${2-}
here=$(cd "${0%/*}" && pwd)
vc=$build/vfio-compat
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# figure NAME NUMBER
figure()
{
	case $2 in
	'' | *[!0-9]*) echo "error: $1 was not counted: '$2'" >&2; exit 1 ;;
	esac
	echo "$1 $2 $2"
}

# collected COMMAND..: instructions under callgrind; the command may say no
collected()
{
	"$@" >"$dir/out" 2>"$dir/err" || true
	sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$dir/err"
}

# count OPTION.. -- COMMAND..: of a program of this host
count()
{
	collected valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@"
}

# Runs as root of a name space: within ROOT, TREE is /sys.
inside()
{
	local root=$1 tree=$2 name

	shift 2
	mkdir -p "$root"/{usr,proc,sys,tmp,dev} \
		"$root"/etc/mdevctl.d/scripts.d/{callouts,notifiers}
	for name in bin lib lib32 lib64 libx32 sbin; do
		[ ! -e "/$name" ] || ln -sfn "usr/$name" "$root/$name"
	done
	mount --bind /usr "$root/usr"
	mount --rbind /proc "$root/proc"
	mount --rbind /dev "$root/dev"
	mount --bind "$tree" "$root/sys"
	cp "$mdevctl" "$root/tmp/mdevctl"
	exec chroot "$root" "$@"
}

# The same tree for both. mdevctl prints three files of each type.
count_tree()
{
	figure "inventory-$1" \
		"$(VFIO_COMPAT_SYSFS_ROOT=$2 count "$vc" inventory)"
	[ -n "$mdevctl" ] || return 0
	export -f inside
	export mdevctl
	# shellcheck disable=SC2016 # for the other shell
	figure "mdevctl-$1" "$(collected unshare -rm bash -c 'inside "$@"' inside \
		"$dir/root-$1" "$2" valgrind --tool=callgrind \
		--callgrind-out-file=/dev/null /tmp/mdevctl types --dumpjson)"
	grep -q available_instances "$dir/out" || {
		echo "error: mdevctl found nothing in $2" >&2
		exit 1
	}
}

# tree NAME PARENTS: 10 types of mtty each, with the interface
tree()
{
	local parent type at

	for ((parent = 0; parent < $2; parent++)); do
		at=$dir/$1/devices/virtual/mtty/mtty$parent
		mkdir -p "$at/mdev_supported_types" "$dir/$1/class/mdev_bus"
		ln -s "../../devices/virtual/mtty/mtty$parent" "$dir/$1/class/mdev_bus/"
		for type in {0..9}; do
			make_type "$at/mdev_supported_types/mtty-$type" "mtty-$type"
		done
	done
}

make_type()
{
	mkdir -p "$1/devices"
	cd "$1"
	echo vfio-pci >device_api
	echo "$2" | tee name >compatible_type
	echo 24 >available_instances
	echo 1.1.0 >software_version
	echo 1.0,1.1 | tee emitted_software_version >compatible_software_version
	echo 4348:3253 >compatible_pci_ids
	echo 1 >compatible_ports
	echo >dynamic_resources
	echo "mtty-v1;api=vfio-pci;type=$2;sw=1.1.0;f.pci_ids=4348:3253;f.ports=1;end" \
		>migration_version
	cd "$here"
}

# what MEASURED PROGRAM..: seconds of a processor in hundredths, and KiB
measure()
{
	python3 - "$@" <<-'PYTHON'
	import resource, subprocess, sys
	with open("/dev/null", "w") as nowhere:
	    subprocess.run(sys.argv[1:], stdout=nowhere)
	used = resource.getrusage(resource.RUSAGE_CHILDREN)
	print(round(100 * (used.ru_utime + used.ru_stime)), used.ru_maxrss)
	PYTHON
}

# Ten times as many hosts must not take more memory.
count_match()
{
	local hosts time memory

	"$here/make-inventories.py" 1 20 20 >"$dir/source"
	for hosts in 10 100; do
		"$here/make-inventories.py" "$hosts" 1000 20 >"$dir/pool"
		read -r time memory < <(measure "$vc" match \
			"@$dir/source#0000:00:02.0/gpu-3" "$dir/pool")
		figure "match-$hosts-time" "$time"
		figure "match-$hosts-memory" "$memory"
	done
}

tree one 1
tree ten 10
a=mtty0/mtty-1 b=mtty0/mtty-2
export VFIO_COMPAT_SYSFS_ROOT=$dir/one
figure start "$(count "$vc" --version)"
figure read-type "$(count --toggle-collect=vc_read_node "$vc" show "$a")"
figure compare "$(count --toggle-collect=vfio_compat_compare "$vc" compare "$a" "$b")"
figure compare-command "$(count "$vc" compare "$a" "$b")"
count_tree 10 "$dir/one"
count_tree 100 "$dir/ten"
count_match
