# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# vmm.sh - QEMU as a virtual machine monitor that is told what to do by QMP:
# JSON, one line for each command, answer and event, over two pipes. Nothing
# here waits without a limit. Sourced.
#
# Each monitor has a name and a folder $WORK/NAME with what it said.

VMM_LIMIT=${VMM_LIMIT:-60}	# seconds for one answer, one state, one migration
VMM_LIFE=${VMM_LIFE:-1500}	# seconds after which a monitor is killed
VMM_SLOT=2	# of the device on the PCI bus

declare -A VMM_PID VMM_IN VMM_OUT VMM_READY VMM_BAR

# Not even a BIOS inside, which would take more time than all the rest: the
# processor halts at its first instruction. The devices do not say which pages
# they write, nor does their container: without the option for that QEMU would
# refuse to migrate them.
VMM_QEMU=(qemu-system-x86_64 -M "pc,accel=tcg" -m 32 -nodefaults -no-user-config
	-display none -qmp stdio -qtest-log none)
VMM_DEVICE="vfio-pci,addr=0x$VMM_SLOT,enable-migration=on,x-device-dirty-page-tracking=off"

# A ROM full of HLT
vmm_setup()
{
	head -c 65536 /dev/zero | tr '\0' '\364' >"$WORK/rom"
}

# vmm_start NAME UUID [OPTION..]
vmm_start()
{
	local name=$1 uuid=$2 dir=$WORK/$1 fd
	shift 2

	rm -rf "$dir"
	mkdir "$dir"
	mkfifo "$dir"/{in,out,qtest.in,qtest.out}
	setpriv --pdeathsig KILL timeout -s KILL "$VMM_LIFE" \
		setpriv --pdeathsig KILL "${VMM_QEMU[@]}" -qtest "pipe:$dir/qtest" \
		-bios "$WORK/rom" -device "$VMM_DEVICE,sysfsdev=/sys/bus/mdev/devices/$uuid" \
		"$@" <"$dir/in" >"$dir/out" 2>"$dir/err" &
	VMM_PID[$name]=$!
	exec {fd}>"$dir/in"
	VMM_IN[$name]=$fd
	exec {fd}<"$dir/out"
	VMM_OUT[$name]=$fd
	: >"$dir/events"
}

# vmm_connect NAME - QMP is ready; one that could not open its device is not
vmm_connect()
{
	[ -z "${VMM_READY[$1]-}" ] || return 0
	vmm_read "$1" '"QMP"' && vmm_ask "$1" '"execute": "qmp_capabilities"' &&
		vmm_capabilities "$1" true && VMM_READY[$1]=yes
}

# vmm_read NAME PATTERN - the next line that is no event, into REPLY
vmm_read()
{
	local name=$1 pattern=$2

	while IFS= read -r -t "$VMM_LIMIT" -u "${VMM_OUT[$name]}" REPLY; do
		case $REPLY in
		*'"event":'*) printf '%s\n' "$REPLY" >>"$WORK/$name/events" ;;
		*"$pattern"*) return 0 ;;
		*) return 1 ;;
		esac
	done
	REPLY=
	return 1
}

# vmm_ask NAME MEMBERS-OF-THE-COMMAND
vmm_ask()
{
	{ printf '{ %s }\n' "$2" >&"${VMM_IN[$1]}"; } 2>/dev/null || return 1
	vmm_read "$1" '"return":'
}

