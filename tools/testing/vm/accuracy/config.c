// SPDX-License-Identifier: GPL-2.0-only
/*
 * The base, what is varied of it, and types made at random.
 *
 * All types share one numbering of the stream, as types have to that accept
 * one another: a resource comes with the same series in each of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#define TYPE_PREFIX	"mdev_sim-"

static const char * const personalities[] = {
	[VGPU] = "vgpu", [NVME] = "nvme", [QAT] = "qat", [CCW] = "ccw",
	[AP] = "ap",
};

/* What a driver knows: names, two values, and the series that brought it. */
static const struct known {
	enum personality personality;
	const char *name;
	const char *since;
	const char *values[2];
} known[] = {
	{ VGPU, "aggregator", NULL, { "1", "2" } },
	{ VGPU, "fps", "1.1", { "30", "60" } },
	{ NVME, "remote_url", NULL, { "nfs://a b", "nfs://a;c=%d,e" } },
	{ QAT, "aggregator", NULL, { "1", "2" } },
	{ AP, "queues", NULL, { "05.0004", "05.0006" } },
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

const char *personality_name(enum personality personality)
{
	return personalities[personality];
}

/* ---- the base ---- */

static void add_field(struct config *c, const char *name, const char *accepts,
		      const char *needs)
{
	struct field *f = &c->field[c->nr_fields++];

	*f = (struct field){ .name = name };
	snprintf(f->accepts, sizeof(f->accepts), "%s", accepts);
	snprintf(f->needs, sizeof(f->needs), "%s", needs);
}

/* Number @n of what a driver knows, or NULL. */
static const struct known *find_known(enum personality personality,
				      unsigned int n)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].personality == personality && !n--)
			return &known[i];
	return NULL;
}

/**
 * config_known - name of a resource that a driver knows
 * @personality: the driver
 * @n: number of the resource, from 0
 *
 * Return: the name, or NULL after the last.
 */
const char *config_known(enum personality personality, unsigned int n)
{
	const struct known *k = find_known(personality, n);

	return k ? k->name : NULL;
}

/**
 * config_known_value - one of the two values of a resource
 * @c: the type
 * @name: a name that config_known() gave
 * @n: 0 or 1
 *
 * Return: the value.
 */
const char *config_known_value(const struct config *c, const char *name,
			       unsigned int n)
{
	const struct known *k;
	unsigned int i;

	for (i = 0; (k = find_known(c->personality, i)); i++)
		if (!strcmp(k->name, name))
			return k->values[n];
	abort();
}

/**
 * config_add_resource - give a type a resource with the first value
 * @c: the type
 * @n: a number that config_known() knows
 *
 * Return: the resource.
 */
struct resource *config_add_resource(struct config *c, unsigned int n)
{
	const struct known *k = find_known(c->personality, n);
	struct resource *r = &c->resource[c->nr_resources++];

	*r = (struct resource){ .name = k->name, .since = k->since };
	snprintf(r->value, sizeof(r->value), "%s", k->values[0]);
	return r;
}

static bool can_pin(const struct config *c)
{
	return c->personality != NVME;
}

static void set_emits(struct config *c, const char *series)
{
	snprintf(c->emits, sizeof(c->emits), "%s", can_pin(c) ? series : "");
}

static void make_base(struct config *c, enum personality personality)
{
	*c = (struct config){ .personality = personality };
	snprintf(c->name, sizeof(c->name), "base");
	snprintf(c->type, sizeof(c->type), "a");
	snprintf(c->version, sizeof(c->version), "1.1.0");
	set_emits(c, "1.0,1.1");
	add_field(c, "pci_ids", "8086:5912,8086:591d", "");
	add_field(c, "tiling", "x,y", "x");
	if (config_known(personality, 0))
		config_add_resource(c, 0);
}

/* ---- one thing after another ---- */

