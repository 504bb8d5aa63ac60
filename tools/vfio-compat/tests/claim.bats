#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# vfio-compat pin, claim and release, as far as that goes without a device:
# what is refused, dry runs, and journals that are not what claim wrote. What
# they do with devices is in tools/testing/vm/tests/claim.sh.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export VFIO_COMPAT_CLAIMS=$BATS_TEST_TMPDIR/claims
}

# journal STATE [BOOT]: as claim writes it, of a device that is not there
journal() {
	mkdir -p -m 700 claims
	cat >"claims/$mtty_a.json" <<-END
	{
	  "schema": "vfio-compat/1",
	  "kind": "journal",
	  "object": "$mtty_a",
	  "state": "$1",
	  "parent": "mtty",
	  "type": "mtty-1",
	  "boot_id": "${2-$(cat /proc/sys/kernel/random/boot_id)}",
	  "created": true,
	  "random": false,
	  "mdevctl": false,
	  "restore": [${3-}]
	}
	END
}

@test "claim and pin want a device of this machine" {
	run vc claim "$mtty_a" mtty/mtty-1
	is 2 '*is of a recorded tree: *leave out --sysfs-root and VFIO_COMPAT_SYSFS_ROOT, or add --dry-run'
	run vc pin "$gpu_a" 2.0
	is 2 '*is of a recorded tree: *leave out --sysfs-root and VFIO_COMPAT_SYSFS_ROOT'
	run vc pin mtty/mtty-1 1.0
	is 2 '*cannot be pinned: *'
	run vc pin "$gpu_a" 9.9
	is 1 '*cannot be pinned to 9.9: expected one of 2.0,2.1, which it can emit'
	run vc pin "$gpu_a" 2.0.1
	is 1 '*cannot be pinned to 2.0.1: expected one of 2.0,2.1, *'
	run vc pin "$mdpy" 1.0
	is 3
	[ ! -e claims ]
}

@test "claim: what is no destination" {
	run vc claim "$mtty_a" "$mtty_b"
	is 2 "*add --adopt=$mtty_b"
	vc -J show mtty/mtty-1 >type.json
	run vc claim "$mtty_a" @type.json
	is 2 '*is of a document: *'
	run vc claim "$mtty_a" mtty
	is 2
	run vc claim "$mtty_a" mdpy/mdpy-vga
	is 3
}

@test "claim --dry-run: all answers of compare, and nothing on stdout but yes" {
	run --separate-stderr vc claim --dry-run "$mtty_a" mtty/mtty-1
	is 0 'Yes: mtty/mtty-1 takes it. Nothing was changed.'
	run --separate-stderr vc claim --dry-run "$mtty_a" mtty/mtty-2
	is 1 ''
	run vc claim --dry-run "$mtty_a" mtty/mtty-2
	is 1 '*mtty/mtty-2: does not take *: type: *'
	run vc claim --dry-run "$mtty_a" mdpy/mdpy-vga
	is 3 '*mdpy-vga: does not say*'
	run vc claim --dry-run "$chk" chk/chk-a
	is 3 '*may or may not take*vendor*'
	run vc claim --dry-run "$gpu"/i915-GVTg_V5_4 "$gpu"/i915-GVTg_V5_4
	is 3 '*does not say what aggregator has to be*'
	echo 0 >"$trees/good/class/mdev_bus/mtty/mdev_supported_types/mtty-2/available_instances"
	run vc claim --dry-run "$mtty_2" mtty/mtty-2
	is 5 '*has no instance left*'
	run json claim '[d["uuid"], d["dry_run"], d["errors"][0]["code"]]' \
		claim --dry-run "$mtty_2" mtty/mtty-2
	is 0 '[null, true, 5]'
	[ ! -e claims ]
}

@test "claim --exact: what differs is named" {
	run vc claim --dry-run --exact "$mtty_a" mtty/mtty-1
	is 0
	run vc claim --dry-run --exact "$gpu_pinned" old/i915-GVTg_V5_4
	is 1 '*compatible_software_version*--exact'
	run vc claim --dry-run --exact "$gpu_a" "$gpu"/i915-GVTg_V5_4
	is 0
}

