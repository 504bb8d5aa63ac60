// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instances: software_version and what it is pinned to, and what cannot be
 * changed while the device is open.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define TYPE TEST_TYPES "/platform-t"
#define HEAD "vfio_profile_test-v1;api=vfio-pci;type=platform-t;"

/*
 * Series 2.1 has gained the cipher gcm and the resource fps.  What is said of
 * 1.9 is not valid.
 */
#define COMMON                                                                 \
	"type t\nown:version 2.1.3\n2.0:version 2.0.7\n1.9:version 1.8.0\n"    \
	"accept 2.0\naccept 2.1\n"                                             \
	"t:list enc aes,gcm\ni:own:add enc gcm\ni:2.0:add enc aes\n"           \
	"resource aggregator\nown:resource fps\n"
#define EMITS "emit 1.9\nemit 2.0\nemit 2.1\n"
#define TYPES "set_version 0\n" COMMON EMITS

static const char own_line[] =
	HEAD "sw=2.1.3;f.enc=gcm;r.aggregator=1;r.fps=60;end\n";
static const char old_line[] =
	HEAD "sw=2.0.7;f.enc=aes;r.aggregator=1;end\n";

FIXTURE(instance)
{
	char version[PU_PATH], line[PU_PATH], fps[PU_PATH];
	char uuid[PU_UUID_SIZE];
	char text[PU_PAGE + 1];
};

FIXTURE_SETUP(instance)
{
	ASSERT_TRUE(pu_exists(TEST_DRIVER))
	TH_LOG("vfio_profile_test is not loaded");
	pu_unregister(); /* of a test that was given up */
	ASSERT_EQ(0, pu_register(TYPES));
	ASSERT_EQ(0, pu_create(TYPE, 1));
	pu_device_file(1, "software_version", self->version);
	pu_device_file(1, "migration_version", self->line);
	pu_device_file(1, "fps", self->fps);
	pu_uuid(1, self->uuid);
}

FIXTURE_TEARDOWN(instance)
{
	pu_unregister();
}

#define EXPECT_TEXT(wanted, path)                                              \
	do {                                                                   \
		const char *_wanted = (wanted);                                \
		EXPECT_EQ((int)strlen(_wanted),                                \
			  pu_read(path, self->text, sizeof(self->text)));      \
		EXPECT_STREQ(_wanted, self->text);                             \
	} while (0)

TEST_F(instance, is_pinned_with_its_line)
{
	EXPECT_EQ(0644, pu_mode(self->version));
	EXPECT_TEXT("2.1.3\n", self->version);
	EXPECT_TEXT(own_line, self->line);
	EXPECT_EQ(0, pu_write_str(self->version, "2.0"));
	EXPECT_TEXT("2.0.7\n", self->version);
	EXPECT_TEXT(old_line, self->line);
	EXPECT_EQ(0, pu_write_str(self->version, "2.0\n"));
	EXPECT_TEXT(old_line, self->line);
	/* the type says what it said */
	EXPECT_TEXT("2.1.3\n", TYPE "/software_version");
	EXPECT_TEXT("1.9,2.0,2.1\n", TYPE "/emitted_software_version");
	EXPECT_EQ(0, pu_write_str(self->version, "2.1\n"));
	EXPECT_TEXT(own_line, self->line);
}

TEST_F(instance, takes_no_other_spelling)
{
	static const struct {
		const char *text;
		size_t len;
	} bad[] = {
		{ "\n", 1 },	  { "2", 1 },	   { "2.", 2 },
		{ "2.0.7", 5 },	  { "02.0", 4 },   { "2.00", 4 },
		{ " 2.0", 4 },	  { "2.0 ", 4 },   { "2.0\n\n", 5 },
		{ "2.0\0", 4 },	  { "2,0", 3 },	   { "-2.0", 4 },
		{ "+2.0", 4 },	  { "2.65536", 7 }, { "1.0", 3 },
		{ "2.2", 3 },	  { "2.3", 3 },	   { "own", 3 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *text = bad[i].text;

		EXPECT_EQ(-EINVAL, pu_write(self->version, text, bad[i].len))
		TH_LOG("'%s'", text);
	}
	EXPECT_TEXT("2.1.3\n", self->version);
}

TEST_F(instance, is_not_pinned_to_what_it_cannot_describe)
{
	EXPECT_EQ(-EOPNOTSUPP, pu_write_str(self->version, "1.9"));
	EXPECT_TEXT("2.1.3\n", self->version);
	ASSERT_EQ(0, pu_write_str(self->version, "2.0"));
	EXPECT_EQ(-EOPNOTSUPP, pu_write_str(self->version, "1.9"));
	EXPECT_TEXT(old_line, self->line);
}

TEST_F(instance, pinned_takes_no_newer_series)
{
	EXPECT_EQ(0, pu_write_str(self->line, own_line));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(self->line, HEAD
		"sw=2.1.0;r.aggregator=2;end"));
	ASSERT_EQ(0, pu_write_str(self->version, "2.0"));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(self->line, HEAD
		"sw=2.1.0;f.enc=aes;r.aggregator=1;end"));
	EXPECT_EQ(0, pu_write_str(self->line, old_line));
	/* what it accepts per field stays its type's */
	EXPECT_EQ(0, pu_write_str(self->line, HEAD
		"sw=2.0.0;f.enc=gcm;r.aggregator=1;end"));
}

