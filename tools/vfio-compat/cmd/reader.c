// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * JSON documents from a file that may hold many, one after another.
 *
 * One document is in memory at a time.  Where it ends is seen before it is
 * parsed, so its size and depth are bounded whatever is in it.
 */
#include <errno.h>
#include <json-c/json_visit.h>
#include <string.h>

#include "reader.h"

#define CHUNK (64 << 10)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* An error that leaves no way to find the next document. */
static int lost(struct reader *r, size_t at, const char *what,
		const char *expected)
{
	r->is_lost = true;
	return cmd_fail(r->cmd, VFIO_COMPAT_IO, 0, r->file, r->file,
			"is not a JSON object: %s at byte %llu: expected %s; what follows was not read, make it again",
			what, r->base + at, expected);
}

static int unreadable(struct reader *r)
{
	int err = errno;

	r->is_lost = true;
	return cmd_fail(r->cmd, VFIO_COMPAT_IO, err, r->file, r->file,
			"%s: expected a JSON document or a line; give a file that can be read",
			strerror(err));
}

/* Forget what is before the document, and have room for a chunk behind it. */
static void make_room(struct reader *r)
{
	if (r->start) {
		memmove(r->text, r->text + r->start, r->len - r->start);
		r->base += r->start;
		r->len -= r->start;
		r->pos -= r->start;
		r->start = 0;
	}
	if (r->size - r->len >= CHUNK)
		return;
	r->size = r->size ? 2 * r->size : 2 * CHUNK;
	r->text = checked(realloc(r->text, r->size + 1));
}

/* Read some more.  Return: whether there was more. */
static int more(struct reader *r, bool *got)
{
	size_t n;

	make_room(r);
	errno = 0;
	n = fread(r->text + r->len, 1, CHUNK, r->from);
	if (!n && ferror(r->from))
		return unreadable(r);
	r->len += n;
	*got = n > 0;
	return VFIO_COMPAT_OK;
}

/**
 * reader_peek - what comes next in a file
 * @r: the reader
 * @first: receives the next byte that is not blank, or EOF
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int reader_peek(struct reader *r, int *first)
{
	bool got = true;
	int ret;

	*first = EOF;
	for (;;) {
		while (r->pos < r->len && is_blank(r->text[r->pos]))
			r->pos++;
		r->start = r->pos;
		if (r->pos < r->len)
			break;
		ret = more(r, &got);
		if (ret || !got)
			return ret;
	}
	*first = (unsigned char)r->text[r->pos];
	return VFIO_COMPAT_OK;
}

/**
 * reader_rest - read all that is left, if it is no more than a document may be
 * @r: the reader; its text is terminated by a NUL
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int reader_rest(struct reader *r)
{
	bool got = true;
	int ret = VFIO_COMPAT_OK;

	while (!ret && got && r->len - r->start <= DOCUMENT_MAX)
		ret = more(r, &got);
	if (!ret && got) {
		errno = EFBIG;
		ret = unreadable(r);
	}
	if (!ret)
		r->text[r->len] = '\0';
	return ret;
}

/* Look at one byte.  Return: whether the document ends with it. */
static bool step(struct reader *r, char c)
{
	if (r->is_escaped) {
		r->is_escaped = false;
	} else if (r->in_string) {
		r->is_escaped = c == '\\';
		r->in_string = c != '"';
	} else if (c == '"') {
		r->in_string = true;
	} else if (c == ':') {
		r->members++;
	} else if (c == '{' || c == '[') {
		r->depth++;
	} else if (c == '}' || c == ']') {
		r->depth--;
		return !r->depth;
	}
	return false;
}

/* Have the whole document in memory: from @start up to @pos. */
static int find_end(struct reader *r)
{
	bool got = true;
	int ret;

	r->depth = 0;
	r->members = 0;
	r->in_string = false;
	r->is_escaped = false;
	for (;;) {
		while (r->pos < r->len) {
			if (step(r, r->text[r->pos++]))
				return VFIO_COMPAT_OK;
			if (r->depth > DEPTH_MAX)
				return lost(r, r->pos - 1, "nesting too deep",
					    "at most 16 levels");
			if (r->pos - r->start >= DOCUMENT_MAX)
				return lost(r, r->pos, "no end of the document",
					    "at most 16 MiB for each, one document a host");
		}
		ret = more(r, &got);
		if (ret)
			return ret;
		if (!got)
			return lost(r, r->pos, "unexpected end of data",
				    "a whole document");
	}
}

