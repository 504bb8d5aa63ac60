#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm.sh - run a script as root in a guest and pass its output and exit code on.
#
# The host's root is the guest's root, read-only, under a tmpfs that takes
# every write; the clone is at its usual path. See usage() for the options and
# init.sh for what the guest does.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source-path=SCRIPTDIR source=devices.sh
. "$VM_DIR/devices.sh"

# What the exit code says when it is not the script's own.
EXIT_TIMEOUT=124
EXIT_GUEST=125

KERNEL=${KERNEL:-stock}
TIMEOUT=${TIMEOUT:-300}
ACCEL=${ACCEL:-tcg}
DEVICES=${DEVICES:-}
OVERLAYS=()
APPEND=
KMEMLEAK=
QUIET=
NO_PREPARE=
COUNT=()
CPUS=2
MEMORY=
NEXT="run: make vm RUN=script; options: make vm VMFLAGS=-h"

usage()
{
	cat <<'END'
usage: vm.sh [options] script [arguments..]

  -k KERNEL      stock (Debian's own, the default), debug or uml
  -t SECONDS     limit of wall time, default 300: afterwards exit code 124
  -c CPUS        default 2 (uml has one)
  -m MEGABYTES   memory, default 1024 (debug: 2048, uml: 512)
  -d DEVICES     hardware to be there: nvme-vf, two virtual functions of an
                 NVMe controller, bound to no driver; not for uml
  -o FOLDER      lay an unpacked package folder over the root; repeatable
  -a ARGUMENTS   more arguments for the kernel command line
  -l             look for memory leaks at the end (debug only)
  -i             one CPU, on whose clock an instruction takes a nanosecond
  -q             show the script's output only if it fails
  -n             do not build anything first

The same by environment: KERNEL, TIMEOUT, DEVICES, O (build folder), BASE=6.1
for Linux 6.1 instead of 6.12, and ACCEL=kvm for who trusts it. The
guest's script finds VFIO_COMPAT_KERNEL, VFIO_COMPAT_MODULES,
VFIO_COMPAT_SELFTESTS and, on stock, VFIO_COMPAT_MODULES_PLAIN; with nvme-vf
VFIO_COMPAT_PF and VFIO_COMPAT_VFS, which hold PCI addresses. The programs
are on PATH and "modprobe" takes our modules before the distribution's.

Exit code: the script's; 124 after the time limit; 125 if the guest died or
the kernel reported a problem, even if the script itself was content.
END
}

parse_options()
{
	local option

	while getopts ':k:t:c:m:d:o:a:ilqnh' option; do
		case $option in
		k) KERNEL=$OPTARG ;;
		t) TIMEOUT=$OPTARG ;;
		c) CPUS=$OPTARG ;;
		m) MEMORY=$OPTARG ;;
		d) DEVICES=$OPTARG ;;
		o) OVERLAYS+=("$OPTARG") ;;
		a) APPEND+=" $OPTARG" ;;
		l) KMEMLEAK=1 ;;
		i) COUNT=(-icount "shift=0,sleep=off") CPUS=1 ;;
		q) QUIET=1 ;;
		n) NO_PREPARE=1 ;;
		h) usage; exit 0 ;;
		:) die "option -$OPTARG lacks its value" "$NEXT" ;;
		*) die "no option -$OPTARG" "$NEXT" ;;
		esac
	done
	shift $((OPTIND - 1))
	[ -n "${1-}" ] || die "no script given" "$NEXT"
	SCRIPT=$(realpath -e "$1" 2>/dev/null) || die "no such script: $1 (looked for in $PWD)" "$NEXT"
	[ -f "$SCRIPT" ] || die "not a file: $1" "$NEXT"
	shift
	ARGS=("$@")
}

# at_least MINIMUM WHAT VALUE
at_least()
{
	case $3 in
	'' | *[!0-9]*) die "$2 is not a number: $3" "$NEXT" ;;
	esac
	[ "$3" -ge "$1" ] || die "$2 is too small: $3" "give $1 or more"
}

