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
#include <vfio-compat.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define SCHEMA "vfio-compat/1"

/**
 * struct cmd - one run of the command
 * @ctx: the library's context
 * @verb: what is done, or NULL
 * @root: what is read instead of /sys, or NULL
 * @json: print JSON
 * @probe: --probe was given
 * @cross_type: --cross-type was given
 * @batch: --batch was given
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
	OPT_JSON, OPT_ROOT, OPT_PROBE, OPT_CROSS_TYPE, OPT_BATCH, OPT_LIMIT,
	OPT_UUID, OPT_ADOPT, OPT_EXACT, OPT_DRY_RUN, OPT_VIA, OPT_DONE, OPT_STALE,
	OPT_HELP, OPT_VERSION, OPTIONS
};

#define OPT(name) (1U << OPT_##name)

/**
 * struct verb - something the command does
 * @name: what it is called
 * @args: its operands, for the help
 * @help: one line for the help
 * @min: fewest operands
 * @max: most operands
 * @run: does it; outcomes go to cmd_code() and cmd_error(); after an error it
 *	gets no operand, and only gives the document its members
 */
struct verb {
	const char *name;
	const char *args;
	const char *help;
	int min;
	int max;
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

#define CELLS_MAX 8

/**
 * struct table - rows of text, printed with aligned columns
 * @cells: cells in a row
 * @count: number of rows
 * @row: their texts, escaped already
 */
struct table {
	unsigned int cells;
	unsigned int count;
	char *(*row)[CELLS_MAX];
};

void table_row(struct table *table, const char * const *cells);
void table_free(struct table *table);
void table_print(struct table *table, const char *indent);
char *join(const char *list, const char *value);
char *shorten(char *text, size_t most);
void *checked(void *memory);

#endif /* _VFIO_COMPAT_CMD_H */
