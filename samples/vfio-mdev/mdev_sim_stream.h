/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows the header of a stream of the sample drivers: of the simulated
 * vendor driver, and of the one for virtual functions in samples/vfio-pci/,
 * which take each other's.
 *
 *	le32		series, as vp_series() makes it
 *	le16		number of fields that the device uses, and of each:
 *	le16, text	its length, and "name=value,value"
 *	32 bit each	8 + minor registers, at most 16: little-endian, or
 *			big-endian if the major is odd
 *	memory		4096 bytes if the major is odd; else pairs of a count
 *			from 1 to 255 and the byte that is there as often
 *	le32		CRC of all that
 *
 * A destination takes any series; whether it accepts that has been said before.
 * That it has what the source uses it looks up by itself here, in a way of its
 * own: as hardware does, which does not ask the engine.
 */
#ifndef MDEV_SIM_STREAM_H
#define MDEV_SIM_STREAM_H

#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/vfio_profile_engine.h>

#define MDEV_SIM_REGS		16
#define MDEV_SIM_MEMORY		4096
#define MDEV_SIM_OLD_REGS	8	/* of each series */
#define MDEV_SIM_RUN_MAX	255

/* The most that follows the header. */
#define MDEV_SIM_DATA_MAX	SZ_16K

/**
 * struct mdev_sim_state - what migrates
 * @reg: registers, as the guest sees them
 * @memory: memory
 */
struct mdev_sim_state {
	__le32 reg[MDEV_SIM_REGS];
	u8 memory[MDEV_SIM_MEMORY];
};

/* Series and counts, texts, registers, memory of which no two bytes are equal. */
static_assert(2 * sizeof(__le32) + (1 + VP_FIELDS_MAX) * sizeof(__le16) +
	      VP_LINE_MAX + 1 + MDEV_SIM_REGS * sizeof(__le32) +
	      2 * MDEV_SIM_MEMORY <= MDEV_SIM_DATA_MAX);

static inline bool mdev_sim_is_odd(u32 series)
{
	return series >> 16 & 1;
}

/* How many registers a series has: 8 and one more for each minor, at most 16. */
static inline unsigned int mdev_sim_nr_regs(u32 series)
{
	return min_t(u32, MDEV_SIM_REGS,
		     MDEV_SIM_OLD_REGS + (series & 0xffff));
}

/* ---- out ---- */

/**
 * struct mdev_sim_output - data that is being written
 * @data: where it begins; MDEV_SIM_DATA_MAX bytes
 * @to: where it goes on
 * @series: its series
 * @nr: how many fields there are so far
 * @left: how much their texts may still take
 */
struct mdev_sim_output {
	u8 *data;
	u8 *to;
	u32 series;
	u16 nr;
	size_t left;
};

static inline u8 *mdev_sim_put_le16(u8 *to, u16 value)
{
	__le16 le = cpu_to_le16(value);

	memcpy(to, &le, sizeof(le));
	return to + sizeof(le);
}

static inline u8 *mdev_sim_put_le32(u8 *to, u32 value)
{
	__le32 le = cpu_to_le32(value);

	memcpy(to, &le, sizeof(le));
	return to + sizeof(le);
}

/* First this, then mdev_sim_put_field() for each, then mdev_sim_put_state(). */
static inline void mdev_sim_put_series(struct mdev_sim_output *out, u8 *data,
				       u32 series)
{
	*out = (struct mdev_sim_output) {
		.data = data,
		.to = mdev_sim_put_le32(data, series) + sizeof(__le16),
		.series = series,
		.left = VP_LINE_MAX,
	};
}

/* A line of fields that is too long for that is none of a valid profile. */
static inline void mdev_sim_put_field(struct mdev_sim_output *out,
				      const char *name, const char *values)
{
	size_t len = strlen(name) + 1 + strlen(values);

	if (out->nr == VP_FIELDS_MAX || len > out->left)
		return;
	out->left -= len;
	out->to = mdev_sim_put_le16(out->to, len);
	/* the NUL is where the next byte goes */
	sprintf(out->to, "%s=%s", name, values);
	out->to += len;
	out->nr++;
}

static inline u8 *mdev_sim_put_regs(u8 *to, u32 series, const __le32 *reg)
{
	unsigned int i;

	for (i = 0; i < mdev_sim_nr_regs(series); i++) {
		__be32 be = cpu_to_be32(le32_to_cpu(reg[i]));

		if (mdev_sim_is_odd(series))
			memcpy(to, &be, sizeof(be));
		else
			memcpy(to, &reg[i], sizeof(reg[i]));
		to += sizeof(be);
	}
	return to;
}

static inline u8 *mdev_sim_put_memory(u8 *to, u32 series, const u8 *memory)
{
	unsigned int i = 0, n;

	if (mdev_sim_is_odd(series)) {
		memcpy(to, memory, MDEV_SIM_MEMORY);
		return to + MDEV_SIM_MEMORY;
	}
	for (; i < MDEV_SIM_MEMORY; i += n) {
		for (n = 1; n < MDEV_SIM_RUN_MAX && i + n < MDEV_SIM_MEMORY &&
		     memory[i + n] == memory[i];)
			n++;
		*to++ = n;
		*to++ = memory[i];
	}
	return to;
}

