// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a pair was made to be, by what the simulator was told to say, and in the
 * plainest way: tool, driver and stream ask one and the same engine, so they
 * agree on a rule that it has wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"

#define TYPE_PREFIX	"mdev_sim-"
#define NO_SERIES	(-1L)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* ---- lists and series ---- */

static bool has(const char *list, const char *value, size_t len)
{
	for (; *list; list += list[0] == ',') {
		size_t n = strcspn(list, ",");

		if (n == len && !memcmp(list, value, n))
			return true;
		list += n;
	}
	return false;
}

static bool has_all(const char *list, const char *values)
{
	for (; *values; values += values[0] == ',') {
		size_t n = strcspn(values, ",");

		if (!has(list, values, n))
			return false;
		values += n;
	}
	return true;
}

static long number(const char *series)
{
	unsigned int major, minor;

	if (sscanf(series, "%u.%u", &major, &minor) != 2)
		return NO_SERIES;
	return (long)major << 16 | minor;
}

/* Of its streams, if it is a source; no more than that, if it takes one. */
static long series_of(const struct side *s)
{
	if (s->inst && s->inst->pin[0])
		return number(s->inst->pin);
	return number(s->config->version);
}

static bool accepts(const struct config *c, long series)
{
	long own = number(c->version);
	char text[24];

	if (!c->accepts[0])
		return series >> 16 == own >> 16 && series <= own;
	snprintf(text, sizeof(text), "%ld.%ld", series >> 16, series & 0xffff);
	return has(c->accepts, text, strlen(text));
}

/* ---- the rules ---- */

static int api(const struct config *c)
{
	return c->personality == CCW || c->personality == AP ?
		       (int)c->personality : VGPU;
}

static bool type_fits(const struct config *src, const struct config *dst)
{
	char id[32];

	snprintf(id, sizeof(id), TYPE_PREFIX "%s", src->type);
	return !strcmp(src->type, dst->type) || has(dst->types, id, strlen(id));
}

static bool version_fits(const struct side *src, const struct side *dst)
{
	long series = series_of(src);

	if (dst->inst && dst->inst->pin[0] && series > series_of(dst))
		return false;
	return accepts(dst->config, series);
}

/* All that a type accepts; what an instance uses in the series that it emits. */
static const char *needs(const struct side *s, const struct field *f)
{
	unsigned int i;

	if (!s->inst)
		return f->accepts;
	for (i = 0; i < f->nr_old; i++)
		if (number(f->old[i].series) == series_of(s))
			return f->old[i].needs;
	return f->needs[0] ? f->needs : f->accepts;
}

static bool fields_fit(const struct side *src, const struct side *dst)
{
	const struct config *c = src->config, *d = dst->config;
	unsigned int i, j;

	for (i = 0; i < c->nr_fields; i++) {
		const char *values = needs(src, &c->field[i]);

		for (j = 0; j < d->nr_fields; j++)
			if (!strcmp(c->field[i].name, d->field[j].name))
				break;
		if (!values[0])
			continue;
		if (j == d->nr_fields || !has_all(d->field[j].accepts, values))
			return false;
	}
	return true;
}

static bool has_resource(const struct side *s, unsigned int i)
{
	const char *since = s->config->resource[i].since;

	return !since || series_of(s) >= number(since);
}

static bool resources_fit(const struct side *src, const struct side *dst)
{
	const struct config *c = src->config, *d = dst->config;
	unsigned int i, j;

	for (i = 0; i < c->nr_resources; i++) {
		if (!has_resource(src, i))
			continue;
		for (j = 0; j < d->nr_resources; j++)
			if (!strcmp(c->resource[i].name, d->resource[j].name))
				break;
		if (j == d->nr_resources || !has_resource(dst, j))
			return false;
		if (src->inst && dst->inst &&
		    strcmp(src->inst->value[i], dst->inst->value[j]))
			return false;
	}
	return true;
}

static int rings(const struct config *c)
{
	return c->rings[0] ? atoi(c->rings) : 1;
}

/* What a check() says; without one nobody can tell what a vendor's text means. */
static int vendor_errno(const struct config *src, const struct config *dst)
{
	static const struct {
		const char *check;
		int error;
	} errors[] = {
		{ "any", 0 }, { "none", EMEDIUMTYPE },
		{ "EMEDIUMTYPE", EMEDIUMTYPE }, { "ENOMEM", ENOMEM },
		{ "EINTR", EINTR }, { "EOPNOTSUPP", EOPNOTSUPP },
	};
	unsigned int i;

	if (dst->personality != QAT)
		return src->personality == QAT ? EMEDIUMTYPE : 0;
	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (!strcmp(errors[i].check, dst->check))
			return errors[i].error;
	return src->personality == QAT && rings(src) <= rings(dst) ?
		       0 : EMEDIUMTYPE;
}

/* ---- what others ask ---- */

/**
 * expect_errno - what has to come of a pair
 * @src: the source
 * @dst: the destination
 *
 * Return: 0: it is compatible; EMEDIUMTYPE: it is not; or why the destination's
 * check() cannot decide.
 */
int expect_errno(const struct side *src, const struct side *dst)
{
	bool fits = api(src->config) == api(dst->config) &&
		    type_fits(src->config, dst->config) &&
		    version_fits(src, dst) && fields_fit(src, dst) &&
		    resources_fit(src, dst);

	return fits ? vendor_errno(src->config, dst->config) : EMEDIUMTYPE;
}

/**
 * expect_taken - whether a driver has to take a value
 * @c: the type
 * @name: name of a resource
 * @value: one of the values of config_known_value()
 */
bool expect_taken(const struct config *c, const char *name, const char *value)
{
	unsigned int i;

	for (i = 0; i < c->nr_resources; i++)
		if (!strcmp(c->resource[i].name, name))
			return !c->resource[i].allowed[0] ||
			       !strcmp(c->resource[i].allowed, value);
	return false;
}
