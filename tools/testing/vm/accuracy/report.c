// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts by kind of pair and by rule; see report.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report.h"

#define SHOWN_MAX	10	/* disagreements that are printed in full */
#define PROGRESS_SECONDS 15

/**
 * struct tally - counts of one kind of pairs
 * @pairs: all of them
 * @results: by the tool's answer from sysfs
 * @outcomes: by what the real migration came to
 * @aside: the driver refused a value, so there was none
 * @failed: a rule fails
 * @alone: and no other one does
 * @wrong: disagreements
 */
struct tally {
	unsigned long pairs;
	unsigned long results[VFIO_COMPAT_UNDECIDED + 1];
	unsigned long outcomes[BROKEN + 1];
	unsigned long aside;
	unsigned long failed[NR_RULES];
	unsigned long alone[NR_RULES];
	unsigned long wrong;
};

static struct tally tallies[NR_KINDS];
static struct {
	unsigned long done;
	unsigned long wrong;
} extras[NR_EXTRAS];
static unsigned long shown;

static const char * const kinds[] = {
	[TYPE_TO_TYPE] = "type -> type",
	[INSTANCE_TO_TYPE] = "instance -> type",
	[INSTANCE_TO_INSTANCE] = "instance -> instance",
	[AND_BACK] = "and back",
};

static const char * const columns[] = {
	[TYPE_TO_TYPE] = "type->type",
	[INSTANCE_TO_TYPE] = "inst->type",
	[INSTANCE_TO_INSTANCE] = "inst->inst",
	[AND_BACK] = "and back",
};

static const char * const extra_names[] = {
	[EXTRA_LABELS] = "labels", [EXTRA_COMMANDS] = "commands",
	[EXTRA_CHANGES] = "changes",
};

/* ---- disagreements ---- */

/* Only what was wrong first. */
void disagree(struct pair *pair, const char *fmt, ...)
{
	va_list args;

	if (pair->wrong[0])
		return;
	va_start(args, fmt);
	vsnprintf(pair->wrong, sizeof(pair->wrong), fmt, args);
	va_end(args);
}

static const char *result_text(enum vfio_compat_result result)
{
	static const char * const names[] = {
		"compatible", "incompatible", "unknown",
	};

	return names[result];
}

static const char *errno_text(int err)
{
	return err ? strerrorname_np(err) : "taken";
}

static void show_file(const char *dir, const char *name)
{
	char path[2 * PU_PATH], text[PU_PAGE + 1];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (pu_read(path, text, sizeof(text)) < 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	printf("    %s: %s\n", name, text);
}

/* What a type says, file by file. */
static void show_type(const struct place *place)
{
	char names[PU_PAGE], *name, *save;

	pu_list(place->type_dir, names, sizeof(names));
	for (name = strtok_r(names, " ", &save); name;
	     name = strtok_r(NULL, " ", &save))
		if (!strncmp(name, "compatible_", 11) ||
		    !strncmp(name, "emitted_", 8) ||
		    !strcmp(name, "software_version") ||
		    !strcmp(name, "dynamic_resources"))
			show_file(place->type_dir, name);
}

static void show_move(const struct pair *pair)
{
	const struct move *m = &pair->move;

	if (pair->aside)
		printf("not tried, a value is refused (%s)",
		       errno_text(pair->aside));
	else if (m->outcome == ARRIVED)
		printf("arrived");
	else if (m->outcome == NOT_TRIED)
		printf("not tried");
	else
		printf("%s (%s)", m->why[0] ? m->why : "refused",
		       errno_text(m->error));
}

static void show_pair(const struct pair *pair)
{
	const struct answer *a = &pair->answer;

	printf("DISAGREEMENT, %s: %s\n", kinds[pair->kind], pair->wrong);
	printf("  source: %s (%s)\n    %s", pair->src->name,
	       pair->from->config.name, pair->src->line);
	printf("  destination: %s (%s)\n    %s", pair->dst->name,
	       pair->to->config.name, pair->dst->line);
	show_type(pair->to);
	printf("  tool: %s; from the line alone: %s; with a probe: %s (%d)\n",
	       result_text(a->result), result_text(a->bare),
	       result_text(a->probed), a->probe_code);
	printf("  handshake: %s\n  real migration: ",
	       errno_text(pair->handshake));
	show_move(pair);
	putchar('\n');
}

/* ---- counting ---- */

/**
 * report_pair - count a pair, and print it if its answers disagree
 * @pair: the pair
 */
void report_pair(struct pair *pair)
{
	struct tally *t = &tallies[pair->kind];
	unsigned int rule;

	t->pairs++;
	t->results[pair->answer.result]++;
	t->outcomes[pair->move.outcome]++;
	t->aside += !!pair->aside;
	for (rule = 0; rule < NR_RULES; rule++) {
		t->failed[rule] += pair->answer.failed >> rule & 1;
		t->alone[rule] += pair->answer.failed == 1U << rule;
	}
	if (!pair->wrong[0])
		return;
	t->wrong++;
	if (shown++ < SHOWN_MAX)
		show_pair(pair);
}

/**
 * report_extra - count a check that is no pair
 * @extra: what was checked
 * @wrong: what is wrong, or NULL
 */
void report_extra(enum extra extra, const char *wrong)
{
	extras[extra].done++;
	if (!wrong)
		return;
	extras[extra].wrong++;
	if (shown++ < SHOWN_MAX)
		printf("DISAGREEMENT, %s: %s\n", extra_names[extra], wrong);
}

unsigned long report_pairs(void)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < NR_KINDS; i++)
		sum += tallies[i].pairs;
	return sum;
}

