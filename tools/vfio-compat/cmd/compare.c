// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat compare: judging a pair, or many, and the answer as JSON.
 */
#include <errno.h>
#include <string.h>

#include "explain.h"

/* ---- JSON ---- */

static struct json_object *json_three(enum vfio_compat_result result)
{
	if (result == VFIO_COMPAT_UNDECIDED)
		return NULL;
	return json_object_new_boolean(result == VFIO_COMPAT_PASS);
}

static const char *result_text(struct cmd *cmd, struct pair *pair)
{
	static const char * const names[] = {
		"compatible", "incompatible", "unknown",
	};

	if (cmd->code == VFIO_COMPAT_USAGE || cmd->code == VFIO_COMPAT_IO)
		return NULL;
	if (!pair->verdict || cmd->code == VFIO_COMPAT_UNKNOWN)
		return "unknown";
	return names[vfio_compat_verdict_result(pair->verdict)];
}

static void fill_json(struct cmd *cmd, struct pair *pair)
{
	struct vfio_compat_verdict *verdict = pair->verdict;
	bool probed = verdict && vfio_compat_verdict_probed(verdict);
	struct json_object *out = cmd->out;

	json_object_object_add(out, "source",
			       pair->src ? json_of_object(pair->src) : NULL);
	json_object_object_add(out, "destination",
			       pair->dst ? json_of_object(pair->dst) : NULL);
	json_object_object_add(out, "result", json_text(result_text(cmd, pair)));
	json_object_object_add(out, "cross_type", !verdict ? NULL :
		json_object_new_boolean(vfio_compat_verdict_cross_type(verdict)));
	json_object_object_add(out, "permitted",
			       json_object_new_boolean(pair->permitted));
	json_object_object_add(out, "can_return", !verdict ? NULL :
		json_three(vfio_compat_verdict_return(verdict)));
	json_object_object_add(out, "probed", json_object_new_boolean(probed));
	json_object_object_add(out, "pin", !verdict ? NULL :
		json_text(vfio_compat_verdict_pin(verdict)));
	json_object_object_add(out, "reasons", json_reasons(verdict));
}

/* ---- one pair ---- */

static void take_verdict(struct cmd *cmd, struct pair *pair)
{
	struct vfio_compat_verdict *verdict = pair->verdict;
	enum vfio_compat_result result;
	int ret = VFIO_COMPAT_OK;

	if (cmd->probe)
		ret = vfio_compat_probe(verdict);
	if (ret)
		cmd_error(cmd);
	result = vfio_compat_verdict_result(verdict);
	if (result == VFIO_COMPAT_FAIL)
		cmd_code(cmd, VFIO_COMPAT_INCOMPATIBLE);
	if (result == VFIO_COMPAT_UNDECIDED)
		cmd_code(cmd, VFIO_COMPAT_UNKNOWN);
	if (result == VFIO_COMPAT_PASS && !cmd->cross_type &&
	    vfio_compat_verdict_cross_type(verdict))
		cmd_code(cmd, VFIO_COMPAT_CROSS_TYPE);
	pair->permitted = cmd->code == VFIO_COMPAT_OK;
}

static void refuse_line(struct cmd *cmd, struct vfio_compat_object *dst)
{
	cmd_fail(cmd, VFIO_COMPAT_USAGE, 0, vfio_compat_object_name(dst), NULL,
		 "is a bare line: expected one that says what it accepts; give a type or a device");
}

static void free_pair(struct pair *pair)
{
	vfio_compat_verdict_free(pair->verdict);
	vfio_compat_object_free(pair->src);
	vfio_compat_object_free(pair->dst);
}

