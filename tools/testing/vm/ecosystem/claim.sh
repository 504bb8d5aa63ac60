# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# claim.sh - "vfio-compat claim --via mdevctl" with the real mdevctl, and a
# callout of a vendor that must hear of each start and stop.
#
# Sourced by check.sh, never run.

CALLOUTS=/etc/mdevctl.d/scripts.d/callouts
CLAIMED=6a7b0001-0d3c-4c55-8a10-0000000000c1

# The folder is a tmpfs of this name space. A callout answers 0 if the type is
# its own, 2 if not.
claim_callout()
{
	cat >"$CALLOUTS/vendor.sh" <<-SCRIPT
	#!/bin/bash
	cat >/dev/null
	[ "\$2" = mtty-2 ] || exit 2
	echo "\$*" >>$WORK/callout.log
	[ "\$4 \$6" != "\$(cat $WORK/callout.fails 2>/dev/null)" ]
	SCRIPT
	chmod 755 "$CALLOUTS/vendor.sh"
}

# claim_verdict TEXT COMMAND..
claim_verdict()
{
	local text=$1
	shift

	if "$@"; then
		echo "ok   $text"
		passed
	else
		echo "FAIL $text"
		sed 's/^/     /' "$WORK/claim.out" "$WORK/callout.log" 2>/dev/null || true
		failed
	fi
}

heard()
{
	grep -qx -- "-t mtty-2 -e $1 -a $2 .*-u $CLAIMED .*" "$WORK/callout.log"
}

# nothing_left - neither of mdevctl nor of the claim
nothing_left()
{
	[ -z "$(mdevctl list)" ] && [ -z "$(ls /run/vfio-compat/claims/*.json 2>/dev/null)" ]
}

# claims RC - whether a claim ends with that exit code
claims()
{
	local rc=0

	vfio-compat claim --via mdevctl --uuid "$CLAIMED" \
		"@$WORK/line" mtty/mtty-2 >"$WORK/claim.out" 2>&1 || rc=$?
	[ "$rc" -eq "$1" ]
}

claim_via_mdevctl()
{
	claim_callout
	cat "$MTTY/mdev_supported_types/mtty-2/migration_version" >"$WORK/line"
	claim_verdict "claim --via mdevctl: the real one" claims 0
	claim_verdict "mdevctl lists what was claimed" \
		grep -q "^$CLAIMED mtty mtty-2" <(mdevctl list)
	claim_verdict "a vendor's callout heard of the start" heard post start
	claim_verdict "release stops it" vfio-compat release "$CLAIMED"
	claim_verdict "the callout heard of the stop" heard post stop
	claim_verdict "nothing is left" nothing_left
	echo pre start >"$WORK/callout.fails"
	claim_verdict "a callout that refuses: exit 4, its words are shown" claims 4
	claim_verdict "and nothing is left" nothing_left
	rm "$WORK/callout.fails"
}
