// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall metrics: the values of `status` for Prometheus; with --sd, the hosts as its targets. Prometheus gets
 * files, through node_exporter and file_sd (docs/metrics.md), or asks `serve`.
 */
#include <string.h>

#include "command.h"
#include "base/message.h"
#include "base/outfile.h"
#include "view/listing.h"
#include "view/status.h"

static int write_metrics(FILE *out, const struct rollcall_table *t)
{
	struct status status;
	int err = status_take(t, &status);

	if (!err)
		write_status_metrics(out, &status);
	return err;
}

static int metrics(const struct options *o, const struct rollcall_table *t)
{
	struct outfile file;
	FILE *out;
	int err;

	out = outfile_open(&file, o->output);
	if (!out)
		return file.err;
	err = option_given(o, OPT_SD) ? listing_write_targets(out, t, o->sd_port) : write_metrics(out, t);
	return err ? outfile_discard(&file, err) : outfile_commit(&file);
}

int command_metrics(const struct options *o)
{
	if (option_given(o, OPT_SD_PORT) && !option_given(o, OPT_SD))
		return usage_error("metrics", "--sd-port requires --sd");
	return command_read(o, metrics);
}
