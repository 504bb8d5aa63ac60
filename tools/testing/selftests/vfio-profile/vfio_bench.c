// SPDX-License-Identifier: GPL-2.0-only
/*
 * What vfio-bench counts.
 *
 * Files are opened from inside their folder, by name alone: a long path would
 * be the same for all and make every difference look smaller.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "profile_util.h"
#include "vfio_bench.h"

#define MTTY_TYPE MTTY_TYPES "/mtty-1"
#define MDPY_TYPE MDPY_TYPES "/mdpy-vga"
#define LINE_TYPE TEST_TYPES "/platform-line"
#define LINE_SIZE 256
#define TEXT_SIZE 4096

/* The line of this type has LINE_SIZE bytes, its newline included. */
#define LINE_TEXT							\
	"type line\nversion 2.1.0\n"					\
	"list pci_ids 8086:591b,8086:591d,8086:5926\n"			\
	"list encryption aes,gcm\nadd slices 4\n"			\
	"list firmware 20.4.1,20.4.2,20.4.3,20.4.4\n"			\
	"add numa 0\nadd model xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"

static char page[PU_PAGE + 1];

struct text {
	int fd;
	const char *text;
	size_t len;
};

static void enter(const char *dir)
{
	if (chdir(dir))
		bench_fail(dir, -errno);
}

static int open_file(const char *name, int flags)
{
	int fd = open(name, flags);

	if (fd < 0)
		bench_fail(name, -errno);
	return fd;
}

/* ---- operations ---- */

static int read_file(const void *name)
{
	int ret = pu_read(name, page, sizeof(page));

	return ret < 0 ? ret : 0;
}

static int read_again(const void *fd)
{
	ssize_t ret = pread(*(const int *)fd, page, PU_PAGE, 0);

	return ret < 0 ? -errno : 0;
}

static int write_text(const void *arg)
{
	const struct text *t = arg;
	ssize_t ret = pwrite(t->fd, t->text, t->len, 0);

	return ret < 0 ? -errno : 0;
}

/* An instance comes and goes. */
static int create_and_remove(const void *type)
{
	int ret = pu_create(type, 1);

	return ret ? ret : pu_remove(1);
}

/* ---- on every core ---- */

/* A driver without profile_ops. */
void bench_core(void)
{
	static const struct bench_op op = {
		"mdpy-create+remove", create_and_remove, MDPY_TYPE, 0, 64, 1024
	};

	bench(&op, NULL);
}

/* ---- reads ---- */

static void count_read(const char *prefix, const char *attr)
{
	char name[64];
	struct bench_op op = { name, read_file, attr, 0, 16, 1024 };

	snprintf(name, sizeof(name), "%s-%s", prefix, attr);
	bench(&op, NULL);
}

static void count_read_again(const char *prefix, const char *attr)
{
	char name[64];
	int fd = open_file(attr, O_RDONLY);
	struct bench_op op = { name, read_again, &fd, 0, 16, 1024 };

	snprintf(name, sizeof(name), "%s-%s", prefix, attr);
	bench(&op, NULL);
	close(fd);
}

static void count_reads(void)
{
	static const char *const attrs[] = {
		"device_api", "software_version",
		"compatible_software_version", "emitted_software_version",
		"compatible_type", "compatible_pci_ids", "compatible_ports",
		"dynamic_resources", "migration_version",
	};
	char path[PU_PATH];
	unsigned int i;
	int ret;

	enter(MTTY_TYPE);
	for (i = 0; i < sizeof(attrs) / sizeof(*attrs); i++)
		count_read("read", attrs[i]);
	count_read_again("pread", "device_api");
	count_read_again("pread", "migration_version");
	ret = pu_create(MTTY_TYPE, 1);
	if (ret)
		bench_fail("create " MTTY_TYPE, ret);
	enter(pu_device_file(1, "", path));
	count_read("instance", "migration_version");
	count_read("instance", "software_version");
	count_read_again("instance-pread", "migration_version");
	enter("/");
	pu_remove(1);
}

