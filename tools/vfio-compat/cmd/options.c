// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The options of the command, and its help.
 */
#include <getopt.h>
#include <string.h>

#include "cmd.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

#define LIMIT_MAX 100000

/**
 * struct choosable - an option
 * @brief: its letter, or 0
 * @name: its name
 * @value: what its value is called, in brackets if it may be left out, or NULL
 *	if it takes none
 * @verbs: the verbs that take it, with blanks around each; NULL if all do
 * @help: what it does; each line but the last ends with a newline
 */
struct choosable {
	char brief;
	const char *name;
	const char *value;
	const char *verbs;
	const char *help;
};

static const struct choosable choosable[OPTIONS] = {
	[OPT_JSON] = { 'J', "json", NULL, NULL,
		"print one JSON object" },
	[OPT_OUTPUT] = { 'o', "output", "COLS", " list compare match ",
		"print these columns,\n"
		"or with a + in front these too" },
	[OPT_NOHEADINGS] = { 'n', "noheadings", NULL, " list compare match ",
		"print no heading" },
	[OPT_ROOT] = { 0, "sysfs-root", "D", NULL,
		"read the recorded tree D instead of /sys; so does\n"
		"VFIO_COMPAT_SYSFS_ROOT in the environment" },
	[OPT_PROBE] = { 0, "probe", NULL, " compare ",
		"ask the destination's driver too, by writing the\n"
		"source's line to it" },
	[OPT_CROSS_TYPE] = { 0, "cross-type", NULL, " compare match claim ",
		"another type is fine, if it is compatible" },
	[OPT_BATCH] = { 0, "batch", NULL, " compare ",
		"pairs are on standard input, one on a line; print\n"
		"one line of JSON for each" },
	[OPT_LIMIT] = { 0, "limit", "N", " match ",
		"print no more than N; 10 if not given" },
	[OPT_UUID] = { 0, "uuid", "U", " claim ",
		"the new instance's UUID: U, same or random; else\n"
		"the source's if that is free, or a random one" },
	[OPT_ADOPT] = { 0, "adopt", "[U]", " claim ",
		"take an instance that nobody uses" },
	[OPT_EXACT] = { 0, "exact", NULL, " claim ",
		"all sets of both sides have to be equal" },
	[OPT_DRY_RUN] = { 0, "dry-run", NULL, " claim ",
		"ask, and change nothing" },
	[OPT_VIA] = { 0, "via", "mdevctl", " claim ",
		"create and remove with mdevctl" },
	[OPT_DONE] = { 0, "done", "U", " claim ",
		"the migration is over, keep what was claimed" },
	[OPT_STALE] = { 0, "stale", NULL, " release ",
		"clean up after claims that were killed" },
	[OPT_HELP] = { 'h', "help", NULL, NULL,
		"print this" },
	[OPT_VERSION] = { 0, "version", NULL, NULL,
		"print the version" },
};

static const char objects_help[] =
"\n"
"An OBJECT is PARENT/TYPE, a UUID, a PCI address, a path in sysfs, or\n"
"@FILE[#[HOST!]OBJECT]: what \"list -J\" or \"show -J\" printed, or (only as a\n"
"source) a migration_version line; @- is standard input. An INVENTORY is a file\n"
"of what \"inventory\" printed on one host or many; - is standard input.\n"
"\n";

static const char exit_help[] =
"\n"
"Exit code: 0 compatible, or done; 1 incompatible; 2 usage; 3 unknown, so do\n"
"not migrate; 4 something could not be read; 5 nothing is free, or somebody was\n"
"faster; 6 the claim failed and was undone; 7 it failed and something is left,\n"
"which is named; 8 compatible but of another type, and --cross-type was not given.\n";

/* " compare match " as "compare, match" */
static void name_takers(const char *takers, char *list, size_t size)
{
	size_t n = 0;

	for (takers++; takers[1] && n + 2 < size; takers++) {
		if (*takers == ' ')
			list[n++] = ',';
		list[n++] = *takers;
	}
	list[n] = '\0';
}

static void print_option(const struct choosable *option)
{
	const char *help = option->help;
	char title[32], takers[64];

	snprintf(title, sizeof(title), "%c%c%c --%s%s%s",
		 option->brief ? '-' : ' ', option->brief ? option->brief : ' ',
		 option->brief ? ',' : ' ', option->name,
		 option->value ? " " : "", option->value ? option->value : "");
	printf("  %-19s ", title);
	if (option->verbs) {
		name_takers(option->verbs, takers, sizeof(takers));
		printf("%s: ", takers);
	}
	for (; *help; help++) {
		putchar(*help);
		if (*help == '\n')
			printf("  %-19s ", "");
	}
	puts("");
}

/* "  list:     OBJECT,NODE,.." for each verb that prints a table */
static void print_columns(void)
{
	const struct verb *verb;
	char *names;

	puts("\nCOLS are names with commas between them:");
	for (verb = verbs; verb->name; verb++) {
		if (!verb->columns)
			continue;
		names = column_names(verb->columns);
		printf("  %s: %s\n", verb->name, names);
		free(names);
	}
}

static void print_help(void)
{
	const struct verb *verb;
	unsigned int i;

	puts("vfio-compat: will a VFIO device's state arrive?\n");
	for (verb = verbs; verb->name; verb++)
		printf("  vfio-compat %s%s%s\n      %s\n", verb->name,
		       verb->args[0] ? " " : "", verb->args, verb->help);
	fputs(objects_help, stdout);
	for (i = 0; i < OPTIONS; i++)
		print_option(&choosable[i]);
	print_columns();
	fputs(exit_help, stdout);
}

