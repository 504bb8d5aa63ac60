// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Tables for people: which columns, and how wide each may be.
 *
 * On a terminal a row is made to fit: first long cells are shortened, then
 * columns that matter little are left out, then cells become as short as their
 * heading.  Elsewhere nothing is ever shortened.
 */
#include <string.h>
#include <strings.h>

#include "cmd.h"

#define LEAST 6		/* width of a cell that still says something */
#define GAP 2		/* blanks between two columns */

/* ---- choosing columns ---- */

static void show_usual(struct cmd *cmd)
{
	const struct column *column = cmd->verb->columns;
	unsigned int i;

	for (i = 0; column[i].name; i++)
		if (!column[i].is_extra)
			cmd->show[cmd->shown++] = i;
}

static bool is_shown(const struct cmd *cmd, unsigned int number)
{
	return memchr(cmd->show, number, cmd->shown);
}

/* The names of all columns, with commas. */
char *column_names(const struct column *columns)
{
	char *list = NULL, *longer;

	for (; columns->name; columns++) {
		longer = join(list, columns->name);
		free(list);
		list = longer;
	}
	return list;
}

static void show_one(struct cmd *cmd, const char *name)
{
	const struct column *column = cmd->verb->columns;
	unsigned int i = 0;
	char *known;

	while (column[i].name && strcasecmp(column[i].name, name))
		i++;
	if (column[i].name) {
		if (!is_shown(cmd, i))
			cmd->show[cmd->shown++] = i;
		return;
	}
	known = column_names(column);
	usage(cmd, name[0] ? name : NULL,
	      "%s: expected --output with names of these, with commas: %s",
	      name[0] ? "is no column" : "a column has no name", known);
	free(known);
}

/**
 * choose_columns - take in --output
 * @cmd: the run; its verb is known
 *
 * Names in any case, each shown once; a + in front adds to the usual ones.
 */
void choose_columns(struct cmd *cmd)
{
	char *copy, *rest, *name;

	if (!cmd->verb->columns)
		return;
	if (cmd->given & (OPT(OUTPUT) | OPT(NOHEADINGS)) &&
	    (cmd->json || cmd->batch))
		usage(cmd, cmd->given & OPT(OUTPUT) ? "--output" : "--noheadings",
		      "is about a table: expected no %s with it, which always has everything",
		      cmd->json ? "--json" : "--batch");
	if (!(cmd->given & OPT(OUTPUT)) || cmd->output[0] == '+')
		show_usual(cmd);
	if (!(cmd->given & OPT(OUTPUT)))
		return;
	copy = checked(strdup(cmd->output + (cmd->output[0] == '+')));
	rest = copy;
	while (!cmd->code && (name = strsep(&rest, ",")))
		show_one(cmd, name);
	free(copy);
}

/* ---- rows ---- */

/**
 * table_begin - an empty table
 * @table: the table
 * @cmd: the run; says which columns are shown, if they are those of its verb
 * @columns: what there is to show; without names it has two, and no heading
 */
void table_begin(struct table *table, struct cmd *cmd,
		 const struct column *columns)
{
	const struct column *own = cmd->verb ? cmd->verb->columns : NULL;

	*table = (struct table){ .columns = columns };
	if (columns == own) {
		table->cells = cmd->shown;
		memcpy(table->show, cmd->show, sizeof(table->show));
		table->has_head = !(cmd->given & OPT(NOHEADINGS));
		table->is_chosen = cmd->given & OPT(OUTPUT);
	} else {
		table->cells = 2;
		table->show[1] = 1;
	}
}

/* Append a copy of each cell that is shown; NULL and "" show as "-". */
void table_row(struct table *table, const char * const *cells)
{
	unsigned int i;
	char **row;

	/* 0, 1, 2, 4, 8, ..: there is room for twice as many and one */
	if (!(table->count & (table->count - 1)))
		table->cell = checked(realloc(table->cell,
					      (2 * table->count + 1) *
					      table->cells *
					      sizeof(*table->cell)));
	row = &table->cell[table->count++ * table->cells];
	for (i = 0; i < table->cells; i++) {
		const char *text = cells[table->show[i]];

		row[i] = escaped(text && text[0] ? text : "-");
	}
}

void table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < table->count * table->cells; i++)
		free(table->cell[i]);
	free(table->cell);
	table->cell = NULL;
	table->count = 0;
}

/* ---- widths ---- */

/**
 * struct layout - how a table is printed
 * @width: of each cell that is shown
 * @is_out: it is left out
 */
struct layout {
	size_t width[COLUMNS_MAX];
	bool is_out[COLUMNS_MAX];
};

