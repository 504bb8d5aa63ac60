#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Trees that were recorded from real drivers in a guest give the answers that
# the live ones gave; see record-guest.sh.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# each COMMAND..: run it with the name of each recording
each() {
	local file count=0

	for file in "$here"/recorded/*.tree; do
		"$@" "$(basename "$file" .tree)" || return
		count=$((count + 1))
	done
	[ "$count" -ge 6 ]
}

play() {
	"$here/play.sh" "$here/recorded/$1.tree" "$1"
}

# same NAME: list says of the recorded tree what it said of the live one
same() {
	play "$1"
	"$VFIO_COMPAT" --sysfs-root "$1" -J list >"$1.json"
	diff "$here/recorded/$1.json" "$1.json"
	"$here/check-json.py" list 'len(d["objects"])' <"$1.json" | grep -qv '^0$'
}

@test "list: the same objects, byte for byte" {
	each same
}

# answers NAME: every pair, from the tree and from the live one's document
answers() {
	play "$1"
	"$here/same-answers.py" "$VFIO_COMPAT" "$1" "$here/recorded/$1.json"
}

@test "compare: every pair gives the same answer" {
	each answers
}

# again NAME: recording the recorded tree changes nothing
again() {
	play "$1"
	"$here/record.sh" "$1" | diff "$here/recorded/$1.tree" -
}

@test "a recording of a recorded tree is the same" {
	each again
}

@test "two recordings in one folder are two cards of one machine" {
	"$here/play.sh" "$here/recorded/"{mtty,vgpu}.tree both
	run "$VFIO_COMPAT" --sysfs-root both compare mtty/mtty-1 vgpu-card/mdev_sim-half
	is 1 'No: *'
}

@test "a recording cannot write outside of its folder" {
	printf 'f 644 ../outside x\\n\n' >bad.tree
	run "$here/play.sh" bad.tree into
	is 1 '*leads out of the folder*'
	[ ! -e outside ]
	printf 'l a /etc\nf 644 a/outside x\\n\n' >bad.tree
	run "$here/play.sh" bad.tree into
	is 1 '*is a link*'
}

# fails NAME ERRNO: recorded while this attribute cannot be read
fails() {
	rm -rf mtty again.tree
	play mtty
	LD_PRELOAD=$fault FAULT_READ=$1:$2 "$VFIO_COMPAT_PLAIN" --sysfs-root mtty -J list \
		>live.json 2>live.err || echo "$?" >>live.json
	LD_PRELOAD=$fault FAULT_READ=$1:$2 "$here/record.sh" mtty >again.tree
	rm -rf mtty
	"$here/play.sh" again.tree mtty
	"$VFIO_COMPAT" --sysfs-root mtty -J list >recorded.json 2>recorded.err ||
		echo "$?" >>recorded.json
	diff live.json recorded.json && diff live.err recorded.err
	"$here/record.sh" mtty | diff again.tree -
}

@test "an attribute that cannot be read gives the same answer as the live one" {
	for name in migration_version software_version compatible_pci_ids compatible_type \
		emitted_software_version dynamic_resources device_api available_instances; do
		fails "$name" 95
		run "$VFIO_COMPAT" --sysfs-root mtty show mtty/mtty-1
		is 3 '*EOPNOTSUPP*'
		for err in 5 13 19; do
			fails "$name" "$err"
			[ "$(tail -n 1 live.json)" = 4 ]
		done
	done
}

@test "a function that cannot take part at present is recorded as such" {
	"$here/make-trees.sh" trees
	LD_PRELOAD=$fault FAULT_READ=migration_type:95 "$here/record.sh" trees/good >again.tree
	"$here/play.sh" again.tree again
	for object in 3b:00.1 3b:00.2; do
		run "$VFIO_COMPAT" --sysfs-root again show "$object"
		is 3 '*EOPNOTSUPP*'
	done
	"$VFIO_COMPAT" --sysfs-root again -J list | grep -c '"object":"0000:3b' | grep -x '[24]'
}

@test "what cannot be read is named" {
	command -v setpriv >/dev/null || skip "setpriv is not installed"
	play mtty
	chmod 0 mtty/devices/virtual/mtty/mtty/mdev_supported_types/mtty-1/name
	chmod 755 . mtty
	reader=(env)
	[ "$(id -u)" != 0 ] ||
		reader=(setpriv "--bounding-set=-dac_override,-dac_read_search")
	"${reader[@]}" "$here/record.sh" mtty >again.tree
	grep -q '^e devices/.*/mtty-1/name EACCES$' again.tree
	[ "$(grep -c '/mtty-1/name ' again.tree)" = 1 ]
}
