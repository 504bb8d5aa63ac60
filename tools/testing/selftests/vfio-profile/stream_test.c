// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stream helper in a real migration of the test driver's instances: what
 * the handshake says is what the stream meets, with the same errno.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define OTHER "type u\nversion 1.1.0\nresource fps\n"
#define TYPES                                                                  \
	"type t\nversion 1.1.0\nt:list enc aes,gcm\ni:add enc gcm\n"           \
	"resource fps\n" OTHER
#define STATE 64
#define FIXED 16

FIXTURE(stream)
{
	struct vmig_device src, dst;
	struct vmig_stream data;
	unsigned char state[STATE];
	char text[PU_PAGE + 1];
};

static int open_nr(struct vmig_device *dev, unsigned int nr)
{
	char uuid[PU_UUID_SIZE];

	return vmig_open(dev, pu_uuid(nr, uuid), VMIG_ANY);
}

FIXTURE_SETUP(stream)
{
	struct vmig_outcome out;

	ASSERT_TRUE(pu_exists(TEST_DRIVER))
	TH_LOG("vfio_profile_test is not loaded");
	pu_unregister(); /* of a test that was given up */
	ASSERT_EQ(0, pu_register(TYPES));
	ASSERT_EQ(0, pu_create(TEST_TYPES "/platform-t", 1));
	ASSERT_EQ(0, pu_create(TEST_TYPES "/platform-t", 2));
	ASSERT_EQ(0, open_nr(&self->src, 1));
	ASSERT_EQ(0, open_nr(&self->dst, 2));
	memset(self->state, 0x5a, STATE);
	ASSERT_EQ(0, vmig_write_region(&self->src, 0, 0, self->state, STATE));
	ASSERT_EQ(0, vmig_save(&self->src, &self->data, &out));
	ASSERT_LT(FIXED + STATE, self->data.used);
}

FIXTURE_TEARDOWN(stream)
{
	vmig_stream_free(&self->data);
	vmig_close(&self->src);
	vmig_close(&self->dst);
	pu_unregister();
}

/* Whether the destination's state is all of this byte. */
static bool state_is(struct vmig_device *dev, unsigned char byte)
{
	unsigned char state[STATE], wanted[STATE];

	memset(wanted, byte, STATE);
	return !vmig_read_region(dev, 0, 0, state, STATE) &&
	       !memcmp(state, wanted, STATE);
}

TEST_F(stream, arrives_whatever_the_size_of_writes)
{
	static const size_t chunks[] = { 1, 2, 7, 8, 15, 16, 17, 100, 0 };
	struct vmig_outcome out;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		memset(self->state, i, STATE);
		ASSERT_EQ(0, vmig_reset(&self->src));
		ASSERT_EQ(0, vmig_write_region(&self->src, 0, 0, self->state,
					       STATE));
		ASSERT_EQ(0, vmig_save(&self->src, &self->data, &out));
		ASSERT_EQ(0, vmig_reset(&self->dst));
		EXPECT_EQ(0, vmig_load(&self->dst, &self->data, chunks[i],
				       &out))
		TH_LOG("writes of %zu bytes", chunks[i]);
		EXPECT_TRUE(state_is(&self->dst, i));
	}
}

TEST_F(stream, cut_anywhere_is_refused)
{
	struct vmig_outcome out;
	size_t i;

	for (i = 0; i < self->data.used; i++) {
		struct vmig_stream cut = {
			.data = self->data.data,
			.used = i,
		};

		EXPECT_EQ(-EINVAL, vmig_load(&self->dst, &cut, 0, &out))
		TH_LOG("cut after %zu bytes", i);
		EXPECT_EQ(0, out.recovery);
	}
	EXPECT_TRUE(state_is(&self->dst, 0));
	EXPECT_EQ(0, vmig_load(&self->dst, &self->data, 0, &out));
	EXPECT_TRUE(state_is(&self->dst, 0x5a));
}

