// SPDX-License-Identifier: GPL-2.0-only
/*
 * mtty's migration stream: series 1.1, with a line ahead of it and a checksum
 * behind it; and what an instance emits that is pinned to 1.0.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "mtty_stream.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define SCRATCH 7
#define MARKER 0x5a
#define HEADER 16

FIXTURE(stream)
{
	struct vmig_device src, dst;
	struct vmig_stream data;
	char line[PU_PAGE + 1];
	size_t line_len;
	unsigned int ports;
};

FIXTURE_VARIANT(stream)
{
	const char *type;
	unsigned int ports;
};

FIXTURE_VARIANT_ADD(stream, one_port) {
	.type = MTTY_TYPES "/mtty-1",
	.ports = 1,
};

FIXTURE_VARIANT_ADD(stream, two_ports) {
	.type = MTTY_TYPES "/mtty-2",
	.ports = 2,
};

static int pin(unsigned int nr, const char *series)
{
	char path[PU_PATH];

	return pu_write_str(pu_device_file(nr, "software_version", path),
			    series);
}

static int open_nr(struct vmig_device *dev, unsigned int nr)
{
	char uuid[PU_UUID_SIZE];

	return vmig_open(dev, pu_uuid(nr, uuid), VMIG_ANY);
}

/* Something in each part of a port: registers, divisor, characters waiting. */
static int set_state(struct vmig_device *dev, unsigned int port)
{
	static const struct {
		unsigned char reg, value;
	} writes[] = {
		{ 3, 0x80 }, { 0, 0x34 }, { 1, 0x12 }, { 3, 0x03 },
		{ 2, 0x01 }, { 4, 0x0b }, { 0, 'a' },  { 0, 'b' },
	};
	unsigned char marker = MARKER + port;
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(writes); i++)
		ret = vmig_write_region(dev, port, writes[i].reg,
					&writes[i].value, 1);
	return ret ? ret : vmig_write_region(dev, port, SCRATCH, &marker, 1);
}

static int scratch(struct vmig_device *dev, unsigned int port)
{
	unsigned char byte;
	int ret = vmig_read_region(dev, port, SCRATCH, &byte, 1);

	return ret ? ret : byte;
}

FIXTURE_SETUP(stream)
{
	char path[PU_PATH];
	unsigned int i;

	self->ports = variant->ports;
	ASSERT_EQ(0, pu_create(variant->type, 1))
	TH_LOG("mtty is not loaded, or its instance 1 exists");
	ASSERT_EQ(0, pu_create(variant->type, 2));
	ASSERT_EQ(0, open_nr(&self->src, 1));
	ASSERT_EQ(0, open_nr(&self->dst, 2));
	for (i = 0; i < self->ports; i++)
		ASSERT_EQ(0, set_state(&self->src, i));
	pu_device_file(1, "migration_version", path);
	self->line_len = pu_read(path, self->line, sizeof(self->line)) - 1;
	self->line[self->line_len] = '\0';
}

FIXTURE_TEARDOWN(stream)
{
	vmig_stream_free(&self->data);
	vmig_close(&self->src);
	vmig_close(&self->dst);
	EXPECT_EQ(0, pu_remove(1));
	EXPECT_EQ(0, pu_remove(2));
}

static long data_size(struct vmig_device *dev)
{
	__u64 buf[4] = { 0 };
	struct vfio_device_feature *head = (void *)buf;
	struct vfio_device_feature_mig_data_size *size = (void *)head->data;

	head->argsz = sizeof(*head) + sizeof(*size);
	head->flags = VFIO_DEVICE_FEATURE_GET |
		      VFIO_DEVICE_FEATURE_MIG_DATA_SIZE;
	if (ioctl(dev->fd, VFIO_DEVICE_FEATURE, head))
		return -errno;
	return size->stop_copy_length;
}

static long initial_bytes(struct vmig_device *dev)
{
	struct vfio_precopy_info info = { .argsz = sizeof(info) };

	if (ioctl(dev->stream, VFIO_MIG_GET_PRECOPY_INFO, &info))
		return -errno;
	return info.dirty_bytes ? -EIO : (long)info.initial_bytes;
}

static size_t ports_size(unsigned int ports)
{
	return ports * sizeof(struct mtty_port);
}

