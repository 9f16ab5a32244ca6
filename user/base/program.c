// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* It requires only libc, because the small announcer uses it. */
#include <unistd.h>

#include "message.h"
#include "output.h"
#include "program.h"
#include "signals.h"

int program_run(const char *name, int (*run)(void *context, FILE *out), void *context)
{
	struct output out;
	int err;

	signals_begin();
	message_set_program(name);
	err = output_fill_descriptors();
	if (!err)
		err = output_open(&out, STDOUT_FILENO);
	if (err)
		err = fail(err, NULL, "cannot open standard output");
	else
		err = output_finish(&out, run(context, out.file));
	return err == USAGE_ERROR ? 2 : err != 0;
}
