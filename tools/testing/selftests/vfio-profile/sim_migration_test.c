// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: its migrations, within a series and from one to
 * another, and the streams that it refuses.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "sim_util.h"

#define SRC "vgpu/src"
#define DST "vgpu/dst"
#define HEADER_FIXED 16

static char path[PU_PATH];

/* ---- two devices ---- */

struct pair {
	struct vmig_device src, dst;
	struct vmig_stream stream;
	struct vmig_outcome out;
	struct sim_state state, before, after;
};

FIXTURE(pair)
{
	struct pair pair;
};

FIXTURE_SETUP(pair)
{
	struct pair *p = &self->pair;

	ASSERT_TRUE(pu_exists(SIM_ROOT "/vgpu"))
	TH_LOG("mdev_sim_vgpu is not loaded, or configfs not mounted");
	p->src.fd = -1;
	p->dst.fd = -1;
	pu_remove(1);
	pu_remove(2);
}

FIXTURE_TEARDOWN(pair)
{
	struct pair *p = &self->pair;

	if (p->src.fd >= 0)
		vmig_close(&p->src);
	if (p->dst.fd >= 0)
		vmig_close(&p->dst);
	vmig_stream_free(&p->stream);
	sim_remove(SRC);
	sim_remove(DST);
}

/* Of a series, with these lines of fields, that accepts these. */
static int make(const char *parent, unsigned int nr, const char *version,
		const char *accepts, const char *fields)
{
	const struct sim_text texts[] = {
		{ "software_version", version },
		{ "compatible_software_version", accepts },
		{ "fields", fields },
		{}
	};
	int ret = sim_make(parent, "t", texts);

	return ret ? ret : sim_create(parent, "t", nr);
}

static int open_nr(struct vmig_device *dev, unsigned int nr)
{
	char uuid[PU_UUID_SIZE];

	return vmig_open(dev, pu_uuid(nr, uuid), VMIG_ANY);
}

/* Both are open, with a state each; what a source of @regs sends is @state. */
static void begin(struct __test_metadata *_metadata, struct pair *p)
{
	ASSERT_EQ(0, open_nr(&p->src, 1));
	ASSERT_EQ(0, open_nr(&p->dst, 2));
	sim_fill(&p->state, 1);
	ASSERT_EQ(0, sim_put_state(&p->src, &p->state));
	sim_fill(&p->state, 2);
	ASSERT_EQ(0, sim_put_state(&p->dst, &p->state));
	ASSERT_EQ(0, sim_get_state(&p->dst, &p->before));
	sim_fill(&p->state, 1);
}

static void migrate(struct __test_metadata *_metadata, struct pair *p,
		    unsigned int regs)
{
	unsigned int i;

	ASSERT_EQ(0, vmig_migrate(&p->src, &p->dst, &p->stream,
				  &p->out))
	TH_LOG("%s", vmig_step_name(p->out.step));
	ASSERT_EQ(0, sim_get_state(&p->dst, &p->after));
	for (i = 0; i < SIM_REGS; i++) {
		EXPECT_EQ(i < regs ? p->state.reg[i] : 0,
			  p->after.reg[i])
		TH_LOG("register %u", i);
	}
	EXPECT_EQ(0, memcmp(p->state.memory, p->after.memory,
			    SIM_MEMORY));
}

static bool unchanged(struct pair *p)
{
	return !sim_get_state(&p->dst, &p->after) &&
	       !memcmp(&p->before, &p->after, sizeof(p->before));
}

/* ---- good ones ---- */

TEST_F(pair, same_series)
{
	struct pair *p = &self->pair;
	static const char *const versions[] = {
		"0.0.1", "1.0.0", "1.3.2", "2.0.0", "2.7.0", "3.8.0", "4.9.1",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		unsigned int minor = atoi(strchr(versions[i], '.') + 1);

		ASSERT_EQ(0, make(SRC, 1, versions[i], "", "enc=aes"));
		ASSERT_EQ(0, make(DST, 2, versions[i], "", "enc=aes,gcm"));
		begin(_metadata, p);
		migrate(_metadata, p, minor < 8 ? 8 + minor : 16);
		vmig_close(&p->src);
		vmig_close(&p->dst);
	}
}

