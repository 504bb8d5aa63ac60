#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# html.sh - Documentation/ as HTML under $O/html, by the kernel's own Sphinx
# extensions. Ends with an error if there is a single warning, or if a function
# that must be documented is not.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
check_paths
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$VM_DIR/packages.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
. "$VM_DIR/source.sh"

TREE=$O/html.src
HTML=$O/html

# What the reference in driver-api/vfio-profile has to hold.
DOCUMENTED=(vfio_profile_ops mdev_profile_ptr mdev_profile_changed mdev_profile_opened
	mdev_profile_closed mdev_profile_store_begin mdev_profile_store_end mdev_profile_header
	mdev_profile_resume vfio_profile_stream_write vfio_profile_stream_done vp_version vp_add
	vp_add_list vp_accept vp_emit vp_accept_type vp_resource vp_vendor
	vfio_pci_profile_register vfio_pci_profile_unregister vfio_pci_profile_changed
	vfio_pci_profile_opened vfio_pci_profile_closed vfio_pci_profile_store_begin
	vfio_pci_profile_store_end vfio_pci_profile_header vfio_pci_profile_resume)

# A tree in which there is nothing but our documents.
make_tree()
{
	local file

	rm -rf "$TREE" "$HTML"
	mkdir -p "$TREE/Documentation" "$HTML"
	for file in scripts drivers include MAINTAINERS Makefile; do
		ln -s "$FULL/$file" "$TREE/$file"
	done
	for file in conf.py images sphinx sphinx-static; do
		ln -s "$FULL/Documentation/$file" "$TREE/Documentation/$file"
	done
	for file in "$TOP"/Documentation/*/; do
		ln -s "${file%/}" "$TREE/Documentation/$(basename "$file")"
	done
	cat >"$TREE/Documentation/index.rst" <<'END'
=============
VFIO profiles
=============

.. toctree::

   admin-guide/vfio-compat
   driver-api/vfio-profile
   driver-api/vfio-profile-pci
   driver-api/vfio-profile-sim
   driver-api/vfio-profile-tests
   driver-api/vfio-profile-accuracy
   driver-api/vfio-profile-bench
   abi
END
	cat >"$TREE/Documentation/abi.rst" <<'END'
ABI
===

.. kernel-abi:: ABI/testing
   :rst:
END
}

run_sphinx()
{
	cd "$TREE/Documentation"
	srctree=$TREE PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 sphinx-build -q -b html \
		-d "$O/html.cache" -D version="$BASE" -D release="$BASE" \
		-D kerneldoc_srctree="$TREE" -D kerneldoc_bin="$TREE/scripts/kernel-doc" \
		-w "$HTML/warnings" . "$HTML"
}

complete()
{
	local name

	for name in "${DOCUMENTED[@]}"; do
		grep -q "id=\"c\.$name\"" "$HTML"/driver-api/vfio-profile{,-pci}.html ||
			echo "driver-api/vfio-profile*.rst: $name is not in the reference"
	done
	grep -q 'compatible_&lt;field&gt;' "$HTML/abi.html" || echo "ABI: no compatible_<field>"
	grep -q 'migration_type' "$HTML/abi.html" || echo "ABI: no migration_type"
}

need_tools sphinx-build perl
locked source source_full
make_tree
rm -rf "$O/html.cache"
if ! run_sphinx >"$LOG/html.log" 2>&1; then
	cat "$LOG/html.log"
	exit 1
fi
{
	# dot draws figures, and there are none
	sed "s:$TREE/::; /dot(1) not found/d" "$HTML/warnings"
	complete
} | tee "$O/html.found"
[ ! -s "$O/html.found" ]
say "Documentation as HTML: $HTML/index.html"
