// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall get: the address of a host, or the host of an address, for scripts. A name is looked up by the few keys that
 * it can have, one per interface and family. To look up an address, the whole table is read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "command.h"
#include "base/message.h"
#include "base/parse.h"
#include "watch/reader.h"
#include "view/self.h"
#include "view/write.h"

struct getting {
	const struct options *options;
	const struct rollcall_table *table;
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct selection selection; /* without patterns */
};

static int not_found(const struct getting *g)
{
	warn("%s: not found", g->options->words.args[0]);
	return -ENOENT;
}

/* Report a name conflict on standard error, once. */
static void report_conflict(const struct getting *g, const struct rollcall_entry *found, int count)
{
	struct table_info info = { .settings = &g->table->settings, .slots = g->slots, .now = clock_now() };

	for (int i = 0; i < count; i++) {
		char ifname[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], other[ROLLCALL_ADDRESS_TEXT];
		const char *note = entry_note(&info, &found[i]);

		if (!note || strcmp(note, "conflict") != 0)
			continue;
		rollcall_ifname_text(g->slots, found[i].key.ifindex, ifname);
		warn("%s: name conflict: announced by %s and %s", found[i].key.hostname,
		     rollcall_address_text(&found[i], ifname, address), entry_other_address_text(&found[i], ifname, other));
		return;
	}
}

/* This host counts as present where a filter is attached, although no filter records it. */
static int get_self(const struct getting *g, struct entries *own)
{
	return self_add(g->table, g->slots, &g->selection, rollcall_now_ns(), own);
}

/* Print the addresses of those own entries that have NAME, or of all if it is NULL. Returns their number. */
static int print_own(const struct getting *g, const struct entries *own, const char *name)
{
	int printed = 0;

	for (size_t i = 0; i < own->count && (!printed || option_given(g->options, OPT_ALL)); i++) {
		char ifname[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

		if (name && strcasecmp(own->list[i].key.hostname, name) != 0)
			continue;
		rollcall_ifname_text(g->slots, own->list[i].key.ifindex, ifname);
		puts(rollcall_address_text(&own->list[i], ifname, address));
		printed++;
	}
	return printed;
}

static int get_own_address(const struct getting *g)
{
	const char *name = g->options->words.args[0];
	struct entries own = {};
	int printed, err = get_self(g, &own);

	printed = print_own(g, &own, name);
	/* another name of this host than the one that it announces */
	if (!printed && self_is_named(g->slots, name))
		printed = print_own(g, &own, NULL);
	entries_free(&own);
	return err ? err : printed ? 0 : not_found(g);
}

static int get_own_name(const struct getting *g, int family, const void *address)
{
	struct entries own = {};
	bool printed = false;
	int err = get_self(g, &own);

	for (size_t i = 0; i < own.count && !printed; i++) {
		const struct rollcall_entry *e = &own.list[i];
		bool is_ipv4 = family == ROLLCALL_FAMILY_IPV4;

		printed = e->key.family == family &&
			  !memcmp(is_ipv4 ? e->peer.ipv4 : e->peer.ipv6, address, is_ipv4 ? sizeof(e->peer.ipv4) : sizeof(e->peer.ipv6));
		if (printed)
			puts(e->key.hostname);
	}
	entries_free(&own);
	return err ? err : printed ? 0 : not_found(g);
}

static int get_name(const struct getting *g)
{
	const struct options *o = g->options;
	struct rollcall_entry found[ROLLCALL_FIND_MAX];
	int printed = 0, count = rollcall_find(g->table, o->words.args[0], options_family(o), found, ROLLCALL_FIND_MAX);

	if (count < 0)
		return fail(count, NULL, "cannot read the table");
	for (int i = 0; i < count && (!printed || option_given(o, OPT_ALL)); i++) {
		char ifname[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

		if (!selection_takes(&g->selection, &found[i]))
			continue;
		rollcall_ifname_text(g->slots, found[i].key.ifindex, ifname);
		puts(rollcall_address_text(&found[i], ifname, address));
		printed++;
	}
	if (!printed)
		return get_own_address(g);
	report_conflict(g, found, count);
	return 0;
}

static int get_address(const struct getting *g, int family, const void *address)
{
	char name[ROLLCALL_NAME_TEXT];
	struct rollcall_entry found;
	int err = rollcall_find_address(g->table, family, address, &found);

	if (err == -ENOENT || (!err && !selection_takes(&g->selection, &found)))
		return get_own_name(g, family, address);
	if (err)
		return fail(err, NULL, "cannot read the table");
	puts(rollcall_name_text(&found, name));
	return 0;
}

/* Parse TEXT as an address. A scope is ignored. Returns its family, or 0 if TEXT is not an address. */
static int parse_address(const char *text, unsigned char address[16])
{
	char unscoped[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET, text, address) == 1)
		return ROLLCALL_FAMILY_IPV4;
	snprintf(unscoped, sizeof(unscoped), "%.*s", (int)strcspn(text, "%"), text);
	return inet_pton(AF_INET6, unscoped, address) == 1 ? ROLLCALL_FAMILY_IPV6 : 0;
}

static int get(const struct options *o, const struct rollcall_table *t)
{
	struct getting g = { .options = o, .table = t };
	unsigned char address[16];
	int family, err = reader_slots(t, g.slots);

	if (!err)
		err = options_selection(o, t, &g.selection);
	if (err)
		return err;
	g.selection.pattern_count = 0; /* the argument is not a pattern */
	family = parse_address(o->words.args[0], address);
	return family ? get_address(&g, family, address) : get_name(&g);
}

int command_get(const struct options *o)
{
	unsigned char address[16];

	if (!parse_address(o->words.args[0], address) && !hostname_is_valid(o->words.args[0]))
		return usage_error("get", "'%s' is neither a hostname nor an address", o->words.args[0]);
	return command_read(o, get);
}
