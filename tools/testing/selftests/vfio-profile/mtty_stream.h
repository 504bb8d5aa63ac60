/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The migration stream of mtty, series 1.0: a header, then one or two ports,
 * in the byte order and layout of the machine.
 */
#ifndef MTTY_STREAM_H
#define MTTY_STREAM_H

#include <stddef.h>
#include <string.h>

#include <linux/types.h>

#define MTTY_STREAM_MAGIC 0x7e9d09898c3e2c4eULL
#define MTTY_FIFO_SIZE 16

struct mtty_port {
	__u8 reg[8];
	__u8 fifo[MTTY_FIFO_SIZE];
	__u8 head, tail, count;
	__u8 dlab, overrun;
	__u16 divisor;
	__u8 fcr;
	__u8 max_fifo_size;
	__u8 trigger_level;
};

struct mtty_stream {
	__u64 magic;
	__u32 major_ver;
	__u32 minor_ver;
	__u32 nr_ports;
	__u32 flags;
	struct mtty_port port[2];
};

/* A stream that a device with @nr_ports ports takes. */
static inline void mtty_stream_init(struct mtty_stream *s,
				    unsigned int nr_ports)
{
	memset(s, 0, sizeof(*s));
	s->magic = MTTY_STREAM_MAGIC;
	s->major_ver = 1;
	s->nr_ports = nr_ports;
	s->port[0].max_fifo_size = MTTY_FIFO_SIZE;
	s->port[1].max_fifo_size = MTTY_FIFO_SIZE;
}

static inline size_t mtty_stream_size(unsigned int nr_ports)
{
	return offsetof(struct mtty_stream, port) +
	       nr_ports * sizeof(struct mtty_port);
}

/* The CRC behind the ports since series 1.1: IEEE, not inverted at the end. */
static inline __u32 mtty_crc(const void *data, size_t len)
{
	const unsigned char *p = data;
	__u32 crc = ~0U;
	int bit;

	while (len--) {
		crc ^= *p++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

#endif /* MTTY_STREAM_H */
