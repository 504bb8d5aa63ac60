# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# table.sh - the figures of vfio-bench as a table with ratios, and the goals.
# Sourced.
#
# A log has lines "name decile mean"; here they are "core:name". The decile is
# the figure of what is done one at a time. Registering takes and gives back
# much memory; part of the price is paid later, so there it is the mean.

declare -A DECILE MEAN WORST
GOALS=()

READ_ATTRS=(software_version compatible_software_version emitted_software_version
	compatible_type compatible_pci_ids compatible_ports dynamic_resources
	migration_version)

# load_figures CORE LOG
load_figures()
{
	local name decile mean

	while read -r name decile mean; do
		case $mean in
		'' | *[!0-9]*) continue ;;
		esac
		DECILE[$1:$name]=$decile
		MEAN[$1:$name]=$mean
	done <"$2"
}

# A figure that is not there is an error of this script.
decile()
{
	echo "${DECILE[$1]:?no figure called $1}"
}

mean()
{
	echo "${MEAN[$1]:?no figure called $1}"
}

# In thousandths, rounded.
thousandths()
{
	echo $(((2000 * $1 + $2) / (2 * $2)))
}

decimal()
{
	printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
}

head_line()
{
	printf '\n%-44s %12s %12s %8s' "$1" "$2" "$3" "$4"
	printf '%s\n' "${5:+  $5}"
}

# info WHAT FIGURE FLOOR - a line without a goal
info()
{
	printf '  %-42s %12d %12d %8s\n' "$1" "$2" "$3" "$(decimal "$(thousandths "$2" "$3")")"
}

# goal ID LOW HIGH WHAT FIGURE FLOOR - a line that counts for goal ID, which
# holds if the ratio of each is within LOW..HIGH (thousandths)
goal()
{
	local id=$1 low=$2 high=$3 ratio text

	ratio=$(thousandths "$5" "$6")
	text="<= $(decimal "$high")"
	[ "$low" -eq 0 ] || text="$(decimal "$low")..$(decimal "$high")"
	[ "$low" -ne "$high" ] || text="= $(decimal "$high")"
	printf '  %-42s %12d %12d %8s  %s\n' "$4" "$5" "$6" "$(decimal "$ratio")" "$text"
	if [ "$ratio" -lt "$low" ] || [ "$ratio" -gt "$high" ]; then
		WORST[$id]+="${WORST[$id]:+, }$4 $(decimal "$ratio")"
	fi
}

# about ID TEXT - what goal ID says
about()
{
	GOALS+=("$1|$2")
}

table_reads()
{
	local attr floor

	about reads "reading an attribute of a type costs at most 1.02 of device_api"
	floor=$(decile stock:read-device_api)
	head_line "open, read, close" instructions device_api ratio goal
	for attr in "${READ_ATTRS[@]}"; do
		goal reads 0 1020 "$attr" "$(decile "stock:read-$attr")" "$floor"
	done
	info "migration_version of an instance" "$(decile stock:instance-migration_version)" "$floor"
	info "software_version of an instance" "$(decile stock:instance-software_version)" "$floor"
	floor=$(decile stock:pread-device_api)
	head_line "read of a file that is open" instructions device_api ratio
	info "migration_version" "$(decile stock:pread-migration_version)" "$floor"
	info "migration_version of an instance" \
		"$(decile stock:instance-pread-migration_version)" "$floor"
}

table_writes()
{
	local floor

	about writes "a write of a compatible line costs at most 5 refused writes to create"
	floor=$(decile stock:write-create)
	head_line "write" instructions "to create" ratio goal
	goal writes 0 5000 "compatible line of 256 bytes" "$(decile stock:write-compatible)" "$floor"
	info "incompatible line, told to the log" "$(decile stock:write-incompatible)" "$floor"
	info "incompatible line, the log has enough" \
		"$(decile stock:write-incompatible-silent)" "$floor"
	info "no line, 7 bytes" "$(decile stock:write-no-line)" "$floor"
	info "to create, 36 bytes that are no UUID" "$(decile stock:write-create-36)" "$floor"
}

