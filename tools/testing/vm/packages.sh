# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# packages.sh - Debian packages by download and unpack; nothing is installed.
#
# Chooses the newest Debian version of the kernel for which image, headers and
# source all exist, records the choice in $O/versions, and keeps the downloads
# in the cache folder with the size and the checksum that apt named. A file is
# verified each time it is unpacked, so a download that was cut is fetched
# again and a second run needs no network.

DEBS=$CACHE/debs
PKG=$O/pkg
APT_DOWNLOAD=(apt-get -q -o APT::Sandbox::User=root download)

# Names of kernel builds of this base that have an image: not rt, not cloud.
# Debian's 6.1.x are all called 6.1.0 and a number.
pkg_kernel_names()
{
	apt-cache pkgnames "linux-image-$BASE." |
		sed -nE "s/^linux-image-(${BASE//./\\.}\.[0-9]+(-[0-9]+)?[^-]*)-amd64(-unsigned)?$/\1/p" |
		sort -Vru
}

# The packages that belong to kernel build $1; the image may be unsigned.
pkg_names()
{
	local kbuild=$1

	case $1 in
	*-[0-9]*) kbuild=$BASE ;;
	esac
	printf '%s\n' "linux-image-$1-amd64${2-}" "linux-headers-$1-amd64" \
		"linux-headers-$1-common" "linux-kbuild-$kbuild" "linux-source-$BASE"
}

# "package version" of everything that could be chosen: one slow call of apt.
pkg_offers()
{
	local abi

	while read -r abi; do
		pkg_names "$abi"
		pkg_names "$abi" -unsigned
	done < <(pkg_kernel_names) | sort -u | xargs -r apt-cache madison 2>/dev/null |
		awk -F' *[|] *' '{ gsub(/ /, "", $1); print $1, $2 }' | sort -u
}

