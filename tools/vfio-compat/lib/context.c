// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The context: which tree is read, and what went wrong last.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/* Back to "no error", whose texts are empty. */
void vc_clear_error(struct vfio_compat_error *error)
{
	free((char *)error->object);
	free((char *)error->path);
	free((char *)error->message);
	memset(error, 0, sizeof(*error));
}

static char *copy(const char *s)
{
	return strdup(s ? s : "");
}

void vc_copy_error(struct vfio_compat_error *to,
		   const struct vfio_compat_error *from)
{
	vc_clear_error(to);
	to->code = from->code;
	to->err = from->err;
	to->object = copy(from->object);
	to->path = copy(from->path);
	to->message = copy(from->message);
}

/**
 * vfio_compat_new - make a context that reads /sys
 * @ctx: receives it; NULL on error
 *
 * Return: VFIO_COMPAT_OK, or VFIO_COMPAT_IO when there is no memory.
 */
int vfio_compat_new(struct vfio_compat **ctx)
{
	struct vfio_compat *c = calloc(1, sizeof(*c));

	*ctx = NULL;
	if (!c)
		return VFIO_COMPAT_IO;
	c->refs = 1;
	c->store = vc_store;
	c->root = strdup("/sys");
	c->claims = strdup("/run/vfio-compat/claims");
	if (!c->root || !c->claims) {
		free(c->root);
		free(c->claims);
		free(c);
		return VFIO_COMPAT_IO;
	}
	*ctx = c;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_ref - take a reference to a context
 * @ctx: the context
 *
 * Return: @ctx, for vfio_compat_unref().
 */
struct vfio_compat *vfio_compat_ref(struct vfio_compat *ctx)
{
	ctx->refs++;
	return ctx;
}

/**
 * vfio_compat_unref - give up a reference to a context
 * @ctx: the context, or NULL; it goes with the last reference, and what came
 *	from it holds one too
 */
void vfio_compat_unref(struct vfio_compat *ctx)
{
	if (!ctx || --ctx->refs)
		return;
	vc_clear_error(&ctx->error);
	free(ctx->claims);
	free(ctx->root);
	free(ctx);
}

/**
 * vfio_compat_set_log - have what goes on passed to a function
 * @ctx: the context
 * @log: the function, or NULL for none
 * @data: its first argument
 * @level: the last level that is passed on
 */
void vfio_compat_set_log(struct vfio_compat *ctx, vfio_compat_log_fn log,
			 void *data, enum vfio_compat_level level)
{
	ctx->log = log;
	ctx->log_data = data;
	ctx->log_level = level;
}

/**
 * vfio_compat_set_root - read a recorded tree instead of /sys
 * @ctx: the context
 * @dir: what stands for /sys: the folder that holds class/ or bus/
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_IO if it is no such folder, and then
 * everything is as it was.
 */
int vfio_compat_set_root(struct vfio_compat *ctx, const char *dir)
{
	char *root = realpath(dir, NULL);
	int err = root || !dir[0] ? 0 : errno;

	if (!root || (!vc_has(root, "class") && !vc_has(root, "bus"))) {
		free(root);
		return vc_fail(ctx, VFIO_COMPAT_IO, err, NULL,
			       dir[0] ? dir : "\"\"",
			       "%s: expected a folder that holds class or bus",
			       err ? strerror(err) : "is no recorded tree");
	}
	free(ctx->root);
	ctx->root = root;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_set_claims - keep the journals of claims somewhere else
 * @ctx: the context
 * @dir: a folder that only its owner can write; made when it is needed, but not
 *	what is above it
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_set_claims(struct vfio_compat *ctx, const char *dir)
{
	char *claims = strdup(dir);

	if (!claims)
		return vc_nomem(ctx);
	free(ctx->claims);
	ctx->claims = claims;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_last_error - details of what went wrong last
 * @ctx: the context
 *
 * A call that succeeds leaves it as it is, so it says something of the last
 * call only if that has failed.  A walk that ends clears it.
 *
 * Return: the error, which lasts until the next call that fails.  If there was
 * none its code is VFIO_COMPAT_OK, and its texts are NULL.
 */
const struct vfio_compat_error *
vfio_compat_last_error(const struct vfio_compat *ctx)
{
	return &ctx->error;
}

/* A formatted string of its own, or NULL. */
char *vc_vprintf(const char *fmt, va_list args)
{
	char *text = NULL;

	return vasprintf(&text, fmt, args) < 0 ? NULL : text;
}

char *vc_printf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = vc_vprintf(fmt, args);
	va_end(args);
	return text;
}

/* Pass a line to the log, if anybody wants it. */
void vc_log(struct vfio_compat *ctx, enum vfio_compat_level level,
	    const char *fmt, ...)
{
	va_list args;
	char *text;

	if (!ctx->log || level > ctx->log_level)
		return;
	va_start(args, fmt);
	text = vc_vprintf(fmt, args);
	va_end(args);
	if (text)
		ctx->log(ctx->log_data, level, text);
	free(text);
}

/* Keep an error in the context and return its code. */
int vc_fail(struct vfio_compat *ctx, enum vfio_compat_code code, int err,
	    const char *object, const char *path, const char *fmt, ...)
{
	struct vfio_compat_error e = {
		.code = code,
		.err = err,
		.object = copy(object),
		.path = copy(path),
	};
	va_list args;

	va_start(args, fmt);
	e.message = vc_vprintf(fmt, args);
	va_end(args);
	vc_clear_error(&ctx->error);
	ctx->error = e;
	vc_log(ctx, VFIO_COMPAT_LOG_ERROR, "%s: %s",
	       path ? path : object ? object : "libvfiocompat",
	       e.message ? e.message : "out of memory");
	return code;
}

int vc_nomem(struct vfio_compat *ctx)
{
	return vc_fail(ctx, VFIO_COMPAT_IO, ENOMEM, NULL, NULL,
		       "out of memory: expected some; try again");
}
