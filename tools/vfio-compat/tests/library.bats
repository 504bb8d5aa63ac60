#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The library as it is shipped: symbols, versions, dependencies, installation.

# shellcheck disable=SC2030,SC2031,SC2154 # set by helpers.bash and by "run"
load helpers

setup_file() {
	make_trees
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

so=$VFIO_COMPAT_BUILD/libvfiocompat.so

# declared: functions of the header
declared() {
	grep -v '^ \*' "$here/../lib/vfio-compat.h" |
		grep -o '\bvfio_compat_[a-z_]*(' | tr -d '(' | sort -u
}

@test "header, symbol map and shared library have the same functions" {
	declared >header
	[ "$(wc -l <header)" -ge 50 ]
	sed -n 's/^\t\(vfio_compat_[a-z_]*\);$/\1/p' "$here/../lib/libvfiocompat.map" >map
	diff header map
	nm -D --defined-only "$so" | sed -n 's/.* T \([a-z_]*\)@.*/\1/p' | sort >defined
	diff header defined
}

# nodes: "FUNCTION NODE" of the map; a node says nothing of what it inherits
nodes() {
	awk '/^VFIO_COMPAT_[0-9.]+ {/ { node = $1 }
	     /^\tvfio_compat_/ { sub(/;/, ""); print $1, node }' "$1" | sort
}

@test "each function is in one version node, the one of the map" {
	nodes "$here/../lib/libvfiocompat.map" >map
	[ -z "$(cut -d' ' -f1 map | uniq -d)" ]
	nm -D --defined-only "$so" |
		sed -n 's/.* T \([a-z_]*\)@@\(.*\)/\1 \2/p' | sort >defined
	diff map defined
}

@test "soname and version node go together" {
	run bash -c "readelf -d '$so' | grep SONAME"
	is 0 '*?libvfiocompat.so.0?'
	run readelf --version-info "$so"
	is 0 '*Name: libvfiocompat.so.0*Name: VFIO_COMPAT_0*'
}

@test "every public function has a comment" {
	declared | while read -r name; do
		grep -q "^ \* $name - " "$here"/../lib/*.c || echo "$name"
	done >without
	diff /dev/null without
}

@test "the header is C and C++, by itself" {
	echo '#include <vfio-compat.h>' >a.c
	cc -std=c99 -Wall -Wextra -Wpedantic -Werror -I"$here/../lib" -c a.c
	if command -v c++ >/dev/null; then
		cp a.c a.cc
		c++ -Wall -Wextra -Wpedantic -Werror -I"$here/../lib" -c a.cc
	fi
}

@test "the example of the header is a program, and says what compare says" {
	sed -n '/^ \*\t#include/,/^ \*\t}$/{s/^ \* *//;s/^\t//;p}' "$here/../lib/vfio-compat.h" >example.c
	[ "$(wc -l <example.c)" -ge 15 ]
	cat >>example.c <<-'END'
	int main(int argc, char **argv)
	{
		struct vfio_compat *ctx;

		if (argc != 4 || vfio_compat_new(&ctx))
			return 99;
		if (vfio_compat_set_root(ctx, argv[1]))
			return 98;
		puts(takes(ctx, argv[2], argv[3]) ? "yes" : "no");
		vfio_compat_unref(ctx);
		return 0;
	}
	END
	cc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsanitize=address -I"$here/../lib" \
		-include stdio.h example.c "$so" -o example
	for pair in "$mtty_a mtty/mtty-1" "$mtty_a mtty/mtty-2" "$chk chk/chk-a" \
		"$mtty_a mdpy/mdpy-vga" "$mtty_a nonsense"; do
		# shellcheck disable=SC2086 # words
		run vc compare $pair
		[ "$status" = 0 ] && answer=yes || answer=no
		# shellcheck disable=SC2086 # words
		LD_LIBRARY_PATH=$VFIO_COMPAT_BUILD run ./example "$trees/good" $pair
		is 0 "$answer"
	done
}

@test "the ABI is the recorded one, or has more" {
	command -v abidiff >/dev/null || skip "abidiff is not installed"
	readelf -S "$so" | grep -q debug_info || skip "built without -g"
	abidiff --no-added-syms --drop-private-types --hf2 "$here/../lib/vfio-compat.h" \
		"$here/recorded/libvfiocompat.abi" "$so"
}

@test "abidiff sees a function that lost an argument" {
	command -v abidiff >/dev/null || skip "abidiff is not installed"
	readelf -S "$so" | grep -q debug_info || skip "built without -g"
	cp -r "$here/../lib" lib
	sed -i '/int vfio_compat_set_root(/s/, const char \*dir)/)/' lib/vfio-compat.h
	sed -i '/^int vfio_compat_set_root(/,/^{/s/, const char \*dir)/)/; s/^{/&/' lib/context.c
	sed -i '/^int vfio_compat_set_root(/,/^{/s/^{/{ const char *dir = "\/";/' lib/context.c
	cc -g -shared -fPIC -D_GNU_SOURCE -I"$here/../../../include" -Ilib -Wl,-soname,libvfiocompat.so.0 \
		-Wl,--version-script=lib/libvfiocompat.map lib/*.c \
		"$here"/../../../drivers/vfio/profile/engine*.c -o changed.so
	run abidiff --no-added-syms --drop-private-types --hf2 lib/vfio-compat.h \
		"$here/recorded/libvfiocompat.abi" changed.so
	[ "$status" != 0 ]
	[[ $output == *vfio_compat_set_root* ]]
}

@test "the shared library needs libc only" {
	run bash -c "readelf -d '$VFIO_COMPAT_BUILD/libvfiocompat.so' | grep NEEDED"
	is 0 '*?libc.so.6?'
	[ "${#lines[@]}" = 1 ]
}

# install_to FOLDER PREFIX [SETTING..]
install_to() {
	make -s -C "$here/.." O="$VFIO_COMPAT_BUILD" DESTDIR="$PWD/$1" \
		PREFIX="$2" "${@:3}" install >/dev/null
}

# flags: what a program is compiled with, by pkg-config if there is one
flags() {
	if command -v pkg-config >/dev/null; then
		PKG_CONFIG_PATH=root/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$PWD/root \
			PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 \
			pkg-config --cflags --libs libvfiocompat
	else
		echo "-Iroot/usr/include -Lroot/usr/lib -lvfiocompat"
	fi
}

@test "a program can use the installed library" {
	install_to root /usr
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
		vfio_compat_unref(ctx);
		return ret;
	}
	END
	flags=$(flags)
	# shellcheck disable=SC2086 # words
	cc -Wall -Werror user.c $flags -o user
	readelf -d user | grep -q 'NEEDED.*\[libvfiocompat.so.0\]'
	LD_LIBRARY_PATH=root/usr/lib run ./user "$trees/good" mtty/mtty-1
	is 0
	LD_LIBRARY_PATH=root/usr/lib run ./user "$trees/good" mdpy/mdpy-vga
	is 3
	[ -s root/usr/share/man/man1/vfio-compat.1 ]
	[ -x root/usr/bin/vfio-compat ]
}

@test "pkg-config: paths follow the prefix, and those that do not are kept" {
	command -v pkg-config >/dev/null || skip "pkg-config is not installed"
	install_to a /opt/x
	run pkg-config --define-variable=prefix=/y --cflags --libs \
		a/opt/x/lib/pkgconfig/libvfiocompat.pc
	is 0 '-I/y/include -L/y/lib -lvfiocompat*'
	run pkg-config --modversion a/opt/x/lib/pkgconfig/libvfiocompat.pc
	is 0 "$("$VFIO_COMPAT_PLAIN" --version | cut -d' ' -f2)"
	install_to b /opt/x LIBDIR=/lib/there
	run pkg-config --libs b/lib/there/pkgconfig/libvfiocompat.pc
	is 0 '-L/lib/there -lvfiocompat*'
}
