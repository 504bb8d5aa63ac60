// SPDX-License-Identifier: GPL-2.0-only
/*
 * Profiles of types and instances: asked of the driver, validated, rendered.
 */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "private.h"

#define REASON_SIZE 160

/*
 * Say what is wrong.  Registering is rare and says it each time; an instance
 * may be read by anybody, as often as they like.
 */
static __printf(3, 4) void report(const struct vfio_profile_id *id,
				  struct device *dev, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	if (dev)
		dev_err_ratelimited(dev, "%s: %pV\n", id->name, &vaf);
	else
		dev_err(id->parent, "%s: %pV\n", id->name, &vaf);
	va_end(args);
}

static void report_profile(const struct vfio_profile_id *id, struct device *dev,
			   const struct vp_profile *p)
{
	char text[REASON_SIZE];

	vp_explain(p, text, sizeof(text));
	report(id, dev, "%s", text);
}

/**
 * vfio_profile_filter - what an errno of a driver's callback means to others
 * @id: whose callback it was
 * @dev: the instance that it was about, or NULL
 * @what: name of the callback
 * @ret: what it returned
 *
 * A write to migration_version has its own meaning for most errnos, so only
 * those pass that say the same there.
 *
 * Return: @ret if it is 0 or says that nothing was decided, else -EOPNOTSUPP.
 */
int vfio_profile_filter(const struct vfio_profile_id *id, struct device *dev,
			const char *what, int ret)
{
	switch (ret) {
	case 0:
	case -EOPNOTSUPP:
	case -ENODEV:
	case -ENOMEM:
	case -EINTR:
		return ret;
	}
	/* anybody may ask, as often as they like */
	dev_err_ratelimited(dev ?: id->parent, "%s: %s() failed: %d\n",
			    id->name, what, ret);
	return -EOPNOTSUPP;
}

/* What the driver says, and that its vendor text and its check() agree. */
static int ask(const struct vfio_profile_id *id, struct device *dev,
	       u32 series, struct vp_profile *p)
{
	bool accepts = !dev && !id->type && id->ops->accepts;
	int ret;

	vp_init(p);
	vp_identify(p, id->driver, id->api, id->name);
	ret = accepts ? id->ops->accepts(id->parent, p) :
			id->ops->describe(id->type, dev, series, p);
	if (ret && dev)
		return vfio_profile_filter(id, dev, "describe", ret);
	if (ret && ret != -EOPNOTSUPP)
		report(id, dev, "%s() failed: %d",
		       accepts ? "accepts" : "describe", ret);
	if (ret)
		return ret < 0 ? ret : -EINVAL;
	if (id->ops->check && !p->vendor)
		vp_vendor(p, "");
	if (!id->ops->check && p->vendor) {
		report(id, dev, "vendor: given by a driver without check()");
		return dev ? -EOPNOTSUPP : -EINVAL;
	}
	return 0;
}

/* Render each attribute, so that a read is a copy. */
static int render(struct vfio_profile_snapshot *snapshot)
{
	unsigned int i, nr = vp_attr_count(&snapshot->p);
	struct vfio_profile_text *attr;
	u32 size = 0;

	attr = kcalloc(nr, sizeof(*attr), GFP_KERNEL);
	if (!attr)
		return -ENOMEM;
	snapshot->attr = attr;
	for (i = 0; i < nr; i++) {
		attr[i].offset = size;
		attr[i].len = vp_attr_text(&snapshot->p, i, NULL, 0) + 1;
		size += attr[i].len;
	}
	snapshot->text = kvmalloc(size, PROFILE_GFP);
	if (!snapshot->text)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		char *text = snapshot->text + attr[i].offset;

		vp_attr_text(&snapshot->p, i, text, attr[i].len);
		text[attr[i].len - 1] = '\n';
	}
	return 0;
}

static void snapshot_release(struct kref *ref)
{
	struct vfio_profile_snapshot *snapshot =
		container_of(ref, struct vfio_profile_snapshot, ref);

	kvfree(snapshot->text);
	kfree(snapshot->attr);
	kvfree(snapshot);
}

/**
 * vfio_profile_put - end of vfio_profile_now()
 * @snapshot: what it returned, or NULL
 *
 * Context: may sleep.
 */
void vfio_profile_put(struct vfio_profile_snapshot *snapshot)
{
	if (snapshot)
		kref_put(&snapshot->ref, snapshot_release);
}

/* What vp_seal() cannot know: nobody pins without set_version(). */
static int validate(const struct vfio_profile_id *id, struct vp_profile *p)
{
	int ret = vp_seal(p, false);

	if (ret) {
		report_profile(id, NULL, p);
	} else if (p->set[VP_EMITS].count > 1 && !id->ops->set_version) {
		report(id, NULL,
		       "emitted_software_version: more than one series, by a driver without set_version()");
		ret = -EINVAL;
	}
	return ret;
}

