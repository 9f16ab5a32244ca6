// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall metrics: the values of `status` for Prometheus; with --sd, the hosts as its targets. It is not a server:
 * Prometheus gets files, through node_exporter and file_sd (docs/metrics.md).
 */
#include <string.h>

#include "command.h"
#include "base/message.h"
#include "watch/reader.h"
#include "view/hosts.h"
#include "base/outfile.h"
#include "view/status.h"

static int write_targets(FILE *out, const struct options *o, const struct rollcall_table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct table_info info = { .settings = &t->settings, .slots = slots };
	struct snapshot s;
	struct hosts h;
	int err = reader_slots(t, slots);

	if (!err)
		err = snapshot_take(t, NULL, &s);
	if (err)
		return err;
	err = hosts_group(&h, &s, ROW_PER_HOST);
	if (!err) {
		info.now = s.taken;
		write_targets_json(out, &info, &h, o->sd_port);
		hosts_free(&h);
	}
	snapshot_free(&s);
	return err;
}

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
	err = option_given(o, OPT_SD) ? write_targets(out, o, t) : write_metrics(out, t);
	return err ? outfile_discard(&file, err) : outfile_commit(&file);
}

int command_metrics(const struct options *o)
{
	if (option_given(o, OPT_SD_PORT) && !option_given(o, OPT_SD))
		return usage_error("metrics", "--sd-port requires --sd");
	return command_read(o, metrics);
}
