// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the stream helper: what a stream begins with, and what is
 * done with one that arrives, in pieces of any size and from anybody.
 */
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "profile_kunit.h"

#define SPEC "version 1.1.0;list mode x;resource fps 60"
#define LINE HEAD "sw=1.1.0;f.mode=x;r.fps=60;end"
#define FIXED sizeof(struct vfio_profile_header)
#define ROOM (FIXED + VP_LINE_MAX + 64)

/* A stream of the header alone, which the tests change. */
static size_t make(u8 *buf, const char *line)
{
	struct vfio_profile_header *header = (void *)buf;
	size_t len = strlen(line);

	memcpy(header->magic, VFIO_PROFILE_STREAM_MAGIC, 8);
	header->version = cpu_to_le32(1);
	header->length = cpu_to_le32(len);
	memcpy(buf + FIXED, line, len);
	return FIXED + len;
}

static u8 *room(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, ROOM, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	return buf;
}

/* All of it in pieces of @piece bytes: how much is header, or the errno. */
static ssize_t feed(struct vfio_profile_stream *s, const u8 *buf, size_t len,
		    size_t piece)
{
	size_t done = 0, n;
	ssize_t ret;

	while (done < len) {
		n = min(piece, len - done);
		ret = vfio_profile_stream_feed(s, buf + done, n);
		if (ret < 0)
			return ret;
		done += ret;
		if (ret < n)
			break;
	}
	return done;
}

/* The same with a stream of its own; and that an error sticks. */
static ssize_t feed_new(struct kunit *test, const u8 *buf, size_t len,
			const struct vfio_profile_old_header *old)
{
	struct context *ctx = test->priv;
	struct vfio_profile_stream *s = vfio_profile_stream_begin(ctx->inst,
								  old);
	ssize_t ret;

	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	ret = feed(s, buf, len, len);
	if (ret >= 0) {
		KUNIT_EXPECT_EQ(test, 0, vfio_profile_stream_done(s));
	} else {
		u8 *good = room(test);
		size_t size = make(good, LINE);

		KUNIT_EXPECT_EQ(test, ret,
				vfio_profile_stream_feed(s, good, size));
		KUNIT_EXPECT_EQ(test, ret, vfio_profile_stream_feed(s, "", 0));
		KUNIT_EXPECT_EQ(test, (int)ret, vfio_profile_stream_done(s));
	}
	vfio_profile_stream_free(s);
	return ret;
}

static void header_is_magic_version_length_line(struct kunit *test)
{
	static const char line[] =
		"kunit-v1;api=vfio-pci;type=t-1;sw=1.1.0;f.mode=x;r.fps=60;end";
	struct context *ctx = context_profile(test, SPEC, NULL);
	u8 *header;
	size_t size;

	header = vfio_profile_make_header(ctx->inst, &size);
	KUNIT_ASSERT_FALSE(test, IS_ERR(header));
	KUNIT_EXPECT_EQ(test, 16 + strlen(line), size);
	KUNIT_EXPECT_EQ(test, 0, memcmp(header, "VFIOprof\1\0\0\0", 12));
	KUNIT_EXPECT_EQ(test, strlen(line), (size_t)header[12]);
	KUNIT_EXPECT_EQ(test, 0, memcmp(header + 13, "\0\0\0", 3));
	KUNIT_EXPECT_EQ(test, 0, memcmp(header + 16, line, strlen(line)));
	KUNIT_EXPECT_EQ(test, (ssize_t)size,
			feed_new(test, header, size, NULL));
	kfree(header);
	said.describe_errno = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)PTR_ERR(vfio_profile_make_header(ctx->inst,
							      &size)));
}

static void good_in_pieces(struct kunit *test)
{
	struct context *ctx = context_profile(test, SPEC, NULL);
	u8 *buf = room(test);
	size_t size = make(buf, LINE), piece;

	for (piece = 1; piece <= size + 10; piece++) {
		struct vfio_profile_stream *s =
			vfio_profile_stream_begin(ctx->inst, NULL);

		KUNIT_ASSERT_FALSE(test, IS_ERR(s));
		/* ten bytes of the driver's follow */
		KUNIT_EXPECT_EQ(test, (ssize_t)size,
				feed(s, buf, size + 10, piece));
		KUNIT_EXPECT_EQ(test, 0,
				(int)vfio_profile_stream_feed(s, buf, 10));
		KUNIT_EXPECT_EQ(test, 0, vfio_profile_stream_done(s));
		KUNIT_EXPECT_EQ(test, vp_series(1, 1),
				vfio_profile_stream_series(s));
		vfio_profile_stream_free(s);
	}
	vfio_profile_stream_free(NULL);
}