# vmm_hmp NAME COMMAND - what people type
vmm_hmp()
{
	vmm_ask "$1" '"execute": "human-monitor-command", "arguments": { "command-line": "'"$2"'" }' ||
		return 1
	REPLY=${REPLY#*'"return": "'}
	REPLY=${REPLY%'"}'*}
	REPLY=${REPLY//'\r\n'/$'\n'}
}

# vmm_member NAME - the value of a member of REPLY, if that is a string
vmm_member()
{
	[[ $REPLY =~ \"$1\":\ \"([^\"]*)\" ]] || return 1
	REPLY=${BASH_REMATCH[1]}
}

# vmm_status NAME WANTED - running, paused, ..
vmm_status()
{
	vmm_ask "$1" '"execute": "query-status"' && vmm_member status && [ "$REPLY" = "$2" ]
}

# vmm_seen NAME EVENT
vmm_seen()
{
	grep -qF "\"event\": \"$2\"" "$WORK/$1/events"
}

# vmm_capabilities NAME true|false - does the destination say when it has loaded
# the first of the device's data? If so the source does not stop before.
vmm_capabilities()
{
	vmm_ask "$1" '"execute": "migrate-set-capabilities", "arguments": { "capabilities": [
		{ "capability": "return-path", "state": '"$2"' },
		{ "capability": "switchover-ack", "state": '"$2"' },
		{ "capability": "events", "state": true } ] }'
}

# vmm_listen NAME URI - one that was started with "-incoming defer"
vmm_listen()
{
	vmm_ask "$1" '"execute": "migrate-incoming", "arguments": { "uri": "'"$2"'" }'
}

# vmm_migrate NAME URI - REPLY: completed, failed, or something else if it did
# not end in time; MIGRATION: all that QEMU says of it
# shellcheck disable=SC2034 # MIGRATION is for whoever calls
vmm_migrate()
{
	local end=$((SECONDS + VMM_LIMIT))

	vmm_ask "$1" '"execute": "migrate", "arguments": { "uri": "'"$2"'" }' || return 1
	while vmm_ask "$1" '"execute": "query-migrate"'; do
		MIGRATION=$REPLY
		vmm_member status || return 1
		case $REPLY in
		completed | failed | cancelled) return 0 ;;
		esac
		[ "$SECONDS" -lt "$end" ] || return 0
		sleep 0.1
	done
	return 1
}

# vmm_register NAME REGISTER - select one of the device's PCI configuration
vmm_register()
{
	vmm_hmp "$1" "$(printf 'o /w 0xcf8 0x%x' $((0x80000000 | VMM_SLOT << 11 | $2)))"
}

# vmm_find NAME - where BAR 0 is, like "I/O 0xc010"
vmm_find()
{
	local bar

	vmm_register "$1" 0x10 && vmm_hmp "$1" "i /w 0xcfc" &&
		[[ $REPLY =~ =\ (0x[0-9a-f]+) ]] || return 1
	bar=${BASH_REMATCH[1]}
	if ((bar & 1)); then
		VMM_BAR[$1]="I/O $(printf '0x%x' $((bar & ~3)))"
	else
		VMM_BAR[$1]="memory $(printf '0x%x' $((bar & ~15)))"
	fi
}

# vmm_place NAME - what a BIOS does: give BAR 0 an address, and switch it on
vmm_place()
{
	local address=0xfe000000

	vmm_find "$1" || return 1
	case ${VMM_BAR[$1]} in
	'I/O 0x0') address=0xc010 ;;
	'memory 0x0') ;;
	*) return 0 ;;
	esac
	vmm_hmp "$1" "o /w 0xcfc $address" && vmm_register "$1" 4 &&
		vmm_hmp "$1" "o /h 0xcfc 3" && vmm_find "$1"
}

# vmm_poke NAME OFFSET BYTE - into BAR 0. The monitor can only write to ports;
# what writes to memory is the protocol of QEMU's own tests.
vmm_poke()
{
	local kind address

	read -r kind address <<<"${VMM_BAR[$1]-none 0}"
	address=$(printf '0x%x' $((address + $2)))
	if [ "$kind" = I/O ]; then
		vmm_hmp "$1" "o /b $address $3"
		return
	fi
	printf 'writeb %s %s\n' "$address" "$3" 1<>"$WORK/$1/qtest.in"
	IFS= read -r -t "$VMM_LIMIT" REPLY <>"$WORK/$1/qtest.out" && [ "$REPLY" = OK ]
}

# vmm_peek NAME OFFSET - a byte of BAR 0 into REPLY, like 0x5a
vmm_peek()
{
	local kind address

	read -r kind address <<<"${VMM_BAR[$1]-none 0}"
	address=$(printf '0x%x' $((address + $2)))
	if [ "$kind" = I/O ]; then
		vmm_hmp "$1" "i /b $address" && [[ $REPLY =~ =\ (0x[0-9a-f]+) ]]
	else
		vmm_hmp "$1" "xp /1xb $address" && [[ $REPLY =~ :\ (0x[0-9a-f]+) ]]
	fi && REPLY=${BASH_REMATCH[1]}
}

# vmm_ends NAME - by itself, within the limit
vmm_ends()
{
	local end=$((SECONDS + VMM_LIMIT))

	while kill -0 "${VMM_PID[$1]}" 2>/dev/null; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# vmm_stop NAME - if need be by force; what it wrote stays
vmm_stop()
{
	local fd

	[ -n "${VMM_PID[$1]-}" ] || return 0
	{ vmm_ask "$1" '"execute": "quit"' && vmm_ends "$1"; } || kill -KILL "${VMM_PID[$1]}" 2>/dev/null
	wait "${VMM_PID[$1]}" 2>/dev/null
	fd=${VMM_IN[$1]}
	exec {fd}>&-
	fd=${VMM_OUT[$1]}
	exec {fd}<&-
	unset "VMM_PID[$1]" "VMM_IN[$1]" "VMM_OUT[$1]" "VMM_READY[$1]" "VMM_BAR[$1]"
}
