# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# initramfs.sh - the little archive a guest starts from: busybox, stage1.sh,
# and for Debian's kernel the few modules that reach the host's root.

BUSYBOX=/usr/bin/busybox
STOCK_BOOT_MODULES=(virtio_pci 9pnet_virtio 9p overlay)

initramfs_fingerprint()
{
	{
		cat "$BUSYBOX" "$VM_DIR/stage1.sh" "$VM_DIR/initramfs.sh"
		if [ "$1" = stock ]; then
			cat "$O/packages"
		fi
	} | sha256sum | cut -d' ' -f1
}

# The modules in the order in which they load, unpacked: busybox has no xz.
initramfs_modules()
{
	local dir=$1 module path name

	for module in "${STOCK_BOOT_MODULES[@]}"; do
		modprobe -d "$PKG" -S "$KVER" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
		name=${path##*/}
		name=${name%.xz}
		case $path in
		*.xz) xz -dc "$path" >"$dir/modules/$name" ;;
		*) cp "$path" "$dir/modules/$name" ;;
		esac
		echo "$name"
	done
}

initramfs_make()
{
	local name=$1 dir=$O/initramfs/$1.d

	rm -rf "$dir"
	mkdir -p "$dir"/{bin,dev,proc,sys,host,rw,root,modules}
	cp "$BUSYBOX" "$dir/bin/busybox"
	cp "$VM_DIR/stage1.sh" "$dir/init"
	chmod 755 "$dir/init"
	if [ "$name" = stock ]; then
		initramfs_modules "$dir"
	fi >"$dir/modules.order"
	(cd "$dir" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$O/initramfs/$name.cpio"
	rm -rf "$dir"
}

# initramfs NAME - for kernel NAME, under $O/initramfs
initramfs()
{
	local now stamp=$O/initramfs/$1.fingerprint

	[ -x "$BUSYBOX" ] || die "missing: busybox-static" "run: make deps"
	mkdir -p "$O/initramfs"
	now=$(initramfs_fingerprint "$1")
	if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ]; then
		step "initramfs-$1" "initramfs for kernel $1" initramfs_make "$1"
		echo "$now" >"$stamp"
	fi
}
