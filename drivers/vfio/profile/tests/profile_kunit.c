// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of profiles as the core makes and shows them, and of registering
 * mediated device types that have one; with a driver made up by each test.
 */
#include <kunit/test.h>
#include <linux/mdev.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/vfio_profile.h>

#include "spec.h"

#define NAME "profile_kunit"
#define HEAD "x-v1;api=vfio-pci;type=t-1;"

/* What the driver says; one test runs at a time. */
static struct {
	const char *spec;
	int describe_errno;
	int check_errno;
} said;

static int kunit_describe(struct mdev_type *type, struct device *dev,
			  u32 series, struct vp_profile *profile)
{
	vp_spec(profile, said.spec, dev);
	return said.describe_errno;
}

static int kunit_check(struct mdev_type *type, struct device *dev,
		       const struct vp_profile *source)
{
	return said.check_errno;
}

static const struct vfio_profile_ops ops = { .describe = kunit_describe };
static const struct vfio_profile_ops ops_check = {
	.describe = kunit_describe,
	.check = kunit_check,
};

static const struct vfio_profile_ops ops_none = {};

struct context {
	struct platform_device *pdev;
	struct vfio_profile_id id;
	char *page;
};

static int context_init(struct kunit *test)
{
	struct context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx->page);
	ctx->pdev = platform_device_register_simple(NAME, PLATFORM_DEVID_AUTO,
						    NULL, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->pdev));
	ctx->id.parent = &ctx->pdev->dev;
	ctx->id.driver = "kunit";
	ctx->id.api = "vfio-pci";
	ctx->id.name = "t-1";
	ctx->id.ops = &ops;
	memset(&said, 0, sizeof(said));
	said.spec = "version 1.1.0;add mode x";
	return 0;
}

static void context_exit(struct kunit *test)
{
	struct context *ctx = test->priv;

	if (ctx && !IS_ERR_OR_NULL(ctx->pdev))
		platform_device_unregister(ctx->pdev);
}

/* ---- vfio_profile_create() and what it makes ---- */

static void create_ok(struct kunit *test)
{
	struct context *ctx = test->priv;
	struct vfio_profile *profile = vfio_profile_create(&ctx->id);
	struct attribute attr = {};
	unsigned int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(profile));
	KUNIT_EXPECT_EQ(test, 7u, vfio_profile_nr_attrs(profile));
	for (i = 0; i < vfio_profile_nr_attrs(profile); i++) {
		ssize_t n = vfio_profile_show(profile, i, ctx->page);

		vfio_profile_init_attr(profile, i, &attr);
		KUNIT_EXPECT_LT(test, 0, (int)n);
		KUNIT_EXPECT_EQ(test, '\n', ctx->page[n - 1]);
		KUNIT_EXPECT_EQ(test, (umode_t)attr.mode,
				strcmp(attr.name, "migration_version") ? 0444 :
									 0644);
	}
	vfio_profile_free(profile);
}

static void create_refused(struct kunit *test)
{
	static const struct {
		const char *spec;
		int error;
	} cases[] = {
		{ "version 1.0", -EINVAL },
		{ "add mode x", -ENODATA },
		{ "version 1.0.0;add type x", -EEXIST },
		{ "version 1.0.0;add mode x,y", -EINVAL },
		{ "version 1.0.0;list mode x,x", -EEXIST },
		{ "version 1.0.0;list mode ", -ENODATA },
		{ "version 1.1.0;accept 1.0", -ERANGE },
		{ "version 1.0.0;vendor x", -EINVAL },
	};
	struct context *ctx = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		said.spec = cases[i].spec;
		KUNIT_EXPECT_EQ_MSG(test, cases[i].error,
				    (int)PTR_ERR(vfio_profile_create(&ctx->id)),
				    "%s", cases[i].spec);
	}
}

static void create_errno_of_describe(struct kunit *test)
{
	struct context *ctx = test->priv;

	said.describe_errno = -ENOMEM;
	KUNIT_EXPECT_EQ(test, -ENOMEM,
			(int)PTR_ERR(vfio_profile_create(&ctx->id)));
	said.describe_errno = 1;
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(int)PTR_ERR(vfio_profile_create(&ctx->id)));
	said.describe_errno = -EOPNOTSUPP;
	KUNIT_EXPECT_NULL(test, vfio_profile_create(&ctx->id));
	ctx->id.ops = &ops_none;
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(int)PTR_ERR(vfio_profile_create(&ctx->id)));
}

/* ---- the handshake ---- */

static int store(struct context *ctx, const struct vfio_profile *profile,
		 struct device *dev, const char *line)
{
	ssize_t ret = vfio_profile_store_line(&ctx->id, profile, dev, line,
					      strlen(line));

	return ret == (ssize_t)strlen(line) ? 0 : ret;
}

