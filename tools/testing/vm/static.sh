#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# static.sh - what can be said of the code without running it: style, types,
# warnings of two compilers, documentation comments, shell scripts, licences.
# One line for each tool; what it found is below a FAIL.

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

PASSED=0 FAILED=0
FOUND=$LOG/static.found

# Recorded data and texts of others carry no tag, nor do the kernel's ABI files.
NO_SPDX='^(LICENSES/|Documentation/ABI/|MAINTAINERS$|patches/series/cover$|.*/(config|\.kunitconfig)$|.*\.msg$|.*\.(patch|json|golden|txt)$|.*/(data|corpus|golden|recorded)/)'
NO_SPACE_CHECK='^(LICENSES/|.*\.patch$|.*/(data|corpus|golden|recorded)/)'

# Our folders of kernel code, and upstream files that we change.
KERNEL_FOLDERS=(drivers/vfio/profile/ drivers/vfio/mdev/ drivers/vfio/pci/qat/ samples/vfio-mdev/
	samples/vfio-pci/ drivers/crypto/intel/qat/qat_common/qat_mig_dev.o)

SHELLCHECK=(-x -f gcc -P SCRIPTDIR -P "$VM_DIR")

# What a file of the kernel is asked and one outside of the tree cannot answer;
# and a kobj_type that is made at run time (mdev_profile.c) cannot be const.
CHECKPATCH=(--no-tree --strict --terse --show-types --no-summary
	--ignore "FILE_PATH_CHANGES,SPDX_LICENSE_TAG,CONST_STRUCT")
# The layout that all headers of trace events have.
CHECKPATCH_TRACE=(--ignore "PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE")
# Outside of the kernel there is no ARRAY_SIZE, no strscpy and no __printf.
CHECKPATCH_USER=(--ignore "ARRAY_SIZE,USE_NEGATIVE_ERRNO,VOLATILE,STRCPY,PREFER_DEFINED_ATTRIBUTE_MACRO,STATIC_CONST_CHAR_ARRAY")
# Patches have few lines of context, and a help text is longer than that.
CHECKPATCH_PATCHES=(--ignore "CONFIG_DESCRIPTION,FROM_SIGN_OFF_MISMATCH,UNKNOWN_COMMIT_ID")

our_files()
{
	(
		cd "$TOP"
		find . \( -path ./.git -o -path "./${O#"$TOP"/}" -o -name build -o -name __pycache__ \) -prune \
			-o -type f -print | sed 's:^\./::' | grep -vE '\.(o|ko|mod|swp|pyc)$' | sort
	)
}

our_sources()
{
	our_files | grep -E '\.[ch]$'
}

our_kernel_sources()
{
	our_sources | grep -E '^(include|drivers|samples|tools/testing/selftests/.*/test_modules)/'
}

our_scripts()
{
	local file

	our_files | while read -r file; do
		case $file in
		*.sh | *.bats) echo "$file" ;;
		*.*) ;;
		*) if head -c 64 "$TOP/$file" | head -n 1 | grep -qaE '^#!.*\b(bash|sh)$'; then echo "$file"; fi ;;
		esac
	done
}

# judge NAME WHAT - an empty $FOUND is a pass
judge()
{
	local lines

	lines=$(grep -c . "$FOUND" || true)
	if [ "$lines" -eq 0 ]; then
		printf 'ok   %-12s %s\n' "$1" "$2"
		PASSED=$((PASSED + 1))
	else
		printf 'FAIL %-12s %s: %d lines\n' "$1" "$2" "$lines"
		head -n 60 "$FOUND" | cut -c 1-300 | sed 's/^/     /'
		FAILED=$((FAILED + 1))
	fi
}

count()
{
	wc -l | tr -d ' '
}

check_spdx()
{
	local file

	our_files | grep -vE "$NO_SPDX" | while read -r file; do
		head -n 4 "$TOP/$file" | grep -qa 'SPDX-License-Identifier:' || echo "$file: no SPDX line"
	done >"$FOUND"
	judge spdx "$(our_files | count) files"
}

check_whitespace()
{
	our_files | grep -vE "$NO_SPACE_CHECK" | sed "s:^:$TOP/:" |
		{ xargs grep -InE '[[:blank:]]+$' || true; } | sed "s:$TOP/::" >"$FOUND"
	judge whitespace "no blanks at the end of lines"
}

# checkpatch OPTION.. - of the files on stdin, named by absolute paths because
# it wants to run in a kernel tree
checkpatch()
{
	{
		cd "$FULL"
		xargs -r perl scripts/checkpatch.pl "${CHECKPATCH[@]}" "$@" || true
		cd "$TOP"
	} 2>&1 | sed "s:$TOP/::" >"$FOUND"
}

check_checkpatch()
{
	our_kernel_sources | grep -v '^include/trace/' | sed "s:^:$TOP/:" | checkpatch -f
	judge checkpatch "$(our_kernel_sources | grep -vc '^include/trace/') kernel files"
	our_kernel_sources | grep '^include/trace/' | sed "s:^:$TOP/:" |
		checkpatch "${CHECKPATCH_TRACE[@]}" -f
	judge checkpatch "$(our_kernel_sources | grep -c '^include/trace/') headers of trace events"
	our_sources | comm -23 - <(our_kernel_sources) | sed "s:^:$TOP/:" |
		checkpatch "${CHECKPATCH_USER[@]}" -f
	judge checkpatch "the other $(our_sources | comm -23 - <(our_kernel_sources) | count) files"
	graft_patches | checkpatch "${CHECKPATCH_PATCHES[@]}"
	judge checkpatch "$(graft_patches | count) patches"
}

