# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# pairs.sh - one line of the table for each pair of devices: what vfio-compat
# predicts is compared with what QEMU does. Sourced after vmm.sh.
#
# A device has a name, which is also that of the QEMU that has it open. A
# source that was refused by one destination is asked to migrate to the next:
# it runs on, after all.

declare -A UUID LABEL PLACE
declare -A OBJECT	# what vfio-compat is given for a source, if not its UUID
COUNT=0		# of devices, for UUIDs
VALUE=16	# what is to arrive, another one for each pair

row()
{
	printf '| %-4s %-23s %-25s %-38s %s\n' "$@"
}

# device NAME LABEL FOLDER-OF-TYPE OFFSET [ATTRIBUTE=VALUE..] - make one, and
# set it up. OFFSET: a byte of BAR 0 that holds its value.
device()
{
	local name=$1 label=$2 type=$3 offset=$4 setting
	shift 4

	COUNT=$((COUNT + 1))
	UUID[$name]=$(printf 'cafe0000-0000-4000-8000-%012d' $COUNT)
	LABEL[$name]=$label
	PLACE[$name]=$offset
	echo "${UUID[$name]}" >"$type/create" || return 1
	for setting; do
		echo "${setting#*=}" >"/sys/bus/mdev/devices/${UUID[$name]}/${setting%%=*}" || return 1
	done
}

# recorded NAME OBJECT - it is compared as it was recorded
recorded()
{
	OBJECT[$1]=$2
}

# All devices, or those named.
remove_devices()
{
	local name

	for name in "${@:-${!UUID[@]}}"; do
		vmm_stop "$name"
		echo 1 >"/sys/bus/mdev/devices/${UUID[$name]}/remove"
		unset "UUID[$name]"
	done
}

begin()
{
	WHY=() DID="did not start" MIGRATION=
	rm -rf "$WORK/refused"
}

# did TEXT - for the table
did()
{
	DID=$1
}

# why TEXT.. - the pair did not do what it should
why()
{
	WHY+=("$*")
}

# compare SOURCE DESTINATION [OPTION..] - an exit code as text
compare()
{
	local status=0

	vfio-compat compare "${@:3}" "${OBJECT[$1]-${UUID[$1]}}" "${UUID[$2]}" >"$WORK/compare" 2>&1 ||
		status=$?
	echo $status
}

# Those of the last comparison, "type, field ports"
failing_rules()
{
	sed -nE 's/^  ([a-z].*[^ ]) +fail( .*)?$/\1/p' "$WORK/compare" | paste -sd, | sed 's/,/, /g'
}

# predict SOURCE DESTINATION - sets FORECAST, the text for the table, and RULES.
# What is unknown is probed; another type is permitted here.
predict()
{
	local status before=

	status=$(compare "$1" "$2")
	case $status in
	3)
		before="3 unknown, probed "
		[ -n "${OBJECT[$1]-}" ] || status=$(compare "$1" "$2" --probe) ;;
	8)
		before="8 other type, permitted "
		status=$(compare "$1" "$2" --cross-type) ;;
	esac
	RULES=
	case $status in
	0) FORECAST="${before}0 compatible" ;;
	1) RULES=$(failing_rules) FORECAST="${before}1 $RULES" ;;
	3) FORECAST="3 unknown" ;;
	*) FORECAST="$before$status" ;;
	esac
	PREDICTED=$status
}

# A QEMU for each of the two; the source may be running already.
start_pair()
{
	[ -n "${VMM_PID[$1]-}" ] || vmm_start "$1" "${UUID[$1]}"
	vmm_stop "$2"
	vmm_start "$2" "${UUID[$2]}" -incoming defer
	if ! vmm_connect "$1"; then
		why "the source's QEMU does not start"
		return 1
	fi
	if ! vmm_connect "$2" || ! vmm_listen "$2" "unix:$WORK/$2/socket"; then
		why "the destination's QEMU does not start"
		return 1
	fi
}

# plant NAME - a new value
plant()
{
	VALUE=$((VALUE + 1))
	MARK=$(printf '0x%02x' $VALUE)
	vmm_place "$1" && vmm_poke "$1" "${PLACE[$1]}" "$MARK" && holds "$1"
}

