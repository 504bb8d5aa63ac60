// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what QAT VFs say: the engine answers as the check does that
 * the state has to pass as it is loaded.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "qat_profile.h"

#define DEVICE 0x4941

static const struct qat_vfmig_caps caps[] = {
	{ 0, 0, 0 },
	{ BIT(0), 0, 0x1b1 },
	{ BIT(0) | BIT(31), 0, 0x1b1 },
	{ BIT(0) | BIT(5), BIT(3), 0x1b1 },
	{ BIT(0) | BIT(5), BIT(3), 0x924 },
	{ BIT(0) | BIT(5), BIT(3) | BIT(4), 0x1b1 },
	{ BIT(5), BIT(4), 0x1b1 },
	{ U32_MAX, U32_MAX, U16_MAX },
};

struct qat_pair {
	struct vp_profile source;
	struct vp_profile destination;
	struct vp_profile instance;
	struct vp_verdict verdict;
	char line[VP_LINE_MAX + 1];
};

static int qat_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct qat_pair), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void identify(struct vp_profile *p)
{
	vp_init(p);
	vp_identify(p, "qat_vfio_pci", "vfio-pci", "qat-4xxx-vf");
}

static int ask(struct kunit *test, const struct qat_vfmig_caps *src, u16 from,
	       const struct qat_vfmig_caps *dst, u16 to)
{
	struct qat_pair *pair = test->priv;

	identify(&pair->source);
	identify(&pair->destination);
	identify(&pair->instance);
	KUNIT_EXPECT_EQ(test, 0, qat_profile_describe(src, from, &pair->source));
	KUNIT_EXPECT_EQ(test, 0,
			qat_profile_accepts(dst, to, &pair->destination));
	KUNIT_EXPECT_EQ(test, 0,
			qat_profile_describe(dst, to, &pair->instance));
	KUNIT_EXPECT_EQ(test, 0, vp_seal_line(&pair->source, true));
	KUNIT_EXPECT_EQ(test, 0, vp_seal(&pair->destination, false));
	KUNIT_EXPECT_EQ(test, 0, vp_seal_line(&pair->instance, true));
	vp_compare(&pair->source, &pair->destination, &pair->instance, VP_PASS,
		   &pair->verdict);
	return pair->verdict.result;
}

/* As adf_gen4_vfmig_load_config() does. */
static bool loads(const struct qat_vfmig_caps *src,
		  const struct qat_vfmig_caps *dst)
{
	return (src->capabilities | dst->capabilities) == dst->capabilities &&
	       (src->extended_dc | dst->extended_dc) == dst->extended_dc &&
	       src->ring_to_svc_map == dst->ring_to_svc_map;
}

static void says_what_is_checked(struct kunit *test)
{
	unsigned int i, j, good = 0;

	for (i = 0; i < ARRAY_SIZE(caps); i++) {
		for (j = 0; j < ARRAY_SIZE(caps); j++) {
			bool good_pair = loads(&caps[i], &caps[j]);

			KUNIT_EXPECT_EQ_MSG(test,
					    good_pair ? VP_PASS : VP_FAIL,
					    ask(test, &caps[i], DEVICE,
						&caps[j], DEVICE),
					    "%u to %u", i, j);
			good += good_pair;
		}
	}
	/* each to itself, and 1 to 2, 3 and 5, 3 to 5, 6 to 5 */
	KUNIT_EXPECT_EQ(test, 13u, good);
}

static void says_it_in_a_line(struct kunit *test)
{
	struct qat_pair *pair = test->priv;

	ask(test, &caps[3], DEVICE, &caps[3], DEVICE);
	KUNIT_EXPECT_LT(test, 0,
			vp_format(&pair->source, pair->line,
				  sizeof(pair->line)));
	KUNIT_EXPECT_STREQ(test, pair->line,
			   "qat_vfio_pci-v1;api=vfio-pci;type=qat-4xxx-vf;sw=1.0.0;"
			   "f.capabilities=0,5;f.extended_dc=3;f.pci_ids=8086:4941;"
			   "f.ring_services=01b1;end");
}

/* The guest would find another device. */
static void devices_differ(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, VP_FAIL,
			ask(test, &caps[1], 0x4941, &caps[1], 0x4943));
}

static void rate_limits_are_not_known(struct kunit *test)
{
	struct qat_vfmig_caps limited = caps[1];
	struct qat_pair *pair = test->priv;

	limited.limited = true;
	identify(&pair->source);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			qat_profile_describe(&limited, DEVICE, &pair->source));
	identify(&pair->destination);
	KUNIT_EXPECT_EQ(test, 0, qat_profile_accepts(&limited, DEVICE,
						     &pair->destination));
	KUNIT_EXPECT_EQ(test, 0, vp_seal(&pair->destination, false));
}

static struct kunit_case qat_cases[] = {
	KUNIT_CASE(says_what_is_checked),
	KUNIT_CASE(says_it_in_a_line),
	KUNIT_CASE(devices_differ),
	KUNIT_CASE(rate_limits_are_not_known),
	{}
};

static struct kunit_suite qat_suite = {
	.name = "vfio_qat_profile",
	.init = qat_init,
	.test_cases = qat_cases,
};

kunit_test_suite(qat_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of what QAT VFs are compatible with");
