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

/**
 * struct driver - whose instances and module come and go
 * @name: its name, and that of its module
 * @type: folders of two types
 * @types: what the test driver registers; NULL: types come with the module
 */
struct driver {
	const char *name;
	const char *type[2];
	const char *types;
};

static const struct driver mtty = {
	.name = "mtty",
	.type = { MTTY_TYPES "/mtty-1", MTTY_TYPES "/mtty-2" },
};

static const struct driver test_driver = {
	.name = "vfio_profile_test",
	.type = { TEST_TYPES "/platform-a", TEST_TYPES "/platform-b" },
	.types = test_types,
};

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
	const struct driver *drv;
	char type_file[4][PU_PATH];
};

/* A real driver where it migrates; mtty of Linux 6.1 does not. */
FIXTURE_SETUP(race)
{
	ASSERT_TRUE(pu_exists(TEST_DRIVER) && pu_exists(MTTY_TYPES))
	TH_LOG("vfio_profile_test and mtty have to be loaded");
	self->cycles = cycles();
	self->drv = pu_exists(MTTY_TYPES "/mtty-1/migration_version") ?
			    &mtty : &test_driver;
	memset(&work, 0, sizeof(work));
}

FIXTURE_TEARDOWN(race)
{
	pu_load(self->drv->name);
	pu_unregister();
}

/* Types that come with the module are there already. */
static int add_types(const struct driver *drv)
{
	return drv->types ? pu_register(drv->types) : 0;
}

static const char *type_file(const struct driver *drv, unsigned int type,
			     const char *attr, char path[PU_PATH])
{
	snprintf(path, PU_PATH, "%s/%s", drv->type[type], attr);
	return path;
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
	const struct driver *drv = self->drv;
	char path[4][PU_PATH];
	const char *const files[] = {
		pu_device_file(1, "migration_version", path[0]),
		pu_device_file(2, "migration_version", path[1]),
		pu_device_file(1, "software_version", path[3]),
		type_file(drv, 0, "migration_version", self->type_file[0]),
		pu_device_file(2, "mdev_type/compatible_pci_ids", path[2]),
		NULL,
	};
	unsigned int i;

	ASSERT_EQ(0, add_types(drv));
	start(_metadata, self->thread, files);
	for (i = 0; i < self->cycles; i++) {
		EXPECT_EQ(0, pu_create(drv->type[0], 1));
		EXPECT_EQ(0, pu_create(drv->type[1], 2));
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

/* An instance's driver is unbound. */
struct unbind {
	char path[PU_PATH];
	char uuid[PU_UUID_SIZE];
};

static void *do_unbind(void *arg)
{
	struct unbind *unbind = arg;

	pu_write_str(unbind->path, unbind->uuid);
	return NULL;
}

/* An unbind waits until the VFIO file is closed, and readers wait with it. */
TEST_F_TIMEOUT(race, unbind_with_an_open_file, LIMIT)
{
	char path[2][PU_PATH];
	const char *const files[] = {
		pu_device_file(6, "migration_version", path[0]),
		pu_device_file(6, "software_version", path[1]),
		NULL,
	};
	struct vmig_device vfio;
	struct unbind unbind;
	pthread_t thread;
	unsigned int i;

	pu_uuid(6, unbind.uuid);
	snprintf(unbind.path, sizeof(unbind.path),
		 "/sys/bus/mdev/drivers/%s/unbind", self->drv->name);
	ASSERT_EQ(0, add_types(self->drv));
	start(_metadata, self->thread, files);
	for (i = 0; i < self->cycles; i++) {
		ASSERT_EQ(0, pu_create(self->drv->type[0], 6));
		ASSERT_EQ(0, vmig_open(&vfio, unbind.uuid, VMIG_ANY));
		ASSERT_EQ(0, pthread_create(&thread, NULL, do_unbind, &unbind));
		usleep(1000);
		vmig_close(&vfio);
		pthread_join(thread, NULL);
		ASSERT_EQ(0, pu_remove(6));
	}
	finish(_metadata, self->thread, i);
}

/* On one CPU the threads may not have had a turn yet. */
static void let_them_work(void)
{
	unsigned long reads = atomic_load(&work.reads);
	unsigned long writes = atomic_load(&work.writes);
	unsigned int tries;

	for (tries = 0; tries < 1000; tries++) {
		usleep(1000);
		if (atomic_load(&work.reads) != reads &&
		    atomic_load(&work.writes) != writes)
			return;
	}
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
		let_them_work();
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
	const struct driver *drv = self->drv;
	char path[PU_PATH], other[PU_PATH];
	const char *const files[] = {
		type_file(drv, 0, "migration_version", self->type_file[0]),
		type_file(drv, 1, "migration_version", self->type_file[1]),
		type_file(drv, 1, "compatible_pci_ids", self->type_file[2]),
		type_file(drv, 1, "software_version", self->type_file[3]),
		pu_device_file(4, "migration_version", path),
		pu_device_file(4, "software_version", other),
		NULL,
	};
	unsigned int i;

	start(_metadata, self->thread, files);
	for (i = 0; i < self->cycles; i++) {
		ASSERT_EQ(0, add_types(drv));
		EXPECT_EQ(0, pu_create(drv->type[0], 4));
		usleep(1000);
		ASSERT_EQ(0, pu_unload(drv->name));
		ASSERT_EQ(0, pu_load(drv->name));
	}
	finish(_metadata, self->thread, i);
}

TEST_HARNESS_MAIN
