# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# guest.sh - what the scripts that run inside a guest share: loading our
# modules beside the kernel's own, and counting what passed.
#
# Sourced, never run.

# Our modules in the order of their dependencies.
GUEST_MODULES=(vfio_profile mdev mtty mdpy)

PASSED=0
FAILED=0
SKIPPED=0

# guest_load FOLDER [MODULE..] - load modules of ours; vfio itself comes from
# the kernel's own tree. What a kernel has built in is not in the folder.
guest_load()
{
	local folder=$1 module
	shift

	modprobe -q vfio_iommu_type1 || [ -c /dev/vfio/vfio ] || {
		echo "error: this kernel has no VFIO container, neither a module nor built in"
		return 1
	}
	for module in "${@:-${GUEST_MODULES[@]}}"; do
		if [ -e "$folder/$module.ko" ] && [ ! -d "/sys/module/$module" ]; then
			insmod "$folder/$module.ko"
		fi
	done
}

# The other way round; a module that is not loaded, or built in, is left out.
guest_unload()
{
	local i module

	for ((i = ${#GUEST_MODULES[@]} - 1; i >= 0; i--)); do
		module=${GUEST_MODULES[i]}
		if [ -e "/sys/module/$module/initstate" ]; then
			rmmod "$module" || return 1
		fi
	done
}

# guest_wait SECONDS COMMAND.. - until the command succeeds
guest_wait()
{
	local end=$((SECONDS + $1))
	shift

	until "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then
			return 1
		fi
		sleep 0.1
	done
}

passed()
{
	PASSED=$((PASSED + 1))
}

failed()
{
	FAILED=$((FAILED + 1))
}

# The closing line, and the exit code that goes with it.
guest_close()
{
	printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
	[ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}
