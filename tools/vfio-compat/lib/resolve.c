// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * From what a person writes to a node: a path, a UUID, a PCI address,
 * PARENT/TYPE, or the name of a parent, which is no object.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

#define TYPES_DIR "mdev_supported_types"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* Whether @text is @form, with a hexadecimal digit for each 'x'. */
static bool has_form(const char *text, const char *form)
{
	for (; *form; text++, form++)
		if (*form == 'x' ? !is_hex(*text) : *text != *form)
			return false;
	return !*text;
}

bool vc_is_uuid(const char *text)
{
	return has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

static bool is_bdf(const char *text)
{
	return has_form(text, "xxxx:xx:xx.x") || has_form(text, "xx:xx.x");
}

/* The kernel prints UUIDs and addresses in lower case. */
static void lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'F')
			*text += 'a' - 'A';
}

static bool is_beneath(const char *path, const char *root)
{
	size_t len = strlen(root);

	return !strncmp(path, root, len) && (path[len] == '/' || !path[len]);
}

/* Canonical path of something in the tree; NULL with errno if it is not. */
static char *canonical(struct vfio_compat *ctx, char *path)
{
	char *real = path ? realpath(path, NULL) : NULL;
	int err = path ? errno : ENOMEM;

	free(path);
	if (real && !is_beneath(real, ctx->root)) {
		free(real);
		real = NULL;
		err = EXDEV;
	}
	errno = err;
	return real;
}

/**
 * vc_path - canonical path of what the tree has under a name
 * @ctx: the context
 * @text: path relative to /sys; or absolute, as on the recorded machine or
 *	with the root in front
 *
 * Return: the path, or NULL and errno; EXDEV if it leads out of the tree.
 */
char *vc_path(struct vfio_compat *ctx, const char *text)
{
	if (text[0] == '/') {
		if (is_beneath(text, ctx->root))
			return canonical(ctx, strdup(text));
		if (!is_beneath(text, "/sys")) {
			errno = EXDEV;
			return NULL;
		}
		text += strlen("/sys");
	}
	return canonical(ctx, vc_printf("%s/%s", ctx->root, text));
}

/* Folder of a parent device, by its name or PCI address; NULL and errno. */
char *vc_parent_path(struct vfio_compat *ctx, const char *parent)
{
	bool brief = has_form(parent, "xx:xx.x");
	char *name = vc_printf("class/mdev_bus/%s%s", brief ? "0000:" : "",
			       parent);
	char *path = NULL;

	if (is_bdf(parent) && name)
		lower(name);
	if (name)
		path = vc_path(ctx, name);
	free(name);
	return path;
}

