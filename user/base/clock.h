/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Clocks, and how times are written. The table's times are CLOCK_BOOTTIME. */
#ifndef ROLLCALL_CLOCK_H
#define ROLLCALL_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include <rollcall/rollcall.h> /* rollcall_now_ns() */

#define NS_PER_MS 1000000ULL
#define NS_PER_S  1000000000ULL

/* Both clocks at one moment, to turn a time of the one into the other. */
struct moment {
	uint64_t boot_ns;
	uint64_t real_ns;
};

struct moment clock_now(void);

/* Nanoseconds since 1970 of a boot time, as the wall clock stands at NOW. */
static inline uint64_t clock_real_ns(const struct moment *now, uint64_t boot_ns)
{
	return now->real_ns - now->boot_ns + boot_ns;
}

#define RFC3339_BYTES 32
#define SPAN_BYTES    16

/* "2026-11-22T17:49:17.123Z" of a boot time, as the wall clock stands at NOW. Returns TEXT. */
char *clock_rfc3339(const struct moment *now, uint64_t boot_ns, char text[RFC3339_BYTES]);

/* A span as people read it, two units at most: "3s", "2m10s", "5h07m", "12d03h". Returns TEXT. */
char *clock_span(uint64_t ns, char text[SPAN_BYTES]);

#define DURATION_BYTES 24
/* A duration as options take it, exactly to the millisecond: "15s", "500ms", "2m". Returns TEXT. */
char *clock_duration(uint64_t ns, char text[DURATION_BYTES]);

/* A timerfd of CLOCK_BOOTTIME, not armed; or -errno. */
int clock_timer(void);
/* Arm it for a boot time (0 disarms); one already past fires at once. */
void clock_timer_set(int timer, uint64_t boot_ns);
/* Arm it for so long from now; at least 1 ns. */
void clock_timer_set_in(int timer, uint64_t ns);
/* Take the expiration off, so that poll() no longer reports it. */
void clock_timer_ack(int timer);

#endif