TEST_F(stream, has_a_line_ahead_and_a_checksum_behind)
{
	size_t head = HEADER + self->line_len, size = ports_size(self->ports);
	const unsigned char *data;
	struct vmig_outcome out;
	__le32 crc;

	EXPECT_EQ((long)(head + size + sizeof(crc)), data_size(&self->src));
	ASSERT_EQ(0, vmig_save(&self->src, &self->data, &out));
	ASSERT_EQ(head + size + sizeof(crc), self->data.used);
	data = self->data.data;
	EXPECT_EQ(0, memcmp(data, "VFIOprof\1\0\0\0", 12));
	EXPECT_EQ(self->line_len, le32toh(*(const __u32 *)(data + 12)));
	EXPECT_EQ(0, memcmp(data + HEADER, self->line, self->line_len));
	EXPECT_EQ(MARKER, ((const struct mtty_port *)(data + head))->reg[7]);
	crc = htole32(mtty_crc(data + head, size));
	EXPECT_EQ(0, memcmp(data + head + size, &crc, sizeof(crc)));
}

TEST_F(stream, header_is_what_pre_copy_begins_with)
{
	size_t head = HEADER + self->line_len;

	ASSERT_EQ(0, vmig_set_state(&self->src, VFIO_DEVICE_STATE_PRE_COPY));
	EXPECT_EQ((long)head, initial_bytes(&self->src));
	EXPECT_EQ(0, vmig_pull(&self->src, &self->data));
	EXPECT_EQ(head, self->data.used);
	EXPECT_EQ(0, initial_bytes(&self->src));
	ASSERT_EQ(0, vmig_set_state(&self->src, VFIO_DEVICE_STATE_STOP_COPY));
	EXPECT_EQ(0, vmig_pull(&self->src, &self->data));
	EXPECT_EQ(head + ports_size(self->ports) + 4, self->data.used);
}

TEST_F(stream, arrives_whatever_the_size_of_writes)
{
	static const size_t chunks[] = { 0, 1, 2, 7, 8, 16, 17, 100 };
	struct vmig_outcome out;
	unsigned int i, port;

	ASSERT_EQ(0, vmig_save(&self->src, &self->data, &out));
	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		ASSERT_EQ(0, vmig_reset(&self->dst));
		EXPECT_EQ(0, vmig_load(&self->dst, &self->data, chunks[i],
				       &out))
		TH_LOG("writes of %zu bytes: %s", chunks[i],
		       vmig_step_name(out.step));
		for (port = 0; port < self->ports; port++)
			EXPECT_EQ((int)(MARKER + port),
				  scratch(&self->dst, port));
	}
}

/* To the byte, with state in each part of a port. */
TEST_F(stream, pinned_to_1_0_is_as_stock_mtty_emits_it)
{
	struct mtty_stream wanted = { 0 };
	struct vmig_outcome out;
	struct vmig_stream own = { 0 };
	size_t len = mtty_stream_size(self->ports);

	/* the ports, from a stream of series 1.1 */
	ASSERT_EQ(0, vmig_save(&self->src, &own, &out));
	mtty_stream_init(&wanted, self->ports);
	memcpy(wanted.port, own.data + HEADER + self->line_len,
	       ports_size(self->ports));
	vmig_stream_free(&own);

	EXPECT_EQ(-EBUSY, pin(1, "1.0"));
	ASSERT_EQ(0, vmig_reset(&self->src));
	vmig_close(&self->src);
	ASSERT_EQ(0, pin(1, "1.0"));
	ASSERT_EQ(0, open_nr(&self->src, 1));
	EXPECT_EQ((long)len, data_size(&self->src));
	ASSERT_EQ(0, vmig_set_state(&self->src, VFIO_DEVICE_STATE_PRE_COPY));
	EXPECT_EQ((long)offsetof(struct mtty_stream, port),
		  initial_bytes(&self->src));
	ASSERT_EQ(0, vmig_set_state(&self->src, VFIO_DEVICE_STATE_RUNNING));
	ASSERT_EQ(0, vmig_save(&self->src, &self->data, &out));
	ASSERT_EQ(len, self->data.used);
	EXPECT_EQ(0, memcmp(&wanted, self->data.data, len));
	EXPECT_EQ(0, vmig_load(&self->dst, &self->data, 1, &out));
	EXPECT_EQ(MARKER, scratch(&self->dst, 0));
}

/* Writes @len bytes in one piece; the errno, and that it sticks. */
static int refused(struct vmig_device *dst, const void *data, size_t len)
{
	int ret, again;

	ret = vmig_set_state(dst, VFIO_DEVICE_STATE_RESUMING);
	if (ret)
		return ret;
	ret = vmig_push(dst, data, len, 0);
	again = vmig_push(dst, data, 1, 0);
	if (!vmig_set_state(dst, VFIO_DEVICE_STATE_RUNNING))
		return 1;
	if (ret && ret != again)
		return 2;
	return vmig_reset(dst) ? 3 : ret;
}

