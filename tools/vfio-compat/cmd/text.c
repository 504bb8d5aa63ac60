// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Text for people: aligned tables, and foreign bytes made harmless.
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

/* Append a copy of each cell; NULL shows as "-". */
void table_row(struct table *table, const char * const *cells)
{
	unsigned int i;

	table->row = checked(realloc(table->row, (table->count + 1) *
						 sizeof(*table->row)));
	for (i = 0; i < table->cells; i++)
		table->row[table->count][i] =
			escaped(cells[i] && cells[i][0] ? cells[i] : "-");
	table->count++;
}

static size_t width(const struct table *table, unsigned int cell)
{
	size_t most = 0, len;
	unsigned int i;

	for (i = 0; i < table->count; i++) {
		len = strlen(table->row[i][cell]);
		if (len > most)
			most = len;
	}
	return most;
}

void table_free(struct table *table)
{
	unsigned int i, cell;

	for (i = 0; i < table->count; i++)
		for (cell = 0; cell < table->cells; cell++)
			free(table->row[i][cell]);
	free(table->row);
	memset(table, 0, sizeof(*table));
}

/* Print the table and free what it holds. */
void table_print(struct table *table, const char *indent)
{
	size_t widths[CELLS_MAX];
	unsigned int i, cell;

	for (cell = 0; cell < table->cells; cell++)
		widths[cell] = cell + 1 < table->cells ? width(table, cell) : 0;
	for (i = 0; i < table->count; i++) {
		fputs(indent, stdout);
		for (cell = 0; cell < table->cells; cell++)
			printf("%-*s%s", (int)widths[cell], table->row[i][cell],
			       cell + 1 < table->cells ? "  " : "\n");
	}
	table_free(table);
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

/* Cut a long text, so that a table stays readable. */
char *shorten(char *text, size_t most)
{
	if (text && strlen(text) > most)
		memcpy(text + most - 2, "..", sizeof(".."));
	return text;
}
