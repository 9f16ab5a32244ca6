// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Writes the hostname, and a paragraph per entry. */
#include <string.h>

#include "details.h"

#define LABEL_COLUMNS 17
#define NARROW	      48 /* columns; on a narrower terminal a value is on a separate line */

/* The time between two announcements in eighths of the expiry. The last one also means a longer time. */
static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const digits[] = { "1", "2", "3", "4", "5", "6", "7", "8" };

struct details {
	FILE *out;
	const struct screen *screen;
	const struct details_input *input;
};

static void details_put(const struct details *d, const char *label, const char *value)
{
	if (d->screen->columns < NARROW)
		fprintf(d->out, "  %s:\n    %s\n", label, value);
	else
		fprintf(d->out, "  %-*s%s\n", LABEL_COLUMNS, label, value);
}

static void details_put_time(const struct details *d, const char *label, uint64_t boot_ns)
{
	const struct table_info *info = d->input->info;
	char time[RFC3339_BYTES], span[SPAN_BYTES], text[RFC3339_BYTES + SPAN_BYTES + 8];

	clock_rfc3339(&info->now, boot_ns, time);
	/* without milliseconds */
	snprintf(text, sizeof(text), "%.*sZ, %s ago", (int)strcspn(time, "."), time, clock_span(info_since(info, boot_ns), span));
	details_put(d, label, text);
}

static void details_put_trail(const struct details *d, const struct rollcall_entry *entry)
{
	uint64_t expiry_ns = d->input->info->settings->expiry_ns;
	const struct trail *trail = trails_find(d->input->trails, &entry->key);
	char text[TRAIL_GAPS * 3 + SPAN_BYTES + 16] = "", *end = text, span[SPAN_BYTES];

	if (!trail || !trail->count) {
		details_put(d, "intervals", "no announcement yet while it is shown");
		return;
	}
	for (int i = 0; i < trail->count; i++) {
		uint64_t level = trail->gaps_ns[i] / (expiry_ns / 8);

		end = stpcpy(end, (d->screen->is_utf8 ? blocks : digits)[level < 8 ? level : 7]);
	}
	sprintf(end, " last: %s", clock_span(trail->gaps_ns[trail->count - 1] + NS_PER_S / 2, span));
	details_put(d, "intervals", text);
}

static void details_put_note(const struct details *d, const struct rollcall_entry *entry, const char *ifname)
{
	const char *note = entry_note(d->input->info, entry);
	char other[ROLLCALL_ADDRESS_TEXT], text[ROLLCALL_ADDRESS_TEXT + 48];

	if (!note)
		return;
	entry_other_address_text(entry, ifname, other);
	if (strcmp(note, "conflict") != 0)
		snprintf(text, sizeof(text), "moved from %s", other);
	else
		snprintf(text, sizeof(text), "conflict: also announced by %s", other);
	details_put(d, "note", text);
}

static void details_put_state(const struct details *d, const struct rollcall_entry *entry)
{
	const struct table_info *info = d->input->info;
	const struct departure *departure = departures_find(d->input->departures, &entry->key);
	uint64_t age_ns = info_since(info, entry->peer.last_seen_ns), expiry_ns = info->settings->expiry_ns;
	char span[SPAN_BYTES], text[64];

	if (departure) {
		clock_span(info_since(info, departure->left_ns), span);
		snprintf(text, sizeof(text), "left %s ago: %s", span, departure->reason);
	} else {
		clock_span(age_ns < expiry_ns ? expiry_ns - age_ns + NS_PER_S - 1 : 0, span);
		snprintf(text, sizeof(text), "here, expires in %s", span);
	}
	details_put(d, "state", text);
}

static void details_put_entry(const struct details *d, const struct rollcall_entry *entry)
{
	char ifname[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], lladdr[LLADDR_TEXT], text[32];

	rollcall_ifname_text(d->input->info->slots, entry->key.ifindex, ifname);
	fprintf(d->out, "\n%s on %s\n", rollcall_address_text(entry, ifname, address), ifname);
	details_put_state(d, entry);
	details_put_note(d, entry, ifname);
	if (d->input->info->settings->sealing)
		details_put(d, "sealed", entry_is_sealed(d->input->info, entry) ? "yes" : "no");
	details_put(d, "MAC address", entry_lladdr_text(entry, lladdr));
	details_put_time(d, "first received", entry->peer.first_seen_ns);
	details_put_time(d, "last received", entry->peer.last_seen_ns);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)entry->peer.announcements);
	details_put(d, "received", text);
	details_put_trail(d, entry);
}

void details_write(FILE *out, const struct screen *s, const struct details_input *input)
{
	const struct details d = { out, s, input };
	char name[ROLLCALL_NAME_TEXT], span[SPAN_BYTES];
	struct rollcall_entry named = {};

	snprintf(named.key.hostname, sizeof(named.key.hostname), "%s", input->name);
	fprintf(out, "%s\n", rollcall_name_text(&named, name));
	if (!input->host.count) {
		fputs("\nThis host is not here.\n", out);
		return;
	}
	for (size_t i = 0; i < input->host.count; i++)
		details_put_entry(&d, &input->host.entries[i]);
	clock_span(input->info->settings->expiry_ns, span);
	fprintf(out, "\nintervals: the times between the last announcements;\nthe full height is the expiry, %s.\n", span);
}
