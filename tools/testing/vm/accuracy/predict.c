// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tool's answers, by its library; see predict.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "predict.h"
#include "profile_util.h"

static char error[1024];

const char *rule_name(enum rule rule)
{
	static const char * const names[] = {
		"device_api", "type", "software_version", "field",
		"dynamic_resources", "vendor",
	};

	return names[rule];
}

/* What was wrong with the last subject that could not be read. */
const char *subject_error(void)
{
	return error;
}

static int keep_error(struct vfio_compat *ctx, int ret)
{
	const struct vfio_compat_error *e = vfio_compat_last_error(ctx);

	snprintf(error, sizeof(error), "%s: %s", e->path, e->message);
	return ret;
}

static int read_line(struct vfio_compat *ctx, struct subject *s)
{
	char path[600];
	int len;

	snprintf(path, sizeof(path), "%s/migration_version", s->path);
	len = pu_read(path, s->line, sizeof(s->line));
	if (len < 0) {
		snprintf(error, sizeof(error), "%s: %s", path, strerror(-len));
		return VFIO_COMPAT_IO;
	}
	len = vfio_compat_open_line(ctx, s->name, s->line, len, &s->bare);
	return len ? keep_error(ctx, len) : 0;
}

/**
 * subject_read - read what a type or an instance says, anew
 * @ctx: the library
 * @s: receives it; all zero, or read before
 * @name: what the tool calls it
 * @path: its node
 *
 * Return: 0, or what the library said; subject_error() has more.
 */
int subject_read(struct vfio_compat *ctx, struct subject *s, const char *name,
		 const char *path)
{
	int ret;

	subject_free(s);
	snprintf(s->name, sizeof(s->name), "%s", name);
	snprintf(s->path, sizeof(s->path), "%s", path);
	ret = vfio_compat_open(ctx, name, &s->obj);
	if (ret)
		return keep_error(ctx, ret);
	return read_line(ctx, s);
}

void subject_free(struct subject *s)
{
	unsigned int i;

	vfio_compat_object_free(s->obj);
	vfio_compat_object_free(s->bare);
	for (i = 0; i < 3; i++)
		free(s->labels[i]);
	*s = (struct subject){ .line = "" };
}

static unsigned int failing_rules(const struct vfio_compat_verdict *v)
{
	unsigned int i, rule, bits = 0;

	for (i = 0; i < vfio_compat_verdict_count(v); i++)
		for (rule = 0; rule < NR_RULES; rule++)
			if (vfio_compat_reason_result(v, i) == VFIO_COMPAT_FAIL &&
			    !strcmp(vfio_compat_reason_rule(v, i),
				    rule_name(rule)))
				bits |= 1 << rule;
	return bits;
}

static int predict_bare(struct subject *src, struct subject *dst,
			struct answer *answer)
{
	struct vfio_compat_verdict *v;
	int ret = vfio_compat_compare(src->bare, dst->obj, &v);

	if (ret)
		return ret;
	answer->bare = vfio_compat_verdict_result(v);
	vfio_compat_verdict_free(v);
	return 0;
}

/**
 * predict - all that the tool says of a pair
 * @src: the source
 * @dst: the destination
 * @probe: ask its driver too
 * @answer: receives it
 *
 * Return: 0, or what the library said.
 */
int predict(struct subject *src, struct subject *dst, bool probe,
	    struct answer *answer)
{
	struct vfio_compat_verdict *v;
	int ret = vfio_compat_compare(src->obj, dst->obj, &v);

	*answer = (struct answer){ 0 };
	if (ret)
		return ret;
	answer->result = vfio_compat_verdict_result(v);
	answer->probed = answer->result;
	answer->back = vfio_compat_verdict_return(v);
	answer->cross_type = vfio_compat_verdict_cross_type(v);
	ret = predict_bare(src, dst, answer);
	if (probe) {
		answer->probe_code = vfio_compat_probe(v);
		answer->probed = vfio_compat_verdict_result(v);
	}
	answer->failed = failing_rules(v);
	vfio_compat_verdict_free(v);
	return ret;
}

/**
 * handshake - what the destination's driver says
 * @src: the source, whose line is written
 * @dst: the destination, to whose migration_version
 *
 * Return: 0 or an errno.
 */
int handshake(const struct subject *src, const struct subject *dst)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/migration_version", dst->path);
	return -pu_write(path, src->line, strlen(src->line));
}

/* ---- the command itself, which must say what its library says ---- */

static int run(char * const *argv)
{
	posix_spawn_file_actions_t files;
	int ret, status;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null",
					 O_WRONLY, 0);
	ret = posix_spawnp(&pid, argv[0], &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	if (ret || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/**
 * command_answer - run "vfio-compat compare" on a pair
 * @src: the source
 * @dst: the destination
 * @probe: with --probe
 * @cross_type: with --cross-type
 *
 * Return: its exit code, or -1 if it could not be run.
 */
int command_answer(const struct subject *src, const struct subject *dst,
		   bool probe, bool cross_type)
{
	const char *argv[8] = { "vfio-compat", "compare" };
	int n = 2;

	if (probe)
		argv[n++] = "--probe";
	if (cross_type)
		argv[n++] = "--cross-type";
	argv[n++] = src->name;
	argv[n] = dst->name;
	return run((char * const *)argv);
}
