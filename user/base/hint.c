// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <rollcall/rollcall.h>

#include "hint.h"
#include "message.h"

static char pin_dir[MESSAGE_BYTES / 4];

void hint_set_pin_dir(const char *dir)
{
	/* the pins for other users are read-only, and the commands act on the default table */
	if (!strcmp(dir, ROLLCALL_READERS_DIR))
		return;
	snprintf(pin_dir, sizeof(pin_dir), " --pin-dir %s", dir);
	message_clean(pin_dir);
}

const char *hint_pin_dir(void)
{
	return pin_dir;
}

const char *hint_text(const char *format, ...)
{
	static char text[MESSAGE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}
