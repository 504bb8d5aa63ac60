# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# commands.sh - what cannot work is refused at once, and nothing that is not
# ours is touched.

# refused MESSAGE COMMAND.. - it fails, and says so
refused()
{
	local message=$1
	shift

	if "$@" >"$WORK/err" 2>&1; then
		echo "succeeded: $*"
		return 1
	fi
	cat "$WORK/err"
	grep -qF -- "$message" "$WORK/err"
}

make_top()
{
	make -C "$TOP" "$@"
}

# used FOLDER - as a build folder
used()
{
	O=$1 bash -c '. "$0" && check_build' "$VM_DIR/common.sh"
}

foreign_is_whole()
{
	[ "$(cat "$WORK/foreign/file")" = mine ]
}

mkdir "$WORK/foreign" "$WORK/a" "$WORK/a b"
echo mine >"$WORK/foreign/file"
foreign="was not made by this project"
expect "clean: a folder of others is refused" refused "$foreign" make_top clean O="$WORK/foreign"
expect "clean: from the environment too" refused "$foreign" env O="$WORK/foreign" make -C "$TOP" clean
used "$WORK/foreign"
expect "clean: even after a use" refused "$foreign" make_top clean O="$WORK/foreign"
expect "clean: nothing of it is gone" foreign_is_whole
used "$WORK/own"
expect "clean: a folder of ours is removed" make_top clean O="$WORK/own"
expect "clean: (it is)" [ ! -e "$WORK/own" ]
expect "clean: once more is no error" make_top clean O="$WORK/own"
for target in vm modules modules_install tools install clean; do
	expect "$target: a blank in O is refused" refused "a blank or a colon" make_top $target O="$WORK/a b"
	expect "$target: an empty O is refused" refused "O= is empty" make_top $target O=
done
expect "the tool's Makefile refuses a blank too" refused "has a blank" \
	make -C "$TOP/tools/vfio-compat" O="$WORK/a b"
expect "(both folders are still there)" rmdir "$WORK/a" "$WORK/a b"

# not_writable FOLDER - as somebody who is not root
not_writable()
{
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

	[ "$(id -u)" = 0 ] || nobody=()
	# shellcheck disable=SC2016 # for the other shell
	declare -f die usable_folder |
		refused "which belongs to root" "${nobody[@]}" bash -c 'eval "$(cat)"; usable_folder "$0"' "$1"
}
expect "the owner of a folder that cannot be written is named" not_writable /

headers()
{
	mkdir -p "$WORK/headers/include/generated"
	echo "#define UTS_RELEASE \"$1\"" >"$WORK/headers/include/generated/utsrelease.h"
}

headers 6.12.117
expect "modules: headers of another kernel are refused" refused "are of 6.12.117, not of 6.12.5" \
	make_top modules KVER=6.12.5 KDIR="$WORK/headers"
expect "modules: a folder without headers is refused" refused "no headers of a built kernel" \
	make_top modules KDIR="$WORK/foreign"
expect "modules: the headers tell the kernel" refused "make modules KVER=6.12.117 " \
	make_top modules_install KDIR="$WORK/headers"
headers 6.2.1
expect "modules: a kernel that is not supported is refused" refused "not one of those supported" \
	make_top modules KDIR="$WORK/headers"

# No headers anywhere: it only copies.
install_modules()
{
	local tree=$WORK/own/ext/6.12.5 module

	mkdir -p "$tree"/{drivers/vfio/{profile,mdev},samples/vfio-{mdev,pci}}
	for module in drivers/vfio/{profile/vfio{,_pci}_profile,mdev/mdev} \
		samples/vfio-mdev/{mtty,mdpy,mdev_sim{,_vgpu,_nvme,_qat,_ccw,_ap}} \
		samples/vfio-pci/nvme_vf_profile; do
		cp "$O/modules/stock/${module##*/}.ko" "$tree/$module.ko"
	done
	make_top modules_install O="$WORK/own" KVER=6.12.5 INSTALL_MOD_PATH="$WORK/root" >"$WORK/out" 2>&1
	cat "$WORK/out"
	[ -f "$WORK/root/lib/modules/6.12.5/updates/vfio-compat/mdev.ko" ] &&
		grep -qF "depmod -b $WORK/root 6.12.5" "$WORK/out"
}
expect "modules_install: the other root is in the way back, too" install_modules

relative_install()
{
	make_top install O="$O" DESTDIR="$(realpath -m --relative-to="$TOP" "$WORK/dest dir")" PREFIX=/p &&
		[ -x "$WORK/dest dir/p/bin/vfio-compat" ]
}
expect "install: DESTDIR is relative to where make runs" relative_install
expect "install: a PREFIX that cannot be written is named" refused "cannot write $WORK/foreign/file/p" \
	make_top install O="$O" PREFIX="$WORK/foreign/file/p"
expect "tools: headers that are missing are named" refused "the headers of json-c are missing" \
	env CC="gcc -nostdinc" make -C "$TOP/tools/vfio-compat" O="$WORK/json" json-c
expect "deps: no folder for downloads is needed" env XDG_CACHE_HOME="$WORK/foreign/file" "$VM_DIR/deps.sh" demo
expect "a target that is not there is named" refused "no target called nonesuch; see make help" \
	make_top nonesuch

# vm MESSAGE ARGUMENT.. - refused before anything else, in an empty build folder
vm()
{
	local message=$1
	shift

	refused "$message" env O="$WORK/empty" "$VM_DIR/vm.sh" "$@" && [ ! -e "$WORK/empty" ]
}

# with NAME=VALUE COMMAND..
with()
{
	local -x "$1"
	"${@:2}"
}

no_qemu()
{
	local tool

	mkdir "$WORK/bin"
	for tool in bash dirname env nproc realpath; do
		ln -s "$(command -v "$tool")" "$WORK/bin/"
	done
	refused "missing: qemu-system-x86_64" env PATH="$WORK/bin" "$VM_DIR/vm.sh" -k stock "$WORK/go.sh"
}

script go <<<:
expect "vm: no script" vm "run: make vm RUN=script; options: make vm VMFLAGS=-h"
expect "vm: no such script" vm "no such script: nonesuch (looked for in $PWD)" nonesuch
expect "vm: no such option" vm "no option -Z" -Z "$WORK/go.sh"
expect "vm: no such kernel" vm "no kernel called nonesuch" -k nonesuch "$WORK/go.sh"
expect "vm: no such devices" vm "known: nvme-vf" -d nonesuch "$WORK/go.sh"
expect "vm: devices without a bus" vm "kernel uml has no PCI" -k uml -d nvme-vf "$WORK/go.sh"
expect "vm: no such accelerator" with ACCEL=nonesuch vm "known: tcg kvm" "$WORK/go.sh"
expect "vm: a time that is no number" vm "is not a number: 5s" -t 5s "$WORK/go.sh"
expect "vm: no time at all" vm "is too small: 0" -t 0 "$WORK/go.sh"
expect "vm: no CPU" vm "is too small: 0" -c 0 "$WORK/go.sh"
expect "vm: too little memory" vm "is too small: 5" -m 5 "$WORK/go.sh"
expect "vm: leaks in a kernel that cannot find them" vm "cannot look for leaks" -k uml -l "$WORK/go.sh"
expect "vm: no such folder to lay over" vm "no such folder: /nonesuch" -o /nonesuch "$WORK/go.sh"
expect "vm: no QEMU" no_qemu
expect "vm: -n without a build" \
	refused "leave out -n" env O="$WORK/empty" "$VM_DIR/vm.sh" -n -k uml "$WORK/go.sh"
