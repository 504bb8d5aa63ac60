#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh - what mdevctl, libvirt and plain readers see of mtty and mdpy must
# be the same for unmodified modules and for ours, byte for byte.
#
# Runs inside the stock guest, over the folder that fetch.sh makes. The same
# sequence is recorded twice, one file for each thing looked at; then the
# records are compared. At the end vfio-compat claims with that mdevctl.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"
# shellcheck source-path=SCRIPTDIR source=claim.sh
. "$(dirname "${BASH_SOURCE[0]}")/claim.sh"

# A name space of its own: nothing of it is seen by whoever called.
if [ -z "${ECO_INSIDE:-}" ]; then
	ECO_INSIDE=1 exec unshare -m "${BASH_SOURCE[0]}" "$@"
fi

MTTY=/sys/class/mtty/mtty
MDPY=/sys/class/mdpy/mdpy
A=6a7b0001-0d3c-4c55-8a10-000000000001
B=6a7b0001-0d3c-4c55-8a10-000000000002
NODE=mdev_${A//-/_}_mtty
WORK=
DAEMON=

# record NAME COMMAND.. - output, errors and exit code become one record
record()
{
	local file=$WORK/$NOW/$1 rc=0
	shift

	"$@" >"$file" 2>&1 || rc=$?
	printf 'exit %d\n' "$rc" >>"$file"
}

# Names, kinds, modes and contents of a folder of sysfs, as a person reads it.
# Only the files named in "$@" if there are any.
tree()
{
	local folder=$1
	shift

	(cd "$folder" && find . -printf '%p %y %m\n' | sort) | only "$@"
	(cd "$folder" && find . -type f -perm -400 | sort | only "$@" | xargs -r head -v -n 100)
}

only()
{
	if [ $# -eq 0 ]; then
		cat
	else
		grep -E "/($(IFS='|'; echo "$*"))( |\$)"
	fi
}

stop_daemons()
{
	libvirt_stop
	udevadm control --exit 2>/dev/null || true
}

# One program for several commands: to start it is what takes the time.
libvirt()
{
	virsh -c nodedev:///system "$1"
}

# Its node devices change with events: what comes next waits for them.
active()
{
	libvirt 'nodedev-list --cap mdev' 2>/dev/null | grep -qxF "$NODE"
}

defined()
{
	libvirt 'nodedev-list --cap mdev --inactive' 2>/dev/null | grep -qxF "$NODE"
}

gone()
{
	! libvirt 'nodedev-list --cap mdev --all' 2>/dev/null | grep -qF mdev_
}

record_nodes()
{
	record mdpy-types tree "$MDPY/mdev_supported_types"
	# What mtty's types had before; new files beside them are the point.
	record mtty-types tree "$MTTY/mdev_supported_types" create name \
		description device_api available_instances devices
	record mtty-parent ls "$MTTY"
	echo "$A" >"$MDPY/mdev_supported_types/mdpy-vga/create"
	record mdpy-types-used tree "$MDPY/mdev_supported_types"
	record mdpy-instance ls -l --time-style=+ "/sys/bus/mdev/devices/$A/"
	echo 1 >"/sys/bus/mdev/devices/$A/remove"
}

record_mdevctl()
{
	record mdevctl-types mdevctl types
	record mdevctl-types-json mdevctl types --dumpjson
	record mdevctl-define mdevctl define --uuid "$A" --parent mtty --type mtty-1
	record mdevctl-list-defined mdevctl list --defined --verbose
	record mdevctl-start mdevctl start --uuid "$A"
	record mdevctl-start-new mdevctl start --uuid "$B" --parent mtty --type mtty-2
	record mdevctl-list mdevctl list --verbose
	record mdevctl-list-json mdevctl list --dumpjson
	record mdevctl-list-defined-json mdevctl list --defined --dumpjson
	record mdevctl-types-used mdevctl types --dumpjson
	record mdevctl-config cat "/etc/mdevctl.d/mtty/$A"
	record mdevctl-stop mdevctl stop --uuid "$A"
	record mdevctl-stop-new mdevctl stop --uuid "$B"
	record mdevctl-undefine mdevctl undefine --uuid "$A"
	record mdevctl-list-empty mdevctl list --dumpjson
}

# Only the driver for node devices: the one for QEMU wants a user of its own.
libvirt_start()
{
	rm -f /run/libvirt/libvirt-sock
	LIBVIRT_DRIVER_DIR=$WORK/drivers LIBVIRT_LOG_OUTPUTS=3:stderr \
		libvirtd >"$WORK/libvirtd.log" 2>&1 &
	DAEMON=$!
	if ! guest_wait 60 test -S /run/libvirt/libvirt-sock; then
		cat "$WORK/libvirtd.log"
		echo "error: libvirtd did not open its socket"
		return 1
	fi
}

libvirt_stop()
{
	if [ -n "$DAEMON" ]; then
		kill "$DAEMON"
		wait "$DAEMON" || true
		DAEMON=
	fi
}

record_libvirt()
{
	libvirt_start
	record libvirt-before libvirt "nodedev-list --tree; nodedev-list --cap mdev_types;
		nodedev-dumpxml mtty_mtty; nodedev-define $WORK/mdev.xml"
	guest_wait 20 defined || true
	record libvirt-defined libvirt "nodedev-list --cap mdev --all; nodedev-dumpxml $NODE;
		nodedev-start $NODE"
	guest_wait 20 active || true
	record libvirt-active libvirt "nodedev-list --cap mdev; nodedev-dumpxml $NODE;
		nodedev-dumpxml mtty_mtty; nodedev-destroy $NODE"
	guest_wait 20 defined || true
	record libvirt-inactive libvirt "nodedev-list --cap mdev --inactive; nodedev-undefine $NODE"
	guest_wait 20 gone || true
	record libvirt-after libvirt 'nodedev-list --tree'
	libvirt_stop
}

# record_all NAME FOLDER - everything, with the modules of FOLDER
record_all()
{
	NOW=$1
	mkdir -p "$WORK/$NOW"
	guest_unload
	guest_load "$2"
	udevadm settle
	find "$MTTY/mdev_supported_types" >"$WORK/$NOW.files"
	record_nodes
	record_mdevctl
	record_libvirt
	guest_unload
	udevadm settle
}

# The comparison itself; prints what differs.
same()
{
	diff -u --label unmodified --label extended "$1" "$2"
}

compare()
{
	local name

	find "$WORK/plain" "$WORK/extended" -type f -printf '%f\n' | sort -u >"$WORK/names"
	while read -r name; do
		if same "$WORK/plain/$name" "$WORK/extended/$name" >"$WORK/diff" 2>&1; then
			echo "ok   $name: the same"
			passed
		else
			echo "FAIL $name: not what the unmodified modules give"
			cat "$WORK/diff"
			failed
		fi
	done <"$WORK/names"
}

# holds NAME PATTERN - what both give alike because both times nothing worked
# would prove nothing
holds()
{
	if grep -qE -- "$2" "$WORK/plain/$1" && grep -qx 'exit 0' "$WORK/plain/$1"; then
		return 0
	fi
	echo "     $1: the unmodified modules do not give '$2':"
	sed 's/^/     /' "$WORK/plain/$1"
	return 1
}

# The check of the check.
check_records()
{
	local bad=0

	holds mdpy-types 'mdpy-vga/name f 444' || bad=1
	holds mtty-types 'Single port serial' || bad=1
	holds mdevctl-types 'Available instances: 24' || bad=1
	holds mdevctl-list "$A mtty mtty-1" || bad=1
	holds mdevctl-list "$B mtty mtty-2" || bad=1
	holds mdevctl-types-used '"available_instances": 21' || bad=1
	holds libvirt-before "<type id='mtty-2'>" || bad=1
	holds libvirt-before '<availableInstances>24<' || bad=1
	holds libvirt-defined "^$NODE" || bad=1
	holds libvirt-active "<type id='mtty-1'/>" || bad=1
	holds libvirt-active '<availableInstances>23<' || bad=1
	holds libvirt-inactive "^$NODE" || bad=1
	sed 's/mdpy-vga/mdpy-vgb/' "$WORK/plain/mdpy-types" >"$WORK/changed"
	if same "$WORK/plain/mdpy-types" "$WORK/changed" >/dev/null; then
		echo "     a changed byte is not noticed"
		bad=1
	fi
	if grep -q software_version "$WORK/plain.files" ||
	   ! grep -q software_version "$WORK/extended.files"; then
		echo "     the two folders do not hold unmodified and extended modules"
		bad=1
	fi
	if [ $bad -eq 0 ]; then
		echo "ok   the records hold what they are about, and a changed byte is noticed"
		passed
	else
		echo "FAIL the check itself is broken, see above"
		failed
	fi
}

setup()
{
	local program

	for program in mdevctl virsh libvirtd udevadm; do
		command -v "$program" >/dev/null || {
			echo "error: no $program in this guest; boot it over the folder that ecosystem/fetch.sh makes"
			exit 4
		}
	done
	: "${VFIO_COMPAT_MODULES:?names no folder; run this inside the stock guest}"
	: "${VFIO_COMPAT_MODULES_PLAIN:?names no folder; run this inside the stock guest}"

	export LC_ALL=C SYSTEMD_IGNORE_CHROOT=1
	WORK=$(mktemp -d /tmp/ecosystem.XXXXXX)
	trap stop_daemons EXIT
	mount -t tmpfs mdevctl /etc/mdevctl.d
	mkdir -p /etc/mdevctl.d/scripts.d/{callouts,notifiers} \
		/run/libvirt /run/udev "$WORK/drivers"
	ln -s /usr/lib/*/libvirt/connection-driver/libvirt_driver_nodedev.so "$WORK/drivers/"
	cat >"$WORK/mdev.xml" <<-XML
	<device>
	  <parent>mtty_mtty</parent>
	  <capability type='mdev'>
	    <type id='mtty-1'/>
	    <uuid>$A</uuid>
	  </capability>
	</device>
	XML
	# libvirt hands mdevctl its JSON through /dev/stdin.
	[ -e /dev/stdin ] || ln -s /proc/self/fd/0 /dev/stdin
	/lib/systemd/systemd-udevd --daemon 2>"$WORK/udevd.log"
}

setup
echo "mdevctl $(mdevctl --version | awk '{ print $NF }'), libvirt $(virsh --version): unmodified modules against ours"
record_all plain "$VFIO_COMPAT_MODULES_PLAIN"
record_all extended "$VFIO_COMPAT_MODULES"
compare
check_records
guest_load "$VFIO_COMPAT_MODULES"
claim_via_mdevctl
guest_unload
guest_close
