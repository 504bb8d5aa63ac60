// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * After a claim: keep the instance, give it back, or clean up what a process
 * that was killed has left.  Only what a journal says is undone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"

#define TRIES 100	/* at a write that signals interrupt */

static int is_left(struct vc_journal *j, int err, const char *what,
		   const char *next)
{
	return vc_fail(j->ctx, VFIO_COMPAT_LEFT, err, j->name, NULL,
		       "is left, %s%s%s: expected to %s it; %s", what,
		       err ? ": " : "", err ? strerror(err) : "",
		       j->created ? "remove" : "restore", next);
}

static bool is_of_parent(struct vc_journal *j, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = strlen(j->parent);

	return (size_t)(slash - path) > len && slash[-1 - (ssize_t)len] == '/' &&
	       !strncmp(slash - len, j->parent, len);
}

/* Whether what is at @path is what was claimed, and not somebody else's. */
static bool is_the_one(struct vc_journal *j, const char *path)
{
	char *type;
	bool is;

	if (!vc_is_uuid(j->name))
		return true;
	if (!is_of_parent(j, path))
		return false;
	type = vc_link_name(path, "mdev_type");
	is = type && !strcmp(type, j->type);
	free(type);
	return is;
}

/* Folder of the instance; -1 and 0 if it has gone, -1 and errno on error. */
static int open_instance(struct vc_journal *j, int *err)
{
	char *path = vc_instance_path(j->ctx, j->name);
	int dir = -1;

	if (path)
		dir = open(path,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	*err = dir < 0 && errno != ENOENT && errno != ENODEV ? errno : 0;
	if (dir >= 0 && !is_the_one(j, path)) {
		close(dir);
		dir = -1;
	}
	free(path);
	return dir;
}

static int write_again(int dir, const char *name, const char *value)
{
	int tries, err = EINTR;

	for (tries = 0; err == EINTR && tries < TRIES; tries++)
		err = vc_write_attr(dir, name, value);
	return err;
}

static int remove_instance(struct vc_journal *j, int dir)
{
	const char * const args[] = { "mdevctl", "stop", "-u", j->name, NULL };
	int err = 0;
	char *path;
	bool gone;

	if (!j->mdevctl)
		err = write_again(dir, "remove", "1");
	else if (vc_mdevctl(j->ctx, args, j->fd))
		err = EIO;
	if (!err || err == ENODEV || err == ENOENT)
		return VFIO_COMPAT_OK;
	path = vc_instance_path(j->ctx, j->name);
	gone = !path;
	free(path);
	if (gone)
		return VFIO_COMPAT_OK;
	return is_left(j, err, "it cannot be removed",
		       "see the kernel log for why, then release it");
}

static int restore(struct vc_journal *j, int dir)
{
	unsigned int i = j->count;
	int err = 0;

	while (i-- && !err)
		err = write_again(dir, j->step[i].name, j->step[i].value);
	if (!err || err == ENODEV || err == ENOENT)
		return VFIO_COMPAT_OK;
	return is_left(j, err, j->step[i + 1].name,
		       "see the kernel log for why, then release it");
}

static int undo_held(struct vc_journal *j, int dir)
{
	int hold, ret, err = vc_hold(dir, &hold);

	if (err == EBUSY)
		return is_left(j, err, "it is open",
			       "end the virtual machine that uses it, then release it");
	if (err)
		return is_left(j, err, "whether it is open cannot be seen",
			       "see that nobody uses it, then remove it by hand");
	ret = j->created ? remove_instance(j, dir) : restore(j, dir);
	if (hold >= 0)
		close(hold);
	return ret;
}

/**
 * vc_undo - undo what a journal says, and no more
 * @j: the journal
 * @asked: somebody named this instance, so it is theirs
 *
 * A claim that was killed while it created an instance of a UUID that others
 * know cannot tell whether it is its own: it is named, and left.
 *
 * Return: VFIO_COMPAT_OK if nothing is left; VFIO_COMPAT_LEFT.
 */
int vc_undo(struct vc_journal *j, bool asked)
{
	int dir = j->node >= 0 ? dup(j->node) : -1, err = 0, ret;
	char boot[VC_WORD_MAX];

	vc_journal_boot(boot);
	if (strcmp(boot, j->boot))
		return VFIO_COMPAT_OK;
	if (dir < 0)
		dir = open_instance(j, &err);
	if (err)
		return is_left(j, err, "it cannot be opened",
			       "mend that, then release it");
	if (dir < 0)
		return VFIO_COMPAT_OK;
	if (j->created && j->state == VC_BEGUN && !j->random && !asked)
		ret = is_left(j, 0, "it may be of the claim that was killed, or somebody else's",
			      "see that nobody needs it, then release it by its name");
	else
		ret = undo_held(j, dir);
	close(dir);
	return ret;
}

/* A device that a recorded tree lacks may be there all the same. */
static int check_root(struct vfio_compat *ctx, const char *name)
{
	int dir = vc_open_dir(ctx, ctx->root);
	bool live;

	if (dir < 0)
		return VFIO_COMPAT_IO;
	live = vc_is_sysfs(dir);
	close(dir);
	if (live)
		return VFIO_COMPAT_OK;
	return vc_fail(ctx, VFIO_COMPAT_USAGE, 0, name, ctx->root,
		       "is a recorded tree: expected this machine's sysfs, where claims are; leave out --sysfs-root and VFIO_COMPAT_SYSFS_ROOT");
}

static int open_journal(struct vfio_compat *ctx, const char *name,
			struct vc_journal **j)
{
	char *own = vc_instance_name(name);
	int ret;

	*j = NULL;
	if (!own)
		return vc_fail(ctx, VFIO_COMPAT_USAGE, 0, name, NULL,
			       "is no instance: expected the UUID that claim printed");
	ret = check_root(ctx, name);
	if (!ret)
		ret = vc_journal_new(ctx, own, j);
	free(own);
	return ret ? ret : vc_journal_open(*j);
}

/**
 * vfio_compat_done - keep what was claimed: its migration is over
 * @ctx: the context
 * @name: the instance
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_USAGE; VFIO_COMPAT_CAPACITY if it is
 * being claimed; VFIO_COMPAT_IO if it was not claimed.
 */
int vfio_compat_done(struct vfio_compat *ctx, const char *name)
{
	struct vc_journal *j;
	int ret = open_journal(ctx, name, &j);

	if (!ret && j->state != VC_CLAIMED)
		ret = vc_fail(ctx, VFIO_COMPAT_IO, 0, name, NULL,
			      "its claim was cut short: expected one that printed the UUID; release it");
	if (!ret)
		ret = vc_journal_remove(j);
	vc_journal_free(j);
	return ret;
}

/**
 * vfio_compat_release - give back what was claimed
 * @ctx: the context
 * @name: the instance
 *
 * What the claim created is removed, what it adopted is as it was before.  A
 * device that is open is left alone.
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_USAGE; VFIO_COMPAT_CAPACITY if it is
 * being claimed; VFIO_COMPAT_LEFT; VFIO_COMPAT_IO if it was not claimed.
 */
int vfio_compat_release(struct vfio_compat *ctx, const char *name)
{
	struct vc_journal *j;
	int ret = open_journal(ctx, name, &j);

	if (!ret)
		ret = vc_undo(j, true);
	if (!ret)
		ret = vc_journal_remove(j);
	vc_journal_free(j);
	return ret;
}

/* It was not cut short, and what it claimed is still there. */
static bool is_good(struct vc_journal *j)
{
	int err, dir = j->state == VC_CLAIMED ? open_instance(j, &err) : -1;

	if (dir >= 0)
		close(dir);
	return dir >= 0;
}

/**
 * vfio_compat_release_stale - clean up a claim whose process was killed
 * @ctx: the context
 * @name: the instance, of vfio_compat_find_claims()
 * @released: receives whether there was something to clean up
 *
 * Return: VFIO_COMPAT_OK, also if the claim is good or in progress, where its
 * mdevctl counts too; VFIO_COMPAT_LEFT; VFIO_COMPAT_USAGE if the context's tree
 * is a recorded one; VFIO_COMPAT_IO.
 */
int vfio_compat_release_stale(struct vfio_compat *ctx, const char *name,
			      bool *released)
{
	struct vc_journal *j;
	int ret = open_journal(ctx, name, &j);

	*released = false;
	if (!ret && !is_good(j)) {
		ret = vc_undo(j, false);
		if (!ret)
			ret = vc_journal_remove(j);
		*released = !ret;
	} else if (ret == VFIO_COMPAT_CAPACITY ||
		   (ret && ctx->error.err == ENOENT)) {
		ret = VFIO_COMPAT_OK;
	}
	vc_journal_free(j);
	return ret;
}

/**
 * vfio_compat_find_claims - list the claims that have a journal
 * @ctx: the context
 * @names: receives the names of their instances, with NULL after the last, for
 *	vfio_compat_free_names(); NULL on error
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_find_claims(struct vfio_compat *ctx, char ***names)
{
	int ret = vc_list_dir(ctx, ctx->claims, names);
	unsigned int from, to = 0;

	vc_journal_sweep(ctx);
	for (from = 0; !ret && (*names)[from]; from++) {
		char *name = (*names)[from], *end = strrchr(name, '.');

		if (end && !strcmp(end, ".json"))
			*end = '\0';
		if (end && !*end && vc_is_instance_name(name))
			(*names)[to++] = name;
		else
			free(name);
	}
	if (!ret) {
		(*names)[to] = NULL;
	} else {
		vc_free_names(*names);
		*names = NULL;
	}
	return ret;
}

/* Whether it can be pinned to @series; the list of all that it can. */
static bool offers(struct vfio_compat_object *obj, const char *series,
		   char **list)
{
	bool found = false;
	const char *own;
	unsigned int i;

	*list = NULL;
	for (i = 0; (own = vfio_compat_object_entry(obj, VFIO_COMPAT_EMITS,
						    i)); i++) {
		char *more = vc_printf("%s%s%s", i ? *list : "", i ? "," : "",
				       own);

		free(*list);
		*list = more;
		if (!more)
			break;
		found |= !strcmp(own, series);
	}
	return found;
}

static int not_offered(struct vfio_compat_object *obj, const char *series,
		       const char *list)
{
	if (!list)
		return vc_nomem(obj->ctx);
	return vc_fail(obj->ctx, VFIO_COMPAT_INCOMPATIBLE, 0, obj->name,
		       obj->path,
		       "cannot be pinned to %s: expected one of %s, which it can emit",
		       series, list);
}

/**
 * vfio_compat_pin - let an instance emit an older series
 * @obj: an instance of this machine that is not open; read again after it
 * @series: "major.minor" that it can emit: an entry of VFIO_COMPAT_EMITS; its
 *	driver's own ends the pin
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_INCOMPATIBLE if it cannot emit that;
 * VFIO_COMPAT_USAGE for what is no instance of this machine;
 * VFIO_COMPAT_UNKNOWN if it does not say what it can emit; VFIO_COMPAT_IO if
 * the driver does not take it.
 */
int vfio_compat_pin(struct vfio_compat_object *obj, const char *series)
{
	struct vfio_compat *ctx = obj->ctx;
	char *list;
	int dir, ret;

	if (!obj->live || obj->node == VFIO_COMPAT_TYPE)
		return vc_fail(ctx, VFIO_COMPAT_USAGE, 0, obj->name, obj->path,
			       "cannot be pinned: expected an instance of this machine; a type has no version of its own to change");
	if (!obj->has_offers)
		return vc_fail(ctx, VFIO_COMPAT_UNKNOWN, 0, obj->name,
			       obj->path,
			       "does not say what it can be pinned to: expected emitted_software_version");
	ret = offers(obj, series, &list) ? VFIO_COMPAT_OK :
					   not_offered(obj, series, list);
	free(list);
	if (ret)
		return ret;
	dir = vc_open_dir(ctx, obj->path);
	if (dir < 0)
		return VFIO_COMPAT_IO;
	if (vc_is_sysfs(dir))
		ret = vc_put(obj, dir, "software_version", series);
	else
		ret = vc_fail(ctx, VFIO_COMPAT_USAGE, 0, obj->name, obj->path,
			      "is of a recorded tree: expected an instance of this machine; leave out --sysfs-root and VFIO_COMPAT_SYSFS_ROOT");
	close(dir);
	return ret ? ret : vc_read_node(obj);
}

/**
 * vfio_compat_free_names - free what vfio_compat_find_claims() gave
 * @names: the list, or NULL
 */
void vfio_compat_free_names(char **names)
{
	vc_free_names(names);
}
