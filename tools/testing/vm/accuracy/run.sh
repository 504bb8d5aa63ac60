#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-k KERNEL] [-p PAIRS] [ARGUMENT..] - the accuracy matrix in a guest,
# stock (the default) or debug, which looks for leaks afterwards. Further
# arguments are those of the program.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

KERNEL=stock
PAIRS=30000
FLAGS=()
ARGS=()

while [ $# -gt 0 ]; do
	case $1 in
	-k)
		KERNEL=$2
		shift ;;
	-p)
		PAIRS=$2
		shift ;;
	*)
		ARGS+=("$1") ;;
	esac
	shift
done
case $PAIRS in
'' | *[!0-9]*) die "not a number of pairs: $PAIRS" ;;
esac
if [ "$KERNEL" = debug ]; then
	FLAGS=(-l)
	PER_SECOND=1
else
	PER_SECOND=20
fi

exec "$VM_DIR/vm.sh" -n -k "$KERNEL" -t $((300 + PAIRS / PER_SECOND)) "${FLAGS[@]}" \
	"$VM_DIR/accuracy/guest.sh" -p "$PAIRS" "${ARGS[@]}"
