#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# series-check.sh - the series as a reviewer takes it: "git am" onto unpacked
# 6.12 and 6.1, each patch built by itself with W=1 and sparse on 6.12, all of
# the core part on 6.1 and on a tree that takes attributes const, as newer ones
# do. One line for each answer.

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

WORK=$O/series-check
FOLDERS=(drivers/vfio/ samples/vfio-mdev/)
QAT=drivers/crypto/intel/qat/qat_common/qat_mig_dev # since Linux 6.10
PASSED=0 FAILED=0

# result NAME COMMAND.. - one line; what a failing command said is shown
result()
{
	local name=$1
	shift

	if ("$@") >"$WORK/log" 2>&1; then
		echo "ok   $name"
		PASSED=$((PASSED + 1))
	else
		echo "FAIL $name"
		tail -n 40 "$WORK/log" | cut -c 1-300 | sed 's/^/     /'
		FAILED=$((FAILED + 1))
	fi
}

git_in()
{
	local tree=$1
	shift

	GIT_COMMITTER_NAME=$NAME GIT_COMMITTER_EMAIL=$EMAIL GIT_AUTHOR_NAME=$NAME GIT_AUTHOR_EMAIL=$EMAIL \
		git -C "$tree" -c core.autocrlf=false -c commit.gpgsign=false -c gc.auto=0 "$@"
}

# pristine FULL PLAIN TREE - the source as it was unpacked, by hard links; git
# knows only the files that a series touches, and writes those anew
pristine()
{
	local full=$1 plain=$2 tree=$3 file

	rm -rf "$tree"
	cp -al "$full" "$tree"
	find "$tree" -type l -lname "$TOP/*" -delete
	while read -r file; do
		if [ -f "$plain/$file" ]; then
			rm -f "$tree/$file"
			cp -p "$plain/$file" "$tree/$file"
		fi
	done <"$full/.graft"
	rm -rf "$tree/.git" "$tree/.graft" "$tree/.fingerprint"
	find "$tree/drivers/vfio/profile" -depth -type d -empty -delete 2>/dev/null || true
	git_in "$tree" init -q -b check
	printf '/*\n' >"$tree/.git/info/exclude"
}

# track TREE SERIES - what the patches change is committed as the base
track()
{
	local tree=$1 file

	sed -nE 's:^--- a/([^\t ]+).*:\1:p' "$2"/*.patch | sort -u | while read -r file; do
		[ ! -f "$tree/$file" ] || git_in "$tree" add -f -- "$file"
	done
	git_in "$tree" commit -q -m base
	git_in "$tree" tag -f base >/dev/null
}

# make_series FOLDER [KSRC] - by the command, signed off by the clone's author
make_series()
{
	GIT_COMMITTER_NAME=$NAME GIT_COMMITTER_EMAIL=$EMAIL KSRC=${2-} O=$O \
		"$VM_DIR/series.sh" "$1"
}

patches_of()
{
	find "$1" -name '*.patch' ! -name '0000-*' | sort
}

signed_off()
{
	local patch

	patches_of "$1" | while read -r patch; do
		grep -qxF "Signed-off-by: $NAME <$EMAIL>" "$patch" || { echo "not signed off: $patch"; exit 1; }
	done
	[ "$(patches_of "$1" | wc -l)" -ge "$2" ]
}

cover_letter()
{
	! grep -n '\*\*\*' "$1"/0000-*.patch && grep -qE '^ .* files? changed, .* insertions' "$1"/0000-*.patch &&
		[ "$(grep -cE '^  [A-Za-z].*: [A-Z]' "$1"/0000-*.patch)" -eq "$(patches_of "$1" | wc -l)" ]
}

# style - checkpatch of each patch as it would be posted; a file of Kconfig or
# of the documentation is known to the MAINTAINERS of an earlier patch
style()
{
	local patch

	cd "$FULL"
	patches_of "$1" | xargs perl scripts/checkpatch.pl --no-tree --strict --terse --show-types --no-summary \
		--ignore "FILE_PATH_CHANGES,UNKNOWN_COMMIT_ID,CONFIG_DESCRIPTION,FROM_SIGN_OFF_MISMATCH,CONST_STRUCT" \
		--ignore "ARRAY_SIZE,STRCPY,PREFER_DEFINED_ATTRIBUTE_MACRO,STATIC_CONST_CHAR_ARRAY,PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE"
}

apply()
{
	patches_of "$2" | xargs git -C "$1" -c user.name="$NAME" -c user.email="$EMAIL" am -q
}

# The result is what is in the repository, file by file.
same_files()
{
	local file

	git_in "$1" diff --diff-filter=A --name-only base..HEAD | while read -r file; do
		cmp "$TOP/$file" "$1/$file" || exit 1
	done
}

# build TREE OUTPUT TARGET.. - quietly, with the warnings of W=1 and sparse
build()
{
	local tree=$1 out=$2
	shift 2

	make -C "$tree" O="$out" ARCH=x86 CC="$(kernel_cc)" HOSTCC="$(kernel_cc)" \
		KBUILD_KCONFIG="$WORK/Kconfig" -j"$JOBS" "$@" 2>&1
}

# configure TREE OUTPUT - the options of the debug kernel, as far as they are
# there; and the profiles, which only drivers select
configure()
{
	mkdir -p "$2"
	{ kernel_fragment debug; cat "$VM_DIR/config/static.config"; } >"$2/fragment"
	echo 'CONFIG_VM_VFIO_PROFILE=y' >>"$2/fragment"
	{
		cat "$1/Kconfig" "$VM_DIR/config/Kconfig"
		printf 'config VM_VFIO_PROFILE\n\tbool "profiles"\n\tselect VFIO_PROFILE\n'
	} >"$WORK/Kconfig"
	build "$1" "$2" KCONFIG_ALLCONFIG="$2/fragment" allnoconfig >/dev/null
}

warnings()
{
	sed -nE "s:$WORK/[^/]*/::g; /(warning|error|note):/p" "$1" | sed -E 's/:[0-9]+(:[0-9]+)?:/:/' | sort -u
}

