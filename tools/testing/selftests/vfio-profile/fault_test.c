// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of every path fails once: the operation then says so, or
 * works all the same, and nothing is left half done.
 *
 * The n-th allocation of this thread with one of the module's functions on its
 * stack fails, n = 1, 2, .. until the path ends before the n-th.  At last all
 * of them fail: what has a fallback loses it.  Some of what works all the same
 * are allocations that kmemleak makes for itself.
 *
 * A path is a FIXTURE_VARIANT_ADD(path, ..) and the functions that it names.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"
#include "vfio_migrate.h"

/*
 * Allocations from slab, and those that are too large for it; one count for
 * both.  Pages for slab itself are left alone: when it needs them is chance.
 */
#define SLAB "/sys/kernel/debug/failslab/"
#define PAGES "/sys/kernel/debug/fail_page_alloc/"

#define TYPE TEST_TYPES "/platform-fault"
#define TYPE_TEXT                                                              \
	"set_version 0\ntype fault\nown:version 1.2.0\n1.0:version 1.0.0\n"    \
	"emit 1.0\nemit 1.2\nadd mode x\nresource fps\n"
#define NTH_MAX 5000
#define WITHIN_MAX 3
#define ERRORS_MAX 3

/* Another task that asks a question, or 0. */
static pid_t asker;

/* In place of a module or a function: allocations from everywhere. */
#define ANYWHERE "kernel"

/* The open device, and what it migrates. */
static struct vmig_stream stream;
static struct vmig_device vfio = {
	.fd = -1,
	.group = -1,
	.container = -1,
	.iommufd = -1,
	.stream = -1,
};

FIXTURE(path) {
	int nth; /* this thread's fail-nth, and make-it-fail */
	int all;
	unsigned int failed;
	unsigned int worked;
};

/**
 * struct _fixture_variant_path - one path
 * @name: how it is called in the output
 * @within: modules or functions, one after the other: an allocation counts if
 *	it is made below one of their functions.  Each must have some.  A module
 *	that a path enters first finds them all; but how many there are varies
 *	(trees of numbers grow), so that one may be left out.  A function of ours
 *	as a second entry finds all of its own.
 * @errors: what the path may fail with, besides -ENOMEM
 * @prepare: once, before the first run
 * @run: the path; 0 or a negative errno.  Nothing else runs with failures.
 * @failed: what is wrong after a run that failed, or NULL; optional
 * @undo: after a run that worked, so that it can run again; optional
 */
FIXTURE_VARIANT(path) {
	const char *name;
	const char *within[WITHIN_MAX];
	int errors[ERRORS_MAX];
	int (*prepare)(void);
	int (*run)(void);
	const char *(*failed)(void);
	void (*undo)(void);
};

/* ---- which allocations ---- */

struct range {
	unsigned long start, end;
};

static const struct range everywhere = { 0, ULONG_MAX };
static const struct range nowhere = { 0, 0 };

static int set_fault(const char *source, const char *file, const char *value)
{
	char path[PU_PATH];

	snprintf(path, sizeof(path), "%s%s", source, file);
	return pu_write_str(path, value);
}

/* @which: "require" or "reject" */
static int set_range(const char *source, const char *which,
		     const struct range *range)
{
	char file[32], value[32];
	int ret;

	snprintf(file, sizeof(file), "%s-start", which);
	snprintf(value, sizeof(value), "0x%lx", range->start);
	ret = set_fault(source, file, value);
	if (ret)
		return ret;
	snprintf(file, sizeof(file), "%s-end", which);
	snprintf(value, sizeof(value), "0x%lx", range->end);
	return set_fault(source, file, value);
}

/* A module's code ends where the next one's begins, or with its size. */
static bool module_range(const char *module, struct range *range)
{
	struct range all[128];
	char line[256], name[64];
	unsigned long base, size;
	unsigned int i, nr = 0;
	FILE *file = fopen("/proc/modules", "r");

	*range = (struct range){};
	while (file && fgets(line, sizeof(line), file) && nr < 128) {
		if (sscanf(line, "%63s %lu %*s %*s %*s %lx", name, &size,
			   &base) != 3)
			continue;
		all[nr++] = (struct range){ base, base + size };
		if (!strcmp(name, module))
			*range = all[nr - 1];
	}
	if (file)
		fclose(file);
	for (i = 0; i < nr; i++)
		if (all[i].start > range->start && all[i].start < range->end)
			range->end = all[i].start;
	return range->start;
}

