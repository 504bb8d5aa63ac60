# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# modules.sh - modules and programs that guests load and run.
#
#   $O/ext/<name>       a small tree per kernel for modules built out of tree
#   $O/modules/<name>   all modules of that kernel, flat (VFIO_COMPAT_MODULES)
#   $O/modules/plain    unmodified mdev, mtty and mdpy for Debian's kernel
#   $O/root/<name>      lib/modules/<release> for modprobe in the guest
#   $O/headers          the few UAPI headers that are newer than the host's
#   $O/selftests        programs that run in guests, for every kernel the same
#   $O/accuracy         the accuracy matrix, likewise

TEST_MODULES=tools/testing/selftests/vfio-profile/test_modules
UAPI_HEADERS=(vfio.h iommufd.h)

# Out of tree these symbols are in no autoconf.h: make and the compiler are
# told on the command line. What is =m here is a module everywhere.
EXT_MODULE_SYMBOLS=(VFIO_MDEV VFIO_PROFILE SAMPLE_VFIO_MDEV_MTTY SAMPLE_VFIO_MDEV_MDPY SAMPLE_VFIO_MDEV_SIM)
EXT_MODULE_SYMBOLS+=(VFIO_PCI_PROFILE SAMPLE_VFIO_PCI_NVME_VF)
EXT_BOOL_SYMBOLS=(VFIO_MDEV_PROFILE)

# ext_flags MODULES BOOLS - the make arguments that switch symbols on
ext_flags()
{
	local symbol defines=

	for symbol in $1; do
		echo "CONFIG_$symbol=m"
		defines+=" -DCONFIG_${symbol}_MODULE=1"
	done
	for symbol in $2; do
		echo "CONFIG_$symbol=y"
		defines+=" -DCONFIG_$symbol=1"
	done
	echo "KCPPFLAGS=${defines# }"
}

# ext_kbuild TREE FOLDER.. - the top Kbuild file. Our headers must come before
# the kernel's: LINUXINCLUDE leads, ccflags-y would be too late.
ext_kbuild()
{
	local tree=$1 folder
	shift

	{
		printf '# SPDX-License-Identifier: GPL-2.0-only\n'
		printf "LINUXINCLUDE := -I%s/include \$(LINUXINCLUDE)\n" "$tree"
		for folder; do
			if [ -f "$tree/$folder/Makefile" ] || [ -f "$tree/$folder/Kbuild" ]; then
				printf 'obj-m += %s/\n' "$folder"
			fi
		done
	} | write_if_changed "$tree/Kbuild"
}

# What Linux 6.1 does not have: the callbacks of iommufd and of the size of a
# migration. For it these lines are all that is taken out of the test modules.
NOT_IN_6_1='/vfio_iommufd_emulated_/d; /migration_get_data_size/d; /^static int test_get_data_size/,/^}/d'

# ext_link_tests TREE - the test modules beside the rest
ext_link_tests()
{
	local tree=$1 file to

	mkdir -p "$tree/$TEST_MODULES"
	find "$tree/$TEST_MODULES" -xtype l -delete
	for file in "$TOP/$TEST_MODULES"/*; do
		to=$tree/$TEST_MODULES/${file##*/}
		# shellcheck disable=SC2153 # BASE: from common.sh
		if [ -f "$file" ] && [ "$BASE" = 6.1 ]; then
			sed "$NOT_IN_6_1" "$file" | write_if_changed "$to"
		elif [ -f "$file" ]; then
			ln -sfn "$file" "$to"
		fi
	done
}

# Examples of the drivers' documentation.
EXAMPLES=(latch slate)

# example_source NAME - an example is a file in pieces: all blocks of that
# caption. "#line" would lead to the document, and checkpatch would mind it.
example_source()
{
	awk -v caption="\t:caption: $1.c" '
		/^\.\. code-block:: c$/ { at = 1; next }
		at == 1 && $0 == caption { at = 2; next }
		at == 2 && /^$/ { if (begun) blank = 1; next }
		at == 2 && /^\t/ {
			if (blank) print ""
			blank = 0; begun = 1
			sub(/^\t/, ""); print
			next
		}
		{ at = 0 }' "$TOP/Documentation/driver-api/$(example_document "$1").rst"
}

example_document()
{
	case $1 in
	latch) echo vfio-profile ;;
	slate) echo vfio-profile-pci ;;
	esac
}