/* What the driver says of a type now; NULL or an ERR_PTR if it is no use. */
static struct vfio_profile_snapshot *take(const struct vfio_profile_id *id)
{
	struct vfio_profile_snapshot *snapshot;
	int ret;

	snapshot = kvzalloc(sizeof(*snapshot), PROFILE_GFP);
	if (!snapshot)
		return ERR_PTR(-ENOMEM);
	kref_init(&snapshot->ref);
	ret = ask(id, NULL, VP_SERIES_OWN, &snapshot->p);
	if (!ret)
		ret = validate(id, &snapshot->p);
	if (!ret)
		ret = render(snapshot);
	if (!ret)
		return snapshot;
	vfio_profile_put(snapshot);
	return ret == -EOPNOTSUPP ? NULL : ERR_PTR(ret);
}

/* Name number @i of a snapshot: the attributes', then the resources'. */
static const char *name_at(const struct vp_profile *p, unsigned int i,
			   char buf[VP_ATTR_NAME_SIZE])
{
	unsigned int nr = vp_attr_count(p);

	if (i >= nr)
		return vp_str(p, p->resource[i - nr].name);
	vp_attr_name(p, i, buf, VP_ATTR_NAME_SIZE);
	return buf;
}

static bool keep_names(struct vfio_profile *profile)
{
	const struct vp_profile *p = &profile->now->p;
	char buf[VP_ATTR_NAME_SIZE];
	unsigned int i, nr;

	profile->nr_attrs = vp_attr_count(p);
	profile->nr_resources = p->nr_resources;
	nr = profile->nr_attrs + profile->nr_resources;
	profile->name = kcalloc(nr, sizeof(*profile->name), GFP_KERNEL);
	for (i = 0; profile->name && i < nr; i++)
		strscpy(profile->name[i], name_at(p, i, buf),
			VP_ATTR_NAME_SIZE);
	return profile->name;
}

static bool same_names(const struct vfio_profile *profile,
		       const struct vp_profile *p)
{
	unsigned int i, nr = profile->nr_attrs + profile->nr_resources;
	char buf[VP_ATTR_NAME_SIZE];

	if (vp_attr_count(p) != profile->nr_attrs ||
	    p->nr_resources != profile->nr_resources)
		return false;
	for (i = 0; i < nr; i++)
		if (strcmp(profile->name[i], name_at(p, i, buf)))
			return false;
	return true;
}

/**
 * vfio_profile_create - ask a driver for a type's profile and validate it
 * @id: whose it is; copied, but what it points to is not
 *
 * Whatever does not hold to the grammar or does not fit is refused, never cut;
 * one message at @id->parent then names type, attribute and reason.
 *
 * Context: may sleep; calls describe() with what the caller holds.
 * Return: the profile, to be freed with vfio_profile_free(); NULL if the type
 * has none (describe() said -EOPNOTSUPP); or an ERR_PTR: -EINVAL, -EEXIST,
 * -ENODATA, -ERANGE, -E2BIG (see enum vp_why), -ENOMEM, or describe()'s own.
 */
struct vfio_profile *vfio_profile_create(const struct vfio_profile_id *id)
{
	struct vfio_profile_snapshot *snapshot;
	struct vfio_profile *profile;

	if (!id->ops->describe) {
		report(id, NULL, "profile_ops: no describe()");
		return ERR_PTR(-EINVAL);
	}
	snapshot = take(id);
	if (IS_ERR_OR_NULL(snapshot))
		return ERR_CAST(snapshot);
	profile = kzalloc(sizeof(*profile), GFP_KERNEL);
	if (!profile) {
		vfio_profile_put(snapshot);
		return ERR_PTR(-ENOMEM);
	}
	profile->id = *id;
	profile->now = snapshot;
	mutex_init(&profile->update);
	spin_lock_init(&profile->lock);
	if (keep_names(profile))
		return profile;
	vfio_profile_free(profile);
	return ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(vfio_profile_create);

/**
 * vfio_profile_free - free what vfio_profile_create() made
 * @profile: the profile, or NULL
 *
 * Context: may sleep.  Its attributes and instances are gone.
 */
void vfio_profile_free(struct vfio_profile *profile)
{
	if (!profile)
		return;
	vfio_profile_put(profile->now);
	kfree(profile->name);
	kfree(profile);
}
EXPORT_SYMBOL_GPL(vfio_profile_free);

/**
 * vfio_profile_now - what a type says at present
 * @profile: its profile
 *
 * Context: process.
 * Return: a reference, to be put with vfio_profile_put(); NULL if the driver
 * says nothing valid at present.
 */
struct vfio_profile_snapshot *vfio_profile_now(struct vfio_profile *profile)
{
	struct vfio_profile_snapshot *snapshot;