TEST_F(stream, old_header_is_judged_by_the_engine)
{
	struct mtty_stream s;
	size_t len = mtty_stream_size(self->ports);

	mtty_stream_init(&s, self->ports);
	s.major_ver = 2;
	EXPECT_EQ(-EMEDIUMTYPE, refused(&self->dst, &s, len));
	mtty_stream_init(&s, self->ports);
	s.nr_ports = 3 - self->ports;
	EXPECT_EQ(-EMEDIUMTYPE, refused(&self->dst, &s, len));
	s.nr_ports = 0xffffffff;
	EXPECT_EQ(-EMEDIUMTYPE, refused(&self->dst, &s, len));
	mtty_stream_init(&s, self->ports);
	s.minor_ver = 1; /* that has a line */
	EXPECT_EQ(-EINVAL, refused(&self->dst, &s, len));
	s.minor_ver = 65536;
	EXPECT_EQ(-EINVAL, refused(&self->dst, &s, len));
	mtty_stream_init(&s, self->ports);
	s.flags = 1;
	EXPECT_EQ(-EINVAL, refused(&self->dst, &s, len));
	mtty_stream_init(&s, self->ports);
	s.magic++;
	EXPECT_EQ(-EINVAL, refused(&self->dst, &s, len));
	EXPECT_EQ(0, scratch(&self->dst, 0));
	EXPECT_EQ(0, vmig_set_state(&self->dst, VFIO_DEVICE_STATE_RESUMING));
}

TEST_F(stream, is_refused_if_cut_too_long_or_changed)
{
	unsigned char *data, long_data[1024];
	size_t head = HEADER + self->line_len, used, i;
	struct vmig_outcome out;

	ASSERT_EQ(0, vmig_save(&self->src, &self->data, &out));
	data = self->data.data;
	used = self->data.used;
	ASSERT_GT(sizeof(long_data), used);
	memcpy(long_data, data, used);
	long_data[used] = 0;
	EXPECT_EQ(-EINVAL, refused(&self->dst, long_data, used + 1));
	for (i = 0; i < used; i++) {
		struct vmig_stream cut = { .data = data, .used = i };

		EXPECT_EQ(-EINVAL, vmig_load(&self->dst, &cut, 0, &out))
		TH_LOG("cut after %zu bytes", i);
		EXPECT_EQ(0, out.recovery);
	}
	for (i = head; i < used; i++) {
		data[i] ^= 4;
		EXPECT_EQ(-EINVAL, vmig_load(&self->dst, &self->data, 0, &out))
		TH_LOG("byte %zu changed", i);
		data[i] ^= 4;
	}
	EXPECT_EQ(0, scratch(&self->dst, 0));
	EXPECT_EQ(0, vmig_load(&self->dst, &self->data, 0, &out));
	EXPECT_EQ(MARKER, scratch(&self->dst, 0));
}

/* One line of log says why; the errno is that of the handshake. */
TEST_F_TIMEOUT(stream, refusal_says_why, 60)
{
	const char *type = self->ports == 1 ? MTTY_TYPES "/mtty-2" :
					      MTTY_TYPES "/mtty-1";
	struct vmig_device other;
	struct vmig_outcome out;
	char text[1024];
	int log;

	vmig_close(&self->dst);
	ASSERT_EQ(0, pu_create(type, 3));
	ASSERT_EQ(0, open_nr(&other, 3));
	sleep(6); /* the log is rate limited: 10 lines in 5 seconds */
	log = pu_log_start();
	EXPECT_EQ(-EMEDIUMTYPE, vmig_migrate(&self->src, &other, &self->data,
					     &out));
	EXPECT_EQ(VMIG_WRITE_PRE_COPY, out.step);
	EXPECT_EQ(0, out.recovery);
	EXPECT_EQ(1, pu_log_count(log, "not compatible: ", text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "type: ")) TH_LOG("%s", text);
	EXPECT_NE(NULL, strstr(text, "field ports: ")) TH_LOG("%s", text);
	log = pu_log_start();
	self->data.data[0]++;
	EXPECT_EQ(-EINVAL, vmig_load(&other, &self->data, 3, &out));
	EXPECT_EQ(1, pu_log_count(log, "migration stream refused: ", text,
				  sizeof(text)));
	vmig_close(&other);
	EXPECT_EQ(0, pu_remove(3));
}

TEST_HARNESS_MAIN
