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
		print_escaped(stderr, what);
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
	struct json_object *json;

	cmd_code(cmd, error->code);
	if (!cmd->json) {
		if (error->code != VFIO_COMPAT_UNKNOWN)
			print_error(error);
		return;
	}
	json = json_object_new_object();
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

static int usage(const char *what, const char *which)
{
	fprintf(stderr, "vfio-compat: %s", what);
	print_escaped(stderr, which);
	fputs(": expected what \"vfio-compat --help\" lists; see there\n",
	      stderr);
	return VFIO_COMPAT_USAGE;
}

static const struct verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

/* Print the document, and do not claim success if it did not get out. */
static int finish(struct cmd *cmd)
{
	const int json_flags = JSON_C_TO_STRING_PRETTY |
			       JSON_C_TO_STRING_NOSLASHESCAPE;

	if (cmd->json) {
		json_object_object_add(cmd->out, "errors", cmd->errors);
		puts(json_object_to_json_string_ext(cmd->out, json_flags));
		json_object_put(cmd->out);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr,
			"vfio-compat: standard output: cannot be written: expected room for the answer; redirect it elsewhere\n");
		cmd_code(cmd, VFIO_COMPAT_IO);
	}
	return cmd->code;
}

static int run(struct cmd *cmd, const char *root, char **args)
{
	int ret = vfio_compat_new(&cmd->ctx);

	if (ret)
		return ret;
	if (cmd->json) {
		cmd->out = json_object_new_object();
		cmd->errors = json_object_new_array();
		json_object_object_add(cmd->out, "schema", json_text(SCHEMA));
		json_object_object_add(cmd->out, "kind",
				       json_text(cmd->verb->name));
	}
	if (root && vfio_compat_set_root(cmd->ctx, root))
		cmd_error(cmd);
	else
		cmd->verb->run(cmd, args);
	ret = finish(cmd);
	vfio_compat_free(cmd->ctx);
	return ret;
}

static int check_args(struct cmd *cmd, int count, char **args)
{
	const struct verb *verb;

	if (!count)
		return usage("no verb was given", "");
	verb = find_verb(args[0]);
	if (!verb)
		return usage("there is no verb ", args[0]);
	if (count - 1 < verb->min)
		return usage("an operand is missing after ", args[count - 1]);
	if (verb->max >= 0 && count - 1 > verb->max)
		return usage("there is no place for ", args[verb->max + 1]);
	if ((cmd->probe || cmd->cross_type) && verb->run != run_compare)
		return usage("--probe and --cross-type are not for ", args[0]);
	cmd->verb = verb;
	return VFIO_COMPAT_OK;
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

int main(int argc, char **argv)
{
	const char *root = getenv("VFIO_COMPAT_SYSFS_ROOT");
	struct cmd cmd = { .code = VFIO_COMPAT_OK };
	int opt, ret;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, "Jh", options, NULL)) != -1) {
		switch (opt) {
		case 'J':
			cmd.json = true;
			break;
		case OPT_ROOT:
			root = optarg;
			break;
		case OPT_PROBE:
			cmd.probe = true;
			break;
		case OPT_CROSS_TYPE:
			cmd.cross_type = true;
			break;
		case 'h':
			print_help();
			return finish(&(struct cmd){ .code = 0 });
		case OPT_VERSION:
			puts("vfio-compat " VERSION " (" SCHEMA ")");
			return finish(&(struct cmd){ .code = 0 });
		default:
			return usage("cannot use the option ",
				     argv[optind - 1]);
		}
	}
	ret = check_args(&cmd, argc - optind, argv + optind);
	return ret ? ret : run(&cmd, root, argv + optind + 1);
}
