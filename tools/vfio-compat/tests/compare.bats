#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# vfio-compat compare, on the recorded tree: sentence, rules, advice, JSON and
# exit code.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

@test "yes: type to type, instance to type, type to instance, two instances" {
	for pair in 'mtty/mtty-1 mtty/mtty-1' "$mtty_a mtty/mtty-1" \
		    "mtty/mtty-1 $mtty_b" "$mtty_a $mtty_b"; do
		# shellcheck disable=SC2086 # two operands
		run vc compare $pair
		is 0 "Yes: ${pair#* } takes ${pair% *}.
*The way back: yes."
	done
}

@test "no: the first rule that fails is in the sentence, all are below" {
	run vc compare mtty/mtty-1 mtty/mtty-2
	is 1 'No: mtty/mtty-2 does not take mtty/mtty-1: type: the source is mtty-1, the destination accepts mtty-2.
*RULE *RESULT *SOURCE *DESTINATION
*device_api *pass *vfio-pci *vfio-pci
*type *fail *mtty-1 *mtty-2
*software_version *pass *1.0.0 *1.0
*field pci_ids *pass *
*field ports *fail *1 *2
*dynamic_resources *pass *
*The way back: no.'
}

@test "no: between instances too" {
	run vc compare "$mtty_a" "$mtty_2"
	is 1 'No:*'
}

@test "compare -J: the published form; every rule with values and message" {
	run json compare '[d["result"], d["permitted"], d["can_return"], d["probed"], d["cross_type"]]' \
		compare mtty/mtty-1 mtty/mtty-2
	is 0 '["incompatible", false, false, false, false]'
	run json compare '[[r["rule"], r["field"], r["result"], r["missing"]] for r in d["reasons"]]' \
		compare mtty/mtty-1 mtty/mtty-2
	is 0 '[["device_api", null, "pass", []], ["type", null, "fail", ["mtty-1"]], ["software_version", null, "pass", []], ["field", "pci_ids", "pass", []], ["field", "ports", "fail", ["1"]], ["dynamic_resources", null, "pass", []]]'
	run json compare '[d["result"], d["permitted"], d["can_return"], d["errors"]]' \
		compare "$mtty_a" "$mtty_b"
	is 0 '["compatible", true, true, []]'
}

@test "a side without the interface: unknown, exit 3, whichever side" {
	run vc compare mtty/mtty-1 mdpy/mdpy-vga
	is 3 'Unknown: mdpy/mdpy-vga does not say*'
	run vc compare "$mdpy" mtty/mtty-1
	is 3 "Unknown: $mdpy does not say*"
	run vc compare 3b:00.1 3b:00.3
	is 3 'Unknown: 0000:3b:00.3 does not say*vfio-pci*'
	run json compare '[d["result"], d["permitted"], d["can_return"], d["reasons"], d["errors"][0]["code"]]' \
		compare mtty/mtty-1 mdpy/mdpy-vga
	is 0 '["unknown", false, null, [], 3]'
}

@test "series: new to old fails and names a pin that fits" {
	run vc compare "$gpu"/i915-GVTg_V5_4 old/i915-GVTg_V5_4
	is 1 '*software_version: the source is 2.1.3, the destination accepts 1.4,2.0.*Both know version 2.0:*The way back: yes.'
	run json compare 'd["pin"]' compare "$gpu"/i915-GVTg_V5_4 old/i915-GVTg_V5_4
	is 0 2.0
}

@test "series: an instance is told what to write where" {
	run vc compare "$gpu_a" old/i915-GVTg_V5_4
	is 1 "*Both know version 2.0: run \"vfio-compat pin $gpu_a 2.0\" while it is not open, and compare again.*"
}

@test "series: pinned, it fits" {
	run vc compare "$gpu_pinned" old/i915-GVTg_V5_4
	is 0 'Yes: *'
	run json compare 'd["pin"]' compare "$gpu_pinned" old/i915-GVTg_V5_4
	is 0 null
}

@test "series: a pinned destination takes nothing above its pin" {
	run vc compare "$gpu_b" "$gpu_pinned"
	is 1 '*is pinned to 2.0*'
	run vc compare "$gpu_pinned" "$gpu_b"
	is 0
}

@test "series: a pinned PCI function likewise" {
	run vc compare 3b:00.1 3b:00.2
	is 1 '*software_version: the source is 1.2.0, the destination accepts*pinned to 1.1*'
	run vc compare 3b:00.2 3b:00.1
	is 0 '*The way back: no, but perhaps once it is pinned to 1.1, which claim does.'
}

