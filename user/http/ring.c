// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>

#include "ring.h"
#include "view/write.h"

#define NS_PER_US 1000

void ring_open(struct ring *r)
{
	r->first_id = r->next_id = clock_now().real_ns / NS_PER_US;
}

/* An event is three lines: its id, its data, and an empty one. */
static char *event_text(uint64_t id, const struct table_info *info, const struct event *event, size_t *bytes)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, bytes);

	if (!out)
		return NULL;
	fprintf(out, "id: %llu\ndata: ", (unsigned long long)id);
	write_event_json(out, info, event);
	fputc('\n', out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

void ring_add(struct ring *r, const struct table_info *info, const struct event *event)
{
	size_t slot = r->next_id % RING_EVENTS, bytes;
	char *text = event_text(r->next_id, info, event, &bytes);

	if (!text)
		return;
	if (r->next_id - r->first_id == RING_EVENTS)
		r->first_id++;
	free(r->texts[slot]);
	r->texts[slot] = text;
	r->bytes[slot] = bytes;
	r->next_id++;
}

const char *ring_text(const struct ring *r, uint64_t id, size_t *bytes)
{
	*bytes = r->bytes[id % RING_EVENTS];
	return r->texts[id % RING_EVENTS];
}

void ring_close(struct ring *r)
{
	for (size_t i = 0; i < RING_EVENTS; i++)
		free(r->texts[i]);
	*r = (struct ring){};
}
