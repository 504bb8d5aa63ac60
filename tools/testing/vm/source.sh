# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# source.sh - upstream source as the base, our patches and files grafted on.
#
#   $O/source/plain    untouched copies of the upstream files that patches
#                      touch, and of what the plain modules are built from
#   $O/source/patched  the same with patches/ applied, fuzz 0
#   $O/source/full     the whole tree for kernels of our own, grafted
#
# Grafting compares before it writes: a change of one patch rebuilds only what
# that patch touches. Our own files are links, so an edit needs no graft.

PLAIN=$O/source/plain
PATCHED=$O/source/patched
FULL=$O/source/full

# Upstream files that the modules for Debian's kernel are built from.
MODULE_SOURCES=(drivers/vfio/mdev drivers/vfio/Kconfig drivers/vfio/Makefile
	include/linux/mdev.h samples/Kconfig samples/vfio-mdev
	tools/testing/selftests/kselftest.h tools/testing/selftests/kselftest_harness.h
	tools/testing/selftests/lib.mk)

graft_patches()
{
	local dir

	for dir in core "$BASE"; do
		[ -d "$TOP/patches/$dir" ] || continue
		find "$TOP/patches/$dir" -name '*.patch' | sort
	done
}

# Upstream files that the patches name; a patch must not add or remove files.
graft_touched()
{
	local patch

	graft_patches | while read -r patch; do
		if grep -qE '^(---|\+\+\+) /dev/null' "$patch"; then
			say "error: $patch adds or removes a file; new files belong into the repository itself"
			return 1
		fi
		sed -nE 's:^\+\+\+ b/([^\t ]+).*:\1:p' "$patch"
	done | sort -u
}

# Our kernel files, relative to the top, by the folders they live in.
graft_files()
{
	(
		cd "$TOP" || exit
		shopt -s nullglob
		find include/ drivers/ samples*/ -type f \( -name '*.[ch]' -o -name Kconfig \
			-o -name Makefile -o -name .kunitconfig \) | sort
	)
}

# One number for all that a graft depends on (not for what our files contain).
graft_fingerprint()
{
	{
		cat "$O/packages" "$VM_DIR/source.sh"
		graft_patches | xargs -r cat
		graft_files
	} | sha256sum | cut -d' ' -f1
}

# Everything that decides what is compiled: the graft and our files' content.
source_fingerprint()
{
	{
		graft_fingerprint
		(cd "$TOP" && graft_files | xargs -r cat)
	} | sha256sum | cut -d' ' -f1
}

