// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers that describe themselves badly: registration fails with a specific
 * errno and one message, and nothing is left; the same driver then registers
 * well.  And what a good registration may say.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"

#define GOOD "type good\nversion 1.0.0\nadd mode x\n"
#define TEXT_SIZE 65536

FIXTURE(driver)
{
	char *types; /* room to make a long text in */
};

FIXTURE_SETUP(driver)
{
	ASSERT_TRUE(pu_exists(TEST_DRIVER))
	TH_LOG("vfio_profile_test is not loaded");
	self->types = malloc(TEXT_SIZE);
	ASSERT_NE(NULL, self->types);
}

FIXTURE_TEARDOWN(driver)
{
	pu_unregister();
	free(self->types);
}

static int live_instances(void)
{
	char text[16];

	return pu_read(TEST_DRIVER "/instances", text, sizeof(text)) < 0 ?
		       -1 :
		       atoi(text);
}

struct refusal {
	const char *types;
	int error;
	const char *says; /* the message, after the name of the type */
};

static const struct refusal refusals[] = {
	{ "type bad\nversion 1.0\n", -EINVAL,
	  "software_version: '1.0' is not" },
	{ "type bad\nversion 01.0.0\n", -EINVAL, "software_version: '01.0.0'" },
	{ "type bad\nversion 1.0.65536\n", -EINVAL,
	  "software_version: '1.0.65536'" },
	{ "type bad\nversion 1.0.0\nversion 1.0.0\n", -EEXIST,
	  "software_version: '1.0.0' is there already" },
	{ "type bad\nadd a b\n", -ENODATA, "software_version: was not given" },
	{ "type bad\nversion 1.0.0\nadd type x\n", -EEXIST,
	  "compatible_type: 'type' is reserved" },
	{ "type bad\nversion 1.0.0\nadd create x\n", -EEXIST,
	  "compatible_create: 'create' is reserved" },
	{ "type bad\nversion 1.0.0\nresource remove\n", -EEXIST,
	  "dynamic_resources: 'remove' is reserved" },
	{ "type bad\nversion 1.0.0\nadd Mode x\n", -EINVAL,
	  "compatible_Mode: 'Mode' is not a name" },
	{ "type bad\nversion 1.0.0\nadd mode x,y\n", -EINVAL,
	  "compatible_mode: 'x%2Cy' is too long, or" },
	{ "type bad\nversion 1.0.0\nadd mode x\nadd mode x\n", -EEXIST,
	  "compatible_mode: 'x' is there already" },
	{ "type bad\nversion 1.0.0\nlist mode x,x\n", -EEXIST,
	  "compatible_mode: 'x' is there already" },
	{ "type bad\nversion 1.0.0\nlist mode\n", -ENODATA,
	  "compatible_mode: has an empty value, or none" },
	{ "type bad\nversion 1.0.0\nadd mode\n", -ENODATA,
	  "compatible_mode: has an empty value, or none" },
	{ "type bad\nversion 1.0.0\naccept-type a b\n", -EINVAL,
	  "compatible_type: 'a%20b'" },
	{ "type bad\nversion 1.0.0\naccept 1\n", -EINVAL,
	  "compatible_software_version: '1' is not" },
	{ "type bad\nversion 1.1.0\naccept 1.0\n", -ERANGE,
	  "compatible_software_version: lacks the device's own" },
	{ "type bad\nversion 1.1.0\nemit 1.0\n", -ERANGE,
	  "emitted_software_version: lacks the device's own" },
	{ "type bad\nversion 1.1.0\nemit 1.1\nemit 1.2\n", -ERANGE,
	  "emitted_software_version: has a series above" },
	{ "type bad\nversion 1.1.0\nemit 1.0\nemit 1.1\n", -EINVAL,
	  "emitted_software_version: more than one series" },
	{ "type bad\nversion 1.64.0\n", -ERANGE,
	  "compatible_software_version: must be listed" },
	{ "type bad\nversion 1.0.0\nresource fps\nresource fps\n", -EEXIST,
	  "dynamic_resources: 'fps' is there already" },
	{ "type bad\nversion 1.0.0\nvendor x\n", -EINVAL,
	  "vendor: given by a driver without check()" },
	{ "describe none\ntype bad\n", -EINVAL, "profile_ops: no describe()" },
	{ "api vfio pci\ntype bad\nversion 1.0.0\n", -EINVAL,
	  "device_api: 'vfio%20pci'" },
	{ "type bad type\nversion 1.0.0\n", -EINVAL,
	  "type: 'platform-bad%20type'" },
	{ "type bad\nversion 1.0.0\nerrno -5\n", -EIO,
	  "describe() failed: -5" },
	{ "type bad\nversion 1.0.0\nerrno 5\n", -EINVAL,
	  "describe() failed: 5" },
	/* an attribute of the driver that cannot be written to */
	{ "type bad\nversion 1.0.0\nresource serial\n", -ENXIO,
	  "dynamic_resources: 'serial' is no attribute" },
	/* a good type before or after it does not help */
	{ GOOD "type bad\nversion x\n", -EINVAL, "software_version: 'x'" },
	{ "type bad\nversion x\n" GOOD, -EINVAL, "software_version: 'x'" },
};

