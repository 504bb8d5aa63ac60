#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# series.sh [FOLDER] - write the patch series for "git am" into FOLDER, default
# $O/series: a cover letter, and each line of patches/series/table as a patch,
# signed off by who git says you are. KSRC= names the kernel source that it is
# for, default Debian's 6.12.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
check_paths
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
. "$VM_DIR/source.sh"

TABLE=$TOP/patches/series/table
OUT=${1:-$O/series}
TREE=$O/series.git

check_identity()
{
	local name email

	name=${GIT_COMMITTER_NAME:-$(git -C "$TOP" config user.name || true)}
	email=${GIT_COMMITTER_EMAIL:-$(git -C "$TOP" config user.email || true)}
	if [ -z "$name" ] || [ -z "$email" ]; then
		die "git does not know who signs the patches off" \
			"run: git config user.name NAME; git config user.email ADDRESS"
	fi
	export GIT_COMMITTER_NAME=$name GIT_COMMITTER_EMAIL=$email
	export GIT_AUTHOR_NAME=${GIT_AUTHOR_NAME:-$name} GIT_AUTHOR_EMAIL=${GIT_AUTHOR_EMAIL:-$email}
}

# Whether the kernel in $SOURCE has what patches of FOLDER are for.
wanted_folder()
{
	case $1 in
	core | series) ;;
	*) grep -q migration_set_state "$SOURCE/samples/vfio-mdev/mtty.c" ;;
	esac
}

# The table without comments, and without what is not for this kernel.
table()
{
	local what files

	sed '/^#/d; /^$/d' "$TABLE" | while read -r what files; do
		if wanted_folder "${what%%/*}"; then
			echo "$what $files"
		fi
	done
}

git_tree()
{
	git -C "$TREE" -c core.autocrlf=false -c commit.gpgsign=false -c gc.auto=0 "$@"
}

# A repository of the upstream files that the series touches.
make_base()
{
	local what file

	rm -rf "$TREE"
	mkdir -p "$TREE"
	git_tree init -q -b series
	table | while read -r what _; do
		case $what in
		*.patch) sed -nE 's:^\+\+\+ b/([^\t ]+).*:\1:p' "$TOP/patches/$what" ;;
		esac
	done | sort -u >"$TREE/.git/touched"
	while read -r file; do
		[ -f "$SOURCE/$file" ] || die "$SOURCE has no $file" \
			"KSRC= names the top of a kernel source without our changes, 6.1 or newer"
		install -D -m "$(stat -c %a "$SOURCE/$file")" "$SOURCE/$file" "$TREE/$file"
	done <"$TREE/.git/touched"
	git_tree add -A
	git_tree commit -q -m base
	git_tree tag base
}

# Our files that NAMES.. stand for
files_of()
{
	(
		cd "$TOP"
		[ $# -eq 0 ] || git ls-files -co --exclude-standard -- "$@"
	)
}

# A Makefile or Kconfig less the lines that name what is not there yet.
present_lines()
{
	local line folder modules=' '
	folder=$TREE/$(dirname "$1")

	while IFS= read -r line; do
		if [[ $line =~ ^([a-z_]+)-y.*=\ ([a-z_]+)\.o ]]; then
			[ -f "$folder/${BASH_REMATCH[2]}.c" ] || continue
			modules+="${BASH_REMATCH[1]} "
		elif [[ $line =~ ^obj.*=\ ([a-z_]+)\.o$ ]]; then
			# of which no object has come yet
			[[ $modules = *" ${BASH_REMATCH[1]} "* ]] || [ -f "$folder/${BASH_REMATCH[1]}.c" ] || continue
		elif [[ $line =~ ^obj.*=\ ([a-z_]+)/$ ]]; then
			[ -d "$folder/${BASH_REMATCH[1]}" ] || continue
		elif [[ $line =~ ^source\ \"(.*)\"$ ]]; then
			[ -f "$TREE/${BASH_REMATCH[1]}" ] || continue
		fi
		printf '%s\n' "$line"
	done <"$TOP/$1" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

add_files()
{
	local file names=()

	mapfile -t names < <(files_of "$@")
	for file in "${names[@]}"; do
		if [ ! -e "$TREE/$file" ]; then
			install -D -m "$(stat -c %a "$TOP/$file")" "$TOP/$file" "$TREE/$file"
		fi
	done
	# once all that comes with them is there
	for file in "${names[@]}"; do
		case $file in
		drivers/*/Makefile | drivers/*/Kconfig) present_lines "$file" >"$TREE/$file" ;;
		esac
	done
	git_tree add -A
}

# one_patch WHAT FILE.. - a line of the table as a commit
one_patch()
{
	local what=$1
	shift

	echo "== $what"
	case $what in
	*.patch)
		git_tree am -q --signoff "$TOP/patches/$what"
		add_files "$@"
		git_tree commit -q --amend --no-edit ;;
	*)
		add_files "$@"
		git_tree commit -q -s -F "$TOP/patches/$what" ;;
	esac
}

write_series()
{
	local what files=()

	make_base
	while read -r -a files; do
		one_patch "${files[@]}"
	done < <(table)
	git_tree config branch.series.description "$(cat "$TOP/patches/series/cover")"
	rm -rf "$OUT"
	mkdir -p "$OUT"
	git_tree format-patch -q --cover-letter --cover-from-description=subject \
		--no-base --no-signature -o "$OUT" base..series
	while read -r what; do
		cmp "$TOP/$what" "$TREE/$what"
	done < <(git_tree diff --diff-filter=A --name-only base..series)
}

check_identity
need_tools git patch
if [ -n "${KSRC-}" ]; then
	SOURCE=$(realpath -e "$KSRC") || die "no such folder: $KSRC" "KSRC= names the top of a kernel source"
else
	locked source source_prepare
	SOURCE=$PLAIN
fi
[ -f "$SOURCE/samples/vfio-mdev/mtty.c" ] || die "no kernel source in $SOURCE" \
	"KSRC= names the top of a kernel source"
locked series step series-patches "series for $(make -s -C "$SOURCE" kernelversion 2>/dev/null || echo "$SOURCE")" write_series
say "$(find "$OUT" -name '*.patch' | wc -l) files in $OUT, the cover letter among them; to apply: git am $OUT/*.patch"
