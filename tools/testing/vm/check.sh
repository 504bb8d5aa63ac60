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
# With CI=true a skipped test counts as a failure: there everything must run.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source-path=SCRIPTDIR source=count.sh
. "$VM_DIR/count.sh"

SUITE_TIMEOUT=${SUITE_TIMEOUT:-1800}
TABLE=${TABLE:-$VM_DIR/suites}
ALL_PASSED=0
ALL_FAILED=0
ALL_SKIPPED=0
CHILD=

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

stop_child()
{
	if [ -n "$CHILD" ]; then
		kill -TERM -- "-$CHILD" 2>/dev/null || true
		wait "$CHILD" 2>/dev/null || true
	fi
}

# in_background COMMAND.. - in a process group of its own, which a signal to
# us takes along; returns its exit code
in_background()
{
	local status=0

	set -m
	"$@" </dev/null &
	CHILD=$!
	set +m
	wait "$CHILD" || status=$?
	CHILD=
	return "$status"
}

run_command()
{
	exec timeout -k 20 "$SUITE_TIMEOUT" bash -c "$1" >"$2" 2>&1
}

# run_suite NAME NEEDS ABOUT COMMAND
run_suite()
{
	local name=$1 needs=$2 about=$3 command=$4 log=$LOG/$1.log start status=0

	if [ -n "$needs" ]; then
		# shellcheck disable=SC2086 # a list of names
		in_background "$VM_DIR/prepare.sh" $needs || status=$?
	fi
	start=$SECONDS
	if [ "$status" -ne 0 ]; then
		PASSED=0 FAILED=1 SKIPPED=0 REASON="could not be prepared, see above"
		: >"$log"
	else
		[ "${about%min}" = "$about" ] || printf 'run   %-14s about %s\n' "$name" "$about"
		in_background run_command "$command" "$log" || status=$?
		count_results "$log" "$status"
		if [ "$status" -eq 124 ]; then
			REASON="stopped after $SUITE_TIMEOUT s"
		fi
	fi
	conclude "$name" $((SECONDS - start)) "$log"
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
	printf '%-5s %-14s %d passed, %d failed, %d skipped (%d s)%s\n' "$word" "$1" \
		"$PASSED" "$FAILED" "$SKIPPED" "$2" "${REASON:+: $REASON}"
	tr -d '\r' <"$3" | sed -n 's/^| /  /p'
	if [ "$word" = FAIL ]; then
		show_log "$3" 60
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
	# Each suite names its base by itself.
	ONLY=$BASE
	BASE=$MAIN_BASE
	[ "$ONLY" != "$MAIN_BASE" ] || ONLY=
	check_paths
	cd "$TOP"
	export O BASE
	trap stop_child EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# The table by its own channel: stdin is for nobody.
	while IFS='|' read -r -u 7 name needs about quick command; do
		wanted "$name" "$quick" || continue
		run_suite "$name" "$needs" "$about" "$command"
	done 7< <(suites)
	printf '%d passed, %d failed, %d skipped\n' "$ALL_PASSED" "$ALL_FAILED" "$ALL_SKIPPED"
	[ "$ALL_FAILED" -eq 0 ] && [ "$ALL_PASSED" -gt 0 ]
}

main "$@"
