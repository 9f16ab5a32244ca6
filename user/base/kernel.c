// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A 32-bit program may run on a 64-bit kernel, so the size of its types does not decide: uname(2) does. */
#include <stdbool.h>
#include <string.h>
#include <sys/utsname.h>

#include "kernel.h"
#include "message.h"

/*
 * MACHINE is from uname(2). Under setarch(8) a 64-bit kernel reports a 32-bit machine; attach is then rejected, for
 * safety.
 */
static bool is_64_bit(const char *machine)
{
	return strstr(machine, "64") || !strcmp(machine, "s390x");
}

int kernel_check_stores(void)
{
	struct utsname here;

	if (sizeof(long) == 8 || uname(&here) || is_64_bit(here.machine))
		return 0;
	return fail(0, NULL, "attach requires a 64-bit kernel, this is one for %s: it does not store 8 bytes in one step",
		    here.machine);
}
