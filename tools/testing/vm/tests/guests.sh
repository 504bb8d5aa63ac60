# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# shellcheck disable=SC2034 # STATUS is for ends()
#
# guests.sh - what comes back from a guest, and what never gets out of it.

script exit7 <<'END'
echo out; echo err >&2
exit 7
END
script data <<'END'
head -c 300000 /dev/zero | od -v -An -tx1 -w20 | nl
printf 'no newline, \t tab and \303\244 umlaut at the end'
END
script arguments <<'END'
printf '<%s>' "$@"; echo "$PWD"
END
script writable <<'END'
set -e
echo x >/tmp/x; echo x >/etc/x; echo x >/usr/x; rm /etc/hostname
[ "$(cat /tmp/x /etc/x /usr/x)" = "$(printf 'x\nx\nx')" ]
END
script hang <<'END'
echo started
sleep 1000
END
script poweroff <<'END'
busybox poweroff -f
END
script splat <<'END'
echo 'BUG: not a real one, a test of the harness' >/dev/kmsg
END
script splat-late <<'END'
for i in $(seq 2000); do echo "line $i" >/dev/kmsg; done
echo 'WARNING: CPU: 0 PID: 1 at a/test/of/the/harness' >/dev/kmsg
exit 3
END
script int3 <<'END'
echo 'Oops: int3: 0000 [#1] not a real one, a test of the harness' >/dev/kmsg
busybox poweroff -f
END
script taint <<'END'
echo 512 >/proc/sys/kernel/tainted
END
script environment <<'END'
set -e
[ -d "$VFIO_COMPAT_MODULES" ] && [ -d "$VFIO_COMPAT_SELFTESTS" ]
ls "$VFIO_COMPAT_MODULES"/*.ko
mountpoint -q /sys/kernel/debug && mountpoint -q /proc && [ -c /dev/null ]
modinfo -F filename mtty | grep updates/mtty.ko
command -v vfio-migrate
echo "$VFIO_COMPAT_KERNEL $(id -u)"
END
script forged <<'END'
for tty in /dev/ttyS1 /dev/ttyS2; do echo 'verdict 0 status=0 scan=clean' >$tty; done
busybox poweroff -f
END

# Every way to the host's files that a guest has; each must be refused.
script attack <<END
target=$WORK/attacked
for type in "hostfs none" "9p -o trans=virtio root"; do
	mkdir -p /mnt/a
	mount -t \${type%% *} -o rw \${type#* } /mnt/a || continue
	mount -o remount,rw /mnt/a
	echo reached
	touch "/mnt/a\$target" && echo WRITTEN
	: >"/mnt/a\$target.old" && echo WRITTEN
	chmod 777 "/mnt/a\$target.old" && echo WRITTEN
	mv "/mnt/a\$target.old" "/mnt/a\$target.new" && echo WRITTEN
	ln -s x "/mnt/a\$target.link" && echo WRITTEN
	umount /mnt/a
done
mount -t hostfs -o ../../.. none /mnt/a && touch "/mnt/a\$target" && echo WRITTEN
mount -o remount,rw / ; touch "\$target" # into the tmpfs above the host's root
exit 0
END

output_is()
{
	[ "$(cat "$WORK/out")" = "$1" ]
}

same_data()
{
	bash "$WORK/data.sh" | cmp - "$WORK/out"
}

once()
{
	! grep -q 'try 2' "$WORK/err"
}

untouched()
{
	[ "$(find "$WORK" -name 'attacked*' -printf '%f %m %s\n')" = "attacked.old 644 4" ] &&
		! grep -q WRITTEN "$WORK/out"
}

for kernel in uml stock; do
	# Long enough to boot on a busy machine.
	limit=15
	[ $kernel = uml ] || limit=40
	guest $kernel exit7
	expect "$kernel: the script's exit code comes back" ends 7
	expect "$kernel: its output too" output_is "$(printf 'out\nerr')"
	echo old >"$WORK/attacked.old"
	guest $kernel attack
	expect "$kernel: nothing of the host is written" untouched
	rm -f "$WORK"/attacked*
	guest $kernel environment
	expect "$kernel: modules, programs and mounts are there" ends 0
	guest $kernel splat
	expect "$kernel: a report in the kernel log fails the run" ends 125 "the kernel reported: "
	guest $kernel poweroff
	expect "$kernel: no verdict is a failure" ends 125 "ended without a verdict"
	expect "$kernel: and shows the end of the console" grep -q 'Power down' "$WORK/err"
	guest $kernel hang -t $limit
	expect "$kernel: a hanging script ends with 124 and says so" ends 124 "did not finish within $limit s"
	expect "$kernel: what it wrote before was passed on" output_is started
done

guest stock int3
expect "stock: a guest that died of QEMU's own defect is run again" grep -q 'try 3 of 3$' "$WORK/err"
expect "stock: three times at most" ends 125 "ended without a verdict"
guest stock exit7 -a rdinit=/none
expect "stock: so is one that never came to /init" grep -q 'try 3 of 3$' "$WORK/err"
guest uml int3
expect "uml: knows no such excuse" once
guest uml attack
expect "uml: the attack did reach the host's files" grep -q reached "$WORK/out"
guest uml data
expect "output comes back byte for byte" same_data
STATUS=0
"$VM_DIR/vm.sh" -n -k uml "$WORK/arguments.sh" a 'b  c' "d'e" >"$WORK/out" 2>"$WORK/err" || STATUS=$?
expect "arguments and the current folder are passed on" output_is "<a><b  c><d'e>$PWD"
guest uml writable
expect "the guest may write everywhere in its own root" ends 0
guest uml splat-late
expect "a late report is seen even if the script failed" ends 125 "at a/test/of/the/harness"
guest uml taint
expect "an unexpected taint fails the run" ends 125 "tainted: 512"
guest uml forged
expect "a verdict without this run's number does not count" ends 125 "without a verdict"
guest uml exit7 -q
expect "quiet: the output is shown if the script fails" grep -q '^err$' "$WORK/err"
printf '#!/bin/cat\nby its interpreter' >"$WORK/read only.sh"
guest uml "read only"
expect "a script that is not executable is for its interpreter" grep -qx 'by its interpreter' "$WORK/out"
ACCEL=kvm guest stock exit7 -m 900000000
expect "QEMU's own failure is told, and what to try" ends 125 "try without ACCEL=kvm"
mkdir -p "$WORK/overlay/opt/laid"
echo over >"$WORK/overlay/opt/laid/file"
script overlay <<'END'
cat /opt/laid/file; ls /usr/bin/env
END
guest uml overlay -o "$WORK/overlay"
expect "a folder can be laid over the root" output_is "$(printf 'over\n/usr/bin/env')"
guest uml missing-script
expect "a script that is not there is named" ends 1 "no such script"

# Only where the kernel for it has been built: it is a long way to it.
if [ -f "$O/kernel/debug/.fingerprint" ]; then
	script leak <<'END'
modprobe kmemleak-test
rmmod kmemleak-test
END
	guest debug leak -l
	expect "debug: a leak fails the run" ends 125 "suspected memory leaks"
	# Nothing else than KUnit and this test: most of the glue is not reached.
	script coverage <<END
exec "$VM_DIR/tests/coverage.sh" abi_test
END
	guest debug coverage
	expect "debug: lines that no test executes fail the run" ends 1
	expect "debug: the file is named" grep -q 'mdev_profile.c .*  below 95 %$' "$WORK/out"
	expect "debug: the lines are named" grep -q 'mdev_profile.c:[0-9]*:.*-ENXIO;$' "$WORK/out"
fi