static void store_to_a_type(struct kunit *test)
{
	struct context *ctx = test->priv;
	struct vfio_profile *profile = vfio_profile_create(&ctx->id);

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(profile));
	KUNIT_EXPECT_EQ(test, 0,
			store(ctx, profile, NULL, HEAD "sw=1.0.0;end\n"));
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			store(ctx, profile, NULL, HEAD "sw=1.2.0;end\n"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			store(ctx, profile, NULL, HEAD "sw=1.0.0;en"));
	KUNIT_EXPECT_EQ(test, -EINVAL, store(ctx, profile, NULL, ""));
	vfio_profile_free(profile);
}

/* Any device does: what it needs comes from describe(). */
static void store_to_an_instance(struct kunit *test)
{
	struct context *ctx = test->priv;
	struct device *dev = &ctx->pdev->dev;
	struct vfio_profile *profile;

	said.spec = "version 1.1.0;add mode x;resource fps 60";
	profile = vfio_profile_create(&ctx->id);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(profile));
	KUNIT_EXPECT_STREQ(test, "fps", vfio_profile_resource(profile, 0));
	KUNIT_EXPECT_NULL(test, vfio_profile_resource(profile, 1));
	KUNIT_EXPECT_EQ(test, 0,
			store(ctx, profile, dev, HEAD "sw=1.1.0;r.fps=60;end"));
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			store(ctx, profile, dev, HEAD "sw=1.1.0;r.fps=6;end"));
	KUNIT_EXPECT_EQ(test, -ENODATA,
			store(ctx, profile, dev, HEAD "sw=1.1.0;r.fps;end"));
	said.describe_errno = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			store(ctx, profile, dev, HEAD "sw=1.1.0;end"));
	vfio_profile_free(profile);
}

static const char instance_line[] =
	"kunit-v1;api=vfio-pci;type=t-1;sw=1.1.0;f.mode=x;end\n";

static void show_an_instance(struct kunit *test)
{
	struct context *ctx = test->priv;
	struct device *dev = &ctx->pdev->dev;
	struct vfio_profile *profile = vfio_profile_create(&ctx->id);
	ssize_t n;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(profile));
	n = vfio_profile_show_line(&ctx->id, profile, dev, ctx->page);
	KUNIT_ASSERT_LT(test, 0, (int)n);
	ctx->page[n] = '\0';
	KUNIT_EXPECT_STREQ(test, ctx->page, instance_line);
	/* what is not its type's, or not valid, is not shown */
	said.spec = "version 1.0.0;add mode x";
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)vfio_profile_show_line(&ctx->id, profile, dev,
						    ctx->page));
	said.spec = "version 1.1.0;add other x";
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)vfio_profile_show_line(&ctx->id, profile, dev,
						    ctx->page));
	said.spec = "version 1.1.0;add mode x y";
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)vfio_profile_show_line(&ctx->id, profile, dev,
						    ctx->page));
	vfio_profile_free(profile);
}

static void check_is_asked(struct kunit *test)
{
	static const struct {
		int said, wanted;
	} cases[] = {
		{ 0, 0 },
		{ -EMEDIUMTYPE, -EMEDIUMTYPE },
		{ -EOPNOTSUPP, -EOPNOTSUPP },
		{ -ENODEV, -ENODEV },
		{ -ENOMEM, -ENOMEM },
		{ -EINTR, -EINTR },
		/* in a write these mean something else */
		{ -EINVAL, -EOPNOTSUPP },
		{ -ENODATA, -EOPNOTSUPP },
		{ -EPROBE_DEFER, -EOPNOTSUPP },
		{ 1, -EOPNOTSUPP },
	};
	struct context *ctx = test->priv;
	struct vfio_profile *profile;
	unsigned int i;

	ctx->id.ops = &ops_check;
	profile = vfio_profile_create(&ctx->id);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(profile));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		said.check_errno = cases[i].said;
		KUNIT_EXPECT_EQ(test, cases[i].wanted,
				store(ctx, profile, NULL, HEAD "sw=1.0.0;end"));
		/* a rule that fails is certain, whatever check() says */
		KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
				store(ctx, profile, NULL, HEAD "sw=2.0.0;end"));
	}
	vfio_profile_free(profile);
}

static void errno_of_an_instance(struct kunit *test)
{
	static const struct {
		int said, wanted;
	} cases[] = {
		{ -EOPNOTSUPP, -EOPNOTSUPP },
		{ -ENODEV, -ENODEV },
		{ -EMEDIUMTYPE, -EOPNOTSUPP },
		{ -EINVAL, -EOPNOTSUPP },
		{ 1, -EOPNOTSUPP },
	};
	struct context *ctx = test->priv;
	struct device *dev = &ctx->pdev->dev;
	struct vfio_profile *profile = vfio_profile_create(&ctx->id);
	unsigned int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(profile));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		said.describe_errno = cases[i].said;
		KUNIT_EXPECT_EQ(test, cases[i].wanted,
				store(ctx, profile, dev, HEAD "sw=1.0.0;end"));
		KUNIT_EXPECT_EQ(test, cases[i].wanted,
				(int)vfio_profile_show_line(&ctx->id, profile,
							    dev, ctx->page));
	}
	vfio_profile_free(profile);
}

