// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Clocks and timers. */
#include <errno.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

static uint64_t read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

struct moment clock_now(void)
{
	return (struct moment){ .boot_ns = read_clock(CLOCK_BOOTTIME), .real_ns = read_clock(CLOCK_REALTIME) };
}

char *clock_rfc3339(const struct moment *now, uint64_t boot_ns, char text[RFC3339_BYTES])
{
	uint64_t real_ns = clock_real_ns(now, boot_ns);
	time_t seconds = (time_t)(real_ns / NS_PER_S);
	struct tm tm;
	size_t bytes;

	gmtime_r(&seconds, &tm);
	bytes = strftime(text, RFC3339_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + bytes, RFC3339_BYTES - bytes, ".%03uZ", (unsigned)(real_ns % NS_PER_S / NS_PER_MS));
	return text;
}

char *clock_span(uint64_t ns, char text[SPAN_BYTES])
{
	unsigned long s = ns / NS_PER_S;

	if (s < 60)
		snprintf(text, SPAN_BYTES, "%lus", s);
	else if (s < 3600)
		snprintf(text, SPAN_BYTES, "%lum%02lus", s / 60, s % 60);
	else if (s < 86400)
		snprintf(text, SPAN_BYTES, "%luh%02lum", s / 3600, s / 60 % 60);
	else
		snprintf(text, SPAN_BYTES, "%lud%02luh", s / 86400 % 100000, s / 3600 % 24);
	return text;
}

int clock_timer(void)
{
	int timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);

	return timer < 0 ? -errno : timer;
}

void clock_timer_set(int timer, uint64_t boot_ns)
{
	struct itimerspec at = {
		.it_value = { .tv_sec = (time_t)(boot_ns / NS_PER_S), .tv_nsec = (long)(boot_ns % NS_PER_S) },
	};

	timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

void clock_timer_ack(int timer)
{
	uint64_t expirations;

	if (read(timer, &expirations, sizeof(expirations)) < 0)
		return; /* EAGAIN: it was set anew meanwhile */
}
