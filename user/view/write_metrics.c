// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes the values of `status` in Prometheus' text format. All samples of a family are written together. Hostnames are
 * labels only in the families that `serve` adds on request, because any sender on the segment could create any number of
 * series.
 */
#include <string.h>

#include "hosts.h"
#include "lib/slots.h"
#include "status.h"
#include "base/version.h"
#include "write.h"

struct family {
	const char *name, *type, *help;
	bool begun;
};

/* A label in addition to the interface, or none. */
struct label {
	const char *name, *value;
};

/*
 * The name of the interface, or its number if another has the same name: Prometheus rejects a file with a duplicate
 * series.
 */
static char *interface_text(const struct status *s, int slot, char text[ROLLCALL_IFNAME_TEXT])
{
	char other[ROLLCALL_IFNAME_TEXT];

	rollcall_ifname_text(s->slots, s->slots[slot].ifindex, text);
	for (int i = 0; i < slot; i++) {
		if (!s->slots[i].ifindex)
			continue;
		if (!strcmp(text, rollcall_ifname_text(s->slots, s->slots[i].ifindex, other)))
			snprintf(text, ROLLCALL_IFNAME_TEXT, "if%u", s->slots[slot].ifindex);
	}
	return text;
}

static void put_label(FILE *out, const char *before, const char *name, const char *value)
{
	fprintf(out, "%s%s=\"", before, name);
	for (const char *c = value; *c; c++) {
		if (*c == '\\' || *c == '"' || *c == '\n')
			fputc('\\', out);
		fputc(*c == '\n' ? 'n' : *c, out);
	}
	fputc('"', out);
}

static void put_header(FILE *out, struct family *f)
{
	if (!f->begun)
		fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", f->name, f->help, f->name, f->type);
	f->begun = true;
}

/* Write a sample without its value, and before the first one the header of the family. INTERFACE may be NULL. */
static void put_sample(FILE *out, struct family *f, const char *interface, struct label label)
{
	put_header(out, f);
	fputs(f->name, out);
	if (interface)
		put_label(out, "{", "interface", interface);
	if (label.name)
		put_label(out, interface ? "," : "{", label.name, label.value);
	fputs(interface || label.name ? "} " : " ", out);
}

static void put_labelled(FILE *out, struct family *f, const char *interface, struct label label, uint64_t value)
{
	put_sample(out, f, interface, label);
	fprintf(out, "%llu\n", (unsigned long long)value);
}

static void put_number(FILE *out, struct family *f, const char *interface, uint64_t value)
{
	put_labelled(out, f, interface, (struct label){}, value);
}

static void put_seconds(FILE *out, struct family *f, const char *interface, uint64_t ns)
{
	put_sample(out, f, interface, (struct label){});
	fprintf(out, "%llu.%09llu\n", (unsigned long long)(ns / NS_PER_S), (unsigned long long)(ns % NS_PER_S));
}

static void write_number(FILE *out, const char *name, const char *type, const char *help, uint64_t value)
{
	struct family f = { name, type, help, false };

	put_number(out, &f, NULL, value);
}

static void write_seconds(FILE *out, const char *name, const char *help, uint64_t ns)
{
	struct family f = { name, "gauge", help, false };

	put_seconds(out, &f, NULL, ns);
}

typedef void put_interface(FILE *out, struct family *f, const struct status *s, int slot, const char *interface);

/* Write a family with the samples of each interface. */
static void write_interfaces(FILE *out, const struct status *s, const char *name, const char *type,
			     const char *help, put_interface *put)
{
	struct family f = { name, type, help, false };
	char interface[ROLLCALL_IFNAME_TEXT];

	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (s->slots[slot].ifindex)
			put(out, &f, s, slot, interface_text(s, slot, interface));
}

static void put_mode(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	put_labelled(out, f, interface, (struct label){ "mode", mode_name(s->slots[slot].mode) }, 1);
}

