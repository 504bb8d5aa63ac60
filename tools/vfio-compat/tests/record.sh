#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Writes what the tool reads of a machine's sysfs as text: record.sh [ROOT]
#
#   d PATH             a folder
#   l PATH TARGET      a link
#   f MODE PATH TEXT   an attribute; \n is a newline, \\ a backslash
#   e PATH ERROR       an attribute whose read gives this error
#
# play.sh makes a tree of it again, for --sysfs-root.

set -u
shopt -s nullglob
LC_ALL=C

root=$(realpath "${1-/sys}") || exit

# shown FILE: its path below the root
shown() {
	echo "${1#"$root/"}"
}

# error_of MESSAGE: the name of what cat said; of those the tool tells apart
error_of() {
	case $1 in
	*'not supported') echo EOPNOTSUPP ;;
	*'No such device') echo ENODEV ;;
	*'Permission denied' | *'not permitted') echo EACCES ;;
	*) echo EIO ;;
	esac
}

# attribute FILE
attribute() {
	local path text

	path=$(shown "$1")
	# the x keeps newlines at the end; a NUL is lost, and no attribute has one
	if [ -L "$1" ]; then
		echo "e $path $(readlink "$1")"
		return
	elif ! text=$(cat "$1" 2>/dev/null && echo x); then
		echo "e $path $(error_of "$(cat "$1" 2>&1 >/dev/null)")"
		return
	fi
	text=${text%$'x'}
	text=${text//\\/\\\\}
	printf 'f %s %s %s\n' "$(stat -c %a "$1")" "$path" "${text//$'\n'/\\n}"
}

# is_there FILE: an attribute, or the error of one in a recorded tree
is_there() {
	[ -f "$1" ] || [ -L "$1" ]
}

# link LINK
link() {
	printf 'l %s %s\n' "$(shown "$1")" "$(readlink "$1")"
}

# node FOLDER: its attributes that the tool may read
node() {
	local file

	printf 'd %s\n' "$(shown "$1")"
	for file in "$1"/{software_version,compatible_*,emitted_software_version} \
		"$1"/{dynamic_resources,migration_version,migration_type} \
		"$1"/{device_api,available_instances,name,description}; do
		! is_there "$file" || attribute "$file"
	done
}

# resources FOLDER TYPE-FOLDER: the instance's own attributes, by their names
resources() {
	local names name

	names=$(cat "$2/dynamic_resources" 2>/dev/null) || return
	for name in ${names//,/ }; do
		! is_there "$1/$name" || attribute "$1/$name"
	done
}

# parent LINK: a parent device with its types and instances
parent() {
	local dir type uuid

	dir=$(realpath "$1")
	link "$1"
	printf 'd %s\n' "$(shown "$dir")"
	for type in "$dir"/mdev_supported_types/*/; do
		node "${type%/}"
	done
	for uuid in "$dir"/????????-????-????-????-????????????; do
		node "$uuid"
		link "$uuid/mdev_type"
		resources "$uuid" "$uuid/mdev_type"
	done
}

# pci_function LINK: one that takes part
pci_function() {
	link "$1"
	node "$(realpath "$1")"
	[ ! -L "$1/driver" ] || link "$(realpath "$1")/driver"
}

printf 'd class/mdev_bus\n'
for dev in "$root"/class/mdev_bus/*; do
	parent "$dev"
done
for dev in "$root"/bus/mdev/devices/*; do
	link "$dev"
done
for dev in "$root"/bus/pci/devices/*; do
	! is_there "$dev/migration_type" || pci_function "$dev"
done