static int count_member(struct json_object *json, int flags,
			struct json_object *parent, const char *key,
			size_t *index, void *count)
{
	(void)json;
	(void)parent;
	(void)index;
	if (key && !(flags & JSON_C_VISIT_SECOND))
		++*(size_t *)count;
	return JSON_C_VISIT_RETURN_CONTINUE;
}

/*
 * json-c keeps the last of two members of one name.  Whichever it drops, it
 * then has fewer than were written.
 */
static int check_members(struct reader *r, struct json_object *json)
{
	size_t count = 0, at;
	char *name;

	json_c_visit(json, 0, count_member, &count);
	if (count == r->members)
		return VFIO_COMPAT_OK;
	name = find_duplicate(r->text + r->start, r->pos - r->start, &at);
	cmd_fail(r->cmd, VFIO_COMPAT_IO, 0, r->file, r->file,
		 "has the member %s twice, at byte %llu: expected each name once in an object; make the document again",
		 name ? name : "(unnamed)", r->base + r->start + at);
	free(name);
	return VFIO_COMPAT_IO;
}

static int check_schema(struct reader *r, struct json_object *json)
{
	const char *schema = text_of(json, "schema");
	const char *host = text_of(json, "host");

	if (schema && !strcmp(schema, SCHEMA))
		return VFIO_COMPAT_OK;
	return cmd_fail(r->cmd, VFIO_COMPAT_IO, 0, host ? host : r->file,
			r->file,
			"%s%s: expected %s in the document%s%s at byte %llu; make it with this version",
			schema ? "is of schema " : "has no schema",
			schema ? schema : "", SCHEMA, host ? " of " : "",
			host ? host : "", r->base + r->start);
}

static int parse(struct reader *r, struct json_object **json)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX + 1);
	char *end = r->text + r->pos, behind = *end;
	enum json_tokener_error error;
	size_t at;

	json_tokener_set_flags(checked(tokener), JSON_TOKENER_STRICT |
						 JSON_TOKENER_VALIDATE_UTF8);
	*end = '\0';
	*json = json_tokener_parse_ex(tokener, r->text + r->start,
				      r->pos - r->start + 1);
	*end = behind;
	error = json_tokener_get_error(tokener);
	at = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (error == json_tokener_success)
		return VFIO_COMPAT_OK;
	return lost(r, r->start + at, json_tokener_error_desc(error),
		    "a whole document");
}

/**
 * read_document - the next document of a file
 * @r: the reader
 * @json: receives the document, to be put; NULL at the end, or on error
 *
 * After an error the next document can be read, unless @r->is_lost.
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int read_document(struct reader *r, struct json_object **json)
{
	int first, ret;

	*json = NULL;
	if (r->is_lost)
		return VFIO_COMPAT_OK;
	ret = reader_peek(r, &first);
	if (ret || first == EOF)
		return ret;
	if (first != '{')
		return lost(r, r->pos, "unexpected character", "a document");
	ret = find_end(r);
	if (!ret)
		ret = parse(r, json);
	if (!ret)
		ret = check_members(r, *json);
	if (!ret)
		ret = check_schema(r, *json);
	if (ret) {
		json_object_put(*json);
		*json = NULL;
	}
	return ret;
}

/**
 * reader_use - read documents of a file that is open
 * @r: the reader
 * @cmd: the run; receives the errors
 * @file: name of the file, for errors
 * @from: the file; reader_close() closes it, unless it is standard input
 */
void reader_use(struct reader *r, struct cmd *cmd, const char *file,
		FILE *from)
{
	*r = (struct reader){ .cmd = cmd, .file = file, .from = from };
}

/**
 * reader_open - open a file, to read its documents
 * @r: the reader
 * @cmd: the run; receives the errors
 * @file: name of the file; "-" is standard input
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_IO; VFIO_COMPAT_USAGE if standard input
 * was used already.  The reader has to be closed in any case.
 */
int reader_open(struct reader *r, struct cmd *cmd, const char *file)
{
	bool is_input = !strcmp(file, "-");

	reader_use(r, cmd, file, NULL);
	if (is_input && cmd->has_input)
		return cmd_fail(cmd, VFIO_COMPAT_USAGE, 0, file, file,
				"can be read only once: expected one @-; put it into a file and give @FILE");
	cmd->has_input |= is_input;
	r->from = is_input ? stdin : fopen(file, "re");
	return r->from ? VFIO_COMPAT_OK : unreadable(r);
}

void reader_close(struct reader *r)
{
	if (r->from && r->from != stdin)
		fclose(r->from);
	free(r->text);
	r->from = NULL;
	r->text = NULL;
}
