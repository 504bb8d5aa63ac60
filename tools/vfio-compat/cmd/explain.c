// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * A comparison in words: one sentence, then every rule, then what would help.
 */
#include <string.h>

#include "explain.h"

enum {
	COL_RULE, COL_RESULT, COL_SOURCE, COL_DESTINATION, COL_MISSING,
	COL_REASON, CELLS
};

static enum colour colour_of(const char *result)
{
	if (!strcmp(result, vfio_compat_result_name(VFIO_COMPAT_FAIL)))
		return BAD;
	if (!strcmp(result, vfio_compat_result_name(VFIO_COMPAT_UNDECIDED)))
		return UNSURE;
	return PLAIN;
}

const struct column compare_columns[] = {
	[COL_RULE] = { .name = "RULE", .cut = CUT_BEGIN, .least = 16 },
	[COL_RESULT] = { .name = "RESULT", .colour = colour_of },
	[COL_SOURCE] = { .name = "SOURCE", .cut = CUT_END, .least = 8 },
	[COL_DESTINATION] = { .name = "DESTINATION", .cut = CUT_END, .least = 11 },
	[COL_MISSING] = { .name = "MISSING", .cut = CUT_END, .is_extra = true },
	[COL_REASON] = { .name = "REASON", .cut = CUT_END, .is_extra = true },
	[CELLS] = { .name = NULL },
};

/* ---- values ---- */

static char *values(struct vfio_compat_verdict *verdict, unsigned int i,
		    enum vfio_compat_side side)
{
	char *list = NULL, *longer;
	const char *value;
	unsigned int n;

	for (n = 0; (value = vfio_compat_reason_value(verdict, i, side, n)); n++) {
		longer = join(list, value);
		free(list);
		list = longer;
	}
	return list;
}

/* A value of a resource in a sentence, where its end has to be seen. */
static char *quoted(struct vfio_compat_verdict *verdict, unsigned int i,
		    enum vfio_compat_side side)
{
	char *value = values(verdict, i, side), *text;
	bool quote = !value || !value[0] || strpbrk(value, " ,\"");

	if (asprintf(&text, "%s%s%s", quote ? "\"" : "", value ? value : "",
		     quote ? "\"" : "") < 0)
		checked(NULL);
	free(value);
	return text;
}

/*
 * A reason with plain values.  Only those of resources can be anything; the
 * library encodes them as in a line.
 */
static char *reason(struct vfio_compat_verdict *verdict, unsigned int i)
{
	char *src, *dst, *text;

	if (strcmp(vfio_compat_reason_rule(verdict, i), "dynamic_resources") ||
	    !vfio_compat_reason_field(verdict, i))
		return checked(strdup(vfio_compat_reason_message(verdict, i)));
	src = quoted(verdict, i, VFIO_COMPAT_SOURCE);
	dst = quoted(verdict, i, VFIO_COMPAT_DESTINATION);
	if (asprintf(&text, "the source has %s, the destination %s", src,
		     dst) < 0)
		checked(NULL);
	free(src);
	free(dst);
	return text;
}

/* ---- the rules ---- */

static void add_rule(struct table *table, struct vfio_compat_verdict *verdict,
		     unsigned int i)
{
	const char *field = vfio_compat_reason_field(verdict, i);
	char *src = values(verdict, i, VFIO_COMPAT_SOURCE);
	char *dst = values(verdict, i, VFIO_COMPAT_DESTINATION);
	char *missing = values(verdict, i, VFIO_COMPAT_MISSING);
	char *why = reason(verdict, i), title[96];
	const char *cells[CELLS] = {
		[COL_RULE] = title,
		[COL_RESULT] = vfio_compat_result_name(vfio_compat_reason_result(verdict,
									     i)),
		[COL_SOURCE] = src,
		[COL_DESTINATION] = dst,
		[COL_MISSING] = missing,
		[COL_REASON] = why,
	};

	snprintf(title, sizeof(title), "%s%s%s",
		 vfio_compat_reason_rule(verdict, i), field ? " " : "",
		 field ? field : "");
	table_row(table, cells);
	free(src);
	free(dst);
	free(missing);
	free(why);
}

static void print_rules(struct cmd *cmd, struct vfio_compat_verdict *verdict)
{
	struct table table;
	unsigned int i;

	table_begin(&table, cmd, compare_columns);
	for (i = 0; i < vfio_compat_verdict_count(verdict); i++)
		add_rule(&table, verdict, i);
	puts("");
	table_print(&table, "  ");
}

/* ---- the sentence ---- */

/* Number of the first rule with this outcome, or -1. */
static int first(struct vfio_compat_verdict *verdict,
		 enum vfio_compat_result result)
{
	unsigned int i;

	for (i = 0; i < vfio_compat_verdict_count(verdict); i++)
		if (vfio_compat_reason_result(verdict, i) == result)
			return i;
	return -1;
}

static void print_names(enum colour colour, const char *word, struct pair *pair,
			const char *verb)
{
	print_coloured(colour, word);
	fputs(": ", stdout);
	print_name(stdout, vfio_compat_object_name(pair->dst));
	fputs(verb, stdout);
	print_name(stdout, vfio_compat_object_name(pair->src));
}

static void print_because(struct vfio_compat_verdict *verdict,
			  enum vfio_compat_result result)
{
	int i = first(verdict, result);
	const char *field;
	char *why;

	if (i < 0)
		return;
	field = vfio_compat_reason_field(verdict, i);
	why = reason(verdict, i);
	printf(": %s: ", field ? field : vfio_compat_reason_rule(verdict, i));
	print_escaped(stdout, why);
	free(why);
}

static void print_sentence(struct cmd *cmd, struct pair *pair)
{
	struct vfio_compat_verdict *verdict = pair->verdict;
	enum vfio_compat_result result = vfio_compat_verdict_result(verdict);

	if (cmd->code == VFIO_COMPAT_UNKNOWN && result == VFIO_COMPAT_PASS) {
		print_names(UNSURE, "Unknown", pair, " could not say of ");
	} else if (result == VFIO_COMPAT_FAIL) {
		print_names(BAD, "No", pair, " does not take ");
		print_because(verdict, VFIO_COMPAT_FAIL);
	} else if (result == VFIO_COMPAT_UNDECIDED) {
		print_names(UNSURE, "Unknown", pair, " may or may not take ");
		print_because(verdict, VFIO_COMPAT_UNDECIDED);
	} else if (vfio_compat_verdict_cross_type(verdict)) {
		print_names(pair->permitted ? GOOD : UNSURE,
			    pair->permitted ? "Yes" : "Not permitted", pair,
			    " takes ");
		fputs(", which is of another type", stdout);
	} else {
		print_names(GOOD, "Yes", pair, " takes ");
	}
	puts(".");
}

/* A side that says nothing: the sentence is all there is. */
void print_unknown(struct cmd *cmd)
{
	const struct vfio_compat_error *error = vfio_compat_last_error(cmd->ctx);

	print_coloured(UNSURE, "Unknown");
	fputs(": ", stdout);
	print_name(stdout, error->object);
	putchar(' ');
	print_escaped(stdout, error->message);
	puts(".");
}

/**
 * explain - print a comparison for people
 * @cmd: the run
 * @pair: what was compared
 */
void explain(struct cmd *cmd, struct pair *pair)
{
	if (cmd->code == VFIO_COMPAT_USAGE || cmd->code == VFIO_COMPAT_IO)
		return;
	if (!pair->verdict) {
		print_unknown(cmd);
		return;
	}
	print_sentence(cmd, pair);
	print_rules(cmd, pair->verdict);
	puts("");
	advise(cmd, pair);
}