static void put_loader(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	put_number(out, f, interface, status_has_loader(s, slot) ? 1 : 0);
}

static void put_state(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	for (enum health_state state = HEALTH_UNKNOWN; state <= HEALTH_BLOCKED; state++)
		put_labelled(out, f, interface, (struct label){ "state", health_state_name(state) }, s->health[slot].state == state);
}

static void put_families(FILE *out, struct family *f, const char *interface, size_t ipv4, size_t ipv6)
{
	put_labelled(out, f, interface, (struct label){ "family", "ipv4" }, ipv4);
	put_labelled(out, f, interface, (struct label){ "family", "ipv6" }, ipv6);
}

static void put_sealed(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	put_families(out, f, interface, s->live[slot].sealed4, s->live[slot].sealed6);
}

static void write_hosts(FILE *out, const struct status *s)
{
	struct family f = { "rollcall_entries", "gauge",
			    "Live entries: a host has one for each interface and family that it is received on. No "
			    "interface: received on one that is no longer attached.", false };
	char interface[ROLLCALL_IFNAME_TEXT];

	write_number(out, "rollcall_hosts", "gauge", "Hosts that are here: different hostnames with a live entry.", s->all.hosts);
	write_number(out, "rollcall_conflicts", "gauge", "Hosts whose name is in conflict: two hosts announce it.", s->conflicts);
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (s->slots[slot].ifindex)
			put_families(out, &f, interface_text(s, slot, interface), s->live[slot].ipv4, s->live[slot].ipv6);
	if (status_entries(&s->elsewhere))
		put_families(out, &f, "", s->elsewhere.ipv4, s->elsewhere.ipv6);
	if (s->info.settings->sealing)
		write_interfaces(out, s, "rollcall_sealed_entries", "gauge",
				 "Those of rollcall_entries that have a valid seal; only in a table with keys.", put_sealed);
}

static void put_joins(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	const __u64 *outcomes = s->counts[slot].outcomes;

	put_number(out, f, interface, outcomes[ROLLCALL_JOINED] + outcomes[ROLLCALL_RETURNED]);
}

static void put_moves(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	put_number(out, f, interface, s->counts[slot].outcomes[ROLLCALL_MOVED]);
}

static void put_frames(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	for (int i = ROLLCALL_JOINED; i < ROLLCALL_OUTCOME_COUNT; i++)
		put_labelled(out, f, interface, (struct label){ "outcome", outcome_name(i) }, s->counts[slot].outcomes[i]);
}

static void put_events_lost(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	put_number(out, f, interface, s->counts[slot].events_lost);
}

/* A time may be slightly later than info.now, because it was read later: the result is then 0. */
static uint64_t since(const struct status *s, uint64_t ns)
{
	int64_t age = (int64_t)(s->info.now.boot_ns - ns);

	return age > 0 ? (uint64_t)age : 0;
}

static void put_last_age(FILE *out, struct family *f, const struct status *s, int slot, const char *interface)
{
	if (s->health[slot].last_ns)
		put_seconds(out, f, interface, since(s, s->health[slot].last_ns));
}

static void write_attachments(FILE *out, const struct status *s)
{
	write_interfaces(out, s, "rollcall_attachment_info", "gauge",
			 "The attach point of the filter: native, generic, tcx, clsact, or none while the interface is waited for.",
			 put_mode);
	write_interfaces(out, s, "rollcall_interface_state", "gauge",
			 "1 for the state of the interface in 'rollcall status': receiving, quiet, blocked or unknown.", put_state);
	write_interfaces(out, s, "rollcall_loader_up", "gauge",
			 "1 if the loader of the interface runs. Without a loader the filter goes on recording.",
			 put_loader);
}

