// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat: options, verbs, and the one place where the exit code is made.
 */
#include <getopt.h>
#include <string.h>

#include "cmd.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

static const struct verb verbs[] = {
	{ "list", "[PARENT..]",
	  "types, instances and functions, and what they accept",
	  0, -1, run_list },
	{ "show", "OBJECT..",
	  "all that an object says of itself",
	  1, -1, run_show },
	{ "compare", "SOURCE DESTINATION",
	  "will the destination take the source's state, and why (not)",
	  2, 2, run_compare },
};

static const char help_text[] =
"\n"
"An OBJECT is PARENT/TYPE, a UUID, a PCI address, a path in sysfs, or\n"
"@FILE[#[HOST!]OBJECT]: what \"list -J\" or \"show -J\" printed, or (only as a\n"
"source) a migration_version line; @- is standard input.\n"
"\n"
"  -J, --json          print one JSON object\n"
"      --sysfs-root D  read the recorded tree D instead of /sys; so does\n"
"                      VFIO_COMPAT_SYSFS_ROOT in the environment\n"
"      --probe         compare: ask the destination's driver too, by writing\n"
"                      the source's line to it\n"
"      --cross-type    compare: another type is fine, if it is compatible\n"
"  -h, --help          print this\n"
"      --version       print the version\n"
"\n"
"Exit code: 0 compatible, or done; 1 incompatible; 2 usage; 3 unknown, so do\n"
"not migrate; 4 something could not be read; 8 compatible but of another type,\n"
"and --cross-type was not given.\n";

static void print_help(void)
{
	size_t i;

	puts("vfio-compat: will a VFIO device's state arrive?\n");
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		printf("  vfio-compat %s %s\n      %s\n", verbs[i].name,
		       verbs[i].args, verbs[i].help);
	fputs(help_text, stdout);
}

/**
 * cmd_code - note an outcome; when several apply the strongest is the exit code
 * @cmd: the run
 * @code: the outcome
 */
void cmd_code(struct cmd *cmd, int code)
{
	static const int order[] = {
		VFIO_COMPAT_USAGE, VFIO_COMPAT_IO, VFIO_COMPAT_INCOMPATIBLE,
		VFIO_COMPAT_UNKNOWN, VFIO_COMPAT_CROSS_TYPE,
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
static void print_error(const struct vfio_compat_error *error)
{
	const char *what = error->path && error->path[0] ? error->path :
			   error->object;

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

#define usage(cmd, which, ...) \
	cmd_fail(cmd, VFIO_COMPAT_USAGE, 0, which, NULL, __VA_ARGS__)

static const struct verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
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

/* Print the document, and do not claim success if it did not get out. */
static int finish(struct cmd *cmd)
{
	const int json_flags = JSON_C_TO_STRING_PRETTY |
			       JSON_C_TO_STRING_NOSLASHESCAPE;

	json_object_object_add(cmd->out, "errors", cmd->errors);
	if (cmd->json)
		puts(json_object_to_json_string_ext(cmd->out, json_flags));
	json_object_put(cmd->out);
	vfio_compat_unref(cmd->ctx);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr,
			"vfio-compat: standard output: cannot be written: expected room for the answer; redirect it elsewhere\n");
		cmd_code(cmd, VFIO_COMPAT_IO);
	}
	return cmd->code;
}

static void check_verb(struct cmd *cmd, const char *name)
{
	char list[64] = "";
	size_t i;

	if (cmd->verb)
		return;
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		strcat(list, verbs[i].name);
		if (i + 1 < ARRAY_SIZE(verbs))
			strcat(list, i + 2 < ARRAY_SIZE(verbs) ? ", " : " or ");
	}
	usage(cmd, name, "%s: expected %s; see \"vfio-compat --help\"",
	      name ? "is no verb" : "no verb was given", list);
}

