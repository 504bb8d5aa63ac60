#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# disabled.sh - a kernel that does not ask for profiles must not change.
#
# Compiles the mediated device core twice in one kernel configuration without
# CONFIG_VFIO_MDEV_PROFILE, from the untouched source and from ours, and
# compares code, data and symbols of each object. Patches that know nothing of
# profiles (fixes of their own) are part of the untouched side, and so are the
# structs of mdev.h: they grow by a pointer in every configuration, so that a
# module which was built without the option has the core's idea of them.

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

OBJECTS=(drivers/vfio/mdev/mdev_core.o drivers/vfio/mdev/mdev_sysfs.o
	drivers/vfio/mdev/mdev_driver.o)
TREES=$O/disabled
passed=0 failed=0

result()
{
	if "${@:2}" >"$TREES/diff" 2>&1; then
		echo "ok   $1"
		passed=$((passed + 1))
	else
		echo "FAIL $1"
		head -n 40 "$TREES/diff"
		failed=$((failed + 1))
	fi
}

# Patches whose changed lines do not speak of profiles.
independent_patches()
{
	local patch

	graft_patches | while read -r patch; do
		grep -qiE '^[+-].*profile' "$patch" || echo "$patch"
	done
}

baseline()
{
	local patch

	rm -rf "$TREES/source"
	cp -a "$PLAIN" "$TREES/source"
	independent_patches | while read -r patch; do
		patch -p1 -F0 -f -s --no-backup-if-mismatch -d "$TREES/source" -i "$patch"
	done
	cp "$PATCHED/include/linux/mdev.h" "$TREES/source/include/linux/mdev.h"
}

# build NAME SOURCE - the core alone, from the upstream files of SOURCE, under
# one path: the path ends up in the objects
build()
{
	local tree=$TREES/tree file flags

	rm -rf "$tree"
	mkdir -p "$tree"
	ext_upstream_files | while read -r file; do
		install -D -m 644 "$2/$file" "$tree/$file"
	done
	if [ "$1" = ours ]; then
		graft_files | while read -r file; do
			graft_link "$tree" "$file"
		done
	fi
	ext_kbuild "$tree" drivers/vfio/mdev samples/vfio-mdev
	mapfile -t flags < <(ext_flags "VFIO_MDEV SAMPLE_VFIO_MDEV_MDPY" "")
	ext_make "$HDR" "$tree" "${flags[@]}" modules
	rm -rf "${TREES:?}/$1"
	mv "$tree" "$TREES/$1"
}

# What the object consists of, without what only tells where a line was.
content()
{
	objdump -dr --no-show-raw-insn "$1" | sed '/file format/d'
	objdump -s -j .data -j .rodata -j .rodata.str1.1 -j .rodata.str1.8 -j .modinfo "$1" 2>/dev/null |
		sed '/file format/d'
	objdump -t "$1" | sed '/file format/d; /\*ABS\*/d' | sort
}

same_object()
{
	diff -u <(content "$TREES/plain/$1") <(content "$TREES/ours/$1")
}

# The comparison must be able to fail.
other_object()
{
	! diff -q <(content "$TREES/plain/$1") <(content "$TREES/plain/$2")
}

no_profile_module()
{
	[ ! -e "$TREES/ours/drivers/vfio/profile/vfio_profile.ko" ] &&
		! modinfo -F depends "$TREES/ours/drivers/vfio/mdev/mdev.ko" | grep profile
}

mkdir -p "$TREES"
locked source source_prepare
locked source pkg_kernel
baseline
build plain "$TREES/source" >"$TREES/plain.log" 2>&1
build ours "$PATCHED" >"$TREES/ours.log" 2>&1
for object in "${OBJECTS[@]}"; do
	result "$object is what it was" same_object "$object"
done
result "mdev.ko does not depend on vfio_profile.ko" no_profile_module
result "another object is told apart" other_object "${OBJECTS[0]}" "${OBJECTS[1]}"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
