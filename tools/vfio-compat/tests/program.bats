#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The program as a whole: help, manual, memory, output, symbols, installation.

# shellcheck disable=SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

@test "help: on stdout, exit 0; names every verb and exit code" {
	run --separate-stderr "$VFIO_COMPAT" --help
	is 0
	[ -z "$stderr" ]
	for word in list show compare --json --sysfs-root --probe --cross-type \
		    VFIO_COMPAT_SYSFS_ROOT; do
		[[ $output == *"$word"* ]]
	done
	run "$VFIO_COMPAT" -h
	is 0
	run "$VFIO_COMPAT" --version
	is 0 'vfio-compat *vfio-compat/1*'
}

@test "help names no verb that does not exist" {
	"$VFIO_COMPAT" --help | sed -n 's/^  vfio-compat \([a-z]*\).*/\1/p' >verbs
	[ "$(wc -l <verbs)" = 3 ]
	while read -r verb; do
		run vc "$verb" nosuch/type nosuch/type
		[ "$status" = 4 ]
	done <verbs
}

@test "the manual has every verb, option and exit code of the help" {
	manual=$here/../man/vfio-compat.rst
	for word in list show compare --json --sysfs-root --probe --cross-type \
		    --help --version VFIO_COMPAT_SYSFS_ROOT; do
		grep -q -- "$word" "$manual"
	done
	for code in 0 1 2 3 4 8; do
		grep -q "^$code\$" "$manual"
	done
}

@test "valgrind: no error and no leak" {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" list
	is 0
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/broken" -J list
	is 4
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" compare "$gpu_a" "$gpu_b"
	is 1
	"$VFIO_COMPAT_PLAIN" --sysfs-root "$trees/good" -J list >all.json
	run valgrind -q --error-exitcode=99 --leak-check=full \
		"$VFIO_COMPAT_PLAIN" -J compare "@all.json#$gpu_a" "@all.json#$gpu_b"
	is 1
}

@test "output that cannot be written is exit 4" {
	[ -e /dev/full ] || skip "no /dev/full"
	run bash -c '"$VFIO_COMPAT" --sysfs-root "$VFIO_COMPAT_TREES/good" list >/dev/full'
	is 4 '*standard output*'
}

@test "JSON: nothing else on stdout, nothing on stderr" {
	run --separate-stderr vc -J show mtty/mtty-9
	[ "$status" = 4 ]
	[ -z "$stderr" ]
}

@test "the command opens no file outside of the tree" {
	command -v strace >/dev/null || skip "strace is not installed"
	strace -f -e trace=openat -o trace "$VFIO_COMPAT_PLAIN" \
		--sysfs-root "$trees/broken" list >/dev/null 2>&1 || true
	grep -v 'ENOENT\|\.so\|ld.so\|locale\|gconv' trace |
		grep -o '"/[^"]*"' | grep -v "^\"$trees/broken" >outside || true
	[ ! -s outside ]
}

@test "the shared library gives what its header declares, and nothing else" {
	grep -o 'vfio_compat_[a-z_]*(' "$here/../lib/vfio-compat.h" | tr -d '(' |
		sort -u >declared
	nm -D --defined-only "$VFIO_COMPAT_BUILD/libvfiocompat.so" |
		sed -n 's/.* T \([a-z_]*\)@.*/\1/p' | sort -u >defined
	diff declared defined
}

@test "the shared library needs libc only" {
	run bash -c "readelf -d '$VFIO_COMPAT_BUILD/libvfiocompat.so' | grep NEEDED"
	is 0 '*?libc.so.6?'
	[ "${#lines[@]}" = 1 ]
}

@test "a program can use the installed library" {
	make -s -C "$here/.." O="$VFIO_COMPAT_BUILD" DESTDIR="$PWD/root" \
		PREFIX=/usr install >/dev/null
	cat >user.c <<-'END'
	#include <vfio-compat.h>
	int main(int argc, char **argv)
	{
		struct vfio_compat *ctx;
		struct vfio_compat_object *obj;
		int ret = vfio_compat_new(&ctx);

		if (!ret && argc > 2)
			ret = vfio_compat_set_root(ctx, argv[1]);
		if (!ret)
			ret = vfio_compat_open(ctx, argv[2], &obj);
		vfio_compat_object_free(obj);
		vfio_compat_free(ctx);
		return ret;
	}
	END
	cc -Wall -Werror -Iroot/usr/include user.c -Lroot/usr/lib -lvfiocompat -o user
	LD_LIBRARY_PATH=root/usr/lib run ./user "$trees/good" mtty/mtty-1
	is 0
	LD_LIBRARY_PATH=root/usr/lib run ./user "$trees/good" mdpy/mdpy-vga
	is 3
	[ -s root/usr/share/man/man1/vfio-compat.1 ]
	[ -x root/usr/bin/vfio-compat ]
}

@test "the engine is free of libc's locale and allocation" {
	nm -u "$VFIO_COMPAT_BUILD"/plain/engine/engine*.o |
		sed -n 's/^ *U //p' | grep -v '^vp_' | sort -u >used
	run grep -vxE 'memcpy|memcmp|memset|memmove|strlen|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_' used
	is 1
}
