// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Reading a node: its attributes become the destination's part of an object,
 * its migration_version line the source's part.
 *
 * The files of a node are not read at one instant.  So the line, which
 * changes whenever anything else does, is read first and last, and the node
 * again if it is not the same.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

#define LINE "migration_version"
#define VERSION "software_version"
#define FIELD_PREFIX "compatible_"

static const char * const required[] = {
	VERSION, "compatible_software_version", "emitted_software_version",
	"compatible_type", "dynamic_resources",
};

/* An own line, and for an mdev that of its type too. */
struct lines {
	struct vc_file own;
	struct vc_file type;
};

/**
 * struct reading - one node while it is read
 * @obj: the object that is filled in
 * @own: folder of the device or type itself, open
 * @attrs: folder of the attributes that a type has, open
 * @file: last attribute
 * @first: lines before the attributes were read
 * @last: and after
 */
struct reading {
	struct vfio_compat_object *obj;
	int own;
	int attrs;
	struct vc_file file;
	struct lines first;
	struct lines last;
};

/* One attribute of the type, or of the function. */
static int fetch(struct reading *r, const char *name)
{
	return vc_read(r->obj, r->obj->type_path, r->attrs, name, &r->file);
}

static int wrong(struct reading *r, const char *name, const char *found,
		 const char *expected)
{
	return vc_malformed(r->obj, r->obj->type_path, name, "%s: expected %s",
			    found, expected);
}

/* The same, less one newline, and as a string of its own. */
static int fetch_word(struct reading *r, const char *name, char **word)
{
	struct vc_file *file = &r->file;
	int ret = fetch(r, name);

	if (ret)
		return ret;
	if (file->len && file->text[file->len - 1] == '\n')
		file->text[--file->len] = '\0';
	if (!file->len || strlen(file->text) != file->len)
		return wrong(r, name, "is empty or binary", "one word");
	*word = strdup(file->text);
	return *word ? VFIO_COMPAT_OK : vc_nomem(r->obj->ctx);
}

static bool is_blank(const struct vc_file *file)
{
	return strspn(file->text, " \t\n") == file->len;
}

/*
 * A pinned function shows what it accepts under the pin.  That may be nothing;
 * vc_seal() sees to it that it is pinned.
 */
static bool accepts_nothing(const struct reading *r, const char *name)
{
	return r->obj->node == VFIO_COMPAT_PCI && !strcmp(name, required[1]) &&
	       r->file.len == 1 && is_blank(&r->file);
}

static int fetch_and_load(struct reading *r, const char *name)
{
	int ret = fetch(r, name);

	if (ret || accepts_nothing(r, name))
		return ret;
	if (is_blank(&r->file) && strcmp(name, "dynamic_resources"))
		return wrong(r, name, "is empty", "at least one value");
	if (!vp_load(r->obj->offers, name, r->file.text, r->file.len))
		return VFIO_COMPAT_OK;
	return vc_refused(r->obj, r->obj->type_path);
}

/* Every compatible_<field> there is. */
static int load_fields(struct reading *r)
{
	char **names;
	unsigned int i;
	int ret = vc_list_dir(r->obj->ctx, r->obj->type_path, &names);

	for (i = 0; !ret && names[i]; i++) {
		const char *name = names[i];

		if (!strncmp(name, FIELD_PREFIX, strlen(FIELD_PREFIX)) &&
		    strcmp(name, required[1]) && strcmp(name, required[3]))
			ret = fetch_and_load(r, name);
	}
	vc_free_names(names);
	return ret;
}

static int load_attrs(struct reading *r)
{
	unsigned int i;
	int ret = VFIO_COMPAT_OK;

	vp_init(r->obj->offers);
	for (i = 0; !ret && i < ARRAY_SIZE(required); i++)
		ret = fetch_and_load(r, required[i]);
	return ret ? ret : load_fields(r);
}

static int fetch_lines(struct reading *r, struct lines *lines)
{
	struct vfio_compat_object *obj = r->obj;
	int ret = vc_read(obj, obj->path, r->own, LINE, &lines->own);

	if (!ret && obj->node == VFIO_COMPAT_MDEV)
		ret = vc_read(obj, obj->type_path, r->attrs, LINE,
			      &lines->type);
	return ret;
}