TEST_F(pair, converts_from_old)
{
	struct pair *p = &self->pair;
	static const struct {
		const char *src, *dst;
		unsigned int regs;
	} from[] = {
		{ "1.0.0", "1.4.0", 8 }, { "1.3.0", "2.4.0", 11 },
		{ "2.0.0", "3.4.0", 8 }, { "2.6.0", "2.4.0", 12 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		ASSERT_EQ(0, make(SRC, 1, from[i].src, "", "enc=aes"));
		ASSERT_EQ(0, make(DST, 2, from[i].dst,
				  "1.0,1.3,2.0,2.6,1.4,2.4,3.4", "enc=aes"));
		begin(_metadata, p);
		migrate(_metadata, p, from[i].regs);
		vmig_close(&p->src);
		vmig_close(&p->dst);
	}
}

/* Pinned it fits, with what the older series knows; not pinned it does not. */
TEST_F(pair, pinned_to_old)
{
	struct pair *p = &self->pair;
	static const struct sim_text texts[] = {
		{ "software_version", "1.5.0" },
		{ "emitted_software_version", "1.1,1.5" },
		{ "fields", "enc=aes,gcm\n1.1 enc=aes\n" },
		{}
	};
	__u32 value = 0x12345678;

	ASSERT_EQ(0, sim_make(SRC, "t", texts));
	ASSERT_EQ(0, sim_create(SRC, "t", 1));
	ASSERT_EQ(0, make(DST, 2, "1.1.0", "", "enc=aes"));
	begin(_metadata, p);
	EXPECT_EQ(-EMEDIUMTYPE, vmig_migrate(&p->src, &p->dst,
					     &p->stream, &p->out));
	EXPECT_EQ(0, p->out.recovery);
	EXPECT_TRUE(unchanged(p));
	vmig_close(&p->src);
	ASSERT_EQ(0, pu_write_str(pu_device_file(1, "software_version", path),
				  "1.1"));
	ASSERT_EQ(0, open_nr(&p->src, 1));
	migrate(_metadata, p, 9);

	/* registers that the series lacks are not there */
	ASSERT_EQ(0, vmig_write_region(&p->src, 0, 36, &value, 4));
	ASSERT_EQ(0, vmig_read_region(&p->src, 0, 36, &value, 4));
	EXPECT_EQ(0, value);
	ASSERT_EQ(0, sim_get_state(&p->src, &p->after));
	EXPECT_EQ(p->state.reg[8], p->after.reg[8]);
	EXPECT_EQ(0, p->after.reg[9]);
}

TEST_F(pair, personalities)
{
	struct pair *p = &self->pair;
	static const char *const kind[] = { "nvme", "qat", "ccw", "ap" };
	static const struct sim_text none[] = { {} };
	char parent[2][16];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(kind); i++) {
		for (j = 0; j < 2; j++) {
			snprintf(parent[j], sizeof(parent[j]), "%s/%u",
				 kind[i], j);
			ASSERT_EQ(0, sim_make(parent[j], "t", none));
			ASSERT_EQ(0, sim_create(parent[j], "t", 1 + j));
		}
		begin(_metadata, p);
		migrate(_metadata, p, 8);
		vmig_close(&p->src);
		vmig_close(&p->dst);
		sim_remove(parent[0]);
		sim_remove(parent[1]);
	}
}

TEST_F(pair, in_pieces)
{
	struct pair *p = &self->pair;
	static const size_t chunk[] = { 1, 7, 64, 1000 };
	unsigned int i;

	ASSERT_EQ(0, make(SRC, 1, "1.1.0", "", "enc=aes"));
	ASSERT_EQ(0, make(DST, 2, "1.1.0", "", "enc=aes"));
	begin(_metadata, p);
	ASSERT_EQ(0, vmig_save(&p->src, &p->stream, &p->out));
	for (i = 0; i < ARRAY_SIZE(chunk); i++) {
		ASSERT_EQ(0, sim_put_state(&p->dst, &p->before));
		EXPECT_EQ(0, vmig_load(&p->dst, &p->stream, chunk[i],
				       &p->out));
		ASSERT_EQ(0, sim_get_state(&p->dst, &p->after));
		EXPECT_EQ(0, memcmp(p->state.memory, p->after.memory,
				    SIM_MEMORY));
	}
}

/* ---- what changes under way ---- */

