// SPDX-License-Identifier: GPL-2.0-only
/*
 * A profile that changes between PRE_COPY and STOP_COPY: the destination has
 * agreed to a line that does not hold any more, so the source must not go on.
 * It runs on, and is migrated anew by what it says then.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "change.h"

/**
 * struct scene - one change of one source
 * @m: the matrix
 * @src: the source's type
 * @dst: the destination's type, which does not change
 * @name: what is changed
 * @wrong: what went wrong first
 */
struct scene {
	struct matrix *m;
	struct place *src;
	struct place *dst;
	const char *name;
	char wrong[400];
};

static void wrong(struct scene *s, const char *fmt, ...)
	__attribute__((__format__(printf, 2, 3)));

static void wrong(struct scene *s, const char *fmt, ...)
{
	size_t len;
	va_list args;

	if (s->wrong[0])
		return;
	len = snprintf(s->wrong, sizeof(s->wrong), "%s, %s: ",
		       personality_name(s->src->config.personality), s->name);
	va_start(args, fmt);
	vsnprintf(s->wrong + len, sizeof(s->wrong) - len, fmt, args);
	va_end(args);
}

/* ---- what is changed ---- */

static void change_nothing(struct config *c)
{
	(void)c;
}

static void change_bugfix(struct config *c)
{
	snprintf(c->version, sizeof(c->version), "1.1.9");
}

static void change_minor(struct config *c)
{
	snprintf(c->version, sizeof(c->version), "1.2.0");
	if (c->emits[0])
		snprintf(c->emits, sizeof(c->emits), "1.0,1.1,1.2");
}

static void change_needs(struct config *c)
{
	snprintf(c->field[0].needs, sizeof(c->field[0].needs), "8086:591d");
}

static void change_value(struct config *c)
{
	snprintf(c->field[0].accepts, sizeof(c->field[0].accepts),
		 "8086:1912");
}

/* The core refuses a list without the own series. */
static void change_to_bad(struct config *c)
{
	snprintf(c->accepts, sizeof(c->accepts), "1.0");
}

static const struct change {
	const char *name;
	void (*apply)(struct config *c);
	int stop_copy;	/* what entering STOP_COPY is to say */
	bool speaks;	/* afterwards */
} changes[] = {
	{ "nothing", change_nothing, 0, true },
	{ "bugfix", change_bugfix, ESTALE, true },
	{ "minor", change_minor, ESTALE, true },
	{ "needs less", change_needs, ESTALE, true },
	{ "needs what the destination lacks", change_value, ESTALE, true },
	{ "the core refuses it", change_to_bad, EOPNOTSUPP, false },
};

/* ---- the scene ---- */

static int set_state(struct instance *inst, unsigned int state)
{
	return -vmig_set_state(&inst->dev, state);
}

/* Up to where the source would be stopped: the header has gone over. */
static bool pre_copy(struct scene *s, struct instance *src,
		     struct instance *dst, struct vmig_stream *stream)
{
	int ret = set_state(src, VFIO_DEVICE_STATE_PRE_COPY);

	ret = ret ? ret : set_state(dst, VFIO_DEVICE_STATE_RESUMING);
	ret = ret ? ret : -vmig_pull(&src->dev, stream);
	ret = ret ? ret : -vmig_push(&dst->dev, stream->data, stream->used, 0);
	if (ret)
		wrong(s, "before the change: %s", strerror(ret));
	if (!ret && !stream->used)
		wrong(s, "nothing goes over before STOP_COPY");
	return !ret;
}

static void flash(struct scene *s, const struct config *config, bool good)
{
	int ret;

	s->src->config = *config;
	place_write(s->src);
	ret = -place_flash(s->src);
	if (!ret != good)
		wrong(s, "the driver is told: %s", strerror(ret));
	ret = subject_read(s->m->ctx, &s->src->type, s->src->type_name,
			   s->src->type_dir);
	if (ret != (good ? VFIO_COMPAT_OK : VFIO_COMPAT_UNKNOWN))
		wrong(s, "the tool reads the type: %d", ret);
}

