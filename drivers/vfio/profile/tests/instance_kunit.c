// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of instances: what they say, what they are pinned to, and the
 * handshake with types and instances.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "profile_kunit.h"

/* Series 1.1 has gained the mode y and the resource fps. */
#define TYPE "version 1.1.3;emit 1.0;emit 1.1;list mode x,y;resource fps 60"
#define OLD "version 1.0.7;add mode x"

/* ---- the handshake ---- */

static void store_to_a_type(struct kunit *test)
{
	struct context *ctx = context_profile(test, "version 1.1.0;add mode x",
					      NULL);

	KUNIT_EXPECT_EQ(test, 0,
			context_store(ctx, false, HEAD "sw=1.0.0;end\n"));
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			context_store(ctx, false, HEAD "sw=1.2.0;end\n"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			context_store(ctx, false, HEAD "sw=1.0.0;en"));
	KUNIT_EXPECT_EQ(test, -EINVAL, context_store(ctx, false, ""));
}

static void store_to_an_instance(struct kunit *test)
{
	static const char spec[] = "version 1.1.0;add mode x;resource fps 60";
	struct context *ctx = context_profile(test, spec, NULL);

	KUNIT_EXPECT_EQ(test, 0,
			context_store(ctx, true, HEAD "sw=1.1.0;r.fps=60;end"));
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			context_store(ctx, true, HEAD "sw=1.1.0;r.fps=6;end"));
	KUNIT_EXPECT_EQ(test, -ENODATA,
			context_store(ctx, true, HEAD "sw=1.1.0;r.fps;end"));
	said.describe_errno = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			context_store(ctx, true, HEAD "sw=1.1.0;end"));
}

/* More rules fail than a line of log holds. */
static void store_with_much_to_say(struct kunit *test)
{
	static const char fields[] =
		"f.a=1;f.b=1;f.c=1;f.d=1;f.e=1;f.g=1;f.h=1;f.i=1;f.j=1;f.k=1;";
	struct context *ctx = context_profile(test, "version 1.1.0", NULL);
	char line[200];

	snprintf(line, sizeof(line), HEAD "sw=2.0.0;%svendor=x;end", fields);
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE, context_store(ctx, false, line));
}

static int show_line(struct context *ctx)
{
	ssize_t n = vfio_profile_show_line(ctx->inst, ctx->page);

	ctx->page[max_t(ssize_t, n, 0)] = '\0';
	return n;
}

static int show_version(struct context *ctx)
{
	ssize_t n = vfio_profile_show_version(ctx->inst, ctx->page);

	ctx->page[max_t(ssize_t, n, 0)] = '\0';
	return n;
}

static void show_an_instance(struct kunit *test)
{
	static const char *const bad[] = {
		"version 1.0.0;add mode x",   /* not its type's series */
		"version 1.1.0;add other x",  /* not its type's field */
		"version 1.1.0;add mode x y", /* not a value */
		"version 1.1.0;add mode x;resource fps 60",
		"version 1.1.0;add mode x;vendor x",
	};
	struct context *ctx = context_profile(test, "version 1.1.0;add mode x",
					      NULL);
	unsigned int i;

	KUNIT_EXPECT_LT(test, 0, show_line(ctx));
	KUNIT_EXPECT_STREQ(test, ctx->page,
			   "kunit-v1;api=vfio-pci;type=t-1;sw=1.1.0;f.mode=x;end\n");
	KUNIT_EXPECT_EQ(test, 6, show_version(ctx));
	KUNIT_EXPECT_STREQ(test, ctx->page, "1.1.0\n");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		said.spec = bad[i];
		KUNIT_EXPECT_EQ_MSG(test, -EOPNOTSUPP, show_line(ctx), "%s",
				    bad[i]);
		KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, show_version(ctx));
	}
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
	unsigned int i;

	ctx->id.ops = &profile_ops_check;
	context_profile(test, "version 1.1.0;add mode x", NULL);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		said.check_errno = cases[i].said;
		KUNIT_EXPECT_EQ(test, cases[i].wanted,
				context_store(ctx, false,
					      HEAD "sw=1.0.0;end"));
		/* a rule that fails is certain, whatever check() says */
		KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
				context_store(ctx, false,
					      HEAD "sw=2.0.0;end"));
	}
}

