// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: what follows the header of a stream.
 *
 *	le32		series, as vp_series() makes it
 *	le16		number of fields that the instance uses, and of each:
 *	le16, text	its length, and "name=value,value"
 *	32 bit each	8 + minor registers, at most 16: little-endian, or
 *			big-endian if the major is odd
 *	memory		4096 bytes if the major is odd; else pairs of a count
 *			from 1 to 255 and the byte that is there as often
 *	le32		CRC of all that
 *
 * A destination takes any series; whether its own type accepts it has been said
 * before.  That it has what the source uses it looks up by itself here, in a
 * way of its own: as hardware does, which does not ask the engine.
 */
#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "mdev_sim.h"

#define OLD_REGS 8
#define RUN_MAX 255

static bool is_odd(u32 series)
{
	return series >> 16 & 1;
}

/**
 * mdev_sim_nr_regs - how many registers a series has
 * @series: the series
 *
 * Return: 8 and one more for each minor, at most 16.
 */
unsigned int mdev_sim_nr_regs(u32 series)
{
	return min_t(u32, MDEV_SIM_REGS, OLD_REGS + (series & 0xffff));
}

static u8 *put_le16(u8 *to, u16 value)
{
	__le16 le = cpu_to_le16(value);

	memcpy(to, &le, sizeof(le));
	return to + sizeof(le);
}

static u8 *put_le32(u8 *to, u32 value)
{
	__le32 le = cpu_to_le32(value);

	memcpy(to, &le, sizeof(le));
	return to + sizeof(le);
}

/* ---- out ---- */

/* A line of fields that is too long for that is none of a valid profile. */
static u8 *put_fields(u8 *to, const struct mdev_sim_spec *spec, u32 series)
{
	size_t left = VP_LINE_MAX;
	u8 *count = to;
	unsigned int i;
	u16 nr = 0;

	to += sizeof(__le16);
	for (i = 0; i < spec->nr_fields && nr < VP_FIELDS_MAX; i++) {
		const struct mdev_sim_field *field = &spec->field[i];
		size_t len;

		if (!mdev_sim_described(spec, i, series))
			continue;
		len = strlen(field->name) + 1 + strlen(field->needs);
		if (len > left)
			break;
		left -= len;
		to = put_le16(to, len);
		/* the NUL is where the next byte goes */
		sprintf(to, "%s=%s", field->name, field->needs);
		to += len;
		nr++;
	}
	put_le16(count, nr);
	return to;
}

static u8 *put_regs(u8 *to, u32 series, const struct mdev_sim_state *state)
{
	unsigned int i;

	for (i = 0; i < mdev_sim_nr_regs(series); i++) {
		__be32 be = cpu_to_be32(le32_to_cpu(state->reg[i]));

		if (is_odd(series))
			memcpy(to, &be, sizeof(be));
		else
			memcpy(to, &state->reg[i], sizeof(state->reg[i]));
		to += sizeof(be);
	}
	return to;
}

static u8 *put_memory(u8 *to, u32 series, const u8 *memory)
{
	unsigned int i = 0, n;

	if (is_odd(series)) {
		memcpy(to, memory, MDEV_SIM_MEMORY);
		return to + MDEV_SIM_MEMORY;
	}
	for (; i < MDEV_SIM_MEMORY; i += n) {
		for (n = 1; n < RUN_MAX && i + n < MDEV_SIM_MEMORY &&
		     memory[i + n] == memory[i];)
			n++;
		*to++ = n;
		*to++ = memory[i];
	}
	return to;
}

/* Series and counts, texts, registers, memory of which no two bytes are equal. */
static_assert(2 * sizeof(__le32) + (1 + VP_FIELDS_MAX) * sizeof(__le16) +
	      VP_LINE_MAX + 1 + MDEV_SIM_REGS * sizeof(__le32) +
	      2 * MDEV_SIM_MEMORY <= MDEV_SIM_DATA_MAX);

/**
 * mdev_sim_encode - what follows the header
 * @spec: what the type is now
 * @series: the series to emit
 * @state: the state
 * @data: receives it; MDEV_SIM_DATA_MAX bytes
 *
 * Return: number of bytes.
 */
size_t mdev_sim_encode(const struct mdev_sim_spec *spec, u32 series,
		       const struct mdev_sim_state *state, u8 *data)
{
	u8 *to = put_le32(data, series);

	to = put_fields(to, spec, series);
	to = put_regs(to, series, state);
	to = put_memory(to, series, state->memory);
	to = put_le32(to, crc32_le(~0, data, to - data));
	return to - data;
}

/* ---- in ---- */

/**
 * struct input - bytes that anybody may have sent
 * @at: the next one
 * @left: how many there are
 */
struct input {
	const u8 *at;
	size_t left;
};

