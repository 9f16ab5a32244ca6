// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Takes the lines of message.h. */
#include <stdio.h>
#include <string.h>

#include "reason.h"

static char reason[MESSAGE_BYTES];

static void reason_take(const char *line, size_t bytes)
{
	size_t program = strlen(message_program()) + 2; /* "rollcall-serve: " */

	if (message_is_verbose())
		message_write(line, bytes);
	if (*reason || bytes <= program)
		return;
	snprintf(reason, sizeof(reason), "%.*s", (int)(bytes - program), line + program);
	reason[strcspn(reason, "\n")] = '\0';
}

void reason_begin(void)
{
	*reason = '\0';
	message_divert(reason_take);
}

const char *reason_end(void)
{
	message_divert(message_write);
	return reason;
}
