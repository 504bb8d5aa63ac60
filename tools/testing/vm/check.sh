#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh [--quick] [SUITE..] - run the suites of the table, one line for
# each, and end with the sum of what they count. "list" names them. With
# BASE=6.1 only those of that base.
#
# Lines of a suite that begin with "| " are a table, which is shown whatever
# the outcome; all else it says is in its log.
#
# JOBS suites run at a time, by default one for each CPU, and four at most;
# they are shown as they end. Guests are prepared one after the other, with
# all CPUs; what is prepared already does not wait for that.
#
# With CI=true a skipped test counts as a failure: there everything must run.

set -euo pipefail
# The suites are not told: each builds with all CPUs.
AT_ONCE=${JOBS:-}
unset JOBS
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source-path=SCRIPTDIR source=count.sh
. "$VM_DIR/count.sh"

SUITE_TIMEOUT=${SUITE_TIMEOUT:-3600}
TABLE=${TABLE:-$VM_DIR/suites}
PREPARE=${PREPARE:-$VM_DIR/prepare.sh}
ALL_PASSED=0
ALL_FAILED=0
ALL_SKIPPED=0
QUEUE=()	# suites that have not begun
PREPARING=	# the process that prepares guests, if there is one
declare -A NEEDS=() ABOUT=() COMMAND=() START=()	# by name
declare -A RUNNING=()	# names, by process
declare -A READY=()	# guests

# The table without comments and padding: name|needs|about|quick|command
suites()
{
	sed -E '/^[[:space:]]*(#|$)/d; s/[[:space:]]*\|[[:space:]]*/|/g; s/[[:space:]]+$//' "$TABLE"
}

