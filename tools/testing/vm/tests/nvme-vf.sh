#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# nvme-vf.sh [-c CYCLES] [TEST..] - virtual functions, in a guest that has them:
# what an administrator sees of one under vfio-pci and under the sample driver,
# then the test programs. CYCLES is how often functions come and go.
#
# A PF that goes while it has functions is leaked by the PCI core, since its
# driver leaves SR-IOV enabled: what does that is run without a look for leaks.
# Turning off a slot makes lockdep report pciehp, which takes its reset_lock
# inside itself and the lock for rescans; so that is for kernels without it.

set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$here/../guest.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$here/../devices.sh"
SELFTESTS=$here/../../selftests/vfio-profile

# expect NAME STATUS TEXT COMMAND.. - that exit code, and the text among what
# it prints
expect()
{
	local name=$1 want=$2 text=$3 out status=0
	shift 3

	out=$("$@" 2>&1) || status=$?
	if [ "$status" -eq "$want" ] && [[ $out = *"$text"* ]]; then
		passed
	else
		failed
		echo "not ok $name: status $status, expected $want and '$text': $out"
	fi
}

bound()
{
	if vf_bind "$@"; then
		passed
	else
		failed
		echo "not ok $1 could not be bound to $2"
	fi
}

# The same as the README's: nobody is told "compatible" on what was not asked.
operator_view()
{
	local vf0=${VFIO_COMPAT_VFS% *} vf1=${VFIO_COMPAT_VFS#* } driver

	bound "$vf1" nvme_vf_profile
	expect unbound 3 "bound to no driver" vfio-compat compare "$vf0" "$vf1"
	for driver in vfio-pci nvme; do
		modprobe "$driver"
		bound "$vf0" "$driver"
		expect "source under $driver" 3 "$driver" vfio-compat compare "$vf0" "$vf1"
		expect "destination under $driver" 3 "$driver" vfio-compat compare "$vf1" "$vf0"
	done
	bound "$vf0" nvme_vf_profile
	expect compatible 0 Yes vfio-compat compare "$vf0" "$vf1"
	expect "more queues" 1 queues vfio-compat compare "$vf1" "$vf0"
	expect list 0 "$vf1" vfio-compat list
	expect show 0 remote_url vfio-compat show "$vf0"
}

# Programs print KTAP; their totals are part of ours.
run_programs()
{
	local log

	log=$(mktemp)
	"$SELFTESTS/run.sh" "$@" | tee "$log"
	read -r p f s < <(sed -nE '$s/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$log")
	PASSED=$((PASSED + ${p:-0}))
	FAILED=$((FAILED + ${f:-1}))
	SKIPPED=$((SKIPPED + ${s:-0}))
}

# What hangs is to be seen while the guest is still there.
if [ -w /proc/sys/kernel/hung_task_timeout_secs ]; then
	echo "${HUNG_TASK:-20}" >/proc/sys/kernel/hung_task_timeout_secs
fi
modprobe -a vfio_iommu_type1 nvme_vf_profile mdev_sim_nvme
options=()
if [ "${1-}" = -c ]; then
	options=(-c "$2")
	shift 2
fi
operator_view
if [ $# -eq 0 ]; then
	set -- pci_test pci_race_test
fi
run_programs "${options[@]}" "$@"
guest_close
