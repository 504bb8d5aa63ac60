# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# builds.sh - packages, patches, links and configurations that are not right.

# A package server of our own: hands out what is in $WORK/server.
fake_download()
{
	cp "$WORK/server/${1%%=*}.deb" . 2>/dev/null
}

fetch()
{
	# shellcheck disable=SC2034 # read by deb_fetch
	(
		DEBS=$WORK/debs
		APT_DOWNLOAD=(fake_download)
		deb_fetch thing 1 thing_1_all.deb "$(stat -c %s "$WORK/thing.deb")" \
			"$(sha256sum <"$WORK/thing.deb" | cut -d' ' -f1)"
	)
}

fetched()
{
	fetch && cmp "$WORK/thing.deb" "$WORK/debs/thing_1_all.deb"
}

nothing_left()
{
	[ -z "$(find "$WORK/debs" -type f -o -name 'partial.*')" ]
}

mkdir -p "$WORK/server" "$WORK/debs"
head -c 100000 /dev/urandom >"$WORK/thing.deb"
expect "no network: the download fails" eval '! fetch'
expect "and leaves nothing" nothing_left
head -c 5000 "$WORK/thing.deb" >"$WORK/server/thing.deb"
expect "a download that was cut is refused" eval '! fetch'
expect "and leaves nothing" nothing_left
cp "$WORK/thing.deb" "$WORK/server/thing.deb"
expect "a whole one is taken" fetched
head -c 5000 "$WORK/thing.deb" >"$WORK/debs/thing_1_all.deb"
expect "a cut file in the cache is fetched again" fetched
printf x | dd of="$WORK/debs/thing_1_all.deb" bs=1 seek=777 conv=notrunc status=none
expect "a changed file in the cache is fetched again" fetched
rm "$WORK/server/thing.deb"
expect "a good file in the cache needs no network" fetched

offline()
{
	local netless=(unshare -n)

	[ "$(id -u)" = 0 ] || netless+=(-r)
	O=$1 "${netless[@]}" "$VM_DIR/prepare.sh" "${@:2}"
}

# The cache is full, the build folder new: only unpacking.
expect "a second build folder needs no network" offline "$WORK/second" packages
expect "a second run needs no network" offline "$O" uml stock
rm -rf "$WORK/second"

# A clone with one bad patch: in a copy of the few upstream files.
patch_in_clone()
{
	(
		set -e
		TOP=$WORK/clone PATCHED=$WORK/patched
		rm -rf "$TOP" "$PATCHED"
		mkdir -p "$TOP/patches/core" "$TOP/include/linux" "$TOP/drivers"
		cat >"$TOP/patches/core/0001-test.patch"
		graft_touched && patched_make
	)
}

bad_context()
{
	! patch_in_clone <<'END'
--- a/samples/vfio-mdev/Makefile
+++ b/samples/vfio-mdev/Makefile
@@ -1,3 +1,4 @@
 # SPDX-License-Identifier: GPL-2.0-only
+# a test
 obj-$(CONFIG_SAMPLE_VFIO_MDEV_MTTY) += mtty.o
 obj-$(CONFIG_SOMETHING_ELSE) += mdpy.o
END
}

good_context()
{
	patch_in_clone <<'END'
--- a/samples/vfio-mdev/Makefile
+++ b/samples/vfio-mdev/Makefile
@@ -1,3 +1,4 @@
 # SPDX-License-Identifier: GPL-2.0-only
+# a test
 obj-$(CONFIG_SAMPLE_VFIO_MDEV_MTTY) += mtty.o
 obj-$(CONFIG_SAMPLE_VFIO_MDEV_MDPY) += mdpy.o
END
}

new_file()
{
	! patch_in_clone <<'END'
--- /dev/null
+++ b/samples/vfio-mdev/new.c
@@ -0,0 +1 @@
+/* a test */
END
}

over_upstream()
{
	mkdir -p "$WORK/tree/include/linux"
	echo upstream >"$WORK/tree/include/linux/mdev.h"
	! graft_link "$WORK/tree" include/linux/mdev.h && [ ! -L "$WORK/tree/include/linux/mdev.h" ]
}

expect "a patch applies" good_context
expect "a patch that needs fuzz is refused" bad_context
expect "a patch that adds a file is refused" new_file
expect "a link never replaces a file of upstream" over_upstream

config_says()
{
	local O=$WORK/config

	mkdir -p "$O/kernel/test"
	printf '%s\n' 'CONFIG_A=y' 'CONFIG_B=m' '# CONFIG_C is not set' 'CONFIG_D="x"' >"$O/kernel/test/.config"
	printf '%s\n' "$@" >"$O/kernel/test/fragment"
	kernel_config_check test
}

expect "a configuration as asked for" config_says CONFIG_A=y '# CONFIG_C is not set' \
	'# CONFIG_NEVER is not set' 'CONFIG_D="x"'
expect "an option that was dropped is an error" eval '! config_says CONFIG_A=y CONFIG_E=y'
expect "an option with another value is an error" eval '! config_says CONFIG_B=y'
expect "an option that came back is an error" eval '! config_says "# CONFIG_A is not set"'

other_version()
{
	# shellcheck disable=SC2034 # read by source_check_version
	local VERSION=6.12.1-1

	! source_check_version "$PLAIN"
}
expect "source of another version than the image is an error" other_version
