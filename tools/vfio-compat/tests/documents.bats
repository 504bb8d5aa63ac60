#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Objects that are not read from a tree: lines and JSON documents.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	vc -J list >all.json
	vc -J show mtty/mtty-1 >one.json
	vc -J show mtty/mtty-1 |
		"$here/check-json.py" show 'd["objects"][0]["line"]' >line
}

@test "a line as source, from a file and from standard input" {
	run vc compare @line mtty/mtty-1
	is 0 'Yes: mtty/mtty-1 takes line.*The way back: unknown.'
	run vc compare @- mtty/mtty-2 <line
	is 1
	run vc compare @line "$mtty_b"
	is 0
}

@test "a line: fields that it lacks are ignored, its driver is not compared" {
	sed 's/;f\.[^;]*//g; s/^[^;]*/other-v1/' line >less
	run vc compare @less mtty/mtty-1
	is 0 'Yes: *field pci_ids *ignored*field ports *ignored*'
	grep -q 'is \*ignored\* when only the destination has the field' \
		"$here/../man/vfio-compat.rst"
	grep -q 'is never compared' "$here/../man/vfio-compat.rst"
}

@test "a line as destination makes no sense, exit 2, whatever the source" {
	for source in mtty/mtty-1 mdpy/mdpy-vga mtty/mtty-9; do
		run vc compare "$source" @line
		is 2 '*line: is a bare line*expected one that says what it accepts*'
	done
	run json compare '[d["result"], d["errors"][0]["code"]]' \
		compare mtty/mtty-1 @line
	is 0 '[null, 2]'
}

@test "show of a line" {
	run vc show @line
	is 0 'line*node *line*needs ports *1*line *mtty-v1;*;end'
	run json show 'd["objects"][0]["node"]' show @line
	is 0 line
}

@test "no part of a line is one, nor two, nor a line with more" {
	for ((i = 0; i < $(stat -c %s line) - 1; i++)); do
		head -c "$i" line >part
		run "$VFIO_COMPAT_PLAIN" show @part
		[ "$status" = 4 ]
	done
	cat line line >two
	run vc show @two
	is 4
	{ cat line; echo; } >longer
	run vc show @longer
	is 4
	{ cat line; printf '\0'; } >nul
	run vc show @nul
	is 4
}

@test "a line's file says what is wrong with it" {
	sed 's/$/\r/' line >crlf
	run vc show @crlf
	is 4 'vfio-compat: crlf: has CRLF line ends: expected one line *; take it from the device again'
	cat line line >two
	run vc show @two
	is 4 '*two: has several lines: expected one line *'
	sed 's/;end//' line >part
	run vc show @part
	is 4 '*part: does not end with ;end: *'
	sed 's/-v1/-v9/' line >other
	run vc show @other
	is 4 '*other: is not a migration_version line: *'
	vc show mtty/mtty-1 >text
	run vc show @text
	is 4 '*text: is text for people: *add -J*'
	vc list >text
	run vc compare @text mtty/mtty-1
	is 4 '*add -J*'
}

@test "standard input is called so, is not empty, and is read once" {
	run vc show @- <line
	is 0 'standard input*node *line*'
	run vc compare @- mtty/mtty-1 <line
	is 0 'Yes: mtty/mtty-1 takes standard input.*'
	run json show 'd["objects"][0]["object"]' show @- <line
	is 0 -
	for text in '' ' ' $'\n'; do
		run vc compare @- mtty/mtty-1 <<<"$text"
		is 4 'vfio-compat: standard input is empty: the command that should have written it failed, or printed nothing'
	done
	run vc compare @- mtty/mtty-1 </dev/null
	is 4 '*standard input is empty: *'
	run vc show @- <<<nonsense
	is 4 'vfio-compat: standard input: *'
	run vc compare @- @- <one.json
	is 2 'vfio-compat: standard input: can be read only once: *'
}

@test "an operand that lacks its @" {
	cp one.json f.json
	mkdir -p sub
	cp line sub/line
	run vc show f.json
	is 2 'vfio-compat: f.json: is a file: write @f.json'
	run vc compare "$PWD/f.json" mtty/mtty-1
	is 2 "*: is a file: write @$PWD/f.json"
	run vc show sub/line
	is 4 '*: is a file: write @sub/line'
	run vc compare - mtty/mtty-1
	is 2 'vfio-compat: standard input is @-'
	run vc compare "$(<line)" mtty/mtty-1
	is 2 '*: is a line: put it into a file and give @FILE, or pipe it to @-'
}

@test "a document of a command that failed says why that failed" {
	vc -J show 83b8f4f2-509f-382f-3c1e-000000000000 >failed.json || true
	run vc compare @- mtty/mtty-1 <failed.json
	is 2 'vfio-compat: standard input: holds no object, since the command that made it failed: 83b8f4f2-509f-382f-3c1e-000000000000: No such file*'
	run vc compare @failed.json#mtty/mtty-1 mtty/mtty-1
	is 4 '*the command that made it failed: 83b8*'
	"$VFIO_COMPAT" -J shwo x >failed.json || true
	run vc compare @failed.json mtty/mtty-1
	is 2 '*failed.json: *the command that made it failed: shwo: is no verb*'
}

@test "a document that holds no objects says what it is" {
	vc -J compare mtty/mtty-1 mtty/mtty-2 >compare.json || true
	run vc compare @compare.json mtty/mtty-1
	is 2 '*compare.json: is a document of kind compare: expected one that list -J or show -J printed'
	"$VFIO_COMPAT" -J --sysfs-root "$trees/empty" list >none.json
	run vc show @none.json
	is 2 '*none.json: holds no object: expected one that list -J or show -J printed'
}

