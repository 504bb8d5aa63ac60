/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The simulated vendor driver: two ways to build it wrong.
 *
 * Whoever checks that predictions and migrations agree wants to know that the
 * check finds it if they do not:
 *
 * -DMDEV_SIM_ACCEPTS_MORE: a stream one minor above the own series is taken
 *	although the core would refuse it.
 * -DMDEV_SIM_ACCEPTS_LESS: a stream of any series but the own is refused
 *	although the core has taken it.
 *
 * Built without them, all of this is the core's stream helper and nothing else.
 */
#ifndef MDEV_SIM_MUTANT_H
#define MDEV_SIM_MUTANT_H

#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "mdev_sim.h"

#ifdef MDEV_SIM_ACCEPTS_MORE
/**
 * struct mdev_sim_mutant - collects a header, to see its series first
 * @own: the own series
 * @series: the series that was taken; 0: the core decides
 * @used: bytes of @buf
 * @seen: the header was complete
 * @buf: the header
 */
struct mdev_sim_mutant {
	u32 own;
	u32 series;
	size_t used;
	bool seen;
	u8 buf[sizeof(struct vfio_profile_header) + VP_LINE_MAX];
};

static inline void mdev_sim_mutant_init(struct mdev_sim_mutant *m,
					struct mdev_sim_instance *inst)
{
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(inst->type);

	m->own = mdev_sim_emits(inst, spec);
	mdev_sim_put_spec(inst->type);
}

static inline size_t mdev_sim_mutant_need(struct mdev_sim_mutant *m)
{
	const struct vfio_profile_header *header = (const void *)m->buf;

	if (m->used < sizeof(*header))
		return sizeof(*header);
	return sizeof(*header) + min_t(u32, le32_to_cpu(header->length),
				       VP_LINE_MAX);
}

static inline bool mdev_sim_mutant_takes(struct mdev_sim_mutant *m)
{
	struct vp_profile *p = kvmalloc(sizeof(*p), GFP_KERNEL);
	bool takes;

	takes = p && !vp_parse(p, m->buf + sizeof(struct vfio_profile_header),
			       m->used - sizeof(struct vfio_profile_header)) &&
		vp_own_series(p) == m->own + 1;
	kvfree(p);
	return takes;
}

/* Bytes of the header are kept; the core gets them once all are there. */
static inline ssize_t mdev_sim_mutant_write(struct mdev_sim_mutant *m,
					    struct vfio_profile_stream *s,
					    const char __user *buf, size_t len)
{
	size_t done = 0, n;
	ssize_t ret = 0;

	while (!m->seen && done < len) {
		n = min(len - done, mdev_sim_mutant_need(m) - m->used);
		if (copy_from_user(m->buf + m->used, buf + done, n))
			return -EFAULT;
		m->used += n;
		done += n;
		m->seen = m->used > sizeof(struct vfio_profile_header) &&
			  m->used == mdev_sim_mutant_need(m);
	}
	if (m->seen && !m->series) {
		if (mdev_sim_mutant_takes(m))
			m->series = m->own + 1;
		else if (done)
			ret = vfio_profile_stream_feed(s, m->buf, m->used);
	}
	return ret < 0 ? ret : done;
}

static inline int mdev_sim_mutant_done(const struct mdev_sim_mutant *m,
				       struct vfio_profile_stream *s)
{
	return m->series ? 0 : vfio_profile_stream_done(s);
}

static inline u32 mdev_sim_mutant_series(const struct mdev_sim_mutant *m,
					 struct vfio_profile_stream *s)
{
	return m->series ?: vfio_profile_stream_series(s);
}
#else
struct mdev_sim_mutant {
};

static inline void mdev_sim_mutant_init(struct mdev_sim_mutant *m,
					struct mdev_sim_instance *inst)
{
}

static inline ssize_t mdev_sim_mutant_write(struct mdev_sim_mutant *m,
					    struct vfio_profile_stream *s,
					    const char __user *buf, size_t len)
{
	return vfio_profile_stream_write(s, buf, len);
}

static inline int mdev_sim_mutant_done(const struct mdev_sim_mutant *m,
				       struct vfio_profile_stream *s)
{
	return vfio_profile_stream_done(s);
}

static inline u32 mdev_sim_mutant_series(const struct mdev_sim_mutant *m,
					 struct vfio_profile_stream *s)
{
	return vfio_profile_stream_series(s);
}
#endif

static inline int mdev_sim_mutant_refuses(const struct mdev_sim_mutant *m,
					  struct vfio_profile_stream *s,
					  u32 own)
{
#ifdef MDEV_SIM_ACCEPTS_LESS
	if (mdev_sim_mutant_series(m, s) != own)
		return -EIO;
#endif
	return 0;
}

#endif /* MDEV_SIM_MUTANT_H */