table_core()
{
	about core "a driver without profile_ops pays nothing: the ratio is 1.000"
	head_line "create and remove" instructions unmodified ratio goal
	goal core 1000 1000 "mdpy" "$(decile stock:mdpy-create+remove)" \
		"$(decile plain:mdpy-create+remove)"
}

# per_type VERB TYPES FIELDS - mean for each of the types
per_type()
{
	echo $(($(mean "stock:$1-$2-$3") / $2))
}

# table_types VERB TITLE GOAL-ID - with 10 types as the floor
table_types()
{
	local fields floor

	head_line "$2" instructions "of 10 types" ratio "${3:+goal}"
	for fields in none 1 8 16; do
		[ -n "${MEAN[stock:$1-10-$fields]-}" ] || continue
		floor=$(per_type "$1" 10 "$fields")
		info "1 type, fields: $fields" "$(per_type "$1" 1 "$fields")" "$floor"
		if [ -z "$3" ] || [ "$fields" = none ]; then
			info "100 types, fields: $fields" "$(per_type "$1" 100 "$fields")" "$floor"
		else
			goal "$3" 0 1100 "100 types, fields: $fields" \
				"$(per_type "$1" 100 "$fields")" "$floor"
		fi
	done
}

# come_and_go FIELDS - register and unregister, for each of 100 types; what one
# of them puts off the other pays
come_and_go()
{
	echo $(($(per_type register 100 "$1") + $(per_type unregister 100 "$1")))
}

# What a field adds to a type, from 8 to 16 of them and from 1 to 8.
table_fields()
{
	local one eight sixteen

	about fields "a field more costs the same each time, within a tenth"
	one=$(come_and_go 1)
	eight=$(come_and_go 8)
	sixteen=$(come_and_go 16)
	head_line "a field more, each of 100 types" instructions "first 7" ratio goal
	goal fields 900 1100 "register and unregister" \
		$(((sixteen - eight) / 8)) $(((eight - one) / 7))
}

# What is no guest's: the command, in user space, under callgrind.
table_tool()
{
	local floor types

	floor=$(decile tool:start)
	head_line "vfio-compat, user space" instructions "to start" ratio
	info "a comparison" "$(decile tool:compare)" "$floor"
	info "to read a type, with all its files" "$(decile tool:read-type)" "$floor"
	info "compare, the whole command" "$(decile tool:compare-command)" "$floor"
	if [ -n "${DECILE[tool:mdevctl-10]-}" ]; then
		head_line "vfio-compat inventory, user space" instructions "mdevctl types" ratio
		for types in 10 100; do
			info "$types types" "$(decile "tool:inventory-$types")" \
				"$(decile "tool:mdevctl-$types")"
		done
	fi
	about match "match over ten times as many hosts takes the same memory"
	head_line "vfio-compat match, 1000 types each" "100 hosts" "10 hosts" ratio goal
	goal match 0 1100 "memory, KiB" "$(decile tool:match-100-memory)" \
		"$(decile tool:match-10-memory)"
	info "time, 1/100 s" "$(decile tool:match-100-time)" "$(decile tool:match-10-time)"
}

print_table()
{
	printf 'Instructions on one CPU; getppid() takes %d.\n' "$(decile stock:getppid)"
	table_reads
	table_writes
	table_core
	about register "registering is linear: a type of 100 costs at most 1.10 of one of 10"
	table_types register "register, for each type" register
	about unregister "unregistering is linear in the same way"
	table_types unregister "unregister, for each type" unregister
	table_fields
	table_types changed "mdev_profile_changed(), for each type" ""
	[ -z "${DECILE[tool:start]-}" ] || table_tool
}

# One line for each goal, and the closing line.
print_goals()
{
	local entry id passed=0 failed=0

	echo
	for entry in "${GOALS[@]}"; do
		id=${entry%%|*}
		if [ -z "${WORST[$id]-}" ]; then
			echo "ok   ${entry#*|}"
			passed=$((passed + 1))
		else
			echo "FAIL ${entry#*|}: ${WORST[$id]}"
			failed=$((failed + 1))
		fi
	done
	echo "$passed passed, $failed failed, 0 skipped"
	[ "$failed" -eq 0 ]
}
