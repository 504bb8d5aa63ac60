#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Help, manual and completion say the same.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	manual=$here/../man/vfio-compat.rst
	"$VFIO_COMPAT_PLAIN" --help >help
	sed -n 's/^  vfio-compat \([a-z]*\).*/\1/p' help | sort >verbs
	sed -n 's/^  ....\(--[a-z-]*\).*/\1/p' help | sort >options
	[ -s verbs ]
	[ -s options ]
}

# complete_at WORDS..: what the completion offers for the last word
complete_at() {
	local COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()

	# shellcheck source-path=SCRIPTDIR/../completion source=../completion/vfio-compat
	. "$here/../completion/vfio-compat"
	_vfio_compat "$VFIO_COMPAT_PLAIN"
	printf '%s\n' "${COMPREPLY[@]}"
}

@test "the manual's synopsis and text have the verbs of the help, and no other" {
	sed -n 's/^| \*\*vfio-compat\*\* .*\*\*\([a-z]*\)\*\*.*/\1/p' "$manual" |
		sort -u >synopsis
	diff verbs synopsis
	sed -n '/^DESCRIPTION/,/^OBJECTS/s/^\*\*\([a-z]*\)\*\*$/\1/p' "$manual" |
		sort -u >described
	diff verbs described
}

@test "the manual has the options of the help, and no other" {
	sed -n '/^OPTIONS/,/^EXIT/s/^\(-.\( [A-Z]*\)\?, \)\?\(--[a-z-]*\).*/\3/p' "$manual" |
		sort >described
	diff options described
}

@test "the manual has the exit codes of the help, and no other" {
	sed -n '/^Exit code:/,$p' help | tr ' ' '\n' | grep -x '[0-9]' | sort >told
	sed -n '/^EXIT STATUS/,/^JSON/p' "$manual" | grep -x '[0-9]' | sort >described
	diff told described
}

@test "a verb is documented to take an option exactly if it does" {
	while read -r option; do
		takers=$(sed -n "s/^  ....$option\( [^ ]\+\)\?  *\([a-z, ]*\): .*/\2/p" help)
		[ -n "$takers" ] || continue
		while read -r verb; do
			run "$VFIO_COMPAT_PLAIN" "$verb" "$option" x y </dev/null
			if [[ ", $takers," == *", $verb,"* ]]; then
				[[ $output != *"$verb: does not take"* ]]
			else
				[[ $output == *"$verb: does not take $option"* ||
				   $output == *'is too much'* ||
				   $output == *'is no limit'* ]]
			fi
		done <verbs
	done <options
}

@test "completion offers the verbs, and the options of each" {
	complete_at vfio-compat '' | sort | diff verbs -
	complete_at vfio-compat -- | sort | diff options -
	complete_at vfio-compat -J comp | grep -x compare
	complete_at vfio-compat match --l | grep -x -- --limit
	[ -z "$(complete_at vfio-compat list --l)" ]
	complete_at vfio-compat --limit 3 compare --b | grep -x -- --batch
	complete_at vfio-compat compare --cr | grep -x -- --cross-type
	complete_at vfio-compat match --cr | grep -x -- --cross-type
	[ -z "$(complete_at vfio-compat show --cr)" ]
}

@test "the manual has the columns of the help, and no other" {
	sed -n 's/^  \([a-z]*\): \([A-Z_,]*\)$/\1 \2/p' help | sort >told
	[ "$(wc -l <told)" = 3 ]
	sed -n '/^COLUMNS$/,/^EXIT/p' "$manual" | awk '
		/^\*\*/ { verb = $1; gsub(/\*/, "", verb); next }
		/^On a terminal/ { exit }
		verb {
			while (match($0, /``[A-Z_]*``/)) {
				name = substr($0, RSTART + 2, RLENGTH - 4)
				names[verb] = names[verb] "," name
				$0 = substr($0, RSTART + RLENGTH)
			}
		}
		END { for (verb in names) print verb, substr(names[verb], 2) }' |
		sort >described
	diff told described
}

@test "completion offers the columns of a verb, each once" {
	complete_at vfio-compat match -o '' | grep -x SURPLUS
	complete_at vfio-compat match --output HOST,S | sort | tr '\n' ' ' |
		grep -x 'HOST,SAME_SERIES HOST,SURPLUS '
	complete_at vfio-compat list -o +P | grep -x +PIN
	[ -z "$(complete_at vfio-compat list -o SUR)" ]
	[ -z "$(complete_at vfio-compat list -o NODE,OBJECT,NODE)" ]
	complete_at vfio-compat -o TYPE list mtty/ >objects
	[ "$(grep -c TYPE objects)" = 0 ]
}

@test "completion offers objects, files behind @, folders for --sysfs-root" {
	make_trees
	export VFIO_COMPAT_SYSFS_ROOT=$trees/good
	complete_at vfio-compat compare mtty/ | grep -x mtty/mtty-1
	: >@file
	: >file.json
	complete_at vfio-compat show @fi | grep -x @file.json
	complete_at vfio-compat baseline 'fi' | grep -x file.json
	mkdir tree
	complete_at vfio-compat --sysfs-root tr | grep -x tree
}