# holds NAME - its QEMU reads the value there
holds()
{
	vmm_peek "$1" "${PLACE[$1]}" && [ "$REPLY" = "$MARK" ]
}

# arrived NAME - the guest runs on there, with the value
arrived()
{
	if ! guest_wait "$VMM_LIMIT" vmm_status "$1" running; then
		why "the destination is ${REPLY:-silent}, not running"
	elif ! vmm_find "$1" || ! holds "$1"; then
		why "the value that arrived is $REPLY, not $MARK"
	fi
	did "migrated, $MARK arrived"
}

check_completed()
{
	arrived "$2"
	vmm_status "$1" postmigrate || why "the source is ${REPLY:-silent}, not postmigrate"
	vmm_stop "$1"
}

# The source never stops: what is refused is refused before the switch-over.
check_refused()
{
	vmm_status "$1" running || why "the source is ${REPLY:-silent}, not running"
	! vmm_seen "$1" STOP || why "the source was stopped"
	holds "$1" || why "the source's value is $REPLY, not $MARK"
	vmm_ends "$2" || why "the destination's QEMU did not give up"
	grep -qF "load of migration failed: Wrong medium type" "$WORK/$2/err" ||
		why "the destination's QEMU does not say why"
	vmm_stop "$2"
	mv "$WORK/$2" "$WORK/refused"
	use_again "$2" || why "a new QEMU cannot use the destination"
	did "refused, source runs on, destination usable"
}

# use_again NAME - a new QEMU opens the device, and it works
use_again()
{
	local mark=$MARK status=0

	vmm_start "$1" "${UUID[$1]}"
	vmm_connect "$1" && plant "$1" || status=1
	vmm_stop "$1"
	MARK=$mark
	return $status
}

# pair WANTED SOURCE DESTINATION - WANTED: "compatible", or the rules that fail
pair()
{
	local wanted=$1 source=$2 destination=$3

	begin
	predict "$source" "$destination"
	if start_pair "$source" "$destination"; then
		plant "$source" || why "the value does not stay at the source"
		if vmm_migrate "$source" "unix:$WORK/$destination/socket" && [ "$REPLY" = completed ]; then
			[ "$PREDICTED" -eq 0 ] || why "predicted: it is refused"
			check_completed "$source" "$destination"
		elif [ "$REPLY" = failed ]; then
			[ "$PREDICTED" -eq 1 ] || why "predicted: it migrates"
			check_refused "$source" "$destination"
		else
			did "neither migrated nor refused"
			why "$MIGRATION"
		fi
	fi
	[ "$wanted" = "${RULES:-compatible}" ] || why "the pair was made to be: $wanted"
	conclude "$source" "$destination"
}

# not_opened RULES SOURCE DESTINATION - a destination that is no PCI device, so
# that QEMU for PCs does not even begin
not_opened()
{
	begin
	predict "$2" "$3"
	[ "$RULES" = "$1" ] || why "the pair was made to be: $1"
	vmm_start "$3" "${UUID[$3]}" -incoming defer
	if vmm_connect "$3"; then
		why "QEMU opens it"
	elif ! vmm_ends "$3" || ! grep -qF "isn't a PCI device" "$WORK/$3/err"; then
		why "QEMU does not say that it is no PCI device"
	fi
	vmm_stop "$3"
	did "not opened: no PCI device"
	conclude "$2" "$3"
}

# conclude SOURCE DESTINATION - the line, and all that is known if it is bad
conclude()
{
	local word=ok name

	[ ${#WHY[@]} -eq 0 ] || word=FAIL
	row "$word" "${LABEL[$1]}" "${LABEL[$2]}" "$FORECAST" "$DID"
	if [ $word = ok ]; then
		passed
		return
	fi
	failed
	printf '     %s\n' "${WHY[@]}"
	for name in "$WORK/$1/err" "$WORK/$2/err" "$WORK/refused/err" "$WORK/compare"; do
		[ ! -s "$name" ] || sed "s/^/     | /" "$name"
	done
	vmm_stop "$1"
	vmm_stop "$2"
}
