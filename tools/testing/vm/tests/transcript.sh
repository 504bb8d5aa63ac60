# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# transcript.sh - type the commands that a document shows, in the order in which
# they are there, and compare what comes of them with the document. Sourced in a
# guest, after guest.sh.
#
# A command is an indented line that begins with "src# ", "dst# ", or "# ", which
# is src again; lines that begin with "> " go on with it. What follows in the
# same literal block, blank lines too, is what it prints, and ".." stands for
# anything in a line. Each host has an interactive shell of its own.

WORK=$(mktemp -d /tmp/transcript.XXXXXX)
LIMIT=60
INDENT='    '

HOST=
COMMAND=
EXPECTED=()
BLANKS=0
COMMANDS=0

# For who wants to see each command: typed COMMAND
typed()
{
	:
}

# ---- hosts ----

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

# ---- the transcript ----

# What has been collected is complete: type it.
finish()
{
	[ -n "$HOST" ] || return
	run "$HOST" "$COMMAND"
	verdict "$HOST# ${COMMAND//$'\n'/ }"
	typed "$COMMAND"
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

# read_line LINE - of a document
read_line()
{
	if [[ $1 =~ ^[[:blank:]]+(src|dst|)#\ (.*)$ ]]; then
		local host=${BASH_REMATCH[1]:-src} command=${BASH_REMATCH[2]}

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
		EXPECTED+=("${1#"$INDENT"}")
	fi
}

# type_document FILE - and no command of it is left out
type_document()
{
	local line

	EXPECTED=()
	while IFS= read -r line; do
		read_line "$line"
	done <"$1"
	finish
	EXPECTED=("$(grep -cE '^[[:blank:]]+(src|dst|)# ' "$1") commands")
	OUTPUT=("$COMMANDS commands")
	verdict "every command was typed"
}

begin_transcript()
{
	: >"$WORK/output"
	mkfifo "$WORK/done"
	exec 5<>"$WORK/done"
	start_shell src 3
	start_shell dst 4
}

end_transcript()
{
	exec 3>&- 4>&-
	rm -rf "$WORK"
	guest_close
}