@test "series: a function that accepts nothing under its pin" {
	cp -a "$trees/good" "$BATS_TEST_TMPDIR/tree"
	vf=$BATS_TEST_TMPDIR/tree/bus/pci/devices/0000:3b:00.2
	on_copy() { "$VFIO_COMPAT" --sysfs-root "$BATS_TEST_TMPDIR/tree" "$@"; }
	echo >"$vf/compatible_software_version"
	run on_copy show 3b:00.2
	is 0
	run on_copy compare 3b:00.2 3b:00.1
	is 0
	run on_copy compare 3b:00.1 3b:00.2
	is 1 '*pinned to 1.1*'
	run on_copy compare 3b:00.2 3b:00.2
	is 1
	# only a pin explains that
	echo 1.1 >"$vf/emitted_software_version"
	run on_copy show 3b:00.2
	is 4 '*compatible_software_version: is empty: expected at least one value*'
	: >"$vf/compatible_software_version"
	run on_copy show 3b:00.2
	is 4 '*compatible_software_version: is empty: expected at least one value*'
}

@test "another type: exit 8 until --cross-type permits it" {
	run vc compare "$gpu"/i915-GVTg_V5_1 "$gpu"/i915-GVTg_V5_8
	is 1
	run vc compare "$gpu_1" "$gpu"/i915-GVTg_V5_4
	is 1
	run vc compare "$gpu"/i915-GVTg_V5_8 "$gpu"/i915-GVTg_V5_8
	is 0
	sed -i 's/$/,i915-GVTg_V5_1/' "$trees/good/class/mdev_bus/$gpu/mdev_supported_types/i915-GVTg_V5_8/compatible_type"
	run vc compare "$gpu_1" "$gpu"/i915-GVTg_V5_8
	is 8 'Not permitted: * which is of another type.*Give --cross-type*The way back: no.'
	run vc --cross-type compare "$gpu_1" "$gpu"/i915-GVTg_V5_8
	is 0 'Yes: * which is of another type.*'
	run json compare '[d["result"], d["cross_type"], d["permitted"]]' \
		compare "$gpu_1" "$gpu"/i915-GVTg_V5_8
	is 0 '["compatible", true, false]'
	run json compare '[d["result"], d["cross_type"], d["permitted"]]' \
		compare --cross-type "$gpu_1" "$gpu"/i915-GVTg_V5_8
	is 0 '["compatible", true, true]'
}

@test "fields: what is missing is named; a whole set counts for a type" {
	run json compare '[r["missing"] for r in d["reasons"] if r["field"] == "pci_ids"]' \
		compare "$gpu"/i915-GVTg_V5_4 "$gpu"/i915-GVTg_V5_1
	is 0 '[["8086:591b"]]'
	run json compare '[r["missing"] for r in d["reasons"] if r["field"] == "pci_ids"]' \
		compare "$gpu_a" "$gpu"/i915-GVTg_V5_1
	is 0 '[[]]'
}

@test "fields: only the destination has it: ignored" {
	run json compare '[r["result"] for r in d["reasons"] if r["field"] == "pci_ids"]' \
		compare chk/chk-a mtty/mtty-1
	is 0 '["ignored"]'
	run json compare '[r["result"] for r in d["reasons"] if r["field"] == "pci_ids"]' \
		compare mtty/mtty-1 chk/chk-a
	is 0 '["fail"]'
}

@test "resources: equal values pass, others fail and are to be copied" {
	run vc compare "$gpu_b" "$gpu_b"
	is 0
	run vc compare "$gpu_a" "$gpu_b"
	is 1 "*dynamic_resources aggregator *fail *2 *4*Set aggregator of $gpu_b to 2 before it is opened.*Copy fps from the source to $gpu_b before it is opened.*"
	run json compare '[[r["field"], r["result"], r["source"], r["destination"]] for r in d["reasons"] if r["rule"] == "dynamic_resources"][:2]' \
		compare "$gpu_a" "$gpu_b"
	is 0 '[[null, "pass", ["aggregator", "fps"], ["aggregator", "fps"]], ["aggregator", "fail", ["2"], ["4"]]]'
}

@test "resources: instance to type passes on the names" {
	run vc compare "$gpu_a" "$gpu"/i915-GVTg_V5_4
	is 0 '*The way back: unknown.'
}

@test "resources: a type to an instance cannot be decided" {
	run vc compare "$gpu"/i915-GVTg_V5_4 "$gpu_a"
	is 3 'Unknown: * may or may not take *'
	run json compare '[d["result"], d["can_return"]]' \
		compare "$gpu"/i915-GVTg_V5_4 "$gpu_a"
	is 0 '["unknown", true]'
}

@test "a certain failure beats unknown" {
	run vc compare "$gpu"/i915-GVTg_V5_4 "$gpu_1"
	is 1
	run vc compare chk/chk-a mtty/mtty-1
	is 1 '*vendor *fail *'
}

