// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall status: the attached interfaces, whether announcements are received, and the outcomes of frames. */
#include <errno.h>

#include "base/message.h"
#include "command.h"
#include "view/status.h"
#include "view/terminal.h"
#include "watch/reader.h"

/* Returns 0, or -errno, reported, if an interface is not attached. */
static int find_interfaces(const struct options *o, const struct rollcall_table *t, uint32_t ifindexes[ROLLCALL_SLOTS])
{
	int err = 0;

	for (int i = 0; !err && i < o->words.arg_count; i++)
		err = reader_interface(t, o->words.args[i], &ifindexes[i]);
	return err;
}

static int status(const struct options *o, const struct rollcall_table *t)
{
	uint32_t ifindexes[ROLLCALL_SLOTS];
	struct status status;
	int err = find_interfaces(o, t, ifindexes);

	if (!err)
		err = status_take(t, &status);
	if (err)
		return err;
	if (o->words.arg_count)
		status_show_only(&status, ifindexes, o->words.arg_count);
	if (option_given(o, OPT_CHECK)) /* the lines are the report of the failure: no further message */
		return write_status_problems(stdout, &status, option_given(o, OPT_REQUIRE_PEERS)) ? -EIO : 0;
	if (option_given(o, OPT_JSON))
		write_status_json(stdout, &status);
	else
		write_status_text(stdout, &status, terminal_is_there() && terminal_has_colour());
	return 0;
}

int command_status(const struct options *o)
{
	if (option_given(o, OPT_REQUIRE_PEERS) && !option_given(o, OPT_CHECK))
		return usage_error("status", "--require-peers requires --check");
	if (option_given(o, OPT_CHECK) && option_given(o, OPT_JSON))
		return usage_error("status", "--check and --json exclude each other");
	return command_read(o, status);
}
