// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The files of journals: NAME.json, locked by whoever works on the claim.
 *
 * A journal appears and changes whole, by link() and rename(), and its
 * successor is locked before it takes the name.  So a file that can be locked
 * and still has its name is one whose process has ended.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"

#define TEXT_MAX (128 << 10)
#define TRIES 100	/* at a journal that others replace at the same time */

static int failed(struct vc_journal *j, int err)
{
	return vc_fail(j->ctx, VFIO_COMPAT_IO, err, j->name, j->ctx->claims,
		       "%s: expected a folder for journals of claims that nobody else can write; run as root, or make room there",
		       strerror(err));
}

/* The default has a folder above it that may not be there yet. */
static int open_claims(struct vc_journal *j, bool make)
{
	const char *path = j->ctx->claims;
	char *above = strndup(path, strlen(path) - strlen(strrchr(path, '/') ?
							  : path));
	struct stat st;

	if (make && above && above[0])
		mkdir(above, 0755);
	free(above);
	if (make)
		mkdir(path, 0700);
	j->dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (j->dir < 0)
		return errno;
	if (fstat(j->dir, &st))
		return errno;
	if (st.st_uid != geteuid() || st.st_mode & 022)
		return EPERM;
	return 0;
}

void vc_journal_boot(char boot[VC_WORD_MAX])
{
	FILE *from = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!from || !fgets(boot, VC_WORD_MAX, from))
		boot[0] = '\0';
	boot[strcspn(boot, "\n")] = '\0';
	if (from)
		fclose(from);
}

/**
 * vc_journal_new - a journal that has no file yet
 * @ctx: the context
 * @name: UUID or PCI address of the instance
 * @journal: receives it
 *
 * Return: VFIO_COMPAT_OK, or VFIO_COMPAT_IO when there is no memory.
 */
int vc_journal_new(struct vfio_compat *ctx, const char *name,
		   struct vc_journal **journal)
{
	struct vc_journal *j = calloc(1, sizeof(*j));

	*journal = j;
	if (!j)
		return vc_nomem(ctx);
	j->ctx = ctx;
	j->dir = -1;
	j->fd = -1;
	j->node = -1;
	snprintf(j->name, sizeof(j->name), "%s", name);
	vc_journal_boot(j->boot);
	return VFIO_COMPAT_OK;
}

void vc_journal_free(struct vc_journal *j)
{
	unsigned int i;

	if (!j)
		return;
	for (i = 0; i < j->count; i++) {
		free(j->step[i].name);
		free(j->step[i].value);
	}
	if (j->node >= 0)
		close(j->node);
	if (j->fd >= 0)
		close(j->fd);
	if (j->dir >= 0)
		close(j->dir);
	free(j);
}

static void file_name(const struct vc_journal *j, char name[VC_WORD_MAX + 8])
{
	snprintf(name, VC_WORD_MAX + 8, "%s.json", j->name);
}

/* A new file of this process, written, locked and safe on its medium. */
static int make_file(struct vc_journal *j, char *name, size_t size, int *fd)
{
	char *text = vc_journal_text(j);
	ssize_t len = text ? (ssize_t)strlen(text) : 0;
	int err = 0;

	*fd = -1;
	if (!text)
		return ENOMEM;
	snprintf(name, size, ".%s.%d", j->name, getpid());
	unlinkat(j->dir, name, 0);
	*fd = openat(j->dir, name,
		     O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0 || flock(*fd, LOCK_EX | LOCK_NB))
		err = errno;
	else if (write(*fd, text, len) != len)
		err = ENOSPC;
	else if (fsync(*fd))
		err = errno;
	free(text);
	if (err && *fd >= 0) {
		unlinkat(j->dir, name, 0);
		close(*fd);
		*fd = -1;
	}
	return err;
}

static void take_over(struct vc_journal *j, int fd)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = fd;
	fsync(j->dir);
}

/* EEXIST if the name is taken. */
static int publish(struct vc_journal *j)
{
	char temp[VC_WORD_MAX + 32], name[VC_WORD_MAX + 8];
	int fd, err = make_file(j, temp, sizeof(temp), &fd);

	if (err)
		return err;
	file_name(j, name);
	if (linkat(j->dir, temp, j->dir, name, 0))
		err = errno;
	unlinkat(j->dir, temp, 0);
	if (err)
		close(fd);
	else
		take_over(j, fd);
	return err;
}

static int taken(struct vc_journal *j)
{
	return vc_fail(j->ctx, VFIO_COMPAT_CAPACITY, EEXIST, j->name, NULL,
		       "is claimed already: expected a free UUID; wait for that claim, or end it with --done or release");
}

/* Whether its claim is over: nobody works on it, and the instance is gone. */
static bool forget(struct vc_journal *j)
{
	struct vc_journal *old;
	char *path = vc_instance_path(j->ctx, j->name);
	bool gone = !path && errno == ENOENT;

	free(path);
	if (!gone || vc_journal_new(j->ctx, j->name, &old))
		return false;
	gone = !vc_journal_open(old) && !vc_journal_remove(old);
	vc_journal_free(old);
	return gone;
}

