#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# defects.sh - the defects that patches/ fixes are there without the patches,
# and the tests of the selftests see them.
#
# mtty's are shown on Debian's kernel with the untouched modules. The one of
# the mediated device core needs a driver that is slow to register; that is
# ours, so all but the fix is there. Each test must fail, by what it says, and
# no other one.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
check_paths
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
. "$VM_DIR/source.sh"
# shellcheck source-path=SCRIPTDIR source=kernel.sh
. "$VM_DIR/kernel.sh"
# shellcheck source-path=SCRIPTDIR source=modules.sh
. "$VM_DIR/modules.sh"
# shellcheck source-path=SCRIPTDIR source=tests/lib.sh
. "$VM_DIR/tests/lib.sh"

EARLY_CREATE=$TOP/patches/core/0001-vfio-mdev-Refuse-create-until-the-parent-is-register.patch
EARLY_TEST=create_is_refused_until_the_parent_is_registered

# Everything of ours with one patch taken back, as modules for Debian's kernel.
build_without()
{
	local source=$O/defects/source

	rm -rf "$source"
	mkdir -p "$O/defects"
	cp -a "$PATCHED" "$source"
	patch -R -p1 -F0 -f --no-backup-if-mismatch -d "$source" -i "$1"
	PATCHED=$source ext_build_patched "$HDR" "$O/ext/defects"
	modules_collect defects "$O/ext/defects"
}

modules_without()
{
	local now stamp=$O/modules/defects.fingerprint

	now=$(modules_fingerprint stock)
	if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ]; then
		step modules-defects "modules without one fix" build_without "$1"
		echo "$now" >"$stamp"
	fi
}

# on_stock FOLDER PROGRAM [ARGUMENT..] - run a test program in a guest; sets
# STATUS, and leaves its output in $WORK/out, the kernel's in $WORK/console
on_stock()
{
	local console

	# shellcheck disable=SC2034 # for ends()
	STATUS=0
	"$VM_DIR/vm.sh" -n -k stock -t 120 "$VM_DIR/tests/program.sh" "$@" \
		>"$WORK/out" 2>"$WORK/err" || STATUS=$?
	console=$(sed -nE 's/^ *console: //p' "$WORK/err")
	cat "${console:-/dev/null}" >"$WORK/console"
}

# fails TEXT TEST.. - each of these tests has failed, and says so
fails()
{
	local text=$1 test
	shift

	for test; do
		if ! grep -qE "^not ok [0-9]+ [a-z]+\.$test\$" "$WORK/out" ||
		   ! grep -qE "^# .*:$test:.*$text" "$WORK/out"; then
			echo "$test did not fail with: $text"
			cat "$WORK/err" "$WORK/out"
			return 1
		fi
		echo "$test" >>"$WORK/failed"
	done
}

# Every test that failed was expected to.
nothing_else()
{
	diff <(sort -u "$WORK/failed") \
		<(sed -nE 's/^not ok [0-9]+ [a-z]+\.//p' "$WORK/out" | sort) &&
		grep -qE '^ok [0-9]+ mtty\.a_good_stream_is_loaded$' "$WORK/out"
}

# The process was on its way to RUNNING; the compiler merges functions there.
oopsed_in_mtty()
{
	ends 125 "NULL pointer dereference" &&
		grep -qaE '^\[[ 0-9.]+\] +mtty_(load_state|step_state|set_state)\+' "$WORK/console"
}

overflowed()
{
	ends 125 &&
		grep -qaF 'usercopy: Kernel memory overwrite attempt' "$WORK/console"
}

each_header()
{
	local header

	for header in {0..5}; do
		fails "header $header: the stream is loaded" bad_header_alone \
			bad_header_with_a_port bad_header_with_all_data || return 1
	done
}

each_field()
{
	local field

	for field in head tail count max_fifo_size dlab overrun; do
		fails "port [01]: $field 255" values_of_the_first_port \
			values_of_the_last_port || return 1
	done
}

mtty_defects()
{
	on_stock "$O/modules/plain" mtty_test -t closed_in_resuming
	expect "mtty: closed in RESUMING, RUNNING dereferences NULL" oopsed_in_mtty
	# two CPUs of a guest do not meet each time
	for _ in {1..8}; do
		on_stock "$O/modules/plain" mtty_test -t written_by_two_at_once
		! overflowed >"$WORK/log" || break
	done
	expect "mtty: two writes at once overflow the stream" overflowed
	on_stock "$O/modules/plain" mtty_test -T closed_in_resuming -T written_by_two_at_once
	expect "mtty: closed in another state, it stays there" \
		fails "closed in state [0-9]" closed_in_pre_copy closed_in_stop_copy closed_in_stop
	expect "mtty: after a refused stream and a close, none is taken" \
		fails "takes_a_good_one" closed_after_a_refusal
	expect "mtty: data is loaded whose header was refused" each_header
	expect "mtty: ports are loaded that cannot be" each_field
	expect "mtty: a guest reads behind the FIFO" \
		fails "receives what the other one holds" nothing_is_read_behind_the_fifo
	expect "mtty: a guest writes behind the FIFO" \
		fails "changes the other one" nothing_is_written_behind_the_fifo
	expect "mtty: a device is freed whose migration file is open" \
		fails "its file is open" a_file_keeps_its_device
	expect "mtty: the other tests pass" nothing_else
}

mdev_defects()
{
	on_stock "$O/modules/defects" registration_test -t "$EARLY_TEST"
	expect "mdev: create works before the parent is registered" \
		fails "Expected -ENODEV .* == ret \(0\)" "$EARLY_TEST"
}

WORK=$(mktemp -d "$O/defects.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
locked source source_prepare
locked source pkg_kernel
locked stock modules_without "$EARLY_CREATE"
mtty_defects
mdev_defects
close_tests
