// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers and writers of every attribute of virtual functions while these come
 * and go: unbound with an open VFIO file, taken away by their physical function,
 * and with that one, hot-unplugged.
 *
 * VFIO_COMPAT_CYCLES says how often, 20 if it is not set.  What takes the device
 * lock in an attribute hangs here for ever: the kernel's limit for hung tasks
 * is to be short.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "pci_util.h"

#define THREADS 3
#define LIMIT 3600 /* seconds, for a slow machine */
#define BAD_LINE "x-v1;api=vfio-pci;type=no-such;sw=1.0.0;end"

static const char *const attrs[] = {
	"migration_version", "software_version", "remote_url",
	"compatible_queues", "migration_type", "device_api",
	"dynamic_resources", "emitted_software_version",
};

static struct {
	char name[2][VF_NAME_SIZE];
	char pf[VF_NAME_SIZE];
	atomic_bool stop;
	atomic_ulong reads, writes, pins, urls, wrong;
} work;

/* ---- who reads and writes ---- */

static void use_line(int fd, char *text, ssize_t len)
{
	if (len < 5 || strcmp(text + len - 5, ";end\n"))
		atomic_fetch_add(&work.wrong, 1);
	if (pwrite(fd, BAD_LINE, strlen(BAD_LINE), 0) >= 0 || errno == EINVAL)
		atomic_fetch_add(&work.wrong, 1);
	else if (errno == EMEDIUMTYPE)
		atomic_fetch_add(&work.writes, 1);
}

static void use(const char *attr, int fd)
{
	static atomic_uint turn;
	char text[PU_PAGE + 1];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n < 0)
		return;
	text[n] = '\0';
	atomic_fetch_add(&work.reads, 1);
	if (!n || text[n - 1] != '\n')
		atomic_fetch_add(&work.wrong, 1);
	if (!strcmp(attr, "migration_version")) {
		use_line(fd, text, n);
	} else if (!strcmp(attr, "software_version")) {
		if (pwrite(fd, atomic_fetch_add(&turn, 1) % 2 ? "1.0" : "1.6",
			   3, 0) == 3)
			atomic_fetch_add(&work.pins, 1);
	} else if (!strcmp(attr, "remote_url")) {
		if (pwrite(fd, "none", 4, 0) == 4)
			atomic_fetch_add(&work.urls, 1);
	}
}

/* One thread; the last one keeps each file open for a while. */
static void *hammer(void *holds)
{
	unsigned int i = 0;

	while (!atomic_load(&work.stop)) {
		const char *attr = attrs[i / 2 % ARRAY_SIZE(attrs)];
		int repeat = holds ? 20 : 1, fd;
		char path[PU_PATH];

		vf_file(work.name[i++ % 2], attr, path);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			usleep(100);
			continue;
		}
		while (repeat-- && !atomic_load(&work.stop)) {
			use(attr, fd);
			if (holds)
				usleep(500);
		}
		close(fd);
	}
	return NULL;
}

FIXTURE(race)
{
	pthread_t thread[THREADS];
	unsigned int cycles;
};

static void start(struct __test_metadata *_metadata, pthread_t *threads)
{
	unsigned long i;

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
	TH_LOG("%u cycles, %lu reads, %lu refused writes, %lu pins, %lu URLs",
	       done, atomic_load(&work.reads), atomic_load(&work.writes),
	       atomic_load(&work.pins), atomic_load(&work.urls));
	EXPECT_EQ(0, atomic_load(&work.wrong));
	EXPECT_LT(0, atomic_load(&work.reads));
	EXPECT_LT(0, atomic_load(&work.writes));
}

/* ---- functions ---- */

static bool use_pf(void)
{
	char path[PU_PATH], link[PU_PATH];
	ssize_t len = readlink(vf_file(work.name[0], "physfn", path), link,
			       sizeof(link) - 1);

	if (len < 0)
		return false;
	link[len] = '\0';
	snprintf(work.pf, sizeof(work.pf), "%.15s", strrchr(link, '/') + 1);
	return true;
}

/* The PF's controller answers; commands before that would be lost. */
static bool find_controller(char *name, size_t size)
{
	char path[PU_PATH], file[PU_PATH + 300], state[16];
	struct dirent *entry;
	bool live = false;
	DIR *dir;

	dir = opendir(vf_file(work.pf, "nvme", path));
	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "nvme", 4))
			continue;
		snprintf(name, size, "%s", entry->d_name);
		snprintf(file, sizeof(file), "%s/%s/state", path, name);
		live = pu_read(file, state, sizeof(state)) > 0 &&
		       !strcmp(state, "live\n");
	}
	if (dir)
		closedir(dir);
	return live;
}

static int wait_controller(char *name, size_t size)
{
	int i;

	for (i = 0; i < 600; i++) {
		if (find_controller(name, size))
			return 0;
		usleep(100000);
	}
	return -ETIMEDOUT;
}

static int add_functions(void)
{
	char command[PU_PATH], controller[256], path[PU_PATH];
	int i, ret;

	ret = wait_controller(controller, sizeof(controller));
	if (ret)
		return ret;
	pu_write_str(vf_file(work.pf, "sriov_drivers_autoprobe", path), "0");
	ret = pu_write_str(vf_file(work.pf, "sriov_numvfs", path), "2");
	for (i = 0; !ret && i < 2; i++) {
		snprintf(command, sizeof(command),
			 "nvme-virt /dev/%.60s online %d %d %d", controller,
			 i + 1, i + 2, i + 1);
		ret = system(command);
		if (!ret)
			ret = vf_make(work.name[i], VF_TYPE, "");
	}
	return ret;
}

