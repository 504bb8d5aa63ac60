// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of profiles as the core makes and shows them, and of registering
 * mediated device types that have one.
 */
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "profile_kunit.h"
#include "spec.h"

#define NAME "profile_kunit"

struct profile_said said;

static int kunit_describe(struct mdev_type *type, struct device *dev,
			  u32 series, struct vp_profile *profile)
{
	const char *spec = said.spec;

	if (series == vp_series(1, 0) && said.old_spec)
		spec = said.old_spec;
	vp_spec(profile, spec, dev);
	return said.describe_errno;
}

static int kunit_set_version(struct mdev_type *type, struct device *dev,
			     u32 series)
{
	if (!said.set_errno)
		said.series = series;
	return said.set_errno;
}

static int kunit_check(struct mdev_type *type, struct device *dev,
		       const struct vp_profile *source)
{
	const char *line = said.line;

	said.line = NULL;
	if (line)
		said.answer = context_store(said.asker, false, line);
	return said.check_errno;
}

const struct vfio_profile_ops profile_ops = {
	.describe = kunit_describe,
	.set_version = kunit_set_version,
};

const struct vfio_profile_ops profile_ops_check = {
	.describe = kunit_describe,
	.set_version = kunit_set_version,
	.check = kunit_check,
};

static const struct vfio_profile_ops ops_none = {};

int context_init(struct kunit *test)
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
	ctx->id.ops = &profile_ops;
	memset(&said, 0, sizeof(said));
	said.spec = "version 1.1.0;add mode x";
	return 0;
}

void context_exit(struct kunit *test)
{
	struct context *ctx = test->priv;

	if (!ctx)
		return;
	vfio_profile_instance_free(ctx->inst);
	vfio_profile_free(ctx->profile);
	if (!IS_ERR_OR_NULL(ctx->pdev))
		platform_device_unregister(ctx->pdev);
}

struct context *context_profile(struct kunit *test, const char *spec,
				const char *old_spec)
{
	struct context *ctx = test->priv;

	said.spec = spec;
	said.old_spec = old_spec;
	ctx->profile = vfio_profile_create(&ctx->id);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(ctx->profile));
	ctx->inst = vfio_profile_instance_create(ctx->profile, &ctx->pdev->dev);
	KUNIT_ASSERT_NOT_NULL(test, ctx->inst);
	return ctx;
}

int context_store(struct context *ctx, bool instance, const char *line)
{
	ssize_t ret = vfio_profile_store_line(ctx->profile,
					      instance ? ctx->inst : NULL, line,
					      strlen(line));

	return ret == (ssize_t)strlen(line) ? 0 : ret;
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

	driver.profile_ops = &profile_ops;
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

	driver.profile_ops = &profile_ops;
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
	driver.profile_ops = &profile_ops;
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

	driver.profile_ops = &profile_ops;
	said.spec = "version 1.0.0;add create x";
	KUNIT_EXPECT_EQ(test, -EEXIST, register_types(test, &reg));
	KUNIT_EXPECT_FALSE(test, has_file(&ctx->pdev->dev.kobj,
					  "mdev_supported_types"));
	said.spec = "version 1.0.0";
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	mdev_unregister_parent(&reg->parent);
}

/* An mdev that was not created by the core, as mdev_profile.c sees it. */
static void mdev_without_a_profile(struct kunit *test)
{
	struct mdev_device *mdev = kunit_kzalloc(test, sizeof(*mdev),
						 GFP_KERNEL);
	size_t size;

	KUNIT_ASSERT_NOT_NULL(test, mdev);
	mdev_profile_opened(mdev);
	KUNIT_EXPECT_EQ(test, 0, mdev_profile_store_begin(mdev));
	mdev_profile_store_end(mdev);
	mdev_profile_closed(mdev);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)PTR_ERR(mdev_profile_header(mdev, &size)));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)PTR_ERR(mdev_profile_resume(mdev, NULL)));
}

