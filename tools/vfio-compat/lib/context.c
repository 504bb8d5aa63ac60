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

static void clear_error(struct vfio_compat *ctx)
{
	free((char *)ctx->error.object);
	free((char *)ctx->error.path);
	free((char *)ctx->error.message);
	memset(&ctx->error, 0, sizeof(ctx->error));
}

/**
 * vfio_compat_new - make a context that reads /sys
 * @ctx: receives it
 *
 * Return: VFIO_COMPAT_OK, or VFIO_COMPAT_IO when there is no memory.
 */
int vfio_compat_new(struct vfio_compat **ctx)
{
	struct vfio_compat *c = calloc(1, sizeof(*c));

	*ctx = NULL;
	if (!c)
		return VFIO_COMPAT_IO;
	c->store = vc_store;
	c->root = strdup("/sys");
	if (!c->root) {
		free(c);
		return VFIO_COMPAT_IO;
	}
	*ctx = c;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_free - free a context
 * @ctx: the context, or NULL; its objects are freed already
 */
void vfio_compat_free(struct vfio_compat *ctx)
{
	if (!ctx)
		return;
	clear_error(ctx);
	free(ctx->root);
	free(ctx);
}

/**
 * vfio_compat_set_root - read a recorded tree instead of /sys
 * @ctx: the context
 * @dir: what stands for /sys: the folder that holds class/ or bus/
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
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
 * vfio_compat_last_error - details of what went wrong last
 * @ctx: the context
 *
 * Return: the error; it lasts until the next call that fails.
 */
const struct vfio_compat_error *
vfio_compat_last_error(const struct vfio_compat *ctx)
{
	return &ctx->error;
}

static char *copy(const char *s)
{
	return strdup(s ? s : "");
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
	clear_error(ctx);
	ctx->error = e;
	return code;
}

int vc_nomem(struct vfio_compat *ctx)
{
	return vc_fail(ctx, VFIO_COMPAT_IO, ENOMEM, NULL, NULL,
		       "out of memory: expected some; try again");
}
