#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Inventories, and which of their types take a source.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	vc inventory | sed 's/"host": *null/"host":"good"/' >good.json
	"$here/make-inventories.py" 4 6 3 1 >pool.json
}

@test "inventory: the objects of list, and whose they are" {
	run json inventory '[len(d["objects"]), d["host"], d["boot_id"], d["kernel"], d["time"]]' inventory
	is 0 '[19, null, null, null, null]'
	vc -J list | "$here/check-json.py" list 'd["objects"]' >list.json
	vc inventory | "$here/check-json.py" inventory 'd["objects"]' >inventory.json
	cmp list.json inventory.json
	run vc inventory x
	is 2
}

@test "inventory of this machine says its name" {
	[ -d /sys/bus ] || skip "no /sys"
	run "$VFIO_COMPAT" inventory
	[ "$status" = 0 ]
	"$here/check-json.py" inventory 'd["host"]' <<<"$output" | grep -x "$(uname -n)"
	"$here/check-json.py" inventory 'd["time"]' <<<"$output" |
		grep -Ex '[0-9-]{10}T[0-9:]{8}Z'
}

@test "match: those that take it, the best first, and why not the others" {
	run vc match "$mtty_a" good.json
	is 0 "Yes: 1 of 10 types and functions of 1 host takes $mtty_a: good!mtty/mtty-1.*HOST*good  mtty/mtty-1  mtty-1  1.0.0    yes*The others, by the first rule that they fail:*type: *does not say*"
	run json match '[m["object"] for m in d["matches"]]' match "$gpu_1" good.json
	is 0 "[\"$gpu/i915-GVTg_V5_1\"]"
}

@test "match: a source that does not say is named" {
	run vc match mdpy/mdpy-vga good.json
	is 3 'Unknown: mdpy/mdpy-vga does not say what it is compatible with: *'
	run json match '[d["matching"], d["errors"][0]["code"]]' match mdpy/mdpy-vga good.json
	is 0 '[0, 3]'
}

@test "match: the rejected of all groups and the matches are all" {
	for source in "$mtty_a" "$gpu_a" "$gpu/i915-GVTg_V5_4" 3b:00.1; do
		run json match 'd["considered"] - d["matching"] - sum(g["count"] for g in d["rejected"])' \
			match "$source" good.json pool.json
		is 0 0
	done
}

@test "match and compare say the same of each type" {
	for source in "$mtty_a" "$gpu/i915-GVTg_V5_4" "$gpu/i915-GVTg_V5_8" 3b:00.1; do
		vc -J match --cross-type --limit 100 "$source" good.json |
			"$here/check-json.py" match '"\n".join(sorted(m["object"] for m in d["matches"]))' >matched
		: >compared
		while read -r object; do
			! vc compare --cross-type "$source" "@good.json#$object" >/dev/null ||
				echo "$object" >>compared
		done < <("$here/check-json.py" inventory '"\n".join(sorted(o["object"] for o in d["objects"] if o["node"] != "mdev"))' <good.json)
		diff compared matched
	done
}

@test "match: the order is type, return, series, surplus, capacity, name" {
	vc -J match --cross-type --limit 100 "@pool.json#h1!0000:00:02.0/gpu-0" pool.json >m.json
	python3 - <<-'END'
	import json
	m = json.load(open("m.json"))["matches"]
	key = [(x["cross_type"], not x["can_return"], not x["same_series"], x["surplus"],
	        -x["available_instances"], x["host"], x["object"]) for x in m]
	assert key == sorted(key) and len(key) > 3, key
	END
	run json match '[m["host"] for m in d["matches"]]' match --limit 1 \
		"@pool.json#h4!0000:00:02.0/gpu-0" pool.json
	is 0 '["h4"]'
}

@test "match: of two that offer more than is asked the narrower one is first" {
	python3 - >wide.json <<-'END'
	import json
	one = json.JSONDecoder().raw_decode(open("pool.json").read())[0]
	for host, more in ("a", ["x", "y"]), ("b", ["z"]):
	    d = json.loads(json.dumps(one)) | {"host": host}
	    d["objects"] = d["objects"][:1]
	    d["objects"][0]["profile"]["accepts"]["fields"]["encryption"] += more
	    print(json.dumps(d))
	END
	run json match '[[m["host"], m["surplus"]] for m in d["matches"]]' match \
		"@pool.json#h1!0000:00:02.0/gpu-0" wide.json
	is 0 '[["b", 1], ["a", 2]]'
}

