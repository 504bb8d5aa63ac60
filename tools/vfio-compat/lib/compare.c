// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Comparing two objects, and asking the destination's driver itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"
#include "verdict.h"

/* Evaluate every rule; the driver's own is as good as @check. */
static void evaluate(struct vfio_compat_verdict *v, enum vp_result check)
{
	vp_compare(v->needs, v->offers, v->inst, check, &v->rules);
}

/* The same the other way round, where the source could be a destination. */
static enum vfio_compat_result the_way_back(struct vfio_compat_object *src,
					    struct vfio_compat_object *dst)
{
	struct vp_verdict back;

	if (!src->has_offers)
		return VFIO_COMPAT_UNDECIDED;
	vp_compare(dst->needs, src->offers, vc_instance(src), VP_UNKNOWN,
		   &back);
	return (enum vfio_compat_result)back.result;
}

static bool accepts(const struct vfio_compat_object *dst, __u32 series)
{
	return vp_has_series(dst->offers, VP_ACCEPTS, series) &&
	       (!vc_pinned(dst) || series <= vp_own_series(dst->needs));
}

/* The highest series that the source can emit and the destination accepts. */
static void find_pin(struct vfio_compat_verdict *v)
{
	const struct vp_profile *src = v->src->offers;
	unsigned int i = v->src->has_offers ? src->set[VP_EMITS].count : 0;

	v->pin[0] = '\0';
	if (accepts(v->dst, vp_own_series(v->src->needs)))
		return;
	while (i--) {
		__u32 series = src->member[src->set[VP_EMITS].first + i];

		if (accepts(v->dst, series)) {
			vp_member(src, VP_EMITS, i, v->pin);
			return;
		}
	}
}

static void drop_profiles(struct vfio_compat_verdict *v)
{
	vc_profile_unref(v->needs);
	vc_profile_unref(v->offers);
	vc_profile_unref(v->inst);
}

/* Objects can be read again: the profiles that reasons are about stay. */
static void judge(struct vfio_compat_verdict *v, enum vp_result check)
{
	drop_profiles(v);
	v->needs = vc_profile_ref(v->src->needs);
	v->offers = vc_profile_ref(v->dst->offers);
	v->inst = vc_profile_ref(vc_instance(v->dst));
	evaluate(v, check);
	v->back = the_way_back(v->src, v->dst);
	find_pin(v);
}

/**
 * vfio_compat_compare - will a destination take the state of a source?
 * @src: the source
 * @dst: the destination; not a bare line
 * @verdict: receives the verdict; NULL on error
 *
 * The answer is vfio_compat_verdict_result().
 *
 * Return: VFIO_COMPAT_OK when the rules were evaluated, whatever they say, so
 * for an incompatible pair too.  Without a verdict: VFIO_COMPAT_UNKNOWN if a
 * side says nothing; VFIO_COMPAT_USAGE if the destination is a bare line;
 * VFIO_COMPAT_IO when there is no memory.
 */
int vfio_compat_compare(struct vfio_compat_object *src,
			struct vfio_compat_object *dst,
			struct vfio_compat_verdict **verdict)
{
	struct vfio_compat_object *mute = !src->has_needs ? src : dst;

