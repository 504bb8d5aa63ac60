#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a person sees at a terminal, and a script does not: rows that fit,
# colour, progress. And the choice of columns.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	unset COLUMNS NO_COLOR
	export TERM=xterm
	vc inventory | sed 's/"host": *null/"host":"a-host-with-a-long.name.example"/' >good.json
}

# at WIDTH ARGS..: as vc, at a terminal of that width
at() {
	local width=$1

	shift
	"$here/terminal.py" "$width" "$VFIO_COMPAT" --sysfs-root "$trees/good" "$@"
}

# plainly: less the colours
plainly() {
	sed 's/\x1b\[[0-9]*m//g'
}

# widest [PATTERN]: length of the longest line
widest() {
	plainly | grep "${1-}" | awk 'length > most { most = length } END { print most + 0 }'
}

# ---- columns ----

@test "-o: these columns, in this order, in any case, each once" {
	run vc list -o type,Object,type mtty
	is 0
	[ "${lines[0]}" = 'TYPE    OBJECT' ]
	[ "${lines[1]}" = 'mtty-1  mtty/mtty-1' ]
	[ "${#lines[@]}" = 6 ]
	run vc list --output=FREE mtty
	[ "${lines[*]:0:3}" = 'FREE 22 11' ]
}

@test "-o +: these too, behind the usual ones" {
	run vc list -o +pin,object,UUID "$gpu"
	is 0 "OBJECT*NODE*API*TYPE*VERSION*FREE*ACCEPTS*PIN*UUID*$gpu_pinned *2.0  $gpu_pinned*"
}

@test "-o: all columns of all tables have what their name says" {
	run vc list -o object,parent,pin,emits,types,resources,driver,path,line "$gpu"
	is 0 "*$gpu/i915-GVTg_V5_8 *$gpu *-  *2.1 *i915-GVTg_V5_4,i915-GVTg_V5_8 *- *- */mdev_supported_types/i915-GVTg_V5_8 *i915-v1;*;end*"
	run vc list -n -o object,driver
	is 0 '*0000:3b:00.1 *  [a-z]*'
	run vc compare -o rule,missing,reason mtty/mtty-1 mtty/mtty-2
	is 1 '*field ports *1  *the destination lacks 1*'
	run vc match -o object,cross_type,same_series "$mtty_a" good.json
	is 0 '*OBJECT *CROSS_TYPE  SAME_SERIES*mtty/mtty-1  no *yes*'
}

@test "-o: what is no column is exit 2, and names those that are" {
	for wrong in nosuch object,nosuch +nosuch; do
		run vc list -o "$wrong"
		is 2 'vfio-compat: nosuch: is no column: expected --output with names of these, with commas: OBJECT,NODE,*'
	done
	for wrong in '' ',' 'object,' +; do
		run vc list -o "$wrong"
		is 2 'vfio-compat: a column has no name: *'
	done
	run vc match -o accepts "$mtty_a" good.json
	is 2 '*: HOST,OBJECT,*'
	run vc show -o object mtty/mtty-1
	is 2 '*show: does not take --output*'
}

@test "-o and -n are about tables: not with JSON" {
	run vc list -J -o object
	is 2 '*--output: is about a table: expected no --json with it*'
	run vc compare --batch -n </dev/null
	is 2 '*--noheadings: is about a table: expected no --batch with it*'
}

@test "-n: no heading, wherever there is one" {
	run vc list -n mtty
	is 0
	[ "${#lines[@]}" = 5 ]
	[[ ${lines[0]} == "mtty/mtty-1 "* ]]
	run vc compare --noheadings mtty/mtty-1 mtty/mtty-1
	is 0 '*device_api *'
	[[ $output != *RESULT* ]]
	run vc match -n "$mtty_a" good.json
	[[ $output != *SURPLUS* ]]
}

# ---- width ----

@test "width: every row of list fits; the name is whole as long as it can be" {
	for width in 200 110 100 80 60 50 40; do
		[ "$(at "$width" list | widest)" -le "$width" ]
	done
	at 80 list | grep "^$gpu_a " | grep 2.1.3
	at 80 list -n | grep '^0000:00:02.0/i915-GVTg_V5_4 '
}

@test "width: 40 columns" {
	run at 40 list "$gpu"
	is 0
	[ "${lines[0]}" = 'OBJECT        VERSION  FREE  ACCEPTS' ]
	[ "${lines[2]}" = '0000:.._V5_4  2.1.3    2     1.4,2.0,2.1' ]
	run at 40 match "$mtty_a" good.json
	is 0 '*HOST *OBJECT *VERSION *'
	[ "$(at 40 match "$mtty_a" good.json | widest mtty/mtty-1..*1.0.0)" -le 40 ]
	at 40 compare "$gpu_a" "$gpu_b" >out || [ $? = 1 ]
	[ "$(grep '^  [^ ]* *\(.* \)\?\(pass\|RESULT\)' out | widest)" -le 40 ]
	plainly <out | grep ' fail  *2 .*4$'
}

@test "width: lists are cut at their end, paths at their beginning" {
	run at 40 list -n -o accepts,path "$gpu"
	is 0 '*1.4*  ..*/i915-GVTg_V5_4*'
	[ "$(at 40 list -n -o accepts,path "$gpu" | widest)" -le 40 ]
}

@test "width: columns that were asked for are never left out" {
	run at 40 list -o node,api,type,free "$gpu"
	is 0 'NODE  API *TYPE *FREE*'
}

@test "width: nothing is cut without a terminal" {
	[ "$(vc list | widest)" -gt 80 ]
	COLUMNS=40 vc list >columns
	vc list | cmp - columns
	run vc compare "$gpu/i915-GVTg_V5_4" "$gpu/i915-GVTg_V5_1"
	[[ $output != *'..'* ]]
}

