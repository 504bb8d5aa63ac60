// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that says something else than before: who polls wakes, who listens
 * is told, and nobody is shown what is no longer true.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"

#define TYPE TEST_TYPES "/platform-t"
#define LINE "x-v1;api=vfio-pci;type=platform-t;sw=1.1.0;r.fps;end"
#define OTHER "type u\nversion 1.0.0\n"
#define FIRST                                                                  \
	"set_version 0\ntype t\nown:version 1.1.0\n1.0:version 1.0.0\n"        \
	"emit 1.0\nemit 1.1\nadd mode x\nresource fps\n"
#define SECOND                                                                 \
	"set_version 0\ntype t\nown:version 1.2.0\n1.0:version 1.0.0\n"        \
	"emit 1.0\nemit 1.2\nt:list mode x,y\ni:add mode x\nresource fps\n"

/* Each is no longer true of the type as it was registered, or never was. */
static const char *const bad[] = {
	"type t\nversion 1.1\nadd mode x\nresource fps\n",
	"type t\nversion 1.1.0\nadd mode x y\nresource fps\n",
	"type t\nversion 1.1.0\nadd mode x\nadd more x\nresource fps\n",
	"type t\nversion 1.1.0\nresource fps\n",
	"type t\nversion 1.1.0\nadd other x\nresource fps\n",
	"type t\nversion 1.1.0\nadd mode x\n",
	"type t\nversion 1.1.0\nadd mode x\nresource url\n",
	"type t\nversion 1.1.0\nadd mode x\nresource fps\nvendor x\n",
	"type t\nerrno -5\n",
};

FIXTURE(change)
{
	char line[PU_PATH], version[PU_PATH], fps[PU_PATH];
	char text[PU_PAGE + 1];
};

FIXTURE_SETUP(change)
{
	ASSERT_TRUE(pu_exists(TEST_DRIVER))
	TH_LOG("vfio_profile_test is not loaded");
	pu_unregister(); /* of a test that was given up */
	ASSERT_EQ(0, pu_register(FIRST OTHER));
	ASSERT_EQ(0, pu_create(TYPE, 1));
	pu_device_file(1, "migration_version", self->line);
	pu_device_file(1, "software_version", self->version);
	pu_device_file(1, "fps", self->fps);
}

FIXTURE_TEARDOWN(change)
{
	pu_unregister();
}

static const char *const type_files[] = {
	TYPE "/software_version",
	TYPE "/compatible_software_version",
	TYPE "/emitted_software_version",
	TYPE "/compatible_type",
	TYPE "/compatible_mode",
	TYPE "/dynamic_resources",
	TYPE "/migration_version",
};

TEST_F(change, is_seen_by_all_readers)
{
	int fd = open(TYPE "/compatible_mode", O_RDONLY);
	ssize_t n;

	EXPECT_EQ(2, pread(fd, self->text, PU_PAGE, 0));
	ASSERT_EQ(0, pu_changed(SECOND OTHER));
	n = pread(fd, self->text, PU_PAGE, 0);
	close(fd);
	EXPECT_EQ(4, n);
	EXPECT_EQ(0, memcmp(self->text, "x,y\n", 4));
	pu_read(TYPE "/software_version", self->text, PU_PAGE);
	EXPECT_STREQ("1.2.0\n", self->text);
	pu_read(self->version, self->text, PU_PAGE);
	EXPECT_STREQ("1.2.0\n", self->text);
	pu_read(TYPE "/compatible_software_version", self->text, PU_PAGE);
	EXPECT_STREQ("1.0,1.1,1.2\n", self->text);
	EXPECT_EQ(0, pu_write_str(TYPE "/migration_version", LINE));
	ASSERT_EQ(0, pu_changed(FIRST OTHER));
	pu_read(TYPE "/software_version", self->text, PU_PAGE);
	EXPECT_STREQ("1.1.0\n", self->text);
}

