// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Objects as a person names them: of the tree, or @FILE.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

static int failed(struct cmd *cmd, int code, const char *file,
		  const char *message)
{
	return cmd_fail(cmd, code, 0, file, file, "%s", message);
}

static int unreadable(struct cmd *cmd, const char *file)
{
	int err = errno;

	return cmd_fail(cmd, VFIO_COMPAT_IO, err, file, file,
			"%s: expected a JSON document or a line; give a file that can be read",
			strerror(err));
}

static int no_text(struct cmd *cmd, const char *file)
{
	if (strcmp(file, "-"))
		return failed(cmd, VFIO_COMPAT_IO, file,
			      "is empty: expected a JSON document or a line; make it again");
	return failed(cmd, VFIO_COMPAT_IO, NULL,
		      "standard input is empty: the command that should have written it failed, or printed nothing");
}

/* What show and list print without -J. */
static bool is_for_people(const char *text)
{
	return strstr(text, "\n  node ") || !strncmp(text, "OBJECT ", 7);
}

static int open_text(struct cmd *cmd, const char *name, const char *text,
		     size_t len, const char *which,
		     struct vfio_compat_object **obj)
{
	size_t blank = strspn(text, " \t\r\n");
	int ret;

	if (blank == len)
		return no_text(cmd, name);
	if (text[blank] == '{')
		return open_recorded(cmd, name, text, len, which, obj);
	if (which)
		return failed(cmd, VFIO_COMPAT_USAGE, name,
			      "is not JSON: expected a document when an object follows the #; leave that out for a line");
	if (is_for_people(text))
		return failed(cmd, VFIO_COMPAT_IO, name,
			      "is text for people: expected JSON; add -J to the command that made it");
	ret = vfio_compat_open_line(cmd->ctx, name, text, len, obj);
	if (ret)
		cmd_error(cmd);
	return ret;
}

/* FILE[#[HOST!]OBJECT] */
static int open_file(struct cmd *cmd, const char *name, const char *which,
		     struct vfio_compat_object **obj)
{
	bool is_input = !strcmp(name, "-");
	size_t len;
	char *text;
	int ret;

	if (is_input && cmd->has_input)
		return failed(cmd, VFIO_COMPAT_USAGE, name,
			      "can be read only once: expected one @-; put it into a file and give @FILE");
	cmd->has_input |= is_input;
	text = read_file(name, &len);
	if (!text)
		return unreadable(cmd, name);
	ret = open_text(cmd, name, text, len, which, obj);
	free(text);
	return ret;
}

/* What is no object may be one that was not written as such. */
static int no_object(struct cmd *cmd, const char *text, int code)
{
	struct stat st;

	if (!strcmp(text, "-"))
		return failed(cmd, code, NULL, "standard input is @-");
	if (strstr(text, "-v1;"))
		return failed(cmd, VFIO_COMPAT_USAGE, text,
			      "is a line: put it into a file and give @FILE, or pipe it to @-");
	if (!stat(text, &st) && !S_ISDIR(st.st_mode))
		return cmd_fail(cmd, code, 0, text, text,
				"is a file: write @%s", text);
	cmd_error(cmd);
	return code;
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
		if (ret && !*obj)
			return no_object(cmd, text, ret);
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
