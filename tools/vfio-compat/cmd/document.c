// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Making an object of what a JSON document says of it.
 *
 * The document may come from anywhere: every value goes through the same
 * checks of the library as a file of sysfs does.
 */
#include <string.h>

#include "cmd.h"

/**
 * struct document - one document while an object of it is made
 * @cmd: the run
 * @file: name of the file, for errors
 * @obj: the object that is made
 */
struct document {
	struct cmd *cmd;
	const char *file;
	struct vfio_compat_object *obj;
};

static int broken(struct document *doc, const char *object, int code,
		  const char *fmt, ...)
{
	char *message;
	va_list args;

	va_start(args, fmt);
	message = formatted(fmt, args);
	va_end(args);
	cmd_fail(doc->cmd, code, 0, object ? object : doc->file, doc->file,
		 "%s", message);
	free(message);
	return code;
}

/* A string without NUL, or NULL. */
static const char *text_in(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_string) ||
	    strlen(json_object_get_string(value)) !=
	    (size_t)json_object_get_string_len(value))
		return NULL;
	return json_object_get_string(value);
}

/* The same of a member. */
const char *text_of(struct json_object *json, const char *member)
{
	struct json_object *value;

	return json_object_object_get_ex(json, member, &value) ?
	       text_in(value) : NULL;
}

/* A member of that type, or NULL. */
struct json_object *part(struct json_object *json, const char *member,
			 enum json_type type)
{
	struct json_object *value;

