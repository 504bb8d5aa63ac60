#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes a tree of what record.sh wrote: play.sh FILE.. FOLDER
#
# Several recordings may go into one folder. The error of an attribute is a link
# to the error's name, which the tool knows.

set -eu

into=${*: -1}

# place PATH: where it goes; its folder is made, and is no link
place() {
	local dir

	case /$1/ in
	*/../*)
		echo "play.sh: $1: leads out of the folder" >&2
		return 1
		;;
	esac
	dir=$into/$(dirname "$1")
	mkdir -p "$dir"
	if [ "$(realpath "$dir")" != "$(realpath "$into")${dir#"$into"}" ] &&
	   [ "$(dirname "$1")" != . ]; then
		echo "play.sh: $1: a folder above it is a link" >&2
		return 1
	fi
	echo "$into/$1"
}

line_of() {
	local kind=$1 mode path text to

	case $kind in
	d)
		to=$(place "$2/here")
		;;
	l)
		read -r path text <<<"$2"
		to=$(place "$path")
		ln -sfn "$text" "$to"
		;;
	f)
		read -r mode path text <<<"$2"
		to=$(place "$path")
		rm -f "$to"
		printf '%b' "$text" >"$to"
		chmod "$mode" "$to"
		;;
	e)
		read -r path text <<<"$2"
		to=$(place "$path")
		ln -sfn "$text" "$to"
		;;
	*) echo "play.sh: $kind $2: expected d, l, f or e" >&2; return 1 ;;
	esac
}

while [ "$#" -gt 1 ]; do
	while read -r kind rest; do
		line_of "$kind" "$rest"
	done <"$1"
	shift
done