# ext_example TREE NAME.. - they use what drivers have since Linux 6.4
ext_example()
{
	local tree=$1 name
	shift

	[ "$BASE" = "$MAIN_BASE" ] || return 0
	mkdir -p "$tree/example"
	for name; do
		example_source "$name" | write_if_changed "$tree/example/$name.c"
	done
	{
		printf '# SPDX-License-Identifier: GPL-2.0-only\n'
		printf 'obj-m += %s.o\n' "$@"
	} | write_if_changed "$tree/example/Kbuild"
}

# examples_for CONFIG - those that the kernel can load
examples_for()
{
	echo latch
	! grep -q '^CONFIG_VFIO_PCI_CORE=[ym]' "$1" || echo slate
}

# ext_make BUILD TREE ARGUMENT.. - make of external modules. Type data (BTF)
# would need pahole, and nothing here reads it.
ext_make()
{
	local build=$1 tree=$2
	shift 2

	make -C "$build" M="$tree" -j"$JOBS" CONFIG_DEBUG_INFO_BTF_MODULES= \
		DEBIAN_KERNEL_USE_CCACHE="$(command -v ccache || true)" "$@"
}

# Upstream files of the module tree: what is in $PLAIN for modules.
ext_upstream_files()
{
	(cd "$PLAIN" && find "${MODULE_SOURCES[@]}" -type f | grep -v '^tools/' | sort)
}

# Only these types of messages stop a build; a warning in our files does too.
ext_build_patched()
{
	local build=$1 tree=$2 files flags

	mapfile -t files < <(ext_upstream_files)
	graft "$tree" "${files[@]}"
	ext_link_tests "$tree"
	ext_example "$tree" "${EXAMPLES[@]}"
	ext_kbuild "$tree" drivers/vfio/profile drivers/vfio/mdev samples/vfio-mdev samples/vfio-pci "$TEST_MODULES" example
	mapfile -t flags < <(ext_flags "${EXT_MODULE_SYMBOLS[*]}" "${EXT_BOOL_SYMBOLS[*]}")
	ext_make "$build" "$tree" "${flags[@]}" modules
}

ext_build_plain()
{
	local build=$1 tree=$2 file flags

	ext_upstream_files | while read -r file; do
		copy_if_changed "$PLAIN/$file" "$tree/$file"
	done
	ext_kbuild "$tree" drivers/vfio/mdev samples/vfio-mdev
	mapfile -t flags < <(ext_flags "VFIO_MDEV SAMPLE_VFIO_MDEV_MTTY SAMPLE_VFIO_MDEV_MDPY" "")
	ext_make "$build" "$tree" "${flags[@]}" modules
}