/* A function, up to the next one. */
static bool function_range(const char *function, struct range *range)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[512], name[256];
	unsigned long at;

	*range = everywhere;
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx %*s %255s", &at, name) == 2 &&
		    !strcmp(name, function))
			range->start = at;
	}
	if (file)
		rewind(file);
	while (file && fgets(line, sizeof(line), file)) {
		at = strtoul(line, NULL, 16);
		if (at > range->start && at < range->end)
			range->end = at;
	}
	if (file)
		fclose(file);
	return range->start;
}

static bool fail_in(const char *name)
{
	struct range range = everywhere;

	if (strcmp(name, ANYWHERE) && !module_range(name, &range) &&
	    !function_range(name, &range))
		return false;
	return !set_range(SLAB, "require", &range);
}

static int set_ranges(void)
{
	struct range range;
	int ret;

	if (!function_range("___kmalloc_large_node", &range))
		return -ENOENT;
	ret = set_range(PAGES, "require", &range);
	if (ret)
		return ret;
	/* 6.12 warns when it cannot allocate a group: not what is tested */
	if (!function_range("vfio_device_set_group", &range))
		return -ENOENT;
	ret = set_range(PAGES, "reject", &range);
	return ret ? ret : set_range(SLAB, "reject", &range);
}

static int set_faults(void)
{
	static const char *const settings[][2] = {
		{ "verbose", "0" },	{ "stacktrace-depth", "32" },
		{ "task-filter", "1" }, { "probability", "100" },
		{ "interval", "1" },	{ "times", "-1" },
		{ "space", "0" },	{ "ignore-gfp-wait", "0" },
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(settings) && !ret; i++) {
		ret = set_fault(SLAB, settings[i][0], settings[i][1]);
		if (!ret)
			ret = set_fault(PAGES, settings[i][0], settings[i][1]);
	}
	return ret ? ret : set_ranges();
}

static void reset_faults(void)
{
	static const char *const sources[] = { SLAB, PAGES };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		set_fault(sources[i], "probability", "0");
		set_fault(sources[i], "ignore-gfp-wait", "1");
		set_range(sources[i], "require", &everywhere);
		set_range(sources[i], "reject", &nowhere);
	}
}

/* ---- the test ---- */

static void set_number(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, len, 0) != len)
		abort();
}

static int get_number(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 1)
		abort();
	return atoi(text);
}

FIXTURE_SETUP(path)
{
	ASSERT_TRUE(pu_exists(TEST_DRIVER))
	TH_LOG("vfio_profile_test is not loaded");
	self->nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	self->all = open("/proc/thread-self/make-it-fail", O_RDWR | O_CLOEXEC);
	ASSERT_TRUE(self->nth >= 0 && self->all >= 0)
	TH_LOG("this kernel has no fault injection");
	ASSERT_EQ(0, set_faults());
	ASSERT_EQ(0, pu_set_types(TYPE_TEXT));
	if (variant->prepare)
		ASSERT_EQ(0, variant->prepare());
}

FIXTURE_TEARDOWN(path)
{
	reset_faults();
	vmig_stream_free(&stream);
	vmig_close(&vfio);
	if (asker > 0)
		waitpid(asker, NULL, 0);
	pu_remove(1);
	pu_unregister();
	close(self->nth);
	close(self->all);
}

static bool allowed(const FIXTURE_VARIANT(path) * variant, int error)
{
	unsigned int i;

	for (i = 0; i < ERRORS_MAX; i++)
		if (variant->errors[i] && variant->errors[i] == error)
			return true;
	return error == -ENOMEM;
}

/* What a run has come to whose allocations failed, some or all. */
static void check_run(struct __test_metadata *_metadata,
		      FIXTURE_DATA(path) * self,
		      const FIXTURE_VARIANT(path) * variant, int ret)
{
	const char *wrong = NULL;

	if (ret) {
		self->failed++;
		ASSERT_TRUE(allowed(variant, ret)) TH_LOG("%s", strerror(-ret));
		if (variant->failed)
			wrong = variant->failed();
		ASSERT_EQ(NULL, wrong) TH_LOG("%s", wrong);
		ASSERT_EQ(0, variant->run()) TH_LOG("fails afterwards too");
	} else {
		self->worked++;
	}
	if (variant->undo)
		variant->undo();
}

/* How many allocations the path makes; each of them failed once. */
static unsigned int fail_each(struct __test_metadata *_metadata,
			      FIXTURE_DATA(path) * self,
			      const FIXTURE_VARIANT(path) * variant)
{
	unsigned int n;
	int ret, left = 0;

	for (n = 1; n < NTH_MAX; n++) {
		set_number(self->nth, n);
		ret = variant->run();
		left = get_number(self->nth);
		set_number(self->nth, 0);
		if (left)
			break;
		check_run(_metadata, self, variant, ret);
		if (_metadata->exit_code == KSFT_FAIL)
			TH_LOG("%s: allocation %u", variant->name, n);
	}
	ASSERT_NE(0, left) TH_LOG("it never ends");
	ASSERT_EQ(0, ret) TH_LOG("nothing failed, but it did");
	if (variant->undo)
		variant->undo();
	return n - 1;
}