static void mdev_changes(struct kunit *test)
{
	struct registration *reg;

	driver.profile_ops = &profile_ops;
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	KUNIT_EXPECT_EQ(test, 0, mdev_profile_changed(&reg->parent));
	said.spec = "version 1.1";
	KUNIT_EXPECT_EQ(test, -EINVAL, mdev_profile_changed(&reg->parent));
	said.spec = "version 1.2.0;add mode y";
	KUNIT_EXPECT_EQ(test, 0, mdev_profile_changed(&reg->parent));
	mdev_unregister_parent(&reg->parent);
	KUNIT_EXPECT_EQ(test, -ENODEV, mdev_profile_changed(&reg->parent));
	driver.profile_ops = NULL;
	KUNIT_ASSERT_EQ(test, 0, register_types(test, &reg));
	KUNIT_EXPECT_EQ(test, 0, mdev_profile_changed(&reg->parent));
	down_write(&reg->parent.unreg_sem);
	KUNIT_EXPECT_EQ(test, -ENODEV, mdev_profile_changed(&reg->parent));
	up_write(&reg->parent.unreg_sem);
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
	KUNIT_CASE(mdev_without_a_profile),
	KUNIT_CASE(mdev_changes),
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

/* ---- asking again ---- */

static int read_mode(struct context *ctx)
{
	ssize_t n = vfio_profile_show(ctx->profile, 6, ctx->page);

	if (n >= 0)
		ctx->page[n] = '\0';
	return n;
}

static void refresh_shows_what_is_new(struct kunit *test)
{
	struct context *ctx = context_profile(test, "version 1.1.0;add mode x",
					      NULL);
	struct attribute attr = {};

	vfio_profile_init_attr(ctx->profile, 6, &attr);
	KUNIT_EXPECT_STREQ(test, attr.name, "compatible_mode");
	KUNIT_EXPECT_EQ(test, 2, read_mode(ctx));
	said.spec = "version 1.2.0;list mode x,y";
	KUNIT_EXPECT_EQ(test, 0, vfio_profile_refresh(ctx->profile));
	KUNIT_EXPECT_EQ(test, 4, read_mode(ctx));
	KUNIT_EXPECT_STREQ(test, ctx->page, "x,y\n");
	KUNIT_EXPECT_EQ(test, 0, context_store(ctx, false,
					       HEAD "sw=1.2.0;f.mode=y;end"));
}

static void refresh_fails_closed(struct kunit *test)
{
	static const struct {
		const char *spec;
		int describe_errno, wanted;
	} cases[] = {
		{ "version 1.1", 0, -EINVAL },
		{ "version 1.1.0;add mode x y;resource fps", 0, -EINVAL },
		{ "version 1.1.0;resource fps", 0, -EINVAL },
		{ "version 1.1.0;add other x;resource fps", 0, -EINVAL },
		{ "version 1.1.0;add mode x;add more x;resource fps", 0,
		  -EINVAL },
		{ "version 1.1.0;add mode x", 0, -EINVAL },
		{ "version 1.1.0;add mode x;resource url", 0, -EINVAL },
		{ "version 1.1.0;add mode x;resource fps;resource url", 0,
		  -EINVAL },
		{ "version 1.1.0;add mode x;resource fps;vendor x", 0,
		  -EINVAL },
		{ "version 1.1.0;add mode x;resource fps", -EIO, -EIO },
		{ "version 1.1.0;add mode x;resource fps", -EOPNOTSUPP, 0 },
	};
	static const char good[] = "version 1.1.0;add mode x;resource fps 60";
	struct context *ctx = context_profile(test, good, NULL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *spec = cases[i].spec;

		said.spec = spec;
		said.describe_errno = cases[i].describe_errno;
		KUNIT_EXPECT_EQ_MSG(test, cases[i].wanted,
				    vfio_profile_refresh(ctx->profile), "%s",
				    spec);
		said.spec = good;
		said.describe_errno = 0;
		KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, read_mode(ctx));
		KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
				context_store(ctx, false, HEAD "sw=1.1.0;end"));
		KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
				context_store(ctx, true, HEAD "sw=1.1.0;end"));
		/* that it is no line is certain */
		KUNIT_EXPECT_EQ(test, -EINVAL, context_store(ctx, false, "x"));
		KUNIT_EXPECT_EQ(test, 0, vfio_profile_refresh(ctx->profile));
		KUNIT_EXPECT_EQ(test, 2, read_mode(ctx));
	}
	KUNIT_EXPECT_STREQ(test, "fps", vfio_profile_resource(ctx->profile, 0));
	KUNIT_EXPECT_NULL(test, vfio_profile_resource(ctx->profile, 1));
}

static struct kunit_case core_cases[] = {
	KUNIT_CASE(create_ok),
	KUNIT_CASE(create_refused),
	KUNIT_CASE(create_errno_of_describe),
	KUNIT_CASE(refresh_shows_what_is_new),
	KUNIT_CASE(refresh_fails_closed),
	{}
};

static struct kunit_suite core_suite = {
	.name = "vfio_profile_core",
	.init = context_init,
	.exit = context_exit,
	.test_cases = core_cases,
};

kunit_test_suite(core_suite);
