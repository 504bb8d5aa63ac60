#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# prepare.sh [BASE/]KERNEL.. - have the guests ready: stock, debug, uml. Also
# "source" (whole tree, grafted), "packages" and "programs". Quick when nothing
# changed.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
check_paths
. "$VM_DIR/packages.sh"
. "$VM_DIR/source.sh"
. "$VM_DIR/kernel.sh"
. "$VM_DIR/modules.sh"
. "$VM_DIR/initramfs.sh"

# The programs are built once, for the guests of every base.
prepare_programs()
{
	local dir

	if [ "$BASE" = "$MAIN_BASE" ]; then
		locked source source_prepare
		locked source pkg_kernel
		locked programs programs
		return
	fi
	BASE=$MAIN_BASE O=${O%/*} "$VM_DIR/prepare.sh" programs
	for dir in tools selftests; do
		ln -sfn "../$dir" "$O/$dir"
	done
}

prepare()
{
	case $1 in
	*/*)
		BASE=${1%%/*} O=$O "$VM_DIR/prepare.sh" "${1#*/}" ;;
	programs)
		prepare_programs ;;
	packages)
		locked source pkg_kernel ;;
	source)
		locked source source_full ;;
	stock)
		prepare_programs
		locked source source_prepare
		locked source pkg_kernel
		locked stock modules_stock
		locked stock initramfs stock ;;
	uml | debug)
		check_kernel "$1"
		locked source source_full
		locked source pkg_kernel
		locked "$1" modules_own "$1"
		prepare_programs
		locked "$1" initramfs "$1" ;;
	*)
		check_kernel "$1" ;;
	esac
}

for name; do
	prepare "$name"
done