TEST_F(pair, changed_while_in_pre_copy)
{
	struct pair *p = &self->pair;

	ASSERT_EQ(0, make(SRC, 1, "1.1.0", "", "enc=aes"));
	ASSERT_EQ(0, make(DST, 2, "1.1.0", "", "enc=aes,gcm"));
	begin(_metadata, p);
	if (!(p->src.flags & VFIO_MIGRATION_PRE_COPY))
		SKIP(return, "this kernel has no PRE_COPY");

	ASSERT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_PRE_COPY));
	ASSERT_EQ(0, vmig_pull(&p->src, &p->stream));
	EXPECT_LT(HEADER_FIXED, p->stream.used);
	EXPECT_GT(512, p->stream.used) TH_LOG("more than the header");
	ASSERT_EQ(0, sim_set(SRC, "t", "fields", "enc=gcm"));
	ASSERT_EQ(0, sim_flash(SRC, "gcm"));
	EXPECT_EQ(-ESTALE, vmig_set_state(&p->src,
					  VFIO_DEVICE_STATE_STOP_COPY));
	EXPECT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_RUNNING));
	migrate(_metadata, p, 9);

	/* a change that the line does not tell is none */
	ASSERT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_RUNNING));
	ASSERT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_PRE_COPY));
	ASSERT_EQ(0, sim_flash(SRC, "gcm-again"));
	EXPECT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_STOP_COPY));

	/* no profile, no stream */
	ASSERT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_RUNNING));
	ASSERT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_PRE_COPY));
	ASSERT_EQ(0, sim_set(SRC, "t", "fields", "enc="));
	ASSERT_NE(0, sim_flash(SRC, "bad"));
	EXPECT_EQ(-EOPNOTSUPP, vmig_set_state(&p->src,
					      VFIO_DEVICE_STATE_STOP_COPY));
	EXPECT_EQ(0, vmig_set_state(&p->src, VFIO_DEVICE_STATE_RUNNING));
	EXPECT_EQ(-EOPNOTSUPP, vmig_set_state(&p->src,
					      VFIO_DEVICE_STATE_PRE_COPY));
}

static const __u32 states[] = {
	VFIO_DEVICE_STATE_STOP, VFIO_DEVICE_STATE_STOP_COPY,
	VFIO_DEVICE_STATE_RESUMING, VFIO_DEVICE_STATE_RUNNING_P2P,
	VFIO_DEVICE_STATE_PRE_COPY, VFIO_DEVICE_STATE_PRE_COPY_P2P,
};

/* From each state a reset leads to RUNNING, and so does closing. */
TEST_F(pair, reset_and_close)
{
	struct pair *p = &self->pair;
	unsigned int i, way;
	char byte;
	int fd;

	ASSERT_EQ(0, make(SRC, 1, "1.1.0", "", "enc=aes"));
	ASSERT_EQ(0, make(DST, 2, "1.1.0", "", "enc=aes"));
	begin(_metadata, p);
	for (i = 0; i < 2 * ARRAY_SIZE(states); i++) {
		__u32 now = ~0;

		way = i % 2;
		if (states[i / 2] > VFIO_DEVICE_STATE_RESUMING &&
		    !(p->src.flags & VFIO_MIGRATION_PRE_COPY))
			break;
		ASSERT_EQ(0, vmig_set_state(&p->src, states[i / 2]))
		TH_LOG("state %u", states[i / 2]);
		fd = dup(p->src.stream);
		if (way) {
			ASSERT_EQ(0, vmig_reset(&p->src));
		} else {
			vmig_close(&p->src);
			ASSERT_EQ(0, open_nr(&p->src, 1));
		}
		ASSERT_EQ(0, vmig_get_state(&p->src, &now));
		EXPECT_EQ(VFIO_DEVICE_STATE_RUNNING, now);
		if (fd >= 0) {
			EXPECT_GT(0, read(fd, &byte, 1));
			EXPECT_GT(0, write(fd, "x", 1));
			close(fd);
		}
	}
	migrate(_metadata, p, 9);
}

/* A file may outlive its device, the parent and its folder. */
TEST_F(pair, a_file_keeps_its_device)
{
	struct pair *p = &self->pair;
	static const __u32 with_file[] = {
		VFIO_DEVICE_STATE_STOP_COPY, VFIO_DEVICE_STATE_RESUMING,
	};
	unsigned int i;
	char byte;
	int fd;

	for (i = 0; i < ARRAY_SIZE(with_file); i++) {
		ASSERT_EQ(0, make(SRC, 1, "1.1.0", "", "enc=aes"));
		ASSERT_EQ(0, open_nr(&p->src, 1));
		ASSERT_EQ(0, vmig_set_state(&p->src, with_file[i]));
		fd = dup(p->src.stream);
		ASSERT_LE(0, fd);
		vmig_close(&p->src);
		sim_remove(SRC);
		EXPECT_GT(0, read(fd, &byte, 1));
		EXPECT_GT(0, write(fd, "x", 1));
		close(fd);
	}
}

