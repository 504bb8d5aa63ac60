// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams that nobody should send, written to real devices: nothing of them is
 * loaded, and the device goes on as if nothing had happened.  The devices are
 * in hostile_devices.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile_devices.h"
#include "kselftest_harness.h"

#define STREAMS		2500	/* for each device */
#define HUGE_SIZE	(1024 * 1024UL)
#define SAVE_EVERY	50
#define REPORTS_MAX	5
#define WAYS		8	/* to write one; see hostile_piece() */
#define HUGE_WAY	(WAYS - 1)

/* How often each kind comes. */
static const enum hostile_kind mix[] = {
	HOSTILE_CUT,	HOSTILE_FLIP,	HOSTILE_OTHER,	HOSTILE_TEXT,
	HOSTILE_OLD,	HOSTILE_CUT,	HOSTILE_FLIP,	HOSTILE_OTHER,
	HOSTILE_TEXT,	HOSTILE_LENGTH,	HOSTILE_CUT,	HOSTILE_FLIP,
	HOSTILE_OTHER,	HOSTILE_OLD,	HOSTILE_SPLICE,	HOSTILE_JUNK,
	HOSTILE_FLIP,	HOSTILE_LIMIT,	HOSTILE_LENGTH,	HOSTILE_NONE,
};

/**
 * struct run - streams that are written to one device
 * @t: what is known of it
 * @src: another one of its kind, with other values
 * @dst: the device
 * @saved: what @src saves; @head bytes are its header
 * @own: what @dst saves, and has to save again at any time
 * @again: what it saved
 * @state: values of @dst
 * @loaded: those of @src
 * @guard: end of HUGE_SIZE bytes, behind which nothing can be read
 * @seed: of the streams
 * @kinds: how many there were
 * @h: the stream
 * @right: what is right to do with its header
 * @wrong: what was not right, or NULL
 * @want: what was
 * @got: what happened instead
 * @n: how many ended how
 */
struct run {
	const struct hostile_target *t;
	struct vmig_device src, dst;
	struct vmig_stream saved, own, again;
	size_t head;
	unsigned char state[HOSTILE_STATE_MAX], loaded[HOSTILE_STATE_MAX];
	unsigned char *guard;
	unsigned int seed;
	unsigned int kinds[HOSTILE_KINDS];
	struct hostile_stream h;
	struct hostile_answer right;
	const char *wrong;
	long want, got;
	struct {
		unsigned int streams, taken, einval, emediumtype, enodata;
		unsigned int data, wrong;
	} n;
};

FIXTURE(hostile)
{
	struct run run;
};

FIXTURE_VARIANT(hostile)
{
	const struct hostile_target *target;
};

FIXTURE_VARIANT_ADD(hostile, mtty_one_port) {
	.target = &hostile_mtty_1,
};

FIXTURE_VARIANT_ADD(hostile, mtty_two_ports) {
	.target = &hostile_mtty_2,
};

FIXTURE_VARIANT_ADD(hostile, test_driver) {
	.target = &hostile_test_driver,
};

FIXTURE_VARIANT_ADD(hostile, simulator) {
	.target = &hostile_simulator,
};

static unsigned int setting(const char *name, unsigned int usual)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : usual;
}

static int open_nr(struct vmig_device *dev, unsigned int nr)
{
	char uuid[PU_UUID_SIZE];

	return vmig_open(dev, pu_uuid(nr, uuid), VMIG_ANY);
}

static unsigned char *guarded(void)
{
	unsigned char *at = mmap(NULL, HUGE_SIZE + getpagesize(),
				 PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED ||
	    mprotect(at + HUGE_SIZE, getpagesize(), PROT_NONE))
		return NULL;
	return at + HUGE_SIZE;
}