static bool same(const struct vc_file *a, const struct vc_file *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* Files and lines that belong together; -1 if they kept changing. */
static int fetch_all(struct reading *r)
{
	int ret, tries;

	for (tries = 0; tries < VC_TRIES; tries++) {
		ret = fetch_lines(r, &r->first);
		if (!ret)
			ret = load_attrs(r);
		if (!ret)
			ret = fetch_lines(r, &r->last);
		if (ret || (same(&r->first.own, &r->last.own) &&
			    same(&r->first.type, &r->last.type)))
			return ret;
		vc_log(r->obj->ctx, VFIO_COMPAT_LOG_NOTICE,
		       "%s: changed while it was read, try %d of %d",
		       r->obj->path, tries + 1, VC_TRIES);
	}
	return vc_fail(r->obj->ctx, VFIO_COMPAT_IO, EAGAIN, r->obj->name,
		       r->obj->path,
		       "changes while it is read: expected the same line twice in %d tries; ask again",
		       VC_TRIES);
}

/* A type needs all that it accepts, so its files give its line. */
static int check_type_line(struct reading *r)
{
	struct vfio_compat_object *obj = r->obj;
	char line[VP_LINE_MAX + 1];

	if (obj->node != VFIO_COMPAT_TYPE ||
	    (vp_format(obj->offers, line, sizeof(line)) > 0 &&
	     !strcmp(line, obj->line)))
		return VFIO_COMPAT_OK;
	return vc_malformed(obj, obj->path, LINE,
			    "is %s: expected what the other files say, %s",
			    obj->line, line);
}

static int read_profile(struct reading *r)
{
	struct vfio_compat_object *obj = r->obj;
	int ret = fetch_all(r);

	if (!ret && obj->node == VFIO_COMPAT_MDEV) {
		ret = vc_take_line(obj, obj->type_path, LINE,
				   r->first.type.text, r->first.type.len);
		if (!ret)
			ret = vc_seal(obj, obj->type_path);
	}
	if (!ret)
		ret = vc_take_line(obj, obj->path, LINE, r->first.own.text,
				   r->first.own.len);
	if (!ret)
		ret = vc_seal(obj, obj->path);
	return ret ? ret : check_type_line(r);
}

/* Who it is: device_api and the type id, with or without the interface. */
static int read_identity(struct reading *r)
{
	struct vfio_compat_object *obj = r->obj;
	int ret = VFIO_COMPAT_OK;

	if (obj->node == VFIO_COMPAT_PCI && !obj->speaks)
		return VFIO_COMPAT_OK;
	if (obj->node == VFIO_COMPAT_PCI)
		ret = fetch_word(r, "migration_type", &obj->type);
	else
		obj->type = strdup(strrchr(obj->type_path, '/') + 1);
	if (!ret && !obj->type)
		ret = vc_nomem(obj->ctx);
	return ret ? ret : fetch_word(r, "device_api", &obj->api);
}

static int read_available(struct reading *r)
{
	static const char name[] = "available_instances";
	struct vfio_compat_object *obj = r->obj;
	int ret, end = 0;
	unsigned int n;

	if (obj->node != VFIO_COMPAT_TYPE || !vc_exists(r->attrs, name))
		return VFIO_COMPAT_OK;
	ret = fetch(r, name);
	if (ret)
		return ret;
	if (sscanf(r->file.text, "%9u%n", &n, &end) != 1 ||
	    r->file.len > (size_t)end + 1 || r->file.text[0] < '0')
		return wrong(r, name, "is not a number", "one");
	obj->available = n;
	return VFIO_COMPAT_OK;
}

static int says_nothing(struct vfio_compat_object *obj)
{
	const char *driver = obj->driver;

	if (obj->node == VFIO_COMPAT_PCI)
		return vc_fail(obj->ctx, VFIO_COMPAT_UNKNOWN, 0, obj->name,
			       obj->path,
			       "does not say what it is compatible with, it is bound to %s: expected a driver that gives migration_version; do not migrate on this",
			       driver ? driver : "no driver");
	return vc_fail(obj->ctx, VFIO_COMPAT_UNKNOWN, 0, obj->name, obj->path,
		       "does not say what it is compatible with: expected software_version and migration_version; use a driver that gives them");
}

/* Read the node, whose two folders are open. */
static int read_open(struct reading *r)
{
	struct vfio_compat_object *obj = r->obj;
	int ret;

	obj->speaks = vc_exists(r->own, VERSION) || vc_exists(r->own, LINE);
	ret = read_identity(r);
	if (!ret)
		ret = read_available(r);
	if (!ret)
		ret = obj->speaks ? read_profile(r) : says_nothing(obj);
	if (ret) {
		obj->has_offers = false;
		obj->has_needs = false;
	}
	return ret;
}

/**
 * vc_read_node - read all that a live object says
 * @obj: the object; its paths are set
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_UNKNOWN if it says nothing, or nothing
 * at present; VFIO_COMPAT_IO.
 */
int vc_read_node(struct vfio_compat_object *obj)
{
	/* 20 KiB, of which little is used: not cleared */
	struct reading *r = malloc(sizeof(*r));
	int ret = VFIO_COMPAT_IO;

	if (!r || vc_object_reset(obj)) {
		free(r);
		return vc_nomem(obj->ctx);
	}
	r->obj = obj;
	r->first.type.len = 0;
	r->last.type.len = 0;
	r->attrs = vc_open_dir(obj->ctx, obj->type_path);
	r->own = r->attrs < 0 ? -1 : vc_open_dir(obj->ctx, obj->path);
	if (r->own >= 0) {
		ret = read_open(r);
		close(r->own);
	}
	if (r->attrs >= 0)
		close(r->attrs);
	free(r);
	vc_object_shrink(obj);
	return ret;
}
