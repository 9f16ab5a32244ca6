// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* libbpf_set_print(). */
#include <bpf/libbpf.h>
#include <stdio.h>

#include "base/message.h"
#include "libbpf_log.h"

static int log_line(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[MESSAGE_BYTES];
	int bytes;

	if (!message_is_verbose() || level == LIBBPF_DEBUG)
		return 0;
	bytes = vsnprintf(line, sizeof(line), format, args); /* with a newline of its own */
	if (bytes > 0)
		message_line(line, bytes < (int)sizeof(line) ? (size_t)bytes : sizeof(line) - 1);
	return bytes;
}

void libbpf_log_take(void)
{
	libbpf_set_print(log_line);
}
