#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kunit-modules.sh - in a guest: load every KUnit module and count what it
# says in debugfs. Here the sanitizers of the debug kernel look on.

set -euo pipefail
shopt -s nullglob

modules=("$VFIO_COMPAT_MODULES"/*_kunit.ko)

for module in "${modules[@]}"; do
	modprobe "$(basename "$module" .ko)"
done
results=(/sys/kernel/debug/kunit/vfio*/results)
cat /dev/null "${results[@]}" | tee /tmp/results
for module in "${modules[@]}"; do
	modprobe -r "$(basename "$module" .ko)"
done

# One line of totals for each suite counts the parameters of its cases too.
awk '/^# Totals: / { for (i = 3; i <= NF; i++) { split($i, n, ":"); sum[n[1]] += n[2] } }
	END { printf "%d passed, %d failed, %d skipped\n", sum["pass"], sum["fail"], sum["skip"]
	      exit sum["fail"] || !sum["pass"] }' /tmp/results
