// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat claim: prints the UUID of an instance that is ready for the
 * source's state, and nothing else.
 */
#include <signal.h>
#include <string.h>

#include "cmd.h"

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	stop = number;
}

static bool stopped(void *data)
{
	(void)data;
	return stop;
}

/* From here on a signal means to give up, and not to leave a mess. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction action = { .sa_handler = on_signal };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaction(numbers[i], &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static unsigned int flags_of(struct cmd *cmd)
{
	unsigned int flags = 0;

	if (cmd->given & OPT(CROSS_TYPE))
		flags |= VFIO_COMPAT_CLAIM_CROSS_TYPE;
	if (cmd->given & OPT(EXACT))
		flags |= VFIO_COMPAT_CLAIM_EXACT;
	if (cmd->given & OPT(DRY_RUN))
		flags |= VFIO_COMPAT_CLAIM_DRY_RUN;
	if (cmd->given & OPT(ADOPT))
		flags |= VFIO_COMPAT_CLAIM_ADOPT;
	if (cmd->given & OPT(VIA))
		flags |= VFIO_COMPAT_CLAIM_MDEVCTL;
	return flags;
}

/* Errors go to standard error, what is unknown too: the answer is a UUID. */
static void report(struct cmd *cmd)
{
	const struct vfio_compat_error *error = vfio_compat_last_error(cmd->ctx);

	cmd_error(cmd);
	if (error->code == VFIO_COMPAT_UNKNOWN)
		print_error(error);
}

static void print_claim(struct cmd *cmd, struct vfio_compat_claim *claim,
			struct vfio_compat_object *dst)
{
	const char *warning = vfio_compat_claim_warning(claim);

	if (warning) {
		fputs("vfio-compat: ", stderr);
		print_escaped(stderr, warning);
		fputc('\n', stderr);
	}
	if (cmd->json)
		return;
	if (vfio_compat_claim_uuid(claim)) {
		puts(vfio_compat_claim_uuid(claim));
		return;
	}
	print_coloured(GOOD, "Yes");
	fputs(": ", stdout);
	print_escaped(stdout, vfio_compat_object_name(dst));
	puts(" takes it. Nothing was changed.");
}

static void fill_json(struct cmd *cmd, struct vfio_compat_claim *claim,
		      struct vfio_compat_object *src,
		      struct vfio_compat_object *dst)
{
	const char *warning = claim ? vfio_compat_claim_warning(claim) : NULL;
	struct json_object *warnings = json_object_new_array();
	struct json_object *out = cmd->out;

	if (warning)
		json_object_array_add(warnings, json_text(warning));
	json_object_object_add(out, "source", src ? json_of_object(src) : NULL);
	json_object_object_add(out, "destination",
			       dst ? json_of_object(dst) : NULL);
	json_object_object_add(out, "uuid", claim ?
		json_text(vfio_compat_claim_uuid(claim)) : NULL);
	json_object_object_add(out, "dry_run", json_object_new_boolean(!!(cmd->given &
								   OPT(DRY_RUN))));
	json_object_object_add(out, "pin", claim ?
		json_text(vfio_compat_claim_pin(claim)) : NULL);
	json_object_object_add(out, "warnings", warnings);
	json_object_object_add(out, "reasons", json_reasons(claim ?
		vfio_compat_claim_verdict(claim) : NULL));
}

static int prepare(struct cmd *cmd, struct vfio_compat_claim *claim)
{
	const char *uuid = cmd->adopt ? cmd->adopt : cmd->uuid;

	vfio_compat_claim_set_flags(claim, flags_of(cmd));
	vfio_compat_claim_set_stop(claim, stopped, NULL);
	return uuid ? vfio_compat_claim_set_uuid(claim, uuid) :
		      VFIO_COMPAT_OK;
}

static void check_usage(struct cmd *cmd)
{
	if (cmd->via && strcmp(cmd->via, "mdevctl"))
		cmd_fail(cmd, VFIO_COMPAT_USAGE, 0, cmd->via, NULL,
			 "is no way to create an instance: expected --via mdevctl");
	if (cmd->adopt && cmd->uuid)
		cmd_fail(cmd, VFIO_COMPAT_USAGE, 0, cmd->uuid, NULL,
			 "is a second UUID: expected --adopt=UUID or --uuid; leave one out");
	if (cmd->done && cmd->given & ~(OPT(DONE) | OPT(JSON) | OPT(ROOT)))
		cmd_fail(cmd, VFIO_COMPAT_USAGE, 0, cmd->done, NULL,
			 "--done ends a claim: expected no other option that makes one");
}

static void claim_done(struct cmd *cmd)
{
	if (vfio_compat_done(cmd->ctx, cmd->done))
		cmd_error(cmd);
	if (cmd->json)
		json_object_object_add(cmd->out, "uuid", json_text(cmd->done));
}

/* Whoever asked has to know the UUID before the claim is kept. */
static void tell(struct cmd *cmd, struct vfio_compat_claim *claim,
		 struct vfio_compat_object *dst)
{
	bool told;

	print_claim(cmd, claim, dst);
	told = cmd_print(cmd);
	if (vfio_compat_claim_uuid(claim) &&
	    vfio_compat_claim_end(claim, told))
		cmd_error(cmd);
}

void run_claim(struct cmd *cmd, char **args)
{
	struct vfio_compat_object *src = NULL, *dst = NULL;
	struct vfio_compat_claim *claim = NULL;
	bool done = false;

	check_usage(cmd);
	if (!cmd->code && cmd->done) {
		claim_done(cmd);
		return;
	}
	if (!cmd->code && args[0]) {
		catch_signals();
		if (open_object(cmd, args[0], &src) == VFIO_COMPAT_UNKNOWN)
			print_error(vfio_compat_last_error(cmd->ctx));
		if (open_object(cmd, args[1], &dst) == VFIO_COMPAT_UNKNOWN)
			print_error(vfio_compat_last_error(cmd->ctx));
	}
	if (src && dst && !cmd->code) {
		done = !vfio_compat_claim_new(src, dst, &claim) &&
		       !prepare(cmd, claim) && !vfio_compat_claim_run(claim);
		if (!done)
			report(cmd);
	}
	if (cmd->json)
		fill_json(cmd, claim, src, dst);
	if (done)
		tell(cmd, claim, dst);
	vfio_compat_claim_free(claim);
	vfio_compat_object_free(src);
	vfio_compat_object_free(dst);
}
