// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Runs the engine's table of cases in userspace; KUnit runs the same table in
 * the kernel.
 */
#include <stdio.h>

#include "cases.h"

int main(void)
{
	unsigned int i, passed = 0, failed = 0;
	char msg[1024];

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < vp_cases_count(); i++) {
		msg[0] = '\0';
		if (vp_case_run(i, msg, sizeof(msg))) {
			printf("not ok %u %s\n# %s\n", i + 1, vp_case_name(i),
			       msg);
			failed++;
		} else {
			printf("ok %u %s\n", i + 1, vp_case_name(i));
			passed++;
		}
	}
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}
