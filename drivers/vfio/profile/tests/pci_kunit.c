// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of PCI functions with a profile: what their nodes show, what is
 * refused, what changes, and who waits for whom.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "pci_kunit.h"

#define LINE "kunit-vf-v1;api=vfio-pci;type=vf-1;sw="

static void expect_read(struct kunit *test, struct pci_context *ctx,
			const char *name, const char *text)
{
	KUNIT_EXPECT_EQ_MSG(test, 0, pci_read(ctx, name), "%s", name);
	KUNIT_EXPECT_STREQ(test, ctx->page, text);
}

/* ---- the node ---- */

static void node_shows_both_parts(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);

	expect_read(test, ctx, "device_api", "vfio-pci\n");
	expect_read(test, ctx, "migration_type", "vf-1\n");
	expect_read(test, ctx, "software_version", "1.1.3\n");
	expect_read(test, ctx, "compatible_software_version", "1.0,1.1\n");
	expect_read(test, ctx, "emitted_software_version", "1.0,1.1\n");
	expect_read(test, ctx, "compatible_type", "vf-1\n");
	expect_read(test, ctx, "compatible_mode", "x,y\n");
	expect_read(test, ctx, "dynamic_resources", "fps\n");
	expect_read(test, ctx, "migration_version",
		    LINE "1.1.3;f.mode=x,y;r.fps=60;end\n");
}

static void node_modes(struct kunit *test)
{
	struct pci_context *ctx = test->priv;
	unsigned int i, pass;
	umode_t mode = 0;

	for (pass = 0; pass < 2; pass++) {
		pci_said.ops = pass ? &pci_ops_fixed : &pci_ops;
		pci_said.spec = "version 1.1.0;add mode x";
		pci_function(test);
		for (i = 0; i < PCI_FILES; i++) {
			bool rw = !strcmp(pci_files[i], "migration_version") ||
				  (!pass && !strcmp(pci_files[i], "software_version"));

			KUNIT_EXPECT_NOT_NULL(test,
					      pci_attr(ctx, pci_files[i], &mode));
			KUNIT_EXPECT_EQ_MSG(test, (int)mode, rw ? 0644 : 0444,
					    "%s", pci_files[i]);
		}
		KUNIT_EXPECT_EQ(test, pass ? -EACCES : -EINVAL,
				pci_write(ctx, "software_version", "7"));
		device_release_driver(&ctx->pdev->dev);
		KUNIT_EXPECT_EQ(test, 0, pci_files_there(ctx));
		pci_remove(ctx);
	}
}

static void node_with_a_pin(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);

	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			pci_write(ctx, "migration_version",
				  LINE "1.1.0;f.mode=y;r.fps=6;end"));
	KUNIT_EXPECT_EQ(test, 0,
			pci_write(ctx, "migration_version",
				  LINE "1.1.0;f.mode=y;r.fps=60;end\n"));
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "software_version", "1.0\n"));
	KUNIT_EXPECT_EQ(test, vp_series(1, 0), pci_said.series);
	expect_read(test, ctx, "software_version", "1.0.7\n");
	expect_read(test, ctx, "migration_version", LINE "1.0.7;f.mode=x;end\n");
	expect_read(test, ctx, "compatible_software_version", "1.0\n");
	expect_read(test, ctx, "emitted_software_version", "1.0,1.1\n");
	expect_read(test, ctx, "compatible_mode", "x,y\n");
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			pci_write(ctx, "migration_version",
				  LINE "1.1.0;f.mode=y;end"));
	KUNIT_EXPECT_EQ(test, 0,
			pci_write(ctx, "migration_version",
				  LINE "1.0.0;f.mode=y;end"));
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "software_version", "1.1"));
	expect_read(test, ctx, "compatible_software_version", "1.0,1.1\n");
}

/* It emits for an older host what it does not take itself. */
static void node_that_accepts_nothing(struct kunit *test)
{
	struct pci_context *ctx = test->priv;

	pci_said.spec = "version 1.1.0;emit 1.0;emit 1.1;accept 1.1;list mode x,y";
	pci_function(test);
	expect_read(test, ctx, "compatible_software_version", "1.1\n");
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "software_version", "1.0"));
	expect_read(test, ctx, "compatible_software_version", "\n");
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			pci_write(ctx, "migration_version",
				  LINE "1.0.0;f.mode=x;end"));
}

static void node_is_told_which_function(struct kunit *test)
{
	struct pci_context *ctx = test->priv;

	pci_said.ops = &pci_ops_bdf;
	pci_said.spec = "version 1.0.0";
	ctx->name = "0000-3b-00.1";
	pci_function(test);
	expect_read(test, ctx, "compatible_bdf", "0000-3b-00.1\n");
	expect_read(test, ctx, "migration_version",
		    LINE "1.0.0;f.bdf=0000-3b-00.1;end\n");
}

