// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Getting an instance: create it, or adopt one that nobody uses.  The journal
 * is written before.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "claim.h"

#define TRIES 3		/* of random UUIDs; one is enough */

static int random_uuid(struct vfio_compat *ctx, char name[VC_WORD_MAX])
{
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return vc_fail(ctx, VFIO_COMPAT_IO, errno, NULL, NULL,
			       "no random numbers: expected some; give --uuid");
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	snprintf(name, VC_WORD_MAX,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9],
		 b[10], b[11], b[12], b[13], b[14], b[15]);
	return VFIO_COMPAT_OK;
}

static int new_journal(struct vfio_compat_claim *c, const char *name)
{
	const char *type = strrchr(c->dst->type_path, '/') + 1;
	int ret;

	vc_journal_free(c->journal);
	ret = vc_journal_new(c->ctx, name, &c->journal);
	if (ret)
		return ret;
	snprintf(c->journal->parent, VC_WORD_MAX, "%s",
		 c->dst->parent ? c->dst->parent : "");
	snprintf(c->journal->type, VC_WORD_MAX, "%s", type);
	return VFIO_COMPAT_OK;
}

/* The claim did nothing, so there is nothing to undo. */
static void drop_journal(struct vfio_compat_claim *c)
{
	if (c->journal && c->journal->fd >= 0)
		vc_journal_remove(c->journal);
	vc_journal_free(c->journal);
	c->journal = NULL;
}

static bool is_there(struct vfio_compat_claim *c, const char *name)
{
	char *path = vc_instance_path(c->ctx, name);
	bool is = path;

	free(path);
	return is;
}

static int name_taken(struct vfio_compat_claim *c, const char *name)
{
	return vc_fail(c->ctx, VFIO_COMPAT_CAPACITY, EEXIST, name, NULL,
		       "%s: expected a UUID that is free; leave out --uuid, or give another, or take it with --adopt",
		       strerror(EEXIST));
}

/* What the kernel's refusal to create means. */
static int create_failed(struct vfio_compat_claim *c, const char *name, int err)
{
	char *path;
	int ret;

	if (err == EEXIST)
		return name_taken(c, name);
	path = vc_printf("%s/create", c->dst->path);
	if (err == EUSERS || err == ENOSPC)
		ret = vc_fail(c->ctx, VFIO_COMPAT_CAPACITY, err, c->dst->name,
			      path,
			      "%s: expected a free instance; somebody may have been faster, so choose another parent",
			      strerror(err));
	else
		ret = vc_fail(c->ctx, VFIO_COMPAT_IO, err, c->dst->name, path,
			      "%s: expected a new instance; %s", strerror(err),
			      err == EACCES || err == EPERM ? "run as root" :
			      "see the kernel log for why");
	free(path);
	return ret;
}

static int create_by_kernel(struct vfio_compat_claim *c, const char *name)
{
	int err, dir = vc_open_dir(c->ctx, c->dst->path);

	if (dir < 0)
		return VFIO_COMPAT_IO;
	err = vc_write_attr(dir, "create", name);
	close(dir);
	return err ? create_failed(c, name, err) : VFIO_COMPAT_OK;
}

/* The destination is only looked at: a verdict was made of what it said. */
static bool is_full(struct vfio_compat_claim *c)
{
	int dir = vc_open_dir(c->ctx, c->dst->path);
	char *now = NULL;
	bool full;

	if (dir < 0)
		return false;
	full = !vc_get(c->dst, dir, "available_instances", &now) &&
	       !strcmp(now, "0");
	close(dir);
	free(now);
	return full;
}

/* mdevctl does not say which error it was: look. */
static int create_by_mdevctl(struct vfio_compat_claim *c, const char *name)
{
	const char * const args[] = {
		"mdevctl", "start", "-u", name, "-p", c->journal->parent,
		"-t", c->journal->type, NULL,
	};
	int ret;

	if (is_there(c, name))
		return name_taken(c, name);
	ret = vc_mdevctl(c->ctx, args, c->journal->fd);
	if (!ret || c->ctx->error.err)
		return ret;
	if (is_full(c))
		return create_failed(c, name, EUSERS);
	return vc_fail(c->ctx, VFIO_COMPAT_IO, 0, c->dst->name, "mdevctl",
		       "mdevctl start failed: expected a new instance; see what it said");
}

/* A failed create leaves nothing, but mdevctl may fail after it. */
static int create(struct vfio_compat_claim *c, const char *name, bool random)
{
	bool mdevctl = c->flags & VFIO_COMPAT_CLAIM_MDEVCTL;
	int ret = new_journal(c, name);

	if (ret)
		return ret;
	c->journal->created = true;
	c->journal->random = random;
	c->journal->mdevctl = mdevctl;
	ret = is_there(c, name) ? name_taken(c, name) :
				  vc_journal_begin(c->journal);
	if (ret)
		return ret;
	ret = mdevctl ? create_by_mdevctl(c, name) :
			create_by_kernel(c, name);
	if (ret && mdevctl && is_there(c, name))
		return vc_fail(c->ctx, VFIO_COMPAT_LEFT, 0, name, NULL,
			       "is left of mdevctl start, which failed: expected a new instance or none; see that nobody needs it, then release it");
	if (ret)
		drop_journal(c);
	/* it may have got the same signal */
	return ret && mdevctl && vc_stopped(c) ? VFIO_COMPAT_UNDONE : ret;
}

static int create_random(struct vfio_compat_claim *c)
{
	char name[VC_WORD_MAX];
	int tries, ret = VFIO_COMPAT_CAPACITY;

	for (tries = 0; tries < TRIES; tries++) {
		ret = random_uuid(c->ctx, name);
		if (!ret)
			ret = create(c, name, true);
		if (ret != VFIO_COMPAT_CAPACITY || c->ctx->error.err != EEXIST)
			break;
	}
	return ret;
}

