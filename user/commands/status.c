// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall status: what is attached, how, and how every frame ended. */
#include "command.h"
#include "view/status.h"

static int status(const struct options *o, const struct rollcall_table *t)
{
	struct status status;
	int err = status_take(t, &status);

	if (err)
		return err;
	if (option_given(o, OPT_JSON))
		write_status_json(stdout, &status);
	else
		write_status_text(stdout, &status);
	return 0;
}

int command_status(const struct options *o)
{
	return command_read(o, status);
}