/* Who asks while another question is being answered gets its own answer. */
static void check_asks_itself(struct kunit *test)
{
	static const struct {
		const char *line;
		int wanted;
	} cases[] = {
		{ HEAD "sw=1.0.0;f.mode=x;vendor=;end", 0 },
		{ HEAD "sw=2.0.0;f.mode=x;vendor=;end", -EMEDIUMTYPE },
		{ HEAD "sw=1.0.0;f.mode=y;vendor=;end", -EMEDIUMTYPE },
		{ HEAD "sw=1.0.0;f.mode=x;vendor=", -EINVAL },
	};
	struct context *ctx = test->priv;
	unsigned int i, j;

	ctx->id.ops = &profile_ops_check;
	context_profile(test, "version 1.1.0;add mode x", NULL);
	said.asker = ctx;
	/* the last one is not asked about */
	for (i = 0; i < ARRAY_SIZE(cases) - 1; i++) {
		for (j = 0; j < ARRAY_SIZE(cases); j++) {
			said.line = cases[j].line;
			KUNIT_EXPECT_EQ(test, cases[i].wanted,
					context_store(ctx, i & 1,
						      cases[i].line));
			KUNIT_EXPECT_NULL(test, said.line);
			KUNIT_EXPECT_EQ(test, cases[j].wanted, said.answer);
		}
	}
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
	struct context *ctx = context_profile(test, "version 1.1.0;add mode x",
					      NULL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		said.describe_errno = cases[i].said;
		KUNIT_EXPECT_EQ(test, cases[i].wanted,
				context_store(ctx, true, HEAD "sw=1.0.0;end"));
		KUNIT_EXPECT_EQ(test, cases[i].wanted, show_line(ctx));
		KUNIT_EXPECT_EQ(test, cases[i].wanted, show_version(ctx));
	}
}

/* ---- the pin ---- */

static int pin(struct context *ctx, const char *text)
{
	ssize_t ret = vfio_profile_store_version(ctx->inst, text, strlen(text));

	return ret == (ssize_t)strlen(text) ? 0 : ret;
}

static void pin_and_back(struct kunit *test)
{
	struct context *ctx = context_profile(test, TYPE, OLD);

	KUNIT_EXPECT_EQ(test, 0, pin(ctx, "1.0\n"));
	KUNIT_EXPECT_EQ(test, vp_series(1, 0), said.series);
	show_version(ctx);
	KUNIT_EXPECT_STREQ(test, ctx->page, "1.0.7\n");
	show_line(ctx);
	KUNIT_EXPECT_STREQ(test, ctx->page,
			   "kunit-v1;api=vfio-pci;type=t-1;sw=1.0.7;f.mode=x;end\n");
	/* nothing newer; what fields may be stays the type's */
	KUNIT_EXPECT_EQ(test, -EMEDIUMTYPE,
			context_store(ctx, true, HEAD "sw=1.1.0;end"));
	KUNIT_EXPECT_EQ(test, 0, context_store(ctx, true,
					       HEAD "sw=1.0.0;f.mode=y;end"));
	KUNIT_EXPECT_EQ(test, 0, pin(ctx, "1.1"));
	KUNIT_EXPECT_EQ(test, VP_SERIES_OWN, said.series);
	show_version(ctx);
	KUNIT_EXPECT_STREQ(test, ctx->page, "1.1.3\n");
}

static void pin_refused(struct kunit *test)
{
	static const char *const bad[] = {
		"",	"\n",	   "1",	     "1.0.0", "1.0\n\n", " 1.0",
		"1.0 ", "01.0",	   "1.00",   "1.2",   "0.9",	 "1.65536",
		"own",	"1..0",	   "+1.0",
	};
	struct context *ctx = context_profile(test, TYPE, OLD);
	unsigned int i;

	said.series = 42;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *text = bad[i];

		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, pin(ctx, text), "%s", text);
	}
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(int)vfio_profile_store_version(ctx->inst, "1.0", 4));
	/* what cannot be described is not tried */
	said.old_spec = "version 1.0.0;add mode x y";
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pin(ctx, "1.0"));
	said.old_spec = "version 1.1.3;add mode x";
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pin(ctx, "1.0"));
	said.old_spec = "version 1.0.0;add other x";
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pin(ctx, "1.0"));
	said.old_spec = "version 1.0.0;resource url x";
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pin(ctx, "1.0"));
	KUNIT_EXPECT_EQ(test, 42u, said.series);
	KUNIT_EXPECT_EQ(test, 6, show_version(ctx));
	KUNIT_EXPECT_STREQ(test, ctx->page, "1.1.3\n");
}