@test "claim: options that make no sense" {
	run vc claim --uuid nonsense "$mtty_a" mtty/mtty-1
	is 2 '*nonsense: is no UUID: *'
	run vc claim --via virsh "$mtty_a" mtty/mtty-1
	is 2 '*virsh: is no way*'
	run vc claim --adopt="$mtty_b" --uuid same "$mtty_a" mtty/mtty-1
	is 2
	run vc claim --done "$mtty_a" --exact
	is 2
	run vc claim --done "$mtty_a" mtty/mtty-1
	is 2 '*is too much*'
	run vc compare --dry-run "$mtty_a" mtty/mtty-1
	is 2 '*compare: does not take --dry-run*'
	cp "$trees/good/bus/mdev/devices/$mtty_a/migration_version" line
	run vc claim --dry-run --uuid same @line mtty/mtty-1
	is 2 '*has no UUID to be the same as*'
}

@test "claim --adopt UUID, --adopt=UUID and --adopt alone" {
	for adopt in "--adopt $mtty_b" "--adopt=$mtty_b" --adopt; do
		# shellcheck disable=SC2086 # words
		run vc claim --dry-run $adopt "$mtty_a" mtty/mtty-1
		is 0
	done
	run vc claim --dry-run --adopt nonsense "$mtty_a" mtty/mtty-1
	is 2 '*nonsense: is no UUID: *'
}

@test "a claim is not forgotten because a recorded tree lacks its instance" {
	for state in made claimed; do
		journal "$state"
		run "$VFIO_COMPAT" --sysfs-root "$trees/empty" release --stale
		is 2 '*is a recorded tree: *'
		VFIO_COMPAT_SYSFS_ROOT=$trees/empty run "$VFIO_COMPAT" release "$mtty_a"
		is 2 '*is a recorded tree: *'
		run vc claim --done "$mtty_a"
		is 2 '*is a recorded tree: *'
		[ -e "claims/$mtty_a.json" ]
	done
}

@test "release --stale says once that a tree is recorded, however many claims" {
	journal made
	cp "claims/$mtty_a.json" "claims/$mtty_b.json"
	VFIO_COMPAT_SYSFS_ROOT=$trees/empty run "$VFIO_COMPAT" release --stale
	is 2 '*is a recorded tree: *'
	[ "${#lines[@]}" = 1 ]
}

@test "release and --done: what was not claimed, or is no instance" {
	run live release "$mtty_a"
	is 4 '*was not claimed*'
	run live claim --done "$mtty_a"
	is 4 '*was not claimed*'
	run live release ../../etc
	is 2 '*is no instance*'
	run live claim --done mtty/mtty-1
	is 2 '*is no instance*'
	run live release --stale
	is 0 ''
}

@test "release --stale: the device has gone, or was of another boot" {
	journal made
	LIVE=$trees/empty run live release --stale
	is 0 "$mtty_a"
	[ ! -e "claims/$mtty_a.json" ]
	journal claimed another-boot
	run live -J release "$mtty_a"
	is 0 "*\"released\":\[*\"$mtty_a\"*"
	journal begun
	run live release --stale
	is 7 "*$mtty_a: is left, *"
	touch "claims/.$mtty_a."{999999999,$$,9z} claims/.x.999999999
	run live release --stale
	[ ! -e "claims/.$mtty_a.999999999" ]
	[ -e "claims/.$mtty_a.$$" ] && [ -e "claims/.$mtty_a.9z" ] && [ -e claims/.x.999999999 ]
}

@test "a journal that somebody works on is left alone" {
	journal made
	exec 8<"claims/$mtty_a.json"
	flock 8
	run live release "$mtty_a"
	is 5 '*is being claimed or released*'
	run live release --stale
	is 0 ''
	[ -e "claims/$mtty_a.json" ]
}

@test "a journal that is malformed, or others could write: exit 4" {
	for name in remove ../remove driver_override/x ''; do
		journal made '' "{ \"name\": \"$name\", \"value\": \"1\" }"
		run live release "$mtty_a"
		is 4 '*is malformed*'
	done
	head -c 200000 /dev/zero >"claims/$mtty_a.json"
	run live release "$mtty_a"
	is 4 '*is malformed*'
	journal claimed
	sed -i "s/$mtty_a/$mtty_b/" "claims/$mtty_a.json"
	run live release "$mtty_a"
	is 4 '*is malformed*'
	journal claimed
	echo '{}' >>"claims/$mtty_a.json"
	run live release "$mtty_a"
	is 4 '*is malformed*'
	for mode in 777 770 722; do
		chmod "$mode" claims
		run live release "$mtty_a"
		is 4 '*/claims: others can write it, or own it: expected a folder *; chmod 700 it, *'
	done
	touch "claims/.$mtty_a.999999999"
	run live release --stale
	is 4
	[ -e "claims/.$mtty_a.999999999" ]
}

