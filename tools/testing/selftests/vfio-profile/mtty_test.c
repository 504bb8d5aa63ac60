// SPDX-License-Identifier: GPL-2.0-only
/*
 * mtty and streams that no mtty has sent, and users that go away halfway.
 *
 * The streams are made by hand, in the layout of series 1.0, which every mtty
 * takes.  A refusal may have any errno.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "mtty_stream.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define NR_PORTS 2

/* Registers of a port, which is a BAR */
#define RX_TX 0
#define SCRATCH 7

#define HEADER_SIZE offsetof(struct mtty_stream, port)

/* From the FIFO of one port to the scratch register of the next */
#define TO_NEXT_SCRATCH                                               \
	(sizeof(struct mtty_port) + offsetof(struct mtty_port, reg) + \
	 SCRATCH - offsetof(struct mtty_port, fifo))

/* What the device has before, and still has if it took nothing */
static const __u8 before[NR_PORTS] = { 0x5a, 0xa5 };

FIXTURE(mtty)
{
	struct vmig_device dev;
	char uuid[PU_UUID_SIZE];
};

FIXTURE_SETUP(mtty)
{
	unsigned int i;

	ASSERT_EQ(0, pu_create(MTTY_TYPES "/mtty-2", 1))
	TH_LOG("mtty is not loaded, or its instance 1 exists");
	ASSERT_EQ(0, vmig_open(&self->dev, pu_uuid(1, self->uuid), VMIG_ANY));
	for (i = 0; i < NR_PORTS; i++)
		ASSERT_EQ(0, vmig_write_region(&self->dev, i, SCRATCH,
					       &before[i], 1));
}

FIXTURE_TEARDOWN(mtty)
{
	vmig_close(&self->dev);
	EXPECT_EQ(0, pu_remove(1));
}

/* A stream that is taken; it leaves these in the scratch registers. */
static struct mtty_stream good_stream(void)
{
	struct mtty_stream stream;

	mtty_stream_init(&stream, NR_PORTS);
	stream.port[0].reg[SCRATCH] = 0x11;
	stream.port[1].reg[SCRATCH] = 0x22;
	return stream;
}

static int scratch(struct vmig_device *dev, unsigned int port)
{
	__u8 value;

	return vmig_read_region(dev, port, SCRATCH, &value, 1) ? -1 : value;
}

static bool unchanged(struct vmig_device *dev)
{
	return scratch(dev, 0) == before[0] && scratch(dev, 1) == before[1];
}

static int load(struct vmig_device *dev, const struct mtty_stream *stream)
{
	const struct vmig_stream whole = {
		.data = (unsigned char *)stream,
		.used = sizeof(*stream),
	};
	struct vmig_outcome out;

	vmig_load(dev, &whole, 0, &out);
	return out.recovery ? out.recovery : out.error;
}

static bool takes_a_good_one(struct vmig_device *dev)
{
	struct mtty_stream good = good_stream();

	return !load(dev, &good) && scratch(dev, 0) == 0x11 &&
	       scratch(dev, 1) == 0x22;
}

/* The rest of this file relies on it */
TEST_F(mtty, a_good_stream_is_loaded)
{
	struct mtty_stream stream = good_stream();
	unsigned int i;
	__u8 value;

	memcpy(stream.port[0].fifo, "abc", 3);
	stream.port[0].head = 3;
	stream.port[0].count = 3;
	stream.port[1].fifo[15] = 'z';
	stream.port[1].tail = 15;
	stream.port[1].count = 1;
	ASSERT_EQ(0, load(&self->dev, &stream));
	EXPECT_EQ(0x11, scratch(&self->dev, 0));
	EXPECT_EQ(0x22, scratch(&self->dev, 1));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, vmig_read_region(&self->dev, 0, RX_TX, &value, 1));
		EXPECT_EQ('a' + i, value);
	}
	EXPECT_EQ(0, vmig_read_region(&self->dev, 1, RX_TX, &value, 1));
	EXPECT_EQ('z', value);
}

/* ---- closed halfway ---- */

/* Close in @state; the next to open finds a device that runs, and uses it. */
static void closed_in(struct __test_metadata *_metadata,
		      struct vmig_device *dev, const char *uuid, __u32 state)
{
	__u32 now = ~0;

	ASSERT_EQ(0, vmig_set_state(dev, state)) TH_LOG("state %u", state);
	vmig_close(dev);
	ASSERT_EQ(0, vmig_open(dev, uuid, VMIG_ANY));
	EXPECT_EQ(0, vmig_get_state(dev, &now));
	EXPECT_EQ(VFIO_DEVICE_STATE_RUNNING, now)
	TH_LOG("closed in state %u, opened in state %u", state, now);
	EXPECT_EQ(0, vmig_set_state(dev, VFIO_DEVICE_STATE_RUNNING));
	EXPECT_TRUE(unchanged(dev));
	EXPECT_TRUE(takes_a_good_one(dev));
}

