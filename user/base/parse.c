// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text to values. Ranges that belong to a single option are checked where the option is taken. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rollcall/wire.h>

#include "lib/name.h"
#include "parse.h"

int parse_duration(const char *text, uint64_t *ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "", 1000000000 }, { "ms", 1000000 }, { "s", 1000000000 }, { "m", 60000000000 }, { "h", 3600000000000 },
		      { "d", 86400000000000 } };
	unsigned long long number;
	char *unit;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &unit, 10);
	if (errno)
		return -errno;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name))
			continue;
		return __builtin_mul_overflow(number, units[i].ns, ns) ? -ERANGE : 0;
	}
	return -EINVAL;
}

/* timegm(3) makes March 2 of February 30. Returns 0, or -EINVAL for a time that does not exist. */
static int utc_ms(const struct tm *utc, int64_t *ms)
{
	struct tm real = *utc;

	*ms = (int64_t)timegm(&real) * 1000;
	return real.tm_mday == utc->tm_mday && real.tm_mon == utc->tm_mon && real.tm_sec == utc->tm_sec ? 0 : -EINVAL;
}

int parse_time(const char *text, int64_t now_ms, int64_t *ms)
{
	static const char *const forms[] = { "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d" };
	uint64_t ns = 0;

	if (!parse_duration(text, &ns)) {
		*ms = now_ms - (int64_t)(ns / 1000000);
		return 0;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm utc = {};
		const char *end = strptime(text, forms[i], &utc);

		if (end && *end == '.' && i < 2) /* a fraction of a second */
			end += 1 + strspn(end + 1, "0123456789");
		if (!end || (*end && strcmp(end, "Z")))
			continue;
		return utc_ms(&utc, ms);
	}
	return -EINVAL;
}

int parse_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *unit;
	unsigned long long number;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno)
		return -errno;
	unit = *end ? strchr(units, *end) : NULL;
	if (*end && (!unit || end[1]))
		return -EINVAL;
	return __builtin_mul_overflow(number, unit ? 1ULL << 10 * (unit - units + 1) : 1ULL, bytes) ? -ERANGE : 0;
}

int parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *number)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (*end)
		return -EINVAL;
	if (errno || value < min || value > max)
		return -ERANGE;
	*number = (uint32_t)value;
	return 0;
}

int parse_group4(const char *text, uint8_t group[4])
{
	if (inet_pton(AF_INET, text, group) != 1)
		return -EINVAL;
	return group[0] >> 4 == 0xe ? 0 : -ERANGE;
}

int parse_group6(const char *text, uint8_t group[16])
{
	if (inet_pton(AF_INET6, text, group) != 1)
		return -EINVAL;
	return group[0] == 0xff ? 0 : -ERANGE;
}

int parse_columns(char *line, char **fields, int room)
{
	static const char blanks[] = " \t\n";
	char *rest, *field = strtok_r(line, blanks, &rest);
	int count = 0;

	for (; field && count < room; field = strtok_r(NULL, blanks, &rest))
		fields[count++] = field;
	for (int i = count; i < room; i++)
		fields[i] = "";
	return count;
}

bool hostname_is_valid(const char *name)
{
	size_t bytes = strlen(name), good = 0;

	if (!bytes || bytes > ROLLCALL_HOSTNAME_MAX || !hostname_starts(name[0]))
		return false;
	while (hostname_has(name[good]))
		good++;
	return good == bytes;
}
