#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tools.sh tools|install|fuzz - the library and the command, for this machine;
# or a search for inputs that break them.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

export PREFIX=${PREFIX:-/usr/local} DESTDIR=${DESTDIR-}

# Relative to where the caller stands, as O= is.
absolute()
{
	case $1 in
	/* | '') echo "$1" ;;
	*) echo "$PWD/$1" ;;
	esac
}

tools_make()
{
	make --no-print-directory -C "$TOP/tools/vfio-compat" O="$O/tools" -j"$JOBS" "$@"
}

install_tools()
{
	local target

	PREFIX=$(absolute "$PREFIX")
	DESTDIR=$(absolute "$DESTDIR")
	target=$DESTDIR$PREFIX
	{ mkdir -p "$target" && [ -w "$target" ]; } 2>/dev/null || die "cannot write $target" \
		"run as root, or give PREFIX=\$HOME/.local or DESTDIR=FOLDER"
	tools_make install
	say "installed below $target"
}

# The programs are the same for every base.
BASE=$MAIN_BASE
check_build
case ${1-} in
tools)
	tools_make
	say "built: $O/tools/vfio-compat" ;;
install) install_tools ;;
fuzz)
	"$VM_DIR/deps.sh" all
	tools_make fuzz ;;
*) die "usage: tools.sh tools|install|fuzz" ;;
esac
