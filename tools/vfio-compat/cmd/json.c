// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * JSON of objects and reasons.  Lists are always arrays, versions are strings,
 * what is missing is null.  Members may be added, never changed.
 */
#include <string.h>

#include "cmd.h"

/* Length of the UTF-8 sequence at @s, or 0 if it is not one. */
static size_t utf8_len(const unsigned char *s)
{
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 :
		     s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	size_t i;

	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/*
 * A string, or null.  JSON is UTF-8: each byte of foreign text that is not
 * becomes U+FFFD; the line still has it, encoded.
 */
struct json_object *json_text(const char *text)
{
	static const char bad[] = "\xef\xbf\xbd";
	struct json_object *string;
	char *copy, *to;

	if (!text)
		return NULL;
	copy = checked(malloc(3 * strlen(text) + 1));
	to = copy;
	while (*text) {
		size_t len = utf8_len((const unsigned char *)text);

		memcpy(to, len ? text : bad, len ? len : 3);
		to += len ? len : 3;
		text += len ? len : 1;
	}
	string = json_object_new_string_len(copy, to - copy);
	free(copy);
	return string;
}

/* The errno's name, which is the same on every architecture; or null. */
struct json_object *json_errno(int err)
{
	return err ? json_text(strerrorname_np(err)) : NULL;
}

static struct json_object *json_list(struct vfio_compat_object *obj,
				     enum vfio_compat_list list)
{
	struct json_object *array = json_object_new_array();
	const char *entry;
	unsigned int i;

	for (i = 0; (entry = vfio_compat_object_entry(obj, list, i)); i++)
		json_object_array_add(array, json_text(entry));
	return array;
}

/* An object with a member for each field, whose values are an array. */
static struct json_object *json_fields(struct vfio_compat_object *obj,
				       enum vfio_compat_list list)
{
	struct json_object *fields = json_object_new_object();
	const char *name, *value;
	unsigned int i, n;

	for (i = 0; (name = vfio_compat_object_entry(obj, list, i)); i++) {
		struct json_object *values = json_object_new_array();

		for (n = 0; (value = vfio_compat_object_value(obj, list, name,
							      n)); n++)
			json_object_array_add(values, json_text(value));
		json_object_object_add(fields, name, values);
	}
	return fields;
}

static struct json_object *json_resources(struct vfio_compat_object *obj)
{
	struct json_object *array = json_object_new_array();
	const char *name;
	unsigned int i;

	for (i = 0; (name = vfio_compat_object_entry(obj, VFIO_COMPAT_RESOURCES,
						     i)); i++) {
		struct json_object *one = json_object_new_object();
		const char *value = vfio_compat_object_value(obj,
				VFIO_COMPAT_RESOURCES, name, 0);

		json_object_object_add(one, "name", json_text(name));
		json_object_object_add(one, "value", json_text(value));
		json_object_array_add(array, one);
	}
	return array;
}

static struct json_object *json_profile(struct vfio_compat_object *obj)
{
	struct json_object *profile = json_object_new_object();
	struct json_object *accepts = json_object_new_object();

	json_object_object_add(profile, "device_api",
			       json_text(vfio_compat_object_api(obj)));
	json_object_object_add(profile, "type",
			       json_text(vfio_compat_object_type(obj)));
	json_object_object_add(profile, "software_version",
			       json_text(vfio_compat_object_version(obj)));
	json_object_object_add(accepts, "software_version",
			       json_list(obj, VFIO_COMPAT_ACCEPTS));
	json_object_object_add(accepts, "type",
			       json_list(obj, VFIO_COMPAT_TYPES));
	json_object_object_add(accepts, "fields",
			       json_fields(obj, VFIO_COMPAT_FIELDS));
	json_object_object_add(profile, "accepts", accepts);
	json_object_object_add(profile, "emitted",
			       json_list(obj, VFIO_COMPAT_EMITS));
	json_object_object_add(profile, "requires",
			       json_fields(obj, VFIO_COMPAT_NEEDS));
	json_object_object_add(profile, "dynamic_resources",
			       json_resources(obj));
	return profile;
}

struct json_object *json_of_object(struct vfio_compat_object *obj)
{
	struct json_object *json = json_object_new_object();
	enum vfio_compat_node node = vfio_compat_object_node(obj);
	long available = vfio_compat_object_available(obj);

	json_object_object_add(json, "object",
			       json_text(vfio_compat_object_name(obj)));
	json_object_object_add(json, "node",
			       json_text(vfio_compat_node_name(node)));
	json_object_object_add(json, "parent",
			       json_text(vfio_compat_object_parent(obj)));
	json_object_object_add(json, "uuid",
			       json_text(vfio_compat_object_uuid(obj)));
	json_object_object_add(json, "available_instances",
			       available < 0 ? NULL :
			       json_object_new_int64(available));
	json_object_object_add(json, "evidence",
			       json_text(vfio_compat_object_speaks(obj) ?
					 "kernel" : "none"));
	json_object_object_add(json, "profile", json_profile(obj));
	json_object_object_add(json, "line",
			       json_text(vfio_compat_object_line(obj)));
	return json;
}

static struct json_object *json_values(struct vfio_compat_verdict *verdict,
				       unsigned int i,
				       enum vfio_compat_side side)
{
	struct json_object *array = json_object_new_array();
	const char *value;
	unsigned int n;

	for (n = 0; (value = vfio_compat_reason_value(verdict, i, side, n)); n++)
		json_object_array_add(array, json_text(value));
	return array;
}

struct json_object *json_of_reason(struct vfio_compat_verdict *verdict,
				   unsigned int i)
{
	enum vfio_compat_result result = vfio_compat_reason_result(verdict, i);
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "rule",
			       json_text(vfio_compat_reason_rule(verdict, i)));
	json_object_object_add(json, "field",
			       json_text(vfio_compat_reason_field(verdict, i)));
	json_object_object_add(json, "result",
			       json_text(vfio_compat_result_name(result)));
	json_object_object_add(json, "source",
			       json_values(verdict, i, VFIO_COMPAT_SOURCE));
	json_object_object_add(json, "destination",
			       json_values(verdict, i, VFIO_COMPAT_DESTINATION));
	json_object_object_add(json, "missing",
			       json_values(verdict, i, VFIO_COMPAT_MISSING));
	json_object_object_add(json, "message",
			       json_text(vfio_compat_reason_message(verdict, i)));
	return json;
}

struct json_object *json_reasons(struct vfio_compat_verdict *verdict)
{
	struct json_object *reasons = json_object_new_array();
	unsigned int i;

	for (i = 0; verdict && i < vfio_compat_verdict_count(verdict); i++)
		json_object_array_add(reasons, json_of_reason(verdict, i));
	return reasons;
}
