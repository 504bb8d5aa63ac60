#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Files of many documents, which may come from anywhere.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	for host in a b; do
		vc -J list mtty |
			sed "s/\"kind\":\"list\"/\"host\":\"$host\",\"kind\":\"inventory\"/" >$host.json
	done
	cat a.json b.json >all.json
	grep -q '"host":"b"' all.json
}

@test "documents may follow each other, with blanks between them or none" {
	run vc compare @all.json#a!mtty/mtty-1 @all.json#b!mtty/mtty-1
	is 0
	tr -d '\n' <all.json >tight.json
	run vc show @tight.json#b!mtty/mtty-2
	is 0 'mtty/mtty-2*'
	run vc show @- <<<"  $(<all.json)"
	is 2 '*holds 10 objects: *'
}

@test "a name of two hosts needs its host" {
	run vc show @all.json#mtty/mtty-1
	is 2 '*has 2 of the name mtty/mtty-1: expected one; write #HOST!mtty/mtty-1'
	run vc show @all.json#c!mtty/mtty-1
	is 4 '*is not of that host*'
	run vc show @all.json#b!mtty/mtty-9
	is 4 '*has no mtty/mtty-9: expected what it holds: mtty/mtty-1,*'
}

# refused PATTERN: show of text.json gives exit 4 and that message
refused() {
	run vc show @text.json
	is 4 "vfio-compat: text.json: $1"
}

@test "the same member twice is refused, however it is written" {
	echo '{"schema":"vfio-compat/1","objects":[],"schema":"vfio-compat/1"}' >text.json
	refused 'has the member schema twice, at byte 39: expected each name once *'
	echo '{"schema":"vfio-compat/1","o":{"a":[{},{"b\"":1,"c":{"b\"":2},"\u0062\"":{"x":1}}]}}' >text.json
	refused 'has the member b" twice, at byte 62: *'
	echo '{"schema":"vfio-compat/1","objects":[{"a":1},{"a":":{"}],"n":{"a":1}}' >text.json
	run vc show @text.json
	[[ $output != *twice* ]]
	{ cat a.json; echo '{"schema":"vfio-compat/1","x":{"":1,"":2}}'; } >text.json
	refused "has the member  twice, at byte $(($(stat -c %s a.json) + 36)): *"
}

@test "another schema is refused, and says of which host and where" {
	{ cat a.json; sed 's,compat/1,compat/7,' b.json; } >text.json
	refused "is of schema vfio-compat/7: expected vfio-compat/1 in the document of b at byte $(stat -c %s a.json); *"
}

@test "depth and size of a document are bounded" {
	{ printf '{"schema":"vfio-compat/1","a":'; printf '[%.0s' {1..16}; } >text.json
	refused 'is not a JSON object: nesting too deep at byte 45: expected at most 16 levels*'
	{ printf '{"a":"'; head -c 17000000 /dev/zero | tr '\0' x; } >text.json
	refused 'is not a JSON object: no end of the document at byte 16777216: expected at most 16 MiB *'
	head -c 17000000 /dev/zero | tr '\0' x >text.json
	refused 'File too large*'
}

@test "braces in strings, unknown members, and deep ones that are allowed" {
	sed 's/"schema"/"new":{"}]\\"{":[[[[[[[[[["\\\\"]]]]]]]]]]},"schema"/' a.json >text.json
	run vc show @text.json#mtty/mtty-1
	is 0 'mtty/mtty-1*'
}

@test "what follows a document must be one" {
	{ cat a.json; echo nonsense; } >text.json
	refused 'is not a JSON object: unexpected character at byte *'
	{ cat a.json; echo '{"schema":'; } >text.json
	refused 'is not a JSON object: unexpected end of data at byte *'
	{ cat a.json; echo '{]'; } >text.json
	refused 'is not a JSON object: *'
}

@test "memory is that of the largest document, not of the file" {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	for ((i = 0; i < 400; i++)); do cat a.json; done >many.json
	valgrind --tool=massif --massif-out-file=m.all "$VFIO_COMPAT_PLAIN" show @all.json#c!x || true
	valgrind --tool=massif --massif-out-file=m.many "$VFIO_COMPAT_PLAIN" show @many.json#c!x || true
	for f in all many; do
		sed -n 's/mem_heap_B=//p' m.$f | sort -n | tail -n 1 >peak.$f
	done
	[ "$(<peak.many)" -lt $((2 * $(<peak.all))) ]
}
