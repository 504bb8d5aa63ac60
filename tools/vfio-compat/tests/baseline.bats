#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a pool of hosts has in common, and what to pin.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# pool ARGS..: inventories of hosts with one type each
pool() {
	"$here/make-inventories.py" "$@" >pool.json
}

baseline() {
	"$VFIO_COMPAT" "$@" baseline pool.json
}

# edit EXPRESSION: change the documents of pool.json; those are in h[1], ..
edit() {
	python3 - "$1" <<-'END'
	import json, sys
	text, h, d = open("pool.json").read(), [None], json.JSONDecoder()
	while text.strip():
	    one, n = d.raw_decode(text.lstrip())
	    h.append(one)
	    text = text.lstrip()[n:]
	def o(n): return h[n]["objects"][0]
	def own(n, old, new):
	    o(n)["line"] = o(n)["line"].replace("sw=" + old, "sw=" + new)
	    o(n)["profile"]["software_version"] = new
	exec(sys.argv[1])
	with open("pool.json", "w") as f:
	    for one in h[1:]: json.dump(one, f)
	END
}

@test "all alike: nothing to pin, one group" {
	pool 5 1
	run baseline
	is 0 'gpu-0: no pin needed (2.1): 5 of 5
  all accept versions 2.0,2.1; encryption aes,none; pci_ids 8086:591b'
}

@test "an older host: pin, or leave it out; one way by name" {
	pool 5 1 1 1
	run baseline
	is 0 'gpu-0: pin 2.0: 5 of 5; without h5: 2.1
  all accept versions 2.0; encryption aes,none; pci_ids 8086:591b
  both ways among 4: h1, h2, h3, h4
  both ways among 1: h5
  one way: h5 -> h1, h2, h3, h4'
	run bash -c '"$VFIO_COMPAT" -J baseline pool.json |
		"$here/check-json.py" baseline "[d[\"pools\"][0][\"groups\"], d[\"pools\"][0][\"one_way\"], d[\"pools\"][0][\"pins\"][1]]"'
	is 0 '[[[0], [1]], [{"from": 1, "to": 0}], {"pin": "2.1", "as_is": true, "count": 4, "without": ["h5"]}]'
}

@test "hosts that no pin reaches are named" {
	pool 10 1 1 1
	edit 'for n in 3, 7: o(n)["profile"]["device_api"] = o(n)["profile"]["device_api"]
for n in 3, 7:
    p = o(n)["profile"]; p["accepts"]["fields"]["encryption"] = ["des"]
    o(n)["line"] = o(n)["line"].replace("aes,none", "des")'
	run baseline
	is 0 'gpu-0: pin 2.0: 8 of 10, without h3, h7; without h3, h7, h10: 2.1*'
}

@test "the relation is not transitive: what is one way only is no group" {
	pool 3 1
	# h1 takes 2.0, 2.1; h2 only 2.1 and its own 2.2; h3 all three
	edit '
own(2, "2.1.0", "2.2.0"); own(3, "2.1.0", "2.2.0")
o(2)["profile"]["accepts"]["software_version"] = ["2.1", "2.2"]
o(3)["profile"]["accepts"]["software_version"] = ["2.0", "2.1", "2.2"]
for n in 2, 3: o(n)["profile"]["emitted"] = ["2.2"]'
	run baseline
	is 0 'gpu-0: no pin needed (2.2): 2 of 3, without h1
  all accept versions 2.1;*both ways among 1: h1
  both ways among 2: h2, h3
  one way: h1 -> h2
  one way: h1 -> h3'
}

@test "every ordered pair is as compare says" {
	pool 4 1 1 2
	edit 'o(2)["profile"]["accepts"]["software_version"] = ["2.1"]'
	"$VFIO_COMPAT" -J baseline pool.json |
		"$here/check-json.py" baseline '"\n".join(sorted(f"{a} {b}" for p in d["pools"] for w in p["one_way"] for a in p["profiles"][w["from"]]["members"] for b in p["profiles"][w["to"]]["members"]))' >told
	: >compared
	for a in 1 2 3 4; do
		for b in 1 2 3 4; do
			run "$VFIO_COMPAT" -J compare "@pool.json#h$a!0000:00:02.0/gpu-0" \
				"@pool.json#h$b!0000:00:02.0/gpu-0"
			[[ $output != *'"result":"compatible"'*'"can_return":false'* ]] ||
				echo "h$a h$b" >>compared
		done
	done
	diff compared told
}

@test "a host with a type twice is one member, unless the profiles differ" {
	pool 2 2 1
	run baseline
	is 0 'gpu-0: no pin needed (2.1): 2 of 2*'
	edit 'o(1)["line"] = o(1)["line"].replace("2.1.0", "2.1.4"); o(1)["profile"]["software_version"] = "2.1.4"'
	run baseline
	is 0 'gpu-0: no pin needed (2.1): 3 of 3*'
	run "$VFIO_COMPAT" -J baseline pool.json
	[[ $output == *'"h1!0000:01:02.0/gpu-0"'* ]]
}

@test "what says nothing, nothing at all, and broken documents" {
	make_trees
	vc inventory >pool.json
	run baseline
	is 0 '*i915-GVTg_V5_4: pin 2.0: 2 of 2*do not say what they are compatible with.'
	"$VFIO_COMPAT" --sysfs-root "$trees/empty" inventory >pool.json
	run baseline
	is 0 'Nothing of these hosts says what it is compatible with.'
	echo '{}' >pool.json
	run baseline
	is 4
	run "$VFIO_COMPAT" -J baseline nosuch
	is 4
}

@test "too many different profiles are refused" {
	"$here/make-inventories.py" 1 2001 >pool.json
	run baseline
	is 4 '*have more than 2000 different profiles: *'
}

@test "a series that a type emits and does not accept is no pin for it" {
	"$here/make-inventories.py" 2 1 1 1 | python3 -c '
import json, sys
text, one = sys.stdin.read().strip(), json.JSONDecoder()
first, end = one.raw_decode(text)
first["objects"][0]["profile"]["accepts"]["software_version"] = ["2.1"]
print(json.dumps(first), text[end:])' >odd.json
	run json baseline '[[p["pin"], p["count"]] for p in d["pools"][0]["pins"]]' baseline odd.json
	is 0 '[["2.1", 1]]'
}