static void wrong_option(struct cmd *cmd, int opt, const char *arg)
{
	bool is_known = optopt > 0xff;
	char brief[] = { '-', (char)optopt, '\0' };
	unsigned int i;
	char *name;

	for (i = 0; i < OPTIONS; i++)
		is_known |= optopt && choosable[i].brief == optopt;
	name = checked(strdup(is_known || !optopt ? arg : brief));
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

static void take_limit(struct cmd *cmd, const char *text)
{
	unsigned long n = 0;
	char *end;

	if (text[0] >= '0' && text[0] <= '9' && strlen(text) < 10) {
		n = strtoul(text, &end, 10);
		if (*end)
			n = 0;
	}
	if (!n || n > LIMIT_MAX)
		usage(cmd, text, "is no limit: expected --limit with a number from 1 to %d",
		      LIMIT_MAX);
	else
		cmd->limit = n;
}

/* Return: whether to go on. */
static bool take_option(struct cmd *cmd, int option)
{
	cmd->given |= 1U << option;
	switch (option) {
	case OPT_JSON:
		cmd->json = true;
		break;
	case OPT_OUTPUT:
		cmd->output = optarg;
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
	case OPT_BATCH:
		cmd->batch = true;
		break;
	case OPT_LIMIT:
		take_limit(cmd, optarg);
		break;
	case OPT_UUID:
		cmd->uuid = optarg;
		break;
	case OPT_ADOPT:
		cmd->adopt = optarg;
		break;
	case OPT_VIA:
		cmd->via = optarg;
		break;
	case OPT_DONE:
		cmd->done = optarg;
		break;
	case OPT_HELP:
	case OPT_VERSION:
		if (cmd->code)
			break;
		cmd->json = false;
		if (option == OPT_HELP)
			print_help();
		else
			puts("vfio-compat " VERSION " (" SCHEMA ")");
		return false;
	}
	return true;
}

static int argument_of(const struct choosable *option)
{
	if (!option->value)
		return no_argument;
	return option->value[0] == '[' ? optional_argument : required_argument;
}

/* What getopt_long() wants; its values are 256 and the number of the option. */
static void describe(struct option *options, char *letters)
{
	unsigned int i;

	*letters++ = ':';
	for (i = 0; i < OPTIONS; i++) {
		const struct choosable *option = &choosable[i];

		options[i] = (struct option){
			option->name, argument_of(option), NULL, 256 + i,
		};
		if (option->brief)
			*letters++ = option->brief;
		if (option->brief && option->value)
			*letters++ = ':';
	}
	options[OPTIONS] = (struct option){ NULL, 0, NULL, 0 };
	*letters = '\0';
}

static int by_letter(int letter)
{
	int i;

	for (i = 0; i < OPTIONS; i++)
		if (choosable[i].brief && choosable[i].brief == letter)
			return i;
	return -1;
}

/**
 * take_options - take in all options of a command line
 * @cmd: the run; receives what they say
 * @argc: as of main()
 * @argv: as of main(); options are moved to the front
 *
 * All of them, also after a wrong one: -J may follow.
 *
 * Return: whether to go on.
 */
bool take_options(struct cmd *cmd, int argc, char **argv)
{
	struct option options[OPTIONS + 1];
	char letters[2 * OPTIONS + 2];
	int opt, at = -1;

	describe(options, letters);
	opterr = 0;
	while ((opt = getopt_long(argc, argv, letters, options, &at)) != -1) {
		bool apart = optarg && optarg == argv[optind - 1];
		bool full = at < 0 || is_in_full(cmd, argv[optind - 1 - apart],
						 options[at].name);

		at = -1;
		if (opt == 256 + OPT_ADOPT && !optarg && argv[optind] &&
		    argv[optind][0] != '-')
			optarg = argv[optind];	/* see take_adopted() */
		if (opt == '?' || opt == ':')
			wrong_option(cmd, opt, argv[optind - 1]);
		else if (full && !take_option(cmd, opt < 256 ? by_letter(opt) :
							       opt - 256))
			return false;
	}
	return true;
}

/**
 * check_options - refuse options that the verb does not take
 * @cmd: the run
 */
void check_options(struct cmd *cmd)
{
	char word[32], takers[64];
	unsigned int i;

	snprintf(word, sizeof(word), " %s ", cmd->verb->name);
	for (i = 0; i < OPTIONS; i++) {
		if (!(cmd->given & 1U << i) || !choosable[i].verbs ||
		    strstr(choosable[i].verbs, word))
			continue;
		name_takers(choosable[i].verbs, takers, sizeof(takers));
		usage(cmd, cmd->verb->name,
		      "does not take --%s: leave it out; it is for %s",
		      choosable[i].name, takers);
	}
}

/**
 * take_adopted - tell the value of --adopt from an operand
 * @cmd: the run; @cmd->adopt is the word behind the option if that has no value
 * @count: number of operands
 * @args: the operands; loses the value
 *
 * "--adopt U" is "--adopt=U" if that leaves the operands that the verb takes;
 * else the word behind it is an operand, and stays one.
 *
 * Return: number of operands.
 */
int take_adopted(struct cmd *cmd, int count, char **args)
{
	bool is_left = count == cmd->verb->max + 1;
	int i;

	for (i = 0; i < count && args[i] != cmd->adopt; i++)
		;
	if (!(cmd->given & OPT(ADOPT)) || !cmd->adopt || i == count)
		return count;
	if (!is_left) {
		cmd->adopt = NULL;
		return count;
	}
	for (; i < count; i++)
		args[i] = args[i + 1];
	return count - 1;
}
