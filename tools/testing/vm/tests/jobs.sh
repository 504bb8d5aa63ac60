# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# jobs.sh - suites that run at the same time: how many, what they share, and
# what is shown of them.

# wait_for FILE [TEXT] - fails after ten seconds
script wait_for <<'END'
for _ in {1..100}; do
	! grep -qs -- "${2-}" "$1" || exit 0
	sleep 0.1
done
exit 1
END

# meet MINE OTHER - counts one that passed if both run at the same time
script meet <<'END'
echo here >"${0%/*}/met.$1"
"${0%/*}/wait_for.sh" "${0%/*}/met.$2" && echo "1 passed, 0 failed, 0 skipped"
END

# crowd MOST - fails if more than that run now
script crowd <<'END'
cd "${0%/*}/crowd" && : >$$
sleep 0.5
[ "$(ls | wc -l)" -le "$1" ] && echo "1 passed, 0 failed, 0 skipped"
rm $$
END

# What stands in for prepare.sh: two at a time fail, and so does "bad"; "slow"
# does until suite c was shown.
script prepare <<'END'
cd "${0%/*}"
mkdir preparing || exit 1
echo "preparing $*" | tee -a prepared
[ "$1" != slow ] || ./wait_for.sh out '^ok    c' || exit 1
sleep 0.5
rmdir preparing
if [ "$1" = bad ]; then
	printf '%s\n' "---- the end of a log ----" "what happened" ---- "error: it is bad"
	exit 1
fi
END

# suite NAME GUESTS COMMAND - a line of a table
suite()
{
	echo "$1 | $2 | 1 s | - | $3"
}

# shown TEXT - on stdout, without the seconds
shown()
{
	diff <(sed 's/ ([0-9]* s)//' "$WORK/out") - <<<"$1"
}

# lines NUMBER TEXT - so many lines of stderr are this
lines()
{
	cat "$WORK/err"
	[ "$(grep -cxF -- "$2" "$WORK/err")" -eq "$1" ]
}

mkdir "$WORK/crowd"
export CI=
one='echo "1 passed, 0 failed, 0 skipped"'
JOBS=2 check_with "$(suite a '' "$WORK/meet.sh a b")" "$(suite b '' "$WORK/meet.sh b a")"
expect "jobs: two suites at a time" closing "2 passed, 0 failed, 0 skipped" 0
for jobs in 1 2; do
	JOBS=$jobs check_with "$(suite a '' "$WORK/crowd.sh $jobs")" "$(suite b '' "$WORK/crowd.sh $jobs")" \
		"$(suite c '' "$WORK/crowd.sh $jobs")" "$(suite d '' "$WORK/crowd.sh $jobs")"
	expect "jobs: JOBS=$jobs is the most" closing "4 passed, 0 failed, 0 skipped" 0
done
JOBS=1 check_with "$(suite a '' "sleep 0.3; $one")" "$(suite b '' "$one")"
expect "jobs: one at a time, in the order of the table" \
	[ "$(grep -o '^ok    [ab]' "$WORK/out" | tr -d '\n')" = "ok    aok    b" ]
JOBS=2 check_with "$(suite a '' "[ -z \"\${JOBS-}\" ] && $one")"
expect "jobs: a suite uses all CPUs for what it builds" closing "1 passed, 0 failed, 0 skipped" 0
for jobs in 0 x -1 1.5; do
	JOBS=$jobs check_with "$(suite a '' "$one")"
	expect "jobs: JOBS=$jobs is refused" grep -qF "JOBS is not a number of suites: $jobs" "$WORK/err"
done

# The first one ends when the second was shown.
row='printf "\174 row of %s\n"'
JOBS=2 check_with "$(suite slow '' "$row slow; $WORK/wait_for.sh $WORK/out '^ok    quick' && $one")" \
	"$(suite quick '' "$row quick; $one")"
expect "jobs: shown as they end, each with its table" shown \
"ok    quick          1 passed, 0 failed, 0 skipped
  row of quick
ok    slow           1 passed, 0 failed, 0 skipped
  row of slow
2 passed, 0 failed, 0 skipped"
JOBS=2 check_with "$(suite a '' 'echo what happened; echo "1 passed, 2 failed, 0 skipped"; exit 1')" \
	"$(suite b '' "sleep 0.5; $one")" "$(suite c '' 'kill -KILL $$')"
expect "jobs: a failure beside others" closing "2 passed, 3 failed, 0 skipped" 1
expect "jobs: its log is shown" lines 1 "what happened"
CI=true JOBS=2 check_with "$(suite a '' 'echo "1 passed, 0 failed, 2 skipped"')" "$(suite b '' "$one")"
expect "jobs: a skipped test in CI" closing "2 passed, 2 failed, 0 skipped" 1
SUITE_TIMEOUT=2 JOBS=2 check_with "$(suite a '' 'sleep 100')" "$(suite b '' "$one")" "$(suite c '' "$one")"
expect "jobs: one that hangs is stopped, alone" closing "2 passed, 1 failed, 0 skipped" 1
expect "jobs: it is said of that one" grep -q '^FAIL  a .*: stopped after 2 s$' "$WORK/out"
expect "jobs: others go on meanwhile" [ "$(grep -n '^FAIL' "$WORK/out")" = "$(sed -n '3s/^/3:/p' "$WORK/out")" ]

export PREPARE=$WORK/prepare.sh
JOBS=3 check_with "$(suite a x "$one")" "$(suite b 'x y' "$one")" "$(suite c x "$one")" \
	"$(suite d z "$one")" "$(suite e y "$one")"
expect "jobs: guests are prepared one after the other" closing "5 passed, 0 failed, 0 skipped" 0
expect "jobs: each of them once" [ "$(tr '\n' ' ' <"$WORK/prepared")" = "preparing x preparing y preparing z " ]
expect "jobs: that is shown" lines 1 "preparing y"
JOBS=2 check_with "$(suite a x "$WORK/wait_for.sh $WORK/err '^preparing slow' && $one")" \
	"$(suite b slow "$one")" "$(suite c x "$one")"
expect "jobs: what is prepared does not wait" closing "3 passed, 0 failed, 0 skipped" 0
JOBS=2 check_with "$(suite a bad "$one")" "$(suite b '' "sleep 1; $one")" "$(suite c x "$one")"
expect "jobs: what cannot be prepared fails, alone" closing "2 passed, 1 failed, 0 skipped" 1
expect "jobs: and is not run" grep -q '^FAIL  a .*: could not be prepared$' "$WORK/out"
expect "jobs: its error is shown once" lines 1 "error: it is bad"
expect "jobs: with all that led to it" lines 1 "what happened"
unset PREPARE CI