# pkg_common_version OFFERS PACKAGE.. - the newest version that all of them have
pkg_common_version()
{
	local offers=$1
	shift

	grep -E "^($(IFS='|'; echo "${*//+/\\+}")) " "$offers" | cut -d' ' -f2 |
		sort -V | uniq -c | awk -v all=$# '$1 == all { v = $2 } END { print v }'
}

# Prints "abi version image-package" of the newest complete set.
pkg_choose_set()
{
	local abi suffix version names offers=$O/packages.offers

	pkg_offers >"$offers"
	while read -r abi; do
		for suffix in '' -unsigned; do
			mapfile -t names < <(pkg_names "$abi" "$suffix")
			version=$(pkg_common_version "$offers" "${names[@]}" || true)
			if [ -n "$version" ]; then
				printf '%s %s %s\n' "$abi" "$version" "${names[0]}"
				return
			fi
		done
	done < <(pkg_kernel_names)
}

# pkg_record PACKAGE VERSION - one line: package version file size sha256
pkg_record()
{
	apt-cache show --no-all-versions "$1=$2" 2>/dev/null | awk -v p="$1" -v v="$2" '
		/^Filename:/ { n = split($2, f, "/"); file = f[n] }
		/^Size:/     { size = $2 }
		/^SHA256:/   { sum = $2 }
		END { if (file == "" || sum == "") exit 1; print p, v, file, size, sum }'
}

# One at a time: the second of two would end with an error of apt.
apt_update()
{
	local fd

	[ "$(id -u)" = 0 ] || die "apt knows no complete kernel $BASE and updating its lists needs root" \
		"run as root: apt-get update"
	exec {fd}>"$CACHE/.lock-apt"
	flock "$fd"
	step apt-update "package lists" apt-get -q update
	exec {fd}>&-
}

# The choice is made once; "make clean" or removing $O/versions makes it anew.
pkg_choose()
{
	local set abi version image pkg

	[ ! -s "$O/versions" ] || return 0
	need_tools apt-get apt-cache dpkg-deb
	set=$(pkg_choose_set)
	if [ -z "$set" ]; then
		apt_update
		set=$(pkg_choose_set)
	fi
	[ -n "$set" ] || die "no Debian version has linux-image, linux-headers and linux-source $BASE together" \
		"kernel $BASE is in bookworm-security; add that suite to apt's sources"
	read -r abi version image <<<"$set"
	for pkg in "$image" $(pkg_names "$abi" | tail -n +2); do
		pkg_record "$pkg" "$version" || die "apt names no checksum for $pkg $version" "run: apt-get update"
	done >"$O/packages.new"
	mv "$O/packages.new" "$O/packages"
	printf 'KVER=%s-amd64\nABI=%s\nVERSION=%s\nIMAGE=%s\n' \
		"$abi" "$abi" "$version" "$image" >"$O/versions"
	say "kernel $abi-amd64, Debian version $version"
}

pkg_load()
{
	# shellcheck source=/dev/null
	. "$O/versions"
	# shellcheck disable=SC2034 # for the scripts that source this one
	HDR=$PKG/usr/src/linux-headers-$KVER
}

# deb_ok FILE SIZE SHA256
deb_ok()
{
	[ -f "$1" ] && [ "$(stat -c %s "$1")" = "$2" ] &&
		printf '%s  %s\n' "$3" "$1" | sha256sum --status -c -
}

# deb_fetch PACKAGE VERSION FILE SIZE SHA256 - into the cache, verified
deb_fetch()
{
	local pkg=$1 version=$2 file=$3 size=$4 sum=$5 tmp

	mkdir -p "$DEBS"
	if [ -e "$DEBS/$file" ]; then
		if deb_ok "$DEBS/$file" "$size" "$sum"; then
			return 0
		fi
		echo "$file in the cache is not what apt described: fetched again"
		rm -f "$DEBS/$file"
	fi
	tmp=$(mktemp -d "$DEBS/partial.XXXXXX")
	if ! (cd "$tmp" && "${APT_DOWNLOAD[@]}" "$pkg=$version"); then
		rm -rf "$tmp"
		echo "$pkg $version cannot be downloaded (no network, or no longer there: rm $O/versions and run again)"
		return 1
	fi
	if ! deb_ok "$tmp"/*.deb "$size" "$sum"; then
		rm -rf "$tmp"
		echo "$pkg $version arrived with another size or checksum than apt named; run: apt-get update"
		return 1
	fi
	printf '%s  %s\n' "$sum" "$file" >"$DEBS/$file.sha256"
	mv "$tmp"/*.deb "$DEBS/$file"
	rm -rf "$tmp"
}

# pkg_fetch LIST - all packages of a list of records
pkg_fetch()
{
	local pkg version file size sum

	while read -r pkg version file size sum; do
		# Two clones may share the cache: one download at a time.
		exec 8>"$CACHE/.lock"
		flock 8
		deb_fetch "$pkg" "$version" "$file" "$size" "$sum" 8>&-
		exec 8>&-
		[ "$(dpkg-deb -f "$DEBS/$file" Version)" = "$version" ]
	done <"$1"
}

# Image, headers and kbuild into one root, with links that stay inside of it.
pkg_unpack_kernel()
{
	local pkg file common=$PKG.new/usr/src/linux-headers-$ABI-common

	rm -rf "$PKG" "$PKG.new"
	mkdir -p "$PKG.new"
	pkg_fetch "$O/packages"
	while read -r pkg _ file _; do
		case $pkg in
		linux-source-*) ;;
		*) dpkg-deb -x "$DEBS/$file" "$PKG.new" ;;
		esac
	done <"$O/packages"
	# shellcheck disable=SC2016 # make expands it
	echo 'include $(dir $(lastword $(MAKEFILE_LIST)))../linux-headers-'"$ABI"'-common/Makefile' \
		>"$PKG.new/usr/src/linux-headers-$KVER/Makefile"
	ln -sfn "../../../usr/src/linux-headers-$KVER" "$PKG.new/lib/modules/$KVER/build"
	ln -sfn "../../../usr/src/linux-headers-$ABI-common" "$PKG.new/lib/modules/$KVER/source"
	grep -qF "KERNELRELEASE = $KVER" "$PKG.new/usr/src/linux-headers-$KVER/.kernelvariables"
	[ -f "$common/Makefile" ]
	[ -f "$PKG.new/boot/vmlinuz-$KVER" ]
	depmod -b "$PKG.new" "$KVER"
	mv "$PKG.new" "$PKG"
}

pkg_kernel_ready()
{
	cmp -s "$O/packages" "$PKG/.packages"
}

# Debian's own kernel with its headers, ready under $PKG.
pkg_kernel()
{
	pkg_choose
	pkg_load
	if pkg_kernel_ready; then
		return 0
	fi
	# shellcheck disable=SC2153 # VERSION: from $O/versions
	step packages "Debian kernel packages $VERSION" '~30 s and 250 MB of download' pkg_unpack_kernel
	cp "$O/packages" "$PKG/.packages"
}

# The tarball inside the source package as a stream.
pkg_source_tar()
{
	local file

	file=$(awk '$1 ~ /^linux-source-/ { print $3 }' "$O/packages")
	dpkg-deb --fsys-tarfile "$DEBS/$file" | tar -xO "./usr/src/linux-source-$BASE.tar.xz"
}