# modules_collect NAME TREE.. - all modules of some builds into one flat folder.
# modules.order names them: a module that has become built in leaves its file.
modules_collect()
{
	local dir=$O/modules/$1 tree object
	shift

	rm -rf "$dir.new"
	mkdir -p "$dir.new"
	for tree; do
		[ -f "$tree/modules.order" ] || continue
		while read -r object; do
			object=${object%.*}.ko # Linux 6.1 says .ko, later ones .o
			case $object in
			/*) cp -p "$object" "$dir.new/" ;;
			*) cp -p "$tree/$object" "$dir.new/" ;;
			esac
		done <"$tree/modules.order"
	done
	rm -rf "$dir"
	mv "$dir.new" "$dir"
}

# modprobe_root NAME RELEASE [BASE] - a lib/modules/RELEASE in which ours come
# first (updates/), over those of the unpacked package if there is one
modprobe_root()
{
	local root=$O/root/$1 release=$2 base=${3-} dir=$O/root/$1/lib/modules/$2

	rm -rf "$root"
	mkdir -p "$dir"
	cp -p "$O/modules/$1"/*.ko "$dir/" 2>/dev/null || true
	mkdir "$dir/updates"
	find "$dir" -maxdepth 1 -name '*.ko' -exec mv -t "$dir/updates" {} +
	if [ -n "$base" ]; then
		ln -s "$base/kernel" "$dir/kernel"
		cp "$base"/modules.order "$base"/modules.builtin "$base"/modules.builtin.modinfo "$dir/"
	else
		cp "$O/kernel/$1"/modules.order "$O/kernel/$1"/modules.builtin \
			"$O/kernel/$1"/modules.builtin.modinfo "$dir/"
	fi
	depmod -b "$root" "$release"
}

# What a module build depends on: all sources, the test modules, this script.
modules_fingerprint()
{
	local example

	{
		source_fingerprint
		cat "$VM_DIR/modules.sh"
		for example in "${EXAMPLES[@]}"; do example_source "$example"; done
		find "$TOP/$TEST_MODULES" -maxdepth 1 -type f 2>/dev/null | sort | xargs -r cat
		cat "$O/kernel/$1/.fingerprint" 2>/dev/null || true
	} | sha256sum | cut -d' ' -f1
}

# modules_current NAME - nothing to do; else $MODULES_NOW is what to record
modules_current()
{
	MODULES_NOW=$(modules_fingerprint "$1")
	[ "$(cat "$O/modules/$1.fingerprint" 2>/dev/null)" = "$MODULES_NOW" ]
}

modules_stock_build()
{
	ext_build_patched "$HDR" "$O/ext/stock"
	ext_build_plain "$HDR" "$O/ext/plain"
	modules_collect stock "$O/ext/stock"
	modules_collect plain "$O/ext/plain"
	modprobe_root stock "$KVER" "$PKG/lib/modules/$KVER"
}

# For Debian's own kernel: ours and, to compare with, the unmodified ones.
modules_stock()
{
	if modules_current stock; then
		return 0
	fi
	step modules-stock "modules for Debian's $KVER" '~20 s' modules_stock_build
	echo "$MODULES_NOW" >"$O/modules/stock.fingerprint"
}

modules_own_build()
{
	local name=$1 kernel=$O/kernel/$1 tree=$O/ext/$1 flags=() examples

	graft "$tree"
	ext_link_tests "$tree"
	mapfile -t examples < <(examples_for "$kernel/.config")
	ext_example "$tree" "${examples[@]}"
	ext_kbuild "$tree" "$TEST_MODULES" example
	if grep -q '^obj-m' "$tree/Kbuild"; then
		mapfile -t flags < <(ext_flags "" "")
		ext_make "$kernel" "$tree" ARCH="$(kernel_arch "$name")" CC="$(kernel_cc)" "${flags[@]}" modules
	fi
	modules_collect "$name" "$kernel" "$tree"
	modprobe_root "$name" "$(cat "$kernel/include/config/kernel.release")"
}

# modules_own NAME - those of a kernel of our own, and the test driver
modules_own()
{
	local name=$1

	kernel_build "$name"
	if modules_current "$name"; then
		return 0
	fi
	step "modules-$name" "modules for kernel $name" modules_own_build "$name"
	echo "$MODULES_NOW" >"$O/modules/$name.fingerprint"
}

headers_install()
{
	local file dir=$O/headers.new

	rm -rf "$dir"
	mkdir -p "$dir/linux"
	for file in "${UAPI_HEADERS[@]}"; do
		(cd "$HDR" && sh scripts/headers_install.sh \
			"../linux-headers-$ABI-common/include/uapi/linux/$file" "$dir/linux/$file")
	done
	rm -rf "$O/headers"
	mv "$dir" "$O/headers"
	cp "$O/packages" "$O/headers/.packages"
}

# The programs; their own Makefiles know what is out of date.
programs_build()
{
	if [ -f "$TOP/tools/vfio-compat/Makefile" ]; then
		make -C "$TOP/tools/vfio-compat" O="$O/tools" -j"$JOBS" \
			all "$O/tools/fault.so"
	fi
	mkdir -p "$O/selftests"
	make -C "$TOP/tools/testing/selftests/vfio-profile" OUTPUT="$O/selftests" KDIR= \
		KHDR_INCLUDES="-isystem $O/headers" KSFT="$PLAIN/tools/testing/selftests" \
		USERCFLAGS=-Werror -j"$JOBS"
	make -C "$VM_DIR/accuracy" OUTPUT="$O/accuracy" LIB="$O/tools/plain/libvfiocompat.a" \
		KHDR_INCLUDES="-isystem $O/headers" -j"$JOBS"
}

programs_current()
{
	[ "$(cat "$O/programs.fingerprint" 2>/dev/null)" = "$PROGRAMS_NOW" ]
}

programs_fingerprint()
{
	(cd "$TOP" && find tools/vfio-compat tools/testing/selftests tools/testing/vm/accuracy \
		drivers/vfio/profile include \
		-type f 2>/dev/null | sort | xargs -r sha256sum) | sha256sum | cut -d' ' -f1
}

# vfio-compat and the selftest programs.
programs()
{
	if ! cmp -s "$O/packages" "$O/headers/.packages"; then
		step headers "UAPI headers of the kernel" headers_install
	fi
	PROGRAMS_NOW=$(programs_fingerprint)
	if ! programs_current; then
		step programs "programs for the guests" programs_build
		echo "$PROGRAMS_NOW" >"$O/programs.fingerprint"
	fi
}
