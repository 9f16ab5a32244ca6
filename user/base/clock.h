/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Clocks, and times as text. The times in the table are CLOCK_BOOTTIME. */
#ifndef ROLLCALL_CLOCK_H
#define ROLLCALL_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include <rollcall/rollcall.h> /* rollcall_now_ns() */

#define NS_PER_MS 1000000ULL
#define NS_PER_S  1000000000ULL

/* CLOCK_BOOTTIME and CLOCK_REALTIME at one moment, to convert between them. */
struct moment {
	uint64_t boot_ns;
	uint64_t real_ns;
};

struct moment clock_now(void);

/* Convert a boot time to nanoseconds since 1970. NOW relates the two clocks. */
static inline uint64_t clock_real_ns(const struct moment *now, uint64_t boot_ns)
{
	return now->real_ns - now->boot_ns + boot_ns;
}

#define RFC3339_BYTES 32
#define SPAN_BYTES    16

/* Write a boot time as "2026-11-22T17:49:17.123Z". NOW relates the two clocks. Returns TEXT. */
char *clock_rfc3339(const struct moment *now, uint64_t boot_ns, char text[RFC3339_BYTES]);

/* Write a time in milliseconds since 1970 as "2026-11-22T17:49:17.123Z", or without the milliseconds. Returns TEXT. */
char *clock_utc(int64_t ms, char text[RFC3339_BYTES]);
char *clock_utc_seconds(int64_t ms, char text[RFC3339_BYTES]);

/* Write a duration for people, in at most two units: "3s", "2m10s", "5h07m", "12d03h". Returns TEXT. */
char *clock_span(uint64_t ns, char text[SPAN_BYTES]);

#define DURATION_BYTES 24
/* Write a duration as options take it, exact to the millisecond: "15s", "500ms", "2m". Returns TEXT. */
char *clock_duration(uint64_t ns, char text[DURATION_BYTES]);

/* Create a timerfd of CLOCK_BOOTTIME, not armed. Returns the descriptor, or -errno. */
int clock_timer(void);
/* Arm it for a boot time. 0 disarms it. A time in the past fires at once. */
void clock_timer_set(int timer, uint64_t boot_ns);
/* Arm it for NS nanoseconds from now; NS is at least 1. */
void clock_timer_set_in(int timer, uint64_t ns);
/* Read the expiration, so that poll() no longer reports it. */
void clock_timer_ack(int timer);

#endif
