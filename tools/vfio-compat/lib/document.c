// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Objects that are not read from a tree: a bare line, or what a document says
 * of a node that was read elsewhere.  Here is also what both ways share: the
 * line becomes the source's part, the attributes become the destination's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/**
 * vc_malformed - keep an error about what an object says
 * @obj: the object
 * @dir: folder of the file, or NULL
 * @name: name of the file or of the attribute
 * @fmt: what was found and what was expected
 *
 * Return: VFIO_COMPAT_IO.
 */
int vc_malformed(struct vfio_compat_object *obj, const char *dir,
		 const char *name, const char *fmt, ...)
{
	const char *next = obj->live ?
		"report it to the driver's maintainer, or record the tree again" :
		obj->node == VFIO_COMPAT_LINE ? "take it from the device again" :
		"make the document again";
	char *path = vc_printf("%s%s%s", dir ? dir : "", dir ? "/" : "", name);
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	text = vc_vprintf(fmt, args);
	va_end(args);
	vc_fail(obj->ctx, VFIO_COMPAT_IO, 0, obj->name, path, "%s; %s",
		text ? text : "out of memory", next);
	free(text);
	free(path);
	return VFIO_COMPAT_IO;
}

/**
 * vc_refused - keep an error about an attribute that the engine refused
 * @obj: the object
 * @dir: folder of its files, or NULL
 *
 * Return: VFIO_COMPAT_IO.
 */
int vc_refused(struct vfio_compat_object *obj, const char *dir)
{
	const char *attr = obj->offers->bad_attr;
	char why[256], *reason = why;

	vp_explain(obj->offers, why, sizeof(why));
	if (!strncmp(why, attr, strlen(attr)))
		reason += strlen(attr) + strlen(": ");
	return vc_malformed(obj, dir, attr,
			    "%s: expected what the interface allows", reason);
}

/* What is wrong with a line, if it can be seen from outside. */
static const char *flaw(const char *text, size_t len)
{
	static const char end[] = ";end";
	const size_t n = strlen(end);

	if (memchr(text, '\r', len))
		return "has CRLF line ends";
	if (len && text[len - 1] == '\n')
		len--;
	if (memchr(text, '\n', len))
		return "has several lines";
	if (len < n || memcmp(text + len - n, end, n))
		return "does not end with ;end";
	return "is not a migration_version line";
}

/**
 * vc_take_line - parse and keep a line
 * @obj: the object
 * @dir: folder of the file that it is from, or NULL
 * @name: name of that file
 * @text: the line; one newline may follow
 * @len: length of @text
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vc_take_line(struct vfio_compat_object *obj, const char *dir,
		 const char *name, const char *text, size_t len)
{
	char line[VP_LINE_MAX + 1];

	obj->has_needs = false;
	if (vp_parse(obj->needs, text, len) ||
	    vp_format(obj->needs, line, sizeof(line)) < 0)
		return vc_malformed(obj, dir, name,
				    "%s: expected one line from \"<driver>-v1;\" to \";end\", as the device prints it",
				    flaw(text, len));
	free(obj->line);
	obj->line = strdup(line);
	if (!obj->line)
		return vc_nomem(obj->ctx);
	obj->has_needs = true;
	return VFIO_COMPAT_OK;
}

/*
 * A pinned PCI function shows the pinned version and what it accepts under the
 * pin.  Its own series is the last that it can emit; the engine applies the
 * pin, which it takes from the line.
 */
static void unpin(struct vfio_compat_object *obj)
{
	struct vp_profile *p = obj->offers;
	const struct vp_set *emits = &p->set[VP_EMITS];
	char own[VP_SERIES_SIZE];
	__u32 last;

	if (obj->node == VFIO_COMPAT_TYPE || p->why || !emits->count)
		return;
	last = p->member[emits->first + emits->count - 1];
	if (!p->has_version || last <= vp_own_series(p))
		return;
	p->version[0] = last >> 16;
	p->version[1] = last & 0xffff;
	vp_member(p, VP_EMITS, emits->count - 1, own);
	if (!vp_has_series(p, VP_ACCEPTS, last))
		vp_accept(p, own);
}

