// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into the command by a test: makes files of a recorded tree behave
 * as those of a device would.
 *
 *	FAULT_READ=NAME:ERRNO	 reading a file of this name fails
 *	FAULT_LIVE=1		 every folder is on a sysfs
 *	FAULT_WRITE=ERRNO,..	 answers to writes, in turn; 0 takes it
 *	FAULT_LOG=FILE		 receives what was written
 *	FAULT_RUN=NAME:TIMES:COMMAND
 *				 runs a command when this file is opened
 *	FAULT_KILL=N:SIGNAL	 a signal at the N-th of the points before and
 *				 behind each call that changes something
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

/* What follows "NAME:" in a variable, if the file has this name. */
static const char *setting(const char *variable, const char *name)
{
	const char *value = getenv(variable);
	size_t len = strlen(name);

	if (!value || strncmp(value, name, len) || value[len] != ':')
		return NULL;
	return value + len + 1;
}

/* Name of an open file, less its folder; "" if it has none. */
static const char *name_of(int fd, char *buf, size_t size)
{
	char link[64], *slash;
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, buf, size - 1);
	buf[len < 0 ? 0 : len] = '\0';
	slash = strrchr(buf, '/');
	return slash ? slash + 1 : "";
}

static void run_command(const char *what)
{
	static int runs;
	char *command;

	if (runs++ >= strtol(what, &command, 10))
		return;
	command = strdup(command + 1);
	unsetenv("LD_PRELOAD");
	if (system(command))
		abort();
	free(command);
}

/* One of the points at which FAULT_KILL may want a signal. */
static void point(void)
{
	const char *at = getenv("FAULT_KILL");
	static long points;
	char *number;

	if (at && ++points == strtol(at, &number, 10))
		raise(atoi(number + 1));
}

int fsync(int fd)
{
	int (*real)(int fd) = dlsym(RTLD_NEXT, "fsync");
	int ret;

	point();
	ret = real(fd);
	point();
	return ret;
}

int unlinkat(int dir, const char *name, int flags)
{
	int (*real)(int dir, const char *name, int flags) = dlsym(RTLD_NEXT, "unlinkat");
	int ret;

	point();
	ret = real(dir, name, flags);
	point();
	return ret;
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
	int (*real)(int from, const char *old, int to, const char *new, int flags);
	int ret;

	real = dlsym(RTLD_NEXT, "linkat");
	point();
	ret = real(from, old, to, new, flags);
	point();
	return ret;
}

int renameat(int from, const char *old, int to, const char *new)
{
	int (*real)(int from, const char *old, int to, const char *new);
	int ret;

	real = dlsym(RTLD_NEXT, "renameat");
	point();
	ret = real(from, old, to, new);
	point();
	return ret;
}

int openat(int dir, const char *name, int flags, ...)
{
	static int (*real)(int dir, const char *name, int flags, ...);
	const char *what = setting("FAULT_RUN", name);
	mode_t mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	if (!real)
		real = dlsym(RTLD_NEXT, "openat");
	if (what)
		run_command(what);
	return real(dir, name, flags, mode);
}

ssize_t read(int fd, void *buf, size_t size)
{
	static ssize_t (*real)(int fd, void *buf, size_t size);
	char path[4096];
	const char *what = setting("FAULT_READ",
				   name_of(fd, path, sizeof(path)));

	if (!real)
		real = dlsym(RTLD_NEXT, "read");
	if (!what)
		return real(fd, buf, size);
	errno = atoi(what);
	return -1;
}

int fstatfs(int fd, struct statfs *fs)
{
	static int (*real)(int fd, struct statfs *fs);

	if (!real)
		real = dlsym(RTLD_NEXT, "fstatfs");
	if (real(fd, fs))
		return -1;
	if (getenv("FAULT_LIVE"))
		fs->f_type = SYSFS_MAGIC;
	return 0;
}

static void keep(const void *buf, size_t size)
{
	const char *log = getenv("FAULT_LOG");
	FILE *to = log ? fopen(log, "a") : NULL;

	if (!to)
		return;
	fwrite(buf, 1, size, to);
	fclose(to);
}

ssize_t write(int fd, const void *buf, size_t size)
{
	static ssize_t (*real)(int fd, const void *buf, size_t size);
	static const char *answers;
	char path[4096], *end;
	int err;

	if (!real)
		real = dlsym(RTLD_NEXT, "write");
	if (!answers)
		answers = getenv("FAULT_WRITE");
	if (!answers || strcmp(name_of(fd, path, sizeof(path)),
			       "migration_version")) {
		ssize_t ret;

		point();
		ret = real(fd, buf, size);
		point();
		return ret;
	}
	keep(buf, size);
	err = strtol(answers, &end, 10);
	answers = *end == ',' ? end + 1 : answers;
	if (!err)
		return size;
	errno = err;
	return -1;
}
