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
	report(id, dev, "%s() failed: %d", what, ret);
	return -EOPNOTSUPP;
}

/* What the driver says, and that its vendor text and its check() agree. */
static int ask(const struct vfio_profile_id *id, struct device *dev,
	       struct vp_profile *p)
{
	int ret;

	vp_init(p);
	vp_identify(p, id->driver, id->api, id->name);
	ret = id->ops->describe(id->type, dev, VP_SERIES_OWN, p);
	if (ret && dev)
		return vfio_profile_filter(id, dev, "describe", ret);
	if (ret && ret != -EOPNOTSUPP)
		report(id, dev, "describe() failed: %d", ret);
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
static int render(struct vfio_profile *profile)
{
	unsigned int i, nr = vp_attr_count(&profile->p);
	struct vfio_profile_text *attr;
	u32 size = 0;

	attr = kcalloc(nr, sizeof(*attr), GFP_KERNEL);
	if (!attr)
		return -ENOMEM;
	profile->attr = attr;
	profile->nr_attrs = nr;
	for (i = 0; i < nr; i++) {
		vp_attr_name(&profile->p, i, attr[i].name,
			     sizeof(attr[i].name));
		attr[i].offset = size;
		attr[i].len = vp_attr_text(&profile->p, i, NULL, 0) + 1;
		size += attr[i].len;
	}
	profile->text = kvmalloc(size, GFP_KERNEL);
	if (!profile->text)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		char *text = profile->text + attr[i].offset;

		vp_attr_text(&profile->p, i, text, attr[i].len);
		text[attr[i].len - 1] = '\n';
	}
	return 0;
}

/**
 * vfio_profile_create - ask a driver for a type's profile and validate it
 * @id: whose it is
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
	struct vfio_profile *profile;
	int ret;

	if (!id->ops->describe) {
		report(id, NULL, "profile_ops: no describe()");
		return ERR_PTR(-EINVAL);
	}
	profile = kvzalloc(sizeof(*profile), GFP_KERNEL);
	if (!profile)
		return ERR_PTR(-ENOMEM);
	ret = ask(id, NULL, &profile->p);
	if (!ret) {
		ret = vp_seal(&profile->p, false);
		if (ret)
			report_profile(id, NULL, &profile->p);
	}
	if (!ret)
		ret = render(profile);
	if (!ret)
		return profile;
	vfio_profile_free(profile);
	return ret == -EOPNOTSUPP ? NULL : ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(vfio_profile_create);

/**
 * vfio_profile_free - free what vfio_profile_create() made
 * @profile: the profile, or NULL
 *
 * Context: may sleep.  Nobody may read it any more.
 */
void vfio_profile_free(struct vfio_profile *profile)
{
	if (!profile)
		return;
	kvfree(profile->text);
	kfree(profile->attr);
	kvfree(profile);
}
EXPORT_SYMBOL_GPL(vfio_profile_free);

/* An instance has its type's resources and series, and only its fields. */
static bool fits_type(const struct vfio_profile_id *id,
		      const struct vp_profile *type, struct device *dev,
		      struct vp_profile *p)
{
	const char *what = NULL, *name = "";
	unsigned int i;

	if (vp_own_series(p) != vp_own_series(type))
		what = "software_version";
	if (p->nr_resources != type->nr_resources)
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
		report(id, dev, "%s %s of an instance is not its type's", what,
		       name);
	return !what;
}

/**
 * vfio_profile_describe - ask a driver for an instance's profile
 * @id: whose it is
 * @type: profile of the instance's type
 * @dev: the instance, its driver bound
 *
 * Context: may sleep; for an mdev the caller holds the device lock.
 * Return: the profile, to be freed with vfio_profile_put_description(), or an
 * ERR_PTR: -EOPNOTSUPP if what the driver says now is not valid or does not
 * fit the line, -ENOMEM, or what vfio_profile_filter() leaves of describe()'s.
 */
struct vp_profile *vfio_profile_describe(const struct vfio_profile_id *id,
					 const struct vfio_profile *type,
					 struct device *dev)
{
	struct vp_profile *p = kvmalloc(sizeof(*p), GFP_KERNEL);
	int ret;

	if (!p)
		return ERR_PTR(-ENOMEM);
	ret = ask(id, dev, p);
	if (!ret && vp_seal_line(p, true)) {
		report_profile(id, dev, p);
		ret = -EOPNOTSUPP;
	}
	if (!ret && !fits_type(id, &type->p, dev, p))
		ret = -EOPNOTSUPP;
	if (!ret)
		return p;
	kvfree(p);
	return ERR_PTR(ret);
}

/**
 * vfio_profile_put_description - free what vfio_profile_describe() made
 * @p: the profile
 */
void vfio_profile_put_description(struct vp_profile *p)
{
	kvfree(p);
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Device profiles for VFIO migration");
