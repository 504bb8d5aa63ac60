# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# count.sh - what a suite says of itself: PASSED, FAILED and SKIPPED from the
# log of a suite, whatever its dialect. Sourced.

# count_plain LOG - the project's own closing line, the last one counts
count_plain()
{
	local line

	line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped\r?$' "$1" | tail -n 1)
	[ -n "$line" ] || return 1
	read -r PASSED FAILED SKIPPED < <(tr -cs '0-9\n' ' ' <<<"$line")
}

# count_kunit LOG - "Testing complete. Ran 9 tests: passed: 8, failed: 1"
count_kunit()
{
	local line

	line=$(grep -aE 'Testing complete\. Ran [0-9]+ tests: ' "$1" | tail -n 1)
	[ -n "$line" ] || return 1
	PASSED=$(sed -nE 's/.*passed: ([0-9]+).*/\1/p' <<<"$line")
	FAILED=$(grep -oE '(failed|crashed|errors): [0-9]+' <<<"$line" | awk '{ n += $2 } END { print n + 0 }')
	SKIPPED=$(sed -nE 's/.*skipped: ([0-9]+).*/\1/p' <<<"$line")
	PASSED=${PASSED:-0} SKIPPED=${SKIPPED:-0}
}

# count_totals LOG - one "# Totals:" line for each kselftest program, summed
count_totals()
{
	local sums

	sums=$(grep -aoE '# Totals: pass:[0-9]+ fail:[0-9]+ xfail:[0-9]+ xpass:[0-9]+ skip:[0-9]+ error:[0-9]+' "$1" |
		tr -cs '0-9\n' ' ' | awk '{ p += $1 + $3; f += $2 + $4 + $6; s += $5 }
			END { if (NR) print p, f, s }')
	[ -n "$sums" ] || return 1
	read -r PASSED FAILED SKIPPED <<<"$sums"
}

# count_tap LOG - a plan and as many results
count_tap()
{
	local plan sums

	plan=$(sed -nE 's/^1\.\.([0-9]+).*/\1/p' "$1" | tail -n 1)
	[ -n "$plan" ] || return 1
	sums=$(awk -v plan="$plan" '
		/^ok [0-9]+.*# [sS][kK][iI][pP]/ { s++; next }
		/^ok [0-9]+/ { p++ }
		/^not ok [0-9]+/ { f++ }
		END { if (p + f + s < plan) f += plan - p - f - s; print p + 0, f + 0, s + 0 }' "$1")
	read -r PASSED FAILED SKIPPED <<<"$sums"
}

# count_results LOG EXIT-CODE - a suite without counts has failed, and so has
# one that counts no failure but ends with an error. REASON says so.
count_results()
{
	PASSED=0 FAILED=0 SKIPPED=0 REASON=
	if ! count_plain "$1" && ! count_kunit "$1" && ! count_totals "$1" && ! count_tap "$1"; then
		REASON="no closing line"
	elif [ $((PASSED + FAILED + SKIPPED)) -eq 0 ]; then
		REASON="not a single test"
	elif [ "$FAILED" -eq 0 ] && [ "$2" -ne 0 ]; then
		REASON="exit code $2"
	fi
	if [ -n "$REASON" ]; then
		FAILED=$((FAILED + 1))
	fi
}
