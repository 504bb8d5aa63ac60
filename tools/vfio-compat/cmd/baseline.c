// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat baseline: what a pool has in common, and what to pin so that a
 * device can move anywhere in it.
 */
#include <string.h>

#include "pool.h"

#define NAMES_SHOWN 8
#define PAIRS_SHOWN 20

/**
 * struct pin - a series that devices of a pool can be pinned to
 * @series: the series
 * @number: the same as a number that sorts
 * @in: for each profile whether its members are among those that it suits
 * @count: how many members these are
 * @as_is: it is the own series of all of them
 */
struct pin {
	char series[16];
	unsigned long number;
	bool *in;
	size_t count;
	bool as_is;
};

/**
 * struct pins - the pins worth naming: each has fewer members than the one
 * before it, and a higher series
 * @pin: the pins
 * @count: how many
 */
struct pins {
	struct pin *pin;
	size_t count;
};

static unsigned long number_of(const char *series)
{
	const char *dot = strchr(series, '.');

	return (strtoul(series, NULL, 10) << 16) +
	       (dot ? strtoul(dot + 1, NULL, 10) : 0);
}

static bool has(struct vfio_compat_object *obj, enum vfio_compat_list list,
		const char *field, const char *value)
{
	const char *one;
	unsigned int i = 0;

	do {
		one = field ? vfio_compat_object_value(obj, list, field, i) :
			      vfio_compat_object_entry(obj, list, i);
		i++;
	} while (one && strcmp(one, value));
	return one;
}

/* ---- pins ---- */

/* Whether members of @i can be pinned, and take what is pinned. */
static bool knows(const struct pool *pool, size_t i, const char *series)
{
	struct vfio_compat_object *obj = pool->profile[i].obj;

	return has(obj, VFIO_COMPAT_EMITS, NULL, series) &&
	       has(obj, VFIO_COMPAT_ACCEPTS, NULL, series) &&
	       both_ways(pool, i, i, MOVES_PINNED);
}

/*
 * Profiles between which everything pinned to @series moves both ways: begin
 * with the usual ones and add what goes with all of them.
 */
static void find_members(const struct pool *pool, struct pin *pin)
{
	size_t i, n, len = strlen(pin->series);

	pin->as_is = true;
	for (i = 0; i < pool->count; i++) {
		const char *version;

		pin->in[i] = knows(pool, i, pin->series);
		for (n = 0; pin->in[i] && n < i; n++)
			pin->in[i] = !pin->in[n] ||
				     both_ways(pool, i, n, MOVES_PINNED);
		if (!pin->in[i])
			continue;
		pin->count += pool->profile[i].members.count;
		version = vfio_compat_object_version(pool->profile[i].obj);
		if (strncmp(version, pin->series, len) || version[len] != '.')
			pin->as_is = false;
	}
}

static bool is_known(const struct pins *pins, const char *series)
{
	size_t i;

	for (i = 0; i < pins->count; i++)
		if (!strcmp(pins->pin[i].series, series))
			return true;
	return false;
}

static void add_pin(const struct pool *pool, struct pins *pins,
		    const char *series)
{
	struct pin *pin;

	if (is_known(pins, series))
		return;
	pins->pin = checked(realloc(pins->pin,
				    (pins->count + 1) * sizeof(*pin)));
	pin = &pins->pin[pins->count++];
	*pin = (struct pin){ .number = number_of(series) };
	snprintf(pin->series, sizeof(pin->series), "%s", series);
	pin->in = checked(calloc(pool->count, sizeof(*pin->in)));
	find_members(pool, pin);
}

static int by_worth(const void *a, const void *b)
{
	const struct pin *p = a, *q = b;

	if (p->count != q->count)
		return p->count > q->count ? -1 : 1;
	return p->number > q->number ? -1 : 1;
}

/* Drop what has fewer members and is no newer. */
static void drop_worse(struct pins *pins)
{
	size_t i, kept = 0;

	for (i = 0; i < pins->count; i++) {
		struct pin *pin = &pins->pin[i];

		if (!pin->count ||
		    (kept && pin->number < pins->pin[kept - 1].number))
			free(pin->in);
		else
			pins->pin[kept++] = *pin;
	}
	pins->count = kept;
}