/* The next @len bytes, or NULL if there are fewer. */
static const u8 *take(struct input *in, size_t len)
{
	const u8 *at = in->at;

	if (len > in->left)
		return NULL;
	in->at += len;
	in->left -= len;
	return at;
}

static bool take_le16(struct input *in, u16 *value)
{
	const u8 *at = take(in, sizeof(__le16));

	if (at)
		*value = at[0] | at[1] << 8;
	return at;
}

static bool take_le32(struct input *in, u32 *value)
{
	const u8 *at = take(in, sizeof(__le32));

	if (at)
		*value = at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24;
	return at;
}

/* Any of the lines that say what the type accepts has the value. */
static bool hardware_has(const struct mdev_sim_spec *spec, const char *name,
			 size_t name_len, const char *value, size_t len)
{
	unsigned int i;

	for (i = 0; i < spec->nr_fields; i++) {
		const struct mdev_sim_field *field = &spec->field[i];

		if (field->name && field->series == VP_SERIES_OWN &&
		    strlen(field->name) == name_len &&
		    !memcmp(field->name, name, name_len) &&
		    mdev_sim_listed(field->accepts, value, len))
			return true;
	}
	return false;
}

/* One text: "name=value,value" */
static int check_field(const struct mdev_sim_spec *spec, const char *text,
		       size_t len)
{
	const char *end = text + len, *value = memchr(text, '=', len);
	size_t name_len, n;

	if (!value)
		return -EINVAL;
	name_len = value - text;
	do {
		value++;
		for (n = 0; value + n < end && value[n] != ',';)
			n++;
		if (!hardware_has(spec, text, name_len, value, n))
			return -EIO;
		value += n;
	} while (value < end);
	return 0;
}

static int take_fields(struct input *in, const struct mdev_sim_spec *spec)
{
	int err, ret = 0;
	u16 nr, len;

	if (!take_le16(in, &nr) || nr > VP_FIELDS_MAX)
		return -EINVAL;
	while (nr--) {
		const u8 *text;

		if (!take_le16(in, &len))
			return -EINVAL;
		text = take(in, len);
		err = text ? check_field(spec, text, len) : -EINVAL;
		if (err == -EINVAL)
			return err;
		ret = ret ?: err;
	}
	return ret;
}

static bool take_regs(struct input *in, u32 series,
		      struct mdev_sim_state *state)
{
	unsigned int i;

	memset(state->reg, 0, sizeof(state->reg));
	for (i = 0; i < mdev_sim_nr_regs(series); i++) {
		const u8 *at = take(in, sizeof(__le32));
		__be32 be;

		if (!at)
			return false;
		memcpy(&be, at, sizeof(be));
		if (is_odd(series))
			state->reg[i] = cpu_to_le32(be32_to_cpu(be));
		else
			memcpy(&state->reg[i], at, sizeof(state->reg[i]));
	}
	return true;
}

static bool take_memory(struct input *in, u32 series, u8 *memory)
{
	unsigned int i = 0;
	const u8 *run;

	if (is_odd(series)) {
		run = take(in, MDEV_SIM_MEMORY);
		if (run)
			memcpy(memory, run, MDEV_SIM_MEMORY);
		return run;
	}
	for (; i < MDEV_SIM_MEMORY; i += run[0]) {
		run = take(in, 2);
		if (!run || !run[0] || run[0] > MDEV_SIM_MEMORY - i)
			return false;
		memset(memory + i, run[1], run[0]);
	}
	return true;
}

/**
 * mdev_sim_decode - make a state of what has followed the header
 * @spec: what the type of the destination is now
 * @series: the series that the header has said
 * @data: what has arrived
 * @len: its length
 * @state: receives the state; after an error it is of no use
 * @why: receives what is wrong
 *
 * Return: 0; -EINVAL: it is not what a source sends; -EIO: it is, but the
 * device does not have what it uses.
 */
int mdev_sim_decode(const struct mdev_sim_spec *spec, u32 series,
		    const u8 *data, size_t len, struct mdev_sim_state *state,
		    const char **why)
{
	struct input in = { data, len };
	struct input crc = { data, len };
	u32 value, sum;
	int ret;

	*why = "the data is too short";
	if (len < sizeof(__le32))
		return -EINVAL;
	in.left -= sizeof(__le32);
	take(&crc, in.left);
	if (!take_le32(&crc, &sum) || !take_le32(&in, &value))
		return -EINVAL;
	*why = "wrong checksum";
	if (crc32_le(~0, data, len - sizeof(__le32)) != sum)
		return -EINVAL;
	*why = "the data is of another series than the header";
	if (value != series)
		return -EINVAL;
	*why = "the data is not valid";
	ret = take_fields(&in, spec);
	if (ret == -EINVAL || !take_regs(&in, series, state) ||
	    !take_memory(&in, series, state->memory) || in.left)
		return -EINVAL;
	*why = "the device lacks what it uses";
	return ret;
}