static void fail_all(struct __test_metadata *_metadata,
		     FIXTURE_DATA(path) * self,
		     const FIXTURE_VARIANT(path) * variant)
{
	int ret;

	set_number(self->all, 1);
	ret = variant->run();
	set_number(self->all, 0);
	ASSERT_NE(0, ret);
	check_run(_metadata, self, variant, ret);
}

TEST_F_TIMEOUT(path, each_allocation_fails_once, 600)
{
	unsigned int i, n;

	for (i = 0; i < WITHIN_MAX && variant->within[i]; i++) {
		self->failed = 0;
		self->worked = 0;
		ASSERT_TRUE(fail_in(variant->within[i]))
		TH_LOG("%s is not there", variant->within[i]);
		n = fail_each(_metadata, self, variant);
		fprintf(stderr,
			"# fail-nth %s: %u injected in %s, %u failed, %u worked\n",
			variant->name, n, variant->within[i], self->failed,
			self->worked);
		ASSERT_LT(0, n) TH_LOG("not one allocation was made");
		fail_all(_metadata, self, variant);
	}
}

/* ---- register ---- */

static int live_instances(void)
{
	char text[16];
	int ret = pu_read(TEST_DRIVER "/instances", text, sizeof(text));

	return ret < 0 ? ret : atoi(text);
}

static int run_register(void)
{
	return pu_write_str(TEST_DRIVER "/register", "1");
}

static const char *register_failed(void)
{
	return pu_exists(TEST_TYPES) ? "mdev_supported_types is there" : NULL;
}

FIXTURE_VARIANT_ADD(path, register) {
	.name = "register",
	.within = { "mdev", "mdev_profile_init_type", "vfio_profile" },
	.run = run_register,
	.failed = register_failed,
	.undo = pu_unregister,
};

/* ---- create ---- */

static int run_create(void)
{
	return pu_create(TYPE, 1);
}

static const char *create_failed(void)
{
	char path[PU_PATH], text[PU_PAGE];

	if (pu_exists(pu_device_file(1, "", path)))
		return "the device is there";
	if (live_instances())
		return "the driver has an instance";
	if (pu_list(TYPE "/devices", text, sizeof(text))[0])
		return "the type's devices/ has a link";
	return NULL;
}

static void undo_create(void)
{
	pu_remove(1);
}

FIXTURE_VARIANT_ADD(path, create) {
	.name = "create",
	.within = { "mdev" },
	.prepare = run_register,
	.run = run_create,
	.failed = create_failed,
	.undo = undo_create,
};

/* ---- read ---- */

static char line[PU_PAGE + 1];

static int prepare_instance(void)
{
	int ret = run_register();

	return ret ? ret : run_create();
}

/* Made at registration: only the file system itself allocates. */
static int run_read_type(void)
{
	static const char *const names[] = {
		"software_version", "compatible_software_version",
		"emitted_software_version", "compatible_type",
		"compatible_mode", "dynamic_resources", "migration_version",
	};
	char path[PU_PATH], text[PU_PAGE + 1];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(names) && ret >= 0; i++) {
		snprintf(path, sizeof(path), TYPE "/%s", names[i]);
		ret = pu_read(path, text, sizeof(text));
	}
	return ret < 0 ? ret : 0;
}

FIXTURE_VARIANT_ADD(path, read_type) {
	.name = "read_type",
	.within = { ANYWHERE },
	.prepare = run_register,
	.run = run_read_type,
};

static int run_read_instance(void)
{
	char path[PU_PATH];
	int ret = pu_read(pu_device_file(1, "migration_version", path), line,
			  sizeof(line));

	return ret < 0 ? ret : 0;
}

FIXTURE_VARIANT_ADD(path, read_instance) {
	.name = "read_instance",
	.within = { "mdev", "vfio_profile" },
	.prepare = prepare_instance,
	.run = run_read_instance,
};

/* ---- write ---- */

/* One question at a time needs no memory; this one takes longer than a test. */
static int prepare_write_type(void)
{
	char path[PU_PATH];
	int ret = prepare_instance();

	if (!ret)
		ret = pu_read(TYPE "/migration_version", line, sizeof(line));
	if (ret >= 0)
		ret = pu_set_types(TYPE_TEXT "i:delay 5000\n");
	if (ret < 0)
		return ret;
	asker = fork();
	if (!asker) {
		pu_write_str(pu_device_file(1, "migration_version", path),
			     line);
		_exit(0);
	}
	usleep(500000);
	return 0;
}

