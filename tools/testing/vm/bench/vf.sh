#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vf.sh - in a guest with virtual functions that counts instructions (vm.sh -i
# -d nvme-vf): what registering one costs. The tracer's clock is that of the
# guest, where a microsecond is a thousand instructions; what the probes need is
# counted with them.

set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$here/../devices.sh"
TRACE=/sys/kernel/tracing
VF=${VFIO_COMPAT_VFS% *}
FUNCTIONS=(vfio_pci_profile_register vfio_pci_profile_unregister
	vfio_pci_core_register_device vfio_pci_core_unregister_device)
ROUNDS=5

probe()
{
	local function

	echo mono >$TRACE/trace_clock
	for function in "${FUNCTIONS[@]}"; do
		echo "p:vf/in_$function $function"
		echo "r:vf/out_$function $function"
	done >>$TRACE/kprobe_events || return 1
	echo 1 >$TRACE/events/vf/enable
}

# Lines of "function instructions": the n-th exit belongs to the n-th entry.
spans()
{
	sed -nE 's/.* ([0-9]+)\.([0-9]+): (in|out)_([a-z_]+): .*/\1\2 \3 \4/p' $TRACE/trace |
		awk '$2 == "in" { at[$3] = $1 } $2 == "out" { print $3, ($1 - at[$3]) }'
}

modprobe -a vfio_iommu_type1 nvme_vf_profile || exit 1
vf_bind "$VF" nvme_vf_profile && vf_bind "$VF" "" && probe || exit 1
for ((i = 0; i < ROUNDS; i++)); do
	vf_bind "$VF" nvme_vf_profile && sleep 1
	vf_bind "$VF" ""
done
echo 0 >$TRACE/events/vf/enable
spans | sort | awk '
	{ n[$1]++; if (!($1 in least) || $2 < least[$1]) least[$1] = $2; if ($2 > most[$1]) most[$1] = $2 }
	END { for (f in n) printf "| %-34s %2d times, %6d to %6d thousand instructions\n", f, n[f], least[f], most[f] }' | sort