static void cut_within_the_header(struct kunit *test)
{
	struct context *ctx = context_profile(test, SPEC, NULL);
	u8 *buf = room(test);
	size_t size = make(buf, LINE), cut;

	for (cut = 0; cut < size; cut++) {
		struct vfio_profile_stream *s =
			vfio_profile_stream_begin(ctx->inst, NULL);

		KUNIT_ASSERT_FALSE(test, IS_ERR(s));
		KUNIT_EXPECT_EQ(test, (ssize_t)cut, feed(s, buf, cut, size));
		KUNIT_EXPECT_EQ(test, -EINVAL, vfio_profile_stream_done(s));
		/* the rest is too late */
		KUNIT_EXPECT_EQ(test, -EINVAL,
				(int)vfio_profile_stream_feed(s, buf + cut,
							      size - cut));
		vfio_profile_stream_free(s);
	}
}

static void each_bit_of_the_fixed_part(struct kunit *test)
{
	u8 *buf = room(test);
	unsigned int bit;

	context_profile(test, SPEC, NULL);
	for (bit = 0; bit < 8 * FIXED; bit++) {
		size_t size = make(buf, LINE);

		buf[bit / 8] ^= 1 << bit % 8;
		/* a length that lies may want more than there is */
		size = ROOM;
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    (int)feed_new(test, buf, size, NULL),
				    "bit %u", bit);
	}
}

static void lengths_that_lie(struct kunit *test)
{
	static const u32 lengths[] = { 0, 1, VP_LINE_MAX, VP_LINE_MAX + 1,
				       0x7fffffff, 0x80000000, 0xffffffff };
	u8 *buf = room(test);
	unsigned int i;

	context_profile(test, SPEC, NULL);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		make(buf, LINE);
		((struct vfio_profile_header *)buf)->length =
			cpu_to_le32(lengths[i]);
		KUNIT_EXPECT_EQ(test, -EINVAL,
				(int)feed_new(test, buf, ROOM, NULL));
	}
}

static void lines_in_a_stream(struct kunit *test)
{
	static const struct {
		const char *line;
		int wanted;
	} cases[] = {
		{ LINE, 0 },
		{ LINE "\n", -EINVAL },
		{ "x", -EINVAL },
		{ HEAD "sw=1.1.0;f.mode=x;r.fps=60", -EINVAL },
		{ HEAD "sw=1.2.0;f.mode=x;r.fps=60;end", -EMEDIUMTYPE },
		{ HEAD "sw=1.1.0;f.mode=z;r.fps=60;end", -EMEDIUMTYPE },
		{ HEAD "sw=1.1.0;f.mode=x;r.fps=61;end", -EMEDIUMTYPE },
		{ HEAD "sw=1.1.0;vendor=;end", -EMEDIUMTYPE },
		/* of a type: values are not there to be compared */
		{ HEAD "sw=1.1.0;f.mode=x;r.fps;end", -ENODATA },
	};
	struct context *ctx = context_profile(test, SPEC, NULL);
	u8 *buf = room(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t size = make(buf, cases[i].line);
		ssize_t wanted = cases[i].wanted ?: (ssize_t)size;

		KUNIT_EXPECT_EQ_MSG(test, wanted,
				    feed_new(test, buf, size, NULL), "%s",
				    cases[i].line);
		/* the same as the handshake */
		if (cases[i].line[strlen(cases[i].line) - 1] != '\n')
			KUNIT_EXPECT_EQ(test, cases[i].wanted,
					context_store(ctx, true,
						      cases[i].line));
	}
}

static void device_that_cannot_take_part(struct kunit *test)
{
	struct context *ctx = context_profile(test, SPEC, NULL);
	u8 *buf = room(test);
	size_t size = make(buf, LINE);

	said.describe_errno = -ENODEV;
	KUNIT_EXPECT_EQ(test, -ENODEV, (int)feed_new(test, buf, size, NULL));
	said.describe_errno = 0;
	said.spec = "version 1";
	KUNIT_ASSERT_EQ(test, -EINVAL, vfio_profile_refresh(ctx->profile));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			(int)feed_new(test, buf, size, NULL));
}

/* A signal decides nothing: the piece has not come, and may come again. */
static void interrupted(struct kunit *test)
{
	struct context *ctx = context_profile(test, SPEC, NULL);
	struct vfio_profile_stream *s =
		vfio_profile_stream_begin(ctx->inst, NULL);
	u8 *buf = room(test);
	size_t size = make(buf, LINE), first;

	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	for (first = 0; first < size; first += 5) {
		vfio_profile_stream_free(s);
		s = vfio_profile_stream_begin(ctx->inst, NULL);
		KUNIT_ASSERT_FALSE(test, IS_ERR(s));
		KUNIT_EXPECT_EQ(test, (ssize_t)first,
				vfio_profile_stream_feed(s, buf, first));
		said.describe_errno = -EINTR;
		KUNIT_EXPECT_EQ(test, (ssize_t)-EINTR,
				vfio_profile_stream_feed(s, buf + first,
							 size - first));
		said.describe_errno = 0;
		KUNIT_EXPECT_EQ(test, (ssize_t)(size - first),
				vfio_profile_stream_feed(s, buf + first,
							 size - first));
		KUNIT_EXPECT_EQ(test, 0, vfio_profile_stream_done(s));
	}
	vfio_profile_stream_free(s);
}

/* ---- a header of the driver's own ---- */

#define OLD_MAGIC 0x1122334455667788ull