/* Registration fails as said, leaves nothing, and the driver can go on. */
static void refused(struct __test_metadata *_metadata, const char *types,
		    int error, const char *says)
{
	int log = pu_log_start(), count;
	char line[512];

	EXPECT_EQ(error, pu_register(types)) TH_LOG("%.200s", types);
	count = pu_log_count(log, "platform-bad", line, sizeof(line));
	EXPECT_EQ(1, count) TH_LOG("%.200s", types);
	EXPECT_NE(NULL, strstr(line, says))
	TH_LOG("the kernel said: %s; not: %s", line, says);
	EXPECT_FALSE(pu_exists(TEST_TYPES)) TH_LOG("%.200s", types);
	EXPECT_EQ(0, pu_register(GOOD));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-good/compatible_mode"));
	pu_unregister();
	EXPECT_FALSE(pu_exists(TEST_TYPES));
}

TEST_F_TIMEOUT(driver, bad_descriptions_are_refused, 300)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		refused(_metadata, refusals[i].types, refusals[i].error,
			refusals[i].says);
	}
}

static char *many(char *to, const char *format, unsigned int nr)
{
	int len = sprintf(to, "type bad\nversion 1.0.0\n");
	unsigned int i;

	for (i = 0; i < nr; i++)
		len += sprintf(to + len, format, i);
	return to;
}

TEST_F_TIMEOUT(driver, more_than_fits_is_refused_not_cut, 300)
{
	/* 100 values of 50 characters: more than a page */
	refused(_metadata, many(self->types, "add mode v%049u\n", 100), -E2BIG,
		"migration_version: does not fit in 4094");
	refused(_metadata, many(self->types, "add f%u x\n", 17), -E2BIG,
		"compatible_f16: 'f16' is one more than a profile holds");
	refused(_metadata, many(self->types, "add m %u\n", 769), -E2BIG,
		"compatible_m: '768' is one more");
	refused(_metadata, many(self->types, "accept-type t%u\n", 65), -E2BIG,
		"compatible_type: 't64' is one more");
	refused(_metadata, many(self->types, "accept 1.%u\n", 65), -E2BIG,
		"compatible_software_version: '1.64' is one more");
	refused(_metadata, many(self->types, "resource r%u\n", 17), -E2BIG,
		"dynamic_resources: 'r16' is one more");
}

