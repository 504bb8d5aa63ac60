// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * From what a person writes to a node: a path, a UUID, a PCI address,
 * PARENT/TYPE, or the name of a parent, which is no object.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

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

/* The kernel's name of an mdev instance or a PCI function; or NULL. */
char *vc_instance_name(const char *text)
{
	char *name = NULL;

	if (vc_is_uuid(text) || is_bdf(text))
		name = vc_printf("%s%s", has_form(text, "xx:xx.x") ? "0000:" : "",
				 text);
	if (name)
		lower(name);
	return name;
}

bool vc_is_instance_name(const char *text)
{
	char *name = vc_instance_name(text);
	bool is = name && !strcmp(name, text);

	free(name);
	return is;
}

static bool is_beneath(const char *path, const char *root)
{
	size_t len = strlen(root);

	return !strncmp(path, root, len) && (path[len] == '/' || !path[len]);
}

/* A path, and not the name of a device or of a file in the root. */
static bool is_path(const char *text)
{
	size_t dots = strspn(text, ".");

	return text[0] == '/' ||
	       ((dots == 1 || dots == 2) && (text[dots] == '/' || !text[dots]));
}

/* A copy without slashes at the end, which a shell's completion leaves. */
char *vc_trimmed(const char *text)
{
	size_t len = strlen(text);

	while (len > 1 && text[len - 1] == '/')
		len--;
	return strndup(text, len);
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
 *	with the root in front; or relative to where we are, beginning with a
 *	dot
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
	} else if (is_path(text)) {
		return canonical(ctx, strdup(text));
	}
	return canonical(ctx, vc_printf("%s/%s", ctx->root, text));
}

/* Folder of a parent device, by name, PCI address or path; NULL and errno. */
char *vc_parent_path(struct vfio_compat *ctx, const char *parent)
{
	bool brief = has_form(parent, "xx:xx.x");
	char *path = NULL, *name;

	if (is_path(parent))
		return vc_path(ctx, parent);
	name = vc_printf("class/mdev_bus/%s%s", brief ? "0000:" : "", parent);
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

/* Whether a function takes part, also if it cannot say more at present. */
bool vc_takes_part(const char *path)
{
	char *file = vc_printf("%s/migration_type", path);
	bool takes = file && vc_exists(AT_FDCWD, file);

	free(file);
	return takes;
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

/* The types of a parent, each with something in front of it; or NULL. */
static char *types_of(struct vfio_compat *ctx, const char *path,
		      const char *before, const char *slash)
{
	char *dir = vc_printf("%s/" VC_TYPES_DIR, path), **types = NULL;
	int ret = dir ? vc_list_dir(ctx, dir, &types) : vc_nomem(ctx);
	char *list = ret ? NULL : strdup(types[0] ? "" : "none"), *more;
	unsigned int i;

	for (i = 0; list && types[i]; i++) {
		more = vc_printf("%s%s%s%s%s", list, i ? ", " : "", before,
				 slash, types[i]);
		free(list);
		list = more;
	}
	if (!list && !ret)
		vc_nomem(ctx);
	vc_free_names(types);
	free(dir);
	return list;
}

/* A parent is no object: say what could have been meant. */
static int only_parent(struct vfio_compat *ctx, const char *text,
		       const char *path)
{
	char *types = types_of(ctx, path, base_name(path), "/");

	if (!types)
		return VFIO_COMPAT_IO;
	vc_fail(ctx, VFIO_COMPAT_USAGE, 0, text, NULL,
		"is a parent device: expected a type or an instance; give one of its types: %s",
		types);
	free(types);
	return VFIO_COMPAT_USAGE;
}

/* The parent is there, and has no such type. */
static int no_type(struct vfio_compat *ctx, const char *text, const char *path)
{
	char *types = types_of(ctx, path, "", "");

	if (!types)
		return VFIO_COMPAT_IO;
	vc_fail(ctx, VFIO_COMPAT_IO, ENOENT, text, NULL,
		"%s has no type %s: it has %s", base_name(path),
		base_name(text), types);
	free(types);
	return VFIO_COMPAT_IO;
}

/* Something was named that the tree does not have. */
int vc_not_found(struct vfio_compat *ctx, enum vfio_compat_code code,
		 const char *text, int err, const char *expected)
{
	if (err == EXDEV)
		return vc_fail(ctx, code, err, text, NULL,
			       "is outside of %s: expected a node of that tree; give a path that begins with /sys/",
			       ctx->root);
	if (!is_bdf(text) && !vc_has(ctx->root, "class/mdev_bus"))
		return vc_fail(ctx, code, err, text, NULL,
			       "%s: expected %s; %s/class/mdev_bus is not there: load the driver of the device",
			       strerror(err), expected, ctx->root);
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

	if (is_in(path, VC_TYPES_DIR))
		ret = open_type(ctx, path, obj);
	else if (vc_is_uuid(base_name(path)))
		ret = open_mdev(ctx, path, obj);
	else if (vc_has(path, VC_TYPES_DIR) && !vc_takes_part(path))
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
		dir = vc_parent_path(ctx, parent);
	if (dir)
		path = canonical(ctx, vc_printf("%s/" VC_TYPES_DIR "/%s", dir,
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

	if (is_path(text)) {
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
	return text[0] ? vc_parent_path(ctx, text) : NULL;
}

/* Why find() did not. */
static int not_found(struct vfio_compat *ctx, const char *text, int err,
		     const char *expected)
{
	char *dir = err == ENOENT && strchr(text, '/') ? dir_name(text) : NULL;
	char *parent = dir && dir[0] ? vc_parent_path(ctx, dir) : NULL;
	int ret;

	if (parent && vc_has(parent, VC_TYPES_DIR))
		ret = no_type(ctx, text, parent);
	else
		ret = vc_not_found(ctx, missing_code(text, err), text, err,
				   expected);
	free(parent);
	free(dir);
	return ret;
}

/* As vfio_compat_open(), but what cannot be read is an object all the same. */
int vc_open(struct vfio_compat *ctx, const char *text,
	    struct vfio_compat_object **obj)
{
	const char *expected = "an object";
	char *name = vc_trimmed(text), *path;
	int ret;

	*obj = NULL;
	if (!name)
		return vc_nomem(ctx);
	errno = ENOENT;
	path = find(ctx, name, &expected);
	if (path)
		ret = open_path(ctx, name, path, obj);
	else
		ret = not_found(ctx, name, errno, expected);
	free(path);
	free(name);
	if (ret && *obj)
		vc_copy_error(&(*obj)->error, &ctx->error);
	return ret;
}

/**
 * vfio_compat_open - read an object of the tree
 * @ctx: the context
 * @text: PARENT/TYPE, a UUID, a PCI address (the domain 0000 can be left out),
 *	or the path of such a folder, which begins with "/", "./" or "../";
 *	blanks around it do not count.  PARENT is a name, a PCI address or a
 *	path.  @FILE is the command's: see vfio_compat_open_line()
 * @obj: receives the object; NULL if there is none
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_UNKNOWN with an object that says
 * nothing; VFIO_COMPAT_USAGE for what is no object; VFIO_COMPAT_IO if it is
 * not there, cannot be read, or is malformed.
 */
int vfio_compat_open(struct vfio_compat *ctx, const char *text,
		     struct vfio_compat_object **obj)
{
	int ret = vc_open(ctx, text, obj);

	if (ret && ret != VFIO_COMPAT_UNKNOWN) {
		vfio_compat_object_free(*obj);
		*obj = NULL;
	}
	return ret;
}
