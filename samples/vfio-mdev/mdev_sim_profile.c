// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: what it says of its devices.
 *
 * These are the callbacks of struct vfio_profile_ops.  A real driver has tables
 * or registers where there is a spec here; what is said, and when, is the same.
 * None of them takes a lock that is held while the core is called: see the
 * list of locks in mdev_sim.h.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mdev_sim.h"

/**
 * mdev_sim_emits - the series of the streams of an instance
 * @inst: the instance
 * @spec: what its type is now
 *
 * Return: what it is pinned to, or the type's own.
 */
u32 mdev_sim_emits(struct mdev_sim_instance *inst,
		   const struct mdev_sim_spec *spec)
{
	u32 series = READ_ONCE(inst->series);

	return series == VP_SERIES_OWN ? spec->series : series;
}

/**
 * mdev_sim_described - whether a line of fields holds for a series
 * @spec: the spec
 * @i: number of the line
 * @series: the series
 *
 * Return: true if it is of that series, or if that has none and it is of none.
 */
bool mdev_sim_described(const struct mdev_sim_spec *spec, unsigned int i,
			u32 series)
{
	unsigned int j;

	if (!spec->field[i].name)
		return false;
	if (spec->field[i].series != VP_SERIES_OWN)
		return spec->field[i].series == series;
	for (j = 0; j < spec->nr_fields; j++)
		if (spec->field[j].series == series)
			return false;
	return true;
}

/* Members are parted by commas, blanks or newlines. */
static void add_each(struct vp_profile *p, const char *list,
		     int (*add)(struct vp_profile *p, const char *value))
{
	/* what is longer than a value may be is refused as well if it is cut */
	char value[VP_VALUE_MAX + 2];

	while (*list) {
		size_t len = strcspn(list, ", \t\n");

		snprintf(value, sizeof(value), "%.*s", (int)len, list);
		if (len)
			add(p, value);
		list += list[len] ? len + 1 : len;
	}
}

static void describe_version(const struct mdev_sim_spec *spec, u32 series,
			     struct vp_profile *p)
{
	char version[VP_SERIES_SIZE + 6];
	unsigned int i;
	u16 bugfix = 0;

	if (series == spec->series) {
		vp_version(p, spec->version);
		return;
	}
	for (i = 0; i < spec->nr_bugfixes; i++)
		if (spec->bugfix[i].series == series)
			bugfix = spec->bugfix[i].bugfix;
	snprintf(version, sizeof(version), "%u.%u.%u", series >> 16,
		 series & 0xffff, bugfix);
	vp_version(p, version);
}

/* What comes in, and what can go out: of the type. */
static void describe_compatible(const struct mdev_sim_spec *spec,
				struct vp_profile *p)
{
	add_each(p, spec->accepts, vp_accept);
	add_each(p, spec->emits, vp_emit);
	add_each(p, spec->types, vp_accept_type);
}

/* A type says what it accepts; an instance what it needs in that series. */
static void describe_fields(const struct mdev_sim_spec *spec, bool instance,
			    u32 series, struct vp_profile *p)
{
	unsigned int i;

	for (i = 0; i < spec->nr_fields; i++) {
		const struct mdev_sim_field *field = &spec->field[i];

		if (instance && mdev_sim_described(spec, i, series))
			vp_add_list(p, field->name, field->needs);
		else if (!instance && field->series == VP_SERIES_OWN)
			vp_add_list(p, field->name, field->accepts);
	}
}

/* A resource that came with a newer series is not there in an older one. */
static void describe_resources(const struct mdev_sim_spec *spec,
			       struct mdev_sim_instance *inst, u32 series,
			       struct vp_profile *p)
{
	unsigned int i;

	for (i = 0; i < spec->nr_resources; i++) {
		const struct mdev_sim_resource *r = &spec->resource[i];
		struct mdev_sim_value *value;

		if (series < r->since)
			continue;
		if (!inst) {
			vp_resource(p, r->name, NULL);
			continue;
		}
		mutex_lock(&inst->lock);
		value = mdev_sim_find_value(inst, r->name);
		vp_resource(p, r->name, value ? value->text : r->value);
		mutex_unlock(&inst->lock);
	}
}

/* What sets cannot say: a source may have fewer rings, but not more. */
static void describe_rings(const struct mdev_sim_spec *spec,
			   struct vp_profile *p)
{
	char text[24];

	snprintf(text, sizeof(text), "rings=%u", spec->rings);
	vp_vendor(p, text);
}

/**
 * mdev_sim_describe - describe() of all personalities
 * @mtype: the type
 * @dev: the instance, or NULL
 * @series: the series to describe
 * @p: the profile
 *
 * Return: 0; what is wrong with it the core finds in @p.
 */
