#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# prepare.sh KERNEL.. - have the guests ready: stock, debug, uml. Also
# "source" (whole tree, grafted) and "packages". Quick when nothing changed.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
check_paths
. "$VM_DIR/packages.sh"
. "$VM_DIR/source.sh"
. "$VM_DIR/kernel.sh"
. "$VM_DIR/modules.sh"
. "$VM_DIR/initramfs.sh"

prepare()
{
	case $1 in
	packages)
		locked source pkg_kernel ;;
	source)
		locked source source_full ;;
	stock)
		locked source source_prepare
		locked source pkg_kernel
		locked programs programs
		locked stock modules_stock
		locked stock initramfs stock ;;
	uml | debug)
		locked source source_full
		locked source pkg_kernel
		locked "$1" modules_own "$1"
		locked programs programs
		locked "$1" initramfs "$1" ;;
	*)
		die "no kernel called $1" "known: stock debug uml" ;;
	esac
}

for name; do
	prepare "$name"
done
