# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# lib.sh - what the harness's tests of itself share. Sourced.

PASSED=0
FAILED=0

# expect NAME COMMAND.. - one line; what a failing command said is shown
expect()
{
	local name=$1 log=$WORK/expect.log
	shift

	if ("$@") >"$log" 2>&1; then
		echo "ok   $name"
		PASSED=$((PASSED + 1))
	else
		echo "FAIL $name"
		tail -n 20 "$log" | sed 's/^/     /'
		FAILED=$((FAILED + 1))
	fi
}

# script NAME - stdin becomes an executable script for a guest
script()
{
	local file=$WORK/$1.sh

	{ echo '#!/bin/bash'; cat; } >"$file"
	chmod 755 "$file"
}

# guest KERNEL NAME [vm.sh options] - run script NAME; sets STATUS, and leaves
# stdout in $WORK/out and messages in $WORK/err
guest()
{
	local kernel=$1 name=$2
	shift 2

	STATUS=0
	"$VM_DIR/vm.sh" -n -k "$kernel" "$@" "$WORK/$name.sh" >"$WORK/out" 2>"$WORK/err" || STATUS=$?
	cat "$WORK/err"
}

# shellcheck disable=SC2034 # STATUS is for ends()
# ends STATUS MESSAGE - what the last guest ended with
ends()
{
	[ "$STATUS" -eq "$1" ] || { echo "exit code $STATUS, not $1"; return 1; }
	[ -z "${2-}" ] || grep -qF -- "$2" "$WORK/err" || { echo "no message: $2"; return 1; }
}

# check_with LINE.. - run check.sh over this table; sets STATUS, and leaves
# stdout in $WORK/out and messages in $WORK/err
check_with()
{
	printf '%s\n' "$@" >"$WORK/table"
	STATUS=0
	TABLE=$WORK/table O=$WORK/check "$VM_DIR/check.sh" >"$WORK/out" 2>"$WORK/err" || STATUS=$?
}

# closing LINE STATUS - how check.sh ended
closing()
{
	cat "$WORK/out"
	[ "$(tail -n 1 "$WORK/out")" = "$1" ] && [ "$STATUS" -eq "$2" ]
}

close_tests()
{
	echo "$PASSED passed, $FAILED failed, 0 skipped"
	[ "$FAILED" -eq 0 ]
}
