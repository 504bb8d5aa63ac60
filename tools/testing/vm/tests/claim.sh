#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# claim.sh [FAULT] - in a guest: vfio-compat claim, release and pin with real
# devices of the simulator, whose resources and capacity are wanted here.
#
# FAULT is fault.so of the tools, which sends a signal at each step of a claim.

set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest.sh"

FAULT=${1:-$(dirname "$(command -v vfio-compat)")/fault.so}
SIM=/sys/kernel/config/mdev_sim/vgpu
BUS=/sys/bus/mdev/devices
CLAIMS=/run/vfio-compat/claims
A=6b2f9c1e-0d5a-4c07-9a41-0c7d3e8f1a01
B=d0a47f35-92be-4f1c-8e66-51b9c2ad7b02
GPU=vgpu-gpu/mdev_sim-t
OLD=vgpu-old/mdev_sim-t
WORK=$(mktemp -d /tmp/claim.XXXXXX)

# verdict TEXT COMMAND.. - passed if the command succeeds
verdict()
{
	local text=$1

	shift
	if "$@"; then
		echo "ok   $text"
		passed
	else
		echo "FAIL $text"
		[ ! -s "$WORK/out" ] || sed 's/^/     printed: /' "$WORK/out"
		echo "     exit code $RC; instances: $(instances); claims: $(claims)"
		failed
	fi
}

# claim ARGS.. - RC and OUT hold what came of it
claim()
{
	vfio-compat claim "$@" >"$WORK/out" 2>"$WORK/err"
	RC=$?
	OUT=$(<"$WORK/out")
	cat "$WORK/err" >>"$WORK/out"
}

vc()
{
	vfio-compat "$@" >"$WORK/out" 2>&1
	RC=$?
	OUT=$(<"$WORK/out")
}

# What there is, but not the source.
instances()
{
	find "$BUS" -mindepth 1 ! -name "$A" -printf '%f '
}

claims()
{
	find "$CLAIMS" -mindepth 1 -printf '%f ' 2>/dev/null
}

nothing_left()
{
	[ -z "$(instances)$(claims)" ]
}

# rc CODE [PATTERN] - of the last command
rc()
{
	# shellcheck disable=SC2053 # a pattern
	[ "$RC" = "$1" ] && [[ $(<"$WORK/out") == ${2:-*} ]]
}

# rc_clean CODE [PATTERN] - and nothing is left
rc_clean()
{
	rc "$@" && nothing_left
}

# rc_of CODES - one of them
rc_of()
{
	[[ " $1 " == *" $RC "* ]]
}

rc_of_clean()
{
	rc_of "$1" && nothing_left
}

# reads FILE TEXT
reads()
{
	[ "$(<"$1")" = "$2" ]
}

# parent NAME VERSION INSTANCES
make_parent()
{
	mkdir -p "$SIM/$1/t"
	printf '%s\n' "$2" >"$SIM/$1/t/software_version"
	printf '%s\n' "${4-1.0,1.1}" >"$SIM/$1/t/emitted_software_version"
	printf 'pci_ids=8086:591d\n' >"$SIM/$1/t/fields"
	printf 'aggregator=1:1,2,4\nfps=30:30,60\n' >"$SIM/$1/t/resources"
	echo "$3" >"$SIM/$1/t/instances"
	echo 1 >"$SIM/$1/commit"
}

# A source of 1.0 at a parent that has 1.1, whose line is what travels.
make_devices()
{
	modprobe mdev_sim_vgpu
	mount -t configfs none /sys/kernel/config 2>/dev/null
	make_parent gpu 1.1.0 8
	make_parent old 1.0.0 8 1.0
	echo "$A" >"/sys/class/mdev_bus/${OLD/\//\/mdev_supported_types\/}/create"
	echo 2 >"$BUS/$A/aggregator"
	echo 60 >"$BUS/$A/fps"
	cat "$BUS/$A/migration_version" >"$WORK/line"
	vfio-compat -J show "$A" >"$WORK/source.json"
	LINE=$(<"$WORK/line")
}

