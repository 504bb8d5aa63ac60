// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * What a tree holds: the types and instances of each parent, and the PCI
 * functions that take part.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/* Names that are collected, always ended by NULL. */
struct found {
	struct vfio_compat *ctx;
	char **names;
	size_t count;
};

/* Takes over @name, which is NULL when there was no memory for it. */
static int add(struct found *f, char *name)
{
	char **more = realloc(f->names, (f->count + 2) * sizeof(*more));

	if (more)
		f->names = more;
	if (!more || !name) {
		free(name);
		return vc_nomem(f->ctx);
	}
	more[f->count++] = name;
	more[f->count] = NULL;
	return VFIO_COMPAT_OK;
}

static int add_types(struct found *f, const char *parent, const char *path)
{
	char *dir = vc_printf("%s/" VC_TYPES_DIR, path), **types = NULL;
	int ret = dir ? vc_list_dir(f->ctx, dir, &types) : vc_nomem(f->ctx);
	unsigned int i;

	for (i = 0; !ret && types[i]; i++)
		ret = add(f, vc_printf("%s/%s", parent, types[i]));
	vfio_compat_free_names(types);
	free(dir);
	return ret;
}

/* The folders of instances are inside their parent's. */
static int add_mdevs(struct found *f, const char *path)
{
	char **names = NULL;
	int ret = vc_list_dir(f->ctx, path, &names);
	unsigned int i;

	for (i = 0; !ret && names[i]; i++)
		if (vc_is_uuid(names[i]))
			ret = add(f, strdup(names[i]));
	vfio_compat_free_names(names);
	return ret;
}

static int add_parent(struct found *f, const char *parent)
{
	char *name = vc_trimmed(parent);
	char *path = name ? vc_parent_path(f->ctx, name) : NULL;
	int ret, err = path ? ENODEV : errno;

	if (path && vc_has(path, VC_TYPES_DIR)) {
		ret = add_types(f, strrchr(path, '/') + 1, path);
		if (!ret)
			ret = add_mdevs(f, path);
	} else {
		ret = vc_not_found(f->ctx, VFIO_COMPAT_IO, parent, err,
				   "a parent device of this tree");
	}
	free(path);
	free(name);
	return ret;
}

static int add_functions(struct found *f)
{
	char *dir = vc_printf("%s/bus/pci/devices", f->ctx->root);
	char **names = NULL;
	int ret = dir ? vc_list_dir(f->ctx, dir, &names) : vc_nomem(f->ctx);
	unsigned int i;

	for (i = 0; !ret && names[i]; i++) {
		char *path = vc_printf("%s/%s", dir, names[i]);

		if (path && vc_has(path, "migration_type"))
			ret = add(f, strdup(names[i]));
		free(path);
	}
	vfio_compat_free_names(names);
	free(dir);
	return ret;
}

/* Hand out what was found, or nothing at all. */
static int give(struct found *f, int ret, char ***names)
{
	if (ret) {
		vfio_compat_free_names(f->names);
		f->names = NULL;
	}
	*names = f->names;
	return ret;
}

/**
 * vfio_compat_find_parents - list the mdev parents of a tree
 * @ctx: the context
 * @names: receives their names, with NULL after the last
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_find_parents(struct vfio_compat *ctx, char ***names)
{
	char *dir = vc_printf("%s/class/mdev_bus", ctx->root);
	int ret;

	*names = NULL;
	ret = dir ? vc_list_dir(ctx, dir, names) : vc_nomem(ctx);
	free(dir);
	return ret;
}

/**
 * vfio_compat_find - list the types and instances of a parent
 * @ctx: the context
 * @parent: the parent device
 * @names: receives names for vfio_compat_open(), with NULL after the last;
 *	types come before instances
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_find(struct vfio_compat *ctx, const char *parent,
		     char ***names)
{
	struct found f = { .ctx = ctx, .names = calloc(1, sizeof(char *)) };

	return give(&f, f.names ? add_parent(&f, parent) : vc_nomem(ctx),
		    names);
}

/**
 * vfio_compat_find_functions - list the PCI functions that take part
 * @ctx: the context
 * @names: receives names for vfio_compat_open(), with NULL after the last
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_find_functions(struct vfio_compat *ctx, char ***names)
{
	struct found f = { .ctx = ctx, .names = calloc(1, sizeof(char *)) };

	return give(&f, f.names ? add_functions(&f) : vc_nomem(ctx), names);
}

/**
 * vfio_compat_free_names - free what vfio_compat_find() gave
 * @names: the list, or NULL
 */
void vfio_compat_free_names(char **names)
{
	unsigned int i;

	for (i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}
