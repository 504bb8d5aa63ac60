// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a file of inventories: nothing breaks, what is taken is one
 * document after the other, with no member twice, and errors have a message.
 */
#include <stdint.h>
#include <string.h>

#include "reader.h"

/* The name that libFuzzer calls it by. */
int fuzz_one(const uint8_t *data, size_t size)
	__asm__("LLVMFuzzerTestOneInput");

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* In place of what main.c prints. */
void cmd_problem(struct cmd *cmd, const struct vfio_compat_error *error)
{
	must(error->code && error->message && error->message[0]);
	cmd->code = error->code;
}

void cmd_error(struct cmd *cmd)
{
	cmd_problem(cmd, vfio_compat_last_error(cmd->ctx));
}

int cmd_fail(struct cmd *cmd, int code, int err, const char *object,
	     const char *path, const char *fmt, ...)
{
	struct vfio_compat_error error = {
		.code = code, .err = err, .object = object, .path = path,
	};
	va_list args;
	char *text;

	va_start(args, fmt);
	text = formatted(fmt, args);
	va_end(args);
	error.message = text;
	cmd_problem(cmd, &error);
	free(text);
	return code;
}

/* Each object against the one before it, and with itself. */
static void try_object(struct cmd *cmd, struct json_object *json,
		       struct vfio_compat_object **last)
{
	struct vfio_compat_verdict *verdict;
	struct vfio_compat_object *obj;
	int ret = make_object(cmd, "fuzz", json, &obj);

	must(!obj == (ret && ret != VFIO_COMPAT_UNKNOWN));
	if (!obj)
		return;
	json_object_put(json_of_object(obj));
	if (!vfio_compat_compare(obj, obj, &verdict))
		vfio_compat_verdict_free(verdict);
	if (*last && !vfio_compat_compare(*last, obj, &verdict)) {
		vfio_compat_verdict_surplus(verdict);
		vfio_compat_verdict_free(verdict);
	}
	vfio_compat_object_free(*last);
	*last = obj;
}

static void try_document(struct cmd *cmd, struct reader *r,
			 struct json_object *json)
{
	struct json_object *objects = part(json, "objects", json_type_array);
	struct vfio_compat_object *last = NULL;
	size_t i, at;

	must(!find_duplicate(r->text + r->start, r->pos - r->start, &at));
	for (i = 0; objects && i < json_object_array_length(objects); i++)
		try_object(cmd, json_object_array_get_idx(objects, i), &last);
	vfio_compat_object_free(last);
}

static void try_file(struct cmd *cmd, const uint8_t *data, size_t size)
{
	struct json_object *json;
	struct reader r;
	int ret;

	reader_use(&r, cmd, "fuzz", fmemopen((void *)data, size, "r"));
	do {
		ret = read_document(&r, &json);
		must(!ret || cmd->code == VFIO_COMPAT_IO);
		if (json)
			try_document(cmd, &r, json);
		json_object_put(json);
	} while (json || (ret && !r.is_lost));
	reader_close(&r);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct cmd cmd = { .code = 0 };

	if (vfio_compat_new(&cmd.ctx))
		return 0;
	if (size)
		try_file(&cmd, data, size);
	vfio_compat_unref(cmd.ctx);
	return 0;
}
