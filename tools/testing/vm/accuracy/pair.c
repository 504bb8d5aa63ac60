// SPDX-License-Identifier: GPL-2.0-only
/*
 * One pair: the tool is asked, the driver is asked, and it is really migrated.
 * Nothing here knows a rule: answers are held against one another, and against
 * what the pair was made to be.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "pair.h"

#define PROBE_ONE_IN	16	/* of pairs that need no probe */
#define BACK_ONE_IN	4	/* of ways back without a pin */
#define NO_ANSWER	(-1)

bool matrix_full(const struct matrix *m)
{
	return report_pairs() >= m->pairs;
}

/* ---- asking ---- */

/* errno that the tool's answer stands for, with a probe if it needs one. */
static int tool_errno(const struct answer *a)
{
	static const int errnos[] = {
		[VFIO_COMPAT_PASS] = 0,
		[VFIO_COMPAT_FAIL] = EMEDIUMTYPE,
		[VFIO_COMPAT_UNDECIDED] = NO_ANSWER,
	};

	return errnos[a->probe_code ? VFIO_COMPAT_UNDECIDED : a->probed];
}

/* Unknown is allowed only where the destination has a rule of its own. */
static void judge_tool(struct pair *pair)
{
	const struct answer *a = &pair->answer;

	if (a->bare != a->result)
		disagree(pair, "the tool, by sysfs and by the line alone");
	if (a->result == VFIO_COMPAT_UNDECIDED && !has_check(pair->dst))
		disagree(pair, "the tool does not know, although nothing is hidden");
	if (a->result == VFIO_COMPAT_UNDECIDED && !a->probe_code &&
	    a->probed == VFIO_COMPAT_UNDECIDED)
		disagree(pair, "with a probe the tool does not know either");
	if (a->result != VFIO_COMPAT_UNDECIDED &&
	    (a->probe_code || a->probed != a->result))
		disagree(pair, "the tool, with and without a probe");
}

static const struct instance *instance_of(const struct subject *s)
{
	return (const struct instance *)((const char *)s -
					 offsetof(struct instance, subject));
}

/* Tool and driver ask the same engine; this does not. */
static void judge_engine(struct pair *pair)
{
	bool from_type = pair->kind == TYPE_TO_TYPE;
	bool to_type = from_type || pair->kind == INSTANCE_TO_TYPE;
	const struct side src = {
		&pair->from->config, from_type ? NULL : instance_of(pair->src),
	};
	const struct side dst = {
		&pair->to->config, to_type ? NULL : instance_of(pair->dst),
	};
	int expected = expect_errno(&src, &dst);

	if (pair->handshake != expected)
		disagree(pair, "the handshake and what the pair was made to be, %s",
			 expected ? strerrorname_np(expected) : "compatible");
}

/* A driver that could not decide says neither yes nor no. */
static void judge_handshake(struct pair *pair)
{
	int said = pair->handshake, expected = tool_errno(&pair->answer);

	if (expected == NO_ANSWER ? !said || said == EMEDIUMTYPE :
				    said != expected)
		disagree(pair, "the tool and the handshake");
}

static void ask(struct matrix *m, struct pair *pair)
{
	bool probe = !rng_below(&m->rng, PROBE_ONE_IN);
	int ret = predict(pair->src, pair->dst, probe, &pair->answer);

	if (!ret && !probe && pair->answer.result == VFIO_COMPAT_UNDECIDED)
		ret = predict(pair->src, pair->dst, true, &pair->answer);
	if (ret)
		disagree(pair, "the tool cannot compare: %d", ret);
	pair->handshake = handshake(pair->src, pair->dst);
	judge_tool(pair);
	judge_handshake(pair);
	judge_engine(pair);
}

static void begin(struct pair *pair, enum kind kind, struct subject *src,
		  const struct place *from, struct subject *dst,
		  const struct place *to)
{
	*pair = (struct pair){
		.kind = kind, .src = src, .from = from, .dst = dst, .to = to,
	};
}

/* ---- the real migration ---- */

static void judge_move(struct pair *pair)
{
	const struct move *m = &pair->move;

	if (m->outcome == BROKEN)
		disagree(pair, "the real migration: %s", m->why);
	else if (m->error != pair->handshake)
		disagree(pair, "the handshake and the real migration");
}

static void migrate(struct matrix *m, struct pair *pair, struct instance *src,
		    struct instance *dst, const struct values *values)
{
	move(src, dst, &m->rng, values, &pair->move);
	judge_move(pair);
}

/* No migration, if the driver refused a value for what it is. */
static bool set_aside(struct pair *pair, const struct instance *dst)
{
	pair->aside = dst->refused;
	if (dst->odd)
		disagree(pair, "a value that is %s",
			 dst->refused ? "refused" : "not refused");
	return dst->refused;
}

/* ---- labels and the command ---- */

/* A type without check() promises that labels are as good as the rules. */
static void check_labels(struct pair *pair)
{
	const struct answer *a = &pair->answer;
	bool takes = a->result == VFIO_COMPAT_PASS, cross;
	unsigned int i;
	char text[320];

	if (has_check(pair->dst))
		return;
	for (i = 0; i < 2; i++) {
		cross = i;
		if (labels_fit(pair->src, pair->dst, cross) ==
		    (takes && (cross || !a->cross_type))) {
			report_extra(EXTRA_LABELS, NULL);
			continue;
		}
		snprintf(text, sizeof(text), "%s -> %s, %s types", pair->src->name,
			 pair->dst->name, cross ? "all" : "equal");
		report_extra(EXTRA_LABELS, text);
	}
}