/* Registers, memory and checksum; the number of bytes of all. */
static inline size_t mdev_sim_put_state(struct mdev_sim_output *out,
					const struct mdev_sim_state *state)
{
	u8 *to = mdev_sim_put_regs(out->to, out->series, state->reg);

	mdev_sim_put_le16(out->data + sizeof(__le32), out->nr);
	to = mdev_sim_put_memory(to, out->series, state->memory);
	to = mdev_sim_put_le32(to, crc32_le(~0, out->data, to - out->data));
	return to - out->data;
}

/* ---- in ---- */

/**
 * struct mdev_sim_input - bytes that anybody may have sent
 * @at: the next one
 * @left: how many there are
 */
struct mdev_sim_input {
	const u8 *at;
	size_t left;
};

/**
 * typedef mdev_sim_has_t - whether a device has what a source uses
 * @device: the device, or its type
 * @name: name of a field, without a NUL
 * @name_len: its length
 * @value: one value of it, without a NUL
 * @len: its length
 */
typedef bool mdev_sim_has_t(const void *device, const char *name,
			    size_t name_len, const char *value, size_t len);

/* The next @len bytes, or NULL if there are fewer. */
static inline const u8 *mdev_sim_take(struct mdev_sim_input *in, size_t len)
{
	const u8 *at = in->at;

	if (len > in->left)
		return NULL;
	in->at += len;
	in->left -= len;
	return at;
}

static inline bool mdev_sim_take_le16(struct mdev_sim_input *in, u16 *value)
{
	const u8 *at = mdev_sim_take(in, sizeof(__le16));

	if (at)
		*value = at[0] | at[1] << 8;
	return at;
}

static inline bool mdev_sim_take_le32(struct mdev_sim_input *in, u32 *value)
{
	const u8 *at = mdev_sim_take(in, sizeof(__le32));

	if (at)
		*value = at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24;
	return at;
}

/* One text: "name=value,value" */
static inline int mdev_sim_check_field(mdev_sim_has_t *has, const void *device,
				       const char *text, size_t len)
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
		if (!has(device, text, name_len, value, n))
			return -EIO;
		value += n;
	} while (value < end);
	return 0;
}

static inline int mdev_sim_take_fields(struct mdev_sim_input *in,
				       mdev_sim_has_t *has, const void *device)
{
	int err, ret = 0;
	u16 nr, len;

	if (!mdev_sim_take_le16(in, &nr) || nr > VP_FIELDS_MAX)
		return -EINVAL;
	while (nr--) {
		const u8 *text;

		if (!mdev_sim_take_le16(in, &len))
			return -EINVAL;
		text = mdev_sim_take(in, len);
		err = text ? mdev_sim_check_field(has, device, text, len) :
			     -EINVAL;
		if (err == -EINVAL)
			return err;
		ret = ret ?: err;
	}
	return ret;
}

static inline bool mdev_sim_take_regs(struct mdev_sim_input *in, u32 series,
				      __le32 *reg)
{
	unsigned int i;

	memset(reg, 0, MDEV_SIM_REGS * sizeof(*reg));
	for (i = 0; i < mdev_sim_nr_regs(series); i++) {
		const u8 *at = mdev_sim_take(in, sizeof(__le32));
		__be32 be;

		if (!at)
			return false;
		memcpy(&be, at, sizeof(be));
		if (mdev_sim_is_odd(series))
			reg[i] = cpu_to_le32(be32_to_cpu(be));
		else
			memcpy(&reg[i], at, sizeof(reg[i]));
	}
	return true;
}

static inline bool mdev_sim_take_memory(struct mdev_sim_input *in, u32 series,
					u8 *memory)
{
	unsigned int i = 0;
	const u8 *run;

	if (mdev_sim_is_odd(series)) {
		run = mdev_sim_take(in, MDEV_SIM_MEMORY);
		if (run)
			memcpy(memory, run, MDEV_SIM_MEMORY);
		return run;
	}
	for (; i < MDEV_SIM_MEMORY; i += run[0]) {
		run = mdev_sim_take(in, 2);
		if (!run || !run[0] || run[0] > MDEV_SIM_MEMORY - i)
			return false;
		memset(memory + i, run[1], run[0]);
	}
	return true;
}

/* Make a state of data: see mdev_sim_decode(). */
static inline int mdev_sim_take_all(mdev_sim_has_t *has, const void *device,
				    u32 series, const u8 *data, size_t len,
				    struct mdev_sim_state *state,
				    const char **why)
{
	struct mdev_sim_input in = { data, len };
	struct mdev_sim_input crc = { data, len };
	u32 value, sum;
	int ret;

	*why = "the data is too short";
	if (len < sizeof(__le32))
		return -EINVAL;
	in.left -= sizeof(__le32);
	mdev_sim_take(&crc, in.left);
	if (!mdev_sim_take_le32(&crc, &sum) || !mdev_sim_take_le32(&in, &value))
		return -EINVAL;
	*why = "wrong checksum";
	if (crc32_le(~0, data, len - sizeof(__le32)) != sum)
		return -EINVAL;
	*why = "the data is of another series than the header";
	if (value != series)
		return -EINVAL;
	*why = "the data is not valid";
	ret = mdev_sim_take_fields(&in, has, device);
	if (ret == -EINVAL || !mdev_sim_take_regs(&in, series, state->reg) ||
	    !mdev_sim_take_memory(&in, series, state->memory) || in.left)
		return -EINVAL;
	*why = "the device lacks what it uses";
	return ret;
}

#endif /* MDEV_SIM_STREAM_H */