# ---- what a claim does ----

try_claim()
{
	claim "@$WORK/line" "$GPU"
	verdict "a line: a UUID and nothing else" rc 0 '????????-????-4???-????-????????????'
	verdict "it is pinned" reads "$BUS/$OUT/software_version" 1.0.0
	verdict "aggregator was copied" reads "$BUS/$OUT/aggregator" 2
	verdict "fps was copied" reads "$BUS/$OUT/fps" 60
	verdict "its line is the source's" reads "$BUS/$OUT/migration_version" "$LINE"
	vfio-compat release --stale
	verdict "a claim that was told is not stale" test -d "$BUS/$OUT"
	vc release "$OUT"
	verdict "release: nothing is left" rc_clean 0
	claim --uuid "$B" "@$WORK/source.json" "$GPU"
	verdict "--uuid" rc 0 "$B"
	claim --uuid "$B" "@$WORK/source.json" "$GPU"
	verdict "--uuid that is not free: exit 5" rc 5
	claim --uuid same "@$WORK/source.json" "$GPU"
	verdict "--uuid same that is not free: exit 5" rc 5
	vc claim --done "$B"
	verdict "--done" rc 0
	vc release "$B"
	verdict "after --done it cannot be released" rc 4 '*was not claimed*'
	[ -d "$BUS/$B" ]
	verdict "and is there" test -d "$BUS/$B"
}

# B is there, nobody uses it, and it is not as the source.
try_adopt()
{
	claim --adopt "$B" "@$WORK/line" "$GPU"
	verdict "done, it is adopted by name" rc 0 "$B"
	vc release "$B"
	echo 4 >"$BUS/$B/aggregator"
	echo 30 >"$BUS/$B/fps"
	echo 1.1 >"$BUS/$B/software_version"
	claim --adopt "@$WORK/line" "$GPU"
	verdict "--adopt finds one" rc 0 "$B"
	verdict "it was set up" reads "$BUS/$B/migration_version" "$LINE"
	claim --adopt "@$WORK/line" "$GPU"
	verdict "what is claimed is not adopted: exit 5" rc 5
	vc release "$B"
	verdict "release restores aggregator" reads "$BUS/$B/aggregator" 4
	verdict "release restores fps" reads "$BUS/$B/fps" 30
	verdict "release restores the version" reads "$BUS/$B/software_version" 1.1.0
	exec 9<>"/dev/vfio/$(basename "$(readlink "$BUS/$B/iommu_group")")"
	claim --adopt "$B" "@$WORK/line" "$GPU"
	verdict "an open device is not adopted: exit 5" rc 5 '*nobody uses*'
	exec 9>&-
	claim --adopt "$B" "@$WORK/line" "$GPU"
	exec 9<>"/dev/vfio/$(basename "$(readlink "$BUS/$B/iommu_group")")"
	vc release "$B"
	verdict "an open device is not released: exit 7" rc 7 "*$B*it is open*"
	exec 9>&-
	vc release "$B"
	verdict "later it is" rc 0
	echo 1 >"$BUS/$B/remove"
	verdict "nothing is left of adopting" nothing_left
}

try_refusals()
{
	claim --exact "@$WORK/source.json" "$GPU"
	verdict "--exact: another version, exit 1" rc_clean 1 '*software_version*'
	claim --exact "@$WORK/source.json" "$OLD"
	verdict "--exact: the same" rc 0
	vc release "$OUT"
	claim --dry-run "@$WORK/line" "$GPU"
	verdict "--dry-run" rc_clean 0 'Yes: *'
	claim "$GPU" "$GPU"
	verdict "a type has no values to copy: exit 3" rc_clean 3 '*does not say what aggregator*'
	claim "$GPU" "$OLD"
	verdict "incompatible: exit 1" rc_clean 1
	claim "@$WORK/line" "$A"
	verdict "an instance is no type: exit 2" rc_clean 2
	sed 's/r.fps=60/r.fps=61/' "$WORK/line" >"$WORK/bad"
	claim "@$WORK/bad" "$GPU"
	verdict "a value that the driver refuses: undone, exit 6" rc_clean 6 '*fps: Invalid argument*'
	claim --adopt "@$WORK/line" "$GPU"
	verdict "--adopt without any: exit 5" rc_clean 5
	VFIO_COMPAT_CLAIMS=/proc/none claim "@$WORK/line" "$GPU"
	verdict "no room for a journal: exit 4" rc_clean 4
	vfio-compat claim "@$WORK/line" "$GPU" >/dev/full 2>"$WORK/out"
	RC=$?
	verdict "nobody can be told the UUID: undone, exit 6" rc_clean 6
}

