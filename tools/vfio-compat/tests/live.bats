#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What only a live device does: errors of reads, changes while it is read, and
# answers to --probe.  The tree's files are made to behave so by fault.so.

# shellcheck disable=SC2030,SC2031,SC2154 # set by helpers.bash and by "run"
load helpers

EOPNOTSUPP=95 ENODEV=19 EMEDIUMTYPE=124 ENODATA=61 EINVAL=22 EINTR=4 ENOMEM=12

setup_file() {
	make_trees
}

setup() {
	export FAULT_LOG=$BATS_TEST_TMPDIR/written
	cd "$BATS_TEST_TMPDIR" || exit
}

# probe ANSWERS SOURCE DESTINATION: compare --probe with these answers
probe() {
	FAULT_WRITE=$1 live compare --probe "${@:2}"
}

@test "EOPNOTSUPP is unknown, not malformed" {
	export FAULT_READ=migration_version:$EOPNOTSUPP
	run live show mtty/mtty-1
	is 3 '*unknown *cannot take part in a migration at present*'
	run live compare mtty/mtty-1 mtty/mtty-1
	is 3 'Unknown: mtty/mtty-1 cannot take part in a migration at present*'
	run live list mtty
	is 0 '*?not at present?*'
	live -J show mtty/mtty-1 >out.json || true
	run "$here/check-json.py" show '[d["objects"][0]["evidence"], d["objects"][0]["line"], d["errors"][0]["errno"]]' <out.json
	is 0 '["kernel", null, "EOPNOTSUPP"]'
}

@test "EOPNOTSUPP of any other attribute is the same" {
	for f in software_version compatible_ports dynamic_resources; do
		FAULT_READ=$f:$EOPNOTSUPP run live compare mtty/mtty-1 mtty/mtty-1
		is 3
	done
}

@test "ENODEV while reading is exit 4" {
	FAULT_READ=migration_version:$ENODEV run live show mtty/mtty-1
	is 4 '*migration_version: No such device: *'
}

@test "a node that changes once is read again" {
	cp -r "$trees/good" tree
	LIVE=$PWD/tree
	dir=$LIVE/class/mdev_bus/mtty/mdev_supported_types/mtty-1
	export FAULT_RUN="dynamic_resources:1:sed -i s/4348:3253/4348:3254/ $dir/migration_version $dir/compatible_pci_ids"
	run live show mtty/mtty-1
	is 0 '*accepts pci_ids *4348:3254*f.pci_ids=4348:3254;*'
}

@test "an instance is read again when only its own line changed" {
	cp -r "$trees/good" tree
	LIVE=$PWD/tree
	dir=$LIVE/bus/mdev/devices/$gpu_b
	export FAULT_RUN="dynamic_resources:1:sed -i s/fps=60/fps=61/ $dir/migration_version"
	run live show "$gpu_b"
	is 0 '*resource fps *61*'
}

@test "a node that never stops changing is exit 4, after a few tries" {
	cp -r "$trees/good" tree
	LIVE=$PWD/tree
	dir=$LIVE/class/mdev_bus/mtty/mdev_supported_types/mtty-1
	export FAULT_RUN="dynamic_resources:99:echo x >>$dir/migration_version"
	run live show mtty/mtty-1
	is 4 '*changes while it is read*'
}

@test "probe: the whole line is written at once, with one newline" {
	run probe 0 "$mtty_a" mtty/mtty-1
	is 0
	cmp "$FAULT_LOG" "$trees/good/bus/mdev/devices/$mtty_a/migration_version"
}

@test "probe: a bare line can be a source" {
	run probe 0 @"$trees/good/bus/mdev/devices/$mtty_a/migration_version" "$mtty_b"
	is 0
}

@test "probe: taken; JSON says that it was probed" {
	FAULT_WRITE=0 live -J --probe compare "$mtty_a" "$mtty_b" >out.json
	run "$here/check-json.py" compare '[d["result"], d["probed"], d["permitted"]]' <out.json
	is 0 '["compatible", true, true]'
}

@test "probe: the vendor's rule, taken and refused" {
	run probe 0 "$chk" chk/chk-a
	is 0 "Yes: *vendor *pass *The destination's driver was asked.*"
	run probe $EMEDIUMTYPE,$EMEDIUMTYPE "$chk" chk/chk-a
	is 1 'No: *vendor: *vendor *fail *'
}

@test "probe: refused without a failing rule: read and asked again, then vendor" {
	run probe $EMEDIUMTYPE,$EMEDIUMTYPE "$mtty_a" mtty/mtty-1
	is 1 'No: *vendor *fail *'
	[ "$(grep -c ';end$' "$FAULT_LOG")" = 2 ]
	FAULT_WRITE=$EMEDIUMTYPE,$EMEDIUMTYPE live -J --probe compare \
		"$mtty_a" mtty/mtty-1 >out.json || true
	run "$here/check-json.py" compare '[d["result"], d["reasons"][-1]["rule"]]' <out.json
	is 0 '["incompatible", "vendor"]'
}

@test "probe: refused once, because something had changed in between" {
	run probe $EMEDIUMTYPE,0 "$mtty_a" mtty/mtty-1
	is 0 'Yes: *'
}

@test "probe: refused, and by the rules too: one write is enough" {
	run probe $EMEDIUMTYPE mtty/mtty-1 mtty/mtty-2
	is 1
	[ "$(grep -c ';end$' "$FAULT_LOG")" = 1 ]
}

@test "probe: a driver that takes what a rule refuses is not believed" {
	run probe 0,0 mtty/mtty-1 mtty/mtty-2
	is 4 '*takes a line that a rule refuses*'
}

@test "probe: ENODATA is unknown" {
	run probe $ENODATA "$gpu"/i915-GVTg_V5_4 "$gpu_a"
	is 3
	run probe $ENODATA,$ENODATA "$mtty_a" mtty/mtty-1
	is 3 'Unknown: *'
}

@test "probe: EOPNOTSUPP is unknown, and so is the result in JSON" {
	run probe $EOPNOTSUPP "$mtty_a" mtty/mtty-1
	is 3 'Unknown: *'
	FAULT_WRITE=$EOPNOTSUPP live -J --probe compare "$mtty_a" mtty/mtty-1 \
		>out.json || true
	run "$here/check-json.py" compare '[d["result"], d["permitted"], d["probed"]]' <out.json
	is 0 '["unknown", false, false]'
}

@test "probe: a certain failure beats what the driver could not say" {
	run probe $EOPNOTSUPP mtty/mtty-1 mtty/mtty-2
	is 1
}

@test "probe: errors decide nothing, exit 4" {
	for err in $EINVAL $ENODEV $ENOMEM $EINTR; do
		run probe "$err" "$mtty_a" mtty/mtty-1
		is 4 '*migration_version: *expected the line to be taken or refused*'
	done
}

@test "probe: a recorded tree is not live, exit 2, and nothing is written" {
	before=$(find "$trees/good" -type f -exec sha256sum {} + | sort)
	run vc --probe compare "$mtty_a" mtty/mtty-1
	is 2 '*expected a live destination*'
	[ "$before" = "$(find "$trees/good" -type f -exec sha256sum {} + | sort)" ]
}
