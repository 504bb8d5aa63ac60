#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# sim-guide.sh [FILE] - in a guest: type what the page about the simulated vendor
# driver shows, in the order in which it is there, and compare.

set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"
# shellcheck source-path=SCRIPTDIR source=transcript.sh
. "$(dirname "${BASH_SOURCE[0]}")/transcript.sh"

FOLDER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

begin_transcript
type_document "${1:-$FOLDER/../../../../Documentation/driver-api/vfio-profile-sim.rst}"
check "nothing is left of it" src "ls -d /sys/module/mdev_sim" \
	"ls: cannot access '/sys/module/mdev_sim': No such file or directory"
end_transcript
