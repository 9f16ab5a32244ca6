// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Decides when to announce, and reports changes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "announcer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/nodename.h"
#include "base/parse.h"

/*
 * An announcement is sent up to a tenth of the interval early, and not late, so that hosts that start together drift
 * apart.
 */
#define JITTER_SHARE 10

/*
 * After how many announcements without an address a family counts as lost, if it was announced over before. An address
 * may be missing for a moment after the link was down.
 */
#define LOST_BEATS 3

#define STILL_TRYING "; still trying"
#define RENAME "set another with 'hostnamectl hostname', or give --hostname"

int announcer_init(struct announcer *a, const struct announcer_config *config)
{
	char name[NODENAME_BYTES];

	*a = (struct announcer){ .timer = clock_timer(), .config = *config };
	if (a->timer < 0)
		return fail(a->timer, NULL, "cannot make a timer");
	if (!config->hostname && !hostname_is_valid(nodename_short(name)))
		return fail(0, RENAME, "this host's name '%s' cannot be announced", name);
	return 0;
}

static int add_sender(struct announcer *a, uint32_t id, const struct netdev *dev, int family)
{
	const struct announcer_config *c = &a->config;
	const void *group = family == AF_INET ? c->group4 : c->group6;
	int err = sender_open(&a->senders[a->count], id, dev, family, group, c->port);

	if (!err)
		a->count++;
	return err;
}

int announcer_add(struct announcer *a, uint32_t id, const struct netdev *dev)
{
	int err = -EAFNOSUPPORT, added = a->count;

	if (a->config.ipv4)
		err = add_sender(a, id, dev, AF_INET);
	if (a->config.ipv6) {
		int err6 = add_sender(a, id, dev, AF_INET6);

		err = err ? err6 : err;
	}
	/* a kernel may lack one of the families */
	return a->count > added ? 0 : fail(err, NULL, "cannot announce on '%s'", dev->name);
}