static void node_asks_check(struct kunit *test)
{
	struct pci_context *ctx = test->priv;

	pci_said.ops = &pci_ops_check;
	pci_said.spec = "version 1.0.0;vendor good";
	pci_function(test);
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "migration_version",
					   LINE "1.0.0;vendor=good;end"));
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			pci_write(ctx, "migration_version",
				  LINE "1.0.0;vendor=bad;end"));
}

/* Unable as a source, as a disk is that is in use: the lists stay. */
static void node_unable_now(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);

	pci_said.describe_errno = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pci_read(ctx, "migration_version"));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pci_read(ctx, "software_version"));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			pci_write(ctx, "migration_version",
				  LINE "1.0.0;f.mode=x;end"));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			pci_write(ctx, "software_version", "1.0"));
	expect_read(test, ctx, "compatible_mode", "x,y\n");
	pci_said.describe_errno = 0;
	KUNIT_EXPECT_EQ(test, 0, pci_read(ctx, "migration_version"));
}

/* ---- registering ---- */

/* Probing fails with @error, and nothing is left of it. */
static void expect_refused(struct kunit *test, int error, const char *what)
{
	struct pci_context *ctx = pci_function(test);
	size_t size;

	KUNIT_EXPECT_EQ_MSG(test, error, pci_said.probed, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, 0, pci_files_there(ctx), "%s", what);
	KUNIT_EXPECT_EQ(test, -ENODEV, vfio_pci_profile_store_begin(ctx->pdev));
	KUNIT_EXPECT_EQ(test, -ENODEV, vfio_pci_profile_changed(ctx->pdev));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			PTR_ERR(vfio_pci_profile_header(ctx->pdev, &size)));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			PTR_ERR(vfio_pci_profile_resume(ctx->pdev, NULL)));
	vfio_pci_profile_unregister(ctx->pdev);
	pci_remove(ctx);
}

static void register_refused(struct kunit *test)
{
	static const struct {
		const char *spec;
		int error;
	} cases[] = {
		{ "version 1.0", -EINVAL },
		{ "add mode x", -ENODATA },
		{ "version 1.0.0;add mode", -ENODATA },
		{ "version 1.0.0;add vendor x", -EEXIST },
		{ "version 1.0.0;accept 0.9", -ERANGE },
		{ "version 1.0.0;vendor x", -EINVAL },
		/* the driver has an attribute of that name */
		{ "version 1.0.0;add taken x", -EEXIST },
		/* all functions have it, whoever drives them */
		{ "version 1.0.0;resource enable 1", -EEXIST },
		{ "version 1.0.0;resource resource0 1", -EEXIST },
		{ "version 1.0.0;resource driver_override 1", -EEXIST },
		/* no file, and one that cannot be written to */
		{ "version 1.0.0;resource nothing 1", -ENXIO },
		{ "version 1.0.0;resource fixed 1", -ENXIO },
		{ "version 1.0.0;resource power 1", -EEXIST },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		pci_said.spec = cases[i].spec;
		expect_refused(test, cases[i].error, cases[i].spec);
	}
}

static void register_refuses_types(struct kunit *test)
{
	static const char *const bad[] = { "", "a b", "a,b", "a;b", "a=b", "a%" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		pci_said.type_id = bad[i];
		expect_refused(test, -EINVAL, bad[i]);
	}
}

static void register_passes_errors_on(struct kunit *test)
{
	pci_said.accepts_errno = -EIO;
	expect_refused(test, -EIO, "describe()");
	pci_said.ops = &pci_ops_bdf;
	expect_refused(test, -EIO, "accepts()");
	pci_said.ops = &pci_ops_none;
	expect_refused(test, -EINVAL, "no describe()");
	pci_said.ops = &pci_ops_fixed;
	pci_said.accepts_errno = 0;
	expect_refused(test, -EINVAL, "two series, no set_version()");
}

static void register_twice(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);

	KUNIT_EXPECT_EQ(test, -EEXIST,
			vfio_pci_profile_register(ctx->pdev, "vf-1", &pci_ops));
	pci_said.accepts_errno = -EOPNOTSUPP; /* so no file is in the way */
	KUNIT_EXPECT_EQ(test, -EEXIST,
			vfio_pci_profile_register(ctx->pdev, "vf-1", &pci_ops));
	KUNIT_EXPECT_EQ(test, PCI_FILES, pci_files_there(ctx));
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "fps", "1"));
}