/* A file that was read, to be polled. */
static int watch(const char *path)
{
	char text[PU_PAGE + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && pread(fd, text, PU_PAGE, 0) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Whether it has woken by now; a wake-up may take a moment. */
static bool woken(int fd, int timeout)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	bool ret = poll(&pfd, 1, timeout) == 1 && (pfd.revents & POLLPRI);

	close(fd);
	return ret;
}

TEST_F(change, wakes_who_polls)
{
	const char *files[ARRAY_SIZE(type_files) + 2];
	int fd[ARRAY_SIZE(files)];
	unsigned int i;

	memcpy(files, type_files, sizeof(type_files));
	files[ARRAY_SIZE(type_files)] = self->line;
	files[ARRAY_SIZE(type_files) + 1] = self->version;
	EXPECT_FALSE(woken(watch(self->line), 100));
	for (i = 0; i < ARRAY_SIZE(files); i++)
		fd[i] = watch(files[i]);
	ASSERT_EQ(0, pu_changed(SECOND OTHER));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const char *name = files[i];

		EXPECT_TRUE(woken(fd[i], 5000)) TH_LOG("%s", name);
	}
	/* also when the answer is none */
	for (i = 0; i < ARRAY_SIZE(files); i++)
		fd[i] = watch(files[i]);
	EXPECT_EQ(-EINVAL, pu_changed(bad[0]));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const char *name = files[i];

		EXPECT_TRUE(woken(fd[i], 5000)) TH_LOG("%s", name);
	}
}

TEST_F(change, of_pin_and_resource_wakes_too)
{
	int line = watch(self->line), version = watch(self->version);

	ASSERT_EQ(0, pu_write_str(self->version, "1.0"));
	EXPECT_TRUE(woken(line, 5000));
	EXPECT_TRUE(woken(version, 5000));
	line = watch(self->line);
	ASSERT_EQ(0, pu_write_str(self->fps, "30"));
	EXPECT_TRUE(woken(line, 5000));
	line = watch(self->line);
	EXPECT_EQ(-EINVAL, pu_write_str(self->version, "9.9"));
	EXPECT_FALSE(woken(line, 200));
}

TEST_F(change, is_told_by_uevents_of_the_parent)
{
	int fd = pu_uevent_open();

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, pu_changed(SECOND OTHER));
	EXPECT_TRUE(pu_uevent_wait(fd, "change@/devices/platform/vfio_profile_test",
				   "VFIO_PROFILE_TYPE=platform-t"));
	EXPECT_TRUE(pu_uevent_wait(fd, "VFIO_PROFILE=changed",
				   "VFIO_PROFILE_TYPE=platform-u"));
	close(fd);
}

/* Each file of the interface, read and written. */
static bool says(const char *line, const char *version, int error)
{
	char text[PU_PAGE + 1];
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(type_files); i++) {
		ret = pu_read(type_files[i], text, PU_PAGE);
		if (error ? ret != error : ret < 0)
			return false;
	}
	ret = pu_read(line, text, PU_PAGE);
	if (error ? ret != error : ret < 0)
		return false;
	ret = pu_read(version, text, PU_PAGE);
	if (error ? ret != error : ret < 0)
		return false;
	if (!error)
		return true;
	return pu_write_str(TYPE "/migration_version", LINE) == error &&
	       pu_write_str(line, LINE) == error &&
	       pu_write_str(version, "1.1") == error;
}

TEST_F(change, to_what_is_not_valid_fails_closed)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *said = bad[i];
		int log = pu_log_start();

		EXPECT_GT(0, pu_changed(said)) TH_LOG("%s", said);
		EXPECT_TRUE(says(self->line, self->version, -EOPNOTSUPP))
		TH_LOG("%s", said);
		EXPECT_EQ(1, pu_log_count(log, "platform-t: ", self->text,
					  PU_PAGE))
		TH_LOG("%s", said);
		EXPECT_TRUE(pu_exists(self->line));
		/* and it is not a line first */
		EXPECT_EQ(-EINVAL, pu_write_str(self->line, "x"));
		ASSERT_EQ(0, pu_changed(FIRST OTHER));
		EXPECT_TRUE(says(self->line, self->version, 0));
	}
}

TEST_F(change, to_cannot_at_present)
{
	int log = pu_log_start();

	EXPECT_EQ(0, pu_changed("type t\nerrno -95\n" OTHER));
	EXPECT_TRUE(says(self->line, self->version, -EOPNOTSUPP));
	EXPECT_EQ(0, pu_log_count(log, "platform-t: ", self->text, PU_PAGE));
	/* types and instances are there all the same */
	EXPECT_EQ(0, pu_create(TYPE, 2));
	EXPECT_EQ(0, pu_changed(FIRST OTHER));
	EXPECT_TRUE(says(self->line, self->version, 0));
}

TEST_F(change, of_a_parent_that_is_gone)
{
	pu_unregister();
	EXPECT_EQ(-ENODEV, pu_changed(FIRST OTHER));
}

TEST_HARNESS_MAIN