# All that can be wrong is said before anything is built.
check_options()
{
	local i

	check_kernel "$KERNEL"
	case $ACCEL in
	tcg | kvm) ;;
	*) die "no accelerator called $ACCEL" "known: tcg kvm" ;;
	esac
	check_devices "$DEVICES" "$KERNEL"
	at_least 1 "TIMEOUT (-t, seconds)" "$TIMEOUT"
	at_least 1 "the number of CPUs (-c)" "$CPUS"
	at_least 256 "the memory (-m, megabytes)" "$MEMORY"
	[ -z "$KMEMLEAK" ] || [ "$KERNEL" = debug ] ||
		die "kernel $KERNEL cannot look for leaks (-l)" "use -k debug, or leave out -l"
	[ ${#COUNT[@]} -eq 0 ] || { [ "$KERNEL" != uml ] && [ "$ACCEL" = tcg ]; } ||
		die "only QEMU without KVM can count instructions (-i)" "use -k stock, or leave out -i"
	for i in "${!OVERLAYS[@]}"; do
		[ -d "${OVERLAYS[i]}" ] || die "no such folder: ${OVERLAYS[i]} (-o)" "$NEXT"
		OVERLAYS[i]=$(realpath "${OVERLAYS[i]}")
		check_name "${OVERLAYS[i]}"
	done
	[ "$KERNEL" = uml ] || need_tools qemu-system-x86_64
}

# The folder of this run: settings for the guest, logs; old ones go. Its name
# is one word of the kernel's command line.
make_run_folder()
{
	local name=${SCRIPT##*/}

	mkdir -p "$O/run"
	# Another guest that starts now may be faster at that.
	find "$O/run" -mindepth 1 -maxdepth 1 -type d -mmin +720 -exec rm -rf {} + 2>/dev/null || true
	RUN=$(mktemp -d "$O/run/$KERNEL-${name//[^[:alnum:]._-]/_}.XXXX")
	NONCE=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	CONSOLE=$RUN/console.log
	: >"$CONSOLE"
	: >"$RUN/verdict"
	write_guest_settings >"$RUN/env"
}

write_guest_settings()
{
	local VM_SCRIPT=$SCRIPT VM_ARGS=("${ARGS[@]}") VM_CWD=$PWD VM_KMEMLEAK=$KMEMLEAK VM_DEVICES=$DEVICES
	local VFIO_COMPAT_KERNEL=$KERNEL VFIO_COMPAT_MODULES=$O/modules/$KERNEL
	local VFIO_COMPAT_SELFTESTS=$O/selftests VFIO_COMPAT_MODULES_PLAIN=$O/modules/plain
	local PATH=$O/tools/bin:$O/tools:$O/selftests:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

	declare -p VM_SCRIPT VM_ARGS VM_CWD VM_KMEMLEAK VM_DEVICES PATH
	declare -p VFIO_COMPAT_KERNEL VFIO_COMPAT_MODULES VFIO_COMPAT_SELFTESTS |
		sed 's/^declare --/export/'
	if [ "$KERNEL" = stock ]; then
		declare -p VFIO_COMPAT_MODULES_PLAIN | sed 's/^declare --/export/'
	fi
}

kernel_arguments()
{
	local overlays

	overlays=$(IFS=:; echo "${OVERLAYS[*]-}")
	printf '%s ' "panic=-1 oops=panic sysctl.kernel.hung_task_panic=1" \
		"vm_init=$VM_DIR/init.sh vm_run=$RUN vm_modules=$O/root/$KERNEL vm_nonce=$NONCE"
	[ -z "$overlays" ] || printf 'vm_overlay=%s ' "$overlays"
	if [ -n "$KMEMLEAK" ]; then
		printf 'kmemleak=on '
	elif [ "$KERNEL" = debug ]; then
		printf 'kmemleak=off '
	fi
	devices_kernel_arguments "$DEVICES"
	printf '%s' "${APPEND# }"
}

# Both kinds of guest die with this script (pdeathsig), however it ends, and
# timeout sees to it that they end at all.
bounded()
{
	exec setpriv --pdeathsig KILL timeout -s KILL "$TIMEOUT" setpriv --pdeathsig KILL "$@"
}

# A folder of the host as a read-only 9p device: qemu_folder PATH TAG
qemu_folder()
{
	QEMU_FOLDERS+=(-fsdev "local,id=$2,path=$1,security_model=none,readonly=on,multidevs=remap"
		-device "virtio-9p-pci,fsdev=$2,mount_tag=$2")
}

start_qemu()
{
	local kernel i devices

	mapfile -t devices < <(devices_qemu_arguments "$DEVICES")
	QEMU_FOLDERS=()
	qemu_folder / root
	for i in "${!OVERLAYS[@]}"; do
		qemu_folder "${OVERLAYS[i]}" "overlay$i"
	done
	case $KERNEL in
	stock) kernel=$PKG_KERNEL ;;
	*) kernel=$O/kernel/$KERNEL/arch/x86/boot/bzImage ;;
	esac
	bounded qemu-system-x86_64 -machine "q35,accel=$ACCEL" -cpu "$QEMU_CPU" \
		-smp "$CPUS" -m "$MEMORY" \
		-nodefaults -display none -nic none -no-reboot "${devices[@]}" "${COUNT[@]}" \
		-chardev "stdio,id=out,signal=off" \
		-serial "file:$CONSOLE" -serial chardev:out -serial "file:$RUN/verdict" \
		"${QEMU_FOLDERS[@]}" \
		-kernel "$kernel" -initrd "$O/initramfs/$KERNEL.cpio" \
		-append "console=ttyS0 vm_root=9p $(kernel_arguments)" \
		</dev/null 2>"$RUN/monitor.log"
}