@test "a journal that is cut within an escape is not read beyond its end" {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	mkdir -p -m 700 claims
	# shellcheck disable=SC1003 # a backslash
	for text in '\' '\u' '\u0' '\u00' '\u001' '\u00 1' '\u0x1' '\u0000'; do
		printf '{ "schema": "%s' "$text" >"claims/$mtty_a.json"
		LD_PRELOAD=$fault FAULT_LIVE=1 run valgrind -q --error-exitcode=99 \
			"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" release "$mtty_a"
		is 4 '*is malformed*'
	done
}

@test "release --stale: a claim that had not begun to adopt is nobody's trouble" {
	journal begun
	sed -i 's/"created": true/"created": false/' "claims/$mtty_a.json"
	run live release --stale
	is 0 "$mtty_a"
	[ -z "$(ls -A claims)" ]
}

@test "release: an instance that cannot be opened is not one that has gone" {
	rm -rf tree
	cp -r "$trees/good" tree
	ln -sfn "$mtty_a" "tree/bus/mdev/devices/$mtty_a"
	for state in made claimed; do
		journal "$state"
		LIVE=tree run live release "$mtty_a"
		is 7 '*is left, it cannot be opened: *'
		LIVE=tree run live release --stale
		is 7 '*is left, it cannot be opened: *'
		[ -e "claims/$mtty_a.json" ]
	done
}

@test "release: an instance of another type or parent is not what was claimed" {
	for other in 's/"mtty-1"/"mtty-2"/' 's/"mtty"/"tty"/' 's/"mtty"/"a-mtty"/'; do
		journal claimed
		sed -i "$other" "claims/$mtty_a.json"
		run live release --stale
		is 0 "$mtty_a"
	done
	journal claimed
	run live release --stale
	is 0 ''
}

@test "release and --done: a name as a person writes it" {
	journal claimed
	run live claim --done "${mtty_a^^}"
	is 0 ''
	[ -z "$(ls -A claims)" ]
	run live release 3B:00.1
	is 4 '*0000:3b:00.1: was not claimed*'
}

# A claim is killed when it has created, while another looks at its journal.
@test "a journal is not taken over while its instance appears" {
	rm -rf tree
	cp -r "$trees/good" tree
	mv "tree/bus/mdev/devices/$mtty_a" there
	journal begun
	LIVE=tree FAULT_WRITE=0,0 FAULT_RUN="$mtty_a.json:1:mv there tree/bus/mdev/devices/$mtty_a" \
		run live claim --uuid "$mtty_a" "$mtty_b" mtty/mtty-1
	is 5 '*is claimed already*'
	[ -e "claims/$mtty_a.json" ]
}

# an instance in a tree whose files can be written, and the line of a source
adoptable() {
	rm -rf tree
	cp -r "$trees/good" tree
	LIVE=$PWD/tree
	dir=$LIVE/bus/mdev/devices/$gpu_b
	echo 4 >"$dir/aggregator"
	echo 60 >"$dir/fps"
	sed 's/aggregator=4/aggregator=2/' "$dir/migration_version" >line
}

@test "a resource that is a link, a folder or a pipe is not written" {
	for what in "ln -s $PWD/victim" 'ln -s loop' mkdir mkfifo; do
		adoptable
		echo 4 >victim
		rm "$dir/aggregator"
		$what "$dir/aggregator"
		FAULT_WRITE=0,0 run live claim --adopt="$gpu_b" @line "$gpu/i915-GVTg_V5_4"
		is 6 '*/aggregator: is *nothing of it is left'
		[ "$(cat victim)" = 4 ]
		[ -z "$(ls -A claims)" ]
	done
}

@test "an instance of which nobody can say whether it is open is left alone" {
	adoptable
	mkdir "$dir/vfio-dev"
	FAULT_WRITE=0,0 run live claim --adopt="$gpu_b" @line "$gpu/i915-GVTg_V5_4"
	is 5 '*expected an instance that nobody uses*'
	[ "$(cat "$dir/aggregator")" = 4 ]
	[ -z "$(ls -A claims)" ]
}

@test "an instance that says something else than it was told is put back" {
	adoptable
	FAULT_WRITE=0,0 run live claim --adopt="$gpu_b" @line "$gpu/i915-GVTg_V5_4"
	is 6 '*although its type does: *nothing of it is left'
	[ "$(cat "$dir/aggregator")" = 4 ]
	[ -z "$(ls -A claims)" ]
}

