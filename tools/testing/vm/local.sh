#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# local.sh modules|modules_install - our modules for a kernel that is installed
# here, from the headers it was built with. KVER= names it; otherwise it is the
# one of the headers in KDIR=, or the running one.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

KDIR=${KDIR-}
# What the modules will say they are for. Not kernel.release: Debian's 6.1 has
# another name there.
RELEASE_FILE=include/generated/utsrelease.h

# no_kernel MESSAGE - end with it, and with what could be named instead
no_kernel()
{
	local folder guests="" known=

	for folder in /lib/modules/6.1.*/build /lib/modules/6.12*/build; do
		[ ! -f "$folder/$RELEASE_FILE" ] || known+=" $(basename "${folder%/build}")"
	done
	for folder in "$O"/{,6.1/}pkg/usr/src/linux-headers-*; do
		[ ! -f "$folder/$RELEASE_FILE" ] || guests+=" KDIR=$folder"
	done
	die "$1" "name one with headers: make modules KVER=RELEASE, or KDIR=FOLDER${known:+; here are:$known}${guests:+; of the guests:$guests}"
}

# headers_release FOLDER - the kernel that these headers are of
headers_release()
{
	sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$1/$RELEASE_FILE" 2>/dev/null ||
		no_kernel "no headers of a built kernel in $1"
}

# What is to be built decides which sources it is built from.
choose_kernel()
{
	if [ -n "${KVER-}" ] || [ -z "$KDIR" ]; then
		KVER_WANTED=${KVER:-$(uname -r)}
	else
		KVER_WANTED=$(headers_release "$KDIR")
	fi
	case $KVER_WANTED in
	6.12[.-]*) BASE=6.12 ;;
	6.1[.-]*) BASE=6.1 ;;
	*) no_kernel "kernel $KVER_WANTED is not one of those supported: 6.12 6.1" ;;
	esac
	HEADERS=${KDIR:-/lib/modules/$KVER_WANTED/build}
}

choose_kernel
check_build
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
. "$VM_DIR/source.sh"
# shellcheck source-path=SCRIPTDIR source=kernel.sh
. "$VM_DIR/kernel.sh"
# shellcheck source-path=SCRIPTDIR source=modules.sh
. "$VM_DIR/modules.sh"

TREE=$O/ext/$KVER_WANTED
MODULES=(drivers/vfio/profile/vfio_profile.ko drivers/vfio/profile/vfio_pci_profile.ko
	drivers/vfio/mdev/mdev.ko
	samples/vfio-mdev/mtty.ko samples/vfio-mdev/mdpy.ko
	samples/vfio-mdev/mdev_sim.ko
	samples/vfio-mdev/mdev_sim_{vgpu,nvme,qat,ccw,ap}.ko
	samples/vfio-pci/nvme_vf_profile.ko)

check_headers()
{
	local found

	found=$(headers_release "$HEADERS")
	[ "$found" = "$KVER_WANTED" ] || no_kernel "the headers in $HEADERS are of $found, not of $KVER_WANTED"
}

build()
{
	check_headers
	check_paths
	locked source source_prepare
	locked local step "modules-$KVER_WANTED" "modules for kernel $KVER_WANTED" '~20 s' \
		ext_build_patched "$HEADERS" "$TREE"
	say "they are in $TREE"
}

install_modules()
{
	local file updates=${INSTALL_MOD_PATH-}/lib/modules/$KVER_WANTED/updates/vfio-compat
	local depmod=(depmod ${INSTALL_MOD_PATH:+-b "$INSTALL_MOD_PATH"} "$KVER_WANTED")

	for file in "${MODULES[@]}"; do
		[ -f "$TREE/$file" ] || die "$file is not built" \
			"run: make modules KVER=$KVER_WANTED${KDIR:+ KDIR=$KDIR}"
	done
	mkdir -p "$updates" 2>/dev/null || die "cannot write $updates" \
		"run as root, or give INSTALL_MOD_PATH=FOLDER"
	for file in "${MODULES[@]}"; do
		install -m 644 "$TREE/$file" "$updates/"
	done
	"${depmod[@]}"
	cat >&2 <<END
installed in $updates; modprobe prefers them from now on
NOTE: struct mdev_driver, struct mdev_type and struct mdev_device have grown.
      Every other mdev driver on this machine (a vendor's vGPU module for
      instance) must be rebuilt before it is loaded beside this mdev.ko, with
          $TREE/include
      ahead of the kernel's own headers, and with
          KBUILD_EXTRA_SYMBOLS=$TREE/Module.symvers
          KCPPFLAGS=-DCONFIG_VFIO_MDEV_PROFILE=1
      To go back: remove that folder and run: ${depmod[*]}
END
}

case ${1-} in
modules) build ;;
modules_install) install_modules ;;
*) die "usage: local.sh modules|modules_install" ;;
esac