/**
 * vc_journal_begin - write a journal of a new claim
 * @j: the journal
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_CAPACITY if somebody else has claimed
 * it; VFIO_COMPAT_IO.
 */
int vc_journal_begin(struct vc_journal *j)
{
	int err = j->dir < 0 ? open_claims(j, true) : 0;

	if (!err)
		err = publish(j);
	if (err == EEXIST && forget(j))
		err = publish(j);
	if (err == EEXIST)
		return taken(j);
	return err ? failed(j, err) : VFIO_COMPAT_OK;
}

/**
 * vc_journal_write - write down what has changed
 * @j: the journal, begun
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vc_journal_write(struct vc_journal *j)
{
	char temp[VC_WORD_MAX + 32], name[VC_WORD_MAX + 8];
	int fd, err = make_file(j, temp, sizeof(temp), &fd);

	if (err)
		return failed(j, err);
	file_name(j, name);
	if (renameat(j->dir, temp, j->dir, name)) {
		err = errno;
		unlinkat(j->dir, temp, 0);
		close(fd);
		return failed(j, err);
	}
	take_over(j, fd);
	return VFIO_COMPAT_OK;
}

/**
 * vc_journal_step - write down an attribute before it is changed
 * @j: the journal, begun
 * @name: name of the attribute
 * @value: what it is now
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vc_journal_step(struct vc_journal *j, const char *name, const char *value)
{
	struct vc_step *step = &j->step[j->count];

	if (j->count == VC_STEPS_MAX)
		return failed(j, E2BIG);
	step->name = strdup(name);
	step->value = strdup(value);
	j->count++;
	if (!step->name || !step->value)
		return vc_nomem(j->ctx);
	return vc_journal_write(j);
}

/* 0, ENOENT, EWOULDBLOCK if somebody works on it, ESTALE if it was replaced. */
static int lock_file(struct vc_journal *j, const char *name)
{
	struct stat mine, now;

	j->fd = openat(j->dir, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (j->fd < 0)
		return errno;
	if (flock(j->fd, LOCK_EX | LOCK_NB))
		return errno;
	if (fstat(j->fd, &mine))
		return errno;
	if (!fstatat(j->dir, name, &now, AT_SYMLINK_NOFOLLOW) &&
	    now.st_ino == mine.st_ino && now.st_dev == mine.st_dev)
		return 0;
	close(j->fd);
	j->fd = -1;
	return ESTALE;
}

static int lock(struct vc_journal *j)
{
	char name[VC_WORD_MAX + 8];
	int tries, err = ESTALE;

	file_name(j, name);
	for (tries = 0; err == ESTALE && tries < TRIES; tries++)
		err = lock_file(j, name);
	return err;
}

static int read_file(struct vc_journal *j)
{
	char *text = malloc(TEXT_MAX + 1);
	ssize_t len = text ? pread(j->fd, text, TEXT_MAX + 1, 0) : -1;
	bool good = false;

	if (len >= 0 && len <= TEXT_MAX) {
		text[len] = '\0';
		good = vc_journal_parse(j, text);
	}
	free(text);
	if (good)
		return VFIO_COMPAT_OK;
	return vc_fail(j->ctx, VFIO_COMPAT_IO, 0, j->name, j->ctx->claims,
		       "the journal %s.json is malformed: expected what claim wrote; look at the instance, then remove the file",
		       j->name);
}

/**
 * vc_journal_open - read and lock the journal of a claim that has ended
 * @j: a journal that has no file yet; its name says which
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_CAPACITY if somebody works on it;
 * VFIO_COMPAT_IO.
 */
int vc_journal_open(struct vc_journal *j)
{
	int err = open_claims(j, false);

	if (!err)
		err = lock(j);
	if (err == ENOENT)
		return vc_fail(j->ctx, VFIO_COMPAT_IO, err, j->name, NULL,
			       "was not claimed: expected what claim printed; nothing was done");
	if (err == EWOULDBLOCK)
		return vc_fail(j->ctx, VFIO_COMPAT_CAPACITY, EBUSY, j->name, NULL,
			       "is being claimed or released: expected no other process at it; wait for that");
	return err ? failed(j, err) : read_file(j);
}

/**
 * vc_journal_remove - a claim is over
 * @j: the journal, begun or opened
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vc_journal_remove(struct vc_journal *j)
{
	char name[VC_WORD_MAX + 8];

	file_name(j, name);
	if (unlinkat(j->dir, name, 0))
		return failed(j, errno);
	fsync(j->dir);
	return VFIO_COMPAT_OK;
}

/**
 * vc_journal_sweep - remove files that a process was killed before naming
 * @ctx: the context
 */
void vc_journal_sweep(struct vfio_compat *ctx)
{
	DIR *dir = opendir(ctx->claims);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *dot = strrchr(entry->d_name, '.');
		int pid = dot ? atoi(dot + 1) : 0;

		if (entry->d_name[0] == '.' && pid > 0 &&
		    kill(pid, 0) && errno == ESRCH)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
}
