// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the stream helper with very many streams that nobody should
 * send.  To make it other ones, or more of them:
 *
 *	modprobe vfio_profile_kunit hostile_seed=7 hostile_streams=1000000
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "hostile.h"
#include "profile_kunit.h"

#define SPEC "version 2.3.1;accept 1.0;accept 2.1;accept 2.3;"                 \
	     "accept-type t-0;list enc aes,gcm;list mode x,y,z;"               \
	     "resource fps 60;resource url http://h/?a=1,2 b%"

/* The driver's data, and a write that is much longer than any header. */
#define DATA_SIZE	100
#define HUGE_SIZE	SZ_128K
#define REPORTS_MAX	5

static unsigned int hostile_seed = 1;
module_param(hostile_seed, uint, 0444);
MODULE_PARM_DESC(hostile_seed, "which streams the tests make (1)");

static unsigned int hostile_streams = 105000;
module_param(hostile_streams, uint, 0444);
MODULE_PARM_DESC(hostile_streams, "how many streams are to be refused (105000)");

/* ---- the destination, once more for the oracle ---- */

/* Series and flags; two bytes each, so that every second one says much. */
static const u8 old_good[24] = { 'o', 'l', 'd', '-', 'k', 'u', 'n', 't',
				 1,   0,   0,	0,   0,	  0,   0,   0,
				 'x', 0,   0,	0,   0,	  0,   0,   0 };

static int old_judge(const __u8 *header, __u32 *series)
{
	u32 major = header[8] | header[9] << 8 | header[10] << 16 |
		    (u32)header[11] << 24;
	u32 minor = header[12] | header[13] << 8;

	*series = major << 16 | minor;
	if (header[14] || header[15] || header[17] || header[18] || header[19])
		return -EINVAL;
	if (header[20] || header[21] || header[22] || header[23])
		return -EINVAL;
	if (major > 65535 || !hostile_is_plain(header[16]))
		return -EINVAL;
	if (header[16] < 'x' || header[16] > 'z')
		return -EMEDIUMTYPE;
	return *series == vp_series(1, 0) || *series == vp_series(2, 1) ||
	       *series == vp_series(2, 3) ? 0 : -EMEDIUMTYPE;
}

static const struct hostile_old old_kunit = {
	.good = old_good,
	.size = sizeof(old_good),
	.judge = old_judge,
};

static const struct hostile_device device = {
	.api = "vfio-pci",
	.types = { "t-0", "t-1" },
	.series = { "1.0", "2.1", "2.3" },
	.fields = {
		{ "enc", { "aes", "gcm" } },
		{ "mode", { "x", "y", "z" } },
	},
	.resources = {
		{ "fps", "60" },
		{ "url", "http://h/?a=1,2 b%" },
	},
	.old = &old_kunit,
};

/* ---- and for the stream helper ---- */

static int old_convert(const void *header, struct vp_profile *source)
{
	char text[32], mode[2] = { ((const char *)header)[16] };
	const __le32 *number = header;

	vp_identify(source, "old", "vfio-pci", "t-1");
	snprintf(text, sizeof(text), "%u.%u.0", le32_to_cpu(number[2]),
		 le32_to_cpu(number[3]));
	vp_version(source, text);
	vp_add(source, "mode", mode);
	return memchr_inv(header + 17, 0, 7) ? -EIO : 0;
}

static struct vfio_profile_old_header old_header = {
	.size = sizeof(old_good),
	.convert = old_convert,
};

/* ---- what came of them ---- */

struct counts {
	unsigned int streams;
	unsigned int taken;
	unsigned int einval;
	unsigned int emediumtype;
	unsigned int enodata;
	unsigned int at_end; /* of those that are -EINVAL */
	unsigned int wrong;
};

static struct counts counts[HOSTILE_KINDS];

static void count(struct counts *c, struct hostile_answer right)
{
	c->streams++;
	c->taken += !right.error;
	c->einval += right.error == -EINVAL;
	c->emediumtype += right.error == -EMEDIUMTYPE;
	c->enodata += right.error == -ENODATA;
	c->at_end += !right.at;
}

static struct counts all_counts(void)
{
	struct counts all = {};
	unsigned int i;

	for (i = 0; i < HOSTILE_KINDS; i++) {
		all.streams += counts[i].streams;
		all.taken += counts[i].taken;
		all.einval += counts[i].einval;
		all.emediumtype += counts[i].emediumtype;
		all.enodata += counts[i].enodata;
		all.at_end += counts[i].at_end;
		all.wrong += counts[i].wrong;
	}
	return all;
}