static const char *emitted(struct vfio_compat_object *obj, unsigned int n)
{
	return vfio_compat_object_entry(obj, VFIO_COMPAT_EMITS, n);
}

static void find_pins(const struct pool *pool, struct pins *pins)
{
	const char *series;
	unsigned int n;
	char copy[16];
	size_t i;

	for (i = 0; i < pool->count; i++) {
		struct vfio_compat_object *obj = pool->profile[i].obj;

		for (n = 0; (series = emitted(obj, n)); n++) {
			snprintf(copy, sizeof(copy), "%s", series);
			add_pin(pool, pins, copy);
		}
	}
	if (pins->count)
		qsort(pins->pin, pins->count, sizeof(*pins->pin), by_worth);
	drop_worse(pins);
}

static void free_pins(struct pins *pins)
{
	size_t i;

	for (i = 0; i < pins->count; i++)
		free(pins->pin[i].in);
	free(pins->pin);
}

/* ---- groups ---- */

/*
 * Number the groups within which everything moves both ways as it is.  Again
 * the usual profiles come first, since such groups are not unique.
 *
 * Return: a number for each profile.
 */
static size_t *find_groups(const struct pool *pool, size_t *count)
{
	size_t *group = checked(calloc(pool->count, sizeof(*group)));
	size_t i, n, g;

	*count = 0;
	for (i = 0; i < pool->count; i++) {
		for (g = 0; g < *count; g++) {
			for (n = 0; n < i; n++)
				if (group[n] == g &&
				    !both_ways(pool, i, n, MOVES))
					break;
			if (n == i && both_ways(pool, i, i, MOVES))
				break;
		}
		group[i] = g;
		if (g == *count)
			++*count;
	}
	return group;
}

static bool is_one_way(const struct pool *pool, size_t from, size_t to)
{
	return moves(pool, from, to) & MOVES && !(moves(pool, to, from) & MOVES);
}

/* ---- what all have ---- */

/* A value of the first profile that all the others have too. */
static bool all_have(const struct pool *pool, enum vfio_compat_list list,
		     const char *field, const char *value)
{
	size_t i;

	for (i = 1; i < pool->count; i++)
		if (!has(pool->profile[i].obj, list, field, value))
			return false;
	return true;
}

static struct json_object *common(const struct pool *pool,
				  enum vfio_compat_list list, const char *field)
{
	struct vfio_compat_object *obj = pool->profile[0].obj;
	struct json_object *array = json_object_new_array();
	const char *value;
	unsigned int i;

	for (i = 0; ; i++) {
		value = field ? vfio_compat_object_value(obj, list, field, i) :
				vfio_compat_object_entry(obj, list, i);
		if (!value)
			return array;
		if (all_have(pool, list, field, value))
			json_object_array_add(array, json_text(value));
	}
}

/* As "accepts" of an object: what each of the pool takes. */
static struct json_object *common_accepts(const struct pool *pool)
{
	struct vfio_compat_object *obj = pool->profile[0].obj;
	struct json_object *accepts = json_object_new_object();
	struct json_object *fields = json_object_new_object();
	const char *name;
	unsigned int i;

	json_object_object_add(accepts, "software_version",
			       common(pool, VFIO_COMPAT_ACCEPTS, NULL));
	json_object_object_add(accepts, "type",
			       common(pool, VFIO_COMPAT_TYPES, NULL));
	for (i = 0; (name = vfio_compat_object_entry(obj, VFIO_COMPAT_FIELDS,
						     i)); i++)
		if (all_have(pool, VFIO_COMPAT_FIELDS, NULL, name))
			json_object_object_add(fields, name,
					       common(pool, VFIO_COMPAT_FIELDS,
						      name));
	json_object_object_add(accepts, "fields", fields);
	return accepts;
}

/* ---- text ---- */

static void print_some(const struct names *names)
{
	size_t i;

	for (i = 0; i < names->count && i < NAMES_SHOWN; i++) {
		fputs(i ? ", " : "", stdout);
		print_escaped(stdout, names->name[i]);
	}
	if (names->count > i)
		printf(" and %zu more", names->count - i);
}