static int remove_functions(void)
{
	char path[PU_PATH];

	return pu_write_str(vf_file(work.pf, "sriov_numvfs", path), "0");
}

static unsigned int cycles(void)
{
	const char *text = getenv("VFIO_COMPAT_CYCLES");

	return text && atoi(text) > 0 ? atoi(text) : 20;
}

FIXTURE_SETUP(race)
{
	memset(&work, 0, sizeof(work));
	if (!vf_names(work.name))
		SKIP(return, "no virtual functions: VFIO_COMPAT_VFS is not set");
	ASSERT_TRUE(pu_exists(VF_PARAMETERS))
	TH_LOG(VF_DRIVER " is not loaded");
	ASSERT_TRUE(use_pf());
	ASSERT_EQ(0, vf_make(work.name[0], VF_TYPE, ""));
	ASSERT_EQ(0, vf_make(work.name[1], VF_TYPE, ""));
	self->cycles = cycles();
}

FIXTURE_TEARDOWN(race)
{
}

/* ---- what happens to them ---- */

static void *do_unbind(void *name)
{
	vf_unbind(name);
	return NULL;
}

/*
 * Unbinding holds the device lock as long as the VFIO file is open.  Attributes
 * that took it would wait for it, and unbinding for them.
 */
TEST_F_TIMEOUT(race, unbind_with_an_open_file, LIMIT)
{
	char path[PU_PATH], text[PU_PAGE];
	struct vmig_device dev;
	pthread_t thread;
	unsigned int i;

	start(_metadata, self->thread);
	for (i = 0; i < self->cycles; i++) {
		ASSERT_EQ(0, vmig_open(&dev, work.name[0], VMIG_ANY));
		ASSERT_EQ(0, pthread_create(&thread, NULL, do_unbind,
					    work.name[0]));
		usleep(20000);
		/* until it is closed it says what it said */
		EXPECT_LT(0, pu_read(vf_file(work.name[0], "migration_version",
					     path), text, sizeof(text)));
		vmig_close(&dev);
		pthread_join(thread, NULL);
		EXPECT_FALSE(pu_exists(vf_file(work.name[0],
					       "migration_version", path)));
		ASSERT_EQ(0, vf_make(work.name[0], VF_TYPE, ""));
	}
	finish(_metadata, self->thread, i);
}

TEST_F_TIMEOUT(race, functions_come_and_go, LIMIT)
{
	unsigned int i;

	start(_metadata, self->thread);
	for (i = 0; i < self->cycles; i++) {
		usleep(5000);
		ASSERT_EQ(0, remove_functions());
		ASSERT_EQ(0, add_functions());
	}
	finish(_metadata, self->thread, i);
}

static void *close_later(void *dev)
{
	usleep(50000);
	vmig_close(dev);
	return NULL;
}

/* The folder of the port that the PF is behind. */
static bool port_file(const char *file, char path[PU_PATH])
{
	char link[PU_PATH], folder[PU_PATH];

	if (!realpath(vf_file(work.pf, NULL, folder), link))
		return false;
	*strrchr(link, '/') = '\0';
	snprintf(path, PU_PATH, "%.400s/%s", link, file);
	return true;
}

/*
 * With all that is behind its port, functions first: the PF's driver leaves
 * them when it goes.  It waits for who has one open.
 */
TEST_F_TIMEOUT(race, physical_function_is_removed, LIMIT)
{
	char path[PU_PATH];
	struct vmig_device dev;
	pthread_t thread;
	unsigned int i;

	start(_metadata, self->thread);
	for (i = 0; i < self->cycles; i++) {
		ASSERT_EQ(0, vmig_open(&dev, work.name[1], VMIG_ANY));
		ASSERT_EQ(0, vmig_set_state(&dev, VFIO_DEVICE_STATE_STOP_COPY));
		ASSERT_EQ(0, pthread_create(&thread, NULL, close_later, &dev));
		ASSERT_TRUE(port_file("remove", path));
		ASSERT_EQ(0, pu_write_str(path, "1"));
		pthread_join(thread, NULL);
		EXPECT_FALSE(pu_exists(vf_file(work.name[1], NULL, path)));
		ASSERT_EQ(0, pu_write_str("/sys/bus/pci/rescan", "1"));
		ASSERT_EQ(0, add_functions());
	}
	finish(_metadata, self->thread, i);
}

/* The file that turns off the power of the PF's slot. */
static bool slot_file(char path[PU_PATH])
{
	char text[64];
	int i;

	for (i = 0; i < 32; i++) {
		snprintf(path, PU_PATH, "/sys/bus/pci/slots/%d/address", i);
		if (pu_read(path, text, sizeof(text)) < 0 ||
		    strncmp(text, work.pf, strcspn(text, "\n")))
			continue;
		snprintf(path, PU_PATH, "/sys/bus/pci/slots/%d/power", i);
		return pu_exists(path);
	}
	return false;
}

/* The slot's power goes, and with it the card: it does not come back. */
TEST_F_TIMEOUT(race, zz_hot_unplugged, LIMIT)
{
	char path[PU_PATH], power[PU_PATH];
	struct vmig_device dev;
	pthread_t thread;

	if (!slot_file(power))
		SKIP(return, "no slot whose power can be turned off");
	start(_metadata, self->thread);
	usleep(200000);
	ASSERT_EQ(0, vmig_open(&dev, work.name[0], VMIG_ANY));
	ASSERT_EQ(0, pthread_create(&thread, NULL, close_later, &dev));
	ASSERT_EQ(0, pu_write_str(power, "0"));
	pthread_join(thread, NULL);
	EXPECT_FALSE(pu_exists(vf_file(work.pf, NULL, path)));
	finish(_metadata, self->thread, 1);
}

TEST_HARNESS_MAIN