TEST_F(instance, keeps_all_while_it_is_open)
{
	char aggregator[PU_PATH];
	struct vmig_device vfio;

	pu_device_file(1, "aggregator", aggregator);
	ASSERT_EQ(0, vmig_open(&vfio, self->uuid, VMIG_ANY));
	EXPECT_EQ(-EBUSY, pu_write_str(self->version, "2.0"));
	EXPECT_EQ(-EBUSY, pu_write_str(self->version, "2.1"));
	EXPECT_EQ(-EBUSY, pu_write_str(self->fps, "30"));
	EXPECT_EQ(-EBUSY, pu_write_str(aggregator, "2"));
	EXPECT_EQ(-EINVAL, pu_write_str(self->version, "2.2"));
	EXPECT_TEXT("2.1.3\n", self->version);
	EXPECT_TEXT("60\n", self->fps);
	EXPECT_TEXT(own_line, self->line);
	EXPECT_EQ(0, pu_write_str(self->line, own_line));
	vmig_close(&vfio);
	EXPECT_EQ(0, pu_write_str(self->version, "2.0"));
	EXPECT_EQ(0, pu_write_str(self->fps, "30"));
	EXPECT_EQ(0, pu_write_str(self->fps, "60\n"));
}

TEST_F(instance, pin_survives_close_and_reset)
{
	struct vmig_device vfio;

	ASSERT_EQ(0, pu_write_str(self->version, "2.0"));
	ASSERT_EQ(0, vmig_open(&vfio, self->uuid, VMIG_ANY));
	EXPECT_EQ(0, vmig_reset(&vfio));
	EXPECT_TEXT(old_line, self->line);
	vmig_close(&vfio);
	EXPECT_TEXT(old_line, self->line);
	/* and not the end of the instance */
	ASSERT_EQ(0, pu_remove(1));
	ASSERT_EQ(0, pu_create(TYPE, 1));
	EXPECT_TEXT(own_line, self->line);
}

/* The stream of a pinned instance has that series' line. */
TEST_F(instance, pin_is_that_of_the_stream)
{
	struct vmig_stream stream = {};
	struct vmig_outcome out;
	struct vmig_device vfio;
	size_t len = strlen(old_line) - 1;

	ASSERT_EQ(0, pu_write_str(self->version, "2.0"));
	ASSERT_EQ(0, vmig_open(&vfio, self->uuid, VMIG_ANY));
	ASSERT_EQ(0, vmig_save(&vfio, &stream, &out));
	ASSERT_EQ(16 + len + 64, stream.used);
	EXPECT_EQ(0, memcmp(stream.data + 16, old_line, len));
	vmig_stream_free(&stream);
	vmig_close(&vfio);
}

TEST_F(instance, pin_that_is_no_longer_offered)
{
	ASSERT_EQ(0, pu_write_str(self->version, "2.0"));
	ASSERT_EQ(0, pu_changed("set_version 0\n" COMMON "emit 2.1\n"));
	EXPECT_EQ(-EOPNOTSUPP, pu_read(self->version, self->text, PU_PAGE));
	EXPECT_EQ(-EOPNOTSUPP, pu_read(self->line, self->text, PU_PAGE));
	EXPECT_EQ(-EOPNOTSUPP, pu_write_str(self->line, old_line));
	EXPECT_EQ(-EINVAL, pu_write_str(self->version, "2.0"));
	EXPECT_EQ(0, pu_write_str(self->version, "2.1"));
	EXPECT_TEXT(own_line, self->line);
}

TEST_F(instance, set_version_may_refuse)
{
	static const struct {
		const char *text;
		int error;
	} cases[] = {
		{ "set_version -16\n" COMMON EMITS, -EBUSY },
		{ "set_version -19\n" COMMON EMITS, -ENODEV },
		{ "set_version -22\n" COMMON EMITS, -EOPNOTSUPP },
		{ "set_version 1\n" COMMON EMITS, -EOPNOTSUPP },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		pu_unregister();
		ASSERT_EQ(0, pu_register(cases[i].text));
		ASSERT_EQ(0, pu_create(TYPE, 1));
		EXPECT_EQ(cases[i].error, pu_write_str(self->version, "2.0"));
		EXPECT_TEXT(own_line, self->line);
	}
}

TEST_F(instance, without_set_version)
{
	pu_unregister();
	ASSERT_EQ(0, pu_register(COMMON "emit 2.1\n"));
	ASSERT_EQ(0, pu_create(TYPE, 1));
	EXPECT_EQ(0444, pu_mode(self->version));
	EXPECT_TEXT("2.1.3\n", self->version);
	EXPECT_EQ(-EACCES, pu_write_str(self->version, "2.1"));
}

TEST_F(instance, unbound)
{
	ASSERT_EQ(0, pu_write_str("/sys/bus/mdev/drivers/vfio_profile_test/unbind",
				  self->uuid));
	EXPECT_EQ(-ENODEV, pu_read(self->version, self->text, PU_PAGE));
	EXPECT_EQ(-ENODEV, pu_write_str(self->version, "2.0"));
	EXPECT_FALSE(pu_exists(self->fps));
}

TEST_HARNESS_MAIN
