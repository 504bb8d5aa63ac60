// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * What a tree holds: walks over the parents, over the types and instances of
 * each, and over the PCI functions that take part.
 *
 * A walk lists its folder once, when it begins; each step reads one node.  So
 * a tree of any size takes the memory of its names and of one object.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/**
 * struct vfio_compat_parent - a device that has types of mdevs
 * @ctx: the context
 * @walk: the walk that it is a step of, or NULL
 * @at: which step
 * @name: the name that its objects show
 * @path: its folder, or NULL
 * @error: why it cannot be walked through
 */
struct vfio_compat_parent {
	struct vfio_compat *ctx;
	struct vc_walk *walk;
	unsigned int at;
	char *name;
	char *path;
	struct vfio_compat_error error;
};

/* ---- a walk: names, and who holds them ---- */

/* Takes over @names. */
static struct vc_walk *new_walk(struct vfio_compat *ctx,
				enum vfio_compat_node node, char **names)
{
	struct vc_walk *walk = calloc(1, sizeof(*walk));

	if (!walk) {
		vc_nomem(ctx);
		vc_free_names(names);
		return NULL;
	}
	walk->refs = 1;
	walk->ctx = vfio_compat_ref(ctx);
	walk->node = node;
	walk->names = names;
	return walk;
}

void vc_walk_free(struct vc_walk *walk)
{
	if (!walk || --walk->refs)
		return;
	vc_free_names(walk->names);
	vfio_compat_unref(walk->ctx);
	free(walk);
}

static struct vc_walk *hold(struct vc_walk *walk)
{
	walk->refs++;
	return walk;
}

/* The end of a walk is no error. */
static void *the_end(struct vfio_compat *ctx)
{
	vc_clear_error(&ctx->error);
	return NULL;
}

/* ---- objects ---- */

/* A node that cannot even be opened is a step too. */
static struct vfio_compat_object *unreadable(struct vc_walk *walk,
					     const char *name)
{
	struct vfio_compat *ctx = walk->ctx;
	struct vfio_compat_error error = { .code = VFIO_COMPAT_OK };
	struct vfio_compat_object *obj;

	vc_copy_error(&error, &ctx->error);
	if (!vc_object_new(ctx, walk->node, name, &obj)) {
		vc_copy_error(&obj->error, &error);
		vc_object_shrink(obj);
	}
	vc_clear_error(&error);
	return obj;
}

/* It was there when the walk began. */
static bool is_gone(const struct vfio_compat *ctx)
{
	return ctx->error.err == ENOENT && !ctx->error.path[0];
}

/*
 * What went away while it was read is looked for once more, and then not
 * found.  Return: the object; NULL if it is gone or there is no memory.
 */
static struct vfio_compat_object *read_step(struct vc_walk *walk,
					    const char *name)
{
	struct vfio_compat *ctx = walk->ctx;
	struct vfio_compat_object *obj;

	if (vc_open(ctx, name, &obj) == VFIO_COMPAT_IO) {
		vfio_compat_object_free(obj);
		vc_open(ctx, name, &obj);
	}
	if (obj || ctx->error.err == ENOMEM)
		return obj;
	if (!is_gone(ctx))
		return unreadable(walk, name);
	vc_log(ctx, VFIO_COMPAT_LOG_NOTICE, "%s: went away", name);
	return NULL;
}

/* The first object from step @at on; gives up the caller's hold on @walk. */
static struct vfio_compat_object *object_from(struct vc_walk *walk,
					      unsigned int at)
{
	struct vfio_compat *ctx = walk->ctx;
	struct vfio_compat_object *obj = NULL;

	for (; !obj && walk->names[at]; at++) {
		obj = read_step(walk, walk->names[at]);
		if (!obj && ctx->error.err == ENOMEM)
			break;
	}
	if (obj) {
		obj->walk = walk;
		obj->at = at - 1;
		return obj;
	}
	if (!walk->names[at])
		the_end(ctx);
	vc_walk_free(walk);
	return NULL;
}

static struct vfio_compat_object *first_object(struct vfio_compat *ctx,
					       enum vfio_compat_node node,
					       char **names)
{
	struct vc_walk *walk = new_walk(ctx, node, names);

	return walk ? object_from(walk, 0) : NULL;
}

/**
 * vfio_compat_object_next - the object after another of the same walk
 * @obj: the object, which is given up; or NULL
 *
 * Return: the next one; NULL at the end, or if there is no memory.
 */
