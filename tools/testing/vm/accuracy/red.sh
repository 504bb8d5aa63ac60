#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# red.sh - the accuracy matrix finds what it is for: a simulator that takes one
# thing more than it declares, and one that takes one thing less, turn it red.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
check_paths
# shellcheck source-path=SCRIPTDIR source=../packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=../source.sh
. "$VM_DIR/source.sh"
# shellcheck source-path=SCRIPTDIR source=../kernel.sh
. "$VM_DIR/kernel.sh"
# shellcheck source-path=SCRIPTDIR source=../modules.sh
. "$VM_DIR/modules.sh"
# shellcheck source-path=SCRIPTDIR source=../tests/lib.sh
. "$VM_DIR/tests/lib.sh"

PAIRS=600
MUTANT=$VM_DIR/accuracy/mutant.h

# build_variant NAME WHAT - the simulator alone, built wrong; see mutant.h
build_variant()
{
	local name=$1 tree=$O/ext/$1 files flags

	mapfile -t files < <(ext_upstream_files)
	graft "$tree" "${files[@]}"
	ext_kbuild "$tree" samples/vfio-mdev
	mapfile -t flags < <(ext_flags "${EXT_MODULE_SYMBOLS[*]}" "${EXT_BOOL_SYMBOLS[*]}")
	flags+=("CFLAGS_mdev_sim_migration.o=-D$2=1 -I$tree/samples/vfio-mdev -include $MUTANT")
	ext_make "$HDR" "$tree" "${flags[@]}" \
		KBUILD_EXTRA_SYMBOLS="$O/ext/stock/Module.symvers" modules
	modules_collect "$name" "$O/ext/stock" "$tree"
}

# variant NAME WHAT
variant()
{
	local now stamp=$O/modules/$1.fingerprint

	now="$(modules_fingerprint stock) $2 $(sha256sum <"$MUTANT")"
	if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ]; then
		step "modules-$1" "a simulator with $2" build_variant "$@"
		echo "$now" >"$stamp"
	fi
}

# on_stock NAME - the matrix with these modules; sets STATUS
on_stock()
{
	# shellcheck disable=SC2034 # for ends()
	STATUS=0
	"$VM_DIR/vm.sh" -n -k stock -t 200 "$VM_DIR/accuracy/guest.sh" -M "$O/modules/$1" -p "$PAIRS" \
		>"$WORK/out" 2>"$WORK/err" || STATUS=$?
}

# red TEXT - it has failed, by disagreements of this kind and nothing else
red()
{
	local line

	cat "$WORK/err"
	line=$(grep -aE '^[|] accuracy: [0-9]+ pairs .* [1-9][0-9]* disagreements' "$WORK/out") ||
		{ tail -n 20 "$WORK/out"; return 1; }
	ends 1 && grep -qaE "^DISAGREEMENT, .*$1" "$WORK/out" && echo "$line"
}

WORK=$(mktemp -d "$O/red.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
locked source source_prepare
locked source pkg_kernel
locked stock variant stock-more MDEV_SIM_ACCEPTS_MORE
locked stock variant stock-less MDEV_SIM_ACCEPTS_LESS
on_stock stock-more
expect "a driver that takes more than it declares is found" \
	red 'the handshake and the real migration'
on_stock stock-less
expect "a driver that takes less than it declares is found" \
	red 'the real migration: refused after the source was stopped'
close_tests