/* A driver whose functions cannot all migrate. */
static void register_without_interface(struct kunit *test)
{
	struct pci_context *ctx = test->priv;
	size_t size;

	pci_said.accepts_errno = -EOPNOTSUPP;
	pci_function(test);
	KUNIT_EXPECT_EQ(test, 0, pci_said.probed);
	KUNIT_EXPECT_EQ(test, 0, pci_files_there(ctx));
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "fps", "1"));
	KUNIT_EXPECT_EQ(test, 0, vfio_pci_profile_changed(ctx->pdev));
	vfio_pci_profile_opened(ctx->pdev);
	vfio_pci_profile_closed(ctx->pdev);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			PTR_ERR(vfio_pci_profile_header(ctx->pdev, &size)));
}

/* ---- changes, and being open ---- */

static void changed_shows(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);

	pci_said.spec = "version 1.1.4;emit 1.0;emit 1.1;list mode x,y,z;resource fps 60";
	expect_read(test, ctx, "compatible_mode", "x,y\n");
	KUNIT_EXPECT_EQ(test, 0, vfio_pci_profile_changed(ctx->pdev));
	expect_read(test, ctx, "compatible_mode", "x,y,z\n");
	expect_read(test, ctx, "software_version", "1.1.4\n");
}

static void changed_fails_closed(struct kunit *test)
{
	static const struct {
		const char *spec;
		int accepts, error;
	} cases[] = {
		{ NOW, -EOPNOTSUPP, 0 },
		{ "version 1.1.3;list mode x, y", 0, -EINVAL },
		{ "version 1.1.3;list mode x,y", 0, -EINVAL },
		{ NOW ";add more x", 0, -EINVAL },
		{ NOW, -EIO, -EIO },
	};
	struct pci_context *ctx = pci_function(test);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		pci_said.spec = cases[i].spec;
		pci_said.accepts_errno = cases[i].accepts;
		KUNIT_EXPECT_EQ(test, cases[i].error,
				vfio_pci_profile_changed(ctx->pdev));
		for (j = 2; j < PCI_FILES; j++)
			KUNIT_EXPECT_EQ_MSG(test, -EOPNOTSUPP,
					    pci_read(ctx, pci_files[j]), "%s: %s",
					    cases[i].spec, pci_files[j]);
	}
	pci_said.spec = NOW;
	pci_said.accepts_errno = 0;
	KUNIT_EXPECT_EQ(test, 0, vfio_pci_profile_changed(ctx->pdev));
	expect_read(test, ctx, "compatible_mode", "x,y\n");
}

static void changed_takes_a_pin_away(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);

	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "software_version", "1.0"));
	pci_said.spec = "version 1.1.4;list mode x,y;resource fps 60";
	KUNIT_EXPECT_EQ(test, 0, vfio_pci_profile_changed(ctx->pdev));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pci_read(ctx, "migration_version"));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			pci_read(ctx, "compatible_software_version"));
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "software_version", "1.1"));
	expect_read(test, ctx, "compatible_software_version", "1.0,1.1\n");
}

static void open_keeps(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);

	vfio_pci_profile_opened(ctx->pdev);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			pci_write(ctx, "software_version", "1.0"));
	KUNIT_EXPECT_EQ(test, -EBUSY, pci_write(ctx, "fps", "1"));
	KUNIT_EXPECT_EQ(test, 0, pci_read(ctx, "migration_version"));
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "migration_version",
					   LINE "1.0.0;f.mode=x;end"));
	vfio_pci_profile_closed(ctx->pdev);
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "fps", "1"));
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "software_version", "1.0"));
}

static void stream_passes(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);
	struct vfio_profile_stream *s;
	size_t size = 0;
	char *header;

	header = vfio_pci_profile_header(ctx->pdev, &size);
	KUNIT_ASSERT_FALSE(test, IS_ERR(header));
	s = vfio_pci_profile_resume(ctx->pdev, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	KUNIT_EXPECT_EQ(test, (ssize_t)size,
			vfio_profile_stream_feed(s, header, size));
	KUNIT_EXPECT_EQ(test, 0, vfio_profile_stream_done(s));
	KUNIT_EXPECT_EQ(test, vp_series(1, 1), vfio_profile_stream_series(s));
	vfio_profile_stream_free(s);

	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "software_version", "1.0"));
	s = vfio_pci_profile_resume(ctx->pdev, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	KUNIT_EXPECT_EQ(test, (ssize_t)-EMEDIUMTYPE,
			vfio_profile_stream_feed(s, header, size));
	vfio_profile_stream_free(s);
	kfree(header);
}

