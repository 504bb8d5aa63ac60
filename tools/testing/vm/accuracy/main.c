// SPDX-License-Identifier: GPL-2.0-only
/*
 * The accuracy matrix: what the tool predicts, what the driver answers, and
 * what a real migration comes to, for every pair of many types.
 *
 * Types vary in one thing, in two things, or in all at random; the first two
 * kinds are always the same and are done in an order that the seed gives.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "change.h"
#include "pair.h"

#define RANDOM_PLACES	6	/* that are there at the same time */
#define FILES_MAX	8192

static const char usage_text[] =
"usage: accuracy [-r] [-p PAIRS] [-s SEED] [-m MIGRATIONS] [-c COMMANDS]\n"
"\n"
"  -r             only types made at random\n"
"  -p PAIRS       end after so many pairs, default 30000: that is all types with\n"
"                 up to two variations, and some at random\n"
"  -s SEED        of all random numbers, default 1\n"
"  -m MIGRATIONS  fail with fewer real migrations, default 1\n"
"  -c COMMANDS    run vfio-compat for so many of the pairs, default 0\n";

/**
 * struct options - what was asked for
 * @only_random: no systematic ones
 * @pairs: number of pairs
 * @seed: of the random numbers
 * @migrations: least number of migrations
 * @commands: runs of the command
 */
struct options {
	bool only_random;
	unsigned long pairs;
	unsigned long seed;
	unsigned long migrations;
	unsigned long commands;
};

/* ---- every pair of some types ---- */

/*
 * All ordered pairs of places, less those of which both are among the first
 * @old, which have been done.
 */
static void cross(struct matrix *m, struct place **place, unsigned int nr,
		  unsigned int old)
{
	unsigned int a, b, s, d;

	for (a = 0; a < nr; a++) {
		for (s = 0; s < place[a]->nr_states; s++) {
			place_source(place[a], s);
			for (b = a < old ? old : 0; b < nr; b++) {
				if (matrix_full(m))
					return;
				if (!s)
					pair_types(m, place[a], place[b]);
				pair_to_type(m, place[a], place[b]);
				for (d = 0; d < place[b]->nr_states; d++)
					pair_instances(m, place[a], place[b],
						       d);
			}
		}
	}
}

/* ---- one and two variations ---- */

/**
 * struct job - types to be held against one another
 * @first: a variation, or NO_VARIATION
 * @second: another one, or NO_VARIATION: @first alone, with all before it
 */
struct job {
	int first;
	int second;
};

/* Each kept from its first use on: the base, then the variations. */
static struct place **singles;

static struct place *single(struct matrix *m, int variation)
{
	struct place **place = &singles[variation + 1];
	struct config config;

	if (!*place) {
		if (!config_make(&config, variation, NO_VARIATION))
			die("variation %d cannot be made", variation);
		*place = place_open(m->ctx, &config);
	}
	return *place;
}

static void do_single(struct matrix *m, int variation)
{
	struct place **set = calloc(variation + 2, sizeof(*set));
	int i;

	if (!set)
		die("out of memory");
	for (i = NO_VARIATION; i <= variation; i++)
		set[i + 1] = single(m, i);
	cross(m, set, variation + 2, variation + 1);
	free(set);
}

/* Two variations, with the base and each alone. */
static void do_two(struct matrix *m, int first, int second)
{
	struct place *set[4];
	struct config config;

	if (!config_make(&config, first, second))
		return;
	set[0] = single(m, NO_VARIATION);
	set[1] = single(m, first);
	set[2] = single(m, second);
	set[3] = place_open(m->ctx, &config);
	cross(m, set, 4, 3);
	place_close(set[3]);
}

static unsigned int make_jobs(struct job **jobs)
{
	int first, second, count = config_count();
	unsigned int nr = 0;
	struct config config;

	*jobs = calloc((count + 1) * (count + 1), sizeof(**jobs));
	if (!*jobs)
		die("out of memory");
	for (first = NO_VARIATION; first < count; first++) {
		(*jobs)[nr++] = (struct job){ first, NO_VARIATION };
		for (second = first + 1; first >= 0 && second < count; second++)
			if (config_make(&config, first, second))
				(*jobs)[nr++] = (struct job){ first, second };
	}
	return nr;
}