@test "match: a series that would be taken is named" {
	run vc match "@pool.json#h1!0000:00:02.0/gpu-0" pool.json
	is 0 '*2: software_version: *; would be taken pinned to 2.0 (h4!*, ..)'
}

@test "match: --limit, and how many there were" {
	run vc match --limit 2 "@pool.json#h1!0000:00:02.0/gpu-0" pool.json
	is 0 'Yes: 6 of 24 *.. and 4 more; --limit prints them.*'
	run json match '[len(d["matches"]), d["matching"]]' \
		match --limit 2 "@pool.json#h1!0000:00:02.0/gpu-0" pool.json
	is 0 '[2, 6]'
	for limit in 0 -1 x 1x 100001 '' 99999999999; do
		run vc match --limit "$limit" "$mtty_a" good.json
		is 2 '*is no limit: *'
	done
}

@test "match: none is 1, another type only is 8 unless it is permitted" {
	run vc match "$mtty_a" pool.json
	is 1 "No: none of 24 types and functions of 4 hosts take $mtty_a.*"
	sed 's/gpu_x/x/' good.json >some.json
	python3 - <<-'END'
	import json
	d = json.load(open("good.json"))
	d["objects"] = [o for o in d["objects"] if o["object"].endswith("V5_8")]
	json.dump(d, open("some.json", "w"))
	END
	run vc match "$gpu_pinned" some.json
	[ "$status" = 1 ]
	sed 's/;r.aggregator;r.fps//; s/;r[.][a-z]*=[^;]*//g' >line \
		< <(cat "$trees/good/bus/mdev/devices/$gpu_a/migration_version")
	run vc match @line some.json
	is 8 '*another type: give --cross-type*'
	run vc match --cross-type @line some.json
	is 0
}

@test "match: many files, @ or not, standard input, and one that is broken" {
	run vc match "$mtty_a" pool.json @good.json
	is 0 '* of 5 hosts *'
	run vc match "$mtty_a" - <good.json
	is 0
	run vc match @- @- <good.json
	is 2
	run vc match "$mtty_a" nosuch good.json
	is 4 '*nosuch: No such file*Yes: 1 of *'
	: >empty
	run vc match "$mtty_a" empty
	is 4 '*empty: is empty: expected an inventory*'
	sed '0,/"objects"/s//"obj"/' pool.json >other.json
	run vc match "$mtty_a" other.json
	is 4 '*other.json: has a document without objects*of 3 hosts*'
}

@test "match: standard input is read once, also if it was the source" {
	run vc match @- - <<<"$(vc show -J "$mtty_a")"
	is 2 '*standard input: can be read only once*'
	run vc baseline - - <good.json
	is 2 '*standard input: can be read only once*'
}

@test "match: a host that printed nothing but errors is no host" {
	"$VFIO_COMPAT" inventory x >failed.json 2>/dev/null || true
	cat good.json failed.json >both.json
	run vc match "$mtty_a" both.json
	is 4 '*nothing but errors: *is too much*1 of 10 types and functions of 1 host *'
}

@test "match: what is not read any more is said" {
	{ cat good.json; echo "Connection closed"; cat pool.json; } >cut.json
	run vc match "$mtty_a" cut.json
	is 4 '*unexpected character*what follows was not read*of 1 host *'
}

@test "match: with -n there is nothing but the rows" {
	run vc match -n -o host,object "$mtty_a" good.json
	is 0 'good  mtty/mtty-1'
}

@test "match: malformed objects are reported, and only so many of them" {
	sed 's/"line":"mtty-v1/"line":"x/; s/"line": "mtty-v1/"line": "x/' good.json >bad.json
	run vc match 3b:00.1 bad.json
	is 4 '*migration_version: *Yes: *'
	sed 's/"node": "type"/"node": "no"/' <("$here/make-inventories.py" 2 100) >bad.json
	run vc match "$mtty_a" bad.json
	[ "$status" = 4 ]
	[ "$(grep -c 'has no name or no known node' <<<"$output")" = 16 ]
}

@test "match: 10 000 types in the memory of one host" {
	command -v python3 >/dev/null
	"$here/make-inventories.py" 100 100 20 >many.json
	"$here/make-inventories.py" 1 100 20 >one.json
	for f in one many; do
		valgrind --tool=massif --massif-out-file=$f.massif "$VFIO_COMPAT_PLAIN" \
			match "@one.json#h1!0000:00:02.0/gpu-3" $f.json
		sed -n 's/mem_heap_B=//p' $f.massif | sort -n | tail -n 1 >$f.peak
	done
	[ "$(<many.peak)" -lt $(($(<one.peak) * 5 / 4)) ]
}