static bool is_in(uint32_t id, const uint32_t *ids, int count)
{
	for (int i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

bool announcer_has(const struct announcer *a, uint32_t id)
{
	for (int i = 0; i < a->count; i++)
		if (a->senders[i].id == id)
			return true;
	return false;
}

static void say_goodbye(struct announcer *a, struct sender *s)
{
	int err;

	if (!*s->announced_as)
		return;
	err = announcement_send_goodbye(s, &a->config, &a->sequence);
	if (err)
		verbose("no goodbye of %s on '%s': %s", s->announced_as, s->dev.name, strerror(-err));
	else
		verbose("goodbye of %s on %s", s->announced_as, s->dev.name);
	*s->announced_as = '\0';
}

void announcer_goodbye(struct announcer *a)
{
	for (int i = 0; i < a->count; i++)
		say_goodbye(a, &a->senders[i]);
}

void announcer_keep(struct announcer *a, const uint32_t *ids, int count, bool goodbye)
{
	int kept = 0;

	for (int i = 0; i < a->count; i++) {
		if (is_in(a->senders[i].id, ids, count)) {
			a->senders[kept++] = a->senders[i];
			continue;
		}
		if (goodbye)
			say_goodbye(a, &a->senders[i]);
		sender_close(&a->senders[i]);
	}
	a->count = kept;
}

void announcer_update(struct announcer *a, uint32_t id, const struct netdev *dev)
{
	for (int i = 0; i < a->count; i++) {
		struct sender *s = &a->senders[i];

		if (s->id != id)
			continue;
		if (s->dev.ifindex == dev->ifindex)
			s->dev = *dev;
		else
			sender_bind(s, dev); /* it fails if the interface was removed again: then another notice follows */
	}
}

void announcer_notice(struct announcer *a, const struct netwatch_link *link)
{
	for (int i = 0; i < a->count; i++)
		if (link->down && (!link->ifindex || link->ifindex == a->senders[i].dev.ifindex))
			a->senders[i].was_down = true;
}

/*
 * Which failure to report for the interface whose senders begin at FIRST, or NULL. A family without an address is not a
 * failure if the other family works, because a host need not have both, unless it had one.
 */
static const struct sender *find_failure(const struct announcer *a, int first, bool *partial)
{
	const struct sender *failed = NULL;

	*partial = false;
	for (int i = first; i < a->count && a->senders[i].id == a->senders[first].id; i++) {
		const struct sender *s = &a->senders[i];

		*partial |= !s->err;
		if (s->err && (!failed || failed->err == -EADDRNOTAVAIL))
			failed = s;
	}
	return *partial && failed && failed->err == -EADDRNOTAVAIL && failed->missed < LOST_BEATS ? NULL : failed;
}

/* BOTH: the program announces over both families, so the message either names this one or is about all. */
static const char *lack_text(const struct sender *s, bool both)
{
	switch (sender_lack(s)) {
	case SENDER_TENTATIVE:
		return "its address is tentative";
	case SENDER_DUPLICATE:
		return "another host has its address";
	default:
		break;
	}
	if (both)
		return "it has no address";
	return s->group.any.sa_family == AF_INET ? "it has no IPv4 address" : "it has no IPv6 address";
}

/* Report the failure of S, or of all families, and the command that shows its cause. */
static void warn_failure(const struct announcer *a, const struct sender *s, bool partial)
{
	const char *family = s->group.any.sa_family == AF_INET ? "over IPv4 " : "over IPv6 ";
	const char *name = s->dev.name, *what = strerror(-s->err), *command = NULL;
	char remedy[64] = "";

	switch (s->err) {
	case -EADDRNOTAVAIL:
		what = lack_text(s, a->config.ipv4 && a->config.ipv6);
		command = "ip address show dev";
		break;
	case -ENETDOWN:
		command = "ip link show dev";
		break;
	case -EAGAIN:
	case -ENOBUFS:
		what = "its send queue is full";
		command = "tc -s qdisc show dev";
		break;
	case -EPERM:
		what = "a firewall of this host rejects announcements";
		break;
	default:
		break;
	}
	if (command)
		snprintf(remedy, sizeof(remedy), " (see '%s %s')", command, name);
	/* the link may go down between the announcements of the two families */
	if (s->err == -ENETDOWN)
		partial = false;
	warn("cannot announce %son '%s': %s%s%s", partial ? family : "", name, what, a->last ? "" : STILL_TRYING, remedy);
}

/* " (10.0.0.2, fe80::1)": the sources of the last announcement on the interface whose senders begin at FIRST, or "". */
#define SOURCES_TEXT (2 * SENDER_SOURCE_TEXT + 8)
static char *sources_text(const struct announcer *a, int first, char sources[SOURCES_TEXT])
{
	char text[SENDER_SOURCE_TEXT];
	size_t used = 0;

	*sources = '\0';
	for (int i = first; i < a->count && a->senders[i].id == a->senders[first].id; i++) {
		if (a->senders[i].err || !*sender_source_text(&a->senders[i], text))
			continue;
		snprintf(sources + used, SOURCES_TEXT - used, "%s%s", used ? ", " : " (", text);
		used = strlen(sources);
	}
	if (used)
		snprintf(sources + used, SOURCES_TEXT - used, ")");
	return sources;
}

/* Report "announcing node-a every 15s on eth0 (10.0.0.2, fe80::1)" for the interface whose senders begin at FIRST. */
static void report_announcing(const struct announcer *a, int first, const char *name)
{
	char sources[SOURCES_TEXT], interval[DURATION_BYTES], sealed[32] = "";

	clock_duration(a->config.interval_ns, interval);
	if (a->config.keys)
		snprintf(sealed, sizeof(sealed), ", sealed with key %d", a->config.keys->keys[0].id);
	inform("announcing %s%s%s on %s%s%s", name, a->last ? "" : " every ", a->last ? "" : interval,
	       a->senders[first].dev.name, sources_text(a, first, sources), sealed);
}

/*
 * Report once per interface when announcing begins, when it begins to fail, and when it works again. A failure of the
 * last announcement is reported in any case, because it is the reason why the program fails. After a retry no failure is
 * reported, nor while the kernel checks whether another host has the address.
 */
static void report_changes(struct announcer *a, const char *name, bool is_retry)
{
	char sources[SOURCES_TEXT];

	for (int i = 0; i < a->count; i++) {
		struct sender *s = &a->senders[i];
		const struct sender *failed;
		bool partial;
		int err;

		if (i && a->senders[i - 1].id == s->id)
			continue;
		failed = find_failure(a, i, &partial);
		err = failed ? failed->err : 0;
		if (err && is_retry)
			continue;
		if (!a->last && (err == -ENODEV || (err == -EADDRNOTAVAIL && sender_lack(failed) == SENDER_TENTATIVE)))
			continue;
		if (err && (err != s->reported || a->last))
			warn_failure(a, failed, partial);
		else if (!err && s->reported && s->announced)
			warn("announcing on '%s' again%s", s->dev.name, sources_text(a, i, sources));
		else if (!err && !s->announced)
			report_announcing(a, i, name);
		s->announced |= !err;
		s->reported = err;
	}
}

static uint64_t jitter_ns(uint64_t interval_ns)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		return 0;
	return interval_ns / JITTER_SHARE * (random >> 16) >> 16;
}

/* Was the last announcement not sent, or was the link down since, and can one be sent now? If not, note why. */
static bool is_overdue(struct sender *s)
{
	if (!s->err && !s->was_down)
		return false;
	s->err = sender_check(s);
	return !s->err;
}

/*
 * The name to announce, or NULL if no filter would record it. That is reported once, and again at the last
 * announcement.
 */
static const char *current_name(struct announcer *a, char nodename[NODENAME_BYTES])
{
	const char *name = a->config.hostname ? a->config.hostname : nodename_short(nodename);
	bool valid = hostname_is_valid(name), is_localhost = !strcasecmp(name, "localhost");

	if (!valid && (!a->name_reported || a->last))
		warn("this host's name '%s' cannot be announced%s (" RENAME ")", name, a->last ? "" : STILL_TRYING);
	else if (valid && a->name_reported)
		warn("this host is announced as '%s'", name);
	a->name_reported = !valid;
	if (is_localhost && !a->localhost_reported)
		warn("hostname '%s' does not identify this host (" RENAME ")", name);
	a->localhost_reported = is_localhost;
	return valid ? name : NULL;
}

/* A changed key file may have another first key. The start of announcing reports the first one. */
static void report_key(struct announcer *a)
{
	int id = a->config.keys ? a->config.keys->keys[0].id : 0;

	if (a->key_id && id != a->key_id)
		warn("announcements are sealed with key %d", id);
	a->key_id = id;
}

static void announce_with(struct announcer *a, struct sender *s, const char *name)
{
	s->err = announcement_send(s, &a->config, name, &a->sequence);
	s->was_down = false;
	if (s->err != -EADDRNOTAVAIL || !*s->announced_as)
		s->missed = 0;
	else if (s->missed < LOST_BEATS)
		s->missed++;
}

/* Announce with every sender, or with the overdue ones only. Returns how many announcements were sent. */
static int announce(struct announcer *a, bool overdue_ones)
{
	char nodename[NODENAME_BYTES], source[SENDER_SOURCE_TEXT];
	const char *name = current_name(a, nodename);
	bool sent[2 * ROLLCALL_SLOTS] = {};
	int count = 0;

	report_key(a);
	if (!name)
		return 0;
	for (int i = 0; i < a->count; i++) {
		struct sender *s = &a->senders[i];

		if (overdue_ones && !is_overdue(s))
			continue;
		announce_with(a, s, name);
		sent[i] = !s->err;
		count += !s->err;
	}
	report_changes(a, name, overdue_ones);
	for (int i = 0; i < a->count; i++)
		if (sent[i])
			verbose("announced %s on %s from %s", name, a->senders[i].dev.name, sender_source_text(&a->senders[i], source));
	return count;
}

int announcer_beat(struct announcer *a)
{
	clock_timer_ack(a->timer);
	clock_timer_set_in(a->timer, a->config.interval_ns - jitter_ns(a->config.interval_ns));
	return announce(a, false);
}

void announcer_retry(struct announcer *a)
{
	announce(a, true);
}

void announcer_close(struct announcer *a)
{
	cleanup_fd(&a->timer);
	for (int i = 0; i < a->count; i++)
		sender_close(&a->senders[i]);
	*a = (struct announcer)ANNOUNCER_NONE;
}
