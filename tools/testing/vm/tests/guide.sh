#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guide.sh [FILE] - in a guest: type what the administrator's guide shows, in
# the order in which it is there, and compare what comes of it with the guide.
#
# mtty has one parent in a kernel, so the two hosts are this one guest: each
# has an interactive shell of its own, with its own variables, and ssh is a
# stand-in that gives the command to another bash here. What depends on there
# being two kernels, such as a driver that is older, is not tried.

set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"
# shellcheck source-path=SCRIPTDIR source=transcript.sh
. "$(dirname "${BASH_SOURCE[0]}")/transcript.sh"

FOLDER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
GUIDE=${1:-$FOLDER/../../../../Documentation/admin-guide/vfio-compat.rst}
REFUSED='bash: line 1: echo: write error:'
COPYING=()

# ---- two hosts ----

# Over the network the line comes through a pipe, whatever it was read from.
install_ssh()
{
	mkdir "$WORK/bin"
	cat >"$WORK/bin/ssh" <<'SSH'
#!/bin/bash
[ "$1" = dst ] || { echo "ssh: unknown host $1" >&2; exit 255; }
shift
cat | bash -c "$*"
SSH
	chmod 755 "$WORK/bin/ssh"
	PATH=$WORK/bin:$PATH
}

# The commands that copy resources, to be tried again.
typed()
{
	if [[ $1 == *dynamic_resources\"\) || $1 == *'for name in'* ]]; then
		COPYING+=("$1")
	fi
}

# ---- what is said and not shown ----

# Why the guide writes a line with echo: cat would be no question at all.
write_nothing()
{
	check "cat of nothing succeeds, whatever the destination takes" src \
		"ssh dst \"cat > \$T/mtty-2/migration_version\" && echo yes" yes
	check "echo of nothing is refused" src \
		"echo | ssh dst \"\$put \$T/mtty-2/migration_version\"" "$REFUSED Invalid argument"
}

# mtty has no dynamic resources, so what the guide types to copy them was run
# for an empty list. Run the same commands for a driver that has two.
copy_resources()
{
	local debug=/sys/kernel/debug/vfio_profile_test
	local types=/sys/class/mdev_bus/vfio_profile_test/mdev_supported_types
	local ask="echo \"\$line\" | ssh dst \"\$put \$DEV/\$B/migration_version\""
	local command

	modprobe vfio_profile_test
	printf 'type t\nversion 1.1.0\nresource aggregator\nresource fps\n' >"$debug/types"
	echo 1 >"$debug/register"
	run src "T=$types A=${A/%1/3} B=${B/%2/4}"
	check "a type with resources" src \
		"cat \$T/platform-t/dynamic_resources" aggregator,fps
	run src "echo \$A > \$T/platform-t/create; echo \$B > \$T/platform-t/create"
	run src "echo 2 > \$DEV/\$A/aggregator; echo 30 > \$DEV/\$A/fps"
	run src "line=\$(cat \$T/platform-t/migration_version)"
	check "the line of a type cannot decide it" src "$ask" "$REFUSED No data available"
	run src "line=\$(cat \$DEV/\$A/migration_version)"
	check "a device with other values is refused" src "$ask" "$REFUSED Wrong medium type"
	for command in "${COPYING[@]}"; do
		check "the guide's commands copy resources: ${command%%$'\n'*}" src \
			"${command//mtty-1/platform-t}"
	done
	check "the values have arrived" src "cat \$DEV/\$B/aggregator \$DEV/\$B/fps" 2 30
	check "the device is taken now" src "$ask && echo yes" yes
}

# The UUIDs as the guide has them.
read_uuids()
{
	run src "echo \$A"
	A=${OUTPUT[0]}
	run src "echo \$B"
	B=${OUTPUT[0]}
}

install_ssh
echo dst >/proc/sys/kernel/hostname
begin_transcript
type_document "$GUIDE"
EXPECTED=("2 commands to copy resources")
OUTPUT=("${#COPYING[@]} commands to copy resources")
verdict "those that copy resources are among them"
read_uuids
write_nothing
copy_resources
end_transcript
