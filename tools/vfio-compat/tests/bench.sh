#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the command costs, as rows: bench.sh BUILD
#
# Instructions are those of user space, counted by callgrind, so they are the
# same on every machine that is as busy as it likes.

set -eu

build=$1
here=$(cd "${0%/*}" && pwd)
vc=$build/vfio-compat
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# instructions NAME COMMAND..: sets count; the command may say no
instructions()
{
	local name=$1

	shift
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" \
		>/dev/null 2>"$dir/$name" || true
	count=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$dir/$name")
	echo "| $name | ${count:-?} instructions |"
}

"$here/make-trees.sh" "$dir/trees"
export VFIO_COMPAT_SYSFS_ROOT=$dir/trees/good
printf 'old/i915-GVTg_V5_4 0000:00:02.0/i915-GVTg_V5_4\n%.0s' {1..11} >"$dir/pairs"
head -n 1 "$dir/pairs" >"$dir/pair"

instructions 'inventory of a host' "$vc" inventory
if command -v mdevctl >/dev/null; then
	own=$count
	# it has no option for the tree, only this for its own tests
	mkdir "$dir/root"
	ln -s "$VFIO_COMPAT_SYSFS_ROOT" "$dir/root/sys"
	MDEVCTL_ENV_ROOT=$dir/root \
		instructions 'mdevctl types --dumpjson' mdevctl types --dumpjson
	[ -z "$count" ] || echo "| inventory / mdevctl | $((100 * own / count)) % |"
else
	echo '| mdevctl types --dumpjson | mdevctl is not installed |'
fi
instructions 'one compare, the whole command' "$vc" compare \
	old/i915-GVTg_V5_4 0000:00:02.0/i915-GVTg_V5_4
valgrind --tool=callgrind --callgrind-out-file=/dev/null "$vc" compare --batch \
	<"$dir/pair" 2>"$dir/one" >/dev/null
valgrind --tool=callgrind --callgrind-out-file=/dev/null "$vc" compare --batch \
	<"$dir/pairs" 2>"$dir/many" >/dev/null
one=$(sed -n 's/.*Collected : *//p' "$dir/one")
many=$(sed -n 's/.*Collected : *//p' "$dir/many")
echo "| one pair of a batch, read from sysfs | $(((many - one) / 10)) instructions |"

"$here/make-inventories.py" 100 1000 20 >"$dir/inventories"
"$here/make-inventories.py" 1 20 20 >"$dir/source"
LC_ALL=C /usr/bin/time -f '| match over 100 000 types of 100 hosts | %U s, %M KiB |' -o "$dir/time" \
	"$vc" match "@$dir/source#0000:00:02.0/gpu-3" "$dir/inventories" >/dev/null
cat "$dir/time"
