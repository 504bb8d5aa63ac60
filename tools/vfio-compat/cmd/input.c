// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Objects as a person names them: of the tree, or @FILE.
 */
#include <errno.h>
#include <string.h>

#include "cmd.h"

#define FILE_MAX (64 << 20)	/* an inventory of many hosts */

/* Everything up to the end; NULL and errno on error or if it is too long. */
static char *read_stream(FILE *from, size_t *len)
{
	size_t size = 1 << 16;
	char *text = checked(malloc(size + 1));

	*len = 0;
	for (;;) {
		*len += fread(text + *len, 1, size - *len, from);
		if (ferror(from) || *len < size)
			break;
		if (size >= FILE_MAX) {
			errno = EFBIG;
			free(text);
			return NULL;
		}
		size *= 2;
		text = checked(realloc(text, size + 1));
	}
	text[*len] = '\0';
	if (!ferror(from))
		return text;
	free(text);
	return NULL;
}

static char *read_file(const char *name, size_t *len)
{
	FILE *from = strcmp(name, "-") ? fopen(name, "re") : stdin;
	char *text = NULL;

	if (from)
		text = read_stream(from, len);
	if (from && from != stdin)
		fclose(from);
	return text;
}

static int failed(struct cmd *cmd, int code, const char *file, int err,
		  const char *message)
{
	struct vfio_compat_error error = {
		.code = code,
		.err = err,
		.object = file,
		.path = file,
		.message = message,
	};

	cmd_problem(cmd, &error);
	return code;
}

static int unreadable(struct cmd *cmd, const char *file)
{
	char message[256];
	int err = errno;

	snprintf(message, sizeof(message),
		 "%s: expected a JSON document or a line; give a file that can be read",
		 strerror(err));
	return failed(cmd, VFIO_COMPAT_IO, file, err, message);
}

/* FILE[#[HOST!]OBJECT] */
static int open_file(struct cmd *cmd, const char *name, const char *which,
		     struct vfio_compat_object **obj)
{
	size_t len;
	char *text = read_file(name, &len);
	int ret;

	if (!text)
		return unreadable(cmd, name);
	if (text[strspn(text, " \t\r\n")] == '{') {
		ret = open_recorded(cmd, name, text, len, which, obj);
	} else if (which) {
		ret = failed(cmd, VFIO_COMPAT_USAGE, name, 0,
			     "is not JSON: expected a document when an object follows the #; leave that out for a line");
	} else {
		ret = vfio_compat_open_line(cmd->ctx, name, text, len, obj);
		if (ret)
			cmd_error(cmd);
	}
	free(text);
	return ret;
}

/**
 * open_object - make an object of an operand
 * @cmd: the run; receives the error
 * @text: the operand
 * @obj: receives the object; NULL if there is none
 *
 * Return: as vfio_compat_open().
 */
int open_object(struct cmd *cmd, const char *text,
		struct vfio_compat_object **obj)
{
	char *name, *which;
	int ret;

	*obj = NULL;
	if (text[0] != '@') {
		ret = vfio_compat_open(cmd->ctx, text, obj);
		if (ret)
			cmd_error(cmd);
		return ret;
	}
	name = checked(strdup(text + 1));
	which = strrchr(name, '#');
	if (which)
		*which++ = '\0';
	ret = open_file(cmd, name, which, obj);
	free(name);
	return ret;
}