struct vfio_compat_object *
vfio_compat_object_next(struct vfio_compat_object *obj)
{
	struct vc_walk *walk = obj && obj->walk ? hold(obj->walk) : NULL;
	unsigned int at = obj ? obj->at + 1 : 0;

	if (obj && !walk)
		the_end(obj->ctx);
	vfio_compat_object_free(obj);
	return walk ? object_from(walk, at) : NULL;
}

/* Keep the names that @is_wanted; those of types get their parent in front. */
static int keep_names(struct vfio_compat *ctx, char **names, const char *before,
		      const char *dir,
		      bool (*is_wanted)(const char *dir, const char *name))
{
	unsigned int i, kept = 0;
	int ret = VFIO_COMPAT_OK;
	char *name;

	for (i = 0; names[i]; i++) {
		name = names[i];
		names[i] = NULL;
		if (ret || (is_wanted && !is_wanted(dir, name))) {
			free(name);
			continue;
		}
		if (before) {
			names[kept] = vc_printf("%s/%s", before, name);
			free(name);
		} else {
			names[kept] = name;
		}
		if (!names[kept++])
			ret = vc_nomem(ctx);
	}
	return ret;
}

static bool is_instance(const char *dir, const char *name)
{
	(void)dir;
	return vc_is_uuid(name);
}

static bool takes_part(const char *dir, const char *name)
{
	char *path = vc_printf("%s/%s", dir, name);
	bool takes = path && vc_takes_part(path);

	free(path);
	return takes;
}

/* Objects of the folder @dir, which is freed. */
static struct vfio_compat_object *
walk_dir(struct vfio_compat *ctx, enum vfio_compat_node node, char *dir,
	 const char *before,
	 bool (*is_wanted)(const char *dir, const char *name))
{
	char **names = NULL;
	int ret = dir ? vc_list_dir(ctx, dir, &names) : vc_nomem(ctx);

	if (!ret)
		ret = keep_names(ctx, names, before, dir, is_wanted);
	free(dir);
	if (!ret)
		return first_object(ctx, node, names);
	vc_free_names(names);
	return NULL;
}

/* Nothing to walk through: the parent's error is the walk's. */
static void *not_walked(struct vfio_compat_parent *parent)
{
	vc_copy_error(&parent->ctx->error, &parent->error);
	return NULL;
}

/**
 * vfio_compat_type_first - the first type of a parent
 * @parent: the parent
 *
 * Return: its first type, for vfio_compat_object_next(); NULL if there is
 * none, or on error.
 */
struct vfio_compat_object *
vfio_compat_type_first(struct vfio_compat_parent *parent)
{
	if (parent->error.code)
		return not_walked(parent);
	return walk_dir(parent->ctx, VFIO_COMPAT_TYPE,
			vc_printf("%s/" VC_TYPES_DIR, parent->path),
			parent->name, NULL);
}

/**
 * vfio_compat_mdev_first - the first instance of a parent
 * @parent: the parent
 *
 * Return: its first instance, for vfio_compat_object_next(); NULL if there is
 * none, or on error.
 */
struct vfio_compat_object *
vfio_compat_mdev_first(struct vfio_compat_parent *parent)
{
	if (parent->error.code)
		return not_walked(parent);
	/* the folders of instances are inside their parent's */
	return walk_dir(parent->ctx, VFIO_COMPAT_MDEV, strdup(parent->path),
			NULL, is_instance);
}

/**
 * vfio_compat_function_first - the first PCI function that takes part
 * @ctx: the context
 *
 * Return: the function, for vfio_compat_object_next(); NULL if there is none,
 * or on error.
 */
struct vfio_compat_object *vfio_compat_function_first(struct vfio_compat *ctx)
{
	return walk_dir(ctx, VFIO_COMPAT_PCI,
			vc_printf("%s/bus/pci/devices", ctx->root), NULL,
			takes_part);
}

/* ---- parents ---- */

/* Fill in what is known of a parent by its name; its folder may be missing. */
static int find_parent(struct vfio_compat_parent *parent, const char *text)
{
	struct vfio_compat *ctx = parent->ctx;
	char *name = vc_trimmed(text), *slash;
	int ret = VFIO_COMPAT_OK, err;

	errno = ENOMEM;
	parent->path = name ? vc_parent_path(ctx, name) : NULL;
	err = parent->path ? ENODEV : errno;
	slash = parent->path ? strrchr(parent->path, '/') + 1 : name;
	parent->name = slash ? strdup(slash) : NULL;
	if (!parent->name)
		ret = vc_nomem(ctx);
	else if (!parent->path || !vc_has(parent->path, VC_TYPES_DIR))
		ret = vc_not_found(ctx, VFIO_COMPAT_IO, text, err,
				   "a parent device of this tree");
	if (ret)
		vc_copy_error(&parent->error, &ctx->error);
	free(name);
	return ret;
}

