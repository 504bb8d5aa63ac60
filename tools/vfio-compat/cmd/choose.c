// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The one object that @FILE[#[HOST!]OBJECT] means.
 */
#include <string.h>

#include "reader.h"

#define NAMES_MAX 3	/* of objects in a message */

/**
 * struct choice - what was found on the way through the documents of a file
 * @which: name of the object, or NULL for the only one there is
 * @host: whose it has to be, or NULL
 * @host_len: length of @host
 * @chosen: the object
 * @fits: number of objects that it could be
 * @objects: number of objects
 * @documents: number of documents
 * @of_host: number of those of @host
 * @names: names of the first of @objects, for a message
 * @kind: kind of a document that is none of objects
 * @failure: error of the command that made the last document
 */
struct choice {
	const char *which;
	const char *host;
	size_t host_len;
	struct json_object *chosen;
	size_t fits;
	size_t objects;
	size_t documents;
	size_t of_host;
	char *names;
	char *kind;
	struct json_object *failure;
};

static void add_name(struct choice *c, const char *name)
{
	char *longer;

	if (c->objects > NAMES_MAX + 1)
		return;
	longer = join(c->names, c->objects <= NAMES_MAX ? name : "..");
	free(c->names);
	c->names = longer;
}

static void look_at(struct choice *c, struct json_object *one)
{
	const char *name = json_object_is_type(one, json_type_object) ?
			   text_of(one, "object") : NULL;

	c->objects++;
	if (name)
		add_name(c, name);
	if (c->which && (!name || strcmp(name, c->which)))
		return;
	if (!c->fits++)
		c->chosen = json_object_get(one);
}

/* What a document without objects says of why. */
static void look_why(struct choice *c, struct json_object *json)
{
	struct json_object *errors = part(json, "errors", json_type_array);
	struct json_object *error = errors ?
		json_object_array_get_idx(errors, 0) : NULL;
	const char *kind = text_of(json, "kind");

	if (kind && !c->kind && !part(json, "objects", json_type_array))
		c->kind = checked(strdup(kind));
	if (json_object_is_type(error, json_type_object) && !c->failure)
		c->failure = json_object_get(error);
}

static void look_through(struct choice *c, struct json_object *json)
{
	struct json_object *objects = part(json, "objects", json_type_array);
	const char *host = text_of(json, "host");
	size_t i, count = objects ? json_object_array_length(objects) : 0;

	c->documents++;
	if (c->host && (!host || strlen(host) != c->host_len ||
			strncmp(host, c->host, c->host_len)))
		return;
	c->of_host++;
	for (i = 0; i < count; i++)
		look_at(c, json_object_array_get_idx(objects, i));
	if (!count)
		look_why(c, json);
}

/* There is no object because there was an error. */
static int failed_before(struct reader *r, struct choice *c, int code)
{
	const char *message = text_of(c->failure, "message");
	const char *what = text_of(c->failure, "path");

	if (!what)
		what = text_of(c->failure, "object");
	return cmd_fail(r->cmd, code, 0, r->file, r->file,
			"holds no object, since the command that made it failed: %s%s%s",
			what ? what : "", what ? ": " : "",
			message ? message : "it does not say why");
}

/* There is no such object: say what there is. */
static int no_object(struct reader *r, struct choice *c)
{
	static const char expected[] =
		"expected one that list -J or show -J printed";
	int code = c->which ? VFIO_COMPAT_IO : VFIO_COMPAT_USAGE;
	const char *file = r->file;

	if (c->host && !c->of_host)
		return cmd_fail(r->cmd, VFIO_COMPAT_IO, 0, c->host, file,
				"is not of that host: expected its name before the !; leave it out, or give another file");
	if (c->names && c->which)
		return cmd_fail(r->cmd, code, 0, c->which, file,
				"has no %s: expected what it holds: %s",
				c->which, c->names);
	if (c->names)
		return cmd_fail(r->cmd, code, 0, file, file,
				"holds %zu objects: expected the name of one after a #: %s",
				c->objects, c->names);
	if (c->kind && !c->failure)
		return cmd_fail(r->cmd, code, 0, file, file,
				"is a document of kind %s: %s", c->kind,
				expected);
	if (c->failure)
		return failed_before(r, c, code);
	return cmd_fail(r->cmd, code, 0, file, file, "holds no object: %s",
			expected);
}

static int take(struct reader *r, struct choice *c,
		struct vfio_compat_object **obj)
{
	int ret;

	if (c->which && c->fits > 1)
		return cmd_fail(r->cmd, VFIO_COMPAT_USAGE, 0, c->which, r->file,
				"has %zu of the name %s: expected one; write #HOST!%s",
				c->fits, c->which, c->which);
	if (c->fits != 1)
		return no_object(r, c);
	ret = make_object(r->cmd, r->file, c->chosen, obj);
	if (ret == VFIO_COMPAT_UNKNOWN)
		cmd_error(r->cmd);
	return ret;
}

/**
 * open_recorded - make an object of one of the documents of a file
 * @r: the reader
 * @which: [HOST!]OBJECT, or NULL for the only one
 * @obj: receives the object; NULL if there is none
 *
 * Return: as vfio_compat_open().
 */
int open_recorded(struct reader *r, const char *which,
		  struct vfio_compat_object **obj)
{
	const char *bang = which ? strchr(which, '!') : NULL;
	struct choice c = { .which = bang ? bang + 1 : which };
	struct json_object *json;
	int ret;

	if (bang) {
		c.host = which;
		c.host_len = bang - which;
	}
	do {
		ret = read_document(r, &json);
		if (json)
			look_through(&c, json);
		json_object_put(json);
	} while (json);
	if (!ret)
		ret = take(r, &c, obj);
	json_object_put(c.chosen);
	json_object_put(c.failure);
	free(c.names);
	free(c.kind);
	return ret;
}