@test "vendor: nobody is told yes on a rule that was not evaluated" {
	run vc compare "$chk" chk/chk-a
	is 3 "Unknown: chk/chk-a may or may not take $chk: vendor: *--probe asks*"
	run json compare '[d["result"], d["can_return"], d["permitted"]]' \
		compare "$chk" chk/chk-a
	is 0 '["unknown", null, false]'
}

@test "an unreadable side is exit 4, also beside an unknown one" {
	run vc compare mtty/mtty-1 mtty/mtty-9
	is 4 'vfio-compat: mtty/mtty-9: *'
	run vc compare mdpy/mdpy-vga mtty/mtty-9
	is 4
	run json compare '[d["result"], d["destination"], d["errors"][0]["code"]]' \
		compare mtty/mtty-1 mtty/mtty-9
	is 0 '[null, null, 4]'
}

@test "usage beats all: a bare parent, too few or too many operands" {
	run vc compare mtty mtty/mtty-9
	is 2
	run vc compare mtty/mtty-9
	is 2
	run vc compare mtty/mtty-9 mtty/mtty-9 c
	is 2
}

@test "the sentence has plain values, where the table has them" {
	local line='nvme-v1;api=vfio-pci;type=i915-GVTg_V5_4;sw=2.1.3;f.pci_ids=8086:591d'

	echo "$line;r.aggregator=a%20b%2Cc%25%1B;r.fps=60;end" >"$BATS_TEST_TMPDIR/line"
	run vc compare "@$BATS_TEST_TMPDIR/line" "$gpu_b"
	is 1 '*: aggregator: the source has "a b,c%\\x1b", the destination 4.*dynamic_resources aggregator *fail *a b,c%\\x1b *4*'
	echo "$line;r.aggregator=;r.fps=60;end" >"$BATS_TEST_TMPDIR/line"
	run vc compare "@$BATS_TEST_TMPDIR/line" "$gpu_b"
	is 1 '*: aggregator: the source has "", the destination 4.*Copy aggregator *'
	echo "$line;r.aggregator=1 2;r.fps=60;end" | sed 's/1 2/1%202/' >"$BATS_TEST_TMPDIR/line"
	run vc compare "@$BATS_TEST_TMPDIR/line" "$gpu_b"
	is 1 "*Set aggregator of $gpu_b to \"1 2\" before it is opened.*"
}

@test "what would fit: another destination, with all that this one lacks" {
	run vc compare mtty/mtty-1 mtty/mtty-2
	is 1 '*Look for a destination that accepts type mtty-1 and ports 1.
*'
	run vc compare 3b:00.1 mtty/mtty-1
	is 1 '*Look for a destination that accepts type nvme-vf and version 1.2*'
	run vc compare "$gpu_a" "$gpu/i915-GVTg_V5_1"
	is 1 '*accepts type i915-GVTg_V5_4 and resource aggregator,fps.*'
}

@test "what would fit: the instance, if a type needs all that any may need" {
	sed -i 's/8086:591b,//' "$trees/good/class/mdev_bus/old/mdev_supported_types/i915-GVTg_V5_4/compatible_pci_ids"
	sed -i 's/8086:591b,//' "$trees/good/class/mdev_bus/old/mdev_supported_types/i915-GVTg_V5_4/migration_version"
	run vc compare "$gpu/i915-GVTg_V5_4" old/i915-GVTg_V5_4
	make_trees
	is 1 '*accepts pci_ids 8086:591b.*Compare the instance that is to move: it may need less than its type.*'
	run vc compare "$gpu"/i915-GVTg_V5_4 "$gpu_a"
	is 3 '*Compare the instance that is to move: a type has no values.*'
}

@test "what would fit: a destination whose pin is below the source" {
	run vc compare "$gpu_b" "$gpu_pinned"
	is 1 "*The destination takes no more than its pin: run \"vfio-compat pin $gpu_pinned 2.1\" while it is not open.*"
}

@test "what would fit: a pin of an instance that is elsewhere" {
	vc -J show "$gpu_a" >"$BATS_TEST_TMPDIR/a.json"
	run vc compare "@$BATS_TEST_TMPDIR/a.json" old/i915-GVTg_V5_4
	is 1 "*run \"vfio-compat pin $gpu_a 2.0\" on its host while it is not open*"
}

@test "what would fit: free capacity, of which the answer does not depend" {
	echo 0 >"$trees/good/class/mdev_bus/mtty/mdev_supported_types/mtty-1/available_instances"
	run vc compare "$mtty_a" mtty/mtty-1
	make_trees
	is 0 'Yes: *It has no instance free at present*'
}

@test "a mdev's line on one side, a PCI function on the other" {
	run vc compare 3b:00.1 mtty/mtty-1
	is 1
	run vc compare mtty/mtty-1 3b:00.1
	is 1
}
