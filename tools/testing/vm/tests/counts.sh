# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# counts.sh - what a suite says of itself is understood, and silence is a
# failure.

# counted EXIT-CODE WANTED - of the log on stdin: "passed failed skipped"
counted()
{
	local wanted=$2

	count_results "$WORK/log" "$1"
	echo "$PASSED $FAILED $SKIPPED, wanted $wanted ($REASON)"
	[ "$PASSED $FAILED $SKIPPED" = "$wanted" ]
}

log()
{
	printf '%b' "$1" >"$WORK/log"
}

log 'ok a\n12 passed, 1 failed, 2 skipped\n'
expect "the project's closing line" counted 1 "12 1 2"
log 'x\n1 passed, 0 failed, 0 skipped\nthen\n3 passed, 0 failed, 0 skipped\n'
expect "the last closing line counts" counted 0 "3 0 0"
log '3 passed, 0 failed, 0 skipped\n'
expect "an exit code without a failed test is one failure" counted 5 "3 1 0"
log 'nothing to see\n'
expect "no closing line is a failure" counted 0 "0 1 0"
log '0 passed, 0 failed, 0 skipped\n'
expect "not a single test is a failure" counted 0 "0 1 0"
log '# Totals: pass:3 fail:1 xfail:0 xpass:0 skip:2 error:0\nx\n# Totals: pass:4 fail:0 xfail:1 xpass:0 skip:0 error:1\n'
expect "kselftest totals are summed" counted 1 "8 2 2"
log '1..4\nok 1 a\nnot ok 2 b\nok 3 c # skip no reason\nok 4 d\n'
expect "TAP" counted 1 "2 1 1"
log '1..4\nok 1 a\n'
expect "TAP that ends early" counted 0 "1 3 0"
log '[12:00:00] Testing complete. Ran 12 tests: passed: 9, failed: 2, skipped: 1\n'
expect "kunit.py" counted 1 "9 2 1"
log '[12:00:00] Testing complete. Ran 0 tests: errors: 1\n'
expect "kunit.py that found nothing" counted 1 "0 1 0"

# ---- check.sh over a table of our own ----

CI='' check_with 'a | | 1 s | - | echo "2 passed, 0 failed, 1 skipped"' \
	'b | | 1 s | - | echo "# Totals: pass:3 fail:0 xfail:0 xpass:0 skip:0 error:0"'
expect "check: the closing line is the sum" closing "5 passed, 0 failed, 1 skipped" 0
CI='' check_with 'a | | 1 s | - | echo "2 passed, 0 failed, 0 skipped"' 'b | | 1 s | - | true' \
	'c | | 1 s | - | echo "1 passed, 0 failed, 0 skipped"'
expect "check: a silent suite fails, the rest still runs" closing "3 passed, 1 failed, 0 skipped" 1
CI=true check_with 'a | | 1 s | - | echo "2 passed, 0 failed, 1 skipped"'
expect "check: in CI a skipped test is a failure" closing "2 passed, 1 failed, 0 skipped" 1
CI='' check_with 'a | | 1 s | - | printf "\174 a row\nno row\n1 passed, 0 failed, 0 skipped\n"'
expect "check: a table is shown" grep -qx "  a row" "$WORK/out"
expect "check: and only that" [ "$(grep -c row "$WORK/out")" = 1 ]
SUITE_TIMEOUT=1 CI='' check_with 'a | | 1 s | - | sleep 100'
expect "check: a suite that hangs is stopped" closing "0 passed, 1 failed, 0 skipped" 1
