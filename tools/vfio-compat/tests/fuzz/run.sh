#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fuzzes one target: run.sh BUILD TARGET SECONDS
#
# First it replays corpus/TARGET and corpus/TARGET.crashes, which must pass; then
# it looks for more, with a corpus of its own in BUILD/fuzz/TARGET.corpus.  An
# input that fails is kept in corpus/TARGET.crashes: commit it with its fix.
# What the fuzzer itself says is in BUILD/fuzz/TARGET.log.

set -u

build=$1 target=$2 seconds=$3
here=$(cd "${0%/*}" && pwd)
program=$build/fuzz/fuzz_$target
work=$build/fuzz/$target.corpus
crashes=$here/corpus/$target.crashes
dictionary=()
log=$build/fuzz/$target.log
passed=0 failed=0

# judge NAME CODE
judge() {
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
		echo "ok $1"
	else
		failed=$((failed + 1))
		echo "not ok $1"
		tail -n 40 "$log" | sed 's/^/    /'
		echo "    all of it is in $log"
	fi
}

[ ! -e "$here/$target.dict" ] || dictionary=("-dict=$here/$target.dict")
mkdir -p "$work" "$crashes"
export VFIO_COMPAT_TREES=$build/fuzz/$target.trees
"$here/../make-trees.sh" "$VFIO_COMPAT_TREES"

shopt -s nullglob
old=("$here/corpus/$target"/* "$crashes"/*)
"$program" -timeout=10 "${old[@]}" >"$log" 2>&1
judge "replay of ${#old[@]} inputs" $?

# up to a little more than a page
[ "$seconds" -lt 60 ] || echo "fuzzing $target: about $((seconds / 60)) min"
"$program" -max_total_time="$seconds" -max_len=4200 -timeout=10 \
	-rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$crashes/" \
	"${dictionary[@]}" "$work" "$here/corpus/$target" >"$log" 2>&1
judge "$seconds seconds" $?
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
cover=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
echo "= $target: ${runs:-no} executions, ${cover:-no} edges seen"
rmdir "$crashes" 2>/dev/null
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