FIXTURE_SETUP(hostile)
{
	const struct hostile_target *t = variant->target;
	struct run *r = &self->run;
	struct vmig_outcome out;

	r->t = t;
	r->seed = setting("VFIO_COMPAT_SEED", 1);
	r->h.data = malloc(HOSTILE_SIZE);
	r->guard = guarded();
	ASSERT_TRUE(r->h.data && r->guard);
	ASSERT_EQ(0, t->begin()) TH_LOG("its driver is not loaded");
	ASSERT_EQ(0, pu_create(t->type, 1));
	ASSERT_EQ(0, pu_create(t->type, 2));
	ASSERT_EQ(0, open_nr(&r->src, 1));
	ASSERT_EQ(0, open_nr(&r->dst, 2));
	ASSERT_EQ(0, t->set(&r->src, 0x5a));
	ASSERT_EQ(0, t->set(&r->dst, 0xa7));
	ASSERT_EQ(0, t->get(&r->src, r->loaded));
	ASSERT_EQ(0, t->get(&r->dst, r->state));
	ASSERT_NE(0, memcmp(r->loaded, r->state, HOSTILE_STATE_MAX));
	ASSERT_EQ(0, vmig_save(&r->src, &r->saved, &out));
	ASSERT_EQ(0, vmig_save(&r->dst, &r->own, &out));
	ASSERT_EQ(0, vmig_reset(&r->dst));
	/* that the oracle knows the device */
	r->right = hostile_judge(t->dev, r->saved.data, r->saved.used);
	ASSERT_EQ(0, r->right.error);
	r->head = r->right.at;
	ASSERT_LT(r->head, r->saved.used);
}

FIXTURE_TEARDOWN(hostile)
{
	const struct hostile_target *t = variant->target;
	struct run *r = &self->run;

	vmig_stream_free(&r->saved);
	vmig_stream_free(&r->own);
	vmig_stream_free(&r->again);
	vmig_close(&r->src);
	vmig_close(&r->dst);
	munmap(r->guard - HUGE_SIZE, HUGE_SIZE + getpagesize());
	free(r->h.data);
	EXPECT_EQ(0, pu_remove(1));
	EXPECT_EQ(0, pu_remove(2));
	t->end();
}

/* ---- one stream ---- */

/* What a device does with a stream; its values are then those of the source. */
enum load { REFUSES, LOADS, EITHER };

static void expect(struct run *r, const char *what, long want, long got)
{
	if (want == got || r->wrong)
		return;
	r->wrong = what;
	r->want = want;
	r->got = got;
}

/* One write, from the end of what can be read. */
static ssize_t put(struct run *r, const void *bytes, size_t len)
{
	unsigned char *at = r->guard - len;
	ssize_t ret;

	if (bytes)
		memcpy(at, bytes, len);
	ret = write(r->dst.stream, at, len);
	return ret < 0 ? -errno : ret;
}

/*
 * Write all of it, up to the first error: that of the header where it has to
 * come, or that of the driver, which is returned.
 */
static int deliver(struct run *r, unsigned int how)
{
	const struct hostile_answer *right = &r->right;
	size_t done = 0, n;
	ssize_t ret;

	while (done < r->h.len) {
		n = hostile_piece(&r->h, how, r->h.len - done);
		ret = put(r, r->h.data + done, n);
		done += n;
		if (right->at && done >= right->at && right->error) {
			expect(r, "write", right->error, ret);
			return right->error;
		}
		if (right->at && done > right->at && ret < 0)
			return ret;
		expect(r, "write", n, ret);
	}
	return 0;
}

/* The stream and very much behind it in one write. */
static int deliver_huge(struct run *r)
{
	unsigned char *at = r->guard - HUGE_SIZE;
	ssize_t ret;

	memcpy(at, r->h.data, r->h.len);
	r->right = hostile_judge(r->t->dev, at, HUGE_SIZE);
	ret = put(r, NULL, HUGE_SIZE);
	expect(r, "huge write is refused", true, ret < 0);
	if (r->right.error)
		expect(r, "huge write", r->right.error, ret);
	return ret < 0 ? ret : 0;
}

