#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Nodes that are broken, each in one way: exit 4, the file's name, what was
# expected and what to do.  Never a crash, never a guess.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

# says TYPE TEXT: showing it is exit 4 and says this
says() {
	run bad show "bad/$1"
	is 4 "vfio-compat: */$1/$2"
	[[ $output == *": expected "*"; "* ]]
	[ "${#lines[@]}" = 1 ]
	# as a destination and as a source it is no better
	run bad compare bad/bad-none "bad/$1"
	is 4
	run bad compare "bad/$1" bad/bad-none
	is 4
}

@test "the tree's good type is good" {
	run bad show bad/bad-none
	is 0
	run bad show 83b8f4f2-509f-382f-3c1e-e6bfe0fa1033
	is 0
}

@test "each missing file is named" {
	for f in software_version compatible_software_version \
		 emitted_software_version compatible_type dynamic_resources \
		 migration_version device_api; do
		says "bad-lacks-$f" "$f: is missing: *"
	done
}

@test "neither version file: it does not have the interface" {
	dir=$trees/broken/devices/virtual/bad/bad/mdev_supported_types
	cp -r "$dir/bad-none" "$dir/bad-without"
	rm "$dir/bad-without/software_version" "$dir/bad-without/migration_version"
	run bad show bad/bad-without
	is 3
	rm -r "$dir/bad-without"
}

@test "more than a page" {
	says bad-oversize 'compatible_id: has more than 4096 bytes: *'
}

@test "binary content, and NUL" {
	says bad-random 'compatible_id: *'
	says bad-nul 'compatible_id: *'
	says bad-api-nul 'device_api: is empty or binary: *'
}

@test "an empty list, a repeat, a version that is none, own series missing" {
	says bad-empty 'compatible_software_version: is empty: *'
	says bad-repeat 'compatible_id: *'
	says bad-version 'software_version: *'
	says bad-own 'compatible_software_version: *'
	says bad-field 'compatible_create: *reserved*'
	says bad-free 'available_instances: is not a number: *'
}

@test "blanks in a list are read" {
	run bad show bad/bad-blanks
	is 0 '*accepts id *1,2*'
}

@test "a cut line, another type's line, a line that contradicts the files" {
	says bad-line 'migration_version: does not end with ;end: *'
	says bad-other 'migration_version: *bad-none: expected *bad-other*'
	says bad-contradicts 'migration_version: is *f.id=2;end: expected what the other files say, *f.id=1;end*'
}

@test "what is no file is not read: FIFO, folder, link, loop" {
	says bad-fifo 'compatible_id: is not a regular file: *'
	says bad-folder 'compatible_id: is not a regular file: *'
	says bad-link 'compatible_id: is a link: *'
	says bad-loop 'compatible_id: is a link: *'
}

@test "a file that may not be read" {
	reader=(env)
	# another user might not even reach the build folder
	if [ "$(id -u)" = 0 ]; then
		reader=(setpriv "--bounding-set=-dac_override,-dac_read_search")
	fi
	run "${reader[@]}" "$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/broken" \
		show bad/bad-unreadable
	is 4 '*migration_version: Permission denied: expected a readable file; run as a user who may read it'
}

@test "a name with control bytes is refused and escaped" {
	run bad show "$(printf 'bad/bad-\033[31mred')"
	is 4 'vfio-compat: *bad-\\x1b*31mred*'
	[[ $output != *$'\033'* ]]
	"$VFIO_COMPAT" -J --sysfs-root "$trees/broken" list |
		"$here/check-json.py" list >/dev/null
}

@test "an instance whose line is of another type, or whose type is a loop" {
	run bad show 83b8f4f2-509f-382f-3c1e-e6bfe0fa1031
	is 4 '*migration_version: is of a vfio-pci of type bad-other: expected *bad-none*'
	run bad show 83b8f4f2-509f-382f-3c1e-e6bfe0fa1032
	is 4 '*mdev_type: Too many levels of symbolic links*'
}

@test "links that lead out of the tree are not followed" {
	run bad list outside
	is 4 '*outside: is outside of *'
	run bad show outside/passwd
	is 2
}

@test "list shows what is good, reports each that is not, and is exit 4" {
	run --separate-stderr bad list
	[ "$status" = 4 ]
	[[ $output == OBJECT*bad/bad-blanks*bad/bad-none* ]]
	[ "$(grep -c '^vfio-compat: ' <<<"$stderr")" -ge 25 ]
	"$VFIO_COMPAT" -J --sysfs-root "$trees/broken" list |
		"$here/check-json.py" list 'min(e["code"] for e in d["errors"])' |
		grep -qx 4
}
