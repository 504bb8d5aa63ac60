#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh [-n] [-2] - count the instructions of reads, writes and registration,
# and compare them with what the same kernel needs for its own.
#
# Two guests of Debian's kernel start from one initramfs; one loads the
# unmodified core, one ours. QEMU interprets them with -icount: one nanosecond
# of the guest's clock is one instruction, so the figures of one build are the
# same each time, whatever else runs beside it. -n builds nothing first, -2
# counts twice and compares. What the command costs is counted on this host.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=initramfs.sh
. "$VM_DIR/initramfs.sh"
# shellcheck source-path=SCRIPTDIR source=bench/table.sh
. "$VM_DIR/bench/table.sh"

BENCH_TIMEOUT=${BENCH_TIMEOUT:-600}
GUESTS=()
BUILD=1
TWICE=

# The list of "core stage module", in the order in which they load.
module_list()
{
	printf '%s core kernel/vfio.ko\n' plain stock
	printf '%s core kernel/vfio_iommu_type1.ko\n' plain stock
	printf 'stock core stock/vfio_profile.ko\n'
	printf '%s/%s.ko\n' plain mdev plain mdpy stock mdev stock mdpy |
		sed -E 's:^([a-z]+)/:\1 core &:'
	printf 'stock interface stock/%s.ko\n' mtty vfio_profile_test
}

# unpack_module NAME TARGET - NAME as in the list, without debug data
unpack_module()
{
	local folder=${1%/*} module=${1##*/}

	mkdir -p "${2%/*}"
	if [ "$folder" = kernel ]; then
		xz -dc "$PKG/lib/modules/$KVER/kernel/drivers/vfio/$module.xz" >"$2"
	else
		cp "$O/modules/$folder/$module" "$2"
	fi
	strip --strip-debug "$2"
}

# Both guests have the same archive, so that their memory is alike.
bench_initramfs()
{
	local dir=$O/initramfs/bench.d module

	rm -rf "$dir"
	mkdir -p "$dir"/{bin,dev,proc,sys,modules}
	cp "$BUSYBOX" "$dir/bin/busybox"
	strip -o "$dir/bin/vfio-bench" "$O/selftests/vfio-bench"
	install -m 755 "$VM_DIR/bench/init.sh" "$dir/init"
	module_list >"$dir/modules/list"
	sed 's/.* //' "$dir/modules/list" | sort -u | while read -r module; do
		unpack_module "$module" "$dir/modules/$module"
	done
	find "$dir" -exec touch -d @0 {} +
	(cd "$dir" && find . | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --reproducible --quiet) >"$O/initramfs/bench.cpio"
	rm -rf "$dir"
}

# count_on CORE - boot with that core; the figures go to $LOG/bench-CORE.log
count_on()
{
	exec setpriv --pdeathsig KILL timeout -k 5 "$BENCH_TIMEOUT" setpriv --pdeathsig KILL \
		qemu-system-x86_64 -machine q35,accel=tcg -cpu qemu64 -smp 1 -m 512 \
		-nodefaults -display none -nic none -no-reboot \
		-icount shift=0,sleep=off -rtc base=2020-01-01T00:00:00,clock=vm -seed 1 \
		-serial "file:$LOG/bench-$1.console" -serial "file:$LOG/bench-$1.log" \
		-kernel "$PKG/boot/vmlinuz-$KVER" -initrd "$O/initramfs/bench.cpio" \
		-append "console=ttyS0 quiet panic=-1 oops=panic nokaslr norandmaps \
random.trust_cpu=off bench_core=$1" </dev/null 2>"$LOG/bench-$1.monitor"
}

# shellcheck disable=SC2317 # called by the trap
stop_guests()
{
	[ ${#GUESTS[@]} -gt 0 ] || return 0
	# timeout passes it on; bash would tell on stderr how they ended
	{ kill "${GUESTS[@]}"; wait "${GUESTS[@]}"; } 2>/dev/null || true
}

# Counted instructions do not mind what runs beside them: both at once.
run_guests()
{
	local core status

	say "counting (about 30 s) ..."
	GUESTS=()
	for core in plain stock; do
		: >"$LOG/bench-$core.log"
		: >"$LOG/bench-$core.console"
		count_on "$core" &
		GUESTS+=($!)
	done
	for core in plain stock; do
		status=0
		{ wait "${GUESTS[0]}" || status=$?; } 2>/dev/null
		GUESTS=("${GUESTS[@]:1}")
		check_guest "$core" "$status"
	done
}

# Once more; the first figures are kept as *.log.first.
run_again()
{
	local log

	for log in "${LOGS[@]}"; do
		mv "$log" "$log.first"
	done
	run_guests
	about again "a second run counts the same"
	for log in "${LOGS[@]}"; do
		cmp -s "$log" "$log.first" || WORST[again]+=" diff $log.first $log;"
	done
}

# The command, beside mdevctl where a name space can be had to run it in.
count_tool()
{
	local mdevctl=''

	if unshare -rm true 2>/dev/null; then
		mdevctl=$("$VM_DIR/ecosystem/fetch.sh" | tail -n 1)/usr/bin/mdevctl
	fi
	make --no-print-directory -s -C "$TOP/tools/vfio-compat" O="$O/tools" -j"$JOBS" all
	"$TOP/tools/vfio-compat/tests/bench.sh" "$O/tools" "$mdevctl"
}

# check_guest CORE STATUS - it has counted all, and its kernel was content
check_guest()
{
	local log=$LOG/bench-$1.log last='end core' splat

	[ "$1" = plain ] || last='end interface'
	splat=$(grep -a -m 1 -E -f "$VM_DIR/splats" "$LOG/bench-$1.console" || true)
	if [ "$2" -eq 124 ] || [ "$2" -eq 137 ]; then
		die "core $1: the guest did not finish within $BENCH_TIMEOUT s" \
			"look at $LOG/bench-$1.console, or give it more: BENCH_TIMEOUT="
	elif [ -n "$splat" ]; then
		die "core $1: the kernel reported: $splat" "look at $LOG/bench-$1.console"
	elif grep -q '^error' "$log" || ! tail -n 1 "$log" | grep -qxF "$last"; then
		show_log "$log" 5
		die "core $1: not everything was counted" \
			"look at $log, $LOG/bench-$1.console and $LOG/bench-$1.monitor"
	fi
}

parse_options()
{
	local option

	while getopts 'n2' option; do
		case $option in
		n) BUILD= ;;
		2) TWICE=1 ;;
		*) die "unknown option" "usage: bench.sh [-n] [-2]" ;;
		esac
	done
}

main()
{
	parse_options "$@"
	check_paths
	LOGS=("$LOG/bench-plain.log" "$LOG/bench-stock.log")
	[ -z "$BUILD" ] || "$VM_DIR/prepare.sh" stock
	need_tools qemu-system-x86_64 strip cpio xz
	pkg_load
	mkdir -p "$O/initramfs"
	lock_build bench
	step bench-initramfs "initramfs for counting" bench_initramfs
	trap stop_guests EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	run_guests
	[ -z "$TWICE" ] || run_again
	load_figures plain "${LOGS[0]}"
	load_figures stock "${LOGS[1]}"
	if command -v valgrind >/dev/null; then
		step bench-tool "what the command costs" '~30 s' count_tool
		load_figures tool "$LOG/bench-tool.log"
	else
		say "valgrind is not installed, so the command is not counted: make deps"
	fi
	print_table
	if ! print_goals; then
		say "details: ${LOGS[*]}"
		return 1
	fi
}

main "$@"
