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
#include <limits.h>
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
	/* open_claims() did not trust it */
	if (err == EPERM && j->dir < 0)
		return vc_fail(j->ctx, VFIO_COMPAT_IO, err, j->name,
			       j->ctx->claims,
			       "others can write it, or own it: expected a folder for journals of claims that is yours alone; chmod 700 it, or name another");
	return vc_fail(j->ctx, VFIO_COMPAT_IO, err, j->name, j->ctx->claims,
		       "%s: expected a folder for journals of claims that nobody else can write; run as root, or make room there",
		       strerror(err));
}

/* The default has a folder above it that may not be there yet. */
static void make_claims(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *above = slash ? strndup(path, slash - path) : NULL;

	if (above && above[0])
		mkdir(above, 0755);
	free(above);
	mkdir(path, 0700);
}

/* Nobody else may have a hand in what is undone.  Return: 0 or an errno. */
static int open_claims(struct vfio_compat *ctx, int *dir)
{
	struct stat st;
	int err = 0;

	*dir = open(ctx->claims,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*dir < 0)
		return errno;
	if (fstat(*dir, &st))
		err = errno;
	else if (st.st_uid != geteuid() || st.st_mode & 022)
		err = EPERM;
	if (err) {
		close(*dir);
		*dir = -1;
	}
	return err;
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

/* A new file of this thread, written, locked and safe on its medium. */
static int make_file(struct vc_journal *j, char *name, size_t size, int *fd)
{
	char *text = vc_journal_text(j);
	ssize_t len = text ? (ssize_t)strlen(text) : 0;
	int err = 0;

	*fd = -1;
	if (!text)
		return ENOMEM;
	snprintf(name, size, ".%s.%d", j->name, gettid());
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

static bool is_gone(struct vc_journal *j)
{
	char *path = vc_instance_path(j->ctx, j->name);
	bool gone = !path && errno == ENOENT;

	free(path);
	return gone;
}

/*
 * Whether its claim is over: nobody works on it, and the instance is gone.
 * Without the lock somebody could create that in between, and be killed.
 */
static bool forget(struct vc_journal *j)
{
	struct vc_journal *old;
	bool over;

	if (vc_journal_new(j->ctx, j->name, &old))
		return false;
	over = !vc_journal_open(old) && is_gone(old) &&
	       !vc_journal_remove(old);
	vc_journal_free(old);
	return over;
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
	int err;

	make_claims(j->ctx->claims);
	err = open_claims(j->ctx, &j->dir);
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
		good = strlen(text) == (size_t)len && vc_journal_parse(j, text);
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
	int err = open_claims(j->ctx, &j->dir);

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

/* A name that make_file() gave, in a thread that is no more. */
static bool is_orphan(const char *file)
{
	const char *dot = strrchr(file, '.');
	char *name, *end;
	bool is;
	long tid;

	if (file[0] != '.' || dot == file || !dot[1])
		return false;
	tid = strtol(dot + 1, &end, 10);
	name = strndup(file + 1, dot - file - 1);
	is = name && vc_is_instance_name(name) && !*end && tid > 0 &&
	     tid <= INT_MAX && kill(tid, 0) && errno == ESRCH;
	free(name);
	return is;
}

/**
 * vc_journal_sweep - remove files that a process was killed before naming
 * @ctx: the context
 */
void vc_journal_sweep(struct vfio_compat *ctx)
{
	struct dirent *entry;
	DIR *dir = NULL;
	int fd;

	if (!open_claims(ctx, &fd))
		dir = fdopendir(fd);
	while (dir && (entry = readdir(dir)))
		if (is_orphan(entry->d_name))
			unlinkat(fd, entry->d_name, 0);
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
}
