#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# mtty-stock.sh - in a guest: our mtty and the kernel's own, unmodified, take
# each other's streams, as long as ours is pinned to 1.0; what it emits then
# is the same to the byte.

set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"

PLAIN=$VFIO_COMPAT_MODULES_PLAIN
TYPES=/sys/class/mdev_bus/mtty/mdev_supported_types
DEVICES=/sys/bus/mdev/devices
A=aaaaaaaa-0000-4000-8000-000000000001
B=bbbbbbbb-0000-4000-8000-000000000002
DIR=$(mktemp -d)

# check TEXT COMMAND.. - one line each
check()
{
	local text=$1
	shift

	if "$@" >"$DIR/out" 2>&1; then
		echo "ok   $text"
		passed
	else
		echo "FAIL $text"
		sed 's/^/     /' "$DIR/out"
		failed
	fi
}

# status WANTED COMMAND.. - the command ends with that exit code
status()
{
	local wanted=$1 status=0
	shift

	"$@" || status=$?
	echo "exit code $status, expected $wanted"
	[ "$status" -eq "$wanted" ]
}

create()
{
	echo "$A" >"$TYPES/mtty-$1/create" && echo "$B" >"$TYPES/mtty-$1/create"
}

remove()
{
	echo 1 >"$DEVICES/$A/remove" && echo 1 >"$DEVICES/$B/remove"
}

save()
{
	"$VFIO_COMPAT_SELFTESTS/vfio-migrate" --marker "$1" --save "$2" "$A" -
}

load()
{
	"$VFIO_COMPAT_SELFTESTS/vfio-migrate" --marker "$1" --load "$2" - "$B"
}

# with_ours PORTS - streams of both series
with_ours()
{
	check "mtty-$1: an instance is pinned to 1.0" \
		eval "echo 1.0 >$DEVICES/$A/software_version"
	check "mtty-$1: its stream is saved" save 0x51 "$DIR/pinned$1"
	check "mtty-$1: the pin is taken back" \
		eval "echo 1.1 >$DEVICES/$A/software_version"
	check "mtty-$1: a stream of series 1.1 is saved" save 0x51 "$DIR/own$1"
}

with_plain()
{
	check "mtty-$1, unmodified: shows nothing of the interface" \
		test ! -e "$DEVICES/$A/software_version"
	check "mtty-$1, unmodified: its stream is saved" save 0x51 "$DIR/plain$1"
	check "mtty-$1: the pinned stream is the same to the byte" \
		cmp "$DIR/plain$1" "$DIR/pinned$1"
	check "mtty-$1, unmodified: takes the pinned stream" load 0x51 "$DIR/pinned$1"
	check "mtty-$1, unmodified: refuses series 1.1" status 1 load 0x51 "$DIR/own$1"
}

with_ours_again()
{
	check "mtty-$1: takes the stream of the unmodified one" load 0x51 "$DIR/plain$1"
	check "mtty-$1: refuses that of the other type" \
		status 1 load 0x51 "$DIR/plain$((3 - $1))"
	check "mtty-$1: takes its own stream of series 1.1" load 0x51 "$DIR/own$1"
}

# for_both FOLDER FUNCTION - with both types, on the modules in FOLDER
for_both()
{
	local ports

	guest_load "$1" vfio_profile mdev mtty
	for ports in 1 2; do
		create "$ports"
		"$2" "$ports"
		remove
	done
	guest_unload
}

for_both "$VFIO_COMPAT_MODULES" with_ours
for_both "$PLAIN" with_plain
for_both "$VFIO_COMPAT_MODULES" with_ours_again
guest_close
