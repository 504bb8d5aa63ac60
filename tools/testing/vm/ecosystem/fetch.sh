#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch.sh - mdevctl and libvirt of Debian 12 with all that they need and the
# host does not have, unpacked into $O/overlay/ecosystem. Nothing is installed:
# a guest sees the folder laid over the host's root.
#
# Prints the folder. A second run does nothing and needs no network.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source-path=SCRIPTDIR source=../packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=../overlay.sh
. "$VM_DIR/overlay.sh"

WANTED=(mdevctl libvirt-clients libvirt-daemon udev)
OVERLAY=$O/overlay/ecosystem
LIST=$O/ecosystem.packages

# "package version" of all that WANTED depends on, from an empty system up:
# the same answer on a minimal machine and on one that has half of it.
eco_closure()
{
	apt-get -s -q -o APT::Sandbox::User=root -o Dir::State::status=/dev/null \
		install --no-install-recommends "${WANTED[@]}" |
		awk '$1 == "Inst" { sub(/^\(/, "", $3); print $2, $3 }' | sort
}

eco_check_versions()
{
	awk '$1 == "mdevctl" && $2 ~ /^1\.2\./ { m = 1 }
	     $1 == "libvirt-daemon" && $2 ~ /^9\./ { l = 1 }
	     END { exit !(m && l) }' "$1"
}

# Only what the host lacks is fetched.
eco_choose()
{
	local packages

	eco_closure >"$LIST.closure"
	eco_check_versions "$LIST.closure" || {
		echo "apt offers no mdevctl 1.2 with libvirt 9, those of Debian 12;"
		echo "run apt-get update, or add bookworm to apt's sources"
		return 1
	}
	mapfile -t packages < <(join -v1 "$LIST.closure" <(overlay_installed | cut -d' ' -f1 | sort -u) |
		tr ' ' '=')
	overlay_list "${packages[@]}"
}

eco_make()
{
	eco_choose
	overlay_unpack
	overlay_fingerprint "${BASH_SOURCE[0]}" >"$OVERLAY.fingerprint"
}

check_paths
need_tools apt-get apt-cache dpkg-deb dpkg-query tar
lock_build ecosystem
if ! overlay_current "${BASH_SOURCE[0]}"; then
	[ -n "$(apt-cache madison mdevctl)" ] || apt_update
	step ecosystem-packages "mdevctl and libvirt packages" '~15 s and 15 MB of download' eco_make
fi
printf '%s\n' "$OVERLAY"
