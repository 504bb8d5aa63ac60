#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# init.sh - PID 1 of a guest, on the full root that stage1.sh has built.
#
# Runs the script of this run, then looks at what the kernel reported, and only
# then gives the verdict over a channel of its own, with the number that the
# host made up for this run. A guest that dies before, or a script that never
# ends, leaves no verdict.

# shellcheck disable=SC2154 # vm_*: from the kernel command line and stage1.sh
VM_DIR=${BASH_SOURCE[0]%/*}
# shellcheck source-path=SCRIPTDIR source=devices.sh
. "$VM_DIR/devices.sh"
busybox=/run/vm/busybox
[ -x $busybox ] || busybox=busybox

# Taints that our own modules and KUnit bring: out of tree, unsigned, test.
TAINT_EXPECTED=$((1 << 12 | 1 << 13 | 1 << 18))

# The script's output goes through a pipe, so that it is not a terminal.
run_script()
{
	local run=("$VM_SCRIPT") status first

	if [ ! -x "$VM_SCRIPT" ]; then
		read -r first <"$VM_SCRIPT"
		case $first in
		'#!'*) read -ra run <<<"${first#??}" && run+=("$VM_SCRIPT") ;;
		*) run=(/bin/bash "$VM_SCRIPT") ;;
		esac
	fi
	cd "$VM_CWD" || cd /
	if ! devices_setup "$VM_DEVICES" >"$vm_output" 2>&1; then
		echo "error: $VM_DEVICES could not be set up" >"$vm_output"
		return 1
	fi
	setsid -w "${run[@]}" "${VM_ARGS[@]}" </dev/null 2>&1 | $busybox cat >"$vm_output"
	status=${PIPESTATUS[0]}
	cd /
	return "$status"
}

# Each scan prints what it found; nothing printed means nothing found.
scan_log()
{
	$busybox dmesg | $busybox grep -E -f "$VM_DIR/splats" | $busybox head -n 5
}

scan_lockdep()
{
	if [ -r /proc/lockdep_stats ] && ! $busybox grep -q 'debug_locks: *1' /proc/lockdep_stats; then
		echo "lockdep has turned itself off"
	fi
}

scan_taint()
{
	local taint

	read -r taint </proc/sys/kernel/tainted
	if [ $((taint & ~TAINT_EXPECTED)) -ne 0 ]; then
		echo "the kernel is tainted: $taint"
	fi
}

# Twice: the first scan may see objects on their way.
scan_leaks()
{
	local file=/sys/kernel/debug/kmemleak

	[ -n "$VM_KMEMLEAK" ] || return 0
	if ! { sleep 6 && echo scan && sleep 1 && echo scan; } | tee_scans "$file"; then
		echo "kmemleak is not there: kernel $VFIO_COMPAT_KERNEL cannot look for leaks"
		return
	fi
	if grep -q . "$file"; then
		echo "kmemleak found leaks"
		cat "$file" >/dev/console
	fi
}

tee_scans()
{
	local line

	while read -r line; do
		echo "$line" >"$1" || return 1
	done
}

poweroff_now()
{
	$busybox poweroff -f
	$busybox reboot -f
}

main()
{
	local status report

	# shellcheck source=/dev/null
	. "$vm_run/env"
	export HOME=/root LC_ALL=C.UTF-8 TERM=dumb PATH SHELL=/bin/bash
	unset vm_init vm_overlay vm_modules
	run_script
	status=$?
	report=$(scan_lockdep; scan_taint; scan_leaks; scan_log)
	report=${report:-clean}
	printf 'verdict %s status=%d scan=%s\n' "$vm_nonce" "$status" "${report%%$'\n'*}" >"$vm_verdict"
	poweroff_now
}

main