int mdev_sim_describe(struct mdev_type *mtype, struct device *dev, u32 series,
		      struct vp_profile *p)
{
	struct mdev_sim_type *type = to_mdev_sim_type(mtype);
	struct mdev_sim_instance *inst = dev ? dev_get_drvdata(dev) : NULL;
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(type);

	if (series == VP_SERIES_OWN)
		series = spec->series;
	describe_version(spec, series, p);
	if (!inst)
		describe_compatible(spec, p);
	describe_fields(spec, inst, series, p);
	describe_resources(spec, inst, series, p);
	if (type->card->personality->driver->profile_ops->check)
		describe_rings(spec, p);
	mdev_sim_put_spec(type);
	return 0;
}
EXPORT_SYMBOL_GPL(mdev_sim_describe);

/**
 * mdev_sim_set_version - set_version() of personalities that have it
 * @mtype: the type
 * @dev: the instance, which is closed
 * @series: the series that its streams are of from now on
 *
 * Return: 0.
 */
int mdev_sim_set_version(struct mdev_type *mtype, struct device *dev,
			 u32 series)
{
	struct mdev_sim_instance *inst = dev_get_drvdata(dev);

	WRITE_ONCE(inst->series, series);
	return 0;
}
EXPORT_SYMBOL_GPL(mdev_sim_set_version);

/* The text is anybody's. */
static int check_rings(const struct mdev_sim_spec *spec,
		       const struct vp_profile *source)
{
	static const char prefix[] = "rings=";
	const char *text = vp_str(source, source->vendor);
	size_t len = strlen(prefix);
	u32 rings;

	if (!source->vendor || strncmp(text, prefix, len) ||
	    !mdev_sim_parse_number(text + len, U16_MAX + 1, &rings) ||
	    rings > spec->rings)
		return -EMEDIUMTYPE;
	return 0;
}

/**
 * mdev_sim_check - check() of personalities that have it
 * @mtype: the type
 * @dev: the instance, or NULL
 * @source: where the state comes from
 *
 * Return: what the file check says; without it, whether there are rings enough.
 */
int mdev_sim_check(struct mdev_type *mtype, struct device *dev,
		   const struct vp_profile *source)
{
	struct mdev_sim_type *type = to_mdev_sim_type(mtype);
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(type);
	int ret = spec->verdict;

	if (spec->fit)
		ret = check_rings(spec, source);
	mdev_sim_put_spec(type);
	return ret;
}
EXPORT_SYMBOL_GPL(mdev_sim_check);

/* ---- resources ---- */

/**
 * mdev_sim_find_value - a resource of an instance by its name
 * @inst: the instance, its lock held if the value is to be read or written
 * @name: the name
 *
 * Return: the value, or NULL.
 */
struct mdev_sim_value *mdev_sim_find_value(struct mdev_sim_instance *inst,
					   const char *name)
{
	unsigned int i;

	for (i = 0; i < inst->nr_values; i++)
		if (!strcmp(inst->value[i].name, name))
			return &inst->value[i];
	return NULL;
}

/* The line that the core would make of it has to fit. */
static int fits_line(struct mdev_sim_instance *inst)
{
	struct mdev_type *mtype = &inst->type->type;
	struct mdev_driver *drv = inst->type->card->personality->driver;
	struct vp_profile *p = kvmalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!p)
		return -ENOMEM;
	vp_init(p);
	vp_identify(p, drv->driver.name, drv->device_api,
		    mtype->kobj.name);
	mdev_sim_describe(mtype, &inst->mdev->dev, READ_ONCE(inst->series), p);
	ret = vp_seal_line(p, true) == -E2BIG ? -E2BIG : 0;
	kvfree(p);
	return ret;
}

static void set_value(struct mdev_sim_instance *inst,
		      struct mdev_sim_value *value, const char *text)
{
	mutex_lock(&inst->lock);
	strscpy(value->text, text, sizeof(value->text));
	mutex_unlock(&inst->lock);
}

/**
 * mdev_sim_try - give a resource another value if the line has room for it
 * @inst: the instance, between mdev_profile_store_begin() and .._end()
 * @name: its name
 * @text: the value
 *
 * Return: 0, -ENODEV, -ENOMEM, or -E2BIG; then it has the value that it had.
 */
int mdev_sim_try(struct mdev_sim_instance *inst, const char *name,
		 const char *text)
{
	struct mdev_sim_value *value = mdev_sim_find_value(inst, name);
	char *before;
	int ret;

	if (!value)
		return -ENODEV;
	before = kstrdup(value->text, GFP_KERNEL);
	if (!before)
		return -ENOMEM;
	set_value(inst, value, text);
	ret = fits_line(inst);
	if (ret)
		set_value(inst, value, before);
	kfree(before);
	return ret;
}
