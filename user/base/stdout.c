// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * In glibc `stdout` is a variable that can be set, and printf() then writes to the new stream. Other libcs do not allow
 * it.
 */
#include <unistd.h>

#include "message.h"
#include "output.h"
#include "stdout.h"

static struct output standard = { .fd = -1 };

int stdout_take(void)
{
	int err = output_fill_descriptors();

	if (!err)
		err = output_open(&standard, STDOUT_FILENO);
	if (err)
		return fail(err, NULL, "cannot open standard output");
	stdout = standard.file;
	return 0;
}

int stdout_finish(int err)
{
	return output_finish(&standard, err);
}
