// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat: verbs, errors, and the one place where the exit code is made.
 */
#include <string.h>

#include "cmd.h"

const struct verb verbs[] = {
	{ "list", "[PARENT..]",
	  "types, instances and functions, and what they accept",
	  0, -1, list_columns, run_list },
	{ "show", "OBJECT..",
	  "all that an object says of itself",
	  1, -1, NULL, run_show },
	{ "inventory", "",
	  "all that this host has, as a document for match and baseline",
	  0, 0, NULL, run_inventory },
	{ "compare", "SOURCE DESTINATION",
	  "will the destination take the source's state, and why (not)",
	  2, 2, compare_columns, run_compare },
	{ "match", "SOURCE INVENTORY..",
	  "which types of many hosts take it, the best first",
	  2, -1, match_columns, run_match },
	{ "baseline", "INVENTORY..",
	  "what many hosts have in common, and what to pin to move anywhere",
	  1, -1, NULL, run_baseline },
	{ "pin", "UUID SERIES",
	  "let an instance send an older version; its driver's own ends that",
	  2, 2, NULL, run_pin },
	{ "claim", "SOURCE PARENT/TYPE",
	  "get an instance that is ready for the source's state",
	  2, 2, NULL, run_claim },
	{ "release", "UUID..",
	  "give back what was claimed",
	  1, -1, NULL, run_release },
	{ NULL, NULL, NULL, 0, 0, NULL, NULL },
};

/**
 * cmd_code - note an outcome; when several apply the strongest is the exit code
 * @cmd: the run
 * @code: the outcome
 */
void cmd_code(struct cmd *cmd, int code)
{
	static const int order[] = {
		VFIO_COMPAT_USAGE, VFIO_COMPAT_LEFT, VFIO_COMPAT_UNDONE,
		VFIO_COMPAT_CAPACITY, VFIO_COMPAT_IO,
		VFIO_COMPAT_INCOMPATIBLE, VFIO_COMPAT_UNKNOWN,
		VFIO_COMPAT_CROSS_TYPE,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order); i++) {
		if (order[i] == cmd->code)
			return;
		if (order[i] == code)
			cmd->code = code;
	}
}

/* An error as text: file, what was found, what was expected, what to do. */
void print_error(const struct vfio_compat_error *error)
{
	const char *what = error->path && error->path[0] ? error->path :
			   error->object;

	progress_end();
	fputs("vfio-compat: ", stderr);
	if (what && what[0]) {
		print_name(stderr, what);
		fputs(": ", stderr);
	}
	print_escaped(stderr, error->message ? error->message : "failed");
	fputc('\n', stderr);
}

/**
 * cmd_problem - report an error and note its code
 * @cmd: the run
 * @error: the error
 *
 * What is merely unknown is part of the answer, so the verbs print it.
 */
void cmd_problem(struct cmd *cmd, const struct vfio_compat_error *error)
{
	struct json_object *json = json_object_new_object();

	cmd_code(cmd, error->code);
	if (error->code != VFIO_COMPAT_UNKNOWN)
		print_error(error);
	json_object_object_add(json, "code",
			       json_object_new_int(error->code));
	json_object_object_add(json, "object", json_text(error->object));
	json_object_object_add(json, "path",
			       json_text(error->path && error->path[0] ?
					 error->path : NULL));
	json_object_object_add(json, "errno", json_errno(error->err));
	json_object_object_add(json, "message", json_text(error->message));
	json_object_array_add(cmd->errors, json);
}

void cmd_error(struct cmd *cmd)
{
	cmd_problem(cmd, vfio_compat_last_error(cmd->ctx));
}

/**
 * cmd_fail - report an error that the command itself found
 * @cmd: the run
 * @code: its code
 * @err: its errno, or 0
 * @object: what it is about, or NULL
 * @path: the file it is about, or NULL
 * @fmt: what was found, what was expected, what to do
 *
 * Return: @code.
 */
int cmd_fail(struct cmd *cmd, int code, int err, const char *object,
	     const char *path, const char *fmt, ...)
{
	struct vfio_compat_error error = {
		.code = code, .err = err, .object = object, .path = path,
	};
	char *message;
	va_list args;

	va_start(args, fmt);
	message = formatted(fmt, args);
	va_end(args);
	error.message = message;
	cmd_problem(cmd, &error);
	free(message);
	return code;
}

