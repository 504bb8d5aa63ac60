// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real migrations: values are put into both sides, and looked at afterwards.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "move.h"

#define REG_REGION	0
#define MEM_REGION	1
#define REGS_MAX	16
#define REGS_BASE	8	/* of the series with minor 0 */
#define HEADER_SIZE	16	/* in front of the line */

static struct vmig_stream stream;

void move_end(void)
{
	vmig_stream_free(&stream);
}

/* Random bytes, with runs of equal ones in memory. */
void move_random(struct rng *rng, struct values *values)
{
	unsigned int i, at = 0;

	for (i = 0; i < REG_BYTES; i++)
		values->reg[i] = rng_below(rng, 256);
	while (at < MEM_BYTES) {
		unsigned int len = 1 + rng_below(rng, 200);
		bool run = rng_below(rng, 2);
		unsigned char byte = rng_below(rng, 256);

		for (; len && at < MEM_BYTES; len--)
			values->mem[at++] = run ? byte : rng_below(rng, 256);
	}
}

static void must(int ret, const struct instance *inst, const char *what)
{
	if (ret)
		die("%s (%s): %s: %s", inst->uuid, inst->place->config.name,
		    what, strerror(-ret));
}

static void put(struct instance *inst, const struct values *v)
{
	must(vmig_write_region(&inst->dev, REG_REGION, 0, v->reg, REG_BYTES),
	     inst, "registers cannot be written");
	must(vmig_write_region(&inst->dev, MEM_REGION, 0, v->mem, MEM_BYTES),
	     inst, "memory cannot be written");
}

static void get(struct instance *inst, struct values *v)
{
	must(vmig_read_region(&inst->dev, REG_REGION, 0, v->reg, REG_BYTES),
	     inst, "registers cannot be read");
	must(vmig_read_region(&inst->dev, MEM_REGION, 0, v->mem, MEM_BYTES),
	     inst, "memory cannot be read");
}

/* Registers in use: as many as the series that it emits has. */
static unsigned int registers(const struct instance *inst)
{
	const char *version = vfio_compat_object_version(inst->subject.obj);
	unsigned int minor;

	if (!version || sscanf(version, "%*u.%u", &minor) != 1)
		die("%s: no version", inst->uuid);
	return minor < REGS_MAX - REGS_BASE ? REGS_BASE + minor : REGS_MAX;
}

static void broken(struct move *m, const char *fmt, ...)
	__attribute__((__format__(printf, 2, 3)));

static void broken(struct move *m, const char *fmt, ...)
{
	va_list args;

	if (m->outcome == BROKEN)
		return;
	m->outcome = BROKEN;
	va_start(args, fmt);
	vsnprintf(m->why, sizeof(m->why), fmt, args);
	va_end(args);
}

/* The device holds these values, in as many registers; none are in others. */
static void expect(struct instance *inst, const struct values *v,
		   unsigned int regs, struct move *m, const char *when)
{
	struct values now;
	unsigned int i;

	get(inst, &now);
	for (i = 0; i < REG_BYTES; i++)
		if (now.reg[i] != (i < 4 * regs ? v->reg[i] : 0))
			break;
	if (i < REG_BYTES)
		broken(m, "%s: register %u differs", when, i / 4);
	for (i = 0; i < MEM_BYTES && now.mem[i] == v->mem[i]; i++)
		;
	if (i < MEM_BYTES)
		broken(m, "%s: byte %u of the memory differs", when, i);
}

/* What the destination was told of the source is what the source says. */
static void expect_line(struct instance *src, struct move *m)
{
	const char *line = src->subject.line;
	size_t len = strlen(line) - 1;

	if (stream.used < HEADER_SIZE + len ||
	    memcmp(stream.data + HEADER_SIZE, line, len))
		broken(m, "the line in the stream is another one");
}

static void arrived(struct instance *src, struct instance *dst,
		    const struct values *v, struct move *m)
{
	unsigned int from = registers(src), to = registers(dst);

	m->outcome = ARRIVED;
	expect(dst, v, from < to ? from : to, m, "arrived");
	expect(src, v, from, m, "source of what was taken");
	expect_line(src, m);
	must(vmig_set_state(&src->dev, VFIO_DEVICE_STATE_RUNNING), src,
	     "does not run again");
}

/**
 * move - migrate one device to another
 * @src: the source, open; it runs afterwards
 * @dst: the destination, open; it runs afterwards
 * @rng: for what is in the destination before
 * @values: what is put into the source, or NULL to take what it has
 * @m: receives how it ended
 */
void move(struct instance *src, struct instance *dst, struct rng *rng,
	  const struct values *values, struct move *m)
{
	struct values before, now;
	struct vmig_outcome out;

	*m = (struct move){ 0 };
	move_random(rng, &before);
	put(dst, &before);
	if (values)
		put(src, values);
	else
		get(src, &now);
	values = values ? values : &now;
	m->error = -vmig_migrate(&src->dev, &dst->dev, &stream, &out);
	if (!m->error) {
		arrived(src, dst, values, m);
		return;
	}
	m->outcome = REFUSED;
	if (!vmig_refused(&out))
		broken(m, "%s: %s", vmig_step_name(out.step),
		       strerror(m->error));
	else if (src->dev.flags & VFIO_MIGRATION_PRE_COPY &&
		 out.step != VMIG_WRITE_PRE_COPY)
		broken(m, "refused after the source was stopped");
	if (out.recovery)
		broken(m, "after a refusal: %s", strerror(-out.recovery));
	expect(dst, &before, registers(dst), m, "refused");
	expect(src, values, registers(src), m, "source of what was refused");
	if (out.step != VMIG_RESUMING)
		expect_line(src, m);
}
