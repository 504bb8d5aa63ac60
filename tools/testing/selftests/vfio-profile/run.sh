#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-c CYCLES] [test..] - load the modules and run the tests, in a guest.
# CYCLES is how often devices come and go in race_test. Ends with
# "N passed, N failed, N skipped".

set -u

here=$(cd "$(dirname "$0")" && pwd)
programs=${VFIO_COMPAT_SELFTESTS:-$here}

modules=(vfio_iommu_type1 mdev vfio_profile mtty mdpy vfio_profile_test
	mdev_sim_vgpu mdev_sim_nvme mdev_sim_qat mdev_sim_ccw mdev_sim_ap)
tests=(abi_test registration_test device_test handshake_test instance_test change_test
	stream_test mtty_stream_test mtty_test sim_test sim_migration_test race_test)

while getopts c: option; do
	case $option in
	c) export VFIO_COMPAT_CYCLES=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))

for module in "${modules[@]}"; do
	modprobe -q "$module" 2>/dev/null || [ ! -f "$here/test_modules/$module.ko" ] ||
		insmod "$here/test_modules/$module.ko"
done
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
if [ -e /sys/kernel/debug/failslab/require-start ]; then
	tests+=(fault_test)
else
	echo "# this kernel cannot inject faults where they are wanted: no fault_test"
fi
tests+=(hostile_test)
case $(uname -r) in
6.1.*)
	echo "# mtty has no migration here: no tests of it; and there is no PRE_COPY"
	tests=("${tests[@]/#abi_test/abi_test -V mtty_one_port -V mtty_two_ports}")
	tests=("${tests[@]/#sim_migration_test/sim_migration_test -T changed_while_in_pre_copy}")
	tests=("${tests[@]/#hostile_test/hostile_test -V mtty_one_port -V mtty_two_ports}")
	mapfile -t tests < <(printf '%s\n' "${tests[@]}" | grep -v '^mtty') ;;
esac
if [ $# -gt 0 ]; then
	tests=("$@")
fi

passed=0 failed=0 skipped=0
log=$(mktemp)
for test in "${tests[@]}"; do
	echo "# $test"
	# shellcheck disable=SC2086 # options, if any
	"$programs/"$test >"$log" 2>&1
	status=$?
	cat "$log"
	totals=$(grep '^# Totals:' "$log" | tail -n 1)
	if [ -z "$totals" ]; then
		echo "not ok $test ended with status $status and without totals"
		failed=$((failed + 1))
		continue
	fi
	count()
	{
		sed -nE "s/.* $1:([0-9]+).*/\1/p" <<<"$totals"
	}
	passed=$((passed + $(count pass)))
	skipped=$((skipped + $(count skip)))
	failed=$((failed + $(count fail) + $(count error)))
done
rm -f "$log"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
