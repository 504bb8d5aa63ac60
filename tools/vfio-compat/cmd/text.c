// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Text for people: foreign bytes made harmless, and lists.
 */
#include <string.h>

#include "cmd.h"

/* A command that has no memory for a line of text can only give up. */
void *checked(void *memory)
{
	if (memory)
		return memory;
	fputs("vfio-compat: out of memory: expected some; try again\n", stderr);
	exit(VFIO_COMPAT_IO);
}

/* What is not printable ASCII becomes \xNN, so it cannot steer a terminal. */
char *escaped(const char *text)
{
	char *copy = checked(malloc(4 * strlen(text) + 1)), *to = copy;

	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '\\')
			to += sprintf(to, "\\\\");
		else if (c >= ' ' && c < 0x7f)
			*to++ = c;
		else
			to += sprintf(to, "\\x%02x", c);
	}
	*to = '\0';
	return copy;
}

void print_escaped(FILE *to, const char *text)
{
	char *copy = escaped(text);

	fputs(copy, to);
	free(copy);
}

/* The name of an object or file; "-" is what @- leads to. */
void print_name(FILE *to, const char *name)
{
	print_escaped(to, strcmp(name, "-") ? name : "standard input");
}

char *formatted(const char *fmt, va_list args)
{
	char *text;

	return vasprintf(&text, fmt, args) < 0 ? checked(NULL) : text;
}

/* @list, a comma and @value as a new string; NULL begins a list. */
char *join(const char *list, const char *value)
{
	size_t len = (list ? strlen(list) : 0) + strlen(value) + 2;
	char *longer = checked(malloc(len));

	snprintf(longer, len, "%s%s%s", list ? list : "", list ? "," : "",
		 value);
	return longer;
}
