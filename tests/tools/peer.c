// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes entries of a table, so that tests do not wait for an entry to get old.
 *
 *	peer PIN_DIR age NAME SPAN			move all times of all entries of NAME back by SPAN
 *	peer PIN_DIR add NAME ADDRESS IFINDEX [SPAN]	add an entry, as if received once, SPAN ago or now
 *	peer PIN_DIR remove NAME			remove all entries of NAME, as the kernel recycles them
 *	peer PIN_DIR flag NAME FLAGS [IFINDEX]		set the flags (table.h) of its entries, on one interface or all
 *	peer PIN_DIR sealing NUMBER			set the sealing (settings.h) for readers that open the table later
 *	peer PIN_DIR clock back|ahead SPAN		the filter sees this host's clock set by SPAN, until a loader writes it again
 *
 * NAME can have any bytes except NUL, also bytes that the filter rejects. SPAN reads "40s", "500ms", "2m", or a number
 * of seconds. Exit status 0: done; 1: failed.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/parse.h"
#include "loader/pins.h"
#include "loader/table.h"

static int parse_span(const char *text, uint64_t *ns)
{
	uint32_t seconds;
	int err = parse_duration(text, ns);

	if (err && !parse_number(text, 0, UINT32_MAX, &seconds)) {
		*ns = seconds * NS_PER_S;
		err = 0;
	}
	return err ? fail(err, "such as 40s", "bad span '%s'", text) : 0;
}

struct aging {
	const char *hostname;
	uint64_t span_ns;
	struct rollcall_entry found[64]; /* written after the walk, because writing moves entries in their bucket */
	int count;
};

static int find(const struct rollcall_entry *entry, void *context)
{
	struct aging *aging = context;

	if (strcmp(entry->key.hostname, aging->hostname))
		return 0;
	if (aging->count == (int)(sizeof(aging->found) / sizeof(aging->found[0])))
		return -ENOSPC;
	aging->found[aging->count++] = *entry;
	return 0;
}

static int age(const struct table *t, const char *hostname, const char *span)
{
	struct aging aging = { .hostname = hostname };
	int err = parse_span(span, &aging.span_ns);

	if (err)
		return err;
	err = table_walk(t, find, &aging);
	if (!err && !aging.count)
		err = -ENOENT;
	for (int i = 0; !err && i < aging.count; i++) {
		struct rollcall_entry *e = &aging.found[i];

		e->peer.first_seen_ns -= aging.span_ns;
		e->peer.last_seen_ns -= aging.span_ns;
		if (bpf_map_update_elem(t->peers_fd, &e->key, &e->peer, BPF_EXIST))
			err = -errno;
	}
	return err ? fail(err, NULL, "cannot age '%s'", hostname) : 0;
}

static int remove_all(const struct table *t, const char *hostname)
{
	struct aging found = { .hostname = hostname };
	int err = table_walk(t, find, &found);

	if (!err && !found.count)
		err = -ENOENT;
	for (int i = 0; !err && i < found.count; i++)
		err = bpf_map_delete_elem(t->peers_fd, &found.found[i].key) ? -errno : 0;
	return err ? fail(err, NULL, "cannot remove '%s'", hostname) : 0;
}

static int set_clock(const struct table *t, const char *direction, const char *span)
{
	uint64_t span_ns;
	int err = parse_span(span, &span_ns);

	if (!err)
		t->state->realtime_offset_ns += strcmp(direction, "back") ? span_ns : -span_ns;
	return err;
}

