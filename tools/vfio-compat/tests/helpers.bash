# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the command share.

bats_require_minimum_version 1.5.0

here=$BATS_TEST_DIRNAME
trees=$VFIO_COMPAT_TREES
fault=$VFIO_COMPAT_BUILD/fault.so

# Instances of the tree; see make-trees.sh.
mtty_a=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
mtty_b=83b8f4f2-509f-382f-3c1e-e6bfe0fa1002
mtty_2=83b8f4f2-509f-382f-3c1e-e6bfe0fa1003
mdpy=83b8f4f2-509f-382f-3c1e-e6bfe0fa1004
gpu_a=83b8f4f2-509f-382f-3c1e-e6bfe0fa1011
gpu_b=83b8f4f2-509f-382f-3c1e-e6bfe0fa1012
gpu_pinned=83b8f4f2-509f-382f-3c1e-e6bfe0fa1013
gpu_1=83b8f4f2-509f-382f-3c1e-e6bfe0fa1014
chk=83b8f4f2-509f-382f-3c1e-e6bfe0fa1021
gpu=0000:00:02.0
export mtty_a mtty_b mtty_2 mdpy gpu_a gpu_b gpu_pinned gpu_1 chk gpu here fault

make_trees() {
	"$here/make-trees.sh" "$trees"
}

# vc ARGS..: the command on the good tree, under the sanitizers
vc() {
	"$VFIO_COMPAT" --sysfs-root "$trees/good" "$@"
}

# bad ARGS..: the same on the broken tree
bad() {
	"$VFIO_COMPAT" --sysfs-root "$trees/broken" "$@"
}

# json KIND EXPRESSION ARGS..: check the document, print a value of it
json() {
	local kind=$1 expression=$2

	shift 2
	vc -J "$@" 2>"$BATS_TEST_TMPDIR/stderr" |
		"$here/check-json.py" "$kind" "$expression" || return
	! grep -v '^vfio-compat: ' "$BATS_TEST_TMPDIR/stderr"
}

# live ARGS..: the plain command on a copy whose files behave as a device's;
# FAULT_* say how
live() {
	LD_PRELOAD=$fault FAULT_LIVE=1 "$VFIO_COMPAT_PLAIN" \
		--sysfs-root "${LIVE-$trees/good}" "$@"
}

# is CODE [TEXT]: what "run" saw; TEXT is the whole output, or a pattern of it
# shellcheck disable=SC2154 # set by "run"
is() {
	if [ "$status" != "$1" ]; then
		echo "exit code $status, expected $1: $output" >&2
		return 1
	fi
	# shellcheck disable=SC2053 # a pattern
	if [ "$#" -gt 1 ] && [[ $output != "$2" && $output != $2 ]]; then
		echo "printed: $output" >&2
		echo "expected: $2" >&2
		return 1
	fi
}