static void pin_errno_of_set_version(struct kunit *test)
{
	static const struct {
		int said, wanted;
	} cases[] = {
		{ -EBUSY, -EBUSY },	  { -EOPNOTSUPP, -EOPNOTSUPP },
		{ -ENODEV, -ENODEV },	  { -ENOMEM, -ENOMEM },
		{ -EINTR, -EINTR },	  { -EINVAL, -EOPNOTSUPP },
		{ -ENODATA, -EOPNOTSUPP }, { 1, -EOPNOTSUPP },
	};
	struct context *ctx = context_profile(test, TYPE, OLD);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		said.set_errno = cases[i].said;
		KUNIT_EXPECT_EQ(test, cases[i].wanted, pin(ctx, "1.0"));
		show_version(ctx);
		KUNIT_EXPECT_STREQ(test, ctx->page, "1.1.3\n");
		/* it is what it is: nobody is told */
		KUNIT_EXPECT_EQ(test, 0, pin(ctx, "1.1"));
	}
}

static void pin_that_is_not_offered_any_more(struct kunit *test)
{
	struct context *ctx = context_profile(test, TYPE, OLD);
	size_t size;

	KUNIT_ASSERT_EQ(test, 0, pin(ctx, "1.0"));
	said.spec = "version 1.1.3;list mode x,y;resource fps 60";
	KUNIT_ASSERT_EQ(test, 0, vfio_profile_refresh(ctx->profile));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, show_line(ctx));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, show_version(ctx));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			context_store(ctx, true, HEAD "sw=1.0.0;end"));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)PTR_ERR(vfio_profile_make_header(ctx->inst,
							      &size)));
	KUNIT_EXPECT_EQ(test, -EINVAL, pin(ctx, "1.0"));
	KUNIT_EXPECT_EQ(test, 0, pin(ctx, "1.1"));
	KUNIT_EXPECT_LT(test, 0, show_line(ctx));
	/* and one that has nothing valid to say */
	said.spec = "version 1";
	KUNIT_ASSERT_EQ(test, -EINVAL, vfio_profile_refresh(ctx->profile));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pin(ctx, "1.1"));
	KUNIT_EXPECT_EQ(test, -EINVAL, pin(ctx, "x"));
}

static void open_keeps_series_and_resources(struct kunit *test)
{
	struct context *ctx = context_profile(test, TYPE, OLD);

	vfio_profile_opened(ctx->inst);
	vfio_profile_opened(ctx->inst);
	KUNIT_EXPECT_EQ(test, -EBUSY, pin(ctx, "1.0"));
	KUNIT_EXPECT_EQ(test, -EBUSY, pin(ctx, "1.1"));
	KUNIT_EXPECT_EQ(test, -EBUSY, vfio_profile_store_begin(ctx->inst));
	KUNIT_EXPECT_LT(test, 0, show_line(ctx));
	vfio_profile_closed(ctx->inst);
	KUNIT_EXPECT_EQ(test, -EBUSY, pin(ctx, "1.0"));
	vfio_profile_closed(ctx->inst);
	/* once more than it was opened: said, and of no effect */
	vfio_profile_closed(ctx->inst);
	vfio_profile_opened(ctx->inst);
	KUNIT_EXPECT_EQ(test, -EBUSY, vfio_profile_store_begin(ctx->inst));
	vfio_profile_closed(ctx->inst);
	KUNIT_ASSERT_EQ(test, 0, vfio_profile_store_begin(ctx->inst));
	vfio_profile_store_end(ctx->inst);
	KUNIT_EXPECT_EQ(test, 0, pin(ctx, "1.0"));
	/* a device without a profile */
	vfio_profile_opened(NULL);
	KUNIT_EXPECT_EQ(test, 0, vfio_profile_store_begin(NULL));
	vfio_profile_store_end(NULL);
	vfio_profile_closed(NULL);
	vfio_profile_instance_free(NULL);
}

static struct kunit_case instance_cases[] = {
	KUNIT_CASE(store_to_a_type),
	KUNIT_CASE(store_to_an_instance),
	KUNIT_CASE(store_with_much_to_say),
	KUNIT_CASE(show_an_instance),
	KUNIT_CASE(check_is_asked),
	KUNIT_CASE(check_asks_itself),
	KUNIT_CASE(errno_of_an_instance),
	KUNIT_CASE(pin_and_back),
	KUNIT_CASE(pin_refused),
	KUNIT_CASE(pin_errno_of_set_version),
	KUNIT_CASE(pin_that_is_not_offered_any_more),
	KUNIT_CASE(open_keeps_series_and_resources),
	{}
};

static struct kunit_suite instance_suite = {
	.name = "vfio_profile_instance",
	.init = context_init,
	.exit = context_exit,
	.test_cases = instance_cases,
};

kunit_test_suite(instance_suite);