check_kernel_doc()
{
	our_kernel_sources | sed "s:^:$TOP/:" | {
		cd "$FULL"
		xargs -r perl scripts/kernel-doc -none -Wall || true
	} 2>&1 | sed "s:$TOP/::" >"$FOUND"
	judge kernel-doc "$(our_kernel_sources | count) files"
}

check_shell()
{
	our_scripts | sed "s:^:$TOP/:" | {
		# bats sets variables that shellcheck cannot know, and splits on purpose
		grep -v '\.bats$' | xargs -r shellcheck "${SHELLCHECK[@]}" || true
		our_scripts | grep '\.bats$' | sed "s:^:$TOP/:" |
			xargs -r shellcheck "${SHELLCHECK[@]}" -e SC2154,SC2086 || true
	} 2>&1 | sed "s:$TOP/::" >"$FOUND"
	judge shellcheck "$(our_scripts | count) scripts"
}

check_python()
{
	local file

	our_files | grep -E '\.py$' | while read -r file; do
		python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$TOP/$file" || true
	done >"$FOUND" 2>&1
	judge python "$(our_files | grep -c '\.py$' || true) files parse"
}

check_abi()
{
	[ -d "$TOP/Documentation/ABI" ] || return 0
	perl "$FULL/scripts/get_abi.pl" validate --dir "$TOP/Documentation/ABI" >"$FOUND" 2>&1 || true
	judge get_abi "Documentation/ABI"
}

check_html()
{
	"$VM_DIR/html.sh" >"$FOUND" 2>"$LOG/static-html.log" || [ -s "$FOUND" ] ||
		cat "$LOG/static-html.log" >"$FOUND"
	judge html "Documentation/ without a warning"
}

# The examples of the documentation are held to what all code is.
check_example()
{
	local dir=$O/ext/static-gcc/example name

	mkdir -p "$dir"
	for name in "${EXAMPLES[@]}"; do
		example_source "$name" | write_if_changed "$dir/$name.c"
	done
	printf "$dir/%s.c\n" "${EXAMPLES[@]}" | checkpatch -f
	judge checkpatch "the examples of the documentation"
}

# compile NAME ARGUMENT.. - our folders alone, in a configured kernel that is
# never built; warnings in what is ours or changed by us go to $FOUND
compile()
{
	local name=$1 log=$LOG/static-$1.log status=0
	shift

	mkdir -p "$O/kernel/static-$name"
	{ kernel_fragment debug; cat "$VM_DIR/config/static.config"; } |
		write_if_changed "$O/kernel/static-$name/fragment"
	{
		if [ ! -f "$O/kernel/static-$name/.config" ] ||
		   [ "$O/kernel/static-$name/fragment" -nt "$O/kernel/static-$name/.config" ]; then
			static_make "$name" "$@" KCONFIG_ALLCONFIG="$O/kernel/static-$name/fragment" allnoconfig
		fi
		grep -x CONFIG_QAT_VFIO_PCI=m "$O/kernel/static-$name/.config" ||
			echo "error: the driver of QAT functions is not configured"
		# Silence about what was compiled before would not be an answer.
		find "${KERNEL_FOLDERS[@]/#/$O/kernel/static-$name/}" -name '*.o' -delete 2>/dev/null || true
		static_make "$name" "$@" W=1 "${KERNEL_FOLDERS[@]}"
		compile_test_modules "$name" "$@"
	} >"$log" 2>&1 || status=$?
	grep -E ': (warning|error|note)|^(Error|make.*\*\*\*)|\*\*\*' "$log" | sed "s:$TOP/::" | sort -u >"$FOUND" || true
	[ "$status" -eq 0 ] || echo "the build ended with $status, see $log" >>"$FOUND"
}

static_make()
{
	local name=$1
	shift

	make -C "$FULL" O="$O/kernel/static-$name" ARCH=x86 KBUILD_KCONFIG="$O/kernel/Kconfig" -j"$JOBS" "$@"
}

# The test modules from outside: compiled, not linked.
compile_test_modules()
{
	local name=$1 tree=$O/ext/static-$1 file
	shift

	graft "$tree"
	ext_link_tests "$tree"
	ext_kbuild "$tree" "$TEST_MODULES"
	find "$tree" -name '*.o' -delete
	for file in "$TOP/$TEST_MODULES"/*.c; do
		[ -f "$file" ] || continue
		static_make "$name" "$@" W=1 M="$tree" "$TEST_MODULES/$(basename "$file" .c).o"
	done
	ext_example "$tree" "${EXAMPLES[@]}"
	for file in "${EXAMPLES[@]}"; do
		static_make "$name" "$@" W=1 M="$tree" "example/$file.o"
	done
}

check_compilers()
{
	cat "$FULL/Kconfig" "$VM_DIR/config/Kconfig" | write_if_changed "$O/kernel/Kconfig"
	compile gcc CC="$(kernel_cc)" HOSTCC="$(kernel_cc)" C=1 CHECK=sparse
	judge gcc "W=1 and sparse C=1"
	compile clang LLVM=1 CC="$(kernel_cc | sed 's/gcc/clang/')"
	judge clang "W=1"
}

locked source source_full
locked source pkg_kernel
mkdir -p "$O/kernel"
check_spdx
check_whitespace
check_checkpatch
check_kernel_doc
check_shell
check_python
check_abi
check_html
check_example
locked static check_compilers
echo "$PASSED passed, $FAILED failed, 0 skipped"
[ "$FAILED" -eq 0 ]
