// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A stream of fopencookie(3) that writes to memory. outlet_flush() writes the memory to the descriptor. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/nowait.h"
#include "outlet.h"

/* Returns 0 or -ENOMEM. */
static int outlet_add(struct outlet *o, const char *text, size_t bytes)
{
	if (o->end + bytes > o->room) {
		size_t room = 2 * (o->end + bytes);
		char *more = realloc(o->text, room);

		if (!more)
			return -ENOMEM;
		o->text = more;
		o->room = room;
	}
	memcpy(o->text + o->end, text, bytes);
	o->end += bytes;
	return 0;
}

static ssize_t outlet_take(void *cookie, const char *text, size_t bytes)
{
	struct outlet *o = cookie;

	if (o->broken && outlet_add(o, "\n", 1))
		return 0;
	o->broken = false;
	return outlet_add(o, text, bytes) ? 0 : (ssize_t)bytes; /* 0 means a failure for fopencookie(3) */
}

int outlet_open(struct outlet *o, int fd)
{
	*o = (struct outlet){ .fd = fd, .has_reader = nowait_has_reader(fd) };
	o->file = fopencookie(o, "w", (cookie_io_functions_t){ .write = outlet_take });
	return o->file ? 0 : -errno;
}

static void outlet_advance(struct outlet *o, size_t written)
{
	o->begin += written;
	o->full_since_ns = 0;
}

static void outlet_empty(struct outlet *o)
{
	o->begin = o->end = 0;
	o->full_since_ns = 0;
	if (o->room > 1 << 20) { /* free the memory that a large table took */
		free(o->text);
		o->text = NULL;
		o->room = 0;
	}
}

int outlet_flush(struct outlet *o)
{
	if (fflush(o->file)) {
		clearerr(o->file);
		outlet_empty(o);
		return -ENOMEM;
	}
	while (outlet_is_full(o)) {
		ssize_t written = nowait_write(o->fd, o->text + o->begin, o->end - o->begin);

		if (written == -EINTR)
			continue;
		if (written == -EAGAIN || !written) {
			if (!o->full_since_ns)
				o->full_since_ns = rollcall_now_ns();
			return -EAGAIN;
		}
		if (written < 0) {
			o->broken = o->begin && o->text[o->begin - 1] != '\n';
			outlet_empty(o);
			return (int)written;
		}
		outlet_advance(o, (size_t)written);
	}
	outlet_empty(o);
	return 0;
}

void outlet_close(struct outlet *o)
{
	if (o->file)
		fclose(o->file);
	free(o->text);
	*o = (struct outlet)OUTLET_NONE;
}