/* Both sides run again, and nothing is left of the attempt. */
static void run_on(struct scene *s, struct instance *src, struct instance *dst)
{
	int ret = set_state(src, VFIO_DEVICE_STATE_RUNNING);

	if (ret)
		wrong(s, "the source does not run on: %s", strerror(ret));
	ret = -vmig_reset(&dst->dev);
	if (ret)
		wrong(s, "the destination does not run on: %s", strerror(ret));
}

/* A side that says nothing at present: nobody can tell, and nothing moves. */
static void try_mute(struct scene *s, struct instance *src,
		     struct instance *dst)
{
	struct vmig_stream stream = { 0 };
	struct vmig_outcome out;
	int ret;

	ret = vmig_migrate(&src->dev, &dst->dev, &stream, &out);
	if (ret != -EOPNOTSUPP || out.recovery)
		wrong(s, "migrated from what says nothing: %s",
		      strerror(-ret));
	ret = handshake(&dst->subject, &s->src->type);
	if (ret != EOPNOTSUPP)
		wrong(s, "a handshake with what says nothing: %s",
		      strerror(ret));
	ret = vmig_migrate(&dst->dev, &src->dev, &stream, &out);
	if (ret != -EOPNOTSUPP || out.recovery)
		wrong(s, "migrated to what says nothing: %s", strerror(-ret));
	vmig_stream_free(&stream);
}

/* Without PRE_COPY (Linux 6.1) it changes between two migrations. */
static void interrupt(struct scene *s, const struct change *change,
		      struct instance *src, struct instance *dst,
		      const struct config *after)
{
	bool middle = src->dev.flags & VFIO_MIGRATION_PRE_COPY;
	struct vmig_stream stream = { 0 };
	int ret;

	if (middle && !pre_copy(s, src, dst, &stream))
		middle = false;
	flash(s, after, change->speaks);
	if (middle) {
		ret = set_state(src, VFIO_DEVICE_STATE_STOP_COPY);
		if (ret != change->stop_copy)
			wrong(s, "entering STOP_COPY: %s, not %s",
			      strerrorname_np(ret),
			      strerrorname_np(change->stop_copy));
	}
	vmig_stream_free(&stream);
	run_on(s, src, dst);
}

static void change_in_the_middle(struct scene *s, const struct change *change)
{
	struct instance *src = place_source(s->src, 0);
	struct instance *dst = place_dest(s->dst, 0);
	struct config before = s->src->config, after = before;

	change->apply(&after);
	interrupt(s, change, src, dst, &after);
	if (instance_read(src) != change->speaks)
		wrong(s, "the source %s", change->speaks ? "says nothing" :
							   "still speaks");
	if (change->speaks) {
		pair_to_type(s->m, s->src, s->dst);
		pair_instances(s->m, s->src, s->dst, 0);
	} else {
		try_mute(s, src, dst);
	}
	flash(s, &before, true);
	if (!instance_read(src))
		wrong(s, "the source does not speak again");
	else
		pair_instances(s->m, s->src, s->dst, 0);
}

static void do_personality(struct matrix *m, const struct config *config)
{
	struct place *src = place_open(m->ctx, config);
	struct place *dst = place_open(m->ctx, config);
	unsigned int i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct scene s = {
			.m = m, .src = src, .dst = dst,
			.name = changes[i].name,
		};

		change_in_the_middle(&s, &changes[i]);
		report_extra(EXTRA_CHANGES, s.wrong[0] ? s.wrong : NULL);
	}
	place_close(src);
	place_close(dst);
}

/**
 * do_changes - each change with each driver
 * @m: the matrix
 */
void do_changes(struct matrix *m)
{
	struct config config;
	int i, tried = 0;

	for (i = NO_VARIATION; i < config_count(); i++) {
		if (!config_make(&config, i, NO_VARIATION))
			continue;
		/* the first of each driver is its base */
		if (config.personality == VGPU && i != NO_VARIATION)
			continue;
		if (tried & 1 << config.personality)
			continue;
		tried |= 1 << config.personality;
		do_personality(m, &config);
	}
}
