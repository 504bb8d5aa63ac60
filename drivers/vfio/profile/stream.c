// SPDX-License-Identifier: GPL-2.0-only
/*
 * The migration stream: the source's line goes ahead of the driver's data, and
 * is judged by the same engine before anything of the device is touched.
 */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "private.h"

#define HEADER_SIZE sizeof(struct vfio_profile_header)

static_assert(sizeof(struct vfio_profile_header) == 16, "on every machine");

/**
 * struct vfio_profile_stream - a stream that arrives
 * @inst: the device that is to take it
 * @old: a header that the driver's streams once began with, or NULL
 * @error: why it was refused; sticky
 * @passed: the header is complete and compatible
 * @series: the source's, once @passed
 * @used: bytes of @buf that have arrived
 * @need: bytes of @buf up to the next decision
 * @buf: the header
 */
struct vfio_profile_stream {
	struct vfio_profile_instance *inst;
	const struct vfio_profile_old_header *old;
	int error;
	bool passed;
	u32 series;
	size_t used;
	size_t need;
	u8 buf[sizeof(struct vfio_profile_header) + VP_LINE_MAX] __aligned(8);
};

/**
 * vfio_profile_make_header - what a stream begins with
 * @inst: the device that emits it, its driver bound
 * @size: receives the length
 *
 * Context: may sleep; the caller keeps the driver bound.
 * Return: the header, to be freed with kfree(), or an ERR_PTR: -ENOMEM, or
 * what reading the device's migration_version gives.
 */
void *vfio_profile_make_header(struct vfio_profile_instance *inst, size_t *size)
{
	struct vfio_profile_header *header;
	int len;

	header = kmalloc(HEADER_SIZE + VP_LINE_MAX + 1, GFP_KERNEL_ACCOUNT);
	if (!header)
		return ERR_PTR(-ENOMEM);
	len = vfio_profile_line(inst, (char *)(header + 1));
	if (len < 0) {
		kfree(header);
		return ERR_PTR(len);
	}
	memcpy(header->magic, VFIO_PROFILE_STREAM_MAGIC, sizeof(header->magic));
	header->version = cpu_to_le32(VFIO_PROFILE_STREAM_VERSION);
	header->length = cpu_to_le32(len);
	*size = HEADER_SIZE + len;
	return header;
}
EXPORT_SYMBOL_GPL(vfio_profile_make_header);

/**
 * vfio_profile_stream_begin - be ready for a stream
 * @inst: the device that is to take it
 * @old: a header that the driver's streams once began with, or NULL
 *
 * Context: may sleep.
 * Return: the stream, to be freed with vfio_profile_stream_free(), or an
 * ERR_PTR: -ENOMEM.
 */
struct vfio_profile_stream *
vfio_profile_stream_begin(struct vfio_profile_instance *inst,
			  const struct vfio_profile_old_header *old)
{
	struct vfio_profile_stream *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	if (!s)
		return ERR_PTR(-ENOMEM);
	s->inst = inst;
	s->old = old;
	s->need = sizeof_field(struct vfio_profile_header, magic);
	return s;
}
EXPORT_SYMBOL_GPL(vfio_profile_stream_begin);

/**
 * vfio_profile_stream_free - end of what mdev_profile_resume() began
 * @s: the stream, or NULL
 *
 * Context: any.
 */
void vfio_profile_stream_free(struct vfio_profile_stream *s)
{
	kfree(s);
}
EXPORT_SYMBOL_GPL(vfio_profile_stream_free);

/* What the engine has not put in words already. */
static int refuse(struct vfio_profile_stream *s, int error, const char *why)
{
	s->error = error;
	if (why)
		dev_notice_ratelimited(s->inst->dev,
				       "%s: migration stream refused: %s\n",
				       s->inst->profile->id.name, why);
	return error;
}

static const char *why(int error)
{
	switch (error) {
	case -EMEDIUMTYPE:
		return NULL; /* the verdict is in the log */
	case -ENODATA:
		return "its line is not that of an instance";
	case -EOPNOTSUPP:
		return "the device cannot take part at present";
	}
	return "nothing was decided";
}

static void decide(struct vfio_profile_stream *s,
		   struct vfio_profile_judgement *j)
{
	int ret = vfio_profile_judge(s->inst->profile, s->inst, j);

	if (ret) {
		refuse(s, ret, ret == -EINTR ? NULL : why(ret));
		return;
	}
	s->series = vp_own_series(&j->source);
	s->passed = true;
}

/* The whole header has arrived: make a source of it. */
static void read_source(struct vfio_profile_stream *s, bool old)
{
	struct vfio_profile_judgement *j = kvmalloc(sizeof(*j), PROFILE_GFP);
	const u8 *end = s->buf + s->used;

	if (!j) {
		refuse(s, -ENOMEM, why(-ENOMEM));
		return;
	}
	if (old) {
		vp_init(&j->source);
		if (s->old->convert(s->buf, &j->source) ||
		    vp_seal_line(&j->source, true))
			refuse(s, -EINVAL, "its header is not valid");
	} else if (end[-1] == '\n' ||
		   vp_parse(&j->source, s->buf + HEADER_SIZE,
			    s->used - HEADER_SIZE)) {
		refuse(s, -EINVAL, "its header holds no valid line");
	}
	if (!s->error)
		decide(s, j);
	kvfree(j);
}

