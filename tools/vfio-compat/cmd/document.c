// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Objects of a JSON document that "list -J" or "show -J" printed.
 *
 * The document may come from anywhere: every value goes through the same
 * checks of the library as a file of sysfs does.
 */
#include <string.h>

#include "cmd.h"

#define NAMES_MAX 3	/* of objects in a message */

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

static const char *text_of(struct json_object *json, const char *member)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, member, &value) ||
	    !json_object_is_type(value, json_type_string) ||
	    strlen(json_object_get_string(value)) !=
	    (size_t)json_object_get_string_len(value))
		return NULL;
	return json_object_get_string(value);
}

static struct json_object *part(struct json_object *json, const char *member,
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
		const char *text = json_object_is_type(one, json_type_string) ?
				   json_object_get_string(one) : "";

		if (!text[0] || strpbrk(text, ", \t\n"))
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

/* Fill in the object; what it was worth is known at the end. */
static int load_object(struct document *doc, struct json_object *json)
{
	struct json_object *profile = part(json, "profile", json_type_object);
	const char *line = text_of(json, "line");
	int ret;

	ret = load_member(doc, json, "parent", "parent");
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
	if (ret)
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

static int make_object(struct document *doc, struct json_object *json)
{
	const char *name = text_of(json, "object");
	int node = node_of(json), ret;

	if (!name || node < 0)
		return broken(doc, name, VFIO_COMPAT_IO,
			      "an object has no name or no known node: expected both; make the document again");
	ret = vfio_compat_begin(doc->cmd->ctx, node, name, &doc->obj);
	if (ret) {
		cmd_error(doc->cmd);
		return ret;
	}
	ret = load_object(doc, json);
	if (ret && ret != VFIO_COMPAT_UNKNOWN) {
		vfio_compat_object_free(doc->obj);
		doc->obj = NULL;
	}
	return ret;
}

/* The object called @which; or the only one there is. */
static struct json_object *choose(struct json_object *objects,
				  const char *which)
{
	size_t i, count = objects ? json_object_array_length(objects) : 0;

	for (i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(objects, i);
		const char *name;

		if (!json_object_is_type(one, json_type_object))
			continue;
		name = text_of(one, "object");
		if (which ? name && !strcmp(name, which) : count == 1)
			return one;
	}
	return NULL;
}

/* What can follow the #, but not more of it than a person reads. */
static char *names_of(struct json_object *objects)
{
	size_t i, count = objects ? json_object_array_length(objects) : 0;
	char *list = NULL, *longer;
	unsigned int names = 0;

	for (i = 0; i < count && names < NAMES_MAX + 1; i++) {
		struct json_object *one = json_object_array_get_idx(objects, i);
		const char *name = json_object_is_type(one, json_type_object) ?
				   text_of(one, "object") : NULL;

		if (!name)
			continue;
		longer = join(list, names++ < NAMES_MAX ? name : "..");
		free(list);
		list = longer;
	}
	return list;
}

/* There is no object because there was an error. */
static int failed_before(struct document *doc, struct json_object *error,
			 int code)
{
	const char *message = text_of(error, "message");
	const char *what = text_of(error, "path");

	if (!what)
		what = text_of(error, "object");
	return broken(doc, NULL, code,
		      "holds no object, since the command that made it failed: %s%s%s",
		      what ? what : "", what ? ": " : "",
		      message ? message : "it does not say why");
}

/* There is no such object: say what there is. */
static int no_object(struct document *doc, struct json_object *json,
		     const char *which)
{
	static const char expected[] =
		"expected one that list -J or show -J printed";
	struct json_object *objects = part(json, "objects", json_type_array);
	struct json_object *errors = part(json, "errors", json_type_array);
	struct json_object *error = errors ?
		json_object_array_get_idx(errors, 0) : NULL;
	int code = which ? VFIO_COMPAT_IO : VFIO_COMPAT_USAGE;
	const char *kind = text_of(json, "kind");
	char *names = names_of(objects);

	if (names && which)
		broken(doc, which, code, "has no %s: expected what it holds: %s",
		       which, names);
	else if (names)
		broken(doc, NULL, code,
		       "holds %zu objects: expected the name of one after a #: %s",
		       json_object_array_length(objects), names);
	else if (!objects && kind)
		broken(doc, NULL, code, "is a document of kind %s: %s", kind,
		       expected);
	else if (json_object_is_type(error, json_type_object))
		failed_before(doc, error, code);
	else
		broken(doc, NULL, code, "holds no object: %s", expected);
	free(names);
	return code;
}

static int from_document(struct document *doc, struct json_object *json,
			 const char *which)
{
	const char *schema = text_of(json, "schema");
	const char *host = text_of(json, "host");
	const char *bang = which ? strchr(which, '!') : NULL;
	struct json_object *one;

	if (!schema || strcmp(schema, SCHEMA))
		return broken(doc, NULL, VFIO_COMPAT_IO,
			      "%s%s: expected " SCHEMA ", as list -J or show -J print it",
			      schema ? "is of schema " : "has no schema",
			      schema ? schema : "");
	if (bang && (!host || strlen(host) != (size_t)(bang - which) ||
		     strncmp(host, which, bang - which)))
		return broken(doc, which, VFIO_COMPAT_IO,
			      "is not of that host: expected its name before the !; leave it out, or give another file");
	one = choose(part(json, "objects", json_type_array),
		     bang ? bang + 1 : which);
	return one ? make_object(doc, one) : no_object(doc, json, which);
}

/**
 * open_recorded - make an object of a JSON document
 * @cmd: the run; receives the error
 * @file: name of the file, for errors
 * @text: its content, which begins with a brace
 * @len: length of @text
 * @which: [HOST!]OBJECT, or NULL for the only one
 * @obj: receives the object; NULL if there is none
 *
 * Return: as vfio_compat_open().
 */
int open_recorded(struct cmd *cmd, const char *file, const char *text,
		  size_t len, const char *which,
		  struct vfio_compat_object **obj)
{
	struct document doc = { .cmd = cmd, .file = file };
	struct json_tokener *tokener = json_tokener_new_ex(16);
	enum json_tokener_error error;
	struct json_object *json;
	int ret;

	json_tokener_set_flags(checked(tokener), JSON_TOKENER_STRICT |
						 JSON_TOKENER_VALIDATE_UTF8);
	json = json_tokener_parse_ex(tokener, text, len + 1);
	error = json_tokener_get_error(tokener);
	if (error == json_tokener_success)
		ret = from_document(&doc, json, which);
	else
		ret = broken(&doc, NULL, VFIO_COMPAT_IO,
			     "is not a JSON object: %s at byte %zu: expected a whole document; make it again",
			     json_tokener_error_desc(error),
			     json_tokener_get_parse_end(tokener));
	json_tokener_free(tokener);
	json_object_put(json);
	*obj = doc.obj;
	return ret;
}