/* ---- writes ---- */

static void count_write(const char *name, int fd, const char *text, size_t len,
			int expected, unsigned int repeat)
{
	struct text arg = { fd, text, len };
	struct bench_op op = { name, write_text, &arg, expected, 1, repeat };

	bench(&op, NULL);
}

static void count_writes(void)
{
	static const char no_uuid[] = "5ad0a3a5-7f4c-4c9b-9d1e-00000000000g";
	static char good[PU_PAGE], bad[PU_PAGE];
	int create, line;

	enter(LINE_TYPE);
	if (pu_read("migration_version", good, sizeof(good)) != LINE_SIZE)
		bench_fail("the line has another length", -EINVAL);
	memcpy(bad, good, LINE_SIZE);
	*strstr(bad, "x;") = 'y';
	line = open_file("migration_version", O_WRONLY);
	create = open_file("create", O_WRONLY);
	count_write("write-create", create, "no UUID", 7, -EINVAL, 1024);
	count_write("write-create-36", create, no_uuid, 36, -EINVAL, 1024);
	count_write("write-no-line", line, "no line", 7, -EINVAL, 1024);
	count_write("write-compatible", line, good, LINE_SIZE, 0, 1024);
	/* the log takes ten in five seconds */
	count_write("write-incompatible", line, bad, LINE_SIZE, -EMEDIUMTYPE,
		    9);
	count_write("write-incompatible-silent", line, bad, LINE_SIZE,
		    -EMEDIUMTYPE, 1024);
	close(line);
	close(create);
	enter("/");
}

/* ---- registering ---- */

static char *types_text(char *text, unsigned int types, unsigned int fields,
			bool ops)
{
	unsigned int i;
	size_t len;

	len = snprintf(text, TEXT_SIZE, "%stype b\ncount %u\nversion 1.2.0\n",
		       ops ? "" : "ops none\n", types);
	for (i = 0; i < fields; i++)
		len += snprintf(text + len, TEXT_SIZE - len,
				"list field%02u 8086:591b,8086:591d\n", i);
	return text;
}

static int write_file(const void *arg)
{
	const char *const *file = arg;

	return pu_write_str(file[0], file[1]);
}

static void count_registering(unsigned int types, unsigned int fields, bool ops)
{
	static const char *const on[] = { "register", "1" };
	static const char *const off[] = { "register", "0" };
	static const char *const again[] = { "changed", "1" };
	unsigned int repeat = types > 10 ? 20 : 200;
	char text[TEXT_SIZE], names[3][64], of[32];
	struct bench_op add = { names[0], write_file, on, 0, 2, repeat };
	struct bench_op del = { names[1], write_file, off, 0, 2, repeat };
	struct bench_op ask = { names[2], write_file, again, 0, 2, repeat };

	snprintf(of, sizeof(of), ops ? "%u-%u" : "%u-none", types, fields);
	snprintf(names[0], sizeof(names[0]), "register-%s", of);
	snprintf(names[1], sizeof(names[1]), "unregister-%s", of);
	snprintf(names[2], sizeof(names[2]), "changed-%s", of);
	enter(TEST_DRIVER);
	if (pu_set_types(types_text(text, types, fields, ops)))
		bench_fail("types", -EINVAL);
	bench(&add, &del);
	if (!ops)
		return;
	write_file(on);
	bench(&ask, NULL);
	write_file(off);
}

void bench_interface(void)
{
	static const unsigned int types[] = { 1, 10, 100 };
	static const unsigned int fields[] = { 1, 8, 16 };
	unsigned int i, j;
	int ret;

	count_reads();
	ret = pu_register(LINE_TEXT);
	if (ret)
		bench_fail("register", ret);
	count_writes();
	pu_unregister();
	for (i = 0; i < 3; i++) {
		count_registering(types[i], 0, false);
		for (j = 0; j < 3; j++)
			count_registering(types[i], fields[j], true);
	}
}
