# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# shellcheck disable=SC2034 # STATUS is for ends()
#
# signals.sh - however a run ends, no guest goes on.

# gone MARK - no process has MARK in its command line (any more)
gone()
{
	local tries=30

	while pgrep -f -- "$1" >"$WORK/left"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { xargs -r ps -fp <"$WORK/left"; return 1; }
		sleep 0.1
	done
}

# signalled KERNEL SIGNAL - start a guest, wait for its first line, send the
# signal to vm.sh alone; sets STATUS and MARK
signalled()
{
	local runner

	MARK=mark$RANDOM$RANDOM
	: >"$WORK/out"
	# env: as a child of ours vm.sh would start with SIGINT ignored
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' \
		"$VM_DIR/vm.sh" -n -k "$1" -a "$MARK" "$WORK/hang.sh" >"$WORK/out" 2>"$WORK/err" &
	runner=$!
	for _ in $(seq 300); do
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