/* The fixed part has arrived: how long is the line? */
static void read_fixed(struct vfio_profile_stream *s)
{
	const struct vfio_profile_header *header = (const void *)s->buf;
	u32 length = le32_to_cpu(header->length);

	if (le32_to_cpu(header->version) != VFIO_PROFILE_STREAM_VERSION)
		refuse(s, -EINVAL, "its header is of an unknown version");
	else if (!length || length > VP_LINE_MAX)
		refuse(s, -EINVAL, "its header has a wrong length");
	else
		s->need = HEADER_SIZE + length;
}

/* Bytes up to the next decision are there. */
static void step(struct vfio_profile_stream *s)
{
	size_t magic = sizeof_field(struct vfio_profile_header, magic);
	bool ours = !memcmp(s->buf, VFIO_PROFILE_STREAM_MAGIC, magic);
	bool old = s->old && !memcmp(s->buf, &s->old->magic, magic);

	if (s->used == magic && ours)
		s->need = HEADER_SIZE;
	else if (s->used == magic && old)
		s->need = clamp_t(size_t, s->old->size, magic, sizeof(s->buf));
	else if (s->used == magic)
		refuse(s, -EINVAL, "it begins with no known header");
	else if (s->used == HEADER_SIZE && ours)
		read_fixed(s);
	if (!s->error && s->used == s->need)
		read_source(s, old);
}

/* How many of @len bytes may be added to the header now. */
static size_t room(const struct vfio_profile_stream *s, size_t len)
{
	if (s->passed || s->error)
		return 0;
	return min(len, s->need - s->used);
}

/* How far a stream is; a piece of it that decided nothing never came. */
struct progress {
	size_t used;
	size_t need;
};

static struct progress progress(const struct vfio_profile_stream *s)
{
	return (struct progress){ .used = s->used, .need = s->need };
}

static ssize_t end_piece(struct vfio_profile_stream *s, struct progress before,
			 size_t done)
{
	int error = s->error;

	if (error == -EINTR) {
		s->used = before.used;
		s->need = before.need;
		s->error = 0;
	}
	return error ?: done;
}

static void took(struct vfio_profile_stream *s, size_t n)
{
	s->used += n;
	if (s->used == s->need)
		step(s);
}

/**
 * vfio_profile_stream_feed - take what is header of a piece in kernel memory
 * @s: the stream
 * @data: the next bytes of it
 * @len: how many, of any number
 *
 * Context: may sleep; the caller serialises calls for one stream, and keeps
 * the driver bound.
 * Return: how many of them belong to the header.  If it is less than @len,
 * what follows is the driver's own, and the header has passed.  -EINTR: a
 * signal came before anything was decided; nothing of this piece was taken, and
 * it may come again.  Or why the stream is refused, the same from then on:
 * -EINVAL, or what a write of the source's line to the device's
 * migration_version gives.
 */
ssize_t vfio_profile_stream_feed(struct vfio_profile_stream *s,
				 const void *data, size_t len)
{
	struct progress before = progress(s);
	size_t done = 0, n;

	for (; (n = room(s, len - done)); done += n) {
		memcpy(s->buf + s->used, data + done, n);
		took(s, n);
	}
	return end_piece(s, before, done);
}
EXPORT_SYMBOL_GPL(vfio_profile_stream_feed);

/**
 * vfio_profile_stream_write - take what is header of a piece that was written
 * @s: the stream
 * @data: the next bytes of it, in user memory
 * @len: how many, of any number
 *
 * Context: as vfio_profile_stream_feed().
 * Return: as vfio_profile_stream_feed(), and -EFAULT.
 */
ssize_t vfio_profile_stream_write(struct vfio_profile_stream *s,
				  const char __user *data, size_t len)
{
	struct progress before = progress(s);
	size_t done = 0, n;

	for (; (n = room(s, len - done)); done += n) {
		if (copy_from_user(s->buf + s->used, data + done, n))
			return refuse(s, -EFAULT, "it could not be read");
		took(s, n);
	}
	return end_piece(s, before, done);
}
EXPORT_SYMBOL_GPL(vfio_profile_stream_write);

/**
 * vfio_profile_stream_done - whether a stream may be loaded
 * @s: the stream, all of which has been written
 *
 * Context: process; the caller serialises calls for one stream.
 * Return: 0; -EINVAL if it ended within its header; or why it was refused.
 */
int vfio_profile_stream_done(struct vfio_profile_stream *s)
{
	if (s->passed || s->error)
		return s->error;
	return refuse(s, -EINVAL, "it ended within its header");
}
EXPORT_SYMBOL_GPL(vfio_profile_stream_done);

/**
 * vfio_profile_stream_series - the series of a stream
 * @s: a stream whose header has passed
 *
 * Context: any.
 * Return: what vp_series() makes of the source's version.
 */
u32 vfio_profile_stream_series(const struct vfio_profile_stream *s)
{
	return s->series;
}
EXPORT_SYMBOL_GPL(vfio_profile_stream_series);
