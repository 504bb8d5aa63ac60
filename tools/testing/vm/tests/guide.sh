#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guide.sh [FILE] - in a guest: type what the administrator's guide shows, in
# the order in which it is there, and compare what comes of it with the guide.
#
# A command is an indented line that begins with "src# " or "dst# "; lines that
# begin with "> " go on with it. What follows in the same literal block, blank
# lines too, is what it prints, and ".." stands for anything in a line.
#
# mtty has one parent in a kernel, so the two hosts are this one guest: each
# has an interactive shell of its own, with its own variables, and ssh is a
# stand-in that gives the command to another bash here. What depends on there
# being two kernels, such as a driver that is older, is not tried.

set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"

FOLDER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
GUIDE=${1:-$FOLDER/../../../../Documentation/admin-guide/vfio-compat.rst}
WORK=$(mktemp -d /tmp/guide.XXXXXX)
LIMIT=60
REFUSED='bash: line 1: echo: write error:'

HOST=
COMMAND=
EXPECTED=()
BLANKS=0
COMMANDS=0
COPYING=()

# ---- two hosts ----

# Over the network the line comes through a pipe, whatever it was read from.
install_ssh()
{
	mkdir "$WORK/bin"
	cat >"$WORK/bin/ssh" <<'SSH'
#!/bin/bash
[ "$1" = dst ] || { echo "ssh: unknown host $1" >&2; exit 255; }
shift
cat | bash -c "$*"
SSH
	chmod 755 "$WORK/bin/ssh"
	PATH=$WORK/bin:$PATH
}

# As at a terminal, but without prompts. Its output goes to a file, which is
# emptied before each command; what it says as it starts is not of interest.
start_shell()
{
	mkfifo "$WORK/$1"
	bash --norc --noprofile --noediting -i <"$WORK/$1" >>"$WORK/output" 2>&1 &
	eval "exec $2>\"\$WORK/$1\""
	run "$1" "PS1= PS2="
}

# run HOST COMMAND - OUTPUT holds what came of it. ssh must not take the next
# commands for its input, and the next command must find the exit code.
run()
{
	local fd=3

	[ "$1" = src ] || fd=4
	: >"$WORK/output"
	# shellcheck disable=SC2016 # for the other shell
	printf '{ %s\n} </dev/null\n(s=$?; echo >"%s"; exit $s)\n' "$2" "$WORK/done" >&"$fd"
	if ! read -r -t "$LIMIT" -u 5; then
		OUTPUT=("nothing within $LIMIT s")
		return 1
	fi
	mapfile -t OUTPUT <"$WORK/output"
}

# ---- comparing ----

# same_line ACTUAL EXPECTED
same_line()
{
	local pattern

	pattern=$(sed 's/[][\.*^$+?(){}|]/\\&/g; s/\\\.\\\./.*/g' <<<"$2")
	[[ $1 =~ ^$pattern$ ]]
}

