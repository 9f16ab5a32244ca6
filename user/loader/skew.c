// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which clocks are wrong. The filter sends at most 20 events per second. */
#include <bpf/bpf.h>
#include <string.h>

#include "skew.h"
#include "slots.h"
#include "tell.h"

#define OWN_LEAST      3		/* hosts that are off: fewer say nothing about this host's clock */
#define REPORT_AGAIN_NS (3600 * NS_PER_S) /* a host that has an entry all the time causes no event when it is right */

/*
 * Is the host recorded, over either family? Then an old message of it was received again, perhaps from an attacker. A
 * host whose clock has become wrong is reported when its entry has expired.
 */
static bool host_is_live(const struct table *t, const struct rollcall_peer_key *key)
{
	struct rollcall_peer_key either = *key;
	struct rollcall_peer peer;

	for (uint8_t family = ROLLCALL_FAMILY_IPV4; family <= ROLLCALL_FAMILY_IPV6; family += 2) {
		either.family = family;
		if (!bpf_map_lookup_elem(t->peers_fd, &either, &peer) && peer.flags & ROLLCALL_PEER_SEALED &&
		    peer_is_kept(t, &peer, rollcall_now_ns()))
			return true;
	}
	return false;
}

static struct skew_host *host_find(struct skew *s, const char *hostname)
{
	for (int i = 0; i < s->count; i++)
		if (!memcmp(s->hosts[i].hostname, hostname, sizeof(s->hosts[i].hostname)))
			return &s->hosts[i];
	return NULL;
}

static struct skew_host *host_add(struct skew *s, const char *hostname)
{
	struct skew_host *place = &s->hosts[0];

	if (s->count < SKEW_HOSTS)
		place = &s->hosts[s->count++];
	else
		for (int i = 1; i < s->count; i++)
			if (s->hosts[i].since_ns < place->since_ns)
				place = &s->hosts[i];
	memcpy(place->hostname, hostname, sizeof(place->hostname));
	place->reported = false;
	return place;
}

/* Entries with a seal. A host may have several, so this host's clock is suspected late rather than early. */
static int64_t sealed_entries(const struct table *t)
{
	int64_t live = (int64_t)rollcall_state_live(t->state);

	return t->settings.sealing == ROLLCALL_MIXED ? live - (int64_t)t->state->unsealed : live;
}

/* In microseconds, as the sequence, which can be any number. */
static int64_t offset_us(const struct table *t, const struct rollcall_peer *peer)
{
	return (int64_t)(peer->sequence - (peer->last_seen_ns + t->state->realtime_offset_ns) / 1000);
}

/* Returns false if it cannot be reported now. */
static bool report_host(const struct table *t, const struct rollcall_event *event)
{
	const struct rollcall_entry host = { .key = event->key, .peer = event->peer };
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	char ifname[ROLLCALL_IFNAME_TEXT];

	if (!tell_may_now(ROLLCALL_EVENT_SKEW) || slots_read(t, slots))
		return false;
	tell_skew(&host, offset_us(t, &event->peer), rollcall_ifname_text(slots, host.key.ifindex, ifname));
	return true;
}

void skew_take(struct skew *s, const struct table *t, const struct rollcall_event *event)
{
	uint64_t now_ns = event->peer.last_seen_ns;
	struct skew_host *host = host_find(s, event->key.hostname);

	if (host_is_live(t, &event->key) || (host && host->reported && now_ns - host->since_ns < REPORT_AGAIN_NS))
		return;
	if (!host)
		host = host_add(s, event->key.hostname);
	host->since_ns = now_ns;
	if (s->own_is_wrong)
		return;
	s->own_is_wrong = s->count >= OWN_LEAST && s->count > sealed_entries(t);
	if (s->own_is_wrong)
		tell_own_clock(s->count);
	else
		host->reported = report_host(t, event);
}

void skew_recorded(struct skew *s, const struct rollcall_event *event)
{
	struct skew_host *host = host_find(s, event->key.hostname);

	if (!host || !(event->peer.flags & ROLLCALL_PEER_SEALED))
		return;
	*host = s->hosts[--s->count];
	s->own_is_wrong = s->own_is_wrong && s->count >= OWN_LEAST;
}