/**
 * vc_seal - complete the destination's part
 * @obj: the object, with its attributes loaded and a line taken; the line
 *	says whose profile it is
 * @dir: folder of its files, or NULL
 *
 * The second time, with the line of an mdev after that of its type, the line
 * is only checked.
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vc_seal(struct vfio_compat_object *obj, const char *dir)
{
	struct vp_profile *p = obj->offers;
	const struct vp_profile *line = obj->needs;

	if (strcmp(vp_str(line, line->api), obj->api) ||
	    strcmp(vp_str(line, line->type), obj->type))
		return vc_malformed(obj, dir, "migration_version",
				    "is of a %s of type %s: expected a %s of type %s",
				    vp_str(line, line->api),
				    vp_str(line, line->type), obj->api,
				    obj->type);
	if (obj->has_offers)
		return VFIO_COMPAT_OK;
	vp_identify(p, vp_str(line, line->driver), obj->api, obj->type);
	if (line->vendor)
		vp_vendor(p, vp_str(line, line->vendor));
	unpin(obj);
	if (obj->node == VFIO_COMPAT_PCI && dir && !p->why &&
	    !p->set[VP_ACCEPTS].count)
		return vc_malformed(obj, dir, "compatible_software_version",
				    "is empty: expected at least one value");
	if (vp_seal(p, false))
		return vc_refused(obj, dir);
	obj->has_offers = true;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_open_line - make a source of a migration_version line
 * @ctx: the context
 * @name: what to call it, such as the file that it is from
 * @line: the line; one newline may follow
 * @len: its length
 * @obj: receives the object; NULL on error
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_open_line(struct vfio_compat *ctx, const char *name,
			  const char *line, size_t len,
			  struct vfio_compat_object **obj)
{
	struct vfio_compat_object *o;
	int ret = vc_object_new(ctx, VFIO_COMPAT_LINE, name, obj);

	if (ret)
		return ret;
	o = *obj;
	o->speaks = true;
	ret = vc_take_line(o, NULL, name, line, len);
	if (!ret) {
		o->api = strdup(vp_str(o->needs, o->needs->api));
		o->type = strdup(vp_str(o->needs, o->needs->type));
		if (!o->api || !o->type)
			ret = vc_nomem(ctx);
	}
	vc_object_shrink(o);
	if (ret) {
		vfio_compat_object_free(o);
		*obj = NULL;
	}
	return ret;
}

/**
 * vfio_compat_begin - make an object of what a document says
 * @ctx: the context
 * @node: what it is; not VFIO_COMPAT_LINE
 * @name: how it is called there
 * @obj: receives the object; NULL on error
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_begin(struct vfio_compat *ctx, enum vfio_compat_node node,
		      const char *name, struct vfio_compat_object **obj)
{
	return vc_object_new(ctx, node, name, obj);
}

static int keep_word(struct vfio_compat_object *obj, char **word,
		     const char *text, size_t len)
{
	free(*word);
	*word = strndup(text, len);
	return *word ? VFIO_COMPAT_OK : vc_nomem(obj->ctx);
}

static int keep_free(struct vfio_compat_object *obj, const char *text,
		     size_t len)
{
	long value = 0;
	size_t i;

	for (i = 0; i < len && i < 9 && text[i] >= '0' && text[i] <= '9'; i++)
		value = 10 * value + text[i] - '0';
	if (!len || i < len)
		return vc_malformed(obj, NULL, "available_instances",
				    "is no number up to 999999999: expected one, or null");
	obj->available = value;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_load - take in one attribute of an object of a document
 * @obj: what vfio_compat_begin() made
 * @attr: name of the attribute; "type" for the type id, "parent" for the
 *	parent's name, migration_version for the line; available_instances
 *	for the free capacity
 * @text: its content, less the newline
 * @len: its length
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_IO; VFIO_COMPAT_USAGE if the object was
 * finished, or is of a tree.
 */
int vfio_compat_load(struct vfio_compat_object *obj, const char *attr,
		     const char *text, size_t len)
{
	int err;

	if (obj->is_small)
		return vc_fail(obj->ctx, VFIO_COMPAT_USAGE, 0, obj->name, NULL,
			       "is complete: expected attributes before vfio_compat_finish(); begin another");
	if (!strcmp(attr, "type"))
		return keep_word(obj, &obj->type, text, len);
	if (!strcmp(attr, "device_api"))
		return keep_word(obj, &obj->api, text, len);
	if (!strcmp(attr, "parent"))
		return keep_word(obj, &obj->parent, text, len);
	if (!strcmp(attr, "available_instances"))
		return keep_free(obj, text, len);
	obj->speaks = true;
	if (!strcmp(attr, "migration_version"))
		return vc_take_line(obj, NULL, attr, text, len);
	err = vp_load(obj->offers, attr, text, len);
	if (!err)
		return VFIO_COMPAT_OK;
	if (err == -ENOENT && !vp_error(obj->offers))
		return vc_malformed(obj, NULL, attr,
				    "is not an attribute of the interface: expected one");
	return vc_refused(obj, NULL);
}

static int finish(struct vfio_compat_object *obj)
{
	if (!obj->speaks || !obj->has_needs)
		return vc_fail(obj->ctx, VFIO_COMPAT_UNKNOWN, 0, obj->name,
			       NULL,
			       "does not say what it is compatible with: expected its line; ask where it was recorded");
	if (!obj->api || !obj->type)
		return vc_malformed(obj, NULL, "type",
				    "or device_api is missing: expected both");
	return vc_seal(obj, NULL);
}

/**
 * vfio_compat_finish - complete an object of a document
 * @obj: what vfio_compat_begin() made; the caller frees it on error too
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_UNKNOWN if it says nothing;
 * VFIO_COMPAT_IO if it is not complete.
 */
int vfio_compat_finish(struct vfio_compat_object *obj)
{
	int ret = obj->is_small ? (int)obj->error.code : finish(obj);

	vc_object_shrink(obj);
	if (ret && !obj->error.code)
		vc_copy_error(&obj->error, &obj->ctx->error);
	return ret;
}