static struct {
	unsigned int calls;
	const char *spec;
	u8 header[32];
	int error;
} old_said;

static int old_convert(const void *header, struct vp_profile *source)
{
	const char *line = old_said.spec;

	old_said.calls++;
	memcpy(old_said.header, header, sizeof(old_said.header));
	vp_identify(source, "old", "vfio-pci", "t-1");
	vp_version(source, line);
	vp_add(source, "mode", "x");
	return old_said.error;
}

static const struct vfio_profile_old_header old_header = {
	.magic = OLD_MAGIC,
	.size = 24,
	.convert = old_convert,
};

static void old_header_is_judged(struct kunit *test)
{
	static const struct {
		const char *version;
		int error;
		ssize_t wanted;
	} cases[] = {
		{ "1.0.0", 0, 24 },
		{ "1.1.0", 0, 24 },
		{ "2.0.0", 0, -EMEDIUMTYPE },
		{ "70000.0.0", 0, -EINVAL },
		{ "1.0.0", -EIO, -EINVAL },
		{ "1.0.0", 1, -EINVAL },
	};
	const u64 magic = OLD_MAGIC;
	u8 *buf = room(test);
	unsigned int i;

	context_profile(test, SPEC, NULL);
	for (i = 0; i < ROOM; i++)
		buf[i] = i;
	memcpy(buf, &magic, sizeof(magic));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&old_said, 0, sizeof(old_said));
		old_said.spec = cases[i].version;
		old_said.error = cases[i].error;
		KUNIT_EXPECT_EQ(test, cases[i].wanted,
				feed_new(test, buf, ROOM, &old_header));
		KUNIT_EXPECT_EQ(test, 1u, old_said.calls);
		KUNIT_EXPECT_EQ(test, 0, memcmp(old_said.header, buf, 24));
	}
	/* without one that is known */
	KUNIT_EXPECT_EQ(test, -EINVAL, (int)feed_new(test, buf, ROOM, NULL));
}

static void old_header_of_any_size(struct kunit *test)
{
	static const size_t sizes[] = { 0, 8, 9, 16, 17, 24, 4110 };
	struct vfio_profile_old_header old = old_header;
	struct context *ctx = test->priv;
	const u64 magic = OLD_MAGIC;
	u8 *buf = room(test);
	unsigned int i;
	size_t size, piece;

	context_profile(test, SPEC, NULL);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		old.size = sizes[i];
		size = max_t(size_t, sizes[i], 8);
		for (piece = 1; piece < 20; piece += 6) {
			struct vfio_profile_stream *s =
				vfio_profile_stream_begin(ctx->inst, &old);

			KUNIT_ASSERT_FALSE(test, IS_ERR(s));
			memcpy(buf, &magic, sizeof(magic));
			old_said.spec = "1.0.0";
			old_said.calls = 0;
			old_said.error = 0;
			KUNIT_EXPECT_EQ(test, (ssize_t)size,
					feed(s, buf, ROOM, piece));
			KUNIT_EXPECT_EQ(test, 1u, old_said.calls);
			KUNIT_EXPECT_EQ(test, vp_series(1, 0),
					vfio_profile_stream_series(s));
			vfio_profile_stream_free(s);
		}
	}
	/* a header of today is still one */
	size = make(buf, LINE);
	old_said.calls = 0;
	KUNIT_EXPECT_EQ(test, (ssize_t)size,
			feed_new(test, buf, size, &old_header));
	KUNIT_EXPECT_EQ(test, 0u, old_said.calls);
}

/* Nothing can be read from there; that is the end of the stream too. */
static void written_from_nowhere(struct kunit *test)
{
	struct context *ctx = context_profile(test, SPEC, NULL);
	struct vfio_profile_stream *s = vfio_profile_stream_begin(ctx->inst,
								  NULL);
	const char __user *nowhere = (const char __user *)~0ul;

	KUNIT_ASSERT_FALSE(test, IS_ERR(s));
	KUNIT_EXPECT_EQ(test, -EFAULT,
			(int)vfio_profile_stream_write(s, nowhere, 8));
	KUNIT_EXPECT_EQ(test, -EFAULT, vfio_profile_stream_done(s));
	vfio_profile_stream_free(s);
}

static struct kunit_case stream_cases[] = {
	KUNIT_CASE(header_is_magic_version_length_line),
	KUNIT_CASE(good_in_pieces),
	KUNIT_CASE(cut_within_the_header),
	KUNIT_CASE(each_bit_of_the_fixed_part),
	KUNIT_CASE(lengths_that_lie),
	KUNIT_CASE(lines_in_a_stream),
	KUNIT_CASE(device_that_cannot_take_part),
	KUNIT_CASE(interrupted),
	KUNIT_CASE(old_header_is_judged),
	KUNIT_CASE(old_header_of_any_size),
	KUNIT_CASE(written_from_nowhere),
	{}
};

static struct kunit_suite stream_suite = {
	.name = "vfio_profile_stream",
	.init = context_init,
	.exit = context_exit,
	.test_cases = stream_cases,
};

kunit_test_suite(stream_suite);
