// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A stream of fopencookie(3). open_memstream(3) has no limit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"

#define FIRST_ROOM 4096

static size_t bytes_of_all; /* the room of all bodies */

static int body_grow(struct body *b, size_t needed)
{
	size_t room = b->room ? b->room : FIRST_ROOM;
	char *text;

	while (room < needed)
		room *= 2;
	if (needed > BODY_BYTES_MAX)
		return -E2BIG;
	if (bytes_of_all + room - b->room > BODIES_BYTES_MAX)
		return -EBUSY;
	text = realloc(b->text, room);
	if (!text)
		return -ENOMEM;
	bytes_of_all += room - b->room;
	b->text = text;
	b->room = room;
	return 0;
}

static ssize_t body_write(void *cookie, const char *text, size_t bytes)
{
	struct body *b = cookie;

	if (!b->err && b->bytes + bytes > b->room)
		b->err = body_grow(b, b->bytes + bytes);
	if (b->err) {
		errno = -b->err;
		return 0; /* of fopencookie(3): an error */
	}
	memcpy(b->text + b->bytes, text, bytes);
	b->bytes += bytes;
	return (ssize_t)bytes;
}

int body_open(struct body *b)
{
	*b = (struct body){};
	b->out = fopencookie(b, "w", (cookie_io_functions_t){ .write = body_write });
	return b->out ? 0 : -ENOMEM;
}

int body_close(struct body *b)
{
	if (b->out)
		fclose(b->out);
	b->out = NULL;
	return b->err;
}

void body_free_text(char *text, size_t room)
{
	bytes_of_all -= room;
	free(text);
}

void body_free(struct body *b)
{
	body_close(b);
	body_free_text(b->text, b->room);
	*b = (struct body){};
}
