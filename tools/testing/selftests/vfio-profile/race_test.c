// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers and writers of every attribute, and files held open, while what they
 * belong to comes and goes: instances, their driver, the parent, the driver's
 * module; and while the driver says that its answers have changed.
 *
 * VFIO_COMPAT_CYCLES says how often, 50 if it is not set.  Any answer is right
 * but a wrong one: what is read is whole, what is not compatible is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define THREADS 3
#define FILES_MAX 32
#define LIMIT 3600 /* seconds, for a slow machine */

#define BAD_LINE "x-v1;api=vfio-pci;type=no-such;sw=1.0.0;end"

static const char test_types[] =
	"set_version 0\n"
	"type a\nown:version 1.1.0\n1.0:version 1.0.0\nemit 1.0\nemit 1.1\n"
	"add mode x\nresource fps\n"
	"type b\nversion 1.0.0\nadd mode x\nadd pci_ids 1:2\n";

/* What the threads work on; set before they start. */
static struct {
	const char *file[FILES_MAX];
	atomic_bool stop;
	atomic_ulong reads, writes, pins, wrong;
} work;

static void count_read(const char *path, int fd)
{
	char text[PU_PAGE + 1];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n < 0)
		return;
	atomic_fetch_add(&work.reads, 1);
	text[n] = '\0';
	if (n && text[n - 1] != '\n')
		atomic_fetch_add(&work.wrong, 1);
	if (n && strstr(path, "/migration_version") &&
	    (n < 5 || strcmp(text + n - 5, ";end\n")))
		atomic_fetch_add(&work.wrong, 1);
}

/* Pins an instance, and takes that back; what is not a series never is one. */
static void count_pin(int fd)
{
	static atomic_uint turn;
	const char *series = atomic_fetch_add(&turn, 1) % 2 ? "1.0" : "1.1";

	if (pwrite(fd, series, 3, 0) == 3)
		atomic_fetch_add(&work.pins, 1);
	else if (errno == EINVAL)
		atomic_fetch_add(&work.wrong, 1);
}

static void count_write(int fd)
{
	ssize_t n = pwrite(fd, BAD_LINE, strlen(BAD_LINE), 0);

	if (n >= 0)
		atomic_fetch_add(&work.wrong, 1);
	else if (errno == EMEDIUMTYPE)
		atomic_fetch_add(&work.writes, 1);
	else if (errno == EINVAL)
		atomic_fetch_add(&work.wrong, 1);
}

/* One thread; the last one keeps each file open for a while. */
static void *hammer(void *arg)
{
	bool holds = arg; /* of the last thread */
	unsigned int i = 0;

	while (!atomic_load(&work.stop)) {
		const char *path = work.file[i++];
		bool line = strstr(path, "/migration_version");
		bool pin = strstr(path, MDEV_DEVICES) &&
			   strstr(path, "/software_version");
		int fd = open(path, line || pin ? O_RDWR : O_RDONLY);
		int repeat = holds ? 50 : 1;

		if (!work.file[i])
			i = 0;
		if (fd < 0) {
			sched_yield();
			continue;
		}
		while (repeat-- && !atomic_load(&work.stop)) {
			count_read(path, fd);
			if (line)
				count_write(fd);
			if (pin)
				count_pin(fd);
			if (holds)
				usleep(200);
		}
		close(fd);
	}
	return NULL;
}

static unsigned int cycles(void)
{
	const char *text = getenv("VFIO_COMPAT_CYCLES");

	return text && atoi(text) > 0 ? atoi(text) : 50;
}

FIXTURE(race)
{
	pthread_t thread[THREADS];
	unsigned int cycles;
};

FIXTURE_SETUP(race)
{
	ASSERT_TRUE(pu_exists(TEST_DRIVER) && pu_exists(MTTY_TYPES))
	TH_LOG("vfio_profile_test and mtty have to be loaded");
	self->cycles = cycles();
	memset(&work, 0, sizeof(work));
}

FIXTURE_TEARDOWN(race)
{
	pu_unregister();
	pu_load("mtty");
}

static void start(struct __test_metadata *_metadata, pthread_t *threads,
		  const char *const *files)
{
	unsigned long i;

	for (i = 0; files[i]; i++)
		work.file[i] = files[i];
	for (i = 0; i < THREADS; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, hammer,
					    i == THREADS - 1 ? &work : NULL));
}

static void finish(struct __test_metadata *_metadata, pthread_t *threads,
		   unsigned int done)
{
	unsigned int i;

	atomic_store(&work.stop, true);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	TH_LOG("%u cycles, %lu reads, %lu refused writes, %lu pins", done,
	       atomic_load(&work.reads), atomic_load(&work.writes),
	       atomic_load(&work.pins));
	EXPECT_EQ(0, atomic_load(&work.wrong));
	EXPECT_LT(0, atomic_load(&work.reads));
	EXPECT_LT(0, atomic_load(&work.writes));
}

TEST_F_TIMEOUT(race, instances_come_and_go, LIMIT)
{
	char path[4][PU_PATH];
	const char *const files[] = {
		pu_device_file(1, "migration_version", path[0]),
		pu_device_file(2, "migration_version", path[1]),
		pu_device_file(1, "software_version", path[3]),
		MTTY_TYPES "/mtty-1/migration_version",
		pu_device_file(1, "mdev_type/compatible_ports", path[2]),
		NULL,
	};
	unsigned int i;

	start(_metadata, self->thread, files);
	for (i = 0; i < self->cycles; i++) {
		EXPECT_EQ(0, pu_create(MTTY_TYPES "/mtty-1", 1));
		EXPECT_EQ(0, pu_create(MTTY_TYPES "/mtty-2", 2));
		EXPECT_EQ(0, pu_remove(1));
		EXPECT_EQ(0, pu_remove(2));
	}
	finish(_metadata, self->thread, i);
}

