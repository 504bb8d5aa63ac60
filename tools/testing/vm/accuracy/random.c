// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types made at random, all of them valid, and the texts of the simulator.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#define TYPE_PREFIX	"mdev_sim-"
#define MAJORS		2
#define MINORS		4
#define VALUES		4
#define ALL		((1U << VALUES) - 1)

/* xorshift64*, which must not begin with 0 */
void rng_seed(struct rng *rng, uint64_t seed)
{
	rng->state = (seed + 1) * 0x9e3779b97f4a7c15ULL;
	if (!rng->state)
		rng->state = 1;
	rng_next(rng);
}

uint64_t rng_next(struct rng *rng)
{
	uint64_t x = rng->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	rng->state = x;
	return x * 0x2545f4914f6cdd1dULL;
}

unsigned int rng_below(struct rng *rng, unsigned int limit)
{
	return (rng_next(rng) >> 33) % limit;
}

static bool one_in(struct rng *rng, unsigned int n)
{
	return !rng_below(rng, n);
}

static void append(char *list, const char *value)
{
	size_t len = strlen(list);

	snprintf(list + len, CONFIG_LIST - len, "%s%s", len ? "," : "", value);
}

/* Some of the values in the mask @of, at least one. */
static void random_values(struct rng *rng, const char * const *values,
			  unsigned int of, char *list, unsigned int *which)
{
	unsigned int i, bits;

	do {
		bits = rng_below(rng, 1 << VALUES) & of;
	} while (!bits);
	list[0] = '\0';
	for (i = 0; i < VALUES; i++)
		if (bits & 1 << i)
			append(list, values[i]);
	*which = bits;
}

/* Series up to and without @end that are taken one time in two. */
static void random_series(struct rng *rng, unsigned int begin, unsigned int end,
			  unsigned int max, char *list)
{
	unsigned int i;
	char text[24];

	for (i = begin; i < end && max; i++) {
		if (one_in(rng, 2))
			continue;
		snprintf(text, sizeof(text), "%u.%u", 1 + i / MINORS,
			 i % MINORS);
		append(list, text);
		max--;
	}
}

/* Series are numbered here: 1.0 .. 1.3, 2.0 .. 2.3. */
static void random_version(struct config *c, struct rng *rng)
{
	unsigned int own = rng_below(rng, MAJORS * MINORS);
	char text[24];

	snprintf(text, sizeof(text), "%u.%u", 1 + own / MINORS, own % MINORS);
	snprintf(c->version, sizeof(c->version), "%s.%u", text,
		 rng_below(rng, 3));
	c->accepts[0] = '\0';
	c->emits[0] = '\0';
	if (!one_in(rng, 3)) {
		random_series(rng, 0, own, MINORS, c->accepts);
		append(c->accepts, text);
		random_series(rng, own + 1, MAJORS * MINORS, 2, c->accepts);
	}
	if (c->personality == NVME || one_in(rng, 4))
		return;
	random_series(rng, 0, own, 2, c->emits);
	append(c->emits, text);
}

static void random_type(struct config *c, struct rng *rng)
{
	static const char * const names[] = { "a", "b", "c" };
	unsigned int own = rng_below(rng, 5) < 3 ? 0 : 1 + rng_below(rng, 2);
	unsigned int i;
	char id[32];

	snprintf(c->type, sizeof(c->type), "%s", names[own]);
	c->types[0] = '\0';
	for (i = 0; i < 3; i++) {
		if (i == own || one_in(rng, 3))
			continue;
		snprintf(id, sizeof(id), TYPE_PREFIX "%s", names[i]);
		append(c->types, id);
	}
}

/* A pinned instance may need less in that series, or nothing of a field. */
static void random_old(struct field *f, struct rng *rng, const char *emits,
		       const char * const *values, unsigned int bits)
{
	const char *at = emits;
	unsigned int which;

	while (strchr(at, ',') && f->nr_old < CONFIG_OLD) {
		int len = strcspn(at, ",");

		if (one_in(rng, 2)) {
			snprintf(f->old[f->nr_old].series,
				 sizeof(f->old[0].series), "%.*s", len, at);
			if (!one_in(rng, 4))
				random_values(rng, values, bits,
					      f->old[f->nr_old].needs, &which);
			f->nr_old++;
		}
		at += len + 1;
	}
}

static const struct {
	const char *name;
	const char *values[VALUES];
} field_values[] = {
	{ "pci_ids", { "8086:1912", "8086:5912", "8086:591d", "8086:591e" } },
	{ "tiling", { "linear", "x", "y", "yf" } },
	{ "zone", {
		"a/b", "a:b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"~!@#$^&*()_+{}<>?",
	} },
};

#define NR_FIELDS	(sizeof(field_values) / sizeof(field_values[0]))

static void random_field(struct config *c, struct rng *rng, struct field *f,
			 unsigned int which)
{
	const char * const *values = field_values[which].values;
	unsigned int bits, needs, i;

	*f = (struct field){ .name = field_values[which].name };
	random_values(rng, values, ALL, f->accepts, &bits);
	/* Mostly all, or hardly any two would fit. */
	if (!one_in(rng, 3)) {
		f->accepts[0] = '\0';
		bits = ALL;
		for (i = 0; i < VALUES; i++)
			append(f->accepts, values[i]);
	}
	if (!one_in(rng, 3))
		random_values(rng, values, bits, f->needs, &needs);
	random_old(f, rng, c->emits, values, bits);
}

static void random_fields(struct config *c, struct rng *rng)
{
	unsigned int i;

	c->nr_fields = 0;
	for (i = 0; i < NR_FIELDS; i++)
		if (!one_in(rng, 4))
			random_field(c, rng, &c->field[c->nr_fields++], i);
}

