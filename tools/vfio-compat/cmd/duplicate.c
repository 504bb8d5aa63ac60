// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Which member of a JSON document is there twice.  Only for the message: that
 * there is one is known already.
 */
#include <string.h>

#include "reader.h"

/**
 * struct member - a member as it is written
 * @object: which object it is in: they are numbered as they begin
 * @at: where its name is
 * @name: its name, decoded
 */
struct member {
	size_t object;
	size_t at;
	char *name;
};

/**
 * struct members - all members of a document
 * @member: the members
 * @count: how many
 * @room: how many there is room for
 */
struct members {
	struct member *member;
	size_t count;
	size_t room;
};

static char *decoded(const char *text, size_t len)
{
	char *copy = checked(strndup(text, len)), *name;
	struct json_object *json = json_tokener_parse(copy);

	name = json_object_is_type(json, json_type_string) ?
	       checked(strdup(json_object_get_string(json))) : NULL;
	json_object_put(json);
	if (!name)
		return copy;
	free(copy);
	return name;
}

static void add(struct members *all, size_t object, const char *text,
		size_t at, size_t len)
{
	if (all->count == all->room) {
		all->room = all->room ? 2 * all->room : 64;
		all->member = checked(realloc(all->member, all->room *
					      sizeof(*all->member)));
	}
	all->member[all->count++] = (struct member){
		.object = object, .at = at, .name = decoded(text + at, len),
	};
}

/* The text is JSON, and no deeper than DEPTH_MAX. */
static void collect(struct members *all, const char *text, size_t len)
{
	size_t object[DEPTH_MAX + 1] = { 0 }, objects = 0;
	size_t i, at = 0, end = 0;
	unsigned int depth = 0;

	for (i = 0; i < len; i++) {
		switch (text[i]) {
		case '"':
			for (at = i++; text[i] != '"'; i++)
				i += text[i] == '\\';
			end = i + 1;
			break;
		case ':':
			add(all, object[depth], text, at, end - at);
			break;
		case '{':
		case '[':
			object[++depth] = ++objects;
			break;
		case '}':
		case ']':
			depth--;
			break;
		}
	}
}

static int by_name(const void *a, const void *b)
{
	const struct member *m = a, *n = b;
	int order;

	if (m->object != n->object)
		return m->object < n->object ? -1 : 1;
	order = strcmp(m->name, n->name);
	if (order)
		return order;
	return m->at < n->at ? -1 : m->at > n->at;
}

/**
 * find_duplicate - the first member that is there for the second time
 * @text: a JSON document, no deeper than DEPTH_MAX
 * @len: its length
 * @at: receives where it is
 *
 * Return: its name, to be freed; NULL if there is none.
 */
char *find_duplicate(const char *text, size_t len, size_t *at)
{
	struct members all = { NULL, 0, 0 };
	const struct member *first = NULL;
	char *name = NULL;
	size_t i;

	collect(&all, text, len);
	if (all.count)
		qsort(all.member, all.count, sizeof(*all.member), by_name);
	for (i = 1; i < all.count; i++) {
		const struct member *m = &all.member[i];

		if (m->object == m[-1].object && !strcmp(m->name, m[-1].name) &&
		    (!first || m->at < first->at))
			first = m;
	}
	*at = first ? first->at : 0;
	if (first)
		name = checked(strdup(first->name));
	for (i = 0; i < all.count; i++)
		free(all.member[i].name);
	free(all.member);
	return name;
}