static char *dir_name(const char *path)
{
	return strndup(path, strrchr(path, '/') - path);
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool is_in(const char *path, const char *name)
{
	char *dir = dir_name(path);
	bool in = dir && strrchr(dir, '/') && !strcmp(base_name(dir), name);

	free(dir);
	return in;
}

bool vc_has(const char *path, const char *name)
{
	char *file = vc_printf("%s/%s", path, name);
	bool is = file && !access(file, F_OK);

	free(file);
	return is;
}

/* Name of the parent of a type or an instance. */
static char *parent_of(const char *path, bool type)
{
	char *dir = dir_name(path), *up = NULL, *name = NULL;

	if (dir && type)
		up = dir_name(dir);
	if (dir && (up || !type))
		name = strdup(base_name(up ? up : dir));
	free(up);
	free(dir);
	return name;
}

static int open_type(struct vfio_compat *ctx, const char *path,
		     struct vfio_compat_object **obj)
{
	char *parent = parent_of(path, true);
	char *name = parent ? vc_printf("%s/%s", parent, base_name(path)) : NULL;
	int ret = name ? vc_object_new(ctx, VFIO_COMPAT_TYPE, name, obj) :
			 vc_nomem(ctx);

	free(name);
	if (ret) {
		free(parent);
		return ret;
	}
	(*obj)->parent = parent;
	(*obj)->type_path = strdup(path);
	return VFIO_COMPAT_OK;
}

static int open_mdev(struct vfio_compat *ctx, const char *path,
		     struct vfio_compat_object **obj)
{
	int ret = vc_object_new(ctx, VFIO_COMPAT_MDEV, base_name(path), obj);

	if (ret)
		return ret;
	(*obj)->parent = parent_of(path, false);
	(*obj)->type_path = canonical(ctx, vc_printf("%s/mdev_type", path));
	if ((*obj)->type_path)
		return VFIO_COMPAT_OK;
	return vc_fail(ctx, VFIO_COMPAT_IO, errno, base_name(path), path,
		       "mdev_type: %s: expected a link to the type in the same tree; record the tree again",
		       strerror(errno));
}

static int open_pci(struct vfio_compat *ctx, const char *path,
		    struct vfio_compat_object **obj)
{
	int ret = vc_object_new(ctx, VFIO_COMPAT_PCI, base_name(path), obj);

	if (ret)
		return ret;
	(*obj)->driver = vc_link_name(path, "driver");
	(*obj)->type_path = strdup(path);
	return VFIO_COMPAT_OK;
}

/* A parent is no object: say what could have been meant. */
static int only_parent(struct vfio_compat *ctx, const char *text,
		       const char *path)
{
	char *dir = vc_printf("%s/" TYPES_DIR, path), **types = NULL;
	char *list = strdup(""), *more;
	unsigned int i;
	int ret = dir ? vc_list_dir(ctx, dir, &types) : vc_nomem(ctx);

	for (i = 0; !ret && list && types[i]; i++) {
		more = vc_printf("%s%s %s/%s", list, i ? "," : "",
				 base_name(path), types[i]);
		free(list);
		list = more;
	}
	if (!ret)
		ret = vc_fail(ctx, VFIO_COMPAT_USAGE, 0, text, NULL,
			      "is a parent device: expected a type or an instance; give one of its types:%s",
			      list && list[0] ? list : " (it has none)");
	vfio_compat_free_names(types);
	free(list);
	free(dir);
	return ret;
}

/* Something was named that the tree does not have. */
int vc_not_found(struct vfio_compat *ctx, enum vfio_compat_code code,
		 const char *text, int err, const char *expected)
{
	if (err == EXDEV)
		return vc_fail(ctx, code, err, text, NULL,
			       "is outside of %s: expected a node of that tree; give a path that begins with /sys/",
			       ctx->root);
	return vc_fail(ctx, code, err, text, NULL,
		       "%s: expected %s; see \"vfio-compat list\"",
		       strerror(err), expected);
}

/* What looks like an object is missing; anything else is a slip of the pen. */
static enum vfio_compat_code missing_code(const char *text, int err)
{
	if (err == EXDEV)
		return VFIO_COMPAT_USAGE;
	if (vc_is_uuid(text) || is_bdf(text) || strchr(text, '/'))
		return VFIO_COMPAT_IO;
	return VFIO_COMPAT_USAGE;
}

/* The object whose folder is @path, not yet read. */
static int open_path(struct vfio_compat *ctx, const char *text,
		     const char *path, struct vfio_compat_object **obj)
{
	int ret;

	if (is_in(path, TYPES_DIR))
		ret = open_type(ctx, path, obj);
	else if (vc_is_uuid(base_name(path)))
		ret = open_mdev(ctx, path, obj);
	else if (vc_has(path, TYPES_DIR) && !vc_has(path, "migration_type"))
		return only_parent(ctx, text, path);
	else if (is_bdf(base_name(path)))
		ret = open_pci(ctx, path, obj);
	else
		return vc_fail(ctx, VFIO_COMPAT_USAGE, 0, text, path,
			       "is not a device: expected the folder of a type, an mdev or a PCI function; see \"vfio-compat list\"");
	if (ret)
		return ret;
	(*obj)->live = true;
	(*obj)->path = strdup(path);
	if (!(*obj)->path || !(*obj)->type_path)
		return vc_nomem(ctx);
	return vc_read_node(*obj);
}

/* PARENT/TYPE, where PARENT is a name, a PCI address or a path. */
static char *type_path(struct vfio_compat *ctx, const char *text)
{
	char *parent = dir_name(text), *path = NULL, *dir = NULL;

	if (parent && parent[0])
		dir = parent[0] == '/' ? vc_path(ctx, parent) :
					 vc_parent_path(ctx, parent);
	if (dir)
		path = canonical(ctx, vc_printf("%s/" TYPES_DIR "/%s", dir,
						base_name(text)));
	free(parent);
	free(dir);
	return path;
}

/* Where a UUID or a PCI address is; a parent's address leads to the parent. */
static char *device_path(struct vfio_compat *ctx, const char *text)
{
	char *name, *path = NULL;

	if (vc_is_uuid(text))
		name = vc_printf("bus/mdev/devices/%s", text);
	else
		name = vc_printf("bus/pci/devices/%s%s",
				 has_form(text, "xx:xx.x") ? "0000:" : "", text);
	if (name) {
		lower(name + strlen("bus/"));
		path = vc_path(ctx, name);
	}
	free(name);
	return path ? path : vc_parent_path(ctx, text);
}

static char *find(struct vfio_compat *ctx, const char *text,
		  const char **expected)
{
	char *path = NULL;

	if (text[0] == '/') {
		*expected = "the path of a type, an mdev or a PCI function";
		path = vc_path(ctx, text);
		return path || errno == EXDEV ? path : type_path(ctx, text);
	}
	if (vc_is_uuid(text) || is_bdf(text)) {
		*expected = "a device of this machine";
		return device_path(ctx, text);
	}
	*expected = "a type of a parent, as PARENT/TYPE";
	if (strchr(text, '/'))
		return type_path(ctx, text);
	*expected = "a path, a UUID, a PCI address, PARENT/TYPE or @FILE";
	return text[0] && text[0] != '.' ? vc_parent_path(ctx, text) : NULL;
}

/**
 * vfio_compat_open - read an object of the tree
 * @ctx: the context
 * @text: a path that begins with "/", a UUID, a PCI address or PARENT/TYPE
 * @obj: receives the object; NULL if there is none
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_UNKNOWN with an object that says
 * nothing; VFIO_COMPAT_USAGE for what is no object; VFIO_COMPAT_IO.
 */
int vfio_compat_open(struct vfio_compat *ctx, const char *text,
		     struct vfio_compat_object **obj)
{
	const char *expected = "an object";
	char *path;
	int ret;

	*obj = NULL;
	errno = ENOENT;
	path = find(ctx, text, &expected);
	if (!path)
		return vc_not_found(ctx, missing_code(text, errno), text, errno,
				    expected);
	ret = open_path(ctx, text, path, obj);
	free(path);
	if (ret && ret != VFIO_COMPAT_UNKNOWN) {
		vfio_compat_object_free(*obj);
		*obj = NULL;
	}
	return ret;
}
