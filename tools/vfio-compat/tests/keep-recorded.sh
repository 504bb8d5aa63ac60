#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Takes the files out of what record-guest.sh printed: keep-recorded.sh LOG

set -eu

into=$(cd "${0%/*}" && pwd)/recorded
grep -q '^recorded' "$1" || {
	echo "$1: does not end with \"recorded\": something in the guest failed" >&2
	exit 1
}
mkdir -p "$into"
tr -d '\r' <"$1" | awk -v into="$into" '
	/^==== end$/ { close(file); file = ""; next }
	/^==== / { file = into "/" $2; printf "" >file; next }
	file { print >file }'
ls "$into"
