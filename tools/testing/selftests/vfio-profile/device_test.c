// SPDX-License-Identifier: GPL-2.0-only
/*
 * The instance's own node while it is unbound, also with its VFIO file open;
 * and what a listener to uevents finds at the moment it is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>

#include "kselftest_harness.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define LINE "x-v1;api=vfio-pci;type=mtty-1;sw=1.0.0;end"
#define UNBIND "/sys/bus/mdev/drivers/mtty/unbind"

FIXTURE(device)
{
	char line[PU_PATH];
	char uuid[PU_UUID_SIZE];
};

FIXTURE_SETUP(device)
{
	ASSERT_EQ(0, pu_create(MTTY_TYPES "/mtty-1", 1))
	TH_LOG("mtty is not loaded, or its instance 1 exists");
	pu_device_file(1, "migration_version", self->line);
	pu_uuid(1, self->uuid);
}

FIXTURE_TEARDOWN(device)
{
	EXPECT_EQ(0, pu_remove(1));
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

static int uevent_socket(void)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1,
	};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Wait for a uevent whose header or a variable is @word. */
static bool uevent_wait(int fd, const char *word)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char buf[8192];

	while (poll(&pfd, 1, 20000) == 1) {
		ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);
		char *var;

		if (n <= 0)
			return false;
		buf[n] = '\0';
		for (var = buf; var < buf + n; var += strlen(var) + 1)
			if (strstr(var, word))
				return true;
	}
	return false;
}

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
	int fd = uevent_socket();
	pthread_t thread;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, pthread_create(&thread, NULL, do_register, types));
	EXPECT_TRUE(uevent_wait(fd, "MDEV_STATE=registered"));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-t/software_version"));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-t/compatible_mode"));
	EXPECT_TRUE(pu_exists(TEST_TYPES "/platform-t/migration_version"));
	pthread_join(thread, NULL);

	ASSERT_EQ(0, pthread_create(&thread, NULL, do_create,
				    TEST_TYPES "/platform-t"));
	pu_uuid(5, uuid);
	snprintf(header, sizeof(header), "/%s", uuid);
	EXPECT_TRUE(uevent_wait(fd, header));
	EXPECT_TRUE(pu_exists(pu_device_file(5, "migration_version", path)));
	EXPECT_TRUE(uevent_wait(fd, "DRIVER=vfio_profile_test"));
	EXPECT_TRUE(pu_exists(pu_device_file(5, "fps", path)));
	pthread_join(thread, NULL);
	close(fd);
	pu_unregister();
}

TEST_HARNESS_MAIN