static bool vary_personality(struct config *c, const char *arg)
{
	unsigned int i;

	for (i = 0; i < NR_PERSONALITIES; i++)
		if (!strcmp(personalities[i], arg))
			make_base(c, i);
	return true;
}

static bool vary_rings(struct config *c, const char *arg)
{
	make_base(c, QAT);
	snprintf(c->rings, sizeof(c->rings), "%s", arg);
	return true;
}

static bool vary_check(struct config *c, const char *arg)
{
	make_base(c, QAT);
	snprintf(c->check, sizeof(c->check), "%s", arg);
	return true;
}

static bool vary_minor(struct config *c, const char *arg)
{
	snprintf(c->version, sizeof(c->version), "%s", arg);
	set_emits(c, "1.0,1.1,1.2");
	return true;
}

static bool vary_major(struct config *c, const char *arg)
{
	snprintf(c->version, sizeof(c->version), "2.0.0");
	snprintf(c->accepts, sizeof(c->accepts), "%s", arg);
	set_emits(c, "1.1,2.0");
	return true;
}

static bool vary_bugfix(struct config *c, const char *arg)
{
	snprintf(c->version, sizeof(c->version), "%s", arg);
	return true;
}

/* What is accepted: the own series alone, or one more than there is. */
static bool vary_accepts(struct config *c, const char *arg)
{
	unsigned int major, minor, i;
	size_t len = 0;

	if (sscanf(c->version, "%u.%u", &major, &minor) != 2)
		return false;
	for (i = strcmp(arg, "own") ? 0 : minor; i <= minor; i++)
		len += snprintf(c->accepts + len, sizeof(c->accepts) - len,
				"%s%u.%u", len ? "," : "", major, i);
	if (strcmp(arg, "own"))
		snprintf(c->accepts + len, sizeof(c->accepts) - len, ",%u.%u",
			 major, i);
	return true;
}

static bool vary_emits(struct config *c, const char *arg)
{
	if (!c->emits[0])
		return false;
	snprintf(c->emits, sizeof(c->emits), "%s", arg);
	return true;
}

/* arg: the type, and behind a blank the one that it accepts */
static bool vary_type(struct config *c, const char *arg)
{
	snprintf(c->type, sizeof(c->type), "%.1s", arg);
	if (arg[1])
		snprintf(c->types, sizeof(c->types), TYPE_PREFIX "%s", arg + 2);
	return true;
}

/* arg: what is accepted, and behind a blank what an instance needs */
static bool vary_ids(struct config *c, const char *arg)
{
	struct field *f = &c->field[0];
	size_t len = strcspn(arg, " ");

	snprintf(f->accepts, sizeof(f->accepts), "%.*s", (int)len, arg);
	if (arg[len])
		snprintf(f->needs, sizeof(f->needs), "%s", arg + len + 1);
	return true;
}

static bool vary_tiling(struct config *c, const char *arg)
{
	struct field *f = &c->field[1];

	if (!arg[0])
		c->nr_fields = 1;
	snprintf(f->accepts, sizeof(f->accepts), "%s", arg);
	f->needs[0] = '\0';
	return true;
}

static bool vary_extra(struct config *c, const char *arg)
{
	add_field(c, "encryption", arg, "");
	return true;
}

/* What an instance needs that is pinned to the oldest series. */
static bool vary_old(struct config *c, const char *arg)
{
	struct field *f = &c->field[0];

	if (strncmp(c->emits, "1.0", 3))
		return false;
	snprintf(f->old[0].series, sizeof(f->old[0].series), "1.0");
	snprintf(f->old[0].needs, sizeof(f->old[0].needs), "%s", arg);
	f->nr_old = 1;
	return true;
}

static bool vary_resources(struct config *c, const char *arg)
{
	if (!strcmp(arg, "none")) {
		if (!c->nr_resources)
			return false;
		c->nr_resources = 0;
		return true;
	}
	if (c->personality != VGPU)
		return false;
	config_add_resource(c, 1);
	return true;
}