	if (!json || !json_object_object_get_ex(json, member, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

static int load(struct document *doc, const char *attr, const char *text)
{
	int ret = vfio_compat_load(doc->obj, attr, text, strlen(text));

	if (ret)
		cmd_error(doc->cmd);
	return ret;
}

static int load_member(struct document *doc, struct json_object *json,
		       const char *member, const char *attr)
{
	const char *text = text_of(json, member);

	return text ? load(doc, attr, text) : VFIO_COMPAT_OK;
}

/* Values one by one; a set cannot be written with a value of two parts. */
static int load_values(struct document *doc, struct json_object *array,
		       const char *attr)
{
	size_t i, count = array ? json_object_array_length(array) : 0;
	int ret = VFIO_COMPAT_OK;

	if (!count)
		return broken(doc, attr, VFIO_COMPAT_IO,
			      "a list is empty or missing: expected at least one value; make the document again");
	for (i = 0; !ret && i < count; i++) {
		struct json_object *one = json_object_array_get_idx(array, i);
		const char *text = text_in(one);

		if (!text || !text[0] || strpbrk(text, ", \t\n"))
			return broken(doc, attr, VFIO_COMPAT_IO,
				      "a list holds something else: expected strings without blanks and commas; make the document again");
		ret = load(doc, attr, text);
	}
	return ret;
}

static int load_fields(struct document *doc, struct json_object *fields)
{
	struct json_object_iterator it, end;
	int ret = VFIO_COMPAT_OK;

	if (!fields)
		return ret;
	it = json_object_iter_begin(fields);
	end = json_object_iter_end(fields);
	for (; !ret && !json_object_iter_equal(&it, &end);
	     json_object_iter_next(&it)) {
		struct json_object *values = json_object_iter_peek_value(&it);
		const char *name = json_object_iter_peek_name(&it);
		char attr[128];

		snprintf(attr, sizeof(attr), "compatible_%s", name);
		if (strlen(name) > 64 || !strcmp(name, "type") ||
		    !strcmp(name, "software_version") ||
		    !json_object_is_type(values, json_type_array))
			return broken(doc, NULL, VFIO_COMPAT_IO,
				      "accepts.fields is malformed: expected a list for each name; make the document again");
		ret = load_values(doc, values, attr);
	}
	return ret;
}

static int load_resources(struct document *doc, struct json_object *array)
{
	size_t i, count = array ? json_object_array_length(array) : 0;
	int ret = VFIO_COMPAT_OK;

	for (i = 0; !ret && i < count; i++) {
		struct json_object *one = json_object_array_get_idx(array, i);
		const char *name = json_object_is_type(one, json_type_object) ?
				   text_of(one, "name") : NULL;

		if (!name || !name[0] || strpbrk(name, ", \t\n"))
			return broken(doc, NULL, VFIO_COMPAT_IO,
				      "dynamic_resources is malformed: expected a name in each; make the document again");
		ret = load(doc, "dynamic_resources", name);
	}
	return ret;
}

static int load_profile(struct document *doc, struct json_object *profile)
{
	struct json_object *accepts = part(profile, "accepts",
					   json_type_object);
	int ret = load_member(doc, profile, "software_version",
			      "software_version");

	if (!ret)
		ret = load_values(doc, part(accepts, "software_version",
					    json_type_array),
				  "compatible_software_version");
	if (!ret)
		ret = load_values(doc, part(accepts, "type", json_type_array),
				  "compatible_type");
	if (!ret)
		ret = load_values(doc, part(profile, "emitted",
					    json_type_array),
				  "emitted_software_version");
	if (!ret)
		ret = load_fields(doc, part(accepts, "fields",
					    json_type_object));
	if (!ret)
		ret = load_resources(doc, part(profile, "dynamic_resources",
					       json_type_array));
	return ret;
}

/* Free capacity is a number, or null. */
static int load_free(struct document *doc, struct json_object *json)
{
	struct json_object *value = part(json, "available_instances",
					 json_type_int);

	return value ? load(doc, "available_instances",
			    json_object_get_string(value)) : VFIO_COMPAT_OK;
}

/* Fill in the object; what it was worth is known at the end. */
static int load_object(struct document *doc, struct json_object *json)
{
	struct json_object *profile = part(json, "profile", json_type_object);
	const char *line = text_of(json, "line");
	int ret;

	ret = load_member(doc, json, "parent", "parent");
	if (!ret)
		ret = load_free(doc, json);
	if (!ret && profile)
		ret = load_member(doc, profile, "type", "type");
	if (!ret && profile)
		ret = load_member(doc, profile, "device_api", "device_api");
	if (!ret && profile && line)
		ret = load_profile(doc, profile);
	if (!ret && line)
		ret = load(doc, "migration_version", line);
	if (ret)
		return ret;
	ret = vfio_compat_finish(doc->obj);
	if (ret && ret != VFIO_COMPAT_UNKNOWN)
		cmd_error(doc->cmd);
	return ret;
}

static int node_of(struct json_object *json)
{
	const char *name = text_of(json, "node");
	int node;

	for (node = VFIO_COMPAT_TYPE; name && node < VFIO_COMPAT_LINE; node++)
		if (!strcmp(name, vfio_compat_node_name(node)))
			return node;
	return -1;
}

/**
 * make_object - make an object of what a document says of it
 * @cmd: the run; receives the error, but not that it says nothing
 * @file: name of the document's file, for errors
 * @json: the object there
 * @obj: receives the object; NULL if it is malformed
 *
 * Return: as vfio_compat_finish().
 */
int make_object(struct cmd *cmd, const char *file, struct json_object *json,
		struct vfio_compat_object **obj)
{
	struct document doc = { .cmd = cmd, .file = file };
	bool is_object = json_object_is_type(json, json_type_object);
	const char *name = is_object ? text_of(json, "object") : NULL;
	int node = is_object ? node_of(json) : -1, ret;

	*obj = NULL;
	if (!name || node < 0)
		return broken(&doc, name, VFIO_COMPAT_IO,
			      "an object has no name or no known node: expected both; make the document again");
	ret = vfio_compat_begin(cmd->ctx, node, name, &doc.obj);
	if (ret) {
		cmd_error(cmd);
		return ret;
	}
	ret = load_object(&doc, json);
	if (ret && ret != VFIO_COMPAT_UNKNOWN) {
		vfio_compat_object_free(doc.obj);
		doc.obj = NULL;
	}
	*obj = doc.obj;
	return ret;
}