static const struct verb *find_verb(const char *name)
{
	const struct verb *verb;

	for (verb = verbs; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

static void start(struct cmd *cmd)
{
	vfio_compat_new(&cmd->ctx);
	checked(cmd->ctx);
	cmd->out = json_object_new_object();
	cmd->errors = json_object_new_array();
	json_object_object_add(cmd->out, "schema", json_text(SCHEMA));
}

/**
 * cmd_print - print the document, unless that was done before
 * @cmd: the run
 *
 * Return: whether all of standard output has got out.
 */
bool cmd_print(struct cmd *cmd)
{
	const int json_flags = JSON_C_TO_STRING_PRETTY |
			       JSON_C_TO_STRING_NOSLASHESCAPE;

	if (!cmd->printed) {
		json_object_object_add(cmd->out, "errors", cmd->errors);
		if (cmd->json)
			puts(json_object_to_json_string_ext(cmd->out,
							    json_flags));
	}
	cmd->printed = true;
	return !fflush(stdout) && !ferror(stdout);
}

/* Do not claim success if the answer did not get out. */
static int finish(struct cmd *cmd)
{
	if (!cmd_print(cmd)) {
		fprintf(stderr,
			"vfio-compat: standard output: cannot be written: expected room for the answer; redirect it elsewhere\n");
		cmd_code(cmd, VFIO_COMPAT_IO);
	}
	/* the document goes with the process: to free it takes as long as to make it */
	vfio_compat_unref(cmd->ctx);
	return cmd->code;
}

static void check_verb(struct cmd *cmd, const char *name)
{
	const struct verb *verb;
	char list[128] = "";

	if (cmd->verb)
		return;
	for (verb = verbs; verb->name; verb++) {
		if (verb > verbs)
			strcat(list, verb[1].name ? ", " : " or ");
		strcat(list, verb->name);
	}
	usage(cmd, name, "%s: expected %s; see \"vfio-compat --help\"",
	      name ? "is no verb" : "no verb was given", list);
}

static void check_operands(struct cmd *cmd, int count, char **args)
{
	const struct verb *verb = cmd->verb;
	const char *alone = cmd->given & OPT(BATCH) ? " --batch" :
			    cmd->given & OPT(DONE) ? " --done UUID" :
			    cmd->given & OPT(STALE) ? " --stale" : NULL;
	int min = alone ? 0 : verb->min, max = alone ? 0 : verb->max, i;
	const char *which = verb->args;

	for (i = 0; i < count; i++)
		if (!args[i][0])
			usage(cmd, NULL,
			      "the operand is empty (an unset variable?): expected %s %s",
			      verb->name, verb->args);
	if (count)
		which += strcspn(which, " ") + 1;
	if (count < min)
		usage(cmd, verb->name, "%.*s is missing: expected %s %s",
		      (int)strcspn(which, " ."), which, verb->name, verb->args);
	if (max >= 0 && count > max)
		usage(cmd, args[max], "is too much: expected %s%s%s%s",
		      verb->name, alone ? alone : "", max ? " " : "",
		      max ? verb->args : "");
}

int main(int argc, char **argv)
{
	static char *none[] = { NULL };
	static struct cmd cmd = { .limit = 10 };
	const char *claims = getenv("VFIO_COMPAT_CLAIMS");
	char **args;
	int count;

	cmd.root = getenv("VFIO_COMPAT_SYSFS_ROOT");
	start(&cmd);
	if (!take_options(&cmd, argc, argv))
		return finish(&cmd);
	args = argv + optind;
	cmd.verb = args[0] ? find_verb(args[0]) : NULL;
	json_object_object_add(cmd.out, "kind",
			       json_text(cmd.verb ? cmd.verb->name : NULL));
	if (!cmd.code)
		check_verb(&cmd, args[0]);
	count = argc - optind - 1;
	if (!cmd.code)
		check_options(&cmd);
	if (!cmd.code)
		choose_columns(&cmd);
	if (!cmd.code)
		count = take_adopted(&cmd, count, args + 1);
	if (!cmd.code)
		check_operands(&cmd, count, args + 1);
	if (!cmd.code && cmd.root && vfio_compat_set_root(cmd.ctx, cmd.root))
		cmd_error(&cmd);
	if (!cmd.code && claims && vfio_compat_set_claims(cmd.ctx, claims))
		cmd_error(&cmd);
	if (cmd.verb)
		cmd.verb->run(&cmd, cmd.code ? none : args + 1);
	return finish(&cmd);
}