start_uml()
{
	local arguments unshare=(unshare --mount --pid --fork --kill-child=KILL --mount-proc)

	read -ra arguments <<<"$(kernel_arguments)"
	[ "$(id -u)" = 0 ] || unshare+=(--map-root-user)
	bounded "${unshare[@]}" bash "$VM_DIR/uml.sh" "$O/kernel/uml/linux" \
		"mem=${MEMORY}M" "initrd=$O/initramfs/uml.cpio" \
		console=tty0 con=null con0=null,fd:3 ssl=null ssl0=null,fd:1 ssl1=null,fd:4 \
		vm_root=hostfs "${arguments[@]}" \
		</dev/null 3>>"$CONSOLE" 4>>"$RUN/verdict" 2>>"$RUN/monitor.log"
}

start_guest()
{
	if [ "$KERNEL" = uml ]; then
		start_uml
	else
		start_qemu
	fi
}

# The guest's output passes through a pipe of ours: whoever reads our stdout
# does not get it back in non-blocking mode.
show_output()
{
	if [ -n "$QUIET" ]; then
		cat >"$RUN/output.log"
	else
		tee "$RUN/output.log"
	fi
}

# shellcheck disable=SC2317 # called by the trap
stop_guest()
{
	[ -z "${GUEST-}" ] || kill -KILL "$GUEST" 2>/dev/null || true
}

run_guest()
{
	local out reader messages

	trap stop_guest EXIT
	# bash would tell us on stderr that the guest was killed, hence the copy
	exec {messages}>&2
	trap 'echo interrupted >&"$messages"; exit 130' INT
	trap 'exit 143' TERM HUP
	mkfifo "$RUN/pipe"
	show_output <"$RUN/pipe" &
	reader=$!
	start_guest >"$RUN/pipe" &
	GUEST=$!
	out=0
	{ wait "$GUEST" || out=$?; } 2>/dev/null
	GUEST=
	wait "$reader"
	rm -f "$RUN/pipe"
	return "$out"
}