/* What was refused stays refused, also if something good comes after it. */
static void after_error(struct run *r, int error)
{
	expect(r, "a byte after an error", error, put(r, "x", 1));
	expect(r, "a good stream after an error", error,
	       put(r, r->saved.data, r->saved.used));
	expect(r, "nothing after an error", error, put(r, "", 0));
}

static size_t data_size(struct run *r, __u32 series)
{
	return r->t->size ? r->t->size(series) : r->saved.used - r->head;
}

/* What the device does with the whole stream, as it was made. */
static enum load right_load(struct run *r)
{
	const unsigned char *data = r->h.data + r->right.at;
	size_t len = r->h.len - r->right.at;
	bool same = r->right.at == r->head &&
		    !memcmp(r->h.data, r->saved.data, r->head);

	if (r->right.error || len != data_size(r, r->right.series))
		return REFUSES;
	if (!memcmp(data, r->saved.data + r->head, len))
		return same || !r->t->exact ? LOADS : EITHER;
	/* other data, of the right length */
	return r->t->checked && r->right.series == r->t->own ? REFUSES : EITHER;
}

static void check_state(struct run *r, const unsigned char *wanted)
{
	unsigned char now[HOSTILE_STATE_MAX] = { 0 };
	__u32 state = 0;

	expect(r, "asking for the state", 0, vmig_get_state(&r->dst, &state));
	expect(r, "the state", VFIO_DEVICE_STATE_RUNNING, state);
	expect(r, "reading values", 0, r->t->get(&r->dst, now));
	expect(r, "comparing values", 0, memcmp(now, wanted, sizeof(now)));
}

/* To the byte, with what cannot be read without a side effect. */
static void check_all(struct run *r)
{
	struct vmig_outcome out;

	expect(r, "saving", 0, vmig_save(&r->dst, &r->again, &out));
	expect(r, "length of what is saved", r->own.used, r->again.used);
	if (!r->wrong)
		expect(r, "comparing what is saved", 0,
		       memcmp(r->own.data, r->again.data, r->own.used));
	expect(r, "reset after saving", 0, vmig_reset(&r->dst));
}

static void count(struct run *r, bool taken)
{
	int error = r->right.error;

	r->n.streams++;
	r->n.taken += taken;
	r->n.einval += !taken && error == -EINVAL;
	r->n.emediumtype += error == -EMEDIUMTYPE;
	r->n.enodata += error == -ENODATA;
	r->n.data += !taken && !error;
}

/* A stream was loaded: if it is @exact, the source's values.  Undo that. */
static void loaded(struct run *r, bool exact)
{
	struct vmig_outcome out;

	if (exact)
		check_state(r, r->loaded);
	expect(r, "reset", 0, vmig_reset(&r->dst));
	expect(r, "loading its own", 0, vmig_load(&r->dst, &r->own, 0, &out));
}

/* Asks for RUNNING, which loads the stream, or does not. */
static void run(struct run *r, int error)
{
	enum load right = error ? REFUSES : right_load(r);
	bool exact = right == LOADS;
	int ret;

	if (error)
		after_error(r, error);
	else
		error = -EINVAL; /* it ended too early, or its data is wrong */
	ret = vmig_set_state(&r->dst, VFIO_DEVICE_STATE_RUNNING);
	if (right == EITHER)
		right = ret ? REFUSES : LOADS;
	count(r, right == LOADS);
	if (right == LOADS) {
		expect(r, "RUNNING", 0, ret);
		loaded(r, exact);
	} else {
		expect(r, "RUNNING", error, ret);
		expect(r, "RUNNING once more", error,
		       vmig_set_state(&r->dst, VFIO_DEVICE_STATE_RUNNING));
	}
	expect(r, "reset", 0, vmig_reset(&r->dst));
	check_state(r, r->state);
}