# What to unpack; a file below one of the folders comes with that folder.
plain_list()
{
	local file folder

	printf '%s\n' "${MODULE_SOURCES[@]}" Makefile
	graft_touched | while read -r file; do
		for folder in "${MODULE_SOURCES[@]}"; do
			case $file in
			"$folder" | "$folder"/*) continue 2 ;;
			esac
		done
		echo "$file"
	done
}

plain_unpack()
{
	local list=$O/source/list

	mkdir -p "$O/source"
	grep linux-source- "$O/packages" >"$O/source/package"
	pkg_fetch "$O/source/package"
	plain_list | sort -u >"$list"
	rm -rf "$PLAIN.new"
	mkdir -p "$PLAIN.new"
	sed "s:^:linux-source-$BASE/:" "$list" |
		tar -xJ -C "$PLAIN.new" --strip-components=1 -T - -f <(pkg_source_tar)
	source_check_version "$PLAIN.new"
	rm -rf "$PLAIN"
	mv "$PLAIN.new" "$PLAIN"
	rm -f "$list"
}

# The tree must be the release that image and headers are.
source_check_version()
{
	local release

	release=$(awk '$1 ~ /^(VERSION|PATCHLEVEL|SUBLEVEL)$/ { printf "%s%s", sep, $3; sep = "." }' \
		"$1/Makefile")
	case $VERSION in
	"$release"[-+~]*) ;;
	*) echo "the source is $release, the image $VERSION"; return 1 ;;
	esac
}

plain_current()
{
	local file

	while read -r file; do
		[ -e "$PLAIN/$file" ] || return 1
	done < <(plain_list)
}

# $PATCHED anew from $PLAIN; milliseconds, so never incremental.
patched_make()
{
	local patch

	rm -rf "$PATCHED.new"
	cp -a "$PLAIN" "$PATCHED.new"
	graft_patches | while read -r patch; do
		echo "== ${patch#"$TOP"/}"
		patch -p1 -F0 -f --no-backup-if-mismatch -d "$PATCHED.new" -i "$patch" || exit 1
	done || return 1
	rm -rf "$PATCHED"
	mv "$PATCHED.new" "$PATCHED"
	graft_fingerprint >"$PATCHED/.fingerprint"
}

# Upstream source, plain and patched; a quick no-op when nothing changed.
source_prepare()
{
	pkg_choose
	pkg_load
	graft_touched >/dev/null || die "see above"
	if ! plain_current; then
		step source "upstream source $VERSION, needed files" '~10 s' plain_unpack
		rm -rf "$PATCHED"
	fi
	if [ "$(cat "$PATCHED/.fingerprint" 2>/dev/null)" != "$(graft_fingerprint)" ]; then
		step patches "patches applied" patched_make
	fi
}

# copy_if_changed SOURCE DESTINATION
copy_if_changed()
{
	cmp -s "$1" "$2" || install -D -m 644 "$1" "$2"
}

# graft_remove TREE FILE - take back what an earlier graft did to FILE
graft_remove()
{
	if [ -L "$1/$2" ]; then
		rm -f "$1/$2"
	elif [ -f "$PLAIN/$2" ]; then
		copy_if_changed "$PLAIN/$2" "$1/$2"
	fi
}

# graft_link TREE FILE - our FILE into TREE, never over one of upstream's
graft_link()
{
	local tree=$1 file=$2

	if [ -e "$tree/$file" ] && [ ! -L "$tree/$file" ]; then
		echo "$file exists in the upstream tree: our file would replace it; use a patch"
		return 1
	fi
	if [ "$(readlink "$tree/$file" || true)" != "$TOP/$file" ]; then
		mkdir -p "$(dirname "$tree/$file")"
		ln -sfn "$TOP/$file" "$tree/$file"
	fi
}

# graft TREE FILES.. - bring TREE to the present patches and links. FILES are
# the upstream files to take from $PATCHED; our own are linked by graft_files.
graft()
{
	local tree=$1 file
	shift

	mkdir -p "$tree"
	{ printf '%s\n' "$@"; graft_files; } | sed '/^$/d' | sort -u >"$tree/.graft.new"
	if [ -f "$tree/.graft" ]; then
		comm -23 "$tree/.graft" "$tree/.graft.new" | while read -r file; do
			graft_remove "$tree" "$file"
		done
	fi
	for file; do
		copy_if_changed "$PATCHED/$file" "$tree/$file"
	done
	graft_files | while read -r file; do
		graft_link "$tree" "$file"
	done
	mv "$tree/.graft.new" "$tree/.graft"
	cp "$PATCHED/.fingerprint" "$tree/.fingerprint"
}

# A build folder that was copied links to the files of the clone it came from.
graft_current()
{
	local file

	file=$(graft_files | head -n 1)
	cmp -s "$PATCHED/.fingerprint" "$1/.fingerprint" &&
		[ "$(readlink "$1/$file")" = "$TOP/$file" ]
}

full_unpack()
{
	rm -rf "$FULL" "$FULL.new"
	mkdir -p "$FULL.new"
	pkg_fetch "$O/source/package"
	pkg_source_tar | tar -xJ -C "$FULL.new" --strip-components=1
	source_check_version "$FULL.new"
	mv "$FULL.new" "$FULL"
}

full_graft()
{
	local touched

	mapfile -t touched < <(graft_touched)
	graft "$FULL" "${touched[@]}"
}

# The whole tree, for kernels of our own.
source_full()
{
	source_prepare
	if [ ! -d "$FULL" ]; then
		step source-full "upstream source $VERSION, whole tree" '~20 s' full_unpack
	fi
	if ! graft_current "$FULL"; then
		step graft "our files and patches in the tree" full_graft
	fi
}