static const struct column *column_of(const struct table *table, unsigned int i)
{
	return &table->columns[table->show[i]];
}

static void measure(const struct table *table, struct layout *layout)
{
	size_t i, len, *width;

	*layout = (struct layout){ .width = { 0 } };
	for (i = 0; table->has_head && i < table->cells; i++)
		layout->width[i] = strlen(column_of(table, i)->name);
	for (i = 0; i < table->count * table->cells; i++) {
		width = &layout->width[i % table->cells];
		len = strlen(table->cell[i]);
		if (len > *width)
			*width = len;
	}
}

static size_t width_of_row(const struct table *table,
			   const struct layout *layout)
{
	size_t sum = 0;
	unsigned int i;

	for (i = 0; i < table->cells; i++)
		if (!layout->is_out[i])
			sum += layout->width[i] + GAP;
	return sum - GAP;
}

/* How short a column may become: readable, or in need. */
static size_t least(const struct table *table, unsigned int i, bool need)
{
	const struct column *column = column_of(table, i);
	size_t title = strlen(column->name);

	if (!need && column->least > LEAST)
		return column->least;
	return title > LEAST ? title : LEAST;
}

/* Make the widest column narrower.  Return: whether one could be. */
static bool shrink(const struct table *table, struct layout *layout, bool need)
{
	unsigned int i, widest = COLUMNS_MAX;

	for (i = 0; i < table->cells; i++)
		if (!layout->is_out[i] && column_of(table, i)->cut &&
		    layout->width[i] > least(table, i, need) &&
		    (widest == COLUMNS_MAX ||
		     layout->width[i] > layout->width[widest]))
			widest = i;
	if (widest == COLUMNS_MAX)
		return false;
	layout->width[widest]--;
	return true;
}

/* Leave out what matters least.  Return: whether there was something. */
static bool leave_out(const struct table *table, struct layout *layout)
{
	unsigned int i, out = COLUMNS_MAX, last = 0;

	for (i = 0; i < table->cells; i++) {
		unsigned int order = column_of(table, i)->out;

		if (!layout->is_out[i] && order && (!last || order < last)) {
			last = order;
			out = i;
		}
	}
	if (out == COLUMNS_MAX || table->is_chosen)
		return false;
	layout->is_out[out] = true;
	return true;
}

static bool fits(const struct table *table, struct layout *layout, bool need,
		 size_t room)
{
	while (width_of_row(table, layout) > room)
		if (!shrink(table, layout, need))
			return false;
	return true;
}

static void fit(const struct table *table, struct layout *layout, size_t room)
{
	struct layout usual = *layout;

	while (!fits(table, layout, false, room)) {
		if (!leave_out(table, &usual)) {
			fits(table, layout, true, room);
			return;
		}
		*layout = usual;
	}
}

/* ---- printing ---- */

/* What tells one text from another is at one of its ends, or at both. */
static void print_cell(const struct column *column, const char *text,
		       size_t width, bool is_last)
{
	size_t len = strlen(text), keep, front;

	if (len <= width) {
		print_coloured(column->colour ? column->colour(text) : PLAIN,
			       text);
		printf("%*s", is_last ? 0 : (int)(width - len), "");
		return;
	}
	keep = width - strlen("..");
	front = column->cut == CUT_END ? keep :
		column->cut == CUT_BEGIN ? 0 : (keep + 1) / 2;
	printf("%.*s..%s", (int)front, text, text + len - (keep - front));
}

static void print_row(const struct table *table, const struct layout *layout,
		      char **row, const char *indent)
{
	unsigned int i, last = table->cells;

	while (layout->is_out[last - 1])
		last--;
	fputs(indent, stdout);
	for (i = 0; i < last; i++) {
		if (layout->is_out[i])
			continue;
		print_cell(column_of(table, i),
			   row ? row[i] : column_of(table, i)->name,
			   layout->width[i], i + 1 == last);
		fputs(i + 1 < last ? "  " : "\n", stdout);
	}
}

/**
 * table_print - print a table, and free what it holds
 * @table: the table
 * @indent: blanks in front of each row
 */
void table_print(struct table *table, const char *indent)
{
	size_t i, margin = strlen(indent), width = terminal_width(STDOUT_FILENO);
	struct layout layout;

	measure(table, &layout);
	if (width && table->columns->name)
		fit(table, &layout, width > margin ? width - margin : 1);
	if (table->has_head)
		print_row(table, &layout, NULL, indent);
	for (i = 0; i < table->count; i++)
		print_row(table, &layout, &table->cell[i * table->cells],
			  indent);
	table_free(table);
}
