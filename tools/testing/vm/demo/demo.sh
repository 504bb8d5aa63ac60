#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# demo.sh - the interface on mtty, from reading a type to a real migration.
#
# Runs inside the stock guest. Every command is shown as it is typed, with
# what it really prints; each outcome is checked, and the exit code is 0 only
# if all of them were as predicted.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"

WORK=$(mktemp -d /tmp/demo.XXXXXX)
LINES=()
STATUS=0

heading()
{
	printf '\n-- %s\n\n' "$*"
}

say()
{
	printf '%s\n' "$@"
}

# try COMMAND [REMARK] - type a command into this very shell. LINES and STATUS
# hold what came of it. Bash at a terminal would name no script and no line.
try()
{
	local line errors

	STATUS=0
	printf '$ %s%s\n' "$1" "${2:+  # $2}"
	eval "$1" >"$WORK/out" 2>"$WORK/err" || STATUS=$?
	mapfile -t LINES <"$WORK/out"
	mapfile -t errors <"$WORK/err"
	for line in "${errors[@]}"; do
		if [[ $line =~ ^.*:\ line\ [0-9]+:\ (.*)$ ]]; then
			line="bash: ${BASH_REMATCH[1]}"
		fi
		LINES+=("$line")
	done
	[ ${#LINES[@]} -eq 0 ] || printf '%s\n' "${LINES[@]}"
	[ "$STATUS" -eq 0 ] || printf '[exit code %d]\n' "$STATUS"
}

# expect WHAT COMMAND.. - counted; only a failure says anything
expect()
{
	local what=$1
	shift

	if "$@"; then
		passed
	else
		say "FAILED: $what"
		failed
	fi
}

status_is()
{
	[ "$STATUS" -eq "$1" ]
}

# A line of the output looks like this.
contains()
{
	local line

	for line in "${LINES[@]}"; do
		[[ ! $line =~ $1 ]] || return 0
	done
	return 1
}

two_lines()
{
	[[ ${#LINES[@]} -eq 2 && ${LINES[0]} =~ ^$1$ && ${LINES[1]} =~ ^$1$ ]]
}

# both ATTRIBUTE REMARK PATTERN - an attribute of both types; each line of it
# must look like PATTERN
both()
{
	SHOWN+=("$1")
	try "cat mtty-{1,2}/$1" "$2"
	expect "$1 can be read" status_is 0
	expect "$1 is two lines like '$3'" two_lines "$3"
}

# Nothing may be in a type node that was not shown: "create" can only be
# written, and "devices" is a folder.
all_shown()
{
	local file

	for file in "$TYPES"/mtty-[12]/*; do
		[[ " ${SHOWN[*]} create devices " == *" ${file##*/} "* ]] || return 1
	done
}

# Commands expand their variables when they are typed, not before.
# shellcheck disable=SC2016
show_types()
{
	SHOWN=()
	heading "1. What a type says of itself"
	say "mtty is the kernel's sample of a card with serial ports. Its two types could be" \
	    "read before as well, but not what can migrate to what:" ""
	try 'TYPES=/sys/class/mtty/mtty/mdev_supported_types'
	try 'cd $TYPES'
	both name "as before" '.+ port serial'
	both device_api "as before" 'vfio-pci'
	both available_instances "as before" '[0-9]+'
	say "" "New, for every type whose driver takes part:" ""
	both software_version "version of the migration stream" '[0-9]+\.[0-9]+\.[0-9]+'
	both compatible_software_version "the series it accepts" '[0-9]+\.[0-9]+(,[0-9]+\.[0-9]+)*'
	both emitted_software_version "the series it can be told to emit" '[0-9]+\.[0-9]+(,[0-9]+\.[0-9]+)*'
	both compatible_type "the types it accepts" 'mtty-[12](,mtty-[12])*'
	both compatible_pci_ids "a field of this driver: the card that the guest sees" '[0-9a-f:]+'
	both compatible_ports "another: the number of ports" '[12]'
	both dynamic_resources "values that must be copied: none, so an empty line" ''
	both migration_version "all of it in one line, to be handed to a destination" \
		'mtty-v1;api=vfio-pci;type=mtty-[12];.*;end'
	expect "every file of the type nodes was shown" all_shown
}

# shellcheck disable=SC2016
create_instances()
{
	local command

	heading "2. Three devices: A and B with one port, C with two"
	try "A=aaaaaaaa-0000-4000-8000-000000000001"
	try "B=bbbbbbbb-0000-4000-8000-000000000002"
	try "C=cccccccc-0000-4000-8000-000000000003"
	for command in 'echo $A > mtty-1/create' 'echo $B > mtty-1/create' 'echo $C > mtty-2/create'; do
		try "$command"
		expect "$command succeeds" status_is 0
	done
}

# shellcheck disable=SC2016
hand_over()
{
	heading "3. The handshake: hand A's line to a destination, and the driver answers"
	try "cd /sys/bus/mdev/devices"
	try 'cat $A/migration_version'
	expect "A's line is well formed" contains '^mtty-v1;.*;type=mtty-1;.*;end$'
	say "" "B is of the same type. A write that succeeds means: compatible." ""
	try 'cat $A/migration_version > $B/migration_version'
	expect "B accepts A's line" status_is 0
	HANDSHAKE_B=accepted
	[ "$STATUS" -eq 0 ] || HANDSHAKE_B=refused
	say "" "C has one port more. The write fails, and bash prints the error's text:" ""
	try 'echo "$(cat $A/migration_version)" > $C/migration_version'
	expect "C refuses A's line" status_is 1
	expect "and the error is EMEDIUMTYPE" contains 'write error: Wrong medium type$'
	HANDSHAKE_C=accepted
	[ "$STATUS" -eq 0 ] || HANDSHAKE_C=${LINES[0]##*: }
	say "" "A type answers as well, before any destination is created:" ""
	try 'cat $A/migration_version > $TYPES/mtty-1/migration_version'
	expect "type mtty-1 accepts A's line" status_is 0
	try 'echo "$(cat $A/migration_version)" > $TYPES/mtty-2/migration_version'
	expect "type mtty-2 refuses A's line" contains 'write error: Wrong medium type$'
}

word_for()
{
	case $1 in
	0) echo compatible ;;
	1) echo incompatible ;;
	3) echo unknown ;;
	*) echo "exit code $1" ;;
	esac
}

# shellcheck disable=SC2016
compare()
{
	heading "4. The reasons: vfio-compat reads both sides and applies the same rules"
	try 'vfio-compat compare $A $B'
	expect "A to B is compatible" status_is 0
	PREDICTED_B=$(word_for "$STATUS")
	say ""
	try 'vfio-compat compare $A $C'
	expect "A to C is incompatible" status_is 1
	expect "type is a reason" contains '^ *type +fail'
	expect "the number of ports is a reason" contains '^ *field ports +fail'
	PREDICTED_C=$(word_for "$STATUS")
}

real_word()
{
	case $1 in
	0) echo migrated ;;
	1) echo refused ;;
	*) echo "exit code $1" ;;
	esac
}

