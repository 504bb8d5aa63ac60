#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# local.sh modules|modules_install - our modules for a kernel that is installed
# here (KVER=, default the running one), from the headers it was built with.

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

KVER_WANTED=${KVER:-$(uname -r)}
# The headers may be elsewhere: KDIR=
KDIR=${KDIR:-/lib/modules/$KVER_WANTED/build}
MODULES=(drivers/vfio/profile/vfio_profile.ko drivers/vfio/mdev/mdev.ko
	samples/vfio-mdev/mtty.ko samples/vfio-mdev/mdpy.ko)

check_headers()
{
	case $KVER_WANTED in
	"$BASE".* | "$BASE"-*) ;;
	*) die "kernel $KVER_WANTED is not one of those supported: $BASE" \
		"name one whose headers are installed: make modules KVER=$BASE.x, or KDIR=FOLDER with it" ;;
	esac
	[ -f "$KDIR/Makefile" ] || die "no headers of kernel $KVER_WANTED in $KDIR" \
		"install linux-headers-$KVER_WANTED, or say where they are: make modules KVER=$KVER_WANTED KDIR=FOLDER"
}

build()
{
	locked source source_prepare
	locked local step "modules-$KVER_WANTED" "modules for kernel $KVER_WANTED" '~20 s' \
		ext_build_patched "$KDIR" "$TREE"
	say "they are in $TREE"
}

install_modules()
{
	local file updates=${INSTALL_MOD_PATH-}/lib/modules/$KVER_WANTED/updates/vfio-compat

	for file in "${MODULES[@]}"; do
		[ -f "$TREE/$file" ] || die "$file is not built" "run: make modules KVER=$KVER_WANTED"
	done
	mkdir -p "$updates" || die "cannot write $updates" "run as root, or give INSTALL_MOD_PATH=FOLDER"
	for file in "${MODULES[@]}"; do
		install -m 644 "$TREE/$file" "$updates/"
	done
	depmod ${INSTALL_MOD_PATH:+-b "$INSTALL_MOD_PATH"} "$KVER_WANTED"
	say "installed in $updates; modprobe prefers them from now on"
	say "NOTE: struct mdev_driver and struct mdev_type have grown. Every other mdev"
	say "      driver on this machine (a vendor's vGPU module for instance) must be"
	say "      rebuilt against these headers before it is loaded beside this mdev.ko."
	say "      To go back: remove that folder and run: depmod $KVER_WANTED"
}

check_headers
TREE=$O/ext/$KVER_WANTED
case ${1-} in
modules) build ;;
modules_install) install_modules ;;
*) die "usage: local.sh modules|modules_install" ;;
esac
