// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall detach: detach the filter, also if another process attached it. */
#include "command.h"
#include "loader/detachment.h"
#include "base/message.h"

int command_detach(const struct options *o)
{
	int err = 0;

	if (option_given(o, OPT_ALL) == (o->words.arg_count > 0))
		return usage_error("detach", "give interfaces or --all, and not both");
	if (option_given(o, OPT_ALL))
		return detachment_make(o->pin_dir, NULL);
	for (int i = 0; i < o->words.arg_count; i++) {
		int failed = detachment_make(o->pin_dir, o->words.args[i]);

		err = err ? err : failed;
	}
	return err;
}
