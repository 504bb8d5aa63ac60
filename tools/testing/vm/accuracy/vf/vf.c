// SPDX-License-Identifier: GPL-2.0-only
/*
 * The accuracy matrix of virtual functions: pairs of two functions, of a
 * mediated device and a function, and of a function and a mediated device.
 *
 *	vf [-p PAIRS] [-s SEED] [-r]
 *
 * For each pair of each kind: what the tool says, what its command ends with,
 * what the handshake says, and how the real migration ends, against what the
 * two were made to be.  -r changes the destination behind the tool's back: that
 * must come out.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../config.h"
#include "../predict.h"
#include "pci_util.h"

#define SIM "nvme/matrix"
#define SIM_TYPE "mdev_sim-vf"
#define REPORTED 20	/* disagreements that are printed */

enum kind {
	VF_TO_VF,
	MDEV_TO_VF,
	VF_TO_MDEV,
	NR_KINDS,
};

static const char * const kind_names[] = {
	"VF to VF", "mdev to VF", "VF to mdev",
};

/* Lists end with NULL. */
static const char * const types[] = {
	VF_TYPE, SIM_TYPE, "other-1", NULL
};

static const char * const lists[] = {
	"", VF_TYPE, SIM_TYPE, VF_TYPE "," SIM_TYPE, "other-1,other-2", NULL
};

static const char * const urls[] = { "none", "nvme://a/b c", NULL };

static const char * const firmwares[] = { "9.9", "1.0", NULL };

/**
 * struct end - a source or a destination
 * @name: address of the function or UUID
 * @is_vf: it is a function
 * @type: its type
 * @accepts: other types that it accepts
 * @minor: of its version 1.minor
 * @pin: what it is pinned to, or -1
 * @queues: what it needs
 * @queues_max: up to what it accepts
 * @firmware: its firmware
 * @url: its resource
 * @subject: what it says
 * @dev: the device, when it is open
 */
struct end {
	char name[40];
	bool is_vf;
	const char *type;
	const char *accepts;
	int minor;
	int pin;
	int queues;
	int queues_max;
	const char *firmware;
	const char *url;
	struct subject subject;
	struct vmig_device dev;
};

static struct {
	struct vfio_compat *ctx;
	struct rng rng;
	char vf[2][VF_NAME_SIZE];
	char firmware[PU_PAGE];
	bool red;
	struct {
		unsigned int pairs, arrived, refused, cross, disagree;
	} count[NR_KINDS];
	unsigned int reported;
} matrix;

static void die(const char *fmt, ...)
	__attribute__((__format__(printf, 1, 2), __noreturn__));