# shellcheck disable=SC2016
migrate()
{
	heading "5. Real migrations by VFIO's own ioctls, as a virtual machine monitor does them"
	say "A mark is set in the scratch register of A's serial port; it must turn up in B." ""
	try 'vfio-migrate --marker 0xa5 $A $B'
	expect "A migrates to B" status_is 0
	expect "and the mark arrives" contains '0xa5 arrived$'
	REAL_B=$(real_word "$STATUS")
	say "" "C must refuse. Without the question above this comes out only now, with the" \
	    "virtual machine on its way; A goes on running." ""
	try 'vfio-migrate --marker 0xa5 $A $C'
	expect "C refuses A's stream" status_is 1
	expect "with the errno that the question had" contains ': Wrong medium type;'
	expect "and A runs on" contains 'the source runs on$'
	REAL_C=$(real_word "$STATUS")
}

# row PAIR PREDICTED HANDSHAKE REAL
row()
{
	printf '%-20s %-14s %-19s %s\n' "$@"
}

conclude()
{
	heading "6. Predicted, answered, done"
	row pair predicted handshake 'real migration'
	row 'mtty-1 to mtty-1' "$PREDICTED_B" "$HANDSHAKE_B" "$REAL_B"
	row 'mtty-1 to mtty-2' "$PREDICTED_C" "$HANDSHAKE_C" "$REAL_C"
	expect "the first pair ended as predicted" \
		[ "$PREDICTED_B $HANDSHAKE_B $REAL_B" = "compatible accepted migrated" ]
	expect "the second pair ended as predicted" \
		[ "$PREDICTED_C $HANDSHAKE_C $REAL_C" = "incompatible Wrong medium type refused" ]
}

# Leave the guest as it was.
clean_up()
{
	local device

	cd /
	for device in "$A" "$B" "$C"; do
		echo 1 >"/sys/bus/mdev/devices/$device/remove" || return 1
	done
	guest_unload
}

say "Profiles of VFIO devices, on Debian's own kernel $(uname -r)" "" \
    "Of the modules in this guest three are not Debian's: vfio_profile is new, mdev and" \
    "mtty are extended. Every command below is run as it is shown."
guest_load "${VFIO_COMPAT_MODULES:?names no folder; run this inside the stock guest}" \
	vfio_profile mdev mtty
show_types
create_instances
hand_over
compare
migrate
conclude
expect "devices and modules can be removed" clean_up
say ""
guest_close
