/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Reading files that hold JSON documents, one after another.
 */
#ifndef _VFIO_COMPAT_READER_H
#define _VFIO_COMPAT_READER_H

#include "cmd.h"

#define DOCUMENT_MAX (16 << 20)	/* bytes of one document */
#define DEPTH_MAX 16		/* objects and arrays within each other */

/**
 * struct reader - a file while its documents are read
 * @cmd: the run; receives the errors
 * @file: name of the file, for errors
 * @from: the file
 * @text: what is in memory: one document, and what was read with it
 * @size: bytes that @text has room for, less one
 * @len: bytes in @text
 * @start: where the document begins in @text
 * @pos: how far it was looked at
 * @base: offset of @text in the file
 * @depth: objects and arrays that are open at @pos
 * @in_string: @pos is in a string
 * @is_escaped: behind a backslash there
 * @members: members that the document has written down so far
 * @is_lost: where the next document begins is not known
 */
struct reader {
	struct cmd *cmd;
	const char *file;
	FILE *from;
	char *text;
	size_t size;
	size_t len;
	size_t start;
	size_t pos;
	unsigned long long base;
	unsigned int depth;
	bool in_string;
	bool is_escaped;
	size_t members;
	bool is_lost;
};

int reader_open(struct reader *r, struct cmd *cmd, const char *file);
void reader_use(struct reader *r, struct cmd *cmd, const char *file,
		FILE *from);
void reader_close(struct reader *r);
int reader_peek(struct reader *r, int *first);
int reader_rest(struct reader *r);
int read_document(struct reader *r, struct json_object **json);

/* choose.c */
int open_recorded(struct reader *r, const char *which,
		  struct vfio_compat_object **obj);

/* duplicate.c */
char *find_duplicate(const char *text, size_t len, size_t *at);

#endif /* _VFIO_COMPAT_READER_H */
