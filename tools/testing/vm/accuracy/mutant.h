/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two ways to build the simulator wrong.
 *
 * Whoever checks that predictions and migrations agree wants to know that the
 * check finds it if they do not. red.sh has this file included ahead of
 * mdev_sim_migration.c, with one of
 *
 * MDEV_SIM_ACCEPTS_MORE: a stream one minor above the own series is taken
 *	although the core would refuse it.
 * MDEV_SIM_ACCEPTS_LESS: a stream of any series but the own is refused
 *	although the core has taken it.
 */
#ifndef ACCURACY_MUTANT_H
#define ACCURACY_MUTANT_H

#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio_profile.h>

#include "mdev_sim.h"

#ifndef MDEV_SIM_ACCEPTS_MORE
#define MDEV_SIM_ACCEPTS_MORE 0
#endif
#ifndef MDEV_SIM_ACCEPTS_LESS
#define MDEV_SIM_ACCEPTS_LESS 0
#endif

/**
 * struct mutant - stands for a stream of the core, and keeps its header first
 * @stream: that stream
 * @own: the own series
 * @taken: the series that is taken whatever the core says; 0: none
 * @used: bytes of @buf
 * @seen: the header is complete
 * @buf: the header
 */
struct mutant {
	struct vfio_profile_stream *stream;
	u32 own;
	u32 taken;
	size_t used;
	bool seen;
	u8 buf[sizeof(struct vfio_profile_header) + VP_LINE_MAX];
};

static inline struct mutant *
mutant_resume(struct mdev_device *mdev, const struct vfio_profile_old_header *old)
{
	struct mdev_sim_instance *inst = dev_get_drvdata(&mdev->dev);
	struct mutant *m = kvzalloc(sizeof(*m), GFP_KERNEL);
	const struct mdev_sim_spec *spec;

	if (!m)
		return ERR_PTR(-ENOMEM);
	m->stream = mdev_profile_resume(mdev, old);
	if (IS_ERR(m->stream)) {
		int ret = PTR_ERR(m->stream);

		kvfree(m);
		return ERR_PTR(ret);
	}
	spec = mdev_sim_get_spec(inst->type);
	m->own = mdev_sim_emits(inst, spec);
	mdev_sim_put_spec(inst->type);
	return m;
}

static inline size_t mutant_need(const struct mutant *m)
{
	const struct vfio_profile_header *header = (const void *)m->buf;

	if (m->used < sizeof(*header))
		return sizeof(*header);
	return sizeof(*header) + min_t(u32, le32_to_cpu(header->length),
				       VP_LINE_MAX);
}

static inline bool mutant_takes(const struct mutant *m)
{
	struct vp_profile *p;
	bool takes;

	if (!MDEV_SIM_ACCEPTS_MORE)
		return false;
	p = kvmalloc(sizeof(*p), GFP_KERNEL);
	takes = p && !vp_parse(p, m->buf + sizeof(struct vfio_profile_header),
			       m->used - sizeof(struct vfio_profile_header)) &&
		vp_own_series(p) == m->own + 1;
	kvfree(p);
	return takes;
}

/* Bytes of the header are kept; the core gets them once all are there. */
static inline ssize_t mutant_write(struct mutant *m, const char __user *buf,
				   size_t len)
{
	size_t done = 0, n;
	ssize_t ret = 0;

	while (!m->seen && done < len) {
		n = min(len - done, mutant_need(m) - m->used);
		if (copy_from_user(m->buf + m->used, buf + done, n))
			return -EFAULT;
		m->used += n;
		done += n;
		m->seen = m->used > sizeof(struct vfio_profile_header) &&
			  m->used == mutant_need(m);
	}
	if (m->seen && done) {
		if (mutant_takes(m))
			m->taken = m->own + 1;
		else
			ret = vfio_profile_stream_feed(m->stream, m->buf,
						       m->used);
	}
	return ret < 0 ? ret : done;
}

static inline u32 mutant_series(const struct mutant *m)
{
	return m->taken ?: vfio_profile_stream_series(m->stream);
}

static inline int mutant_done(const struct mutant *m)
{
	int ret = m->taken ? 0 : vfio_profile_stream_done(m->stream);

	if (!ret && MDEV_SIM_ACCEPTS_LESS &&
	    mutant_series(m) != m->own)
		ret = -EIO;
	return ret;
}

static inline void mutant_free(struct mutant *m)
{
	if (!m)
		return;
	vfio_profile_stream_free(m->stream);
	kvfree(m);
}

/* From here on, this is what the simulator finds under the core's names. */
#define vfio_profile_stream		mutant
#define mdev_profile_resume		mutant_resume
#define vfio_profile_stream_write	mutant_write
#define vfio_profile_stream_series	mutant_series
#define vfio_profile_stream_done	mutant_done
#define vfio_profile_stream_free	mutant_free

#endif /* ACCURACY_MUTANT_H */