static void die(const char *fmt, ...)
{
	va_list args;

	fputs("error: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static void must(int ret, const char *what)
{
	if (ret < 0)
		die("%s: %s", what, strerror(-ret));
}

static const char *pick(const char * const *list)
{
	unsigned int n = 0;

	while (list[n])
		n++;
	return list[rng_below(&matrix.rng, n)];
}

/* Pairs of which half the rules fail show little. */
static const char *mostly_first(const char * const *list)
{
	return rng_below(&matrix.rng, 5) ? list[0] : pick(list);
}

/* ---- two ends ---- */

static void set_url(const struct end *e, const char *url)
{
	char path[PU_PATH];

	if (e->is_vf)
		vf_file(e->name, "remote_url", path);
	else
		snprintf(path, sizeof(path), MDEV_DEVICES "/%s/remote_url",
			 e->name);
	must(pu_write_str(path, url), path);
}

/* The first has queues for one I/O queue, the second for two. */
static void make_vf(struct end *e, unsigned int nr)
{
	char path[PU_PATH];

	*e = (struct end){
		.is_vf = true, .type = mostly_first(types), .accepts = pick(lists),
		.minor = 6, .pin = rng_below(&matrix.rng, 4) ? -1 : 0,
		.queues = nr + 1, .queues_max = nr + 1,
		.firmware = matrix.firmware, .url = mostly_first(urls),
	};
	snprintf(e->name, sizeof(e->name), "%s", matrix.vf[nr]);
	must(vf_make(e->name, e->type, e->accepts), "bind");
	set_url(e, e->url);
	if (!e->pin)
		must(pu_write_str(vf_file(e->name, "software_version", path),
				  "1.0"), "pin");
}

static void make_mdev(struct end *e)
{
	char version[16], fields[PU_PATH];
	const struct sim_text texts[] = {
		{ "software_version", version },
		{ "fields", fields },
		{ "resources", "remote_url=none" },
		{ "compatible_type", "" },
		{}
	};
	struct sim_text list[5];

	*e = (struct end){
		.type = SIM_TYPE, .accepts = pick(lists), .pin = -1,
		.minor = rng_below(&matrix.rng, 2) ? 6 : rng_below(&matrix.rng, 9),
		.queues_max = 1 + rng_below(&matrix.rng, 3),
		.firmware = rng_below(&matrix.rng, 6) ? matrix.firmware :
							pick(firmwares),
		.url = mostly_first(urls),
	};
	e->queues = 1 + rng_below(&matrix.rng, e->queues_max);
	snprintf(version, sizeof(version), "1.%d.0", e->minor);
	snprintf(fields, sizeof(fields),
		 "pci_ids=1b36:0010\nfirmware_rev=%s\nqueues=%.*s|%d\n",
		 e->firmware, 2 * e->queues_max - 1, "1,2,3", e->queues);
	memcpy(list, texts, sizeof(list));
	list[3].text = e->accepts;
	pu_remove(1);
	must(sim_make(SIM, "vf", list), "simulator");
	must(sim_create(SIM, "vf", 1), "create");
	pu_uuid(1, e->name);
	set_url(e, e->url);
}

static void read_end(struct end *e)
{
	char path[PU_PATH];

	if (e->is_vf)
		vf_file(e->name, NULL, path);
	else
		snprintf(path, sizeof(path), MDEV_DEVICES "/%s", e->name);
	if (subject_read(matrix.ctx, &e->subject, e->name, path))
		die("%s", subject_error());
}

/* ---- what it was made to be ---- */

static bool is_listed(const char *list, const char *type)
{
	size_t len = strlen(type);

	for (; *list; list += strcspn(list, ",") + !!strchr(list, ','))
		if (strcspn(list, ",") == len && !strncmp(list, type, len))
			return true;
	return false;
}

static int expected(const struct end *src, const struct end *dst)
{
	int series = src->pin < 0 ? src->minor : src->pin;
	int most = dst->pin < 0 ? dst->minor : dst->pin;
	bool fits = !strcmp(src->type, dst->type) ||
		    is_listed(dst->accepts, src->type);

	fits = fits && series <= most && src->queues <= dst->queues_max &&
	       !strcmp(src->firmware, dst->firmware) &&
	       !strcmp(src->url, dst->url);
	return fits ? 0 : EMEDIUMTYPE;
}

/* ---- what really happens ---- */

static int put(struct end *e, const struct sim_state *state)
{
	return e->is_vf ? vf_put_state(&e->dev, state) :
			  sim_put_state(&e->dev, state);
}

/* Registers beyond those that all series have are the function's own. */
static bool holds(struct end *e, const struct sim_state *state)
{
	struct sim_state now;

	must(e->is_vf ? vf_get_state(&e->dev, &now) :
			sim_get_state(&e->dev, &now), "read what arrived");
	return !memcmp(now.reg, state->reg, VF_SCRATCH * sizeof(*now.reg)) &&
	       !memcmp(now.memory, state->memory, sizeof(now.memory));
}

/* errno; -1: it arrived, but not as it was. */
static int move(struct end *src, struct end *dst)
{
	struct vmig_stream stream = { 0 };
	struct vmig_outcome out;
	struct sim_state state;
	int ret;

	must(vmig_open(&src->dev, src->name, VMIG_ANY), "open the source");
	must(vmig_open(&dst->dev, dst->name, VMIG_ANY), "open the destination");
	sim_fill(&state, 2 + rng_below(&matrix.rng, 100));
	must(put(dst, &state), "write to the destination");
	sim_fill(&state, 1 + rng_below(&matrix.rng, 100));
	must(put(src, &state), "write to the source");
	ret = -vmig_migrate(&src->dev, &dst->dev, &stream, &out);
	if (ret && (!vmig_refused(&out) || out.recovery))
		ret = -1;
	if (!ret && !holds(dst, &state))
		ret = -1;
	vmig_stream_free(&stream);
	vmig_close(&src->dev);
	vmig_close(&dst->dev);
	return ret;
}

/* ---- a pair ---- */

static void disagree(enum kind kind, const struct end *src,
		     const struct end *dst, const char *who, int said, int want)
{
	matrix.count[kind].disagree++;
	if (matrix.reported++ == REPORTED)
		printf("there are more\n");
	if (matrix.reported > REPORTED)
		return;
	printf("not ok %s: %s says %d, expected %d\n  %s  %s", kind_names[kind],
	       who, said, want, src->subject.line, dst->subject.line);
	printf("  which accepts %s, at most 1.%d, %d queues\n", dst->accepts,
	       dst->pin < 0 ? dst->minor : dst->pin, dst->queues_max);
}

static void judge(enum kind kind, struct end *src, struct end *dst)
{
	bool cross = rng_below(&matrix.rng, 2);
	int want = expected(src, dst), said, code;
	struct answer a;

	if (predict(&src->subject, &dst->subject, true, &a))
		die("the tool cannot compare");
	said = a.result == VFIO_COMPAT_PASS ? 0 :
	       a.result == VFIO_COMPAT_FAIL ? EMEDIUMTYPE : -1;
	if (said != want || a.result != a.bare || a.result != a.probed)
		disagree(kind, src, dst, "the tool", said, want);
	code = want ? VFIO_COMPAT_INCOMPATIBLE :
	       !strcmp(src->type, dst->type) || cross ? VFIO_COMPAT_OK :
	       VFIO_COMPAT_CROSS_TYPE;
	said = command_answer(&src->subject, &dst->subject, false, cross);
	if (said != code)
		disagree(kind, src, dst, "the command", said, code);
	said = handshake(&src->subject, &dst->subject);
	if (said != want)
		disagree(kind, src, dst, "the handshake", said, want);
	if (matrix.red)
		set_url(dst, dst->url == urls[0] ? urls[1] : urls[0]);
	said = move(src, dst);
	if (said != want)
		disagree(kind, src, dst, "the real migration", said, want);
	matrix.count[kind].pairs++;
	matrix.count[kind].arrived += !said;
	matrix.count[kind].refused += said == EMEDIUMTYPE;
	matrix.count[kind].cross += !said && strcmp(src->type, dst->type);
}

static void pair(enum kind kind)
{
	unsigned int nr = rng_below(&matrix.rng, 2);
	struct end src, dst;

	if (kind == MDEV_TO_VF)
		make_mdev(&src);
	else
		make_vf(&src, nr);
	if (kind == VF_TO_MDEV)
		make_mdev(&dst);
	else
		make_vf(&dst, !nr);
	read_end(&src);
	read_end(&dst);
	judge(kind, &src, &dst);
	subject_free(&src.subject);
	subject_free(&dst.subject);
}

static void find_functions(void)
{
	char path[PU_PATH];

	if (!vf_names(matrix.vf))
		die("no virtual functions: VFIO_COMPAT_VFS is not set");
	must(vf_make(matrix.vf[0], VF_TYPE, ""), "bind");
	must(pu_read(vf_file(matrix.vf[0], "compatible_firmware_rev", path),
		     matrix.firmware, sizeof(matrix.firmware)), path);
	matrix.firmware[strcspn(matrix.firmware, "\n")] = '\0';
}

static int report(void)
{
	unsigned int i, failed = 0;

	printf("| %-12s %6s %8s %10s %8s %13s\n", "", "pairs", "arrived",
	       "cross-type", "refused", "disagreements");
	for (i = 0; i < NR_KINDS; i++) {
		printf("| %-12s %6u %8u %10u %8u %13u\n", kind_names[i],
		       matrix.count[i].pairs, matrix.count[i].arrived,
		       matrix.count[i].cross, matrix.count[i].refused,
		       matrix.count[i].disagree);
		/* a matrix without both answers shows nothing */
		failed += matrix.count[i].disagree || !matrix.count[i].arrived ||
			  !matrix.count[i].refused;
	}
	printf("%u passed, %u failed, 0 skipped\n", NR_KINDS - failed, failed);
	return !!failed;
}

int main(int argc, char **argv)
{
	unsigned long pairs = 30, seed = 1, i;
	int option;

	while ((option = getopt(argc, argv, "p:s:r")) != -1) {
		if (option == 'p')
			pairs = strtoul(optarg, NULL, 10);
		else if (option == 's')
			seed = strtoul(optarg, NULL, 10);
		else if (option == 'r')
			matrix.red = true;
		else
			return 2;
	}
	rng_seed(&matrix.rng, seed);
	if (vfio_compat_new(&matrix.ctx))
		die("the library does not begin");
	find_functions();
	for (i = 0; i < pairs * NR_KINDS; i++)
		pair(i % NR_KINDS);
	pu_remove(1);
	sim_remove(SIM);
	vfio_compat_unref(matrix.ctx);
	return report();
}