static int create_any(struct vfio_compat_claim *c)
{
	const char *uuid = c->uuid;
	int ret;

	if (!uuid || !strcmp(uuid, "same"))
		uuid = vc_source_uuid(c->src);
	if (!uuid || !strcmp(uuid, "random"))
		return create_random(c);
	ret = create(c, uuid, false);
	if (ret == VFIO_COMPAT_CAPACITY && !c->uuid &&
	    c->ctx->error.err == EEXIST)
		return create_random(c);
	return ret;
}

/* One instance, if nobody uses it. */
static int adopt(struct vfio_compat_claim *c, const char *name)
{
	int hold, err, dir, ret = new_journal(c, name);
	char *path = vc_instance_path(c->ctx, name);

	if (!path && !ret)
		ret = vc_fail(c->ctx, VFIO_COMPAT_IO, errno, name, NULL,
			      "%s: expected an instance of %s; see \"vfio-compat list\"",
			      strerror(errno), c->dst->name);
	if (!ret)
		ret = vc_journal_begin(c->journal);
	if (ret) {
		free(path);
		return ret;
	}
	dir = vc_open_dir(c->ctx, path);
	free(path);
	err = dir < 0 ? ENODEV : vc_hold(dir, &hold);
	if (!err && hold >= 0)
		close(hold);
	if (dir >= 0)
		close(dir);
	if (!err) {
		c->journal->state = VC_MADE;
		return vc_journal_write(c->journal);
	}
	drop_journal(c);
	return vc_fail(c->ctx, VFIO_COMPAT_CAPACITY, err, name, NULL,
		       "%s: expected an instance that nobody uses; choose another",
		       strerror(err));
}

static bool is_of_type(struct vfio_compat_claim *c, const char *name)
{
	char *path = vc_instance_path(c->ctx, name);
	char *link = path ? vc_printf("%s/mdev_type", path) : NULL;
	char *type = link ? realpath(link, NULL) : NULL;
	bool is = type && !strcmp(type, c->dst->path);

	free(type);
	free(link);
	free(path);
	return is;
}

/* A device cannot take over from itself. */
static bool is_source(struct vfio_compat_claim *c, const char *name)
{
	return c->src->live && !strcmp(c->src->name, name);
}

static int adopt_named(struct vfio_compat_claim *c, const char *name)
{
	if (is_source(c, name))
		return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, name, NULL,
			       "is the source: expected another instance");
	if (c->dst->node == VFIO_COMPAT_PCI || !is_there(c, name) ||
	    is_of_type(c, name))
		return adopt(c, name);
	return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, name, NULL,
		       "is not an instance of %s: expected one; give its own type",
		       c->dst->name);
}

/* What is in the folder of the destination's parent. */
static int list_parent(struct vfio_compat_claim *c, char ***names)
{
	const char *parent = c->dst->parent;
	char *path = vc_parent_path(c->ctx, parent);
	int ret;

	*names = NULL;
	if (path)
		ret = vc_list_dir(c->ctx, path, names);
	else
		ret = vc_not_found(c->ctx, VFIO_COMPAT_IO, parent, errno,
				   "a parent device of this tree");
	free(path);
	return ret;
}

static int adopt_any(struct vfio_compat_claim *c)
{
	int ret = VFIO_COMPAT_CAPACITY;
	char **names;
	unsigned int i;

	if (list_parent(c, &names)) {
		vc_free_names(names);
		return VFIO_COMPAT_IO;
	}
	vc_fail(c->ctx, VFIO_COMPAT_CAPACITY, 0, c->dst->name, NULL,
		"has no instance that nobody uses: expected one; leave out --adopt to create one");
	for (i = 0; names[i] && ret == VFIO_COMPAT_CAPACITY; i++)
		if (vc_is_uuid(names[i]) && is_of_type(c, names[i]) &&
		    !is_source(c, names[i]))
			ret = adopt(c, names[i]);
	vc_free_names(names);
	return ret;
}

static int get(struct vfio_compat_claim *c)
{
	const char *uuid = c->uuid;

	if (c->dst->node == VFIO_COMPAT_PCI)
		return adopt_named(c, c->dst->name);
	if (!(c->flags & VFIO_COMPAT_CLAIM_ADOPT))
		return create_any(c);
	if (uuid && !strcmp(uuid, "same"))
		uuid = vc_source_uuid(c->src);
	return uuid ? adopt_named(c, uuid) : adopt_any(c);
}

/**
 * vc_claim_take - create or adopt an instance
 * @c: the claim, checked; gets a journal and the instance
 *
 * Return: VFIO_COMPAT_OK; or why not, and if there is a journal that has a
 * file then there is something to undo.
 */
int vc_claim_take(struct vfio_compat_claim *c)
{
	struct vc_journal *j;
	int ret = get(c);

	if (ret)
		return ret;
	j = c->journal;
	ret = vfio_compat_open(c->ctx, j->name, &c->inst);
	if (ret)
		return ret;
	j->node = vc_open_dir(c->ctx, c->inst->path);
	if (j->node < 0)
		return VFIO_COMPAT_IO;
	if (strcmp(c->inst->type_path, c->dst->type_path))
		return vc_malformed(c->inst, c->inst->path, "mdev_type",
				    "is another type: expected %s",
				    c->dst->name);
	if (j->state == VC_MADE)
		return VFIO_COMPAT_OK;
	j->state = VC_MADE;
	return vc_journal_write(j);
}
