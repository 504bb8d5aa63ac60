#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Many pairs in one run: compare --batch.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

@test "one line of JSON for each pair, as compare -J says; exit 0" {
	printf '%s\n' "$mtty_a mtty/mtty-1" "$mtty_a	mtty/mtty-2" '' \
		"mdpy/mdpy-vga mtty/mtty-1" >pairs
	run --separate-stderr vc compare --batch <pairs
	is 0
	[ "${#lines[@]}" = 3 ]
	for line in "${lines[@]}"; do
		"$here/check-json.py" compare '[d["result"], d["code"]]' <<<"$line"
	done >results
	diff results - <<-'END'
	["compatible", 0]
	["incompatible", 1]
	["unknown", 3]
	END
	vc -J compare "$mtty_a" mtty/mtty-2 |
		"$here/check-json.py" compare 'd | {"code": 1}' >single.json || true
	"$here/check-json.py" compare 'd' <<<"${lines[1]}" >batch.json
	python3 -c 'import json; assert json.load(open("single.json")) == json.load(open("batch.json"))'
}

@test "what could not be evaluated is in its line, and the exit code says so" {
	printf '%s\n' "$mtty_a nosuch/type" "$mtty_a" "a b c" "@- mtty/mtty-1" \
		"$mtty_a mtty/mtty-1" >pairs
	run --separate-stderr vc compare --batch <pairs
	is 2
	[ "${#lines[@]}" = 5 ]
	"$here/check-json.py" compare 'd["result"]' <<<"${lines[4]}" | grep -x compatible
	[[ $stderr == *'line 2 of standard input is no pair: expected SOURCE and DESTINATION'* ]]
	[[ $stderr == *'can be read only once'* ]]
	run --separate-stderr vc compare --batch <<<"$mtty_a nosuch/type"
	is 4
}

@test "no pair at all, long lines, operands beside --batch" {
	run vc compare --batch </dev/null
	is 0 ''
	{ head -c 20000 /dev/zero | tr '\0' x; echo; echo "$mtty_a mtty/mtty-1"; } >pairs
	run --separate-stderr vc compare --batch <pairs
	is 2
	[ "${#lines[@]}" = 2 ]
	run vc compare --batch a b </dev/null
	is 2 '*is too much*'
	run vc list --batch
	is 2 '*does not take --batch*'
}

@test "a line with a NUL is refused, and takes no other with it" {
	printf 'a\0b mtty/mtty-1\n%s mtty/mtty-1\n%s mtty/mtty-1' "$mtty_a" "$mtty_b" >pairs
	run --separate-stderr vc compare --batch <pairs
	is 2
	[ "${#lines[@]}" = 3 ]
	"$here/check-json.py" compare 'd["result"]' <<<"${lines[1]}" | grep -x compatible
	"$here/check-json.py" compare 'd["result"]' <<<"${lines[2]}" | grep -x compatible
}

@test "--cross-type holds for each pair" {
	echo "$gpu_pinned old/i915-GVTg_V5_4" >pairs
	run vc compare --batch --cross-type <pairs
	is 0
}
