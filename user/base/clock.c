// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Clocks and timers. */
#include <errno.h>
#include <inttypes.h>
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
	return (struct moment){ .boot_ns = rollcall_now_ns(), .real_ns = read_clock(CLOCK_REALTIME) };
}

/* Write the seconds, and return how many bytes they have. */
static size_t write_utc(int64_t s, char text[RFC3339_BYTES])
{
	time_t time = (time_t)s;
	struct tm utc = {};

	return gmtime_r(&time, &utc) ? strftime(text, RFC3339_BYTES, "%Y-%m-%dT%H:%M:%S", &utc) : 0;
}

char *clock_utc(int64_t ms, char text[RFC3339_BYTES])
{
	int64_t rest = (ms % 1000 + 1000) % 1000;
	size_t bytes = write_utc((ms - rest) / 1000, text);

	snprintf(text + bytes, RFC3339_BYTES - bytes, ".%03uZ", (unsigned int)rest);
	return text;
}

char *clock_utc_seconds(int64_t ms, char text[RFC3339_BYTES])
{
	size_t bytes = write_utc(ms / 1000, text);

	snprintf(text + bytes, RFC3339_BYTES - bytes, "Z");
	return text;
}

char *clock_rfc3339(const struct moment *now, uint64_t boot_ns, char text[RFC3339_BYTES])
{
	return clock_utc((int64_t)(clock_real_ns(now, boot_ns) / NS_PER_MS), text);
}

static void span_of_two(char text[SPAN_BYTES], uint64_t large, char unit, uint64_t small, char small_unit)
{
	snprintf(text, SPAN_BYTES, "%" PRIu64 "%c%02" PRIu64 "%c", large, unit, small, small_unit);
}

char *clock_span(uint64_t ns, char text[SPAN_BYTES])
{
	uint64_t s = ns / NS_PER_S;

	if (s < 60)
		snprintf(text, SPAN_BYTES, "%" PRIu64 "s", s);
	else if (s < 3600)
		span_of_two(text, s / 60, 'm', s % 60, 's');
	else if (s < 86400)
		span_of_two(text, s / 3600, 'h', s / 60 % 60, 'm');
	else
		span_of_two(text, s / 86400, 'd', s / 3600 % 24, 'h');
	return text;
}

char *clock_duration(uint64_t ns, char text[DURATION_BYTES])
{
	static const struct {
		uint64_t ms;
		const char *name;
	} units[] = { { 3600000, "h" }, { 60000, "m" }, { 1000, "s" }, { 1, "ms" } };
	uint64_t ms = ns / NS_PER_MS;
	size_t i = 0;

	while (ms % units[i].ms)
		i++;
	snprintf(text, DURATION_BYTES, "%" PRIu64 "%s", ms / units[i].ms, units[i].name);
	return text;
}

int clock_timer(void)
{
	int timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);

	return timer < 0 ? -errno : timer;
}

static void timer_set(int timer, uint64_t ns)
{
	struct itimerspec at = {
		.it_value = { .tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S) },
	};

	timerfd_settime(timer, 0, &at, NULL);
}

/* Relative: the kernel would read an absolute time in the clock of this process's time namespace. */
void clock_timer_set(int timer, uint64_t boot_ns)
{
	int64_t left_ns = boot_ns ? (int64_t)(boot_ns - rollcall_now_ns()) : 0;

	timer_set(timer, boot_ns && left_ns <= 0 ? 1 : (uint64_t)left_ns);
}

void clock_timer_set_in(int timer, uint64_t ns)
{
	timer_set(timer, ns);
}

void clock_timer_ack(int timer)
{
	uint64_t expirations;

	if (read(timer, &expirations, sizeof(expirations)) < 0)
		return; /* EAGAIN: the timer was set again since poll() */
}
