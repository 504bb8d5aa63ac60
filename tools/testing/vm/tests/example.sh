#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# example.sh [FILE] - in a guest: load the examples of the drivers' documentation,
# type what is shown there, and compare.

set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"
# shellcheck source-path=SCRIPTDIR source=transcript.sh
. "$(dirname "${BASH_SOURCE[0]}")/transcript.sh"

FOLDER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DOCUMENT=${1:-$FOLDER/../../../../Documentation/driver-api/vfio-profile.rst}
INDENT=$'\t'

# The transcript is a section of its own.
sed -n '/^Try it$/,/^An older series$/p' "$DOCUMENT" >"$WORK/section"
begin_transcript
check "the example is loaded" src "modprobe vfio_iommu_type1; modprobe latch && echo yes" yes
type_document "$WORK/section"
check "nothing is left of it" src "ls -d /sys/module/latch" \
	"ls: cannot access '/sys/module/latch': No such file or directory"
check "the variant driver is loaded" src "modprobe slate && ls /sys/bus/pci/drivers/slate/new_id" \
	/sys/bus/pci/drivers/slate/new_id
check "with nothing of mdev" src "ls -d /sys/module/mdev" \
	"ls: cannot access '/sys/module/mdev': No such file or directory"
check "and goes" src "modprobe -r slate && ls -d /sys/module/slate" \
	"ls: cannot access '/sys/module/slate': No such file or directory"
end_transcript
