// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: what follows the header of a stream.  How it is
 * laid out is in mdev_sim_stream.h; what a type has is in its spec.
 */
#include <linux/string.h>

#include "mdev_sim.h"

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
	struct mdev_sim_output out;
	unsigned int i;

	mdev_sim_put_series(&out, data, series);
	for (i = 0; i < spec->nr_fields; i++)
		if (mdev_sim_described(spec, i, series))
			mdev_sim_put_field(&out, spec->field[i].name,
					   spec->field[i].needs);
	return mdev_sim_put_state(&out, state);
}

/* Any of the lines that say what the type accepts has the value. */
static bool hardware_has(const void *device, const char *name, size_t name_len,
			 const char *value, size_t len)
{
	const struct mdev_sim_spec *spec = device;
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
	return mdev_sim_take_all(hardware_has, spec, series, data, len, state,
				 why);
}