TEST_F(stream, changed_header_is_refused)
{
	size_t head = self->data.used - STATE, i;
	unsigned char *data = self->data.data;
	struct vmig_outcome out;

	for (i = 0; i < head; i++) {
		int ret;

		/* the driver's name, minor (1.0) and bugfix may differ */
		if ((i >= FIXED && i < FIXED + strlen("vfio_profile_test")) ||
		    !memcmp(data + i, "1.0;f.", 6) ||
		    !memcmp(data + i, "0;f.", 4))
			continue;
		data[i] ^= 1;
		ret = vmig_load(&self->dst, &self->data, 0, &out);
		EXPECT_TRUE(ret == -EINVAL || ret == -EMEDIUMTYPE)
		TH_LOG("byte %zu: %d", i, ret);
		EXPECT_EQ(0, out.recovery);
		data[i] ^= 1;
	}
	EXPECT_TRUE(state_is(&self->dst, 0));
	EXPECT_EQ(0, vmig_load(&self->dst, &self->data, 0, &out));
}

/* The errno of a write, and then that it sticks and nothing is loaded. */
static int refused(struct vmig_device *dst, const struct vmig_stream *s)
{
	int ret = vmig_set_state(dst, VFIO_DEVICE_STATE_RESUMING), again;

	if (ret)
		return ret;
	ret = vmig_push(dst, s->data, s->used, 0);
	again = vmig_push(dst, s->data, s->used, 1);
	if (ret != again)
		return 1;
	if (!vmig_set_state(dst, VFIO_DEVICE_STATE_RUNNING))
		return 2;
	return vmig_reset(dst) ? 3 : ret;
}

static int probe(unsigned int nr)
{
	char path[PU_PATH], line[PU_PAGE + 1];
	int len = pu_read(pu_device_file(1, "migration_version", path), line,
			  PU_PAGE);

	if (len < 0)
		return len;
	return pu_write(pu_device_file(nr, "migration_version", path), line,
			len);
}

/* As the handshake says, and one line of log with the reason. */
TEST_F_TIMEOUT(stream, is_refused_as_the_handshake_says, 60)
{
	static const struct {
		const char *types, *reason;
		int error;
	} cases[] = {
		{ "type t\nversion 1.1.0\nt:add enc gcm\nt:add enc x\n"
		  "i:add enc x\nresource fps\n" OTHER, NULL, 0 },
		{ "type t\nversion 1.1.0\nt:add enc aes\nresource fps\n" OTHER,
		  "field enc: ", -EMEDIUMTYPE },
		{ "type t\nversion 1.1.0\naccept 1.1\nt:add enc gcm\n"
		  "resource fps\ni:errno -95\n" OTHER,
		  "cannot take part", -EOPNOTSUPP },
	};
	unsigned int i;
	int log;

	sleep(6); /* the log is rate limited: 10 lines in 5 seconds */
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vmig_outcome out;

		ASSERT_EQ(0, pu_changed(cases[i].types));
		log = pu_log_start();
		if (!cases[i].error) {
			EXPECT_EQ(0, vmig_load(&self->dst, &self->data, 0,
					       &out));
			continue;
		}
		EXPECT_EQ(cases[i].error, refused(&self->dst, &self->data));
		EXPECT_EQ(1, pu_log_count(log, cases[i].reason, self->text,
					  PU_PAGE))
		TH_LOG("%s", cases[i].reason);
	}
	/* a value that differs, and another type */
	ASSERT_EQ(0, pu_changed(TYPES));
	vmig_close(&self->dst);
	ASSERT_EQ(0, pu_write_str(pu_device_file(2, "fps", self->text), "30"));
	EXPECT_EQ(-EMEDIUMTYPE, probe(2));
	ASSERT_EQ(0, open_nr(&self->dst, 2));
	EXPECT_EQ(-EMEDIUMTYPE, refused(&self->dst, &self->data));
	vmig_close(&self->dst);
	ASSERT_EQ(0, pu_create(TEST_TYPES "/platform-u", 3));
	ASSERT_EQ(0, open_nr(&self->dst, 3));
	EXPECT_EQ(-EMEDIUMTYPE, probe(3));
	EXPECT_EQ(-EMEDIUMTYPE, refused(&self->dst, &self->data));
}