/* The strongest of the codes that apply, as the manual has it. */
static int expected_exit(const struct answer *a, bool probe, bool cross)
{
	enum vfio_compat_result result = probe ? a->probed : a->result;

	if (probe && a->probe_code == VFIO_COMPAT_IO)
		return VFIO_COMPAT_IO;
	if (result == VFIO_COMPAT_FAIL)
		return VFIO_COMPAT_INCOMPATIBLE;
	if (result == VFIO_COMPAT_UNDECIDED || (probe && a->probe_code))
		return VFIO_COMPAT_UNKNOWN;
	return a->cross_type && !cross ? VFIO_COMPAT_CROSS_TYPE :
					 VFIO_COMPAT_OK;
}

/* Spread evenly over all pairs. */
static void check_command(struct matrix *m, struct pair *pair)
{
	bool probe, cross;
	int said, expected;
	char text[400];

	if (report_commands() >= m->commands ||
	    report_pairs() * m->commands < report_commands() * m->pairs)
		return;
	probe = pair->answer.result == VFIO_COMPAT_UNDECIDED &&
		rng_below(&m->rng, 2);
	cross = rng_below(&m->rng, 2);
	said = command_answer(pair->src, pair->dst, probe, cross);
	expected = expected_exit(&pair->answer, probe, cross);
	snprintf(text, sizeof(text), "%s -> %s%s%s: exit code %d, not %d",
		 pair->src->name, pair->dst->name, probe ? " --probe" : "",
		 cross ? " --cross-type" : "", said, expected);
	report_extra(EXTRA_COMMANDS, said == expected ? NULL : text);
}

static void end(struct matrix *m, struct pair *pair)
{
	check_command(m, pair);
	report_pair(pair);
	report_progress(m->pairs);
}

/* ---- kinds of pairs ---- */

/**
 * pair_types - a type as the source, a type as the destination
 * @m: the matrix
 * @a: the source; its instance is not pinned
 * @b: the destination
 *
 * What is compatible is tried: an instance of the one, to a new one of the
 * other.
 */
void pair_types(struct matrix *m, struct place *a, struct place *b)
{
	struct instance *src = place_source(a, 0), *dst;
	struct values values;
	struct pair pair;

	begin(&pair, TYPE_TO_TYPE, &a->type, a, &b->type, b);
	ask(m, &pair);
	check_labels(&pair);
	if (!pair.handshake) {
		dst = place_claim(b, src);
		move_random(&m->rng, &values);
		if (!set_aside(&pair, dst))
			migrate(m, &pair, src, dst, &values);
	}
	end(m, &pair);
}

/* What arrived goes back where it came from. */
static void pair_back(struct matrix *m, struct pair *there,
		      struct instance *src, struct instance *dst)
{
	struct pair pair;

	begin(&pair, AND_BACK, &dst->subject, there->to, &src->subject,
	      there->from);
	ask(m, &pair);
	if (pair.answer.result != there->answer.back)
		disagree(&pair, "the tool, of the way back and before");
	migrate(m, &pair, dst, src, NULL);
	end(m, &pair);
}

static bool is_pinned(const struct instance *inst)
{
	return vfio_compat_object_pin(inst->subject.obj);
}

/*
 * Answers about the type hold for the instance that was made of it; a value
 * that the driver refused is no answer.
 */
static void try_claimed(struct matrix *m, struct pair *pair,
			struct instance *src, struct instance *dst,
			const struct values *values)
{
	struct pair claimed;

	begin(&claimed, INSTANCE_TO_INSTANCE, pair->src, pair->from,
	      &dst->subject, pair->to);
	ask(m, &claimed);
	if (claimed.wrong[0])
		disagree(pair, "after the claim: %s", claimed.wrong);
	if (claimed.handshake != pair->handshake)
		disagree(pair, "the handshakes before and after the claim: %s",
			 strerrorname_np(claimed.handshake));
	pair->answer.back = claimed.answer.back;
	migrate(m, pair, src, dst, values);
}

/**
 * pair_to_type - an instance as the source, a type as the destination
 * @m: the matrix
 * @a: the source, its instance in the present state
 * @b: the destination
 */
void pair_to_type(struct matrix *m, struct place *a, struct place *b)
{
	struct instance *src = a->source, *dst;
	struct values values;
	struct pair pair;

	begin(&pair, INSTANCE_TO_TYPE, &src->subject, a, &b->type, b);
	ask(m, &pair);
	check_labels(&pair);
	dst = place_claim(b, src);
	move_random(&m->rng, &values);
	if (!set_aside(&pair, dst))
		try_claimed(m, &pair, src, dst, &values);
	end(m, &pair);
	if (pair.move.outcome == ARRIVED &&
	    (is_pinned(src) || is_pinned(dst) ||
	     !rng_below(&m->rng, BACK_ONE_IN)))
		pair_back(m, &pair, src, dst);
}

/**
 * pair_instances - an instance as the source, another one as the destination
 * @m: the matrix
 * @a: the source, its instance in the present state
 * @b: the destination
 * @state: state of its instance
 */
void pair_instances(struct matrix *m, struct place *a, struct place *b,
		    unsigned int state)
{
	struct instance *src = a->source, *dst = place_dest(b, state);
	struct values values;
	struct pair pair;

	begin(&pair, INSTANCE_TO_INSTANCE, &src->subject, a, &dst->subject, b);
	ask(m, &pair);
	move_random(&m->rng, &values);
	migrate(m, &pair, src, dst, &values);
	end(m, &pair);
}
