// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reads the properties of the terminal. The writers write to it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

bool terminal_is_there(void)
{
	return isatty(STDOUT_FILENO);
}

struct winsize terminal_size(void)
{
	struct winsize size = {};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	return size;
}

bool terminal_has_colour(void)
{
	const char *unwanted = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(unwanted && *unwanted) && term && *term && strcmp(term, "dumb") != 0;
}