TEST_F(driver, the_most_that_fits)
{
	char text[PU_PAGE + 1];
	int len;

	many(self->types, "add f%02u x\n", 16);
	EXPECT_EQ(0, pu_register(self->types));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-bad/compatible_f15"));
	pu_unregister();

	/* sets that do not fill the line, but a page: 63 types of 64 letters */
	many(self->types, "accept-type %064u\n", 61);
	EXPECT_EQ(0, pu_register(self->types));
	len = pu_read(TEST_TYPES "/platform-bad/compatible_type", text,
		      sizeof(text));
	EXPECT_EQ(61 * 65 + (int)strlen("platform-bad\n"), len);
	EXPECT_EQ('\n', text[len - 1]);
}

TEST_F(driver, a_type_may_say_that_it_does_not_take_part)
{
	char list[512];

	ASSERT_EQ(0, pu_register("type off\nerrno -95\n" GOOD));
	EXPECT_STREQ("available_instances create device_api devices name",
		     pu_list(TEST_TYPES "/platform-off", list, sizeof(list)));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-good/software_version"));
	EXPECT_EQ(0, pu_create(TEST_TYPES "/platform-off", 1));
	EXPECT_EQ(0, pu_remove(1));
}

TEST_F(driver, a_driver_without_ops_has_none)
{
	char list[512];

	ASSERT_EQ(0, pu_register("ops none\n" GOOD));
	EXPECT_STREQ("available_instances create device_api devices name",
		     pu_list(TEST_TYPES "/platform-good", list, sizeof(list)));
}

TEST_F(driver, a_resource_that_is_no_file_fails_create)
{
	static const char *const names[] = { "nofile", "power_x", "iommu_group" };
	char types[128], path[PU_PATH], line[512];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		int log = pu_log_start();

		snprintf(types, sizeof(types), GOOD "resource %s\n", names[i]);
		ASSERT_EQ(0, pu_register(types));
		EXPECT_EQ(-ENXIO, pu_create(TEST_TYPES "/platform-good", 1));
		EXPECT_EQ(1, pu_log_count(log, names[i], line, sizeof(line)));
		EXPECT_FALSE(pu_exists(pu_device_file(1, "", path)));
		EXPECT_EQ(0, live_instances());
		pu_unregister();
	}
}

TEST_F(driver, resources_that_are_files)
{
	char path[PU_PATH], text[PU_PAGE + 1];

	ASSERT_EQ(0, pu_register(GOOD "resource fps\nresource aggregator\n"));
	pu_read(TEST_TYPES "/platform-good/dynamic_resources", text,
		sizeof(text));
	EXPECT_STREQ("aggregator,fps\n", text);
	ASSERT_EQ(0, pu_create(TEST_TYPES "/platform-good", 1));
	EXPECT_EQ(0, pu_write_str(pu_device_file(1, "fps", path), "25\n"));
	pu_read(pu_device_file(1, "migration_version", path), text,
		sizeof(text));
	EXPECT_NE(NULL, strstr(text, ";r.aggregator=1;r.fps=25;end\n"))
	TH_LOG("%s", text);
}

static void *create_early(void *result)
{
	int *ret = result;
	unsigned int i;

	for (i = 0; i < 4000; i++) {
		*ret = pu_create(TEST_TYPES "/platform-first", 7);
		if (*ret != -ENOENT)
			break;
		usleep(500);
	}
	return NULL;
}

/* Types appear one by one; none can be used before all of them are there. */
TEST_F(driver, create_is_refused_until_the_parent_is_registered)
{
	pthread_t thread;
	int ret = 0;

	ASSERT_EQ(0, pthread_create(&thread, NULL, create_early, &ret));
	EXPECT_EQ(-EINVAL, pu_register("type first\nversion 1.0.0\n"
				       "type bad\ndelay 1000\nversion x\n"));
	pthread_join(thread, NULL);
	EXPECT_EQ(-ENODEV, ret);
	EXPECT_EQ(0, live_instances());
	EXPECT_FALSE(pu_exists(TEST_TYPES));
}

TEST_HARNESS_MAIN