@test "pin: a driver that takes a series and does not emit it is found out" {
	adoptable
	FAULT_RUN="software_version:9:sed -i s/^2.0\$/2.0.1/ $dir/software_version" \
		run live pin "$gpu_b" 2.0
	is 0 ''
	adoptable
	FAULT_RUN="software_version:9:echo 2.1.3 >$dir/software_version" run live pin "$gpu_b" 2.0
	is 4 '*software_version: reads 2.1.3: expected 2.0, which was written*'
}

@test "an instance that was adopted is given back as it was" {
	adoptable
	export FAULT_RUN="aggregator:1:sed -i s/aggregator=4/aggregator=2/ $dir/migration_version"
	FAULT_WRITE=0,0 run live claim --adopt="$gpu_b" @line "$gpu/i915-GVTg_V5_4"
	is 0 "$gpu_b"
	[ "$(cat "$dir/aggregator")" = 2 ]
	unset FAULT_RUN
	run live claim --adopt="$gpu_b" @line "$gpu/i915-GVTg_V5_4"
	is 5 '*is claimed already*'
	run live release "$gpu_b"
	is 0 ''
	[ "$(cat "$dir/aggregator")" = 4 ]
	run live release "$gpu_b"
	is 4
}

# an mdevctl that moves an instance into a tree; it runs FAKE before that
fake_mdevctl() {
	rm -rf tree bin there
	cp -r "$trees/good" tree
	mv "tree/bus/mdev/devices/$mtty_a" there
	mkdir bin
	cat >bin/mdevctl <<-'END'
	#!/bin/sh
	place=tree/bus/mdev/devices/$3
	[ "$1" = start ] || exec mv "$place" there
	eval "${FAKE-}"
	mv there "$place"
	: >ended
	END
	chmod +x bin/mdevctl
	export LIVE=$PWD/tree FAULT_WRITE=0,0 PATH=$PWD/bin:$PATH
}

# await FILE: at most 10 s
await() {
	for _ in {1..200}; do
		[ ! -e "$1" ] || return 0
		sleep 0.05
	done
	return 1
}

@test "claim --via mdevctl, and release" {
	fake_mdevctl
	run live claim --via mdevctl --uuid "$mtty_a" "$mtty_b" mtty/mtty-1
	is 0 "$mtty_a"
	run live release "$mtty_a"
	is 0 ''
	[ -L there ]
}

@test "a claim that is killed is not forgotten while its mdevctl runs" {
	fake_mdevctl
	await=$(declare -f await)
	# shellcheck disable=SC2016 # for the other shell
	FAKE='kill -KILL $PPID; bash -c "$await; await go"' await=$await \
		live claim --via mdevctl --uuid "$mtty_a" "$mtty_b" mtty/mtty-1 >out 2>&1 3>&- || true
	run live release --stale
	is 0 ''
	run live release "$mtty_a"
	is 5 '*is being claimed or released*'
	run live claim --via mdevctl --uuid "$mtty_a" "$mtty_b" mtty/mtty-1
	is 5 '*is claimed already*'
	touch go
	await ended
	flock -w 10 "claims/$mtty_a.json" true
	run live release --stale
	is 7 "*$mtty_a: is left, it may be of the claim that was killed*"
	run live release "$mtty_a"
	is 0 ''
	[ -L there ] && [ -z "$(ls -A claims)" ]
}

@test "Ctrl-C during mdevctl: it ends its work, and the claim is undone" {
	fake_mdevctl
	# shellcheck disable=SC2016 # for the other shell
	FAKE='kill -INT -$PPID' LD_PRELOAD=$fault FAULT_LIVE=1 \
		run setsid -w "$VFIO_COMPAT_PLAIN" --sysfs-root tree \
		claim --via mdevctl --uuid "$mtty_a" "$mtty_b" mtty/mtty-1
	is 6 '*mtty/mtty-1: the claim was interrupted by a signal. The claim was undone, nothing of it is left'
	[ -L there ] && [ -z "$(ls -A claims)" ]
	# shellcheck disable=SC2016 # for the other shell
	FAKE='kill -TERM $PPID $$' run live \
		claim --via mdevctl --uuid "$mtty_a" "$mtty_b" mtty/mtty-1
	is 6 '*mtty/mtty-1: the claim was interrupted by a signal: nothing was done, so claim again'
	[ -L there ] && [ -z "$(ls -A claims)" ]
}

@test "valgrind: claims leave no memory behind" {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" -J claim --dry-run "$mtty_a" mtty/mtty-1
	is 0
	journal begun
	export LD_PRELOAD=$fault FAULT_LIVE=1
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" release "$mtty_b"
	is 4
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" release --stale
	is 7
}
