// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The filter sends each of these once per change of state, name conflicts once a second. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "net/addresses.h"
#include "tell.h"

static bool is_own_address(const struct rollcall_entry *heard)
{
	bool is_ipv4 = heard->key.family == ROLLCALL_FAMILY_IPV4;
	const void *bytes = is_ipv4 ? heard->peer.ipv4 : heard->peer.ipv6;
	int family = is_ipv4 ? AF_INET : AF_INET6;
	struct addresses own;
	bool found;

	if (addresses_read(&own, family, 0))
		return false;
	found = addresses_have(&own, family, bytes);
	addresses_free(&own);
	return found;
}

/* A bucket of messages for each kind: one message takes one, and time fills it again. */
static struct tell_bucket {
	unsigned int taken;
	uint64_t since_ns; /* when the last one came back */
	unsigned long left_out;
} buckets[ROLLCALL_EVENT_KINDS];

bool tell_may_now(enum rollcall_event_kind kind)
{
	struct tell_bucket *b = &buckets[kind];
	uint64_t now_ns = rollcall_now_ns(), back = (now_ns - b->since_ns) / TELL_PER_NS;

	if (back >= b->taken)
		b->taken = 0;
	else
		b->taken -= (unsigned int)back;
	b->since_ns = b->taken ? b->since_ns + back * TELL_PER_NS : now_ns;
	return b->taken < TELL_BURST;
}

bool tell_may(enum rollcall_event_kind kind)
{
	bool may = tell_may_now(kind);

	buckets[kind].left_out += !may;
	return may;
}

/* A message is printed. Returns what it ends with. */
static const char *tell_count(enum rollcall_event_kind kind)
{
	static char text[64];
	struct tell_bucket *b = &buckets[kind];

	text[0] = '\0';
	if (b->left_out)
		snprintf(text, sizeof(text), " (%lu similar messages were left out)", b->left_out);
	b->left_out = 0;
	b->taken++;
	return text;
}

void tell_clash(const struct rollcall_entry *heard, const char *ifname)
{
	static char told[ROLLCALL_ADDRESS_TEXT];
	char address[ROLLCALL_ADDRESS_TEXT];

	if (!strcmp(rollcall_address_text(heard, ifname, address), told) || is_own_address(heard))
		return;
	memcpy(told, address, sizeof(told));
	warn("name conflict: '%s', the name of this host, is also announced by %s on %s%s", heard->key.hostname, address, ifname,
	     tell_count(ROLLCALL_EVENT_CLASH));
}

void tell_full(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname)
{
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

	warn("table full: %u live entries (--max-peers): new hosts are rejected, such as '%s' at %s on %s%s",
	     settings->max_peers, rollcall_name_text(refused, name), rollcall_address_text(refused, ifname, address), ifname,
	     tell_count(ROLLCALL_EVENT_FULL));
}

void tell_room_again(void)
{
	if (tell_may(ROLLCALL_EVENT_FULL))
		warn("table no longer full%s", tell_count(ROLLCALL_EVENT_FULL));
}

void tell_throttled(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname)
{
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

	warn("%s on %s has %u hostnames (--names-per-source): more are rejected, such as '%s'%s",
	     rollcall_address_text(refused, ifname, address), ifname, settings->names_per_source, rollcall_name_text(refused, name),
	     tell_count(ROLLCALL_EVENT_THROTTLED));
}

/* A difference in words, such as "42s behind". */
static void offset_text(int64_t offset_us, char *text, size_t bytes)
{
	uint64_t us = offset_us < 0 ? -(uint64_t)offset_us : (uint64_t)offset_us;
	char span[SPAN_BYTES];

	if (us > UINT64_MAX / 1000)
		us = UINT64_MAX / 1000;
	snprintf(text, bytes, "%s %s", clock_span(us * 1000, span), offset_us < 0 ? "behind" : "ahead of");
}

void tell_skew(const struct rollcall_entry *host, int64_t offset_us, const char *ifname)
{
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], offset[SPAN_BYTES + 16];

	offset_text(offset_us, offset, sizeof(offset));
	warn("the clock of '%s' at %s on %s is %s this host's: its announcements are rejected: set its clock, see "
	     "'timedatectl'%s",
	     rollcall_name_text(host, name), rollcall_address_text(host, ifname, address), ifname, offset,
	     tell_count(ROLLCALL_EVENT_SKEW));
}

void tell_own_clock(int count)
{
	warn("the clock of this host differs from those of %d hosts, more than are recorded: their announcements are "
	     "rejected: set the clock of this host, see 'timedatectl'",
	     count);
}
