// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which wrong clocks a loader reports, and when. The events are made here, and time passes only by after(). */
#include <sys/syscall.h>
#include <time.h>

#include "base/message.h"
#include "life.h"
#include "loader/skew.h"
#include "loader/tell.h"

#define HOUR   (3600 * SECOND)
#define MINUTE (60 * SECOND)

static struct skew skew;
static int64_t passed_ns; /* on CLOCK_BOOTTIME, for this process */
static int reported;	  /* messages */
static char last[MESSAGE_BYTES];

/* Takes the place of that of libc. */
int clock_gettime(clockid_t id, struct timespec *now)
{
	if (syscall(SYS_clock_gettime, id, now))
		return -1;
	if (id == CLOCK_BOOTTIME)
		now->tv_sec += passed_ns / SECOND;
	return 0;
}

static void after(int64_t ns)
{
	passed_ns += ns;
}

static void on_message(const char *line, size_t bytes)
{
	reported++;
	snprintf(last, sizeof(last), "%.*s", (int)bytes, line);
}

/* So many hosts have entries. */
static void are_recorded(uint64_t count)
{
	message_divert(on_message);
	rig.table.state->reserved = count;
	rig.table.state->realtime_offset_ns = 0;
}

static struct rollcall_event event_of(enum rollcall_event_kind kind, int number)
{
	struct rollcall_event event = { .kind = kind };
	char name[16];

	snprintf(name, sizeof(name), "host-%d", number);
	event.key = rig_key(name);
	event.peer = (struct rollcall_peer){ .ipv4 = { 10, 78, 0, 2 }, .flags = ROLLCALL_PEER_SEALED };
	event.peer.last_seen_ns = rollcall_now_ns();
	event.peer.sequence = event.peer.last_seen_ns / 1000 + 60000000;
	return event;
}

/* Messages of hosts FIRST to LAST are rejected, in turn. Returns how many messages that causes. */
static int are_off(int first, int end)
{
	int before = reported;

	for (int i = first; i <= end; i++) {
		struct rollcall_event event = event_of(ROLLCALL_EVENT_SKEW, i);

		skew_take(&skew, &rig.table, &event);
	}
	return reported - before;
}

static void is_recorded(int number)
{
	struct rollcall_event event = event_of(ROLLCALL_EVENT_JOIN, number);

	skew_recorded(&skew, &event);
}

static void several_at_one_moment(void)
{
	are_recorded(20);
	EXPECT(are_off(1, 5) == 5);
	EXPECT(are_off(1, 5) == 0);
	after(HOUR - SECOND);
	EXPECT(are_off(1, 5) == 0);
	after(2 * SECOND);
	EXPECT(are_off(1, 5) == 5);
}

/* More than may be reported at once: the others follow, one per minute, and none is forgotten. */
static void more_than_a_burst(void)
{
	are_recorded(20);
	EXPECT(are_off(1, TELL_BURST + 2) == TELL_BURST);
	EXPECT(are_off(1, TELL_BURST + 2) == 0);
	for (int i = 1; i <= 2; i++) {
		after(MINUTE);
		EXPECT(are_off(1, TELL_BURST + 2) == 1);
		EXPECT(!strstr(last, "left out"));
	}
	EXPECT(strstr(last, "'host-12'"));
	after(MINUTE);
	EXPECT(are_off(1, TELL_BURST + 2) == 0);
}

static void most_are_off(void)
{
	are_recorded(2);
	EXPECT(are_off(1, 2) == 2);
	EXPECT(are_off(3, 9) == 1);
	EXPECT(strstr(last, "the clock of this host differs from those of 3 hosts"));
	after(2 * HOUR);
	EXPECT(are_off(1, 9) == 0);
}

/* This host's clock was set. Then a host that was not reported is. */
static void one_is_off_after_all(void)
{
	are_recorded(0);
	EXPECT(are_off(1, 5) == 3);
	for (int i = 1; i <= 4; i++)
		is_recorded(i);
	EXPECT(are_off(5, 5) == 1);
	EXPECT(strstr(last, "the clock of 'host-5'"));
	EXPECT(are_off(5, 5) == 0);
}

#define CASES(X)                                                                                    \
	X(several_at_one_moment)                                                                    \
	X(more_than_a_burst)                                                                        \
	X(most_are_off)                                                                             \
	X(one_is_off_after_all)

LIFE_MAIN(settings.sealing = ROLLCALL_SEALED)
