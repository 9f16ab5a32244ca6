// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Clocks and timers. */
#include <errno.h>
#include <stdbool.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "lib/put.h"

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

/* Days from 1970 to the first of January of YEAR, in the calendar that has always been ours. */
static uint64_t days_before(uint64_t year)
{
	uint64_t past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400 - 719162;
}

static bool is_leap(uint64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static char *put_date(char *at, uint64_t days)
{
	static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, UINT16_MAX };
	uint64_t year = 1970 + days * 400 / 146097; /* at most one off */
	unsigned int day, month = 0, leap;

	if (days_before(year) > days)
		year--;
	else if (days_before(year + 1) <= days)
		year++;
	day = (unsigned int)(days - days_before(year));
	leap = is_leap(year);
	while (day >= before[month + 1] + (month ? leap : 0))
		month++;
	day -= before[month] + (month > 1 ? leap : 0);
	at = put_char(put_digits(at, year, 4), '-');
	at = put_char(put_digits(at, month + 1, 2), '-');
	return put_digits(at, day + 1, 2);
}

char *put_rfc3339(char *at, const struct moment *now, uint64_t boot_ns)
{
	uint64_t ms = clock_real_ns(now, boot_ns) / NS_PER_MS, s = ms / 1000;

	at = put_char(put_date(at, s / 86400), 'T');
	at = put_char(put_digits(at, s / 3600 % 24, 2), ':');
	at = put_char(put_digits(at, s / 60 % 60, 2), ':');
	at = put_char(put_digits(at, s % 60, 2), '.');
	return put_char(put_digits(at, ms % 1000, 3), 'Z');
}

char *clock_rfc3339(const struct moment *now, uint64_t boot_ns, char text[RFC3339_BYTES])
{
	*put_rfc3339(text, now, boot_ns) = '\0';
	return text;
}

static char *put_two(char *at, uint64_t large, char unit, uint64_t small, char small_unit)
{
	at = put_char(put_decimal(at, large), unit);
	return put_char(put_digits(at, small, 2), small_unit);
}

char *put_span(char *at, uint64_t ns)
{
	uint64_t s = ns / NS_PER_S;

	if (s < 60)
		return put_char(put_decimal(at, s), 's');
	if (s < 3600)
		return put_two(at, s / 60, 'm', s % 60, 's');
	if (s < 86400)
		return put_two(at, s / 3600, 'h', s / 60 % 60, 'm');
	return put_two(at, s / 86400, 'd', s / 3600 % 24, 'h');
}

int span_bytes(uint64_t ns)
{
	uint64_t s = ns / NS_PER_S;
	char text[SPAN_BYTES];

	if (s < 600)
		return s < 10 ? 2 : s < 60 ? 3 : 5;
	if (s < 86400)
		return s < 3600 || s >= 36000 ? 6 : 5;
	return (int)(put_span(text, ns) - text);
}

char *clock_span(uint64_t ns, char text[SPAN_BYTES])
{
	*put_span(text, ns) = '\0';
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
