// SPDX-License-Identifier: GPL-2.0-only
/*
 * The instance's own node while it is unbound, also with its VFIO file open;
 * and what a listener to uevents finds at the moment it is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define TYPE TEST_TYPES "/platform-t"
#define LINE "x-v1;api=vfio-pci;type=platform-t;sw=1.0.0;end"
#define UNBIND "/sys/bus/mdev/drivers/vfio_profile_test/unbind"

FIXTURE(device)
{
	char line[PU_PATH];
	char uuid[PU_UUID_SIZE];
};

FIXTURE_SETUP(device)
{
	ASSERT_TRUE(pu_exists(TEST_DRIVER))
	TH_LOG("vfio_profile_test is not loaded");
	pu_unregister(); /* of a test that was given up */
	ASSERT_EQ(0, pu_register("type t\nversion 1.0.0\n"));
	ASSERT_EQ(0, pu_create(TYPE, 1));
	pu_device_file(1, "migration_version", self->line);
	pu_uuid(1, self->uuid);
}

FIXTURE_TEARDOWN(device)
{
	EXPECT_EQ(0, pu_remove(1));
	pu_unregister();
}

TEST_F(device, unbound)
{
	char text[PU_PAGE + 1];

	EXPECT_LT(0, pu_read(self->line, text, sizeof(text)));
	EXPECT_EQ(0, pu_write_str(self->line, LINE));
	ASSERT_EQ(0, pu_write_str(UNBIND, self->uuid));
	EXPECT_EQ(-ENODEV, pu_read(self->line, text, sizeof(text)));
	EXPECT_EQ(-ENODEV, pu_write_str(self->line, LINE));
}

static void *unbind(void *uuid)
{
	pu_write_str(UNBIND, uuid);
	return NULL;
}

static void on_alarm(int signal)
{
	(void)signal;
}

/*
 * An unbind waits until the VFIO file is closed, and so does a read at that
 * time; it must end with a signal, and with the unbind.
 */
TEST_F_TIMEOUT(device, unbound_with_an_open_file, 120)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct vmig_device vfio;
	char text[PU_PAGE + 1];
	pthread_t thread;
	int ret = 1, tries;

	ASSERT_EQ(0, vmig_open(&vfio, self->uuid, VMIG_ANY));
	EXPECT_LT(0, pu_read(self->line, text, sizeof(text)));
	EXPECT_EQ(0, pu_write_str(self->line, LINE));
	sigaction(SIGALRM, &action, NULL);
	ASSERT_EQ(0, pthread_create(&thread, NULL, unbind, self->uuid));
	for (tries = 0; tries < 10 && ret > 0; tries++) {
		usleep(200000);
		alarm(2);
		ret = pu_read(self->line, text, sizeof(text));
		alarm(0);
	}
	EXPECT_EQ(-EINTR, ret);
	vmig_close(&vfio);
	pthread_join(thread, NULL);
	EXPECT_EQ(-ENODEV, pu_read(self->line, text, sizeof(text)));
}

/* ---- uevents ---- */

static void *do_register(void *types)
{
	pu_register(types);
	return NULL;
}

static void *do_create(void *type)
{
	pu_create(type, 5);
	return NULL;
}

TEST(what_a_listener_finds)
{
	char types[] = "type t\nversion 1.0.0\nadd mode x\nresource fps\n";
	char uuid[PU_UUID_SIZE], header[64], path[PU_PATH];
	char text[PU_PAGE + 1];
	int fd = pu_uevent_open();
	pthread_t thread;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, pthread_create(&thread, NULL, do_register, types));
	EXPECT_TRUE(pu_uevent_wait(fd, "MDEV_STATE=registered", NULL));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-t/software_version"));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-t/compatible_mode"));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-t/migration_version"));
	pthread_join(thread, NULL);

	ASSERT_EQ(0, pthread_create(&thread, NULL, do_create,
				    TEST_TYPES "/platform-t"));
	pu_uuid(5, uuid);
	snprintf(header, sizeof(header), "/%s", uuid);
	EXPECT_TRUE(pu_uevent_wait(fd, "add@", header));
	EXPECT_TRUE(pu_exists(pu_device_file(5, "migration_version", path)));
	EXPECT_TRUE(pu_exists(pu_device_file(5, "software_version", path)));
	EXPECT_TRUE(pu_uevent_wait(fd, "bind@", header));
	EXPECT_EQ(3, pu_read(pu_device_file(5, "fps", path), text,
			     sizeof(text)));
	EXPECT_EQ(6, pu_read(pu_device_file(5, "software_version", path), text,
			     sizeof(text)));
	EXPECT_LT(0, pu_read(pu_device_file(5, "migration_version", path), text,
			     sizeof(text)));
	pthread_join(thread, NULL);
	close(fd);
	pu_unregister();
}

TEST_HARNESS_MAIN