/* Without the fix the kernel does not survive this one. */
TEST_F(mtty, closed_in_resuming)
{
	closed_in(_metadata, &self->dev, self->uuid,
		  VFIO_DEVICE_STATE_RESUMING);
}

TEST_F(mtty, closed_in_pre_copy)
{
	closed_in(_metadata, &self->dev, self->uuid,
		  VFIO_DEVICE_STATE_PRE_COPY);
}

TEST_F(mtty, closed_in_stop_copy)
{
	closed_in(_metadata, &self->dev, self->uuid,
		  VFIO_DEVICE_STATE_STOP_COPY);
}

TEST_F(mtty, closed_in_stop)
{
	closed_in(_metadata, &self->dev, self->uuid, VFIO_DEVICE_STATE_STOP);
}

/* As a VMM ends whose incoming migration was refused */
TEST_F(mtty, closed_after_a_refusal)
{
	struct mtty_stream bad = good_stream();

	bad.major_ver++;
	ASSERT_EQ(0, vmig_set_state(&self->dev, VFIO_DEVICE_STATE_RESUMING));
	EXPECT_NE(0, vmig_push(&self->dev, &bad, HEADER_SIZE, 0));
	vmig_close(&self->dev);
	ASSERT_EQ(0, vmig_open(&self->dev, self->uuid, VMIG_ANY));
	EXPECT_TRUE(unchanged(&self->dev));
	EXPECT_TRUE(takes_a_good_one(&self->dev));
}

/* ---- a header that is refused ---- */

#define NR_BAD_HEADERS 6

static struct mtty_stream bad_header(unsigned int nr)
{
	struct mtty_stream bad = good_stream();

	switch (nr) {
	case 0:
		bad.magic ^= 1ULL << 40;
		break;
	case 1:
		bad.major_ver = 2;
		break;
	case 2:
		bad.major_ver = 0;
		break;
	case 3:
		bad.minor_ver = 1;
		break;
	case 4:
		bad.nr_ports = 1;
		break;
	case 5:
		bad.flags = 1;
		break;
	}
	return bad;
}

/*
 * Write a bad header with @extra bytes of data in the same write, and then the
 * rest: nothing is taken, also if it looks like a stream of its own.
 */
static void bad_headers(struct __test_metadata *_metadata,
			struct vmig_device *dev, size_t extra)
{
	struct mtty_stream good = good_stream();
	size_t first = HEADER_SIZE + extra;
	unsigned int i;

	for (i = 0; i < NR_BAD_HEADERS; i++) {
		struct mtty_stream bad = bad_header(i);

		ASSERT_EQ(0, vmig_set_state(dev, VFIO_DEVICE_STATE_RESUMING));
		EXPECT_NE(0, vmig_push(dev, &bad, first, 0))
		TH_LOG("header %u", i);
		EXPECT_TRUE(first == sizeof(bad) ||
			    vmig_push(dev, (char *)&bad + first,
				      sizeof(bad) - first, 0))
		TH_LOG("header %u: what follows is taken", i);
		EXPECT_NE(0, vmig_push(dev, &good, sizeof(good), 0))
		TH_LOG("header %u: another stream is taken", i);
		EXPECT_NE(0, vmig_set_state(dev, VFIO_DEVICE_STATE_RUNNING))
		TH_LOG("header %u: the stream is loaded", i);
		ASSERT_EQ(0, vmig_reset(dev));
		EXPECT_TRUE(unchanged(dev))
		TH_LOG("header %u: scratch registers %#x, %#x", i,
		       scratch(dev, 0), scratch(dev, 1));
	}
	EXPECT_TRUE(takes_a_good_one(dev));
}

TEST_F(mtty, bad_header_alone)
{
	bad_headers(_metadata, &self->dev, 0);
}

TEST_F(mtty, bad_header_with_a_port)
{
	bad_headers(_metadata, &self->dev, sizeof(struct mtty_port));
}

TEST_F(mtty, bad_header_with_all_data)
{
	bad_headers(_metadata, &self->dev, NR_PORTS * sizeof(struct mtty_port));
}

/* ---- ports that cannot be ---- */

struct value {
	const char *field;
	size_t offset;
	__u8 value;
	bool good;
};

#define VALUE(field, value, good) \
	{ #field, offsetof(struct mtty_port, field), value, good }
#define GOOD(field, value) VALUE(field, value, true)
#define BAD(field, value) VALUE(field, value, false)

static const struct value values[] = {
	GOOD(head, 15),
	BAD(head, 16),
	BAD(head, 200),
	BAD(head, 255),
	GOOD(tail, 15),
	BAD(tail, 16),
	BAD(tail, 200),
	BAD(tail, 255),
	GOOD(count, 16),
	BAD(count, 17),
	BAD(count, 255),
	GOOD(max_fifo_size, 1),
	BAD(max_fifo_size, 17),
	BAD(max_fifo_size, 255),
	GOOD(dlab, 1),
	BAD(dlab, 2),
	BAD(dlab, 255),
	GOOD(overrun, 1),
	BAD(overrun, 2),
	BAD(overrun, 255),
};

/* Every value of the table, in @port; if it is bad, no port is loaded. */
static void load_values(struct __test_metadata *_metadata,
			struct vmig_device *dev, unsigned int port)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		const struct value *v = &values[i];
		struct mtty_stream stream = good_stream();

		((__u8 *)&stream.port[port])[v->offset] = v->value;
		EXPECT_EQ(v->good, !load(dev, &stream))
		TH_LOG("port %u: %s %u", port, v->field, v->value);
		EXPECT_EQ(!v->good, unchanged(dev))
		TH_LOG("port %u: %s %u: scratch registers %#x, %#x", port,
		       v->field, v->value, scratch(dev, 0), scratch(dev, 1));
		for (j = 0; j < NR_PORTS; j++)
			vmig_write_region(dev, j, SCRATCH, &before[j], 1);
	}
}