static struct vfio_compat_parent *new_parent(struct vfio_compat *ctx)
{
	struct vfio_compat_parent *parent = calloc(1, sizeof(*parent));

	if (parent)
		parent->ctx = vfio_compat_ref(ctx);
	else
		vc_nomem(ctx);
	return parent;
}

/* Removed since; a link that leads nowhere is an error. */
static bool is_removed(const struct vfio_compat_parent *parent,
		       const char *name)
{
	char *dir = vc_printf("%s/class/mdev_bus", parent->ctx->root);
	char *to = dir ? vc_link_name(dir, name) : NULL;
	bool removed = dir && !to && parent->error.err == ENOENT;

	free(to);
	free(dir);
	return removed;
}

/* The parent of step @at; gives up the caller's hold on @walk. */
static struct vfio_compat_parent *parent_from(struct vc_walk *walk,
					      unsigned int at)
{
	struct vfio_compat *ctx = walk->ctx;
	struct vfio_compat_parent *parent = NULL;

	for (; walk->names[at]; at++) {
		parent = new_parent(ctx);
		if (!parent)
			break;
		find_parent(parent, walk->names[at]);
		if (!is_removed(parent, walk->names[at])) {
			parent->walk = walk;
			parent->at = at;
			return parent;
		}
		vfio_compat_parent_free(parent);
	}
	if (!walk->names[at])
		the_end(ctx);
	vc_walk_free(walk);
	return NULL;
}

/**
 * vfio_compat_parent_first - the first mdev parent of a tree
 * @ctx: the context
 *
 * Return: the parent, for vfio_compat_parent_next(); NULL if there is none, or
 * on error.
 */
struct vfio_compat_parent *vfio_compat_parent_first(struct vfio_compat *ctx)
{
	char *dir = vc_printf("%s/class/mdev_bus", ctx->root), **names = NULL;
	int ret = dir ? vc_list_dir(ctx, dir, &names) : vc_nomem(ctx);
	struct vc_walk *walk = NULL;

	free(dir);
	if (ret)
		vc_free_names(names);
	else
		walk = new_walk(ctx, VFIO_COMPAT_TYPE, names);
	return walk ? parent_from(walk, 0) : NULL;
}

/**
 * vfio_compat_parent_next - the parent after another
 * @parent: the parent, which is given up; or NULL
 *
 * Return: the next one; NULL at the end, or if there is no memory.
 */
struct vfio_compat_parent *
vfio_compat_parent_next(struct vfio_compat_parent *parent)
{
	struct vc_walk *walk = parent && parent->walk ? hold(parent->walk) : NULL;
	unsigned int at = parent ? parent->at + 1 : 0;

	if (parent && !walk)
		the_end(parent->ctx);
	vfio_compat_parent_free(parent);
	return walk ? parent_from(walk, at) : NULL;
}

/**
 * vfio_compat_parent_open - find one mdev parent
 * @ctx: the context
 * @text: its name, its PCI address or its path
 * @parent: receives it; NULL on error
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_parent_open(struct vfio_compat *ctx, const char *text,
			    struct vfio_compat_parent **parent)
{
	struct vfio_compat_parent *p = new_parent(ctx);
	int ret = p ? find_parent(p, text) : VFIO_COMPAT_IO;

	if (ret) {
		vfio_compat_parent_free(p);
		p = NULL;
	}
	*parent = p;
	return ret;
}

/**
 * vfio_compat_parent_free - give up a parent
 * @parent: the parent, or NULL
 */
void vfio_compat_parent_free(struct vfio_compat_parent *parent)
{
	if (!parent)
		return;
	vc_walk_free(parent->walk);
	vc_clear_error(&parent->error);
	free(parent->name);
	free(parent->path);
	vfio_compat_unref(parent->ctx);
	free(parent);
}

/**
 * vfio_compat_parent_name - how a parent is called
 * @parent: the parent
 *
 * Return: the name that its types have in front.
 */
const char *vfio_compat_parent_name(const struct vfio_compat_parent *parent)
{
	return parent->name;
}

/**
 * vfio_compat_parent_path - folder of a parent
 * @parent: the parent
 *
 * Return: its path; NULL if it has none, see vfio_compat_parent_error().
 */
const char *vfio_compat_parent_path(const struct vfio_compat_parent *parent)
{
	return parent->path;
}

/**
 * vfio_compat_parent_error - why a parent cannot be walked through
 * @parent: the parent
 *
 * Return: the error; all zero if it can.
 */
const struct vfio_compat_error *
vfio_compat_parent_error(const struct vfio_compat_parent *parent)
{
	return &parent->error;
}
