// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio-migrate: migrate one mediated device to another, for real, and say in
 * one line how it went.
 *
 * The proof is the scratch register of a 16550 UART (BAR 0, offset 7), which
 * has no other purpose: it is set on the source, and read on the destination.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfio_migrate.h"

#define SCRATCH		7
#define DEFAULT_MARKER	0x5a

enum exit_code {
	EXIT_MIGRATED = 0,
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	EXIT_OTHER = 4,
};

struct request {
	const char *src;
	const char *dst;
	const char *save;
	const char *load;
	enum vmig_via via;
	bool has_marker;
	unsigned char marker;
};

struct run {
	struct vmig_device src;
	struct vmig_device dst;
	struct vmig_stream stream;
	unsigned char before;	/* scratch register of the destination */
};

static const char usage_text[] =
"Usage: vfio-migrate [OPTION]... SRC_UUID DST_UUID\n"
"\n"
"Migrate the mediated device SRC_UUID to DST_UUID by VFIO ioctls.  The scratch\n"
"register of its UART (BAR 0, offset 7) must arrive.\n"
"\n"
"  --marker BYTE     value of the scratch register (default 0x5a)\n"
"  --save FILE       write the stream to FILE; DST_UUID may then be '-'\n"
"  --load FILE       take the stream from FILE; SRC_UUID must then be '-',\n"
"                    and the register is compared only with --marker\n"
"  --via group|cdev  how to open (default: group if there is one)\n"
"\n"
"Exit: 0 migrated and the register arrived, 1 the destination refused,\n"
"2 usage, 4 any other error.\n";

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "vfio-migrate: %s\n\n", why);
	fputs(usage_text, why ? stderr : stdout);
	return why ? EXIT_USAGE : 0;
}

static int other(const char *what, const char *name, int error)
{
	fprintf(stderr, "vfio-migrate: %s: %s: %s\n", name, what,
		strerror(-error));
	return EXIT_OTHER;
}

static int parse_byte(const char *text, unsigned char *byte)
{
	unsigned long value;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	value = strtoul(text, &end, 0);
	if (*end || value > 0xff)
		return -EINVAL;
	*byte = value;
	return 0;
}

static int parse_via(const char *text, enum vmig_via *via)
{
	if (!strcmp(text, "group"))
		*via = VMIG_GROUP;
	else if (!strcmp(text, "cdev"))
		*via = VMIG_CDEV;
	else
		return -EINVAL;
	return 0;
}

/* Returns what is wrong, or NULL. */
static const char *check(const struct request *req)
{
	bool no_src = !strcmp(req->src, "-"), no_dst = !strcmp(req->dst, "-");

	if (no_src != !!req->load)
		return "--load and the source '-' go together";
	if (no_dst && !req->save)
		return "a destination '-' needs --save";
	if (req->load && req->save)
		return "--load and --save exclude each other";
	if (!strcmp(req->src, req->dst))
		return "source and destination are the same device";
	return NULL;
}

static const char *parse(int argc, char **argv, struct request *req)
{
	static const struct option options[] = {
		{ "marker", required_argument, NULL, 'm' },
		{ "save", required_argument, NULL, 's' },
		{ "load", required_argument, NULL, 'l' },
		{ "via", required_argument, NULL, 'v' },
		{ }
	};
	int c;

	*req = (struct request) { .marker = DEFAULT_MARKER };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'm':
			if (parse_byte(optarg, &req->marker))
				return "--marker takes a byte, 0..255 or 0x..";
			req->has_marker = true;
			break;
		case 's':
			req->save = optarg;
			break;
		case 'l':
			req->load = optarg;
			break;
		case 'v':
			if (parse_via(optarg, &req->via))
				return "--via takes group or cdev";
			break;
		default:
			return "unknown option, or its value is missing";
		}
	}
	if (argc - optind != 2)
		return "give a source and a destination";
	req->src = argv[optind];
	req->dst = argv[optind + 1];
	return check(req);
}

static int read_file(const char *path, struct vmig_stream *stream)
{
	struct vmig_device file = { .stream = open(path, O_RDONLY | O_CLOEXEC) };
	int ret;

	if (file.stream < 0)
		return -errno;
	ret = vmig_pull(&file, stream);
	close(file.stream);
	return ret;
}

static int load_file(const char *path, struct vmig_stream *stream)
{
	int ret = read_file(path, stream);

	return ret ? other("read the stream", path, ret) : 0;
}

static int write_file(const char *path, const struct vmig_stream *stream)
{
	struct vmig_device file = {
		.stream = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			       0644),
	};
	int ret;

	if (file.stream < 0)
		return -errno;
	ret = vmig_push(&file, stream->data, stream->used, 0);
	if (close(file.stream) && !ret)
		ret = -errno;
	return ret;
}

static int get_scratch(struct vmig_device *dev, unsigned char *value)
{
	return vmig_read_region(dev, VFIO_PCI_BAR0_REGION_INDEX, SCRATCH,
				value, 1);
}

static int set_scratch(struct vmig_device *dev, unsigned char value)
{
	return vmig_write_region(dev, VFIO_PCI_BAR0_REGION_INDEX, SCRATCH,
				 &value, 1);
}

