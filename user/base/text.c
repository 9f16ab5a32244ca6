// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Its bytes are its columns on a terminal. */
#include <stdio.h>
#include <string.h>

#include "text.h"

void text_shorten(char *text, int width)
{
	if ((int)strlen(text) > width)
		snprintf(text + width - 3, sizeof("..."), "...");
}

char *text_argument(const char *argument, char text[TEXT_ARGUMENT])
{
	snprintf(text, TEXT_ARGUMENT, "%s", argument);
	if (strlen(argument) >= TEXT_ARGUMENT)
		memcpy(text + TEXT_ARGUMENT - sizeof("..."), "...", sizeof("..."));
	return text;
}
