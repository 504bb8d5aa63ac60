# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# common.sh - what every script of the harness shares: where things are, calm
# messages, steps with a log of their own, and locks for the build folder.
#
# Sourced, never run. All messages go to stderr, so that the output of a guest
# script is alone on stdout.

# Called by make: its variables must not reach the kernel's make.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL

VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$VM_DIR/../../.." && pwd)

# The build folder: O= as given (relative to where the caller stands). All
# that is made for another base than the main one is in a folder of its own
# below; check_build sees to it.
MAIN_BASE=6.12
O=${O-$TOP/build}
case $O in
/* | '') ;;
*) O=$PWD/$O ;;
esac

# In each build folder from its first use; what has none is never removed.
MARKER=.vfio-compat

# Downloads may be shared by several clones.
CACHE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/vfio-compat
BASE=${BASE:-$MAIN_BASE}
JOBS=${JOBS:-$(nproc)}
LOG=$O/log

say()
{
	printf '%s\n' "$*" >&2
}

# die MESSAGE [WHAT TO DO NEXT]
die()
{
	printf 'error: %s\n' "$1" >&2
	if [ $# -gt 1 ]; then
		printf '       %s\n' "$2" >&2
	fi
	exit 1
}

# The build of the kernel itself cannot live with these characters.
check_name()
{
	case $1 in
	'')
		die "O= is empty" "name a folder, or leave it out" ;;
	*[[:space:]:]*)
		die "this path has a blank or a colon, which a kernel build cannot handle: $1" \
		    "use another folder: for the clone itself, O= for the build, XDG_CACHE_HOME for downloads" ;;
	esac
}

# usable_folder FOLDER - there, and ours to write
usable_folder()
{
	local next="give O= for the build, XDG_CACHE_HOME for downloads"

	mkdir -p "$1" 2>/dev/null || die "cannot write $1" "$next"
	[ -w "$1" ] || die "cannot write $1, which belongs to $(stat -c %U "$1")" "$next"
}

# is_build FOLDER - made by this project; the default folder always was
is_build()
{
	[ -e "$1/$MARKER" ] || [ "$1" -ef "$TOP/build" ]
}

# check_kernel NAME - there is such a guest
check_kernel()
{
	case $1 in
	stock | debug | uml) ;;
	*) die "no kernel called $1" "known: stock debug uml" ;;
	esac
}

# The build folder ready to use. One that has been empty becomes ours.
check_build()
{
	usable_folder "$O"
	if is_build "$O" || [ -z "$(ls -A "$O")" ]; then
		: >"$O/$MARKER"
	fi
	if [ "$BASE" != "$MAIN_BASE" ] && [ "${O##*/}" != "$BASE" ]; then
		O=$O/$BASE
		usable_folder "$O"
	fi
	O=$(cd "$O" && pwd -P)
	LOG=$O/log
	usable_folder "$LOG"
}

# The same, and the folder for downloads.
check_paths()
{
	check_name "$CACHE"
	check_build
	usable_folder "$CACHE"
}

# locked NAME COMMAND.. - one at a time in this build folder. Each kernel has a
# lock of its own, so a long build of one does not hold up the others; guests
# run outside of all of them. Waiting is worth a line when it takes long.
locked()
{
	local fd name=$1
	shift

	exec {fd}>"$O/.lock-$name"
	if ! flock -w 5 "$fd"; then
		say "waiting: another command is building here ($name)"
		flock "$fd"
	fi
	"$@"
	exec {fd}>&-
}

# The same for the rest of a script.
lock_build()
{
	exec 9>"$O/.lock-${1:-packages}"
	if ! flock -w 5 9; then
		say "waiting: another command is building here"
		flock 9
	fi
}

# What a log may say for itself when it is too long to print.
show_log()
{
	local log=$1

	[ -s "$log" ] || return 0
	say "---- the end of $log ----"
	tail -n "${2:-25}" "$log" | tr -d '\r' | cut -c 1-400 >&2
	say "----"
}

# step LOGNAME TEXT [ABOUT] COMMAND.. - run one step with its output in a log
# and print one line when it is done. ABOUT ("~3 min") announces a long one.
# Never call it in a condition: bash would ignore errors inside.
step()
{
	local log=$LOG/$1.log text=$2 start=$SECONDS rc
	shift 2

	case $1 in
	'~'*)
		say "$text (about ${1#\~}) ..."
		shift ;;
	esac
	set +e
	(
		set -e
		"$@"
	) >"$log" 2>&1
	rc=$?
	set -e
	if [ $rc -ne 0 ]; then
		show_log "$log"
		die "$text: failed, details in $log"
	fi
	say "$text: done ($((SECONDS - start)) s)"
}

# Put stdin into FILE only if that changes it, so that make sees no news. Two
# kernels that are configured at a time share a file.
write_if_changed()
{
	local file=$1 tmp=$1.new.$BASHPID

	cat >"$tmp"
	if cmp -s "$tmp" "$file"; then
		rm -f "$tmp"
	else
		mv "$tmp" "$file"
	fi
}

# A tool that is missing is named before a build fails in the middle.
need_tools()
{
	local tool missing=

	for tool; do
		command -v "$tool" >/dev/null 2>&1 || missing+=" $tool"
	done
	[ -z "$missing" ] || die "missing:$missing" "run: make deps"
}

check_name "$TOP"
check_name "$O"
case $BASE in
"$MAIN_BASE" | 6.1) ;;
*) die "no base called $BASE" "known: 6.12 6.1" ;;
esac
