#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# coverage.sh [run.sh's arguments] - in a guest whose kernel counts how often
# each line of ours runs: KUnit, the selftests, then the lines that never ran.
# A file with fewer than LIMIT percent of its lines executed is a failure.
#
# Prints a table and each line that was not executed, and ends with the sum of
# the selftests' results and one for each file.

set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$here/../guest.sh"

LIMIT=${LIMIT:-95}
TOP=$(cd "$here/../../../.." && pwd)
KERNEL=$(cd "$VFIO_COMPAT_MODULES/../../kernel/$VFIO_COMPAT_KERNEL" && pwd -P)
COUNTS=/sys/kernel/debug/gcov
WORK=$(mktemp -d)

# run_part NAME COMMAND.. - its output, and its closing line added to the sum
run_part()
{
	local name=$1 start=$SECONDS status line part
	shift

	echo "# $name"
	"$@" >"$WORK/log" 2>&1
	status=$?
	line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$WORK/log" | tail -n 1)
	if [ -z "$line" ]; then
		cat "$WORK/log"
		echo "not ok $name ended with status $status and without a closing line"
		failed
		return
	fi
	# Only the last line of all says "passed, failed, skipped" by itself.
	sed "s/^$line\$/# $name: & ($((SECONDS - start)) s)/" "$WORK/log"
	read -ra part <<<"${line//[!0-9 ]/}"
	PASSED=$((PASSED + part[0]))
	FAILED=$((FAILED + part[1]))
	SKIPPED=$((SKIPPED + part[2]))
	if [ "$status" -ne 0 ] && [ "${part[1]}" -eq 0 ]; then
		failed
	fi
}

# Our sources that were compiled to count; what a build left of a file that is
# gone does not matter.
counted_files()
{
	(cd "$KERNEL" && find drivers -name '*.gcno') | sed 's/gcno$/c/' | sort | while read -r file; do
		[ ! -f "$TOP/$file" ] || echo "$file"
	done
}

# annotate FILE - "COUNT:LINE:TEXT" of each line that is code, as gcov prints
# it. The counts of a module that was unloaded are kept, and added to.
annotate()
{
	local base=${1%.c} name
	name=$(basename "$base")

	cat "$COUNTS$KERNEL/$base.gcda" >"$WORK/$name.gcda" || return 1
	cp "$KERNEL/$base.gcno" "$WORK/" || return 1
	(cd "$KERNEL" && gcov -t "$WORK/$name.gcda") >"$WORK/gcov" || return 1
	awk -F: -v file="/$1" '
		$3 == "Source" {
			mine = substr($0, length($0) - length(file) + 1) == file
			next
		}
		mine && $1 !~ /-$/ && $2 > 0 {
			sub(/^ +/, "")
			sub(/: +/, ":")
			print
		}' "$WORK/gcov"
}

# report FILE - its line of the table; what did not run goes to $WORK/never
report()
{
	local file=$1 lines ran

	if ! annotate "$file" >"$WORK/lines" || [ ! -s "$WORK/lines" ]; then
		printf '%-40s no counts: was its module loaded?\n' "$file"
		failed
		return
	fi
	grep -E '^[#=]' "$WORK/lines" | sed -E "s|^[#=]+|$file|" >>"$WORK/never"
	lines=$(wc -l <"$WORK/lines")
	ran=$(grep -cvE '^[#=]' "$WORK/lines")
	if [ $((ran * 100)) -ge $((LIMIT * lines)) ]; then
		passed
	else
		failed
	fi
	printf '%-40s %5d %8d %6d.%d %%%s\n' "$file" "$lines" "$ran" \
		$((ran * 100 / lines)) $((ran * 1000 / lines % 10)) \
		"$([ $((ran * 100)) -ge $((LIMIT * lines)) ] || echo "  below $LIMIT %")"
}

main()
{
	local files file

	if ! echo 1 >"$COUNTS/reset"; then
		echo "error: kernel $VFIO_COMPAT_KERNEL does not count lines (CONFIG_GCOV_KERNEL)"
		exit 1
	fi
	run_part kunit "$here/kunit-modules.sh"
	run_part selftests "$TOP/tools/testing/selftests/vfio-profile/run.sh" "$@"
	mapfile -t files < <(counted_files)
	if [ ${#files[@]} -eq 0 ]; then
		echo "not ok no file was compiled to count its lines"
		failed
	fi
	printf '# %-38s %5s %8s %8s\n' file lines executed percent
	: >"$WORK/never"
	for file in "${files[@]}"; do
		report "$file"
	done
	echo "# $(wc -l <"$WORK/never") lines were never executed"
	cat "$WORK/never"
	rm -rf "$WORK"
	guest_close
}

main "$@"
