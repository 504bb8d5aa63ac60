#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The program as a whole: help, manual, memory, output, options.

# shellcheck disable=SC2030,SC2031,SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

@test "help: on stdout, exit 0; names every verb and exit code" {
	run --separate-stderr "$VFIO_COMPAT" --help
	is 0
	[ -z "$stderr" ]
	for word in list show compare pin claim release --json --sysfs-root \
		    --probe --cross-type --uuid --adopt --exact --dry-run --via \
		    --done --stale VFIO_COMPAT_SYSFS_ROOT; do
		[[ $output == *"$word"* ]]
	done
	run "$VFIO_COMPAT" -h
	is 0
	run "$VFIO_COMPAT" --version
	is 0 'vfio-compat *vfio-compat/1*'
}

@test "help names no verb that does not exist" {
	"$VFIO_COMPAT" --help | sed -n 's/^  vfio-compat \([a-z]*\).*/\1/p' >verbs
	[ "$(wc -l <verbs)" = 9 ]
	while read -r verb; do
		case $verb in
		inventory) run vc "$verb" ;;
		*) run vc "$verb" nosuch/type nosuch/type ;;
		esac
		case $verb in
		inventory) [ "$status" = 0 ] ;;
		release) [ "$status" = 2 ] ;;
		*) [ "$status" = 4 ] ;;
		esac
	done <verbs
}

@test "the manual has every verb, option and exit code of the help" {
	manual=$here/../man/vfio-compat.rst
	for word in list show compare pin claim release --json --sysfs-root \
		    --probe --cross-type --uuid --adopt --exact --dry-run --via \
		    --done --stale VFIO_COMPAT_CLAIMS --help --version VFIO_COMPAT_SYSFS_ROOT; do
		grep -q -- "$word" "$manual"
	done
	for code in 0 1 2 3 4 5 6 7 8; do
		grep -q "^$code\$" "$manual"
	done
}

@test "valgrind: no error and no leak" {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" list
	is 0
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/broken" -J list
	is 4
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" compare "$gpu_a" "$gpu_b"
	is 1
	"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" -J list >all.json
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" -J compare "@all.json#$gpu_a" "@all.json#$gpu_b"
	is 1
}

@test "output that cannot be written is exit 4" {
	[ -e /dev/full ] || skip "no /dev/full"
	run bash -c '"$VFIO_COMPAT" --sysfs-root "$VFIO_COMPAT_TREES/good" list >/dev/full'
	is 4 '*standard output*'
}

@test "JSON: nothing else on stdout; errors on stderr too, what is unknown not" {
	run --separate-stderr vc -J show mtty/mtty-9
	[ "$status" = 4 ]
	"$here/check-json.py" show <<<"$output"
	[[ $stderr == 'vfio-compat: mtty/mtty-9: '* ]]
	run --separate-stderr vc -J show mdpy/mdpy-vga
	[ "$status" = 3 ]
	[ -z "$stderr" ]
}

# usage KIND MESSAGE ARGS..: exit 2, and the same message in text and in JSON,
# whether -J comes before or after what is wrong
usage() {
	local kind=$1 message=$2 before after

	shift 2
	run "$VFIO_COMPAT" "$@"
	is 2 "vfio-compat: $message"
	for before in '' -J; do
		after=-J
		[ -z "$before" ] || after=
		# shellcheck disable=SC2086 # may be nothing
		run --separate-stderr "$VFIO_COMPAT" $before "$@" $after
		[ "$status" = 2 ]
		[[ $stderr == "vfio-compat: "$message ]]
		run "$here/check-json.py" "$kind" \
			'[d["errors"][0]["code"], d.get("objects", d.get("result"))]' \
			<<<"$output"
		case $kind in
		list | show) is 0 '[2, []]' ;;
		*) is 0 '[2, null]' ;;
		esac
	done
}

@test "usage: the verb is missing or none" {
	usage null 'no verb was given: expected list, show, inventory, compare, match, baseline, pin, claim or release*'
	usage null 'comapre: is no verb: expected list, show, inventory, compare, match, baseline, pin, claim or release*' comapre a b
}

@test "usage: which operand is missing, empty or too much" {
	usage show 'show: OBJECT is missing: expected show OBJECT..*' show
	usage compare 'compare: SOURCE is missing: expected compare SOURCE DEST*' compare
	usage compare 'compare: DESTINATION is missing: expected *' compare a
	usage compare 'c: is too much: expected compare SOURCE DESTINATION*' compare a b c
	usage compare 'the operand is empty (an unset variable?)*' compare a ''
	usage show 'the operand is empty (an unset variable?)*' show ''
	usage list 'the operand is empty (an unset variable?)*' list ''
}

@test "usage: options that are none, lack a value, take none, are cut short" {
	usage show '--nonsense: is no option: *' --nonsense show a
	usage show '-x: is no option: *' show -x a
	usage show '-y: is no option: *' -Jyz show a
	usage show '-x: is no option: *' --cross-type -xh show a
	usage show '--json: takes no value: *' show --json=yes a
	usage compare '--cross: is an abbreviation: expected --cross-type*' --cross compare a b
	usage compare '--sysfs: is an abbreviation: expected --sysfs-root*' --sysfs /sys compare a b
	usage list 'list: does not take --probe: leave it out; it is for compare' --probe list
	usage compare '@-: is too much: expected compare --batch' --batch compare @-
	usage show 'show: does not take --output: leave it out; it is for list, compare, match' -o uuid show a
	# an option cannot follow
	run "$VFIO_COMPAT" -J list --sysfs-root
	is 2 '*--sysfs-root: lacks its value: *'
	run vc --probe compare mtty/mtty-1 --cross
	is 2
}

@test "usage: what comes first counts, help or a wrong option" {
	run "$VFIO_COMPAT" --help --nonsense
	is 0
	run "$VFIO_COMPAT" --nonsense --help
	is 2
}

@test "a root that is none leaves a whole document, too" {
	for verb in list 'show a' 'compare a b' inventory 'match a b'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$VFIO_COMPAT" -J --sysfs-root /etc $verb
		[ "$status" = 4 ]
		run "$here/check-json.py" "${verb%% *}" 'd["errors"][0]["code"]' <<<"$output"
		is 0 4
	done
}

@test "the command opens no file outside of the tree" {
	command -v strace >/dev/null || skip "strace is not installed"
	strace -f -e trace=openat -o trace "$VFIO_COMPAT_PLAIN" \
		--sysfs-root "$trees/broken" list >/dev/null 2>&1 || true
	grep -v 'ENOENT\|\.so\|ld.so\|locale\|gconv' trace |
		grep -o '"/[^"]*"' | grep -v "^\"$trees/broken" >outside || true
	[ ! -s outside ]
}

@test "the engine is free of libc's locale and allocation" {
	nm -u "$VFIO_COMPAT_BUILD"/plain/engine/engine*.o |
		sed -n 's/^ *U //p' | grep -v '^vp_' | sort -u >used
	run grep -vxE 'memcpy|memcmp|memset|memmove|strlen|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_' used
	is 1
}