/* A register that holds something else first: nothing old can look arrived. */
static int mark(const struct request *req, struct run *run)
{
	int ret = 0;

	run->before = ~req->marker;
	if (run->dst.fd >= 0)
		ret = set_scratch(&run->dst, run->before);
	if (ret)
		return other("set the scratch register", req->dst, ret);
	if (run->src.fd >= 0)
		ret = set_scratch(&run->src, req->marker);
	return ret ? other("set the scratch register", req->src, ret) : 0;
}

/*
 * After a refusal the source must go on as if nothing had happened, and
 * nothing of it may have reached the destination.
 */
static int check_unharmed(const struct request *req, struct run *run)
{
	unsigned char value;
	int ret;

	ret = get_scratch(&run->dst, &value);
	if (ret || value == req->marker)
		return other("refused, yet the scratch register arrived",
			     req->dst, ret ? ret : -EIO);
	if (run->src.fd < 0)
		return 0;
	ret = get_scratch(&run->src, &value);
	if (ret || value != req->marker)
		return other("refused, and the scratch register was lost",
			     req->src, ret ? ret : -EIO);
	ret = set_scratch(&run->src, run->before);
	if (!ret)
		ret = get_scratch(&run->src, &value);
	if (ret || value != run->before)
		return other("refused, and the device does not run any more",
			     req->src, ret ? ret : -EIO);
	return 0;
}

static int report_failure(const struct request *req, struct run *run,
			  const struct vmig_outcome *out)
{
	const char *step = vmig_step_name(out->step);

	if (out->recovery) {
		fprintf(stderr, "vfio-migrate: %s: %s\n", step,
			strerror(-out->error));
		return other("the way back to RUNNING", "after that",
			     out->recovery);
	}
	if (!vmig_refused(out))
		return other(step, "not migrated", out->error);
	if (check_unharmed(req, run))
		return EXIT_OTHER;
	printf("refused: %s: %s%s\n", step, strerror(-out->error),
	       run->src.fd >= 0 ? "; the source runs on" : "");
	return EXIT_REFUSED;
}

static int report_success(const struct request *req, struct run *run)
{
	unsigned char value;
	int ret;

	if (run->dst.fd < 0) {
		printf("saved: %zu bytes\n", run->stream.used);
		return EXIT_MIGRATED;
	}
	ret = get_scratch(&run->dst, &value);
	if (ret)
		return other("read the scratch register", req->dst, ret);
	if (run->src.fd < 0 && !req->has_marker) {
		printf("migrated: %zu bytes, scratch register 0x%02x\n",
		       run->stream.used, value);
		return EXIT_MIGRATED;
	}
	if (value != req->marker) {
		fprintf(stderr,
			"vfio-migrate: %s: migrated, yet the scratch register is 0x%02x, not 0x%02x\n",
			req->dst, value, req->marker);
		return EXIT_OTHER;
	}
	printf("migrated: %zu bytes, scratch register 0x%02x arrived\n",
	       run->stream.used, value);
	return EXIT_MIGRATED;
}

static int transfer(const struct request *req, struct run *run)
{
	struct vmig_outcome out;
	int ret, error;

	if (req->load)
		ret = vmig_load(&run->dst, &run->stream, 0, &out);
	else if (run->dst.fd < 0)
		ret = vmig_save(&run->src, &run->stream, &out);
	else
		ret = vmig_migrate(&run->src, &run->dst, &run->stream, &out);

	if (req->save) {
		error = write_file(req->save, &run->stream);
		if (error)
			return other("write the stream", req->save, error);
	}
	if (ret)
		return report_failure(req, run, &out);
	/* A VMM would remove the source now; here it may be used again. */
	if (run->src.fd >= 0) {
		error = vmig_reset(&run->src);
		if (error)
			return other("reset after the migration", req->src,
				     error);
	}
	return report_success(req, run);
}

/* Opens what takes part, and brings it to RUNNING: a VMM begins there too. */
static int open_side(const char *uuid, enum vmig_via via,
		     struct vmig_device *dev)
{
	int ret;

	if (!strcmp(uuid, "-"))
		return 0;
	ret = vmig_open(dev, uuid, via);
	if (ret)
		return other("open it for migration", uuid, ret);
	ret = vmig_reset(dev);
	return ret ? other("reset", uuid, ret) : 0;
}

int main(int argc, char **argv)
{
	struct run run = { .src.fd = -1, .dst.fd = -1 };
	struct request req;
	const char *wrong;
	int ret;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return usage(NULL);
	opterr = 0;
	wrong = parse(argc, argv, &req);
	if (wrong)
		return usage(wrong);

	ret = open_side(req.src, req.via, &run.src);
	if (!ret)
		ret = open_side(req.dst, req.via, &run.dst);
	if (!ret && req.load)
		ret = load_file(req.load, &run.stream);
	if (!ret)
		ret = mark(&req, &run);
	if (!ret)
		ret = transfer(&req, &run);

	if (run.src.fd >= 0)
		vmig_close(&run.src);
	if (run.dst.fd >= 0)
		vmig_close(&run.dst);
	vmig_stream_free(&run.stream);
	return ret;
}