@test "width: COLUMNS counts if the terminal does not know; else it is in full" {
	[ "$(COLUMNS=60 at 0 list | widest)" -le 60 ]
	[ "$(COLUMNS=60 at 0 list | widest)" -gt 40 ]
	at 0 list | plainly >unknown
	vc list | cmp - unknown
	for COLUMNS in '' 0 -5 60x 999999999999999999999; do
		export COLUMNS
		at 0 list | plainly | cmp - unknown
	done
	# what the terminal says is newer than what a shell once exported
	[ "$(COLUMNS=200 at 60 list | widest)" -le 60 ]
}

@test "width: a terminal that is absurdly narrow breaks nothing" {
	for width in 1 2 5 10; do
		run at "$width" list
		is 0
		run at "$width" compare "$gpu_a" "$gpu_b"
		is 1
		run at "$width" match "$mtty_a" good.json
		is 0
	done
}

@test "show is in full also at a terminal" {
	at 40 show "$gpu_a" | cmp - <(vc show "$gpu_a")
}

# ---- colour ----

@test "colour: the verdict's word, and rules that do not pass; no more" {
	local red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' off=$'\e[m'

	run at 120 compare mtty/mtty-1 mtty/mtty-1
	is 0 "${green}Yes$off: *"
	[ "$(grep -o $'\e' <<<"$output" | wc -l)" = 2 ]
	run at 120 compare mtty/mtty-1 mtty/mtty-2
	is 1 "${red}No$off: *type * ${red}fail$off *ports * ${red}fail$off *"
	[ "$(grep -o $'\e' <<<"$output" | wc -l)" = 6 ]
	run at 120 compare "$chk" chk/chk-a
	is 3 "${yellow}Unknown$off: *vendor *${yellow}unknown$off  *"
	run at 120 compare mtty/mtty-1 mdpy/mdpy-vga
	is 3 "${yellow}Unknown$off: *"
	run at 120 match "$mtty_a" good.json
	is 0 "${green}Yes$off: *"
	run at 120 list
	is 0
	[[ $output != *$'\e'* ]]
}

@test "colour moves no column" {
	at 120 compare mtty/mtty-1 mtty/mtty-2 | plainly >seen
	vc compare mtty/mtty-1 mtty/mtty-2 >printed || [ $? = 1 ]
	cmp seen printed
}

@test "no colour without a terminal, with NO_COLOR, on a dumb one, in JSON" {
	run vc compare mtty/mtty-1 mtty/mtty-2
	[[ $output != *$'\e'* ]]
	for setting in NO_COLOR=1 NO_COLOR=0 TERM=dumb TERM=; do
		run env "$setting" "$here/terminal.py" 120 "$VFIO_COMPAT" \
			--sysfs-root "$trees/good" compare mtty/mtty-1 mtty/mtty-2
		is 1 'No: *'
		[[ $output != *$'\e'* ]]
	done
	run env NO_COLOR= "$here/terminal.py" 120 "$VFIO_COMPAT" \
		--sysfs-root "$trees/good" compare mtty/mtty-1 mtty/mtty-2
	is 1 $'\e[31mNo\e[m: *'
	run at 120 -J compare mtty/mtty-1 mtty/mtty-2
	is 1
	[[ $output != *$'\e'* ]]
	vc -J compare mtty/mtty-1 mtty/mtty-2 >json || [ $? = 1 ]
	at 40 -J compare mtty/mtty-1 mtty/mtty-2 | cmp - json
}

# ---- progress ----

# slowly COMMAND..: run it with a second.json that takes more than a second to
# come, from when it is opened
slowly() {
	rm -f second.json
	mkfifo second.json
	{ sleep 1.2; cat good.json; } >second.json 3>&- &
	"$@"
}

# errors_at WIDTH ARGS..: as at, but the output goes to standard error
errors_at() {
	local width=$1

	shift
	"$here/terminal.py" -e "$width" "$VFIO_COMPAT" --sysfs-root "$trees/good" "$@"
}

@test "progress: one line at a terminal, after a second, removed at the end" {
	slowly errors_at 80 match "$mtty_a" good.json second.json >seen 2>answer
	vc match "$mtty_a" good.json good.json >expected
	cmp answer expected
	grep -a $'^\rvfio-compat: 20 objects read \.\.\r *\r$' seen
}

@test "progress: none for what is fast, none without a terminal" {
	"$here/terminal.py" -e 80 "$VFIO_COMPAT" --sysfs-root "$trees/good" \
		match "$mtty_a" good.json good.json >seen
	[ ! -s seen ]
	slowly vc match "$mtty_a" good.json second.json 2>err
	[ ! -s err ]
}

@test "progress: baseline and list have it too, and no line is wrapped" {
	slowly errors_at 20 baseline good.json second.json >seen 2>/dev/null
	tr '\r' '\n' <seen | grep -a '^vfio-compat: '
	[ "$(tr '\r' '\n' <seen | grep -a '^vfio-compat: ' | widest)" -lt 20 ]
	FAULT_RUN='software_version:1:sleep 1.1' "$here/terminal.py" -e 80 \
		env LD_PRELOAD="$fault" "$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" \
		list >seen 2>/dev/null
	tr '\r' '\n' <seen | grep -a '^vfio-compat: [0-9]* objects read '
}

@test "progress: an error does not stand in the middle of it" {
	slowly errors_at 80 match "$mtty_a" good.json second.json nosuch >seen 2>answer || [ $? = 4 ]
	tr '\r' '\n' <seen | grep -a '^vfio-compat: nosuch: No such file'
	[ "$(grep -ac ' read ' seen)" = 1 ]
}