# A source's description that wants more than to be migrated.
try_hostile()
{
	local name before

	before=$(find /sys/devices/vgpu* /sys/devices/virtual -type f 2>/dev/null | sort)
	for name in remove driver_override ../remove power/control aggregator/../remove uevent mdev_type; do
		echo "${LINE/;r.fps=60/;r.fps=60;r.$name=1}" >"$WORK/bad"
		claim "@$WORK/bad" "$GPU"
		verdict "a line with r.$name: nothing is created" \
			rc_of_clean "1 4"
		# only the line counts
		sed "s|\"name\":\"fps\"|\"name\":\"$name\"|" "$WORK/source.json" >"$WORK/bad.json"
		claim "@$WORK/bad.json" "$GPU"
		[ "$RC" != 0 ] || vfio-compat release "$OUT"
		verdict "a document with $name: no more than a claim" \
			rc_of_clean "0 1 4"
	done
	for name in '../../x' '%2e%2e' '/etc/passwd' same; do
		sed "s|\"object\":\"$A\"|\"object\":\"$name\"|; s|\"uuid\":\"$A\"|\"uuid\":\"$name\"|" \
			"$WORK/source.json" >"$WORK/bad.json"
		claim "@$WORK/bad.json" "$GPU"
		verdict "a source called $name is no path" \
			rc 0 '????????-????-4???-????-????????????'
		[ "$RC" != 0 ] || vfio-compat release "$OUT"
	done
	verdict "no file came or went" test "$before" = \
		"$(find /sys/devices/vgpu* /sys/devices/virtual -type f 2>/dev/null | sort)"
}

# What mdevctl is told, by one that does no more than that.
try_mdevctl()
{
	local path=$PATH

	mkdir "$WORK/bin"
	cat >"$WORK/bin/mdevctl" <<MDEVCTL
#!/bin/bash
echo "\$*" >>$WORK/mdevctl.log
case \$1 in
start) echo "\$3" >"/sys/class/mdev_bus/\$5/mdev_supported_types/\$7/create" || exit 1 ;;
stop) echo 1 >"$BUS/\$3/remove" ;;
esac
[ ! -e $WORK/fail ] || [ "\$1" = stop ]
MDEVCTL
	chmod 755 "$WORK/bin/mdevctl"
	claim --via mdevctl "@$WORK/line" "$GPU"
	verdict "--via mdevctl without it: exit 4" rc_clean 4 '*install it*'
	PATH=$WORK/bin:$PATH
	claim --via mdevctl --uuid "$B" "@$WORK/line" "$GPU"
	verdict "--via mdevctl" rc 0 "$B"
	verdict "mdevctl was told what to start" \
		reads "$WORK/mdevctl.log" "start -u $B -p vgpu-gpu -t mdev_sim-t"
	verdict "and the rest was done" reads "$BUS/$B/migration_version" "$LINE"
	vc release "$B"
	verdict "mdevctl stopped it" rc_clean 0
	claim --via mdevctl --uuid "$A" "@$WORK/line" "$GPU"
	verdict "--via mdevctl: a UUID that is not free, exit 5" rc_clean 5
	touch "$WORK/fail"
	claim --via mdevctl --uuid "$B" "@$WORK/line" "$GPU"
	verdict "a callout fails behind create: named, exit 7" rc 7 "*$B*is left of mdevctl*"
	rm "$WORK/fail"
	vc release "$B"
	verdict "release cleans it up" rc_clean 0
	PATH=$path
}