same_output()
{
	local i

	[ ${#OUTPUT[@]} -eq ${#EXPECTED[@]} ] || return 1
	for i in "${!EXPECTED[@]}"; do
		same_line "${OUTPUT[i]}" "${EXPECTED[i]}" || return 1
	done
}

# verdict TEXT - one line, and both outputs if they differ
verdict()
{
	if same_output; then
		echo "ok   $1"
		passed
	else
		echo "FAIL $1"
		[ ${#EXPECTED[@]} -eq 0 ] || printf '     expected: %s\n' "${EXPECTED[@]}"
		[ ${#OUTPUT[@]} -eq 0 ] || printf '     printed:  %s\n' "${OUTPUT[@]}"
		failed
	fi
}

# check TEXT HOST COMMAND [LINE..] - a command that the guide does not show
check()
{
	local text=$1 host=$2 command=$3
	shift 3

	EXPECTED=("$@")
	run "$host" "$command"
	verdict "$text"
}

# ---- the guide ----

# What has been collected is complete: type it.
finish()
{
	[ -n "$HOST" ] || return
	run "$HOST" "$COMMAND"
	verdict "$HOST# ${COMMAND//$'\n'/ }"
	if [[ $COMMAND == *dynamic_resources\"\) || $COMMAND == *'for name in'* ]]; then
		COPYING+=("$COMMAND")
	fi
	HOST=
	EXPECTED=()
	BLANKS=0
}

# Blank lines are output only if the block goes on.
add_blanks()
{
	for (( ; BLANKS > 0; BLANKS--)); do
		EXPECTED+=("")
	done
}

# read_line LINE - of the guide
read_line()
{
	if [[ $1 =~ ^[[:blank:]]+(src|dst)#\ (.*)$ ]]; then
		local host=${BASH_REMATCH[1]} command=${BASH_REMATCH[2]}

		add_blanks
		finish
		HOST=$host
		COMMAND=$command
		COMMANDS=$((COMMANDS + 1))
	elif [ -z "$HOST" ]; then
		return
	elif [ -z "$1" ]; then
		BLANKS=$((BLANKS + 1))
	elif [[ $1 != [[:blank:]]* ]]; then
		finish
	elif [[ ${#EXPECTED[@]} -eq 0 && $1 =~ ^[[:blank:]]+\>\ (.*)$ ]]; then
		COMMAND+=$'\n'${BASH_REMATCH[1]}
	else
		add_blanks
		EXPECTED+=("${1#    }")
	fi
}

type_the_guide()
{
	local line

	while IFS= read -r line; do
		read_line "$line"
	done <"$GUIDE"
	finish
}

# ---- what is said and not shown ----

# Why the guide writes a line with echo: cat would be no question at all.
write_nothing()
{
	check "cat of nothing succeeds, whatever the destination takes" src \
		"ssh dst \"cat > \$T/mtty-2/migration_version\" && echo yes" yes
	check "echo of nothing is refused" src \
		"echo | ssh dst \"\$put \$T/mtty-2/migration_version\"" "$REFUSED Invalid argument"
}

# mtty has no dynamic resources, so what the guide types to copy them was run
# for an empty list. Run the same commands for a driver that has two.
copy_resources()
{
	local debug=/sys/kernel/debug/vfio_profile_test
	local types=/sys/class/mdev_bus/vfio_profile_test/mdev_supported_types
	local ask="echo \"\$line\" | ssh dst \"\$put \$DEV/\$B/migration_version\""
	local command

	modprobe vfio_profile_test
	printf 'type t\nversion 1.1.0\nresource aggregator\nresource fps\n' >"$debug/types"
	echo 1 >"$debug/register"
	run src "T=$types A=${A/%1/3} B=${B/%2/4}"
	check "a type with resources" src \
		"cat \$T/platform-t/dynamic_resources" aggregator,fps
	run src "echo \$A > \$T/platform-t/create; echo \$B > \$T/platform-t/create"
	run src "echo 2 > \$DEV/\$A/aggregator; echo 30 > \$DEV/\$A/fps"
	run src "line=\$(cat \$T/platform-t/migration_version)"
	check "the line of a type cannot decide it" src "$ask" "$REFUSED No data available"
	run src "line=\$(cat \$DEV/\$A/migration_version)"
	check "a device with other values is refused" src "$ask" "$REFUSED Wrong medium type"
	for command in "${COPYING[@]}"; do
		check "the guide's commands copy resources: ${command%%$'\n'*}" src \
			"${command//mtty-1/platform-t}"
	done
	check "the values have arrived" src "cat \$DEV/\$B/aggregator \$DEV/\$B/fps" 2 30
	check "the device is taken now" src "$ask && echo yes" yes
}

# The UUIDs as the guide has them.
read_uuids()
{
	run src "echo \$A"
	A=${OUTPUT[0]}
	run src "echo \$B"
	B=${OUTPUT[0]}
}

install_ssh
: >"$WORK/output"
mkfifo "$WORK/done"
exec 5<>"$WORK/done"
start_shell src 3
start_shell dst 4
type_the_guide
EXPECTED=("$(grep -cE '^[[:blank:]]+(src|dst)# ' "$GUIDE") commands, 2 of them to copy resources")
OUTPUT=("$COMMANDS commands, ${#COPYING[@]} of them to copy resources")
verdict "every command of the guide was typed"
read_uuids
write_nothing
copy_resources
exec 3>&- 4>&-
rm -rf "$WORK"
guest_close
