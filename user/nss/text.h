/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text functions that do not use the locale. */
#ifndef ROLLCALL_NSS_TEXT_H
#define ROLLCALL_NSS_TEXT_H

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The next word at *REST, terminated in place; "" at the end. */
static inline char *text_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t\r"), *end = word + strcspn(word, " \t\r");

	*rest = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

/* Read until TEXT is full or the file ends. Returns the number of bytes, or -errno. */
static inline ssize_t text_read(int fd, char *text, size_t room)
{
	size_t bytes = 0;
	ssize_t n;

	do {
		n = read(fd, text + bytes, room - bytes);
		if (n > 0)
			bytes += (size_t)n;
	} while ((n > 0 && bytes < room) || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : (ssize_t)bytes;
}

#endif
