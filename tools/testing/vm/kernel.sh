# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# kernel.sh - kernels of our own, each configured, built once under
# $O/kernel/<name> and shared by every test.
#
# The configuration starts from nothing (allnoconfig) plus the fragments in
# config/. Every line of a fragment must be in the final .config: an option
# that a dependency dropped silently would make a test prove nothing.

# A kernel is compiled with relative paths, so a clone elsewhere finds its
# objects in the compiler cache. Never set a base folder there: it rewrites the
# paths of linked headers, and one clone gets the dependency file of another.
# The namespace keeps away from entries that were made that way.
export CCACHE_NAMESPACE=vfio-compat
export CCACHE_SLOPPINESS=include_file_mtime,include_file_ctime

kernel_arch()
{
	case $1 in
	uml) echo um ;;
	*) echo x86 ;;
	esac
}

kernel_image()
{
	case $1 in
	uml) echo "$O/kernel/uml/linux" ;;
	*) echo "$O/kernel/$1/arch/x86/boot/bzImage" ;;
	esac
}

kernel_cc()
{
	if command -v ccache >/dev/null; then
		echo "ccache gcc"
	else
		echo gcc
	fi
}

# Which files count how often each line runs, where CONFIG_GCOV_KERNEL is on:
# ours, not their tests. make expands this in each folder. Optimised code has
# lines that are on no path of their own ("return -ENOMEM;" above all), so these
# files are not. trace.c does not compile so. Linux 6.1 takes each word of
# CFLAGS_GCOV out of other flags, so there is no counting there.
kernel_gcov()
{
	[ "$1-$BASE" = debug-6.12 ] || return 0
	# shellcheck disable=SC2016 # for make to expand
	printf '%s\n' 'GCOV_PROFILE=$(if $(filter drivers/vfio/profile,$(obj)),y)' \
		GCOV_PROFILE_mdev_profile.o=y GCOV_PROFILE_trace.o=n \
		"CFLAGS_GCOV=-fprofile-arcs -ftest-coverage -O0 -include $VM_DIR/config/gcov.h"
}

# kernel_make NAME TARGET.. - make in the build folder of kernel NAME
kernel_make()
{
	local name=$1 gcov
	shift

	mapfile -t gcov < <(kernel_gcov "$name")
	make -C "$FULL" O="$O/kernel/$name" ARCH="$(kernel_arch "$name")" \
		CC="$(kernel_cc)" HOSTCC="$(kernel_cc)" KBUILD_BUILD_TIMESTAMP=@0 \
		KBUILD_BUILD_USER=vfio-compat KBUILD_BUILD_HOST=vfio-compat \
		KBUILD_KCONFIG="$O/kernel/Kconfig" "${gcov[@]}" -j"$JOBS" "$@"
}

# What all kernels have, what those of this base have, what this one has, and
# what this one has on this base.
kernel_fragment()
{
	local part

	for part in common "$BASE" "$1" "$1-$BASE"; do
		[ ! -f "$VM_DIR/config/$part.config" ] || cat "$VM_DIR/config/$part.config"
	done
}

# kernel_config_check NAME - each line asked for is in the final .config
kernel_config_check()
{
	local dir=$O/kernel/$1 line symbol missing=0

	while read -r line; do
		case $line in
		'# CONFIG_'*' is not set')
			symbol=${line#'# '}
			symbol=${symbol%% *}
			# A symbol that does not exist here is not set either.
			if grep -q "^$symbol=" "$dir/.config"; then
				echo "$(grep "^$symbol=" "$dir/.config"), asked for: $line"
				missing=1
			fi ;;
		CONFIG_*)
			symbol=${line%%=*}
			if ! grep -qxF -- "$line" "$dir/.config"; then
				echo "asked for: $line, but the final .config has:" \
					"$(grep -E "^(# )?${symbol}[ =]" "$dir/.config" || echo nothing)"
				missing=1
			fi ;;
		esac
	done <"$dir/fragment"
	return $missing
}

kernel_configure()
{
	local name=$1 dir=$O/kernel/$1

	mkdir -p "$dir"
	kernel_fragment "$name" | write_if_changed "$dir/fragment"
	cat "$FULL/Kconfig" "$VM_DIR/config/Kconfig" | write_if_changed "$O/kernel/Kconfig"
	kernel_make "$name" KCONFIG_ALLCONFIG="$dir/fragment" allnoconfig
	kernel_config_check "$name"
}

kernel_fingerprint()
{
	{
		source_fingerprint
		kernel_fragment "$1"
		cat "$VM_DIR/kernel.sh" "$VM_DIR/config/Kconfig" "$VM_DIR/config/gcov.h"
		gcc -dumpfullversion
	} | sha256sum | cut -d' ' -f1
}

kernel_compile()
{
	local name=$1 target=bzImage

	if [ "$name" = uml ]; then
		target=linux
	fi
	kernel_make "$name" "$target" modules
}

# kernel_build NAME - configured and built; a no-op when nothing changed
kernel_build()
{
	local name=$1 dir=$O/kernel/$1 about='~4 min' now

	now=$(kernel_fingerprint "$name")
	if [ "$(cat "$dir/.fingerprint" 2>/dev/null)" = "$now" ]; then
		return 0
	fi
	need_tools gcc flex bison bc ld
	if [ -f "$(kernel_image "$name")" ]; then
		about='~1 min'
	elif [ "$name" = debug ]; then
		about='~10 min'
	fi
	rm -f "$dir/.fingerprint"
	step "kernel-$name-config" "kernel $name configured" kernel_configure "$name"
	step "kernel-$name" "kernel $name built" "$about" kernel_compile "$name"
	echo "$now" >"$dir/.fingerprint"
}
