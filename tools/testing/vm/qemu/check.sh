#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh [mtty|sim].. - in a guest, over the folder that fetch.sh makes: QEMU 10, which
# nobody here wrote, migrates devices live between two of its processes. What
# "vfio-compat compare" says beforehand is what happens.
set -uo pipefail

# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"
# shellcheck source-path=SCRIPTDIR source=vmm.sh
. "${BASH_SOURCE[0]%/*}/vmm.sh"
# shellcheck source-path=SCRIPTDIR source=pairs.sh
. "${BASH_SOURCE[0]%/*}/pairs.sh"
# shellcheck source-path=SCRIPTDIR source=mtty.sh
. "${BASH_SOURCE[0]%/*}/mtty.sh"
# shellcheck source-path=SCRIPTDIR source=sim.sh
. "${BASH_SOURCE[0]%/*}/sim.sh"

setup()
{
	local version

	: "${VFIO_COMPAT_MODULES:?names no folder; run this inside the stock guest}"
	: "${VFIO_COMPAT_MODULES_PLAIN:?names no folder; run this inside the stock guest}"
	export LC_ALL=C
	# A QEMU that has gone is noticed by what it does not say.
	trap '' PIPE
	WORK=$(mktemp -d /tmp/qemu.XXXXXX)
	vmm_setup
	version=$(qemu-system-x86_64 --version | sed -nE '1s/^QEMU emulator version ([0-9.]+).*/\1/p')
	if [ "${version%%.*}" -lt 10 ]; then
		echo "error: QEMU $version in this guest; boot it over the folder that qemu/fetch.sh makes"
		exit 4
	fi
	row "" source destination "vfio-compat compare" "QEMU $version"
}

setup
[ $# -gt 0 ] || set -- mtty sim
for part; do
	"${part}_pairs"
done
guest_close