# built TREE OUTPUT - what is there compiles; its warnings are none that the
# base did not have
built()
{
	local qat=()

	[ ! -f "$1/$QAT.c" ] || qat=("$QAT.o")
	configure "$1" "$2"
	build "$1" "$2" W=1 C=1 CHECK=sparse "${FOLDERS[@]}" "${qat[@]}" >"$2/log" || { tail -n 30 "$2/log"; return 1; }
	warnings "$2/log" >"$2/found"
	[ -f "$2/base" ] || cp "$2/found" "$2/base"
	comm -13 "$2/base" "$2/found" | tee "$2/new"
	[ ! -s "$2/new" ]
}

each_patch()
{
	local commit subject

	while read -r commit subject; do
		git_in "$WORK/linux" checkout -q "$commit"
		result "builds: $subject" built "$WORK/linux" "$WORK/build"
	done < <(git_in "$WORK/linux" log --reverse --format='%H %s' base..check)
}

# A checker that finds nothing has to be able to.
finds_warnings()
{
	local file=$WORK/linux/drivers/vfio/profile/sysfs.c

	echo 'int not_declared(void *p) { unsigned int x = -1; return p == 0 && x < 0; }' >>"$file"
	! built "$WORK/linux" "$WORK/build" && grep -q 'not_declared' "$WORK/build/new"
}

# Newer kernels hand attributes of types to show() and store() as const.
make_const()
{
	sed -i 's/struct mdev_type_attribute \*attr,/const &/' "$1/drivers/vfio/mdev/mdev_sysfs.c"
	[ "$(grep -c 'const struct mdev_type_attribute \*attr' "$1/drivers/vfio/mdev/mdev_sysfs.c")" -ge 6 ]
}

selftests_build()
{
	make -C "$WORK/linux/tools/testing/selftests" TARGETS=vfio-profile O="$WORK/kselftest" \
		KHDR_INCLUDES="-isystem $O/headers" KDIR= USERCFLAGS=-Werror
	[ -x "$WORK/kselftest/kselftest/vfio-profile/abi_test" ]
}

kunit_config()
{
	cd "$WORK/linux"
	python3 -B tools/testing/kunit/kunit.py config --build_dir="$WORK/kunit" \
		--kunitconfig=drivers/vfio/profile </dev/null
}

# The author of the last commit signs where nobody has told git who he is.
NAME=$(git -C "$TOP" config user.name || git -C "$TOP" log -1 --format=%an)
EMAIL=$(git -C "$TOP" config user.email || git -C "$TOP" log -1 --format=%ae)
rm -rf "$WORK"
mkdir -p "$WORK"
trap 'rm -rf "$WORK"' EXIT
locked source source_full

result "make series for 6.12" make_series "$WORK/series"
result "each patch is signed off" signed_off "$WORK/series" 12
result "the cover letter has a subject, a list and a diffstat" cover_letter "$WORK/series"
result "checkpatch --strict of each" style "$WORK/series"
pristine "$FULL" "$PLAIN" "$WORK/linux"
track "$WORK/linux" "$WORK/series"
result "the base builds" built "$WORK/linux" "$WORK/build"
result "git am onto 6.12" apply "$WORK/linux" "$WORK/series"
result "gives the files of this repository" same_files "$WORK/linux"
each_patch
result "the selftests build in the tree" selftests_build
result "kunit.py takes drivers/vfio/profile/.kunitconfig" kunit_config
result "a new warning is found" finds_warnings
git_in "$WORK/linux" checkout -qf base
result "a tree with const attributes" make_const "$WORK/linux"
git_in "$WORK/linux" commit -qa -m const
result "git am onto it" apply "$WORK/linux" "$WORK/series"
result "builds" built "$WORK/linux" "$WORK/build"

OLD=${O%/}/6.1/source
BASE=6.1 "$VM_DIR/prepare.sh" source
pristine "$OLD/full" "$OLD/plain" "$WORK/linux-6.1"
result "make series KSRC= for 6.1" make_series "$WORK/series-6.1" "$WORK/linux-6.1"
track "$WORK/linux-6.1" "$WORK/series-6.1"
result "it is the core part" signed_off "$WORK/series-6.1" 7
result "the base builds" built "$WORK/linux-6.1" "$WORK/build-6.1"
result "git am onto 6.1" apply "$WORK/linux-6.1" "$WORK/series-6.1"
result "gives the files of this repository" same_files "$WORK/linux-6.1"
result "builds" built "$WORK/linux-6.1" "$WORK/build-6.1"
echo "$PASSED passed, $FAILED failed, 0 skipped"
[ "$FAILED" -eq 0 ]