	*verdict = NULL;
	if (dst->node == VFIO_COMPAT_LINE)
		return vc_fail(dst->ctx, VFIO_COMPAT_USAGE, 0, dst->name, NULL,
			       "is a bare line: expected one that says what it accepts; give a type or a device");
	if (!src->has_needs || !dst->has_offers)
		return vc_fail(mute->ctx, VFIO_COMPAT_UNKNOWN, 0, mute->name,
			       mute->path,
			       "does not say what it is compatible with: expected the interface; a manager must not migrate on this");
	*verdict = calloc(1, sizeof(**verdict));
	if (!*verdict)
		return vc_nomem(src->ctx);
	(*verdict)->src = vfio_compat_object_ref(src);
	(*verdict)->dst = vfio_compat_object_ref(dst);
	judge(*verdict, VP_UNKNOWN);
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_verdict_free - free a verdict
 * @verdict: the verdict, or NULL
 */
void vfio_compat_verdict_free(struct vfio_compat_verdict *verdict)
{
	if (!verdict)
		return;
	drop_profiles(verdict);
	vfio_compat_object_free(verdict->src);
	vfio_compat_object_free(verdict->dst);
	free(verdict);
}

/* What a write that did not say yes or no means. */
static int probe_failed(struct vfio_compat_object *dst, int err)
{
	char *path = vc_printf("%s/migration_version", dst->path);
	enum vfio_compat_code code = VFIO_COMPAT_IO;
	const char *next = "nothing was decided, so ask again";
	int ret;

	if (err == EOPNOTSUPP) {
		code = VFIO_COMPAT_UNKNOWN;
		next = "the device cannot take part at present; see the kernel log for why";
	} else if (err == EINVAL) {
		next = "the driver does not know this grammar; report it to its maintainer";
	} else if (err == EACCES || err == EPERM) {
		next = "run as a user who may write it";
	}
	ret = vc_fail(dst->ctx, code, err, dst->name, path,
		      "%s: expected the line to be taken or refused; %s",
		      strerror(err), next);
	free(path);
	return ret;
}

/* Both sides again, so that the rules are those that the driver applied. */
static int read_again(struct vfio_compat_verdict *v)
{
	int ret = v->src->live ? vc_read_node(v->src) : VFIO_COMPAT_OK;

	if (!ret)
		ret = vc_read_node(v->dst);
	if (!ret) {
		judge(v, VP_UNKNOWN);
		return VFIO_COMPAT_OK;
	}
	/* what the rules were about is no longer there */
	v->rules.nr = 0;
	v->rules.result = VP_UNKNOWN;
	v->rules.cross_type = false;
	v->back = VFIO_COMPAT_UNDECIDED;
	v->pin[0] = '\0';
	return ret;
}

/* A driver that refuses what every rule allows has a reason of its own. */
static void vendor_refuses(struct vfio_compat_verdict *v)
{
	struct vp_verdict *rules = &v->rules;

	evaluate(v, VP_FAIL);
	if (rules->result == VP_FAIL)
		return;
	rules->row[rules->nr++] = (struct vp_row){ VP_RULE_VENDOR, VP_FAIL,
						   -1, -1 };
	rules->result = VP_FAIL;
}

/* One write.  If it is taken, so is the rule that only the driver knows. */
static int ask(struct vfio_compat_verdict *v)
{
	int err = v->dst->ctx->store(v->dst, v->src->line);

	v->probed = !err || err == EMEDIUMTYPE || err == ENODATA;
	if (!err)
		evaluate(v, VP_PASS);
	return err;
}

/* Whether the driver's answer is what the rules say too. */
static bool agrees(const struct vfio_compat_verdict *v, int err)
{
	static const int errs[] = {
		[VP_PASS] = 0, [VP_FAIL] = EMEDIUMTYPE, [VP_UNKNOWN] = ENODATA,
	};

	return err == errs[v->rules.result];
}

/* It still disagrees, with both sides read again. */
static int settle(struct vfio_compat_verdict *v, int err)
{
	struct vfio_compat_object *dst = v->dst;

	if (err == EMEDIUMTYPE) {
		vendor_refuses(v);
		return VFIO_COMPAT_OK;
	}
	if (err == ENODATA && v->rules.result == VP_PASS)
		return vc_fail(dst->ctx, VFIO_COMPAT_UNKNOWN, err, dst->name,
			       dst->path,
			       "the driver cannot decide on this line: expected yes or no; compare an instance of the source");
	if (!err && v->rules.result == VP_FAIL)
		return vc_fail(dst->ctx, VFIO_COMPAT_IO, 0, dst->name,
			       dst->path,
			       "the driver takes a line that a rule refuses: expected one answer; report it to the driver's maintainer");
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_probe - write the source's line to a live destination
 * @verdict: the verdict so far; the driver's answer becomes part of it
 *
 * If the answer is not what the rules say, both sides are read and the driver
 * is asked once more: something may have changed.  If it then still refuses
 * what the rules allow, its own rule is the one that fails.
 *
 * Return: VFIO_COMPAT_OK when the driver answered, whether yes or no: see
 * vfio_compat_verdict_result() again.  VFIO_COMPAT_USAGE if the destination is
 * not live; VFIO_COMPAT_UNKNOWN if the driver cannot decide, or not now;
 * VFIO_COMPAT_IO if it cannot be asked, or takes what a rule refuses.  With
 * these the verdict is that of the rules; if a side could not be read again
 * it has no reasons and is undecided.
 */
int vfio_compat_probe(struct vfio_compat_verdict *verdict)
{
	struct vfio_compat_object *dst = verdict->dst;
	int ret, err = dst->live ? ask(verdict) : -1;

	if (err < 0)
		return vc_fail(dst->ctx, VFIO_COMPAT_USAGE, 0, dst->name,
			       dst->path,
			       "is not a node of this machine's sysfs: expected a live destination to probe; leave out --probe");
	if (verdict->probed && !agrees(verdict, err)) {
		ret = read_again(verdict);
		if (ret)
			return ret;
		err = ask(verdict);
	}
	if (!verdict->probed)
		return probe_failed(dst, err);
	return agrees(verdict, err) ? VFIO_COMPAT_OK : settle(verdict, err);
}
