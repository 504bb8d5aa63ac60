// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: what the files of a type in configfs mean.
 *
 * Only what the simulator itself has to understand is looked at.  Whether names
 * and values are good is for the core to say, so that it can be seen doing it.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mdev_sim.h"

const char *const mdev_sim_file_names[MDEV_SIM_FILES] = {
	[MDEV_SIM_VERSION] = "software_version",
	[MDEV_SIM_ACCEPTS] = "compatible_software_version",
	[MDEV_SIM_EMITS] = "emitted_software_version",
	[MDEV_SIM_TYPES] = "compatible_type",
	[MDEV_SIM_FIELDS] = "fields",
	[MDEV_SIM_RESOURCES] = "resources",
	[MDEV_SIM_INSTANCES] = "instances",
	[MDEV_SIM_BUGFIX] = "bugfix",
	[MDEV_SIM_RINGS] = "rings",
	[MDEV_SIM_CHECK] = "check",
};

#define DEFAULT_VERSION "1.0.0"
#define DEFAULT_INSTANCES 16
#define MOST_INSTANCES 65536
#define MOST_RINGS 65536

/**
 * mdev_sim_listed - whether a value is a member of a list
 * @list: members parted by commas
 * @value: the value
 * @len: its length
 *
 * Return: true if it is.
 */
bool mdev_sim_listed(const char *list, const char *value, size_t len)
{
	for (;;) {
		size_t n = strcspn(list, ",");

		if (n == len && !memcmp(list, value, n))
			return true;
		if (!list[n])
			return false;
		list += n + 1;
	}
}
EXPORT_SYMBOL_GPL(mdev_sim_listed);

/**
 * mdev_sim_parse_number - read a number as the interface writes it
 * @text: decimal, without leading zeros
 * @most: the highest that is taken; less than 4000000000
 * @number: receives it
 *
 * Return: true if it is from 1 to @most.
 */
bool mdev_sim_parse_number(const char *text, u32 most, u32 *number)
{
	u32 n = 0;

	if (*text == '0')
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > most / 10)
			return false;
		n = n * 10 + (*text - '0');
	}
	*number = n;
	return n && n <= most;
}
EXPORT_SYMBOL_GPL(mdev_sim_parse_number);

/* "M.m" or "M.m.b"; without the latter @bugfix is left alone. */
static bool parse_version(const char *text, u32 *series, u16 *bugfix)
{
	const char *dot = strchr(text, '.');
	u32 number = 0;

	dot = dot ? strchr(dot + 1, '.') : NULL;
	if (vp_parse_series(text, dot ? dot - text : strlen(text), series))
		return false;
	if (!dot)
		return true;
	if (strcmp(dot + 1, "0") &&
	    !mdev_sim_parse_number(dot + 1, U16_MAX, &number))
		return false;
	*bugfix = number;
	return true;
}

/* The next line that is not empty, without blanks around it. */
static char *next_line(char **text)
{
	char *line = NULL;

	while (*text && !(line && *line))
		line = strim(strsep(text, "\n"));
	return line && *line ? line : NULL;
}