# wanted NAME QUICK - is this suite to run?
wanted()
{
	local name

	case $1 in
	*"${ONLY:+-$ONLY}") ;;
	*) return 1 ;;
	esac
	if [ ${#WANTED[@]} -gt 0 ]; then
		for name in "${WANTED[@]}"; do
			[ "$name" != "$1" ] || return 0
		done
		return 1
	fi
	[ -z "$QUICK" ] || [ "$2" = quick ]
}

check_names()
{
	local name

	for name; do
		suites | cut -d'|' -f1 | grep -qxF -- "$name" ||
			die "no suite called $name" "known: $(suites | cut -d'|' -f1 | tr '\n' ' ')"
	done
}

# Those that bash knows: a signal may come before RUNNING has the last one.
stop_all()
{
	local pid

	for pid in $(jobs -p); do
		kill -TERM -- "-$pid" 2>/dev/null || true
	done
	wait 2>/dev/null || true
}

# in_background NAME COMMAND.. - in a process group of its own, which a signal
# to us takes along
in_background()
{
	local name=$1
	shift

	set -m
	"$@" </dev/null &
	set +m
	RUNNING[$!]=$name
}

# prepare LOG GUEST.. - what it does is shown; an error by conclude(), in one
# piece
prepare()
{
	"$PREPARE" "${@:2}" 2>&1 | tee "$1" | sed -u '/^error: /,$d; /^---- /,$d' >&2
}

run_command()
{
	exec timeout -k 20 "$SUITE_TIMEOUT" bash -c "$1" >"$2" 2>&1
}

# missing NAME - the guests that it needs and nobody has prepared, in MISSING
missing()
{
	local guest

	MISSING=()
	for guest in ${NEEDS[$1]}; do
		[ -n "${READY[$guest]-}" ] || MISSING+=("$guest")
	done
}

# next_suite - the first one that can begin, in NAME. Each guest is prepared
# once, so that none changes under another suite.
next_suite()
{
	local i

	for i in "${!QUEUE[@]}"; do
		NAME=${QUEUE[i]}
		missing "$NAME"
		if [ -z "$PREPARING" ] || [ ${#MISSING[@]} -eq 0 ]; then
			unset "QUEUE[i]"
			return 0
		fi
	done
	return 1
}

# begin NAME - with what it lacks
begin()
{
	missing "$1"
	if [ ${#MISSING[@]} -gt 0 ]; then
		in_background "$1" prepare "$LOG/$1.log" "${MISSING[@]}"
		PREPARING=$!
		return
	fi
	[ "${ABOUT[$1]%min}" = "${ABOUT[$1]}" ] || printf 'run   %-14s about %s\n' "$1" "${ABOUT[$1]}"
	START[$1]=$SECONDS
	in_background "$1" run_command "${COMMAND[$1]}" "$LOG/$1.log"
}

# ended PID STATUS - a suite, or what was prepared for one
ended()
{
	local name=${RUNNING[$1]} guest seconds
	local log=$LOG/$name.log

	unset "RUNNING[$1]"
	if [ "$PREPARING" != "$1" ]; then
		seconds=$((SECONDS - START[$name]))
		count_results "$log" "$2"
		if [ "$2" -ne 0 ] && [ $seconds -ge "$SUITE_TIMEOUT" ]; then
			REASON="stopped after $SUITE_TIMEOUT s"
		fi
		conclude "$name" $seconds "$log"
		return
	fi
	PREPARING=
	if [ "$2" -ne 0 ]; then
		PASSED=0 FAILED=1 SKIPPED=0 REASON="could not be prepared"
		conclude "$name" 0 "$log"
		return
	fi
	for guest in ${NEEDS[$name]}; do
		READY[$guest]=1
	done
	begin "$name"
}

# collect - all that have ended; fails if there was none
collect()
{
	local pid status none=1

	for pid in "${!RUNNING[@]}"; do
		if ! kill -0 "$pid" 2>/dev/null; then
			status=0
			{ wait "$pid" || status=$?; } 2>/dev/null
			ended "$pid" "$status"
			none=0
		fi
	done
	return $none
}

run_suites()
{
	while [ $((${#QUEUE[@]} + ${#RUNNING[@]})) -gt 0 ]; do
		while [ ${#RUNNING[@]} -lt "$AT_ONCE" ] && next_suite; do
			begin "$NAME"
		done
		collect || wait -n "${!RUNNING[@]}" 2>/dev/null || true
	done
}

# in_one_piece - stdin to stdout; something else may be prepared meanwhile
in_one_piece()
{
	local text

	text=$(cat)
	[ -z "$text" ] || cat <<<"$text"
}

# conclude NAME SECONDS LOG - the line of a suite, and its log if it failed
conclude()
{
	local word=ok

	if [ "${CI-}" = true ] && [ "$SKIPPED" -gt 0 ]; then
		REASON="${REASON:+$REASON; }$SKIPPED skipped, which CI does not accept"
		FAILED=$((FAILED + SKIPPED))
		SKIPPED=0
	fi
	[ "$FAILED" -eq 0 ] || word=FAIL
	{
		printf '%-5s %-14s %d passed, %d failed, %d skipped (%d s)%s\n' "$word" "$1" \
			"$PASSED" "$FAILED" "$SKIPPED" "$2" "${REASON:+: $REASON}"
		tr -d '\r' <"$3" | sed -n 's/^| /  /p'
	} | in_one_piece
	if [ "$word" = FAIL ]; then
		show_log "$3" 60 2>&1 | in_one_piece >&2
	fi
	ALL_PASSED=$((ALL_PASSED + PASSED))
	ALL_FAILED=$((ALL_FAILED + FAILED))
	ALL_SKIPPED=$((ALL_SKIPPED + SKIPPED))
}

main()
{
	local name needs about quick command

	QUICK=
	if [ "${1-}" = --quick ]; then
		QUICK=1
		shift
	fi
	if [ "${1-}" = list ]; then
		suites | awk -F'|' '{ printf "%-14s %-6s %s\n", $1, $3, $5 }'
		return 0
	fi
	WANTED=("$@")
	check_names "$@"
	case ${AT_ONCE:=$(($(nproc) < 4 ? $(nproc) : 4))} in
	*[!0-9]* | 0*) die "JOBS is not a number of suites: $AT_ONCE" "give 1 or more" ;;
	esac
	# Each suite names its base by itself.
	ONLY=$BASE
	BASE=$MAIN_BASE
	[ "$ONLY" != "$MAIN_BASE" ] || ONLY=
	check_paths
	cd "$TOP"
	export O BASE
	trap stop_all EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	while IFS='|' read -r name needs about quick command; do
		wanted "$name" "$quick" || continue
		QUEUE+=("$name")
		NEEDS[$name]=$needs ABOUT[$name]=$about COMMAND[$name]=$command
	done < <(suites)
	run_suites
	printf '%d passed, %d failed, %d skipped\n' "$ALL_PASSED" "$ALL_FAILED" "$ALL_SKIPPED"
	[ "$ALL_FAILED" -eq 0 ] && [ "$ALL_PASSED" -gt 0 ]
}

main "$@"