/* ---- registering mediated device types ---- */

#if IS_ENABLED(CONFIG_VFIO_MDEV_PROFILE) && IS_REACHABLE(CONFIG_VFIO_MDEV)
static struct mdev_driver driver = {
	.device_api = "vfio-pci",
	.driver = {
		.name = NAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

struct registration {
	struct mdev_parent parent;
	struct mdev_type type[2];
	struct mdev_type *list[2];
};

static int register_types(struct kunit *test, struct registration **reg)
{
	struct context *ctx = test->priv;
	struct registration *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, r);
	r->type[0].sysfs_name = "1";
	r->type[1].sysfs_name = "2";
	r->list[0] = &r->type[0];
	r->list[1] = &r->type[1];
	*reg = r;
	return mdev_register_parent(&r->parent, &ctx->pdev->dev, &driver,
				    r->list, 2);
}

static bool has_file(struct kobject *kobj, const char *name)
{
	struct kernfs_node *kn = sysfs_get_dirent(kobj->sd, name);

	sysfs_put(kn);
	return kn;
}

static void mdev_participates(struct kunit *test)
{
	struct registration *reg;

	driver.profile_ops = &ops;
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	KUNIT_EXPECT_TRUE(test, has_file(&reg->type[1].kobj, "create"));
	KUNIT_EXPECT_TRUE(test,
			  has_file(&reg->type[1].kobj, "compatible_mode"));
	mdev_unregister_parent(&reg->parent);
	KUNIT_EXPECT_NULL(test, reg->type[1].profile);
}

static bool group_has(const struct attribute_group *group, const char *name)
{
	int i;

	for (i = 0; group->attrs[i]; i++)
		if (!strcmp(group->attrs[i]->name, name))
			return true;
	return false;
}

/* sysfs adds groups in their order: create comes after what it promises. */
static void mdev_create_comes_last(struct kunit *test)
{
	const struct attribute_group **groups;
	struct registration *reg;

	driver.profile_ops = &ops;
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	groups = reg->type[0].kobj.ktype->default_groups;
	KUNIT_EXPECT_TRUE(test, group_has(groups[0], "software_version"));
	KUNIT_EXPECT_TRUE(test, group_has(groups[1], "create"));
	KUNIT_EXPECT_NULL(test, groups[2]);
	mdev_unregister_parent(&reg->parent);
}

static void mdev_does_not(struct kunit *test)
{
	struct registration *reg;

	driver.profile_ops = NULL;
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	KUNIT_EXPECT_TRUE(test, has_file(&reg->type[0].kobj, "create"));
	KUNIT_EXPECT_FALSE(test,
			   has_file(&reg->type[0].kobj, "software_version"));
	mdev_unregister_parent(&reg->parent);
	driver.profile_ops = &ops;
	said.describe_errno = -EOPNOTSUPP;
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	KUNIT_EXPECT_FALSE(test,
			   has_file(&reg->type[0].kobj, "software_version"));
	mdev_unregister_parent(&reg->parent);
}

static void mdev_refused(struct kunit *test)
{
	struct context *ctx = test->priv;
	struct registration *reg;

	driver.profile_ops = &ops;
	said.spec = "version 1.0.0;add create x";
	KUNIT_EXPECT_EQ(test, -EEXIST, register_types(test, &reg));
	KUNIT_EXPECT_FALSE(test, has_file(&ctx->pdev->dev.kobj,
					  "mdev_supported_types"));
	said.spec = "version 1.0.0";
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	mdev_unregister_parent(&reg->parent);
}

static int mdev_suite_init(struct kunit_suite *suite)
{
	return mdev_register_driver(&driver);
}

static void mdev_suite_exit(struct kunit_suite *suite)
{
	mdev_unregister_driver(&driver);
}

static struct kunit_case mdev_cases[] = {
	KUNIT_CASE(mdev_participates),
	KUNIT_CASE(mdev_create_comes_last),
	KUNIT_CASE(mdev_does_not),
	KUNIT_CASE(mdev_refused),
	{}
};

static struct kunit_suite mdev_suite = {
	.name = "vfio_profile_mdev",
	.suite_init = mdev_suite_init,
	.suite_exit = mdev_suite_exit,
	.init = context_init,
	.exit = context_exit,
	.test_cases = mdev_cases,
};

kunit_test_suite(mdev_suite);
#endif

static struct kunit_case core_cases[] = {
	KUNIT_CASE(create_ok),
	KUNIT_CASE(create_refused),
	KUNIT_CASE(create_errno_of_describe),
	KUNIT_CASE(store_to_a_type),
	KUNIT_CASE(store_to_an_instance),
	KUNIT_CASE(show_an_instance),
	KUNIT_CASE(check_is_asked),
	KUNIT_CASE(errno_of_an_instance),
	{}
};

static struct kunit_suite core_suite = {
	.name = "vfio_profile_core",
	.init = context_init,
	.exit = context_exit,
	.test_cases = core_cases,
};

kunit_test_suite(core_suite);