/* Everything but the printing. */
static void judge_pair(struct cmd *cmd, char **args, struct pair *pair)
{
	open_object(cmd, args[0], &pair->src);
	open_object(cmd, args[1], &pair->dst);
	if (pair->dst &&
	    vfio_compat_object_node(pair->dst) == VFIO_COMPAT_LINE)
		refuse_line(cmd, pair->dst);
	if (!pair->src || !pair->dst || cmd->code)
		return;
	if (vfio_compat_compare(pair->src, pair->dst, &pair->verdict))
		cmd_error(cmd);
	else
		take_verdict(cmd, pair);
}

/* ---- many pairs ---- */

#define PAIR_MAX 8192	/* bytes of a line of two operands */

/* Split a line in place.  Return: whether it is two operands. */
static bool split(char *line, char **args)
{
	static const char blank[] = " \t\r\n";
	char *rest = NULL;

	args[0] = strtok_r(line, blank, &rest);
	args[1] = strtok_r(NULL, blank, &rest);
	return args[1] && !strtok_r(NULL, blank, &rest);
}

/* One pair as a run of its own, whose document is one line. */
static int run_line(struct cmd *cmd, char *line, unsigned long number)
{
	const int flags = JSON_C_TO_STRING_PLAIN |
			  JSON_C_TO_STRING_NOSLASHESCAPE;
	struct pair pair = { NULL, NULL, NULL, false };
	struct cmd one = *cmd;
	char *args[2];

	one.code = VFIO_COMPAT_OK;
	one.has_input = true;
	one.out = json_object_new_object();
	one.errors = json_object_new_array();
	json_object_object_add(one.out, "schema", json_text(SCHEMA));
	json_object_object_add(one.out, "kind", json_text(cmd->verb->name));
	if (split(line, args))
		judge_pair(&one, args, &pair);
	else
		cmd_fail(&one, VFIO_COMPAT_USAGE, 0, NULL, NULL,
			 "line %lu of standard input is no pair: expected SOURCE and DESTINATION, with a blank between them",
			 number);
	fill_json(&one, &pair);
	json_object_object_add(one.out, "code", json_object_new_int(one.code));
	json_object_object_add(one.out, "errors", one.errors);
	puts(json_object_to_json_string_ext(one.out, flags));
	fflush(stdout);
	json_object_put(one.out);
	free_pair(&pair);
	return one.code;
}

/*
 * One line, without its newline.  One that is too long or has a NUL is no pair,
 * and passed over.
 *
 * Return: false at the end.
 */
static bool read_line(char *line, bool *is_bad)
{
	size_t len = 0;
	int c;

	*is_bad = false;
	while ((c = getchar()) != EOF && c != '\n') {
		*is_bad |= !c || len == PAIR_MAX - 1;
		if (!*is_bad)
			line[len++] = c;
	}
	line[*is_bad ? 0 : len] = '\0';
	return !ferror(stdin) && (c != EOF || len || *is_bad);
}

/*
 * Whatever the answers are, the exit code says whether there was one for each
 * pair.
 */
static void run_batch(struct cmd *cmd)
{
	char line[PAIR_MAX];
	unsigned long number = 0;
	bool is_bad;
	int code;

	while (!ferror(stdout) && read_line(line, &is_bad)) {
		number++;
		if (!is_bad && !line[strspn(line, " \t\r")])
			continue;
		code = run_line(cmd, line, number);
		if (code == VFIO_COMPAT_USAGE || code == VFIO_COMPAT_IO)
			cmd_code(cmd, code);
	}
	if (ferror(stdin))
		cmd_fail(cmd, VFIO_COMPAT_IO, errno, "-", NULL,
			 "%s: expected a pair on each line; give a file that can be read",
			 strerror(errno));
	cmd->json = false;
}

/* ---- the verb ---- */

void run_compare(struct cmd *cmd, char **args)
{
	struct pair pair = { NULL, NULL, NULL, false };

	if (cmd->batch && !cmd->code) {
		run_batch(cmd);
		return;
	}
	if (args[0])
		judge_pair(cmd, args, &pair);
	if (cmd->json)
		fill_json(cmd, &pair);
	else
		explain(cmd, &pair);
	free_pair(&pair);
}
