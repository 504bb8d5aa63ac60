/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The one table of cases for the engine.  KUnit runs it in the kernel and a
 * small main() in userspace; both call exactly these functions.
 *
 * The cases share one static work area (a profile is 16 KiB, too much for a
 * stack), so only one may run at a time.
 */
#ifndef _VFIO_PROFILE_TESTS_CASES_H
#define _VFIO_PROFILE_TESTS_CASES_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stddef.h>
#endif

/* Number of cases; each has a number below it. */
unsigned int vp_cases_count(void);

/* Name of case @i: unique, printable, shorter than 100 characters. */
const char *vp_case_name(unsigned int i);

/* Run case @i.  0: it passed.  Else @msg says what differs, in one line. */
int vp_case_run(unsigned int i, char *msg, size_t size);

#endif /* _VFIO_PROFILE_TESTS_CASES_H */