/* One of them becomes another one. */
static void other_field(struct config *c, struct rng *rng)
{
	struct field *f;
	unsigned int i;

	if (!c->nr_fields)
		return;
	f = &c->field[rng_below(rng, c->nr_fields)];
	for (i = 0; strcmp(field_values[i].name, f->name); i++)
		;
	random_field(c, rng, f, i);
}

static void random_resources(struct config *c, struct rng *rng)
{
	unsigned int n;

	c->nr_resources = 0;
	for (n = 0; config_known(c->personality, n); n++) {
		struct resource *r;

		if (one_in(rng, 4))
			continue;
		r = config_add_resource(c, n);
		snprintf(r->value, sizeof(r->value), "%s",
			 config_known_value(c, r->name, one_in(rng, 4)));
		if (one_in(rng, 4) && c->personality != NVME)
			snprintf(r->allowed, sizeof(r->allowed), "%s", r->value);
		else if (one_in(rng, 3))
			snprintf(r->set, sizeof(r->set), "%s",
				 config_known_value(c, r->name,
						    rng_below(rng, 2)));
	}
}

static void random_check(struct config *c, struct rng *rng)
{
	static const char * const modes[] = {
		"", "", "", "fit", "any", "none", "EMEDIUMTYPE", "ENOMEM",
		"EINTR", "EOPNOTSUPP",
	};

	if (c->personality != QAT)
		return;
	snprintf(c->rings, sizeof(c->rings), "%u", 1 + rng_below(rng, 3));
	snprintf(c->check, sizeof(c->check), "%s", modes[rng_below(rng, 10)]);
}

/**
 * config_random - a type made at random
 * @c: receives the type
 * @rng: random numbers
 */
void config_random(struct config *c, struct rng *rng)
{
	*c = (struct config){ 0 };
	c->personality = one_in(rng, 3) ? rng_below(rng, NR_PERSONALITIES) :
					  VGPU;
	snprintf(c->name, sizeof(c->name), "random %s",
		 personality_name(c->personality));
	random_version(c, rng);
	random_type(c, rng);
	random_fields(c, rng);
	random_resources(c, rng);
	random_check(c, rng);
}

/**
 * config_mutate - another type of the same family
 * @c: the type, which changes in some things
 * @rng: random numbers
 */
void config_mutate(struct config *c, struct rng *rng)
{
	if (one_in(rng, 8)) {
		config_random(c, rng);
		return;
	}
	if (one_in(rng, 2))
		random_version(c, rng);
	if (one_in(rng, 3))
		random_type(c, rng);
	if (one_in(rng, 3))
		other_field(c, rng);
	if (one_in(rng, 6))
		random_fields(c, rng);
	if (one_in(rng, 4))
		random_resources(c, rng);
	if (one_in(rng, 2))
		random_check(c, rng);
}

/* ---- the simulator's texts ---- */

struct out {
	char *text;
	size_t len;
};

static void out(struct out *o, const char *one, const char *two)
{
	int len = snprintf(o->text + o->len, CONFIG_TEXT - o->len, "%s%s", one,
			   two);

	o->len += len;
	if (o->len >= CONFIG_TEXT)
		abort();
}

/* What an instance needs of a field that is pinned to a series. */
static const char *needs_in(const struct field *f, const char *series)
{
	unsigned int n;

	for (n = 0; n < f->nr_old; n++)
		if (!strcmp(f->old[n].series, series))
			return f->old[n].needs;
	return f->needs[0] ? f->needs : f->accepts;
}

/* A series that is mentioned at all has lines for all that it has. */
static void out_series(struct out *o, const struct config *c,
		       const char *series)
{
	unsigned int i;

	out(o, series, "\n");
	for (i = 0; i < c->nr_fields; i++) {
		const char *needs = needs_in(&c->field[i], series);

		if (!needs[0])
			continue;
		out(o, series, " ");
		out(o, c->field[i].name, "=");
		out(o, needs, "\n");
	}
}

static bool differs(const struct config *c, const char *series)
{
	unsigned int i, n;

	for (i = 0; i < c->nr_fields; i++)
		for (n = 0; n < c->field[i].nr_old; n++)
			if (!strcmp(c->field[i].old[n].series, series))
				return true;
	return false;
}

/**
 * config_fields - the fields of a type as the simulator reads them
 * @c: the type
 * @text: receives a line for each, and for each in each series that differs
 */
void config_fields(const struct config *c, char text[CONFIG_TEXT])
{
	struct out o = { text, 0 };
	const char *at = c->emits;
	char series[16];
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < c->nr_fields; i++) {
		const struct field *f = &c->field[i];

		out(&o, f->name, "=");
		out(&o, f->accepts, "");
		out(&o, f->needs[0] ? "|" : "", f->needs);
		out(&o, "\n", "");
	}
	while (*at) {
		snprintf(series, sizeof(series), "%.*s", (int)strcspn(at, ","),
			 at);
		if (differs(c, series))
			out_series(&o, c, series);
		at += strcspn(at, ",");
		at += *at == ',';
	}
}

/**
 * config_resources - the resources of a type as the simulator reads them
 * @c: the type
 * @text: receives a line for each
 */
void config_resources(const struct config *c, char text[CONFIG_TEXT])
{
	struct out o = { text, 0 };
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < c->nr_resources; i++) {
		const struct resource *r = &c->resource[i];

		if (r->since)
			out(&o, r->since, " ");
		out(&o, r->name, "=");
		out(&o, r->value, r->allowed[0] ? ":" : "");
		out(&o, r->allowed, "\n");
	}
}
