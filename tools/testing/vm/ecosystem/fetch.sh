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

eco_installed()
{
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' |
		awk '$1 == "installed" { print $2 }' | sort -u
}

# The list holds for this set of installed packages and this script only.
eco_fingerprint()
{
	{
		eco_installed
		cat "${BASH_SOURCE[0]}"
	} | sha256sum | cut -d' ' -f1
}

eco_check_versions()
{
	awk '$1 == "mdevctl" && $2 ~ /^1\.2\./ { m = 1 }
	     $1 == "libvirt-daemon" && $2 ~ /^9\./ { l = 1 }
	     END { exit !(m && l) }' "$1"
}

# eco_record PACKAGE=VERSION.. - one line for each, as pkg_record makes them;
# all in one call, because apt needs a second or more to begin
eco_record()
{
	apt-cache show --no-all-versions "$@" | awk '
		/^Package:/  { pkg = $2 }
		/^Version:/  { version = $2 }
		/^Filename:/ { n = split($2, f, "/"); file = f[n] }
		/^Size:/     { size = $2 }
		/^SHA256:/   { sum = $2 }
		/^$/ && sum != "" { print pkg, version, file, size, sum; sum = "" }
		END { if (sum != "") print pkg, version, file, size, sum }'
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
	mapfile -t packages < <(join -v1 "$LIST.closure" <(eco_installed) | tr ' ' '=')
	: >"$LIST.new"
	[ ${#packages[@]} -eq 0 ] || eco_record "${packages[@]}" >"$LIST.new"
	if [ "$(wc -l <"$LIST.new")" -ne ${#packages[@]} ]; then
		echo "apt names no checksum for some of: ${packages[*]}; run apt-get update"
		return 1
	fi
	mv "$LIST.new" "$LIST"
}

# What the cache lacks, in one download. A file that is not what apt described
# stays where it is: pkg_fetch tries that one again, and complains.
eco_download()
{
	local pkg version file size sum tmp missing=()

	mkdir -p "$DEBS"
	while read -r pkg version file size sum; do
		deb_ok "$DEBS/$file" "$size" "$sum" || missing+=("$pkg=$version")
	done <"$LIST"
	[ ${#missing[@]} -gt 0 ] || return 0
	tmp=$(mktemp -d "$DEBS/partial.XXXXXX")
	(cd "$tmp" && "${APT_DOWNLOAD[@]}" "${missing[@]}") || true
	while read -r pkg version file size sum; do
		if deb_ok "$tmp/${pkg}_${version//:/%3a}_${file##*_}" "$size" "$sum"; then
			mv "$tmp/${pkg}_${version//:/%3a}_${file##*_}" "$DEBS/$file"
		fi
	done <"$LIST"
	rm -rf "$tmp"
}

# The four folders that Debian 12 merged into /usr stay links: a folder of
# that name would hide the host's link, and with it every program.
eco_unpack()
{
	local file dir

	rm -rf "$OVERLAY" "$OVERLAY.new"
	mkdir -p "$OVERLAY.new/usr"
	for dir in bin sbin lib lib64; do
		mkdir -p "$OVERLAY.new/usr/$dir"
		ln -s "usr/$dir" "$OVERLAY.new/$dir"
	done
	eco_download
	pkg_fetch "$LIST"
	while read -r _ _ file _; do
		dpkg-deb --fsys-tarfile "$DEBS/$file" |
			tar -x --keep-directory-symlink --no-same-owner -C "$OVERLAY.new"
	done <"$LIST"
	mv "$OVERLAY.new" "$OVERLAY"
}

eco_make()
{
	eco_choose
	eco_unpack
	eco_fingerprint >"$OVERLAY.fingerprint"
}

check_paths
need_tools apt-get apt-cache dpkg-deb dpkg-query tar
lock_build ecosystem
if [ ! -d "$OVERLAY" ] || [ "$(cat "$OVERLAY.fingerprint" 2>/dev/null)" != "$(eco_fingerprint)" ]; then
	[ -n "$(pkg_versions mdevctl)" ] || apt_update
	step ecosystem "mdevctl and libvirt packages" '~15 s and 15 MB of download' eco_make
fi
printf '%s\n' "$OVERLAY"
