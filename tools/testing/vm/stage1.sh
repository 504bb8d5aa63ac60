#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
#
# stage1.sh - /init of the guest's initramfs (busybox only).
#
# Builds the root file system: the host's root, read-only (9p or hostfs), below
# it optional folders of unpacked packages, on top a tmpfs that takes every
# write. Mounts all else as well, because busybox in memory is much quicker than
# the host's programs through 9p, and stays for init.sh as /run/vm/busybox.
# Then hands over to init.sh of the clone, found at its usual path.
#
# shellcheck shell=dash
# shellcheck disable=SC2154 # the variables come from the kernel command line
#
# From the kernel command line: vm_root (9p or hostfs), vm_init (path of
# init.sh), vm_run (folder of this run), vm_modules (a root with lib/modules),
# vm_overlay (folders, by colon).

die()
{
	echo "vm: $*" >/dev/console
	sync
	poweroff -f
}

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
[ -c /dev/null ] || mount -t devtmpfs dev /dev

while read -r module; do
	insmod "/modules/$module" || die "cannot load $module"
done </modules.order

# mount_host FOLDER TAG TARGET - the host's FOLDER; 9p has a tag for each. Each
# is a file system of its own: overlayfs refuses folders one below another.
mount_host()
{
	mkdir -p "$3"
	case $vm_root in
	9p)
		mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro "$2" "$3" ;;
	hostfs)
		mount -t hostfs -o "ro,$1" none "$3" ;;
	*)
		die "no vm_root on the command line" ;;
	esac || die "cannot mount $1 of the host"
}

mount_host / root /host
lower=/host
count=0
IFS=:
for folder in $vm_overlay; do
	mount_host "$folder" "overlay$count" "/overlay$count"
	lower=/overlay$count:$lower
	count=$((count + 1))
done
unset IFS

mount -t tmpfs -o mode=755,size=75% tmpfs /rw
mkdir /rw/upper /rw/work
mount -t overlay -o "lowerdir=$lower,upperdir=/rw/upper,workdir=/rw/work" root /root ||
	die "cannot build the root"
mount_rest()
{
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	mount -t tmpfs -o mode=1777 tmpfs /dev/shm
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
	mount -t configfs configfs /sys/kernel/config 2>/dev/null
	ln -sfn /proc/self/fd /dev/fd
	ln -sfn /proc/self/fd/0 /dev/stdin
	ln -sfn /proc/self/fd/1 /dev/stdout
	ln -sfn /proc/self/fd/2 /dev/stderr
	case $vm_run in
	/run/*) ;;
	*) mount -t tmpfs -o mode=755 tmpfs /root/run ;;
	esac
	mkdir /root/run/vm
	cp /bin/busybox /root/run/vm/busybox
}

# modprobe finds our modules first, then those of the kernel's package.
mount_modules()
{
	local release

	release=$(uname -r)
	mkdir -p "/root/lib/modules/$release"
	mount --bind "/root$vm_modules/lib/modules/$release" "/root/lib/modules/$release" ||
		die "no modules for $release in $vm_modules"
}

# The console is ttyS0 of QEMU; UML has one of its own.
channels()
{
	output=/dev/ttyS1
	verdict=/dev/ttyS2
	if [ "$vm_root" = hostfs ]; then
		output=/dev/ttyS0
		verdict=/dev/ttyS1
	fi
	stty -F "$output" raw -echo
	stty -F "$verdict" raw -echo
	export vm_output=$output vm_verdict=$verdict
}

mount_rest
mount_modules
channels
ip link set lo up 2>/dev/null
[ -f "/root$vm_init" ] || die "$vm_init is not visible in the guest"
for dir in proc sys dev; do
	mkdir -p "/root/$dir"
	mount --move "/$dir" "/root/$dir"
done
exec switch_root /root /bin/bash "$vm_init"