static void shuffle(struct rng *rng, struct job *jobs, unsigned int nr)
{
	while (nr > 1) {
		unsigned int i = rng_below(rng, nr--);
		struct job job = jobs[i];

		jobs[i] = jobs[nr];
		jobs[nr] = job;
	}
}

static void close_singles(void)
{
	int i;

	for (i = 0; i <= config_count(); i++)
		if (singles[i])
			place_close(singles[i]);
	free(singles);
}

static void do_systematic(struct matrix *m)
{
	struct job *jobs;
	unsigned int i, nr = make_jobs(&jobs);

	singles = calloc(config_count() + 1, sizeof(*singles));
	if (!singles)
		die("out of memory");
	shuffle(&m->rng, jobs, nr);
	for (i = 0; i < nr && !matrix_full(m); i++) {
		if (jobs[i].second == NO_VARIATION)
			do_single(m, jobs[i].first);
		else
			do_two(m, jobs[i].first, jobs[i].second);
	}
	free(jobs);
	close_singles();
	printf("| %lu pairs of types with up to two of %d variations%s\n",
	       report_pairs(), config_count(),
	       matrix_full(m) ? ", not all of them" : "");
}

/* ---- at random ---- */

static void do_random(struct matrix *m)
{
	struct place *set[RANDOM_PLACES];
	unsigned long before = report_pairs();
	struct config first, config;
	unsigned int i;

	while (!matrix_full(m)) {
		config_random(&first, &m->rng);
		for (i = 0; i < RANDOM_PLACES; i++) {
			config = first;
			if (i)
				config_mutate(&config, &m->rng);
			set[i] = place_open(m->ctx, &config);
		}
		cross(m, set, RANDOM_PLACES, 0);
		for (i = 0; i < RANDOM_PLACES; i++)
			place_close(set[i]);
	}
	printf("| %lu pairs of types made at random\n",
	       report_pairs() - before);
}

/* ---- the program ---- */

static unsigned long number(const char *text)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || text[0] < '0' || text[0] > '9')
		die("%s: expected a decimal", text);
	return value;
}

static void parse(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "rp:s:m:c:h")) != -1) {
		switch (option) {
		case 'r':
			o->only_random = true;
			break;
		case 'p':
			o->pairs = number(optarg);
			break;
		case 's':
			o->seed = number(optarg);
			break;
		case 'm':
			o->migrations = number(optarg);
			break;
		case 'c':
			o->commands = number(optarg);
			break;
		case 'h':
			fputs(usage_text, stdout);
			exit(0);
		default:
			fputs(usage_text, stderr);
			exit(2);
		}
	}
	if (optind != argc)
		die("no argument expected: %s", argv[optind]);
}

/* Three files for each device. */
static void raise_limit(void)
{
	struct rlimit limit = { FILES_MAX, FILES_MAX };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("cannot have %u open files: %s", FILES_MAX,
		    strerror(errno));
}

int main(int argc, char **argv)
{
	struct options o = { .pairs = 30000, .seed = 1, .migrations = 1 };
	struct matrix m = { 0 };
	bool good;

	parse(&o, argc, argv);
	raise_limit();
	if (vfio_compat_new(&m.ctx))
		die("out of memory");
	rng_seed(&m.rng, o.seed);
	m.pairs = o.pairs;
	m.commands = o.commands;
	printf("| seed %lu\n", o.seed);
	fflush(stdout);

	if (!o.only_random)
		do_systematic(&m);
	do_random(&m);
	do_changes(&m);
	good = report_close(o.pairs, o.migrations, o.commands);
	move_end();
	vfio_compat_unref(m.ctx);
	return good ? 0 : 1;
}
