/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What the files of the command vfio-compat share.
 */
#ifndef _VFIO_COMPAT_CMD_H
#define _VFIO_COMPAT_CMD_H

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <vfio-compat.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define SCHEMA "vfio-compat/1"

#define COLUMNS_MAX 16

/**
 * struct cmd - one run of the command
 * @ctx: the library's context
 * @verb: what is done, or NULL
 * @root: what is read instead of /sys, or NULL
 * @json: print JSON
 * @probe: --probe was given
 * @cross_type: --cross-type was given
 * @batch: --batch was given
 * @output: value of --output, or NULL
 * @shown: number of columns that are shown
 * @show: which, see the verb's
 * @limit: --limit, or what it is without
 * @given: a bit for each option that was given, see OPT()
 * @adopt: value of --adopt, or NULL
 * @uuid: value of --uuid, or NULL
 * @via: value of --via, or NULL
 * @done: value of --done, or NULL
 * @has_input: standard input was read
 * @printed: the document was printed
 * @code: exit code so far
 * @out: the document, which is printed as JSON or not at all
 * @errors: its errors
 */
struct cmd {
	struct vfio_compat *ctx;
	const struct verb *verb;
	const char *root;
	bool json;
	bool probe;
	bool cross_type;
	bool batch;
	const char *output;
	unsigned int shown;
	unsigned char show[COLUMNS_MAX];
	unsigned int limit;
	unsigned int given;
	const char *adopt;
	const char *uuid;
	const char *via;
	const char *done;
	bool has_input;
	bool printed;
	int code;
	struct json_object *out;
	struct json_object *errors;
};

/* Options, in the order of the help. */
enum {
	OPT_JSON, OPT_OUTPUT, OPT_NOHEADINGS, OPT_ROOT, OPT_PROBE, OPT_CROSS_TYPE,
	OPT_BATCH, OPT_LIMIT, OPT_UUID, OPT_ADOPT, OPT_EXACT, OPT_DRY_RUN, OPT_VIA,
	OPT_DONE, OPT_STALE, OPT_HELP, OPT_VERSION, OPTIONS
};

#define OPT(name) (1U << OPT_##name)

/**
 * struct verb - something the command does
 * @name: what it is called
 * @args: its operands, for the help
 * @help: one line for the help
 * @min: fewest operands
 * @max: most operands
 * @columns: what its table can show, ends with one without a name; or NULL
 * @run: does it; outcomes go to cmd_code() and cmd_error(); after an error it
 *	gets no operand, and only gives the document its members
 */
struct verb {
	const char *name;
	const char *args;
	const char *help;
	int min;
	int max;
	const struct column *columns;
	void (*run)(struct cmd *cmd, char **args);
};

extern const struct verb verbs[];	/* ends with one without a name */

#define usage(cmd, which, ...) \
	cmd_fail(cmd, VFIO_COMPAT_USAGE, 0, which, NULL, __VA_ARGS__)

/* main.c */
void cmd_code(struct cmd *cmd, int code);
void cmd_error(struct cmd *cmd);
void cmd_problem(struct cmd *cmd, const struct vfio_compat_error *error);
void print_error(const struct vfio_compat_error *error);
void print_unknown(struct cmd *cmd);
bool cmd_print(struct cmd *cmd);
int cmd_fail(struct cmd *cmd, int code, int err, const char *object,
	     const char *path, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* term.c */
enum colour { PLAIN, GOOD, BAD, UNSURE };
size_t terminal_width(int fd);
void print_coloured(enum colour colour, const char *text);
void progress(size_t done, size_t all, const char *what);
void progress_end(void);

/**
 * enum cut - where a cell is shortened
 * @CUT_NEVER: nowhere
 * @CUT_END: at its end, such as a list
 * @CUT_BEGIN: at its beginning, such as a path
 * @CUT_MIDDLE: between its ends, such as the name of an object
 */
enum cut { CUT_NEVER, CUT_END, CUT_BEGIN, CUT_MIDDLE };

/**
 * struct column - something that a table can show
 * @name: its heading
 * @cut: where its cells are shortened so that a row fits
 * @least: how short they become as long as others can be left out
 * @out: when it is left out so that a row fits: 1 is the first, 0 never
 * @is_extra: only shown if asked for
 * @colour: colour of a cell, or NULL
 */
struct column {
	const char *name;
	enum cut cut;
	unsigned char least;
	unsigned char out;
	bool is_extra;
	enum colour (*colour)(const char *text);
};

extern const struct column list_columns[], match_columns[], compare_columns[];

/**
 * struct table - rows of text, printed with aligned columns
 * @columns: all that it could show
 * @show: which it shows
 * @cells: how many these are
 * @count: number of rows
 * @has_head: the names of the columns are printed above
 * @is_chosen: the user has chosen the columns, so none is left out
 * @cell: the texts, row by row, escaped already
 */
struct table {
	const struct column *columns;
	unsigned char show[COLUMNS_MAX];
	unsigned int cells;
	size_t count;
	bool has_head;
	bool is_chosen;
	char **cell;
};

/* table.c */
char *column_names(const struct column *columns);
void choose_columns(struct cmd *cmd);
void table_begin(struct table *table, struct cmd *cmd,
		 const struct column *columns);
void table_row(struct table *table, const char * const *cells);
void table_free(struct table *table);
void table_print(struct table *table, const char *indent);

/* options.c */
bool take_options(struct cmd *cmd, int argc, char **argv);
void check_options(struct cmd *cmd);
int take_adopted(struct cmd *cmd, int count, char **args);

/* list.c, show.c and others */
void run_list(struct cmd *cmd, char **args);
void run_show(struct cmd *cmd, char **args);
void run_inventory(struct cmd *cmd, char **args);
void run_compare(struct cmd *cmd, char **args);
void run_match(struct cmd *cmd, char **args);
void run_baseline(struct cmd *cmd, char **args);

/* claim.c, release.c */
void run_claim(struct cmd *cmd, char **args);
void run_release(struct cmd *cmd, char **args);
void run_pin(struct cmd *cmd, char **args);

/* input.c */
int open_object(struct cmd *cmd, const char *text,
		struct vfio_compat_object **obj);

/* inventories.c */
typedef int (*visit_fn)(void *data, const char *host,
			struct vfio_compat_object **obj, int ret);
size_t read_inventories(struct cmd *cmd, char **files, visit_fn visit,
			void *data);

/* document.c */
int make_object(struct cmd *cmd, const char *file, struct json_object *json,
		struct vfio_compat_object **obj);
const char *text_of(struct json_object *json, const char *member);
struct json_object *part(struct json_object *json, const char *member,
			 enum json_type type);

/* json.c */
struct json_object *json_text(const char *text);
struct json_object *json_errno(int err);
struct json_object *json_of_object(struct vfio_compat_object *obj);
struct json_object *json_reasons(struct vfio_compat_verdict *verdict);
struct json_object *json_of_reason(struct vfio_compat_verdict *verdict,
				   unsigned int i);

/* text.c */
char *escaped(const char *text);
void print_escaped(FILE *to, const char *text);
void print_name(FILE *to, const char *name);
char *formatted(const char *fmt, va_list args)
	__attribute__((format(printf, 1, 0)));

char *join(const char *list, const char *value);
void *checked(void *memory);

#endif /* _VFIO_COMPAT_CMD_H */