/* ---- one stream ---- */

/*
 * Pieces are at the end of HUGE_SIZE bytes.  Nothing is mapped behind those:
 * who reads more than he was given does not get away with it, not even if the
 * compiler has KASAN not look at memcpy().
 */
static u8 *huge;

/**
 * struct delivery - a stream on its way
 * @h: the stream, and the numbers that its pieces come of
 * @right: what is right to do with it
 * @s: who has to do that
 * @wrong: what was not right, or NULL
 * @want: what was
 * @got: what happened instead
 */
struct delivery {
	struct hostile_stream h;
	struct hostile_answer right;
	struct vfio_profile_stream *s;
	const char *wrong;
	long want;
	long got;
};

static void expect(struct delivery *d, const char *what, long want, long got)
{
	if (want == got || d->wrong)
		return;
	d->wrong = what;
	d->want = want;
	d->got = got;
}

static ssize_t feed(struct delivery *d, const void *bytes, size_t len)
{
	u8 *at = huge + HUGE_SIZE - len;

	memcpy(at, bytes, len);
	return vfio_profile_stream_feed(d->s, at, len);
}

/* What the next @len bytes are to give, @done of them being there. */
static ssize_t right_now(const struct hostile_answer *right, size_t done,
			 size_t len)
{
	if (!right->at || done + len < right->at)
		return len;
	if (right->error)
		return right->error;
	return done < right->at ? right->at - done : 0;
}

static void deliver(struct delivery *d, unsigned int how)
{
	size_t done = 0, n;

	while (done < d->h.len && !d->wrong) {
		n = hostile_piece(&d->h, how, d->h.len - done);
		expect(d, "a piece", right_now(&d->right, done, n),
		       feed(d, d->h.data + done, n));
		done += n;
		if (d->right.at && done >= d->right.at && d->right.error)
			break;
	}
}

/* The whole stream and very much behind it, at once. */
static void deliver_huge(struct delivery *d)
{
	memcpy(huge, d->h.data, d->h.len);
	d->right = hostile_judge(&device, huge, HUGE_SIZE);
	expect(d, "a huge piece", right_now(&d->right, 0, HUGE_SIZE),
	       vfio_profile_stream_feed(d->s, huge, HUGE_SIZE));
}

/* All has been said: it is said again, whatever comes now. */
static void ask_again(struct delivery *d)
{
	static const char good[] = "VFIOprof\1\0\0\0\x27\0\0\0"
				   "x-v1;api=vfio-pci;type=t-1;sw=1.0.0;end";
	int error = d->right.error;
	unsigned int i;

	expect(d, "done()", error, vfio_profile_stream_done(d->s));
	for (i = 0; i < 2; i++) {
		expect(d, "a header after the end", error,
		       feed(d, good, sizeof(good) - 1));
		expect(d, "a byte after the end", error, feed(d, "x", 1));
		expect(d, "nothing after the end", error, feed(d, "", 0));
		expect(d, "done() once more", error,
		       vfio_profile_stream_done(d->s));
	}
	expect(d, "the series", error ? 0 : d->right.series,
	       vfio_profile_stream_series(d->s));
}

static void try_one(struct kunit *test, struct delivery *d,
		    enum hostile_kind kind, unsigned int nr)
{
	static const u8 data[DATA_SIZE] = "the driver's own";
	struct context *ctx = test->priv;
	struct counts *c = &counts[kind];
	unsigned int how;

	hostile_make(&d->h, &device, kind, nr, hostile_seed, data,
		     sizeof(data));
	how = hostile_random(&d->h, 8);
	d->wrong = NULL;
	d->right = hostile_judge(&device, d->h.data, d->h.len);
	d->s = vfio_profile_stream_begin(ctx->inst, &old_header);
	KUNIT_ASSERT_FALSE(test, IS_ERR(d->s));
	if (how == 7 && kind != HOSTILE_CUT)
		deliver_huge(d);
	else
		deliver(d, d->h.len > 1000 && how == 1 ? 2 : how);
	ask_again(d);
	vfio_profile_stream_free(d->s);
	count(c, d->right);
	if (d->wrong && c->wrong++ < REPORTS_MAX)
		KUNIT_FAIL(test,
			   "%s, stream %u of seed %u, %zu bytes, way %u: %s gives %ld, not %ld: %.*s",
			   hostile_name(kind), nr, hostile_seed, d->h.len, how,
			   d->wrong, d->got, d->want,
			   d->h.len > HOSTILE_FIXED ?
				   (int)min_t(size_t, 300,
					      d->h.len - HOSTILE_FIXED) : 0,
			   (char *)d->h.data + HOSTILE_FIXED);
}

