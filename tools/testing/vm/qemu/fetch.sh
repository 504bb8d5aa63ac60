#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch.sh - QEMU 10 of bookworm-backports, with what it needs and the host
# does not have, unpacked into $O/overlay/qemu. Debian 12's own 7.2 migrates
# VFIO devices by an interface that kernels no longer have.
#
# The host need not know that suite, and does not get to: apt works here with
# sources, lists and a cache of its own. They name the mirrors that the host
# uses, and apt verifies them by Debian's keys.
#
# Prints the folder. A second run does nothing and needs no network.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
# shellcheck source-path=SCRIPTDIR source=../packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=../overlay.sh
. "$VM_DIR/overlay.sh"

RELEASE=bookworm
WANTED=qemu-system-x86
AT_LEAST=1:10
KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

APT=$CACHE/apt-$RELEASE-backports
OVERLAY=$O/overlay/qemu
LIST=$O/qemu.packages

# Debian's sources as the host has them, and the backports of the same mirror.
qemu_sources()
{
	# shellcheck disable=SC2016 # apt expands it
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' |
		awk -v release="$RELEASE" -v keys="$KEYS" '
			function source(uri, suite) {
				print "deb [signed-by=" keys "] " uri " " suite " main"
			}
			$4 != "main" { next }
			$2 == release || $3 == release {
				source($1, release)
				source($1, release "-backports")
			}
			$3 ~ "^" release "-(updates|security)$" { source($1, $3) }
			$2 ~ "^" release "-(updates|security)$" { source($1, $2) }' | sort -u
}

# How the host reaches its mirrors holds here too (Acquire::), what it does
# after an update does not.
qemu_settings()
{
	cat <<-END
	Dir::Etc::sourcelist "/dev/null";
	Dir::Etc::sourceparts "$APT/sources";
	Dir::Etc::main "/dev/null";
	Dir::Etc::parts "$APT/empty";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "$APT/empty";
	Dir::State::lists "$APT/lists";
	Dir::Cache "$APT/cache";
	Dir::Cache::pkgcache "";
	Dir::Cache::srcpkgcache "";
	APT::Sandbox::User "root";
	END
	apt-config dump | grep '^Acquire::' | grep -vE '^Acquire::(IndexTargets|Languages|GzipIndexes)\b' || true
	cat <<-'END'
	Acquire::GzipIndexes "true";
	Acquire::Languages "none";
	END
}

# All that apt is asked from here on is asked with its own settings.
qemu_private_apt()
{
	[ -r "$KEYS" ] || {
		echo "no $KEYS, by which Debian's packages are verified;"
		echo "run: apt-get install debian-archive-keyring"
		return 1
	}
	mkdir -p "$APT"/{sources,empty,lists/partial,cache/archives/partial}
	qemu_sources >"$APT/sources/debian.list"
	grep -q . "$APT/sources/debian.list" || {
		echo "apt's sources name no mirror of Debian's $RELEASE"
		return 1
	}
	qemu_settings >"$APT/apt.conf"
	export APT_CONFIG=$APT/apt.conf
}

# "package=version" of all that the host would get, were it installed there
qemu_choice()
{
	apt-get -s -q install --no-install-recommends "$WANTED/$RELEASE-backports" |
		awk '$1 == "Inst" { match($0, /\([^ ]+/); print $2 "=" substr($0, RSTART + 1, RLENGTH - 1) }' | sort
}

qemu_new_enough()
{
	local version

	version=$(apt-cache show "$WANTED" | awk '$1 == "Version:" { print $2 }' | sort -V | tail -n 1)
	dpkg --compare-versions "$version" ge "$AT_LEAST" || {
		echo "$RELEASE-backports offers $WANTED ${version:-in no version}, not $AT_LEAST or later"
		return 1
	}
}

# Fails if the lists are not there or name what is no longer there.
qemu_try()
{
	local packages

	packages=$(qemu_choice) && qemu_new_enough || return 1
	mapfile -t packages <<<"$packages"
	# shellcheck disable=SC2128 # the first one is empty if there is none
	[ -n "$packages" ] || packages=()
	overlay_list "${packages[@]}" && overlay_download && qemu_complete
}

qemu_complete()
{
	local pkg version file size sum

	while read -r pkg version file size sum; do
		deb_ok "$DEBS/$file" "$size" "$sum" || {
			echo "$pkg $version is not in the cache and cannot be downloaded"
			return 1
		}
	done <"$LIST"
}

# One clone at a time: the lists are shared.
qemu_make()
{
	exec 7>"$CACHE/.lock-apt"
	flock 7
	qemu_private_apt
	if ! qemu_try; then
		echo "-- with new lists:"
		apt-get -q update
		qemu_try
	fi
	overlay_unpack
	overlay_fingerprint "${BASH_SOURCE[0]}" >"$OVERLAY.fingerprint"
}

check_paths
need_tools apt-get apt-cache apt-config dpkg dpkg-deb dpkg-query tar
lock_build qemu
if ! overlay_current "${BASH_SOURCE[0]}"; then
	step qemu-packages "QEMU of $RELEASE-backports" '~15 s and 25 MB of download' qemu_make
fi
printf '%s\n' "$OVERLAY"