/* The line of a type in a stream: values are not there to be compared. */
TEST_F(stream, of_a_type_does_not_decide)
{
	char line[] = "x-v1;api=vfio-pci;type=platform-t;sw=1.1.0;r.fps;end";
	unsigned char head[FIXED + sizeof(line) - 1] = "VFIOprof\1\0\0\0";
	struct vmig_stream s = { .data = head, .used = sizeof(head) };

	head[12] = sizeof(line) - 1;
	memcpy(head + FIXED, line, sizeof(line) - 1);
	EXPECT_EQ(-ENODATA, refused(&self->dst, &s));
}

TEST_F(stream, source_that_cannot_at_present)
{
	struct vmig_outcome out;

	ASSERT_EQ(0, vmig_reset(&self->src));
	ASSERT_EQ(0, pu_changed("type t\nerrno -95\n" OTHER));
	EXPECT_EQ(-EOPNOTSUPP, refused(&self->dst, &self->data));
	EXPECT_EQ(-EOPNOTSUPP, vmig_save(&self->src, &self->data, &out));
	EXPECT_EQ(0, out.recovery);
	ASSERT_EQ(0, pu_changed(TYPES));
	EXPECT_EQ(0, vmig_save(&self->src, &self->data, &out));
}

TEST_F(stream, closed_while_resuming)
{
	struct vmig_outcome out;
	__u32 state;

	ASSERT_EQ(0, vmig_set_state(&self->dst, VFIO_DEVICE_STATE_RESUMING));
	EXPECT_EQ(0, vmig_push(&self->dst, self->data.data, 20, 0));
	vmig_close(&self->dst);
	ASSERT_EQ(0, open_nr(&self->dst, 2));
	ASSERT_EQ(0, vmig_get_state(&self->dst, &state));
	EXPECT_EQ((__u32)VFIO_DEVICE_STATE_RUNNING, state);
	EXPECT_EQ(0, vmig_load(&self->dst, &self->data, 0, &out));
}

/* ---- events ---- */

#define TRACING "/sys/kernel/tracing"
#define EVENT TRACING "/events/vfio_profile/vfio_profile_verdict/enable"

/* The last event since the buffer was emptied. */
static bool event_has(const char *word, char *text)
{
	int n = pu_read(TRACING "/trace", text, PU_PAGE);

	return n > 0 && strstr(text, word);
}

TEST_F(stream, refusal_is_an_event)
{
	const char *const words[] = {
		"vfio_profile_verdict: node=",
		" type=platform-t rule=field name=enc source=gcm destination=aes",
	};
	char uuid[PU_UUID_SIZE];
	unsigned int i;

	mount("tracefs", TRACING, "tracefs", 0, NULL);
	ASSERT_TRUE(pu_exists(EVENT))
	TH_LOG("this kernel has no trace events");
	ASSERT_EQ(0, pu_changed("type t\nversion 1.1.0\nt:add enc aes\n"
				"i:add enc gcm\nresource fps\n" OTHER));
	ASSERT_EQ(0, pu_write_str(EVENT, "1"));
	ASSERT_EQ(0, pu_write_str(TRACING "/trace", "\n"));
	EXPECT_EQ(-EMEDIUMTYPE, refused(&self->dst, &self->data));
	for (i = 0; i < ARRAY_SIZE(words); i++)
		EXPECT_TRUE(event_has(words[i], self->text))
		TH_LOG("%s", self->text);
	EXPECT_TRUE(event_has(pu_uuid(2, uuid), self->text));
	ASSERT_EQ(0, pu_write_str(TRACING "/trace", "\n"));
	EXPECT_EQ(-EMEDIUMTYPE, probe(2));
	EXPECT_TRUE(event_has(words[1], self->text));
	EXPECT_EQ(0, pu_write_str(EVENT, "0"));
}

TEST_HARNESS_MAIN
