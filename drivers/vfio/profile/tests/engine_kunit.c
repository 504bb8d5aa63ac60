// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the engine that compares VFIO device profiles: the table of
 * cases, one parameter each.  The same table runs in userspace.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>

#include "cases.h"

#define MSG_SIZE 512

/* Case number n is the pointer n + 1: there is no other state to pass. */
static unsigned int case_number(const void *param)
{
	return (uintptr_t)param - 1;
}

static const void *case_gen_params(const void *prev, char *desc)
{
	uintptr_t next = prev ? (uintptr_t)prev + 1 : 1;

	if (next > vp_cases_count())
		return NULL;
	strscpy(desc, vp_case_name(next - 1), KUNIT_PARAM_DESC_SIZE);
	return (const void *)next;
}

static void vfio_profile_engine_case_test(struct kunit *test)
{
	char *msg = kunit_kzalloc(test, MSG_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, msg);
	if (vp_case_run(case_number(test->param_value), msg, MSG_SIZE))
		KUNIT_FAIL(test, "%s", msg);
}

static struct kunit_case vfio_profile_engine_test_cases[] = {
	KUNIT_CASE_PARAM(vfio_profile_engine_case_test, case_gen_params),
	{}
};

static struct kunit_suite vfio_profile_engine_test_suite = {
	.name = "vfio_profile_engine",
	.test_cases = vfio_profile_engine_test_cases,
};

kunit_test_suite(vfio_profile_engine_test_suite);

MODULE_DESCRIPTION("KUnit tests of VFIO device profiles");
MODULE_LICENSE("GPL");