static int run_write_type(void)
{
	return pu_write_str(TYPE "/migration_version", line);
}

FIXTURE_VARIANT_ADD(path, write_type) {
	.name = "write_type",
	.within = { "mdev", "vfio_profile" },
	.prepare = prepare_write_type,
	.run = run_write_type,
};

static int prepare_write_instance(void)
{
	int ret = prepare_instance();

	return ret ? ret : run_read_instance();
}

static int run_write_instance(void)
{
	char path[PU_PATH];

	return pu_write_str(pu_device_file(1, "migration_version", path), line);
}

FIXTURE_VARIANT_ADD(path, write_instance) {
	.name = "write_instance",
	.within = { "mdev", "vfio_profile" },
	.prepare = prepare_write_instance,
	.run = run_write_instance,
};

/* ---- pin ---- */

static int run_pin(void)
{
	char path[PU_PATH];

	return pu_write_str(pu_device_file(1, "software_version", path), "1.0");
}

static const char *pin_failed(void)
{
	char path[PU_PATH], text[PU_PAGE + 1];

	pu_read(pu_device_file(1, "software_version", path), text, PU_PAGE);
	return strcmp(text, "1.2.0\n") ? "it is pinned all the same" : NULL;
}

static void undo_pin(void)
{
	char path[PU_PATH];

	pu_write_str(pu_device_file(1, "software_version", path), "1.2");
}

FIXTURE_VARIANT_ADD(path, pin) {
	.name = "pin",
	.within = { "mdev", "vfio_profile" },
	.prepare = prepare_instance,
	.run = run_pin,
	.failed = pin_failed,
	.undo = undo_pin,
};

/* ---- changed ---- */

static int run_changed(void)
{
	return pu_write_str(TEST_DRIVER "/changed", "1");
}

static const char *changed_failed(void)
{
	char text[PU_PAGE + 1];

	return pu_read(TYPE "/compatible_mode", text, PU_PAGE) == -EOPNOTSUPP ?
		       NULL :
		       "the old promise is shown";
}

FIXTURE_VARIANT_ADD(path, changed) {
	.name = "changed",
	.within = { "mdev", "vfio_profile" },
	.prepare = prepare_instance,
	.run = run_changed,
	.failed = changed_failed,
};

/* ---- save and resume ---- */

#define STATE 64
#define MARKER 0x5a

static int set_state(unsigned char byte)
{
	unsigned char state[STATE];

	memset(state, byte, STATE);
	return vmig_write_region(&vfio, 0, 0, state, STATE);
}

static bool state_is(unsigned char byte)
{
	unsigned char state[STATE], wanted[STATE];

	memset(wanted, byte, STATE);
	return !vmig_read_region(&vfio, 0, 0, state, STATE) &&
	       !memcmp(state, wanted, STATE);
}

static int prepare_save(void)
{
	char uuid[PU_UUID_SIZE];
	int ret = prepare_instance();

	return ret ? ret : vmig_open(&vfio, pu_uuid(1, uuid), VMIG_ANY);
}

static int run_save(void)
{
	struct vmig_outcome out;
	int ret = vmig_save(&vfio, &stream, &out);

	return ret ? ret : out.recovery;
}

static const char *migration_failed(void)
{
	__u32 state;

	if (vmig_get_state(&vfio, &state) || state != VFIO_DEVICE_STATE_RUNNING)
		return "the device is not RUNNING";
	return state_is(0) ? NULL : "the device was touched";
}

static void undo_migration(void)
{
	vmig_reset(&vfio);
}

FIXTURE_VARIANT_ADD(path, save) {
	.name = "save",
	.within = { "vfio_profile_test", "mdev", "vfio_profile" },
	.prepare = prepare_save,
	.run = run_save,
	.failed = migration_failed,
	.undo = undo_migration,
};

static int prepare_resume(void)
{
	int ret = prepare_save();

	if (!ret)
		ret = set_state(MARKER);
	if (!ret)
		ret = run_save();
	undo_migration();
	return ret;
}

static int run_resume(void)
{
	struct vmig_outcome out;
	int ret = set_state(0);

	if (!ret)
		ret = vmig_load(&vfio, &stream, 0, &out);
	if (ret)
		return ret;
	return state_is(MARKER) ? 0 : -EIO;
}

FIXTURE_VARIANT_ADD(path, resume) {
	.name = "resume",
	.within = { "vfio_profile_test", "vfio_profile", "read_source" },
	.prepare = prepare_resume,
	.run = run_resume,
	.failed = migration_failed,
	.undo = undo_migration,
};

TEST_HARNESS_MAIN
