// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The text of a journal: JSON in one fixed form, which is all that is read
 * again.  A byte that is not printable ASCII is \u00NN.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"

static const char * const states[] = {
	[VC_BEGUN] = "begun", [VC_MADE] = "made", [VC_CLAIMED] = "claimed",
};

static void put_string(FILE *to, const char *text)
{
	fputc('"', to);
	for (; *text; text++) {
		unsigned char c = *text;

		if (c < ' ' || c >= 0x7f || c == '"' || c == '\\')
			fprintf(to, "\\u%04x", c);
		else
			fputc(c, to);
	}
	fputc('"', to);
}

static void put_member(FILE *to, const char *name, const char *text)
{
	fprintf(to, "  \"%s\": ", name);
	put_string(to, text);
	fputs(",\n", to);
}

static void put_flag(FILE *to, const char *name, bool flag)
{
	fprintf(to, "  \"%s\": %s,\n", name, flag ? "true" : "false");
}

/**
 * vc_journal_text - a journal as it is written
 * @j: the journal
 *
 * Return: the text, or NULL when there is no memory.
 */
char *vc_journal_text(const struct vc_journal *j)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	unsigned int i;
	bool failed;

	if (!to)
		return NULL;
	fputs("{\n", to);
	put_member(to, "schema", "vfio-compat/1");
	put_member(to, "kind", "journal");
	put_member(to, "object", j->name);
	put_member(to, "state", states[j->state]);
	put_member(to, "parent", j->parent);
	put_member(to, "type", j->type);
	put_member(to, "boot_id", j->boot);
	put_flag(to, "created", j->created);
	put_flag(to, "random", j->random);
	put_flag(to, "mdevctl", j->mdevctl);
	fputs("  \"restore\": [", to);
	for (i = 0; i < j->count; i++) {
		fputs(i ? ",\n    { \"name\": " : "\n    { \"name\": ", to);
		put_string(to, j->step[i].name);
		fputs(", \"value\": ", to);
		put_string(to, j->step[i].value);
		fputs(" }", to);
	}
	fputs(j->count ? "\n  ]\n}\n" : "]\n}\n", to);
	failed = ferror(to);
	if (fclose(to) || failed) {
		free(text);
		return NULL;
	}
	return text;
}

/* Go past @word, and blanks in front of it. */
static bool take(const char **at, const char *word)
{
	size_t len = strlen(word);

	*at += strspn(*at, " \t\r\n");
	if (strncmp(*at, word, len))
		return false;
	*at += len;
	return true;
}

/* The byte that \u00NN stands for; 0 if it is something else. */
static unsigned int escaped_byte(const char *at)
{
	static const char begin[] = "\\u00", digits[] = "0123456789abcdef";
	char byte[3] = "";

	if (strncmp(at, begin, strlen(begin)) ||
	    strspn(at + strlen(begin), digits) < 2)
		return 0;
	memcpy(byte, at + strlen(begin), 2);
	return strtoul(byte, NULL, 16);
}

/* A string of up to size - 1 bytes, unescaped. */
static bool take_string(const char **at, char *buf, size_t size)
{
	size_t len = 0;
	unsigned int c;

	if (!take(at, "\""))
		return false;
	for (; **at != '"'; buf[len++] = c) {
		c = (unsigned char)**at;
		if (len + 1 >= size || c < ' ')
			return false;
		if (c != '\\') {
			++*at;
			continue;
		}
		c = escaped_byte(*at);
		if (!c)
			return false;
		*at += strlen("\\u00NN");
	}
	++*at;
	buf[len] = '\0';
	return true;
}

static bool take_name(const char **at, const char *name)
{
	char buf[32];

	return take_string(at, buf, sizeof(buf)) && !strcmp(buf, name) &&
	       take(at, ":");
}

static bool take_member(const char **at, const char *name,
			char value[VC_WORD_MAX])
{
	return take_name(at, name) && take_string(at, value, VC_WORD_MAX) &&
	       take(at, ",");
}

static bool take_flag(const char **at, const char *name, bool *flag)
{
	if (!take_name(at, name))
		return false;
	*flag = take(at, "true");
	return (*flag || take(at, "false")) && take(at, ",");
}

/* A plain name, so that what is restored is an attribute of the device. */
static bool is_attribute(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

	return name[0] >= 'a' && name[0] <= 'z' &&
	       strspn(name, plain) == strlen(name) && strcmp(name, "remove");
}

static bool take_step(const char **at, struct vc_journal *j)
{
	char name[VP_NAME_MAX + 1], value[VP_RESOURCE_MAX + 1];
	struct vc_step *step = &j->step[j->count];

	if (j->count == VC_STEPS_MAX || !take(at, "{") ||
	    !take_name(at, "name") || !take_string(at, name, sizeof(name)) ||
	    !take(at, ",") || !take_name(at, "value") ||
	    !take_string(at, value, sizeof(value)) || !take(at, "}") ||
	    !is_attribute(name))
		return false;
	step->name = strdup(name);
	step->value = strdup(value);
	j->count++;
	return step->name && step->value;
}

static bool take_steps(const char **at, struct vc_journal *j)
{
	if (!take_name(at, "restore") || !take(at, "["))
		return false;
	if (take(at, "]"))
		return true;
	do {
		if (!take_step(at, j))
			return false;
	} while (take(at, ","));
	return take(at, "]");
}

static bool take_state(const char **at, struct vc_journal *j)
{
	char word[VC_WORD_MAX];
	unsigned int i;

	if (!take_member(at, "state", word))
		return false;
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		j->state = i;
		if (!strcmp(word, states[i]))
			return true;
	}
	return false;
}

/**
 * vc_journal_parse - read the text of a journal
 * @j: the journal, whose name has to be the same; filled in
 * @text: the text
 *
 * Return: whether it is one.
 */
bool vc_journal_parse(struct vc_journal *j, const char *text)
{
	char schema[VC_WORD_MAX], kind[VC_WORD_MAX], name[VC_WORD_MAX];
	const char *at = text;

	return take(&at, "{") && take_member(&at, "schema", schema) &&
	       !strcmp(schema, "vfio-compat/1") &&
	       take_member(&at, "kind", kind) && !strcmp(kind, "journal") &&
	       take_member(&at, "object", name) && !strcmp(name, j->name) &&
	       take_state(&at, j) && take_member(&at, "parent", j->parent) &&
	       take_member(&at, "type", j->type) &&
	       take_member(&at, "boot_id", j->boot) &&
	       take_flag(&at, "created", &j->created) &&
	       take_flag(&at, "random", &j->random) &&
	       take_flag(&at, "mdevctl", &j->mdevctl) &&
	       take_steps(&at, j) && take(&at, "}") && take(&at, "") && !*at;
}
