// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading the ring with a bound. */
#include <bpf/libbpf.h>
#include <errno.h>

#include <rollcall/event.h>

#include "base/clock.h"
#include "base/message.h"
#include "events.h"
#include "pins.h"
#include "slots.h"
#include "tell.h"

#define EVENTS_PER_TURN 512 /* half of what the ring holds */
#define REST_NS		(5 * NS_PER_MS)
#define WAKE_PER_S	20

/* An event that no look at the table shows. */
static void tell_event(const struct events *e, const struct rollcall_event *event)
{
	const struct rollcall_entry heard = { .key = event->key, .peer = event->peer };
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	char ifname[ROLLCALL_IFNAME_TEXT];

	if (!tell_may(event->kind) || slots_read(e->table, slots))
		return;
	rollcall_ifname_text(slots, heard.key.ifindex, ifname);
	if (event->kind == ROLLCALL_EVENT_CLASH)
		tell_clash(&heard, ifname);
	else if (event->kind == ROLLCALL_EVENT_FULL)
		tell_full(&heard, &e->table->settings, ifname);
	else
		tell_throttled(&heard, &e->table->settings, ifname);
}

/* What is below zero ends ring_buffer__consume(), which otherwise goes on as long as the filter does. The event is taken. */
static int take_event(void *context, void *data, size_t bytes)
{
	struct events *e = context;
	const struct rollcall_event *event = data;

	if (bytes >= sizeof(*event)) {
		switch ((enum rollcall_event_kind)event->kind) {
		case ROLLCALL_EVENT_CLASH:
		case ROLLCALL_EVENT_FULL:
		case ROLLCALL_EVENT_THROTTLED:
			tell_event(e, event);
			break;
		case ROLLCALL_EVENT_SKEW:
			skew_take(&e->skew, e->table, event);
			break;
		case ROLLCALL_EVENT_JOIN:
		case ROLLCALL_EVENT_RETURN:
			skew_recorded(&e->skew, event);
			e->changed = true;
			break;
		default:
			e->changed = true;
		}
	}
	return ++e->taken < EVENTS_PER_TURN ? 0 : -EAGAIN;
}

int events_open(struct events *e, int events_fd_of_filter, const struct table *t, const char *dir)
{
	*e = (struct events){ .table = t, .dir = dir };
	e->ring = ring_buffer__new(events_fd_of_filter, take_event, e, NULL);
	return e->ring ? 0 : fail(-errno, NULL, "cannot read the ring of events");
}

int events_fd(const struct events *e)
{
	return e->rest_until_ns ? -1 : ring_buffer__epoll_fd(e->ring);
}

int events_timeout_ms(const struct events *e, uint64_t now_ns)
{
	uint64_t due_ns = UINT64_MAX;

	if (e->rest_until_ns)
		due_ns = e->rest_until_ns;
	if (e->changed && e->wake_from_ns < due_ns)
		due_ns = e->wake_from_ns;
	if (due_ns == UINT64_MAX)
		return -1;
	return due_ns > now_ns ? (int)((due_ns - now_ns) / NS_PER_MS) + 1 : 0;
}

void events_turn(struct events *e, bool readable)
{
	uint64_t now_ns = rollcall_now_ns();

	if (readable) {
		e->taken = 0;
		ring_buffer__consume(e->ring);
		e->rest_until_ns = now_ns + REST_NS;
	} else if (e->rest_until_ns <= now_ns) {
		e->rest_until_ns = 0;
	}
	if (!e->changed || now_ns < e->wake_from_ns)
		return;
	pins_touch(e->dir);
	e->changed = false;
	e->wake_from_ns = now_ns + NS_PER_S / WAKE_PER_S;
}

void events_note_change(struct events *e)
{
	e->changed = true;
}

void events_close(struct events *e)
{
	ring_buffer__free(e->ring); /* NULL is allowed */
	e->ring = NULL;
}
