#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs every test of the library and the command: run.sh BUILD
#
# One line per suite; what each test said is in BUILD/check/SUITE.log.

set -u

build=$1
here=$(cd "${0%/*}" && pwd)
logs=$build/check
run=${CROSS_RUN-qemu-s390x}
limit=${LIMIT-300}
passed=0 failed=0 skipped=0

mkdir -p "$logs"

# count LOG: "passed failed skipped" of TAP, or of a closing line
count() {
	local last

	last=$(tail -n 1 "$1")
	if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
		echo "${BASH_REMATCH[@]:1}"
		return
	fi
	awk '/^ok .*# skip/ { s++; next } /^ok / { p++ } /^not ok / { f++ }
	     END { print p + 0, f + 0, s + 0 }' "$1"
}

# suite NAME COMMAND..: run it, bounded; its exit code must agree with its words
suite() {
	local name=$1 log rc p f s

	log=$logs/${name//[^a-zA-Z0-9]/-}.log
	shift
	timeout -k 10 "$limit" "$@" >"$log" 2>&1 </dev/null
	rc=$?
	read -r p f s < <(count "$log")
	[ "$rc" = 0 ] || [ "$f" != 0 ] || f=1
	[ $((p + f + s)) != 0 ] || f=1
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	if [ "$f" = 0 ]; then
		printf '%-42s %s passed, %s skipped\n' "$name" "$p" "$s"
		sed -n 's/^= /    /p' "$log"
		return
	fi
	printf '%-42s FAILED (exit code %s): %s passed, %s failed; see %s\n' \
		"$name" "$rc" "$p" "$f" "$log"
	grep -h -A3 '^not ok' "$log" | head -n 20 | sed 's/^/    /'
}

# without NAME WHY: a suite that this machine cannot run
without() {
	printf '%-42s skipped: %s\n' "$1" "$2"
	skipped=$((skipped + 1))
}

# variant WHAT NAME [RUNNER]: the engine's table and the random profiles
variant() {
	local dir=$build/$2 rounds=300

	if [ ! -x "$dir/engine_test" ]; then
		without "engine, $1" "its compiler is not installed"
	elif [ -n "${3-}" ] && ! command -v "$3" >/dev/null; then
		without "engine, $1" "$3 is not installed"
	else
		[ -z "${3-}" ] || rounds=60
		suite "engine, $1" ${3:+"$3"} "$dir/engine_test"
		suite "random profiles, $1" ${3:+"$3"} "$dir/line_test" \
			"${SEED-1}" "$rounds"
	fi
}

variant 'gcc with ASan and UBSan' asan
variant 'gcc -O2' plain
variant 'gcc -m32' m32
variant 'clang' clang
variant 's390x, big-endian' s390x "$run"

trees=$logs/library-trees
# library NAME COMMAND..: a test of the library, on trees of its own
library() {
	"$here/make-trees.sh" "$trees"
	suite "library, $1" "${@:2}"
}
library 'gcc with ASan and UBSan' "$build/asan/lib_test" "$trees"
library 'a context per thread, under TSan' "$build/tsan/threads_test" \
	"$trees/good" 8 3
if command -v valgrind >/dev/null; then
	library valgrind valgrind -q --error-exitcode=99 --leak-check=full \
		"$build/plain/lib_test" "$trees"
else
	without 'library, valgrind' 'valgrind is not installed'
fi

for file in "$here"/fuzz/fuzz_*.c; do
	name=$(basename "$file" .c)
	name=${name#fuzz_}
	if [ -x "$build/fuzz/fuzz_$name" ]; then
		suite "fuzz, $name" "$here/fuzz/run.sh" "$build" "$name" \
			"${FUZZ_SECONDS-10}"
	else
		without "fuzz, $name" 'clang is not installed'
	fi
done

suite 'one engine in every build' "$here/same-source.sh" "$build"

export VFIO_COMPAT=$build/asan/vfio-compat
export VFIO_COMPAT_PLAIN=$build/vfio-compat
export VFIO_COMPAT_BUILD=$build
export VFIO_COMPAT_TREES=$logs/trees
unset VFIO_COMPAT_SYSFS_ROOT
if command -v bats >/dev/null; then
	for file in "$here"/*.bats; do
		name=${file##*/}
		suite "command, ${name%.bats}" bats --tap "$file"
	done
else
	without command 'bats is not installed'
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