/* ---- unregistering waits ---- */

static int store_slowly(void *data)
{
	struct pci_context *ctx = data;

	ctx->began = vfio_pci_profile_store_begin(ctx->pdev);
	complete(&ctx->inside);
	msleep(50);
	WRITE_ONCE(ctx->ended, true);
	if (!ctx->began)
		vfio_pci_profile_store_end(ctx->pdev);
	complete(&ctx->done);
	return 0;
}

static struct pci_context *slow;

static void describe_slowly(void)
{
	pci_said.describing = NULL;
	complete(&slow->inside);
	msleep(50);
	WRITE_ONCE(slow->ended, true);
}

static int change_slowly(void *data)
{
	struct pci_context *ctx = data;

	ctx->began = vfio_pci_profile_changed(ctx->pdev);
	complete(&ctx->done);
	return 0;
}

/* The driver goes, under the device lock, while @fn uses the function. */
static void unbind_during(struct kunit *test, int (*fn)(void *data))
{
	struct pci_context *ctx = test->priv;
	struct task_struct *task;

	init_completion(&ctx->inside);
	init_completion(&ctx->done);
	task = kthread_run(fn, ctx, "vfio_pci_kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	wait_for_completion(&ctx->inside);
	device_release_driver(&ctx->pdev->dev);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(ctx->ended));
	wait_for_completion(&ctx->done);
	KUNIT_EXPECT_EQ(test, 0, ctx->began);
	KUNIT_EXPECT_EQ(test, 0, pci_files_there(ctx));
	KUNIT_EXPECT_EQ(test, -ENODEV, vfio_pci_profile_changed(ctx->pdev));
	KUNIT_EXPECT_EQ(test, -ENODEV, vfio_pci_profile_store_begin(ctx->pdev));
}

static void unregister_waits_for_stores(struct kunit *test)
{
	pci_function(test);
	unbind_during(test, store_slowly);
}

static void unregister_waits_for_changes(struct kunit *test)
{
	slow = pci_function(test);
	pci_said.describing = describe_slowly;
	unbind_during(test, change_slowly);
}

static void many_functions(struct kunit *test)
{
	struct pci_context *ctx = pci_function(test);
	struct pci_dev *pdev[100];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pdev); i++) {
		char name[16];

		snprintf(name, sizeof(name), "0000:3c:00.%u", i);
		pdev[i] = pci_alloc(name);
		KUNIT_ASSERT_NOT_NULL(test, pdev[i]);
		KUNIT_ASSERT_EQ(test, 0, device_add(&pdev[i]->dev));
	}
	vfio_pci_profile_opened(pdev[7]);
	for (i = 0; i < ARRAY_SIZE(pdev); i++) {
		int ret = vfio_pci_profile_store_begin(pdev[i]);

		KUNIT_EXPECT_EQ(test, i == 7 ? -EBUSY : 0, ret);
		if (!ret)
			vfio_pci_profile_store_end(pdev[i]);
	}
	vfio_pci_profile_closed(pdev[7]);
	for (i = 0; i < ARRAY_SIZE(pdev); i++)
		device_unregister(&pdev[i]->dev);
	KUNIT_EXPECT_EQ(test, 0, pci_write(ctx, "fps", "1"));
}

static struct kunit_case node_cases[] = {
	KUNIT_CASE(node_shows_both_parts),
	KUNIT_CASE(node_modes),
	KUNIT_CASE(node_with_a_pin),
	KUNIT_CASE(node_that_accepts_nothing),
	KUNIT_CASE(node_is_told_which_function),
	KUNIT_CASE(node_asks_check),
	KUNIT_CASE(node_unable_now),
	KUNIT_CASE(register_refused),
	KUNIT_CASE(register_refuses_types),
	KUNIT_CASE(register_passes_errors_on),
	KUNIT_CASE(register_twice),
	KUNIT_CASE(register_without_interface),
	KUNIT_CASE(changed_shows),
	KUNIT_CASE(changed_fails_closed),
	KUNIT_CASE(changed_takes_a_pin_away),
	KUNIT_CASE(open_keeps),
	KUNIT_CASE(stream_passes),
	KUNIT_CASE(unregister_waits_for_stores),
	KUNIT_CASE(unregister_waits_for_changes),
	KUNIT_CASE(many_functions),
	{}
};

static struct kunit_suite node_suite = {
	.name = "vfio_pci_profile",
	.suite_init = pci_suite_init,
	.suite_exit = pci_suite_exit,
	.init = pci_function_init,
	.exit = pci_function_exit,
	.test_cases = node_cases,
};

kunit_test_suite(node_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of device profiles of PCI functions");
