# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# shellcheck disable=SC2034 # STATUS is for ends()
#
# signals.sh - however a run ends, no guest goes on, and no suite.

# gone MARK - no process has MARK in its command line (any more)
gone()
{
	local tries=100

	while pgrep -f -- "$1" >"$WORK/left"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { xargs -r ps -fp <"$WORK/left"; return 1; }
		sleep 0.1
	done
}

# foreground COMMAND.. - as a child of ours it would start with SIGINT ignored
foreground()
{
	exec python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$@"
}

# signalled KERNEL SIGNAL - start a guest, wait for its first line, send the
# signal to vm.sh alone; sets STATUS and MARK
signalled()
{
	local runner

	MARK=mark$RANDOM$RANDOM
	: >"$WORK/out"
	foreground "$VM_DIR/vm.sh" -n -k "$1" -a "$MARK" "$WORK/hang.sh" >"$WORK/out" 2>"$WORK/err" &
	runner=$!
	for _ in $(seq 600); do
		! grep -q started "$WORK/out" || break
		sleep 0.1
	done
	RUNNING=$(pgrep -fc -- "$MARK")
	kill "-$2" "$runner"
	STATUS=0
	wait "$runner" 2>/dev/null || STATUS=$?
}

for kernel in uml stock; do
	for signal in INT TERM KILL; do
		signalled $kernel $signal
		expect "$kernel: SIG$signal leaves no guest running" gone "$MARK"
		expect "$kernel: (there was one)" [ "$RUNNING" -gt 0 ]
	done
done
signalled uml INT
expect "an interrupted run ends with 130" ends 130 interrupted

# A suite, or what prepares a guest: with a child, both with MARK in their
# command lines.
script stay <<'END'
(exec -a "child of $1" sleep 100) &
echo "$2" >>"${0%/*}/begun"
wait
END

# check_signalled SIGNAL LINE.. - the same for check.sh with this table, as
# soon as two scripts have begun
check_signalled()
{
	local signal=$1 runner
	shift

	printf '%s\n' "${@//MARK/$MARK}" >"$WORK/table"
	: >"$WORK/begun"
	foreground "$VM_DIR/check.sh" >"$WORK/out" 2>"$WORK/err" &
	runner=$!
	for _ in $(seq 100); do
		[ "$(wc -l <"$WORK/begun")" -lt 2 ] || break
		sleep 0.1
	done
	RUNNING=$(pgrep -fc -- "$MARK")
	kill "-$signal" "$runner"
	STATUS=0
	wait "$runner" 2>/dev/null || STATUS=$?
}

# The third one must not begin.
for signal in INT TERM HUP; do
	MARK=mark$RANDOM$RANDOM
	JOBS=2 TABLE=$WORK/table O=$WORK/check check_signalled $signal \
		"one | | 1 s | - | $WORK/stay.sh MARK 1" "two | | 1 s | - | $WORK/stay.sh MARK 2" \
		"three | | 1 s | - | $WORK/stay.sh MARK 3"
	expect "check: SIG$signal leaves none of two suites running" gone "$MARK"
	expect "check: (they were, each with its child)" [ "$RUNNING" -ge 4 ]
	expect "check: no other one has begun" [ "$(sort "$WORK/begun" | tr -d '\n')" = 12 ]
done
expect "check: and ends with 143" ends 143
MARK=mark$RANDOM$RANDOM
JOBS=2 TABLE=$WORK/table O=$WORK/check PREPARE=$WORK/stay.sh check_signalled INT \
	"one | MARK 1 | 1 s | - | true" "two | | 1 s | - | $WORK/stay.sh MARK 2"
expect "check: SIGINT stops what is prepared, too" gone "$MARK"
expect "check: (there was a suite beside it)" [ "$(sort "$WORK/begun" | tr -d '\n')" = 12 ]
expect "check: and ends with 130" ends 130