# ---- who is faster ----

# 8 of them, of which the source's line takes 2 each: 4 more fill it.
try_race()
{
	local i won=0 lost=0 other=0 j rc

	for ((i = 0; i < 4; i++)); do
		for j in 1 2 3 4 5 6; do
			(vfio-compat claim "@$WORK/line" "$GPU" >"$WORK/u$j" 2>"$WORK/e$j"; echo $? >"$WORK/r$j") &
		done
		wait
		for j in 1 2 3 4 5 6; do
			rc=$(<"$WORK/r$j")
			case $rc in
			0) won=$((won + 1)); vfio-compat release "$(<"$WORK/u$j")" ;;
			5) lost=$((lost + 1)) ;;
			*) other=$((other + 1)); cat "$WORK/e$j" ;;
			esac
		done
		nothing_left || break
	done
	echo "     $won claims won, $lost lost"
	verdict "six claims at once for four: none fails in another way" test "$other" = 0
	verdict "nothing is left of them" nothing_left
}

# The same UUID for all: one wins, all others lose it.
try_uuid_race()
{
	local i won=0 lost=0 j

	for ((i = 0; i < 4; i++)); do
		for j in 1 2 3 4; do
			(vfio-compat claim --uuid "$B" "@$WORK/line" "$GPU" >/dev/null 2>&1; echo $? >"$WORK/r$j") &
		done
		wait
		for j in 1 2 3 4; do
			case $(<"$WORK/r$j") in
			0) won=$((won + 1)) ;;
			5) lost=$((lost + 1)) ;;
			esac
		done
		vfio-compat release "$B"
	done
	verdict "four claims of one UUID: one wins ($won of 4, $lost of 12)" \
		test "$won $lost" = "4 12"
	verdict "nothing is left of these" nothing_left
}

# ---- killed ----

# killed SIGNAL ARGS.. - at every step; SIGKILL cannot be answered by undoing
killed()
{
	local signal=$1 n bad=0 cleaned=0 named=0 undone=0 uuid

	shift
	for ((n = 1; n < 300; n++)); do
		(FAULT_KILL=$n:$signal LD_PRELOAD=$FAULT vfio-compat claim "$@" \
			"@$WORK/line" "$GPU" >"$WORK/out" 2>&1; exit $?) 2>/dev/null
		RC=$?
		case $RC in
		0) ;;
		6) undone=$((undone + 1)); nothing_left || bad=$n ;;
		137) ;;
		*) echo "     step $n: exit code $RC: $(<"$WORK/out")"; bad=$n ;;
		esac
		vfio-compat release --stale >"$WORK/stale" 2>&1
		case $? in
		0) [ ! -s "$WORK/stale" ] || cleaned=$((cleaned + 1)) ;;
		7) named=$((named + 1)); grep -q "$B.*release it" "$WORK/stale" || bad=$n ;;
		*) bad=$n ;;
		esac
		for uuid in "$CLAIMS"/*.json; do
			uuid=${uuid##*/}
			[ "$uuid" = '*.json' ] || vfio-compat release "${uuid%.json}"
		done
		nothing_left || { echo "     step $n: $(instances)$(claims)"; bad=$n; break; }
		[ "$RC" != 0 ] || [ "$n" -lt 40 ] || break
	done
	echo "     $((n - 1)) steps: $undone undone, $cleaned cleaned up, $named named"
	verdict "signal $signal at each step${*:+ ($*)}: nothing is left" \
		test "$bad $((n > 20 && n < 300))" = "0 1"
}

[ -e "$FAULT" ] || { echo "error: $FAULT is missing: make it in tools/vfio-compat"; exit 1; }
make_devices
try_claim
try_adopt
try_refusals
try_hostile
try_mdevctl
try_race
try_uuid_race
killed 15
killed 9
killed 9 --uuid "$B"
rm -rf "$WORK"
guest_close