/* The data of a good stream: cut, too long, or a bit of it is wrong. */
static void spoil_data(struct run *r)
{
	size_t at = r->h.len - 1 -
		    hostile_random(&r->h, r->saved.used - r->head);

	switch (hostile_random(&r->h, 4)) {
	case 0:
		r->h.len = at;
		break;
	case 1:
		r->h.data[r->h.len++] = 0;
		break;
	case 2:
		if (r->t->checked)
			r->h.data[at] ^= 1 << hostile_random(&r->h, 8);
		break;
	}
}

static void try_one(struct __test_metadata *_metadata, struct run *r,
		    unsigned int nr)
{
	enum hostile_kind kind = mix[nr % ARRAY_SIZE(mix)];
	size_t len = r->saved.used - r->head;
	unsigned int how;
	int error;

	if (kind == HOSTILE_OLD && r->t->dev->old)
		len = data_size(r, HOSTILE_OLD_SERIES);
	hostile_make(&r->h, r->t->dev, kind, r->kinds[kind]++, r->seed,
		     r->saved.data + r->head, len);
	if (kind == HOSTILE_NONE)
		spoil_data(r);
	r->right = hostile_judge(r->t->dev, r->h.data, r->h.len);
	how = hostile_random(&r->h, WAYS);
	r->wrong = NULL;
	expect(r, "RESUMING", 0,
	       vmig_set_state(&r->dst, VFIO_DEVICE_STATE_RESUMING));
	if (r->wrong) {
		vmig_reset(&r->dst);
	} else if (how == HUGE_WAY && kind != HOSTILE_CUT) {
		run(r, deliver_huge(r));
	} else {
		error = deliver(r, how == 1 && r->h.len > 1000 ? 2 : how);
		expect(r, "writing what is to be loaded", 0,
		       right_load(r) == LOADS ? error : 0);
		run(r, error);
	}
	if (!(nr % SAVE_EVERY))
		check_all(r);
	if (r->wrong && r->n.wrong++ < REPORTS_MAX)
		TH_LOG("%s, stream %u of seed %u, %zu bytes, way %u: %s gives %ld, not %ld",
		       hostile_name(kind), nr, r->seed, r->h.len, how,
		       r->wrong, r->got, r->want);
}

/* ---- all of them ---- */

TEST_F_TIMEOUT(hostile, streams_are_refused, 600)
{
	unsigned int nr, streams = setting("VFIO_COMPAT_STREAMS", STREAMS);
	struct run *r = &self->run;
	unsigned char now[HOSTILE_STATE_MAX];
	struct vmig_outcome out;

	for (nr = 0; nr < streams; nr++)
		try_one(_metadata, r, nr);
	TH_LOG("seed %u: %u streams, %u taken, %u wrong, %u refused", r->seed,
	       r->n.streams, r->n.taken, r->n.wrong,
	       r->n.streams - r->n.taken);
	TH_LOG("%u EINVAL, %u EMEDIUMTYPE, %u ENODATA, %u for their data",
	       r->n.einval, r->n.emediumtype, r->n.enodata, r->n.data);
	EXPECT_EQ(0, r->n.wrong);
	EXPECT_EQ(streams, r->n.streams);
	EXPECT_LT(streams / 10 * 9, r->n.streams - r->n.taken);
	EXPECT_LT(0, r->n.taken);
	EXPECT_LT(0, r->n.emediumtype);
	EXPECT_LT(0, r->n.data);

	/* and now as it should be */
	ASSERT_EQ(0, vmig_reset(&r->src));
	EXPECT_EQ(0, vmig_migrate(&r->src, &r->dst, &r->again, &out));
	ASSERT_EQ(0, r->t->get(&r->dst, now));
	EXPECT_EQ(0, memcmp(now, r->loaded, sizeof(now)));
}

TEST_HARNESS_MAIN
