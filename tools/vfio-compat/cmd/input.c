// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Objects as a person names them: of the tree, or @FILE.
 */
#include <string.h>
#include <sys/stat.h>

#include "reader.h"

static int failed(struct cmd *cmd, int code, const char *file,
		  const char *message)
{
	return cmd_fail(cmd, code, 0, file, file, "%s", message);
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

/* What is no JSON can only be a line. */
static int open_line(struct reader *r, const char *which,
		     struct vfio_compat_object **obj)
{
	struct cmd *cmd = r->cmd;
	int ret;

	if (which)
		return failed(cmd, VFIO_COMPAT_USAGE, r->file,
			      "is not JSON: expected a document when an object follows the #; leave that out for a line");
	if (r->base + r->start)
		return failed(cmd, VFIO_COMPAT_IO, r->file,
			      "begins with a blank: expected one line from \"<driver>-v1;\" to \";end\"; take it from the device again");
	ret = reader_rest(r);
	if (ret)
		return ret;
	if (is_for_people(r->text + r->start))
		return failed(cmd, VFIO_COMPAT_IO, r->file,
			      "is text for people: expected JSON; add -J to the command that made it");
	ret = vfio_compat_open_line(cmd->ctx, r->file, r->text + r->start,
				    r->len - r->start, obj);
	if (ret)
		cmd_error(cmd);
	return ret;
}

/* FILE[#[HOST!]OBJECT] */
static int open_file(struct cmd *cmd, const char *name, const char *which,
		     struct vfio_compat_object **obj)
{
	struct reader r;
	int first, ret = reader_open(&r, cmd, name);

	if (!ret)
		ret = reader_peek(&r, &first);
	if (!ret && first == EOF)
		ret = no_text(cmd, name);
	else if (!ret && first == '{')
		ret = open_recorded(&r, which, obj);
	else if (!ret)
		ret = open_line(&r, which, obj);
	reader_close(&r);
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
