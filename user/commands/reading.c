// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shared by the commands that read the table once. */
#include "command.h"
#include "watch/reader.h"

int command_read(const struct options *o, int (*use)(const struct options *o, const struct rollcall_table *t))
{
	struct rollcall_table t;
	int err = reader_open(&t, o->pin_dir);

	if (err)
		return err;
	err = use(o, &t);
	rollcall_close(&t);
	return err;
}
