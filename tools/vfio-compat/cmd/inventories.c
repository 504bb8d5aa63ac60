// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Going through the objects of many inventories, one after another.
 */
#include "reader.h"

#define ERRORS_MAX 16	/* in one file, before it is given up */

/**
 * struct passage - the way through inventories
 * @reader: the file
 * @visit: what is called for each object
 * @data: its first argument
 * @errors: how many things were wrong with the file
 * @hosts: number of documents
 * @objects: number of objects
 */
struct passage {
	struct reader reader;
	visit_fn visit;
	void *data;
	unsigned int errors;
	size_t hosts;
	size_t objects;
};

static void visit_one(struct passage *p, const char *host,
		      struct json_object *json)
{
	struct vfio_compat_object *obj;
	int ret = make_object(p->reader.cmd, p->reader.file, json, &obj);

	progress(++p->objects, 0, "objects read");
	if (ret && ret != VFIO_COMPAT_UNKNOWN)
		p->errors++;
	else if (p->visit(p->data, host, &obj, ret))
		p->errors = ERRORS_MAX;
	vfio_compat_object_free(obj);
}

/* A host that could print errors only has been asked in vain. */
static bool is_failed(struct passage *p, const char *host,
		      struct json_object *json)
{
	struct json_object *errors = part(json, "errors", json_type_array);
	struct json_object *first = errors ?
		json_object_array_get_idx(errors, 0) : NULL;
	const char *message = text_of(first, "message");

	if (!first)
		return false;
	p->errors++;
	cmd_fail(p->reader.cmd, VFIO_COMPAT_IO, 0, host ? host : p->reader.file,
		 p->reader.file,
		 "has a document with nothing but errors: %s: expected an inventory; make it again",
		 message ? message : "no message");
	return true;
}

static void visit_document(struct passage *p, struct json_object *json)
{
	struct json_object *objects = part(json, "objects", json_type_array);
	const char *host = text_of(json, "host");
	size_t i, count = objects ? json_object_array_length(objects) : 0;

	if (!objects) {
		p->errors++;
		cmd_fail(p->reader.cmd, VFIO_COMPAT_IO, 0,
			 host ? host : p->reader.file, p->reader.file,
			 "has a document without objects: expected what \"vfio-compat inventory\" prints; make it again");
		return;
	}
	if (!count && is_failed(p, host, json))
		return;
	p->hosts++;
	for (i = 0; i < count && p->errors < ERRORS_MAX; i++)
		visit_one(p, host ? host : p->reader.file,
			  json_object_array_get_idx(objects, i));
}

static void visit_file(struct passage *p, struct cmd *cmd, const char *file)
{
	struct json_object *json = NULL;
	bool is_open = !reader_open(&p->reader, cmd, file);
	size_t documents = 0;
	int ret;

	p->errors = 0;
	while (is_open && !p->reader.is_lost && p->errors < ERRORS_MAX) {
		ret = read_document(&p->reader, &json);
		p->errors += !!ret;
		documents += json || ret;
		if (json)
			visit_document(p, json);
		else if (!ret)
			break;
		json_object_put(json);
	}
	if (is_open && !documents && !p->reader.is_lost)
		cmd_fail(cmd, VFIO_COMPAT_IO, 0, file, file,
			 "is empty: expected an inventory; make it again");
	reader_close(&p->reader);
}

/**
 * read_inventories - visit each object of many inventories
 * @cmd: the run; receives the errors
 * @files: their names; a @ before a name may be left out
 * @visit: called with @data, the name of the host, the object, and
 *	VFIO_COMPAT_OK, or VFIO_COMPAT_UNKNOWN if it says nothing; if it does
 *	not return 0 the file is given up; it may keep the object, and sets
 *	the pointer to NULL then
 * @data: first argument of @visit
 *
 * One document is in memory at a time.  What is malformed is reported, and
 * left out.
 *
 * Return: the number of documents.
 */
size_t read_inventories(struct cmd *cmd, char **files, visit_fn visit,
			void *data)
{
	struct passage p = { .visit = visit, .data = data };

	progress(0, 0, "objects read");
	for (; files[0]; files++)
		visit_file(&p, cmd, files[0] + (files[0][0] == '@'));
	progress_end();
	return p.hosts;
}
