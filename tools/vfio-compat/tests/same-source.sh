#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Shows that the kernel module, the library and the tests were compiled from
# the same engine: same-source.sh TOOLS-BUILD [KERNEL-BUILDS]
#
# The files are those that the builds themselves noted as their sources: the
# compiler's .d files, and Kbuild's .cmd files below KERNEL-BUILDS (default:
# what is beside TOOLS-BUILD, without the trees that come and go while the
# patch series is checked).

set -euo pipefail

tools=$1
kernels=${2-${tools%/*}}
passed=0 failed=0 skipped=0
declare -A sum who

# first_source D-FILE: path of the .c file
first_source() {
	sed 's/[ \\]/\n/g' "$1" | grep -m1 '\.c$'
}

# kbuild_source CMD-FILE: the same from Kbuild's notes, which may be relative
# to any folder above
kbuild_source() {
	local source dir=${1%/*}

	source=$(sed -n 's/^\(source\|savedcmd\)_[^ ]*\.o := \([^ ]*\.c\)$/\2/p' "$1" |
		 head -n 1)
	case $source in
	'')	return 1 ;;
	/*)	echo "$source"; return ;;
	esac
	while [ -n "$dir" ]; do
		if [ -e "$dir/$source" ]; then
			echo "$dir/$source"
			return
		fi
		dir=${dir%/*}
	done
	return 1
}

# check WHO FILE SOURCE: the same content as everywhere else
check() {
	local hash real

	real=$(realpath "$3")
	hash=$(sha256sum "$real" | cut -d' ' -f1)
	printf '# %-14s %s %s\n' "$1" "$hash" "$real"
	who[$2]+=" $1"
	if [ "${sum[$2]-$hash}" != "$hash" ]; then
		echo "not ok $1 compiles another $2 than the others"
		failed=$((failed + 1))
	else
		sum[$2]=$hash
		passed=$((passed + 1))
	fi
}

for d in "$tools"/*/engine/engine*.d; do
	variant=${d%/engine/*}
	file=${d##*/}
	check "${variant##*/}" "${file%.d}.c" "$(first_source "$d")"
done

found=0
while read -r cmd; do
	if source=$(kbuild_source "$cmd"); then
		file=${cmd##*/.}
		build=${cmd#"$kernels"/}
		build=$(cut -d/ -f1-2 <<<"$build")
		check "$build" "${file%.o.cmd}.c" "$source"
		found=$((found + 1))
	else
		echo "not ok $cmd does not say what was compiled"
		failed=$((failed + 1))
	fi
done < <(find "$kernels" -path "$tools" -prune -o -name series-check -prune -o \
	 -path '*vfio/profile/.engine*.o.cmd' -print 2>/dev/null | sort)
if [ "$found" = 0 ]; then
	echo "# skipped: no kernel build below $kernels yet"
	skipped=1
fi

for file in "${!sum[@]}"; do
	# shellcheck disable=SC2086 # words
	users=$(printf '%s\n' ${who[$file]} | sort -u | tr '\n' ' ')
	printf '= %s sha256 %.16s..: %s\n' "$file" "${sum[$file]}" "$users"
done | sort

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