# judge EXIT-CODE-OF-THE-GUEST SECONDS - sets STATUS, REASON, and what to show
# with it
judge()
{
	local verdict splat

	LOGS=()
	HINT="console: $CONSOLE"
	splat=$(grep -a -m 1 -E -f "$VM_DIR/splats" "$CONSOLE" | tr -d '\r' || true)
	verdict=$(tr -d '\r' <"$RUN/verdict" | sed -nE "s/^verdict $NONCE (status=[0-9]+ scan=.*)$/\1/p")
	STATUS=$EXIT_GUEST
	if [ "$1" -eq 137 ] && [ "$2" -ge "$TIMEOUT" ] && [ -z "$verdict" ]; then
		STATUS=$EXIT_TIMEOUT
		REASON="the guest did not finish within $TIMEOUT s (TIMEOUT=)${splat:+; first report: $splat}"
	elif [ -z "$verdict" ]; then
		LOGS=("$CONSOLE")
		[ "$1" -eq 0 ] || LOGS+=("$RUN/monitor.log")
		REASON="the guest ended without a verdict${splat:+: $splat}"
		if [ "$1" -ne 0 ] && [ "$KERNEL" != uml ]; then
			REASON="QEMU itself failed"
			[ "$ACCEL" = tcg ] || HINT="try without ACCEL=$ACCEL"
		fi
	elif [ -n "$splat" ]; then
		REASON="the kernel reported: $splat"
	elif [ "${verdict#*scan=}" != clean ]; then
		REASON="the kernel reported: ${verdict#*scan=}"
	else
		STATUS=${verdict#status=}
		STATUS=${STATUS%% *}
		REASON=
	fi
}

# Before version 8.1 QEMU may execute code that the guest is just replacing
# (text_poke): one guest in some hundreds dies of that, with an int3 that nobody
# placed, or in some other way while it boots. It says nothing of what ran there.
died_of_qemu()
{
	[ "$STATUS" = "$EXIT_GUEST" ] && [ "$KERNEL" != uml ] && [ "$ACCEL" = tcg ] || return
	[[ $REASON = "the guest ended without a verdict"* ]] || return
	[[ $REASON =~ int3:\ 0000 ]] || ! grep -aq 'Run /init as init process' "$CONSOLE"
}

report()
{
	local log

	if [ "$STATUS" -ne 0 ] && [ -n "$QUIET" ]; then
		show_log "$RUN/output.log" 60
	fi
	if [ -n "$REASON" ]; then
		for log in "${LOGS[@]}"; do
			show_log "$log" 10
		done
		say "error: $KERNEL: $REASON"
		say "       $HINT"
	fi
}

# What the two kinds of guest need to know about the build.
load_build()
{
	if [ -z "$NO_PREPARE" ]; then
		"$VM_DIR/prepare.sh" "$KERNEL"
	elif [ ! -f "$O/initramfs/$KERNEL.cpio" ]; then
		die "kernel $KERNEL of $BASE is not built (-n)" "leave out -n"
	fi
	# shellcheck source=/dev/null
	. "$O/versions"
	PKG_KERNEL=$O/pkg/boot/vmlinuz-$KVER
	QEMU_CPU=qemu64,+rdrand
	[ "$ACCEL" = tcg ] || QEMU_CPU=host
}

# All of one run of the guest; sets what judge() sets.
try_guest()
{
	local start=$SECONDS status=0

	make_run_folder
	run_guest || status=$?
	judge "$status" $((SECONDS - start))
}

main()
{
	local try

	parse_options "$@"
	case $KERNEL in
	uml) : "${MEMORY:=512}" ;;
	debug) : "${MEMORY:=2048}" ;;
	*) : "${MEMORY:=1024}" ;;
	esac
	check_options
	check_paths
	load_build
	for try in 2 3 last; do
		try_guest
		if [ "$try" = last ] || ! died_of_qemu; then
			break
		fi
		say "note: $KERNEL: the guest died as with QEMU before 8.1 it sometimes does, try $try of 3"
		say "      $HINT"
	done
	report
	exit "$STATUS"
}

main "$@"