static unsigned int count_lines(const char *text)
{
	unsigned int nr = 1;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

/* A series in front of a line, or VP_SERIES_OWN; @line goes on behind it. */
static bool take_series(char **line, u32 *series)
{
	size_t len = strcspn(*line, " \t=");
	bool more = (*line)[len];
	u16 bugfix;

	*series = VP_SERIES_OWN;
	if ((*line)[len] == '=')
		return true;
	(*line)[len] = '\0';
	if (!parse_version(*line, series, &bugfix))
		return false;
	*line = skip_spaces(*line + len + more);
	return true;
}

/* "name=values" or "name=values|needed" */
static bool parse_field(char *line, struct mdev_sim_field *field)
{
	char *value;

	if (!take_series(&line, &field->series))
		return false;
	if (!*line)
		return field->series != VP_SERIES_OWN;
	value = strchr(line, '=');
	if (!value || strpbrk(value, " \t"))
		return false;
	*value++ = '\0';
	field->name = line;
	field->needs = strchr(value, '|');
	field->accepts = strsep(&value, "|");
	field->needs = value ?: field->accepts;
	return true;
}

static int parse_fields(struct mdev_sim_spec *spec, char *text)
{
	char *line;

	spec->field = kcalloc(count_lines(text), sizeof(*spec->field),
			      GFP_KERNEL);
	if (!spec->field)
		return -ENOMEM;
	while ((line = next_line(&text)))
		if (!parse_field(line, &spec->field[spec->nr_fields++]))
			return -EINVAL;
	return 0;
}

/**
 * mdev_sim_takes - whether a resource takes a value
 * @personality: whose resource it is
 * @resource: the resource
 * @text: the value
 *
 * Return: true if it does.
 */
bool mdev_sim_takes(const struct mdev_sim_personality *personality,
		    const struct mdev_sim_resource *resource, const char *text)
{
	if (strlen(text) > VP_RESOURCE_MAX ||
	    !personality->is_valid(resource->name, text))
		return false;
	if (!resource->allowed)
		return true;
	if (personality->allows)
		return personality->allows(resource->allowed, text);
	return mdev_sim_listed(resource->allowed, text, strlen(text));
}

static bool has_attribute(const struct mdev_sim_personality *personality,
			  const char *name)
{
	const char *const *known;

	for (known = personality->resources; *known; known++)
		if (!strcmp(*known, name))
			return true;
	return false;
}

/* "name=default" or "name=default:allowed" */
static bool parse_resource(const struct mdev_sim_personality *personality,
			   char *line, struct mdev_sim_resource *resource)
{
	char *value;

	if (!take_series(&line, &resource->since))
		return false;
	if (resource->since == VP_SERIES_OWN)
		resource->since = 0;
	value = strchr(line, '=');
	if (!value)
		return false;
	*value++ = '\0';
	resource->name = line;
	if (personality->free_text) {
		resource->value = value;
	} else {
		resource->value = strsep(&value, ":");
		resource->allowed = value;
	}
	return has_attribute(personality, resource->name) &&
	       mdev_sim_takes(personality, resource, resource->value);
}

static int parse_resources(struct mdev_sim_spec *spec,
			   const struct mdev_sim_personality *personality,
			   char *text)
{
	unsigned int i, nr;
	char *line;

	spec->resource = kcalloc(count_lines(text), sizeof(*spec->resource),
				 GFP_KERNEL);
	if (!spec->resource)
		return -ENOMEM;
	while ((line = next_line(&text))) {
		nr = spec->nr_resources++;
		if (!parse_resource(personality, line, &spec->resource[nr]))
			return -EINVAL;
		for (i = 0; i < nr; i++)
			if (!strcmp(spec->resource[i].name,
				    spec->resource[nr].name))
				return -EINVAL;
	}
	return 0;
}

static int parse_bugfixes(struct mdev_sim_spec *spec, char *text)
{
	char *line;

	spec->bugfix = kcalloc(count_lines(text), sizeof(*spec->bugfix),
			       GFP_KERNEL);
	if (!spec->bugfix)
		return -ENOMEM;
	while ((line = next_line(&text))) {
		struct mdev_sim_bugfix *b = &spec->bugfix[spec->nr_bugfixes++];

		if (!parse_version(line, &b->series, &b->bugfix))
			return -EINVAL;
	}
	return 0;
}

static const struct {
	const char *name;
	int verdict;
} verdicts[] = {
	{ "any", 0 },
	{ "none", -EMEDIUMTYPE },
	{ "EMEDIUMTYPE", -EMEDIUMTYPE },
	{ "EOPNOTSUPP", -EOPNOTSUPP },
	{ "ENODEV", -ENODEV },
	{ "ENOMEM", -ENOMEM },
	{ "EINTR", -EINTR },
	{ "EINVAL", -EINVAL },
	{ "EIO", -EIO },
};

static bool parse_check(struct mdev_sim_spec *spec, const char *text)
{
	unsigned int i;

	spec->fit = !*text || !strcmp(text, "fit");
	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (strcmp(verdicts[i].name, text))
			continue;
		spec->verdict = verdicts[i].verdict;
		return true;
	}
	return spec->fit;
}