static void write_capacity(FILE *out, const struct status *s)
{
	const struct rollcall_settings *settings = s->info.settings;
	int64_t taken = (int64_t)rollcall_state_live(&s->state);

	write_number(out, "rollcall_max_peers", "gauge", "Live entries that fit.", settings->max_peers);
	write_number(out, "rollcall_places_taken", "gauge",
		     "Entries that count against rollcall_max_peers: live ones, and expired ones that are not removed yet.",
		     taken > 0 ? (uint64_t)taken : 0);
	write_number(out, "rollcall_full", "gauge", "1 if new entries are rejected because the table is full.",
		     rollcall_admission_is_full(&s->state, settings, s->info.now.boot_ns));
	write_seconds(out, "rollcall_expiry_seconds", "Time after its last announcement at which an entry expires.", settings->expiry_ns);
}

static void write_changes(FILE *out, const struct status *s)
{
	write_interfaces(out, s, "rollcall_joins_total", "counter",
			 "Entries that joined: outcomes joined and returned, since the interface was attached.", put_joins);
	write_interfaces(out, s, "rollcall_moves_total", "counter",
			 "Live entries whose address changed: outcome moved, since the interface was attached.", put_moves);
	write_number(out, "rollcall_leaves_total", "counter",
		     "Entries that were removed, since the table was created. A host that returns before its entry is removed "
		     "is not counted.", s->state.left);
	write_interfaces(out, s, "rollcall_frames_total", "counter",
			 "Frames addressed to the group and port, by outcome; see rollcall(8).", put_frames);
	write_interfaces(out, s, "rollcall_last_announcement_age_seconds", "gauge",
			 "Time since the last announcement; left out where none was received.", put_last_age);
	write_interfaces(out, s, "rollcall_events_lost_total", "counter",
			 "Events that the loader was too slow for; the table is complete.", put_events_lost);
}

static void write_sweeps(FILE *out, const struct status *s)
{
	write_number(out, "rollcall_sweeps_total", "counter", "Full scans of the table for expired entries.",
		     s->state.scans);
	if (!s->state.scans)
		return;
	write_seconds(out, "rollcall_sweep_duration_seconds", "Duration of the last scan, with the removal of entries.",
		      s->state.scan_took_ns);
	write_seconds(out, "rollcall_sweep_age_seconds",
		      "Time since the last scan began; after two expiries every new entry is accepted.",
		      since(s, s->state.scanned_ns));
}

void write_status_metrics(FILE *out, const struct status *s)
{
	struct family build = { "rollcall_build_info", "gauge", "The version of rollcall that wrote this.", false };

	put_labelled(out, &build, NULL, (struct label){ "version", VERSION }, 1);
	write_attachments(out, s);
	write_hosts(out, s);
	write_capacity(out, s);
	write_changes(out, s);
	write_sweeps(out, s);
}

void write_up_metrics(FILE *out, char *const *names, const bool *up, size_t count)
{
	struct family f = { "rollcall_host_up", "gauge", "1 if the expected host is here, else 0.", false };

	for (size_t i = 0; i < count; i++)
		put_labelled(out, &f, NULL, (struct label){ "hostname", names[i] }, up[i]);
}

static void put_host(FILE *out, struct family *f, const struct table_info *info, const struct host *host)
{
	char name[ROLLCALL_NAME_TEXT], interface[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];
	const struct rollcall_entry *primary = host->entries;

	rollcall_ifname_text(info->slots, primary->key.ifindex, interface);
	put_header(out, f);
	fputs(f->name, out);
	put_label(out, "{", "hostname", rollcall_name_text(primary, name));
	put_label(out, ",", "address", rollcall_address_text(primary, interface, address));
	put_label(out, ",", "interface", interface);
	fputs("} 1\n", out);
}

void write_host_metrics(FILE *out, const struct table_info *info, const struct hosts *h, size_t max)
{
	struct family f = { "rollcall_host_info", "gauge", "A host that is here, with its primary address.", false };

	for (size_t i = 0; i < h->count && i < max; i++)
		put_host(out, &f, info, &h->list[i]);
	write_number(out, "rollcall_host_series_left_out", "gauge", "Hosts without a series, because of --max-series.",
		     h->count > max ? h->count - max : 0);
}