static bool vary_value(struct config *c, const char *arg)
{
	struct resource *r = &c->resource[0];
	bool is_default = !strcmp(arg, "default");

	if (!c->nr_resources)
		return false;
	snprintf(is_default ? r->value : r->set, CONFIG_LIST, "%s",
		 config_known_value(c, r->name, 1));
	return true;
}

/* The driver takes the default and nothing else; a URL may be any text. */
static bool vary_allowed(struct config *c, const char *arg)
{
	struct resource *r = &c->resource[0];

	(void)arg;
	if (!c->nr_resources || c->personality == NVME)
		return false;
	snprintf(r->allowed, sizeof(r->allowed), "%s", r->value);
	return true;
}

/*
 * In the order in which two are applied: a driver first.  Of one group only
 * one is taken.
 */
static const struct variation {
	const char *name;
	int group;
	bool (*apply)(struct config *c, const char *arg);
	const char *arg;
} variations[] = {
	{ "nvme", 0, vary_personality, "nvme" },
	{ "ccw", 0, vary_personality, "ccw" },
	{ "ap", 0, vary_personality, "ap" },
	{ "check fit", 0, vary_personality, "qat" },
	{ "check fit, 2 rings", 0, vary_rings, "2" },
	{ "check none", 0, vary_check, "none" },
	{ "check any", 0, vary_check, "any" },
	{ "check ENOMEM", 0, vary_check, "ENOMEM" },
	{ "own 1.2", 1, vary_minor, "1.2.0" },
	{ "own 2.0", 1, vary_major, "1.0,1.1,2.0" },
	{ "bugfix 7", 1, vary_bugfix, "1.1.7" },
	{ "accepts own", 2, vary_accepts, "own" },
	{ "accepts newer", 2, vary_accepts, "newer" },
	{ "no pin", 3, vary_emits, "" },
	{ "type b", 4, vary_type, "b" },
	{ "type b takes a", 4, vary_type, "b a" },
	{ "type a takes b", 4, vary_type, "a b" },
	{ "more ids", 5, vary_ids, "8086:1912,8086:5912,8086:591d" },
	{ "other id", 5, vary_ids, "8086:1912" },
	{ "needs fewer ids", 5, vary_ids,
	  "8086:1912,8086:5912,8086:591d 8086:591d" },
	{ "old needs fewer", 6, vary_old, "8086:591d" },
	{ "old needs other", 6, vary_old, "8086:1912" },
	{ "tiling y", 7, vary_tiling, "y" },
	{ "no tiling", 7, vary_tiling, "" },
	{ "encryption", 8, vary_extra, "aes" },
	{ "no resource", 9, vary_resources, "none" },
	{ "fps", 9, vary_resources, "fps" },
	{ "other default", 10, vary_value, "default" },
	{ "other value", 10, vary_value, "set" },
	{ "default only", 10, vary_allowed, "" },
};

int config_count(void)
{
	return ARRAY_SIZE(variations);
}

static bool apply(struct config *c, int i)
{
	return i == NO_VARIATION || variations[i].apply(c, variations[i].arg);
}

/**
 * config_make - the base with up to two variations
 * @c: receives the type
 * @first: a variation, or NO_VARIATION
 * @second: one that comes later in the table, or NO_VARIATION
 *
 * Return: false if the two do not go together.
 */
bool config_make(struct config *c, int first, int second)
{
	make_base(c, VGPU);
	if (first != NO_VARIATION && second != NO_VARIATION &&
	    variations[first].group == variations[second].group)
		return false;
	if (!apply(c, first) || !apply(c, second))
		return false;
	if (first != NO_VARIATION)
		snprintf(c->name, sizeof(c->name), "%s%s%s",
			 variations[first].name,
			 second != NO_VARIATION ? " + " : "",
			 second != NO_VARIATION ? variations[second].name : "");
	return true;
}