static int parse_file(struct mdev_sim_spec *spec,
		      const struct mdev_sim_personality *personality,
		      enum mdev_sim_file file, char *text)
{
	u16 bugfix;

	switch (file) {
	case MDEV_SIM_VERSION:
		spec->version = *text ? text : DEFAULT_VERSION;
		return parse_version(spec->version, &spec->series, &bugfix) ?
			       0 : -EINVAL;
	case MDEV_SIM_ACCEPTS:
		spec->accepts = text;
		return 0;
	case MDEV_SIM_EMITS:
		spec->emits = text;
		return 0;
	case MDEV_SIM_TYPES:
		spec->types = text;
		return 0;
	case MDEV_SIM_FIELDS:
		return parse_fields(spec, text);
	case MDEV_SIM_RESOURCES:
		return parse_resources(spec, personality, text);
	case MDEV_SIM_BUGFIX:
		return parse_bugfixes(spec, text);
	case MDEV_SIM_INSTANCES:
		spec->instances = DEFAULT_INSTANCES;
		return !*text || mdev_sim_parse_number(text, MOST_INSTANCES,
						       &spec->instances) ?
			       0 : -EINVAL;
	case MDEV_SIM_RINGS:
		spec->rings = 1;
		return !*text || mdev_sim_parse_number(text, MOST_RINGS,
						       &spec->rings) ?
			       0 : -EINVAL;
	case MDEV_SIM_CHECK:
		return parse_check(spec, text) ? 0 : -EINVAL;
	case MDEV_SIM_FILES:
		break;
	}
	return -EINVAL;
}

/**
 * mdev_sim_spec_parse - what the files of a type mean
 * @personality: what kind of card it is
 * @name: name of the type, for messages
 * @text: its files; NULL for those that were not written
 *
 * Context: may sleep.
 * Return: the spec, to be freed with mdev_sim_spec_free(), or an ERR_PTR:
 * -ENOMEM, or -EINVAL, and the log says for which file.
 */
struct mdev_sim_spec *
mdev_sim_spec_parse(const struct mdev_sim_personality *personality,
		    const char *name, char *const text[MDEV_SIM_FILES])
{
	struct mdev_sim_spec *spec = kzalloc(sizeof(*spec), GFP_KERNEL);
	enum mdev_sim_file i;
	int ret = 0;

	if (!spec)
		return ERR_PTR(-ENOMEM);
	for (i = 0; !ret && i < MDEV_SIM_FILES; i++) {
		spec->text[i] = kstrdup(text[i] ?: "", GFP_KERNEL);
		ret = -ENOMEM;
		if (spec->text[i])
			ret = parse_file(spec, personality, i,
					 strim(spec->text[i]));
		if (ret == -EINVAL)
			pr_notice_ratelimited(MDEV_SIM_NAME ": %s: type %s: cannot make sense of %s\n",
					      personality->name, name,
					      mdev_sim_file_names[i]);
	}
	if (!ret)
		return spec;
	mdev_sim_spec_free(spec);
	return ERR_PTR(ret);
}

/**
 * mdev_sim_spec_free - end of mdev_sim_spec_parse()
 * @spec: the spec, or NULL
 */
void mdev_sim_spec_free(struct mdev_sim_spec *spec)
{
	unsigned int i;

	if (!spec)
		return;
	for (i = 0; i < MDEV_SIM_FILES; i++)
		kfree(spec->text[i]);
	kfree(spec->field);
	kfree(spec->resource);
	kfree(spec->bugfix);
	kfree(spec);
}