/* ---- all of them ---- */

struct share {
	enum hostile_kind kind;
	unsigned int percent;
};

static const struct share shares[] = {
	{ HOSTILE_CUT, 25 },	{ HOSTILE_FLIP, 18 },  { HOSTILE_OTHER, 10 },
	{ HOSTILE_TEXT, 18 },	{ HOSTILE_LENGTH, 9 }, { HOSTILE_LIMIT, 2 },
	{ HOSTILE_JUNK, 6 },	{ HOSTILE_SPLICE, 5 }, { HOSTILE_OLD, 7 },
	{ HOSTILE_NONE, 2 },
};

static void share_name(const struct share *share, char *name)
{
	strscpy(name, hostile_name(share->kind), KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(share, shares, share_name);

static void *buffer(struct kunit *test, size_t size)
{
	void *data = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	return data;
}

static void streams_that_are_refused(struct kunit *test)
{
	const struct share *share = test->param_value;
	struct delivery *d = buffer(test, sizeof(*d));
	unsigned int nr, most = hostile_streams / 100 * share->percent;

	context_profile(test, SPEC, NULL);
	memcpy(&old_header.magic, old_good, sizeof(old_header.magic));
	d->h.data = buffer(test, HOSTILE_SIZE);
	memset(huge, 0, HUGE_SIZE);
	for (nr = 0; nr < most; nr++) {
		try_one(test, d, share->kind, nr);
		/* and then it takes what it took before */
		if (!(nr % 256))
			try_one(test, d, HOSTILE_NONE, nr);
		cond_resched();
	}
}

/* A test of streams that are all alike would not be one. */
static void all_of_them(struct kunit *test)
{
	struct counts all = all_counts();
	unsigned int i;

	kunit_info(test,
		   "seed %u: %u streams, %u refused: %u EINVAL (%u at their end), %u EMEDIUMTYPE, %u ENODATA; %u taken; %u wrong\n",
		   hostile_seed, all.streams, all.streams - all.taken,
		   all.einval, all.at_end, all.emediumtype, all.enodata,
		   all.taken, all.wrong);
	for (i = 0; i < HOSTILE_KINDS; i++)
		kunit_info(test, "%s: %u, %u taken, %u EMEDIUMTYPE\n",
			   hostile_name(i), counts[i].streams, counts[i].taken,
			   counts[i].emediumtype);
	KUNIT_EXPECT_LE(test, hostile_streams / 10 * 9,
			all.streams - all.taken);
	KUNIT_EXPECT_EQ(test, 0u, all.wrong);
	KUNIT_EXPECT_LT(test, 0u, all.emediumtype);
	KUNIT_EXPECT_LT(test, 0u, all.enodata);
	KUNIT_EXPECT_LT(test, 0u, all.at_end);
	KUNIT_EXPECT_EQ(test, counts[HOSTILE_CUT].streams,
			counts[HOSTILE_CUT].at_end);
	KUNIT_EXPECT_EQ(test, counts[HOSTILE_NONE].streams,
			counts[HOSTILE_NONE].taken);
	for (i = 0; i < HOSTILE_NONE; i++)
		KUNIT_EXPECT_LT_MSG(test, counts[i].taken, counts[i].streams,
				    "%s", hostile_name(i));
}

static int hostile_init(struct kunit_suite *suite)
{
	memset(counts, 0, sizeof(counts));
	huge = vmalloc(HUGE_SIZE);
	return huge ? 0 : -ENOMEM;
}

static void hostile_exit(struct kunit_suite *suite)
{
	vfree(huge);
}

static struct kunit_case hostile_cases[] = {
	KUNIT_CASE_PARAM(streams_that_are_refused, share_gen_params),
	KUNIT_CASE(all_of_them),
	{}
};

static struct kunit_suite hostile_suite = {
	.name = "vfio_profile_hostile",
	.suite_init = hostile_init,
	.suite_exit = hostile_exit,
	.init = context_init,
	.exit = context_exit,
	.test_cases = hostile_cases,
};

kunit_test_suite(hostile_suite);