	spin_lock(&profile->lock);
	snapshot = profile->now;
	if (snapshot)
		kref_get(&snapshot->ref);
	spin_unlock(&profile->lock);
	return snapshot;
}

/**
 * vfio_profile_refresh - ask a driver again
 * @profile: profile of the type
 *
 * Fails closed: if what the driver says now is not valid, the type says
 * nothing until the next call that succeeds, rather than what it said before.
 * While describe() runs, the type still says that.
 *
 * Context: may sleep; calls describe() with what the caller holds.
 * Return: 0, also if describe() said -EOPNOTSUPP; -EINVAL if a name of a field
 * or of a resource has changed; or what vfio_profile_create() says.
 */
int vfio_profile_refresh(struct vfio_profile *profile)
{
	struct vfio_profile_snapshot *snapshot, *old;
	int ret;

	mutex_lock(&profile->update);
	snapshot = take(&profile->id);
	ret = PTR_ERR_OR_ZERO(snapshot);
	if (ret)
		snapshot = NULL;
	if (snapshot && !same_names(profile, &snapshot->p)) {
		report(&profile->id, NULL,
		       "names of fields or resources have changed");
		vfio_profile_put(snapshot);
		snapshot = NULL;
		ret = -EINVAL;
	}
	spin_lock(&profile->lock);
	old = profile->now;
	profile->now = snapshot;
	spin_unlock(&profile->lock);
	mutex_unlock(&profile->update);
	vfio_profile_put(old);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_profile_refresh);

/* A pinned instance is older than what its type has gained since. */
static bool fits_type(const struct vfio_profile_id *id,
		      const struct vp_profile *type, u32 series,
		      struct device *dev, struct vp_profile *p)
{
	bool pinned = series != VP_SERIES_OWN;
	const char *what = NULL, *name = NULL;
	unsigned int i;

	if (vp_own_series(p) != (pinned ? series : vp_own_series(type)))
		what = "software_version";
	else if (!pinned && p->nr_resources != type->nr_resources)
		what = "dynamic_resources";
	for (i = 0; !what && i < p->nr_resources; i++) {
		name = vp_str(p, p->resource[i].name);
		if (vp_find_resource(type, name) < 0)
			what = "dynamic_resources";
	}
	for (i = 0; !what && i < p->nr_fields; i++) {
		name = vp_str(p, p->set[VP_FIELDS + i].name);
		if (vp_find_field(type, name) < 0)
			what = "field";
	}
	if (what)
		report(id, dev, "%s%s%s of an instance is not %s", what,
		       name ? " " : "", name ?: "",
		       pinned && !name ? "of the series that it is asked for" :
					 "its type's");
	return !what;
}

/**
 * vfio_profile_describe - ask a driver for an instance's profile
 * @inst: the instance, its driver bound
 * @type: what its type says
 * @series: the series to describe, or VP_SERIES_OWN
 *
 * Context: may sleep; the caller keeps the driver bound, and holds the
 * instance's lock, so that no resource and no series changes meanwhile.
 * Return: the profile, to be freed with vfio_profile_put_description(), or an
 * ERR_PTR: -EOPNOTSUPP if what the driver says now is not valid, does not fit
 * the line or no longer offers @series, -ENOMEM, or what vfio_profile_filter()
 * leaves of describe()'s.
 */
struct vp_profile *
vfio_profile_describe(struct vfio_profile_instance *inst,
		      const struct vfio_profile_snapshot *type, u32 series)
{
	const struct vfio_profile_id *id = &inst->profile->id;
	struct vp_profile *p;
	int ret;

	lockdep_assert_held(&inst->lock);
	if (series != VP_SERIES_OWN &&
	    !vp_has_series(&type->p, VP_EMITS, series))
		return ERR_PTR(-EOPNOTSUPP);
	p = kvmalloc(sizeof(*p), PROFILE_GFP);
	if (!p)
		return ERR_PTR(-ENOMEM);
	ret = ask(id, inst->dev, series, p);
	if (!ret && vp_seal_line(p, true)) {
		report_profile(id, inst->dev, p);
		ret = -EOPNOTSUPP;
	}
	if (!ret && !fits_type(id, &type->p, series, inst->dev, p))
		ret = -EOPNOTSUPP;
	if (!ret)
		return p;
	kvfree(p);
	return ERR_PTR(ret);
}

/**
 * vfio_profile_put_description - free what vfio_profile_describe() made
 * @p: the profile, or NULL
 *
 * Context: may sleep.
 */
void vfio_profile_put_description(struct vp_profile *p)
{
	kvfree(p);
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Device profiles for VFIO migration");
