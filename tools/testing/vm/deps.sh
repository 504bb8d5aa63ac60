#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# deps.sh demo|all - apt-install the ordinary build tools that are missing.
#
# Nothing else is installed anywhere: kernels and test-only programs are
# downloaded and unpacked below the build folder.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What "make demo" uses: modules for Debian's kernel, the tool, a guest.
DEMO=(build-essential busybox-static ca-certificates ccache cpio iproute2 kmod
	libjson-c-dev patch pkg-config qemu-system-x86 xz-utils)

# Kernels of our own, all tests, all checkers. gcc-multilib would conflict with
# the cross compiler; libc6-dev-i386 and lib32gcc-12-dev are what -m32 needs.
ALL=("${DEMO[@]}" abigail-tools bats bc bison clang clang-format file flex
	gcc-s390x-linux-gnu git lib32gcc-12-dev libc6-dev-i386 libc6-dev-s390x-cross
	libelf-dev libssl-dev lld llvm perl procps python3 python3-docutils python3-sphinx qemu-user
	rsync shellcheck sparse strace valgrind zstd)

missing()
{
	printf '%s\n' "$@" | sort -u | comm -23 - <(
		dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' 2>/dev/null |
			sed -nE 's/^installed ([^:]+)(:.*)?$/\1/p' | sort -u)
}

apt_install()
{
	export DEBIAN_FRONTEND=noninteractive
	# The lists may be absent (a container) or old: then, and only then, again.
	if ! apt-get -q -y --no-install-recommends --simulate install "$@" >/dev/null 2>&1; then
		apt-get -q update
	fi
	if ! apt-get -q -y --no-install-recommends install "$@"; then
		apt-get -q update
		apt-get -q -y --no-install-recommends install "$@"
	fi
}

main()
{
	local wanted=("${ALL[@]}") lacking

	case ${1-all} in
	demo) wanted=("${DEMO[@]}") ;;
	all) ;;
	*) die "deps.sh: $1?" "usage: deps.sh demo|all" ;;
	esac
	command -v dpkg-query >/dev/null || die "this machine has no dpkg" "Debian 12 is what is supported"
	mapfile -t lacking < <(missing "${wanted[@]}")
	if [ ${#lacking[@]} -eq 0 ]; then
		return 0
	fi
	if [ "$(id -u)" != 0 ]; then
		die "missing packages: ${lacking[*]}" \
			"run as root: apt-get install --no-install-recommends ${lacking[*]}"
	fi
	say "installing: ${lacking[*]}"
	# Not in the build folder, which would be root's then.
	LOG=$(mktemp -d)
	step deps "build tools installed" '~1 min and their download' apt_install "${lacking[@]}"
	rm -r "$LOG"
}

main "$@"