static void check_operands(struct cmd *cmd, int count, char **args)
{
	const struct verb *verb = cmd->verb;
	const char *which = verb->args;
	int i;

	for (i = 0; i < count; i++)
		if (!args[i][0])
			usage(cmd, NULL,
			      "the operand is empty (an unset variable?): expected %s %s",
			      verb->name, verb->args);
	if (count)
		which += strcspn(which, " ") + 1;
	if (count < verb->min)
		usage(cmd, verb->name, "%.*s is missing: expected %s %s",
		      (int)strcspn(which, " ."), which, verb->name, verb->args);
	if (verb->max >= 0 && count > verb->max)
		usage(cmd, args[verb->max], "is too much: expected %s %s",
		      verb->name, verb->args);
	if ((cmd->probe || cmd->cross_type) && verb->run != run_compare)
		usage(cmd, verb->name,
		      "takes neither --probe nor --cross-type: expected compare with these; leave them out");
}

enum { OPT_ROOT = 256, OPT_PROBE, OPT_CROSS_TYPE, OPT_VERSION };

static const struct option options[] = {
	{ "json", no_argument, NULL, 'J' },
	{ "sysfs-root", required_argument, NULL, OPT_ROOT },
	{ "probe", no_argument, NULL, OPT_PROBE },
	{ "cross-type", no_argument, NULL, OPT_CROSS_TYPE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static void wrong_option(struct cmd *cmd, int opt, const char *arg)
{
	bool is_known = optopt > 0xff || optopt == 'J' || optopt == 'h';
	char brief[] = { '-', (char)optopt, '\0' };
	char *name = checked(strdup(is_known || !optopt ? arg : brief));

	name[strcspn(name, "=")] = '\0';
	if (opt == ':')
		usage(cmd, name, "lacks its value: expected %s VALUE", name);
	else if (is_known)
		usage(cmd, name, "takes no value: expected it alone");
	else
		usage(cmd, name,
		      "is no option: expected one that \"vfio-compat --help\" lists");
	free(name);
}

/*
 * getopt takes "--cross" for --cross-type.  What permits something has to be
 * said in full.
 */
static bool is_in_full(struct cmd *cmd, const char *arg, const char *name)
{
	char *given = checked(strdup(arg));
	bool full;

	given[strcspn(given, "=")] = '\0';
	full = !strcmp(given + strlen("--"), name);
	if (!full)
		usage(cmd, given, "is an abbreviation: expected --%s", name);
	free(given);
	return full;
}

/* All, also after a wrong one: -J may follow.  Return: whether to go on. */
static bool take_options(struct cmd *cmd, int argc, char **argv)
{
	int opt, at = -1;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":Jh", options, &at)) != -1) {
		bool apart = optarg && optarg == argv[optind - 1];

		if (at >= 0 && !is_in_full(cmd, argv[optind - 1 - apart],
					   options[at].name))
			opt = 0;
		at = -1;
		switch (opt) {
		case 0:
			break;
		case 'J':
			cmd->json = true;
			break;
		case OPT_ROOT:
			cmd->root = optarg;
			break;
		case OPT_PROBE:
			cmd->probe = true;
			break;
		case OPT_CROSS_TYPE:
			cmd->cross_type = true;
			break;
		case 'h':
		case OPT_VERSION:
			if (cmd->code)
				break;
			cmd->json = false;
			if (opt == 'h')
				print_help();
			else
				puts("vfio-compat " VERSION " (" SCHEMA ")");
			return false;
		default:
			wrong_option(cmd, opt, argv[optind - 1]);
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	static char *none[] = { NULL };
	struct cmd cmd = { .root = getenv("VFIO_COMPAT_SYSFS_ROOT") };
	char **args;

	start(&cmd);
	if (!take_options(&cmd, argc, argv))
		return finish(&cmd);
	args = argv + optind;
	cmd.verb = args[0] ? find_verb(args[0]) : NULL;
	json_object_object_add(cmd.out, "kind",
			       json_text(cmd.verb ? cmd.verb->name : NULL));
	if (!cmd.code)
		check_verb(&cmd, args[0]);
	if (!cmd.code)
		check_operands(&cmd, argc - optind - 1, args + 1);
	if (!cmd.code && cmd.root && vfio_compat_set_root(cmd.ctx, cmd.root))
		cmd_error(&cmd);
	if (cmd.verb)
		cmd.verb->run(&cmd, cmd.code ? none : args + 1);
	return finish(&cmd);
}