static int add(const struct table *t, const char *hostname, const char *address, const char *ifindex, const char *span)
{
	struct rollcall_entry e = { .peer.announcements = 1 };
	uint64_t span_ns;
	int err = parse_span(span, &span_ns);

	if (err)
		return err;
	if (strlen(hostname) > sizeof(e.key.hostname)) /* a name without a NUL is allowed, to test readers with it */
		return fail(0, NULL, "'%s' is too long for the table", hostname);
	memcpy(e.key.hostname, hostname, strlen(hostname));
	if (inet_pton(AF_INET, address, e.peer.ipv4) == 1)
		e.key.family = ROLLCALL_FAMILY_IPV4;
	else if (inet_pton(AF_INET6, address, e.peer.ipv6) == 1)
		e.key.family = ROLLCALL_FAMILY_IPV6;
	else
		return fail(0, NULL, "bad address '%s'", address);
	err = parse_number(ifindex, 1, INT32_MAX, &e.key.ifindex);
	if (err)
		return fail(err, NULL, "bad interface number '%s'", ifindex);
	e.peer.first_seen_ns = e.peer.last_seen_ns = rollcall_now_ns() - span_ns;
	if (bpf_map_update_elem(t->peers_fd, &e.key, &e.peer, BPF_ANY))
		return fail(-errno, NULL, "cannot add '%s'", hostname);
	t->state->recount = 1; /* no filter has counted it */
	return 0;
}

static int set_flags(const struct table *t, const char *hostname, const char *flags, const char *ifindex)
{
	struct aging aging = { .hostname = hostname };
	uint32_t number = 0, only = 0;
	int err = parse_number(flags, 0, UINT8_MAX, &number);

	if (!err && ifindex)
		err = parse_number(ifindex, 1, INT32_MAX, &only);
	if (!err)
		err = table_walk(t, find, &aging);
	if (!err && !aging.count)
		err = -ENOENT;
	for (int i = 0; !err && i < aging.count; i++) {
		struct rollcall_entry *e = &aging.found[i];

		if (only && e->key.ifindex != only)
			continue;
		e->peer.flags = (__u8)number;
		err = bpf_map_update_elem(t->peers_fd, &e->key, &e->peer, BPF_EXIST) ? -errno : 0;
	}
	return err ? fail(err, NULL, "cannot flag '%s'", hostname) : 0;
}

/* The filter and the iterator have a copy of the settings, which does not change. */
static int set_sealing(const struct table *t, const char *dir, const char *sealing)
{
	struct rollcall_settings settings = t->settings;
	uint32_t number = 0, zero = 0;
	char pin[PATH_MAX];
	int err = parse_number(sealing, ROLLCALL_PLAIN, ROLLCALL_MIXED, &number);
	owned_fd fd = bpf_obj_get(pins_path(dir, "settings", pin));

	settings.layout = ROLLCALL_LAYOUT;
	settings.sealing = (__u8)number;
	if (!err && (fd < 0 || bpf_map_update_elem(fd, &zero, &settings, BPF_ANY)))
		err = -errno;
	return err ? fail(err, NULL, "cannot set the sealing '%s'", sealing) : 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[2] : "";
	struct table t;
	int err;

	if (!((!strcmp(what, "age") && argc == 5) || (!strcmp(what, "clock") && argc == 5) ||
	      (!strcmp(what, "add") && (argc == 6 || argc == 7)) || (!strcmp(what, "remove") && argc == 4) ||
	      (!strcmp(what, "flag") && (argc == 5 || argc == 6)) || (!strcmp(what, "sealing") && argc == 4))) {
		fputs("usage: peer PIN_DIR age NAME SPAN\n       peer PIN_DIR add NAME ADDRESS IFINDEX [SPAN]\n"
		      "       peer PIN_DIR remove NAME\n       peer PIN_DIR flag NAME FLAGS [IFINDEX]\n"
		      "       peer PIN_DIR sealing NUMBER\n       peer PIN_DIR clock back|ahead SPAN\n", stderr);
		return 1;
	}
	err = table_open(&t, argv[1]);
	if (!err && !strcmp(what, "age"))
		err = age(&t, argv[3], argv[4]);
	else if (!err && !strcmp(what, "clock"))
		err = set_clock(&t, argv[3], argv[4]);
	else if (!err && !strcmp(what, "remove"))
		err = remove_all(&t, argv[3]);
	else if (!err && !strcmp(what, "flag"))
		err = set_flags(&t, argv[3], argv[4], argc > 5 ? argv[5] : NULL);
	else if (!err && !strcmp(what, "sealing"))
		err = set_sealing(&t, argv[1], argv[3]);
	else if (!err)
		err = add(&t, argv[3], argv[4], argv[5], argc > 6 ? argv[6] : "0");
	table_close(&t);
	return err ? 1 : 0;
}
