// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Setting up an instance: the pin, each dynamic resource, and the question
 * whether it takes the source's line now.
 *
 * The names are the destination's own; the source contributes values only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "claim.h"

static const char version_attr[] = "software_version";

static bool is_writable(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       st.st_mode & 0200;
}

/* "M.m" of "M.m.b" */
static void drop_bugfix(char *version)
{
	char *dot = strrchr(version, '.');

	if (dot)
		*dot = '\0';
}

/* What was there is written down first, if somebody wants it back. */
static int remember(struct vfio_compat_claim *c, const char *name,
		    const char *value)
{
	return c->journal->created ? VFIO_COMPAT_OK :
				     vc_journal_step(c->journal, name, value);
}

/* A value that is right already is left alone. */
static int set(struct vfio_compat_claim *c, const char *name, const char *value)
{
	int ret, dir = c->journal->node;
	char *now;

	ret = vc_stopped(c);
	if (!ret)
		ret = vc_get(c->inst, dir, name, &now);
	if (ret)
		return ret;
	if (name == version_attr)
		drop_bugfix(now);
	if (strcmp(now, value)) {
		ret = remember(c, name, now);
		if (!ret)
			ret = vc_put(c->inst, dir, name, value);
	}
	free(now);
	return ret;
}

static int warn(struct vfio_compat_claim *c, const char *series)
{
	static const char text[] =
		"one way: this instance cannot send version %s, which the source may want back";

	c->warning = vc_printf(text, series);
	return c->warning ? VFIO_COMPAT_OK : vc_nomem(c->ctx);
}

static int set_pin(struct vfio_compat_claim *c)
{
	const struct vp_profile *src = c->src->needs, *dst = c->inst->offers;
	__u32 series = vp_own_series(src);
	char *text;
	int ret;

	if (series == vp_own_series(c->inst->needs))
		return VFIO_COMPAT_OK;
	text = vc_printf("%u.%u", src->version[0], src->version[1]);
	if (!text)
		return vc_nomem(c->ctx);
	if (!vp_has_series(dst, VP_EMITS, series) ||
	    !is_writable(c->journal->node, version_attr))
		ret = warn(c, text);
	else
		ret = set(c, version_attr, text);
	if (!ret && !c->warning)
		snprintf(c->pin, sizeof(c->pin), "%s", text);
	free(text);
	return ret;
}

static int set_resources(struct vfio_compat_claim *c)
{
	const struct vp_profile *dst = c->dst->offers, *src = c->src->needs;
	unsigned int i;
	int ret = VFIO_COMPAT_OK;

	for (i = 0; !ret && i < dst->nr_resources; i++) {
		const char *name = vp_str(dst, dst->resource[i].name);
		int at = vp_find_resource(src, name);

		if (at >= 0 && src->resource[at].value)
			ret = set(c, name, vp_str(src, src->resource[at].value));
	}
	return ret;
}

/* The rules, on what the instance says now. */
static int check_rules(struct vfio_compat_claim *c)
{
	struct vfio_compat_verdict *v;
	unsigned int i;
	int ret = vc_read_node(c->inst);

	if (!ret)
		ret = vfio_compat_compare(c->src, c->inst, &v);
	if (ret)
		return ret;
	for (i = 0; i < vfio_compat_verdict_count(v); i++)
		if (vfio_compat_reason_result(v, i) == VFIO_COMPAT_FAIL)
			break;
	if (i < vfio_compat_verdict_count(v))
		ret = vc_fail(c->ctx, VFIO_COMPAT_INCOMPATIBLE, 0,
			      c->inst->name, c->inst->path,
			      "does not take %s, although its type does: %s: expected the same answer; report it to the driver's maintainer",
			      c->src->name, vfio_compat_reason_message(v, i));
	vfio_compat_verdict_free(v);
	return ret;
}

static int probe(struct vfio_compat_claim *c)
{
	int err = c->ctx->store(c->inst, c->src->line);
	char *path;

	if (!err)
		return VFIO_COMPAT_OK;
	path = vc_printf("%s/migration_version", c->inst->path);
	vc_fail(c->ctx, VFIO_COMPAT_IO, err, c->inst->name, path,
		"%s: expected the driver to take the source's line; see the kernel log for why",
		err < 0 ? "is not there" : strerror(err));
	free(path);
	return VFIO_COMPAT_IO;
}

/**
 * vc_claim_set - make an instance ready for the source's state
 * @c: the claim, whose instance was taken
 *
 * Return: VFIO_COMPAT_OK or why not.
 */
int vc_claim_set(struct vfio_compat_claim *c)
{
	static int (* const steps[])(struct vfio_compat_claim *c) = {
		set_pin, set_resources, check_rules, probe,
	};
	unsigned int i;
	int ret = VFIO_COMPAT_OK;

	for (i = 0; !ret && i < ARRAY_SIZE(steps); i++) {
		ret = vc_stopped(c);
		if (!ret)
			ret = steps[i](c);
	}
	return ret;
}