/* Members of the profiles for which @in is @value. */
static void gather(const struct pool *pool, const bool *in, bool value,
		   struct names *names)
{
	size_t i, n;

	for (i = 0; i < pool->count; i++)
		if (in[i] == value)
			for (n = 0; n < pool->profile[i].members.count; n++)
				names_add(names,
					  pool->profile[i].members.name[n]);
}

static void print_without(const struct pool *pool, const struct pin *pin)
{
	struct names names = { NULL, 0 };

	gather(pool, pin->in, false, &names);
	fputs("without ", stdout);
	print_some(&names);
	names_free(&names);
}

static void print_pins(const struct pool *pool, const struct pins *pins)
{
	const struct pin *pin = pins->pin;
	size_t i;

	if (!pins->count) {
		puts("nothing can move anywhere in it");
		return;
	}
	printf(pin->as_is ? "no pin needed (%s): " : "pin %s: ", pin->series);
	printf("%zu of %zu", pin->count, pool->members);
	if (pin->count < pool->members) {
		fputs(", ", stdout);
		print_without(pool, pin);
	}
	for (i = 1; i < pins->count; i++) {
		fputs("; ", stdout);
		print_without(pool, &pins->pin[i]);
		printf(": %s", pins->pin[i].series);
	}
	puts("");
}

static void print_groups(const struct pool *pool)
{
	bool *in = checked(calloc(pool->count, sizeof(*in)));
	size_t count, g, i, *group = find_groups(pool, &count);

	for (g = 0; g < count && count > 1; g++) {
		struct names names = { NULL, 0 };

		for (i = 0; i < pool->count; i++)
			in[i] = group[i] == g;
		gather(pool, in, true, &names);
		printf("  both ways among %zu: ", names.count);
		print_some(&names);
		puts("");
		names_free(&names);
	}
	free(group);
	free(in);
}

static void print_one_ways(const struct pool *pool)
{
	size_t from, to, shown = 0;

	for (from = 0; from < pool->count; from++)
		for (to = 0; to < pool->count; to++) {
			if (!is_one_way(pool, from, to) ||
			    shown++ >= PAIRS_SHOWN)
				continue;
			fputs("  one way: ", stdout);
			print_some(&pool->profile[from].members);
			fputs(" -> ", stdout);
			print_some(&pool->profile[to].members);
			puts("");
		}
	if (shown > PAIRS_SHOWN)
		printf("  .. and %zu more one way; -J has all.\n",
		       shown - PAIRS_SHOWN);
}

static void print_list(const char *title, struct json_object *values)
{
	size_t i;

	printf("%s ", title);
	for (i = 0; i < json_object_array_length(values); i++) {
		struct json_object *one = json_object_array_get_idx(values, i);

		fputs(i ? "," : "", stdout);
		print_escaped(stdout, json_object_get_string(one));
	}
	fputs(i ? "" : "nothing", stdout);
}

static void print_common(const struct pool *pool)
{
	struct json_object *accepts = common_accepts(pool), *fields;
	struct json_object_iterator it, end;

	print_list("  all accept versions",
		   part(accepts, "software_version", json_type_array));
	fields = part(accepts, "fields", json_type_object);
	it = json_object_iter_begin(fields);
	end = json_object_iter_end(fields);
	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		fputs("; ", stdout);
		print_list(json_object_iter_peek_name(&it),
			   json_object_iter_peek_value(&it));
	}
	puts("");
	json_object_put(accepts);
}

static void print_pool(const struct pool *pool)
{
	struct pins pins = { NULL, 0 };

	find_pins(pool, &pins);
	print_escaped(stdout, vfio_compat_object_type(pool->profile[0].obj));
	fputs(": ", stdout);
	print_pins(pool, &pins);
	print_common(pool);
	print_groups(pool);
	print_one_ways(pool);
	free_pins(&pins);
}

static void print_text(const struct pools *pools)
{
	size_t i;

	for (i = 0; i < pools->count; i++)
		print_pool(&pools->pool[i]);
	if (!pools->count)
		puts("Nothing of these hosts says what it is compatible with.");
	else if (pools->mute)
		printf("%zu types and functions do not say what they are compatible with.\n",
		       pools->mute);
}

/* ---- JSON ---- */

