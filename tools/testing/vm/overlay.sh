# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# overlay.sh - Debian packages as a folder that a guest sees laid over the
# host's root. Sourced after packages.sh by the fetch.sh that chooses them.
#
# OVERLAY names the folder, LIST a file with a record for each package, as
# pkg_record makes them.

overlay_installed()
{
	dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' |
		awk '$1 == "installed" { print $2, $3 }' | sort -u
}

# overlay_fingerprint FILE.. - the choice holds for what is installed now, and
# for the scripts that make it
overlay_fingerprint()
{
	{
		overlay_installed
		cat "${BASH_SOURCE[0]}" "$@"
	} | sha256sum | cut -d' ' -f1
}

# overlay_current FILE.. - the folder is there, and of the present choice
overlay_current()
{
	[ -d "$OVERLAY" ] &&
		[ "$(cat "$OVERLAY.fingerprint" 2>/dev/null)" = "$(overlay_fingerprint "$@")" ]
}

# overlay_record PACKAGE=VERSION.. - one line for each; all in one call, because
# apt needs a second or more to begin
overlay_record()
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

# overlay_list PACKAGE=VERSION.. - fill LIST
overlay_list()
{
	: >"$LIST.new"
	[ $# -eq 0 ] || overlay_record "$@" >"$LIST.new"
	if [ "$(wc -l <"$LIST.new")" -ne $# ]; then
		echo "apt names no checksum for some of: $*; run apt-get update"
		return 1
	fi
	mv "$LIST.new" "$LIST"
}

# What the cache lacks, in one download. A file that is not what apt described
# stays where it is: pkg_fetch tries that one again, and complains.
overlay_download()
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
overlay_unpack()
{
	local file dir

	rm -rf "$OVERLAY" "$OVERLAY.new"
	mkdir -p "$OVERLAY.new/usr"
	for dir in bin sbin lib lib64; do
		mkdir -p "$OVERLAY.new/usr/$dir"
		ln -s "usr/$dir" "$OVERLAY.new/$dir"
	done
	overlay_download
	pkg_fetch "$LIST"
	while read -r _ _ file _; do
		dpkg-deb --fsys-tarfile "$DEBS/$file" |
			tar -x --keep-directory-symlink --no-same-owner -C "$OVERLAY.new"
	done <"$LIST"
	mv "$OVERLAY.new" "$OVERLAY"
}