/* Removing the parent takes its instances along. */
TEST_F_TIMEOUT(race, parent_comes_and_goes, LIMIT)
{
	char path[3][PU_PATH];
	const char *const files[] = {
		pu_device_file(3, "software_version", path[2]),
		TEST_TYPES "/platform-a/migration_version",
		TEST_TYPES "/platform-a/compatible_mode",
		TEST_TYPES "/platform-a/dynamic_resources",
		TEST_TYPES "/platform-b/compatible_software_version",
		TEST_TYPES "/platform-b/migration_version",
		pu_device_file(3, "migration_version", path[0]),
		pu_device_file(3, "fps", path[1]),
		NULL,
	};
	unsigned int i;

	start(_metadata, self->thread, files);
	for (i = 0; i < self->cycles; i++) {
		EXPECT_EQ(0, pu_register(test_types));
		EXPECT_EQ(0, pu_create(TEST_TYPES "/platform-a", 3));
		usleep(1000);
		pu_unregister();
		EXPECT_FALSE(pu_exists(TEST_TYPES));
	}
	finish(_metadata, self->thread, i);
}

static void *do_unbind(void *uuid)
{
	pu_write_str("/sys/bus/mdev/drivers/mtty/unbind", uuid);
	return NULL;
}

/* An unbind waits until the VFIO file is closed, and readers wait with it. */
TEST_F_TIMEOUT(race, unbind_with_an_open_file, LIMIT)
{
	char path[2][PU_PATH], uuid[PU_UUID_SIZE];
	const char *const files[] = {
		pu_device_file(6, "migration_version", path[0]),
		pu_device_file(6, "software_version", path[1]),
		NULL,
	};
	struct vmig_device vfio;
	pthread_t thread;
	unsigned int i;

	pu_uuid(6, uuid);
	start(_metadata, self->thread, files);
	for (i = 0; i < self->cycles; i++) {
		ASSERT_EQ(0, pu_create(MTTY_TYPES "/mtty-1", 6));
		ASSERT_EQ(0, vmig_open(&vfio, uuid, VMIG_ANY));
		ASSERT_EQ(0, pthread_create(&thread, NULL, do_unbind, uuid));
		usleep(1000);
		vmig_close(&vfio);
		pthread_join(thread, NULL);
		ASSERT_EQ(0, pu_remove(6));
	}
	finish(_metadata, self->thread, i);
}

/* One more thread: the driver says that its answers have changed. */
static void *change(void *changes)
{
	atomic_ulong *nr = changes;

	while (!atomic_load(&work.stop)) {
		int ret = pu_write_str(TEST_DRIVER "/changed", "1");

		if (ret == 0)
			atomic_fetch_add(nr, 1);
		else if (ret != -ENODEV)
			atomic_fetch_add(&work.wrong, 1);
		else
			sched_yield();
	}
	return NULL;
}

TEST_F_TIMEOUT(race, answers_change, LIMIT)
{
	char path[2][PU_PATH];
	const char *const files[] = {
		TEST_TYPES "/platform-a/migration_version",
		TEST_TYPES "/platform-b/compatible_pci_ids",
		pu_device_file(7, "migration_version", path[0]),
		pu_device_file(7, "software_version", path[1]),
		NULL,
	};
	static atomic_ulong changes;
	pthread_t thread;
	unsigned int i;

	atomic_store(&changes, 0);
	start(_metadata, self->thread, files);
	ASSERT_EQ(0, pthread_create(&thread, NULL, change, &changes));
	for (i = 0; i < self->cycles; i++) {
		EXPECT_EQ(0, pu_register(test_types));
		EXPECT_EQ(0, pu_create(TEST_TYPES "/platform-a", 7));
		usleep(1000);
		EXPECT_EQ(0, pu_remove(7));
		pu_unregister();
	}
	finish(_metadata, self->thread, i);
	pthread_join(thread, NULL);
	TH_LOG("%lu changes", atomic_load(&changes));
	EXPECT_LT(0, atomic_load(&changes));
}

/* An open file keeps no module: unloading waits for calls, not for files. */
TEST_F_TIMEOUT(race, module_is_unloaded, LIMIT)
{
	char path[PU_PATH], other[PU_PATH];
	const char *const files[] = {
		MTTY_TYPES "/mtty-1/migration_version",
		MTTY_TYPES "/mtty-2/migration_version",
		MTTY_TYPES "/mtty-1/compatible_pci_ids",
		MTTY_TYPES "/mtty-2/software_version",
		pu_device_file(4, "migration_version", path),
		pu_device_file(4, "software_version", other),
		NULL,
	};
	unsigned int i;

	start(_metadata, self->thread, files);
	for (i = 0; i < self->cycles; i++) {
		EXPECT_EQ(0, pu_create(MTTY_TYPES "/mtty-2", 4));
		usleep(1000);
		ASSERT_EQ(0, pu_unload("mtty"));
		ASSERT_EQ(0, pu_load("mtty"));
	}
	finish(_metadata, self->thread, i);
}

TEST_HARNESS_MAIN
