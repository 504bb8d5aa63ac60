#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
#
# init.sh - /init of a guest that counts instructions (busybox only): loads the
# modules of one core, lets vfio-bench count, powers off. What it prints comes
# out at the second serial port.
#
# shellcheck shell=dash
# shellcheck disable=SC2154 # bench_core, plain or stock: from the kernel command line

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t debugfs debugfs /sys/kernel/debug
stty -F /dev/ttyS1 raw -echo
exec </dev/null >/dev/ttyS1 2>&1

# load STAGE - what vfio-bench STAGE needs, in the order of the list
load()
{
	while read -r core stage module; do
		if [ "$core $stage" = "$bench_core $1" ]; then
			insmod "/modules/$module" || echo "error: cannot load $module"
		fi
	done </modules/list
}

# What the boot has left to do is done by then: while idle the clock jumps.
load core
sleep 10
vfio-bench core
if [ "$bench_core" = stock ]; then
	load interface
	sleep 10
	vfio-bench interface
fi
poweroff -f