unsigned long report_commands(void)
{
	return extras[EXTRA_COMMANDS].done;
}

static unsigned long results(enum vfio_compat_result result)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < NR_KINDS; i++)
		sum += tallies[i].results[result];
	return sum;
}

static unsigned long outcomes(enum outcome outcome)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < NR_KINDS; i++)
		sum += tallies[i].outcomes[outcome];
	return sum;
}

static unsigned long migrations(void)
{
	return outcomes(ARRIVED) + outcomes(REFUSED) + outcomes(BROKEN);
}

static unsigned long disagreements(void)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < NR_KINDS; i++)
		sum += tallies[i].wrong;
	for (i = 0; i < NR_EXTRAS; i++)
		sum += extras[i].wrong;
	return sum;
}

/**
 * report_progress - a line now and then
 * @wanted: pairs that are wanted
 */
void report_progress(unsigned long wanted)
{
	static time_t begun, last;
	time_t now = time(NULL);

	if (!begun) {
		begun = now;
		last = now;
	}
	if (now < last + PROGRESS_SECONDS)
		return;
	last = now;
	printf("%lu of %lu pairs, %lu migrations (%ld s)\n", report_pairs(),
	       wanted, migrations(), (long)(now - begun));
	fflush(stdout);
}

/* ---- the closing lines ---- */

static void table_row(const char *name, const unsigned long *count[NR_KINDS])
{
	unsigned int i;

	printf("| %-25s", name);
	for (i = 0; i < NR_KINDS; i++)
		printf(" %10lu", *count[i]);
	putchar('\n');
}

#define ROW(name, member) do {						\
	const unsigned long *count[NR_KINDS];				\
	unsigned int k;							\
									\
	for (k = 0; k < NR_KINDS; k++)					\
		count[k] = &tallies[k].member;				\
	table_row(name, count);						\
} while (0)

static void print_table(void)
{
	unsigned int i;
	char name[64];

	printf("| %-25s", "");
	for (i = 0; i < NR_KINDS; i++)
		printf(" %10s", columns[i]);
	putchar('\n');
	ROW("pairs", pairs);
	ROW("compatible", results[VFIO_COMPAT_PASS]);
	ROW("incompatible", results[VFIO_COMPAT_FAIL]);
	for (i = 0; i < NR_RULES; i++) {
		snprintf(name, sizeof(name), "  %s", rule_name(i));
		ROW(name, failed[i]);
		snprintf(name, sizeof(name), "  %s alone", rule_name(i));
		ROW(name, alone[i]);
	}
	ROW("unknown without a probe", results[VFIO_COMPAT_UNDECIDED]);
	ROW("migrated, and all arrived", outcomes[ARRIVED]);
	ROW("migrated, and refused", outcomes[REFUSED]);
	ROW("a value refused before", aside);
	ROW("disagreements", wrong);
}

static void print_sums(void)
{
	printf("| also %lu comparisons by labels, %lu by the command, ",
	       extras[EXTRA_LABELS].done, extras[EXTRA_COMMANDS].done);
	printf("%lu changes in the middle\n", extras[EXTRA_CHANGES].done);
	printf("| accuracy: %lu pairs (%lu compatible, %lu incompatible, %lu unknown), ",
	       report_pairs(), results(VFIO_COMPAT_PASS),
	       results(VFIO_COMPAT_FAIL), results(VFIO_COMPAT_UNDECIDED));
	printf("%lu real migrations (%lu arrived, %lu refused), %lu disagreements\n",
	       migrations(), outcomes(ARRIVED), outcomes(REFUSED),
	       disagreements());
}

static void judge(bool good, const char *what, unsigned int *passed,
		  unsigned int *failed)
{
	if (good) {
		++*passed;
		return;
	}
	++*failed;
	printf("FAILED: %s\n", what);
}

/**
 * report_close - print the sums
 * @pairs: how many are the least
 * @moves: the same of real migrations
 * @commands: and of pairs that the command was run for
 *
 * Return: whether all is well.
 */
bool report_close(unsigned long pairs, unsigned long moves,
		  unsigned long commands)
{
	unsigned int i, passed = 0, failed = 0;

	print_table();
	for (i = 0; i < NR_KINDS; i++)
		judge(tallies[i].pairs && !tallies[i].wrong, kinds[i], &passed,
		      &failed);
	for (i = 0; i < NR_EXTRAS; i++)
		judge((extras[i].done || (i == EXTRA_COMMANDS && !commands)) &&
		      !extras[i].wrong, extra_names[i], &passed, &failed);
	judge(report_pairs() && report_pairs() >= pairs,
	      "fewer pairs than demanded", &passed, &failed);
	judge(outcomes(ARRIVED) && outcomes(REFUSED) && migrations() >= moves,
	      "fewer real migrations than demanded", &passed, &failed);
	judge(report_commands() >= commands,
	      "fewer runs of the command than demanded", &passed, &failed);
	print_sums();
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return !failed && !disagreements();
}