/* ---- streams that are refused ---- */

static __u32 crc32_of(const unsigned char *p, size_t len)
{
	__u32 crc = ~0U;
	unsigned int i;

	while (len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

static __u32 get_le32(const unsigned char *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (__u32)p[3] << 24;
}

/* Where the data begins. */
static size_t header_size(const struct vmig_stream *stream)
{
	return HEADER_FIXED + get_le32(stream->data + HEADER_FIXED - 4);
}

/* Whoever changes the data may change the checksum as well. */
static void mend(struct vmig_stream *stream)
{
	size_t at = header_size(stream), end = stream->used - 4;
	__u32 crc = crc32_of(stream->data + at, end - at);
	unsigned int i;

	for (i = 0; i < 4; i++)
		stream->data[end + i] = crc >> 8 * i;
}

/* A stream of a source of @version with one field, and its destination. */
static void save(struct __test_metadata *_metadata, struct pair *p,
		 const char *version)
{
	ASSERT_EQ(0, make(SRC, 1, version, "", "enc=aes"));
	ASSERT_EQ(0, make(DST, 2, version, "", "enc=aes,gcm"));
	begin(_metadata, p);
	ASSERT_EQ(0, vmig_save(&p->src, &p->stream, &p->out));
}

static int load(struct pair *p, size_t used)
{
	const struct vmig_stream stream = {
		.data = p->stream.data, .used = used,
	};

	vmig_load(&p->dst, &stream, 0, &p->out);
	return p->out.recovery ? p->out.recovery : p->out.error;
}

TEST_F(pair, cut_streams)
{
	struct pair *p = &self->pair;
	size_t n;

	save(_metadata, p, "1.1.0");
	for (n = 0; n < p->stream.used; n += n < 400 ? 1 : 97) {
		EXPECT_EQ(-EINVAL, load(p, n))
		TH_LOG("%zu bytes", n);
	}
	EXPECT_EQ(-EINVAL, load(p, p->stream.used - 1));
	EXPECT_TRUE(unchanged(p));
	EXPECT_EQ(0, load(p, p->stream.used));
}

TEST_F(pair, changed_streams)
{
	struct pair *p = &self->pair;
	size_t at, begin;

	save(_metadata, p, "2.1.0");
	begin = header_size(&p->stream);
	for (at = begin; at < p->stream.used; at++) {
		unsigned char *byte = p->stream.data + at;

		*byte ^= 1 << at % 8;
		EXPECT_EQ(-EINVAL, load(p, p->stream.used))
		TH_LOG("byte %zu", at - begin);
		*byte ^= 1 << at % 8;
	}
	EXPECT_TRUE(unchanged(p));
	EXPECT_EQ(0, load(p, p->stream.used));
}

/* Any byte of what is not memory, any value: only registers may change. */
TEST_F(pair, mended_streams)
{
	struct pair *p = &self->pair;
	static const unsigned char values[] = { 0, 1, 16, 17, 127, 255 };
	size_t at, begin, regs;
	unsigned int i;

	save(_metadata, p, "2.1.0");
	begin = header_size(&p->stream);
	regs = begin + 4 + 2 + 2 + strlen("enc=aes");
	for (at = begin; at < regs; at++) {
		for (i = 0; i < ARRAY_SIZE(values); i++) {
			unsigned char *byte = p->stream.data + at;
			unsigned char was = *byte;

			if (was == values[i])
				continue;
			*byte = values[i];
			mend(&p->stream);
			EXPECT_GT(0, load(p, p->stream.used))
			TH_LOG("byte %zu: %u", at - begin, values[i]);
			*byte = was;
		}
	}
	EXPECT_TRUE(unchanged(p));
	mend(&p->stream);
	EXPECT_EQ(0, load(p, p->stream.used));
}

/* Runs of nothing, and beyond the end of the memory. */
TEST_F(pair, runs)
{
	struct pair *p = &self->pair;
	size_t run;

	save(_metadata, p, "2.1.0");
	run = header_size(&p->stream) + 4 + 2 + 2 + strlen("enc=aes") +
	      9 * 4;
	ASSERT_EQ(255, p->stream.data[run]);
	p->stream.data[run] = 0;
	mend(&p->stream);
	EXPECT_EQ(-EINVAL, load(p, p->stream.used));
	p->stream.data[run] = 254;
	mend(&p->stream);
	EXPECT_EQ(-EINVAL, load(p, p->stream.used));
	p->stream.data[run] = 255;
	/* memory ends with runs of 32 */
	p->stream.data[p->stream.used - 6]++;
	mend(&p->stream);
	EXPECT_EQ(-EINVAL, load(p, p->stream.used));
	EXPECT_TRUE(unchanged(p));
}

/* The header says aes, the data something else: the hardware does not care. */
TEST_F(pair, the_device_has_the_last_word)
{
	struct pair *p = &self->pair;
	size_t at;

	save(_metadata, p, "1.1.0");
	at = header_size(&p->stream) + 4 + 2 + 2 + strlen("enc=");
	memcpy(p->stream.data + at, "gcm", 3);
	mend(&p->stream);
	EXPECT_EQ(0, load(p, p->stream.used));
	ASSERT_EQ(0, sim_put_state(&p->dst, &p->before));
	memcpy(p->stream.data + at, "xts", 3);
	mend(&p->stream);
	EXPECT_EQ(-EIO, load(p, p->stream.used));
	memcpy(p->stream.data + at, "aes", 3);
	memcpy(p->stream.data + at - 4, "end", 3);
	mend(&p->stream);
	EXPECT_EQ(-EIO, load(p, p->stream.used));
	EXPECT_TRUE(unchanged(p));
}

/* More than any source sends. */
TEST_F(pair, too_much)
{
	struct pair *p = &self->pair;
	static const unsigned char more[32768];
	size_t done = 0;

	save(_metadata, p, "1.1.0");
	ASSERT_EQ(0, vmig_set_state(&p->dst, VFIO_DEVICE_STATE_RESUMING));
	ASSERT_EQ(0, vmig_push(&p->dst, p->stream.data,
			       p->stream.used, 0));
	while (done < sizeof(more) &&
	       !vmig_push(&p->dst, more + done, 512, 0))
		done += 512;
	EXPECT_GT(16384, done);
	EXPECT_EQ(-EINVAL, vmig_set_state(&p->dst,
					  VFIO_DEVICE_STATE_RUNNING));
	ASSERT_EQ(0, vmig_reset(&p->dst));
	EXPECT_TRUE(unchanged(p));
	EXPECT_EQ(0, load(p, p->stream.used));
}

/* What the engine says: another field, and a series above. */
TEST_F(pair, not_compatible)
{
	struct pair *p = &self->pair;
	static const struct {
		const char *version, *fields;
	} source[] = {
		{ "1.2.0", "enc=aes" }, { "2.1.0", "enc=aes" },
		{ "1.1.0", "enc=xts" }, { "1.1.0", "enc=aes\nmore=1" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(source); i++) {
		ASSERT_EQ(0, make(SRC, 1, source[i].version, "",
				  source[i].fields));
		ASSERT_EQ(0, make(DST, 2, "1.1.0", "", "enc=aes,gcm"));
		begin(_metadata, p);
		EXPECT_EQ(-EMEDIUMTYPE,
			  vmig_migrate(&p->src, &p->dst, &p->stream,
				       &p->out));
		EXPECT_EQ(0, p->out.recovery);
		EXPECT_TRUE(unchanged(p));
		vmig_close(&p->src);
		vmig_close(&p->dst);
	}
}

/* Not a test of speed, but it says what it saw. */
TEST_F(pair, many)
{
	struct pair *p = &self->pair;
	const unsigned int nr = 100;
	struct timespec start, end;
	unsigned int i;

	ASSERT_EQ(0, make(SRC, 1, "1.1.0", "", "enc=aes"));
	ASSERT_EQ(0, make(DST, 2, "1.1.0", "", "enc=aes,gcm"));
	begin(_metadata, p);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < nr; i++) {
		ASSERT_EQ(0, vmig_migrate(&p->src, &p->dst,
					  &p->stream, &p->out));
		ASSERT_EQ(0, vmig_set_state(&p->src,
					    VFIO_DEVICE_STATE_RUNNING));
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	TH_LOG("%u migrations in %.3f s", nr, end.tv_sec - start.tv_sec +
	       (end.tv_nsec - start.tv_nsec) / 1e9);
}

TEST_HARNESS_MAIN