TEST_F(mtty, values_of_the_first_port)
{
	load_values(_metadata, &self->dev, 0);
}

TEST_F(mtty, values_of_the_last_port)
{
	load_values(_metadata, &self->dev, 1);
}

/* Where a bad index leads: without the fix this is what a guest can do. */
TEST_F(mtty, nothing_is_read_behind_the_fifo)
{
	struct mtty_stream stream = good_stream();
	__u8 value = 0;

	stream.port[0].tail = TO_NEXT_SCRATCH;
	load(&self->dev, &stream);
	EXPECT_EQ(0, vmig_read_region(&self->dev, 0, RX_TX, &value, 1));
	EXPECT_NE(stream.port[1].reg[SCRATCH], value)
	TH_LOG("the first port receives what the other one holds");
}

TEST_F(mtty, nothing_is_written_behind_the_fifo)
{
	const __u8 value = 0x99;
	struct mtty_stream stream = good_stream();

	stream.port[0].head = TO_NEXT_SCRATCH;
	load(&self->dev, &stream);
	EXPECT_EQ(0, vmig_write_region(&self->dev, 0, RX_TX, &value, 1));
	EXPECT_NE(value, scratch(&self->dev, 1))
	TH_LOG("what the first port sends changes the other one");
}

/* ---- two writers ---- */

struct writer {
	struct vmig_device *dev;
	const struct mtty_stream *stream;
	pthread_barrier_t *start;
	ssize_t written;
};

static void *write_all(void *arg)
{
	struct writer *w = arg;

	pthread_barrier_wait(w->start);
	w->written = write(w->dev->stream, w->stream, sizeof(*w->stream));
	return NULL;
}

/* Each writes a whole stream at once: there is room for one. */
TEST_F(mtty, written_by_two_at_once)
{
	struct mtty_stream stream = good_stream();
	struct writer writer[2];
	pthread_barrier_t start;
	pthread_t thread[2];
	unsigned int round, i;

	pthread_barrier_init(&start, NULL, 2);
	for (round = 0; round < 1000; round++) {
		ASSERT_EQ(0, vmig_set_state(&self->dev,
					    VFIO_DEVICE_STATE_RESUMING));
		for (i = 0; i < 2; i++) {
			writer[i] = (struct writer){ &self->dev, &stream,
						     &start, 0 };
			ASSERT_EQ(0, pthread_create(&thread[i], NULL, write_all,
						    &writer[i]));
		}
		for (i = 0; i < 2; i++)
			pthread_join(thread[i], NULL);
		ASSERT_FALSE(writer[0].written > 0 && writer[1].written > 0);
		ASSERT_EQ(0, vmig_reset(&self->dev));
	}
	pthread_barrier_destroy(&start);
}

static int available(void)
{
	char text[PU_PAGE + 1];

	if (pu_read(MTTY_TYPES "/mtty-2/available_instances", text,
		    sizeof(text)) < 0)
		return -1;
	return atoi(text);
}

/* A migration file outlives its device, whose ports are not free until then. */
TEST(a_file_keeps_its_device)
{
	struct vfio_precopy_info info = { .argsz = sizeof(info) };
	struct vmig_device dev;
	char uuid[PU_UUID_SIZE];
	int before = available(), fd;

	ASSERT_LT(0, before);
	ASSERT_EQ(0, pu_create(MTTY_TYPES "/mtty-2", 2));
	ASSERT_EQ(0, vmig_open(&dev, pu_uuid(2, uuid), VMIG_ANY));
	ASSERT_EQ(0, vmig_set_state(&dev, VFIO_DEVICE_STATE_PRE_COPY));
	fd = dup(dev.stream);
	ASSERT_LE(0, fd);
	vmig_close(&dev);
	ASSERT_EQ(0, pu_remove(2));
	ASSERT_EQ(before - 1, available())
	TH_LOG("the device is freed, and its file is open");
	EXPECT_EQ(-1, ioctl(fd, VFIO_MIG_GET_PRECOPY_INFO, &info));
	EXPECT_EQ(-1, read(fd, &info, sizeof(info)));
	EXPECT_EQ(ENODEV, errno);
	close(fd);
	EXPECT_EQ(before, available());
}

TEST_HARNESS_MAIN