static struct json_object *json_names(const struct names *names)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < names->count; i++)
		json_object_array_add(array, json_text(names->name[i]));
	return array;
}

static struct json_object *json_profiles(const struct pool *pool)
{
	struct json_object *array = json_object_new_array(), *one;
	size_t i;

	for (i = 0; i < pool->count; i++) {
		const struct profile *p = &pool->profile[i];

		one = json_object_new_object();
		json_object_object_add(one, "software_version",
				       json_text(vfio_compat_object_version(p->obj)));
		json_object_object_add(one, "members", json_names(&p->members));
		json_object_array_add(array, one);
	}
	return array;
}

static struct json_object *json_pins(const struct pool *pool,
				     const struct pins *pins)
{
	struct json_object *array = json_object_new_array(), *one;
	size_t i;

	for (i = 0; i < pins->count; i++) {
		struct names names = { NULL, 0 };

		one = json_object_new_object();
		gather(pool, pins->pin[i].in, false, &names);
		json_object_object_add(one, "pin",
				       json_text(pins->pin[i].series));
		json_object_object_add(one, "as_is",
				       json_object_new_boolean(pins->pin[i].as_is));
		json_object_object_add(one, "count",
				       json_object_new_int64(pins->pin[i].count));
		json_object_object_add(one, "without", json_names(&names));
		json_object_array_add(array, one);
		names_free(&names);
	}
	return array;
}

/* Lists of the numbers of profiles. */
static struct json_object *json_groups(const struct pool *pool)
{
	struct json_object *array = json_object_new_array(), *one;
	size_t count, g, i, *group = find_groups(pool, &count);

	for (g = 0; g < count; g++) {
		one = json_object_new_array();
		for (i = 0; i < pool->count; i++)
			if (group[i] == g)
				json_object_array_add(one,
						      json_object_new_int64(i));
		json_object_array_add(array, one);
	}
	free(group);
	return array;
}

static struct json_object *json_one_ways(const struct pool *pool)
{
	struct json_object *array = json_object_new_array(), *one;
	size_t from, to;

	for (from = 0; from < pool->count; from++)
		for (to = 0; to < pool->count; to++) {
			if (!is_one_way(pool, from, to))
				continue;
			one = json_object_new_object();
			json_object_object_add(one, "from",
					       json_object_new_int64(from));
			json_object_object_add(one, "to",
					       json_object_new_int64(to));
			json_object_array_add(array, one);
		}
	return array;
}

static struct json_object *json_of_pool(const struct pool *pool)
{
	struct vfio_compat_object *first = pool->profile[0].obj;
	struct json_object *json = json_object_new_object();
	struct pins pins = { NULL, 0 };

	find_pins(pool, &pins);
	json_object_object_add(json, "type",
			       json_text(vfio_compat_object_type(first)));
	json_object_object_add(json, "device_api",
			       json_text(vfio_compat_object_api(first)));
	json_object_object_add(json, "members",
			       json_object_new_int64(pool->members));
	json_object_object_add(json, "accepts", common_accepts(pool));
	json_object_object_add(json, "emitted",
			       common(pool, VFIO_COMPAT_EMITS, NULL));
	json_object_object_add(json, "profiles", json_profiles(pool));
	json_object_object_add(json, "pins", json_pins(pool, &pins));
	json_object_object_add(json, "groups", json_groups(pool));
	json_object_object_add(json, "one_way", json_one_ways(pool));
	free_pins(&pins);
	return json;
}

static void fill_json(const struct pools *pools)
{
	struct json_object *array = json_object_new_array();
	struct json_object *out = pools->cmd->out;
	size_t i;

	for (i = 0; i < pools->count; i++)
		json_object_array_add(array, json_of_pool(&pools->pool[i]));
	json_object_object_add(out, "hosts",
			       json_object_new_int64(pools->hosts));
	json_object_object_add(out, "silent",
			       json_object_new_int64(pools->mute));
	json_object_object_add(out, "pools", array);
}

void run_baseline(struct cmd *cmd, char **args)
{
	struct pools pools;

	pools_read(&pools, cmd, args);
	if (cmd->json)
		fill_json(&pools);
	else if (pools.hosts)
		print_text(&pools);
	pools_free(&pools);
}
