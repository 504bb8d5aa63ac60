// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Claiming an instance for the state of a source: compare and ask, write down
 * what is about to be done, create or adopt, set what has to be set, ask
 * again.  What fails on the way is undone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"

/**
 * vfio_compat_claim_new - prepare a claim
 * @src: the source
 * @dst: a type of this machine, or a PCI function that is bound already
 * @claim: receives the claim; NULL on error
 *
 * Return: VFIO_COMPAT_OK, or VFIO_COMPAT_IO when there is no memory.
 */
int vfio_compat_claim_new(struct vfio_compat_object *src,
			  struct vfio_compat_object *dst,
			  struct vfio_compat_claim **claim)
{
	*claim = calloc(1, sizeof(**claim));
	if (!*claim)
		return vc_nomem(dst->ctx);
	(*claim)->ctx = dst->ctx;
	(*claim)->src = vfio_compat_object_ref(src);
	(*claim)->dst = vfio_compat_object_ref(dst);
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_claim_free - free a claim; what was claimed stays
 * @claim: the claim, or NULL
 *
 * One that was run and not ended is stale.
 */
void vfio_compat_claim_free(struct vfio_compat_claim *claim)
{
	if (!claim)
		return;
	vfio_compat_verdict_free(claim->verdict);
	vfio_compat_object_free(claim->inst);
	vc_journal_free(claim->journal);
	vfio_compat_object_free(claim->src);
	vfio_compat_object_free(claim->dst);
	free(claim->uuid);
	free(claim->warning);
	free(claim);
}

/**
 * vfio_compat_claim_set_flags - say how to claim
 * @claim: the claim
 * @flags: of enum vfio_compat_claim_flag
 */
void vfio_compat_claim_set_flags(struct vfio_compat_claim *claim,
				 unsigned int flags)
{
	claim->flags = flags;
}

/**
 * vfio_compat_claim_set_uuid - say which UUID the instance gets or has
 * @claim: the claim
 * @uuid: a UUID, "same" as the source's, or "random".  Without, it is the
 *	source's if that is free, else a random one; or any that can be adopted
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_USAGE; VFIO_COMPAT_IO.
 */
int vfio_compat_claim_set_uuid(struct vfio_compat_claim *claim,
			       const char *uuid)
{
	char *c;

	if (strcmp(uuid, "same") && strcmp(uuid, "random") &&
	    !vc_is_uuid(uuid))
		return vc_fail(claim->ctx, VFIO_COMPAT_USAGE, 0, uuid, NULL,
			       "is no UUID: expected one, same or random");
	free(claim->uuid);
	claim->uuid = strdup(uuid);
	if (!claim->uuid)
		return vc_nomem(claim->ctx);
	for (c = claim->uuid; *c; c++)
		if (*c >= 'A' && *c <= 'F')
			*c += 'a' - 'A';
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_claim_set_stop - let a signal end a claim
 * @claim: the claim
 * @stop: asked between steps; the claim is undone when it says true
 * @data: its argument
 */
void vfio_compat_claim_set_stop(struct vfio_compat_claim *claim,
				vfio_compat_stop_fn stop, void *data)
{
	claim->stop = stop;
	claim->stop_data = data;
}

/**
 * vfio_compat_claim_uuid - what was claimed
 * @claim: the claim
 *
 * Return: UUID of the instance, or the function's address; NULL if nothing
 * was claimed.
 */
const char *vfio_compat_claim_uuid(const struct vfio_compat_claim *claim)
{
	return claim->name[0] ? claim->name : NULL;
}

/**
 * vfio_compat_claim_pin - series that the instance was pinned to
 * @claim: the claim
 *
 * Return: "major.minor", or NULL if it was not pinned.
 */
const char *vfio_compat_claim_pin(const struct vfio_compat_claim *claim)
{
	return claim->pin[0] ? claim->pin : NULL;
}

/**
 * vfio_compat_claim_warning - what the caller should know of a claim
 * @claim: the claim
 *
 * Return: the text, or NULL if there is nothing.
 */
const char *vfio_compat_claim_warning(const struct vfio_compat_claim *claim)
{
	return claim->warning;
}

/**
 * vfio_compat_claim_verdict - what the rules said of a claim
 * @claim: the claim
 *
 * Return: the verdict, which the claim holds; NULL if none was made.
 */
struct vfio_compat_verdict *
vfio_compat_claim_verdict(const struct vfio_compat_claim *claim)
{
	return claim->verdict;
}

/* Between two steps. */
int vc_stopped(struct vfio_compat_claim *c)
{
	if (!c->stop || !c->stop(c->stop_data))
		return VFIO_COMPAT_OK;
	/* undo() says what became of it */
	return vc_fail(c->ctx, VFIO_COMPAT_UNDONE, EINTR, c->dst->name, NULL,
		       "the claim was interrupted by a signal%s",
		       c->journal ? "" : ": nothing was done, so claim again");
}

/* The error of before, with what came of undoing it. */
static int undo(struct vfio_compat_claim *c)
{
	const struct vfio_compat_error *e = &c->ctx->error;
	char *why = strdup(e->message ? e->message : "out of memory");
	char *object = strdup(e->object ? e->object : "");
	char *path = strdup(e->path ? e->path : "");
	int err = e->err, ret, code = e->code == VFIO_COMPAT_CAPACITY ?
				      VFIO_COMPAT_CAPACITY : VFIO_COMPAT_UNDONE;

	ret = vc_undo(c->journal, true);
	if (!ret)
		ret = vc_journal_remove(c->journal);
	if (ret)
		ret = vc_fail(c->ctx, VFIO_COMPAT_LEFT, err, c->journal->name,
			      path, "%s. %s %s", why, c->journal->name,
			      c->ctx->error.message);
	else
		ret = vc_fail(c->ctx, code, err, object, path,
			      "%s. The claim was undone, nothing of it is left",
			      why ? why : "failed");
	free(why);
	free(object);
	free(path);
	return ret;
}

/**
 * vfio_compat_claim_run - do it
 * @claim: the claim; once
 *
 * Return: VFIO_COMPAT_OK if the instance is ready, and vfio_compat_claim_uuid()
 * is to be told and vfio_compat_claim_end() to be called; with
 * VFIO_COMPAT_CLAIM_DRY_RUN if it could be, and there is nothing to end.
 *
 * Before anything was done: VFIO_COMPAT_INCOMPATIBLE if the rules, the driver
 * or VFIO_COMPAT_CLAIM_EXACT say no; VFIO_COMPAT_UNKNOWN if nobody can say, or
 * the source does not say what a resource has to be; VFIO_COMPAT_CROSS_TYPE
 * without VFIO_COMPAT_CLAIM_CROSS_TYPE; VFIO_COMPAT_USAGE if the destination is
 * no place for a claim, the UUID makes no sense, or it was run before;
 * VFIO_COMPAT_IO if something cannot be read, written or created.
 *
 * After that: VFIO_COMPAT_CAPACITY if nothing is free or somebody was faster,
 * VFIO_COMPAT_UNDONE if it failed or was stopped, and nothing is left of it;
 * VFIO_COMPAT_LEFT if something is, which the message names.
 */
int vfio_compat_claim_run(struct vfio_compat_claim *claim)
{
	struct vfio_compat_claim *c = claim;
	int ret;

	if (c->verdict)
		return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, c->dst->name, NULL,
			       "this claim was run before: expected a new one");
	ret = vc_claim_check(c);
	if (ret || c->flags & VFIO_COMPAT_CLAIM_DRY_RUN)
		return ret;
	ret = vc_stopped(c);
	if (!ret)
		ret = vc_claim_take(c);
	if (ret == VFIO_COMPAT_LEFT ||
	    (ret && (!c->journal || c->journal->fd < 0)))
		return ret;
	if (!ret)
		ret = vc_claim_set(c);
	if (!ret)
		ret = vc_stopped(c);
	if (ret)
		return undo(c);
	memcpy(c->name, c->journal->name, sizeof(c->name));
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_claim_end - keep what was claimed, or give it back
 * @claim: the claim, run
 * @keep: whoever wants the instance knows its UUID
 *
 * Who is killed before this leaves a claim that is stale: nobody was told of
 * it.
 *
 * Return: VFIO_COMPAT_OK if it is kept; VFIO_COMPAT_UNDONE if it was not to
 * be, or could not; VFIO_COMPAT_LEFT; VFIO_COMPAT_USAGE if nothing is claimed.
 */
int vfio_compat_claim_end(struct vfio_compat_claim *claim, bool keep)
{
	struct vc_journal *j = claim->journal;
	int ret;

	if (!claim->name[0] || !j)
		return vc_fail(claim->ctx, VFIO_COMPAT_USAGE, 0,
			       claim->dst->name, NULL,
			       "nothing of it is claimed: expected a claim that was run, and not ended");
	ret = vc_stopped(claim);
	if (!ret && !keep)
		ret = vc_fail(claim->ctx, VFIO_COMPAT_UNDONE, 0, claim->name,
			      NULL,
			      "nobody could be told the UUID: expected standard output to take it");
	if (!ret) {
		j->state = VC_CLAIMED;
		ret = vc_journal_write(j);
	}
	if (ret) {
		ret = undo(claim);
		claim->name[0] = '\0';
	}
	vc_journal_free(j);
	claim->journal = NULL;
	return ret;
}
