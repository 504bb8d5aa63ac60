/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In front of files that are compiled without optimisation, to count their
 * lines: the assembly of WARN() needs constants that only optimising finds.
 */
#include <linux/bug.h>

#undef __WARN_FLAGS
#define __WARN_FLAGS(flags) \
	__warn_printk("WARNING: %s:%d (%x)\n", __FILE__, __LINE__, flags)