@test "JSON that is none: the reason and where; another schema" {
	printf '{"a":1,}' >text.json
	run vc show @text.json
	is 4 '*text.json: is not a JSON object: unexpected character at byte 7: *'
	head -c 100 one.json >cut.json
	run vc show @cut.json
	is 4 '*cut.json: is not a JSON object: unexpected end of data at byte 100: *'
	sed 's,vfio-compat/1,vfio-compat/2,' one.json >other.json
	run vc show @other.json
	is 4 '*other.json: is of schema vfio-compat/2: expected vfio-compat/1*'
	echo '{}' >other.json
	run vc show @other.json
	is 4 '*other.json: has no schema: expected vfio-compat/1*'
}

@test "a file that is not there, a folder, nothing at all: exit 4" {
	run vc show @nosuch
	is 4 '*nosuch: No such file*'
	run vc show @.
	is 4
	: >empty
	run vc show @empty
	is 4
}

@test "a document says the same as the tree it was made from, for every pair" {
	"$here/same-answers.py" "$VFIO_COMPAT_PLAIN" "$trees/good" all.json
}

@test "show of a recorded object prints it again, unchanged" {
	for object in mtty/mtty-1 $gpu/i915-GVTg_V5_4 $gpu_a $gpu_pinned \
		      3b:00.1 0000:3b:00.2; do
		vc -J show "$object" >first.json
		vc -J show "@first.json" >second.json
		for f in first second; do
			"$here/check-json.py" show 'd["objects"][0] | {"available_instances": 0}' \
				<$f.json >$f.out
		done
		cmp first.out second.out
	done
}

@test "one object needs no #, several do" {
	run vc show @one.json
	is 0 'mtty/mtty-1*'
	run vc show @all.json
	is 2 "*all.json: holds 19 objects: expected the name of one after a #: $gpu/i915-GVTg_V5_1,*,.."
	run vc show @all.json#mtty/mtty-9
	is 4 "vfio-compat: all.json: has no mtty/mtty-9: expected what it holds: $gpu/i915-GVTg_V5_1,*,.."
	run vc show @line#x
	is 2
}

@test "HOST! must be the document's" {
	sed 's/"kind"/"host":"alpha","kind"/' all.json >host.json
	run vc show @host.json#alpha!mtty/mtty-1
	is 0
	run vc show @host.json#beta!mtty/mtty-1
	is 4 '*is not of that host*'
	run vc show @all.json#alpha!mtty/mtty-1
	is 4
}

@test "what says nothing in a document is unknown" {
	run vc compare @all.json#mdpy/mdpy-vga mtty/mtty-1
	is 3 'Unknown: mdpy/mdpy-vga does not say*'
}

@test "a document cannot be probed" {
	run vc compare --probe mtty/mtty-1 @one.json
	is 2 '*expected a live destination*'
}

@test "broken documents: exit 4, and never a crash" {
	edit() {
		python3 -c '
import json, sys
d = json.load(open("one.json"))
o = d["objects"][0]
p = o["profile"]
exec(sys.argv[1])
json.dump(d, open("broken.json", "w"))' "$1"
		run vc compare mtty/mtty-1 @broken.json
		if [ "$status" != 4 ]; then
			echo "$1: $status $output"
			return 1
		fi
	}
	edit 'd["schema"] = "vfio-compat/2"'
	edit 'del d["schema"]'
	edit 'd["objects"] = [{}]'
	edit 'd["objects"] = [7]' || [ "$status" = 2 ]
	edit 'o["node"] = "line"'
	edit 'o["object"] = None'
	edit 'o["line"] = "x"'
	edit 'o["line"] = o["line"][:-1]'
	edit 'o["line"] += "\0"' || [ "$status" = 3 ]
	edit 'o["line"] = o["line"].replace("mtty-1", "mtty-2")'
	edit 'del o["profile"]'
	edit 'p["software_version"] = "1.0"'
	edit 'p["software_version"] = "2.0.0"'
	edit 'p["software_version"] = None'
	edit 'p["accepts"] = []'
	edit 'p["accepts"]["software_version"] = []'
	edit 'p["accepts"]["software_version"] = ["1.0", "1.0"]'
	edit 'p["accepts"]["software_version"] = [1.0]'
	edit 'p["accepts"]["software_version"] = ["1.0,1.1"]'
	edit 'p["accepts"]["software_version"][0] += "\0x"'
	edit 'p["accepts"]["fields"]["ports"][0] += "\0"'
	edit 'p["accepts"]["type"] = ["a b"]'
	edit 'p["accepts"]["type"] = "mtty-1"'
	edit 'p["accepts"]["fields"]["ports"] = []'
	edit 'p["accepts"]["fields"]["create"] = ["1"]'
	edit 'p["accepts"]["fields"]["type"] = ["1"]'
	edit 'p["accepts"]["fields"]["x" * 200] = ["1"]'
	edit 'p["accepts"]["fields"] |= {f"f{i}": ["1"] for i in range(20)}'
	edit 'p["accepts"]["fields"]["a"] = [str(i) for i in range(900)]'
	edit 'p["dynamic_resources"] = [{"name": "type"}]'
	edit 'p["dynamic_resources"] = ["fps"]'
	edit 'p["emitted"] = ["9.9", "1.0"]'
	edit 'p["device_api"] = "x" * 99999'
}

@test "what is not JSON is exit 4" {
	for text in '{' '{}' '{"schema":"vfio-compat/1"' '{]' '{"a":1}x' \
		    "$(printf '{"a":"\xff"}')" "$(printf '{%.0s' {1..2000})"; do
		printf '%s' "$text" >text.json
		run vc show @text.json
		is 4
	done
	head -c 200 one.json >cut.json
	run vc show @cut.json
	is 4
	{ cat one.json; echo x; } >tail.json
	run vc show @tail.json
	is 4
}
