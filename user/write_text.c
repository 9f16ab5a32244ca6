// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text for people: aligned columns, one line an entry. */
#include <langinfo.h>
#include <stdarg.h>
#include <string.h>

#include "admission.h"
#include "status.h"
#include "write.h"

#define BAR_COLUMNS 12

/* Columns that names and addresses take in this table. */
struct widths {
	int hostname, address, dev;
};

static void widen(int *width, const char *text)
{
	int columns = (int)strlen(text);

	if (columns > *width)
		*width = columns;
}

static struct widths measure(const struct scene *scene, const struct snapshot *s)
{
	struct widths w = { sizeof("HOSTNAME") - 1, sizeof("ADDRESS") - 1, sizeof("DEV") - 1 };
	char address[ROLLCALL_ADDRESS_TEXT], dev[ROLLCALL_IFNAME_TEXT];

	for (size_t i = 0; i < s->list.count; i++) {
		rollcall_ifname_text(scene->slots, s->list.entries[i].key.ifindex, dev);
		widen(&w.hostname, s->list.entries[i].key.hostname);
		widen(&w.address, rollcall_address_text(&s->list.entries[i], dev, address));
		widen(&w.dev, dev);
	}
	return w;
}

static uint64_t age_ns(const struct scene *scene, const struct rollcall_peer *peer)
{
	int64_t age = rollcall_age_ns(peer, scene->now.boot_ns);

	return age > 0 ? (uint64_t)age : 0;
}

/* What is unusual about it: nothing, nearly always. */
static const char *flags(const struct scene *scene, const struct rollcall_entry *e)
{
	if (entry_is_contested(scene, e))
		return "  conflict";
	return entry_is_moved(scene, e) ? "  moved" : "";
}

void write_peers_text(FILE *out, const struct scene *scene, const struct snapshot *s)
{
	struct widths w = measure(scene, s);

	fprintf(out, "%-*s  %-*s  %-*s  %6s  %7s  %6s  %5s\n", w.hostname, "HOSTNAME", w.address, "ADDRESS",
		w.dev, "DEV", "AGE", "EXPIRES", "UP", "HEARD");
	for (size_t i = 0; i < s->list.count; i++) {
		const struct rollcall_entry *e = &s->list.entries[i];
		uint64_t age = age_ns(scene, &e->peer);
		char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], dev[ROLLCALL_IFNAME_TEXT];
		char heard_ago[SPAN_BYTES], expires[SPAN_BYTES], up[SPAN_BYTES];

		rollcall_ifname_text(scene->slots, e->key.ifindex, dev);
		fprintf(out, "%-*s  %-*s  %-*s  %6s  %7s  %6s  %5llu%s\n", w.hostname,
			rollcall_name_text(e, name), w.address, rollcall_address_text(e, dev, address), w.dev, dev,
			clock_span(age, heard_ago),
			clock_span(scene->settings->expiry_ns - age + NS_PER_S - 1, expires),
			clock_span(scene->now.boot_ns - e->peer.first_seen_ns, up),
			(unsigned long long)e->peer.announcements, flags(scene, e));
	}
}

/* How much of the expiry is used up: in eighths of a column, where the terminal can show them. */
static const char *bar(uint64_t age, uint64_t expiry, char text[BAR_COLUMNS * 3 + 1])
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	uint64_t filled = age >= expiry ? 8ULL * BAR_COLUMNS : age * 8 * BAR_COLUMNS / expiry;
	char *end = text;

	if (strcmp(nl_langinfo(CODESET), "UTF-8")) {
		memset(text, '#', filled / 8);
		text[filled / 8] = '\0';
		return text;
	}
	for (uint64_t full = 0; full < filled / 8; full++)
		end = stpcpy(end, "█");
	stpcpy(end, eighths[filled % 8]);
	return text;
}

/* One line of a redrawn picture, cut at the terminal's edge (bytes are columns but for the bar). */
static void live_line(FILE *out, int columns, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void live_line(FILE *out, int columns, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(out, "%.*s\033[K\n", columns, line);
}

int write_peers_live(FILE *out, const struct scene *scene, const struct snapshot *s, int rows, int columns)
{
	struct widths w = measure(scene, s);
	size_t shown = s->list.count, room = rows > 3 ? (size_t)rows - 2 : 1;
	int fixed = w.hostname + 2 + w.address + 2 + w.dev + 2 + 9 + 2 + 6;

	if (shown > room)
		shown = room - 1;
	live_line(out, columns, "%-*s  %-*s  %-*s  %9s  %6s  EXPIRY", w.hostname, "HOSTNAME", w.address, "ADDRESS",
		  w.dev, "DEV", "HEARD AGO", "UP");
	for (size_t i = 0; i < shown; i++) {
		const struct rollcall_entry *e = &s->list.entries[i];
		uint64_t age = age_ns(scene, &e->peer);
		char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], dev[ROLLCALL_IFNAME_TEXT];
		char heard_ago[SPAN_BYTES], up[SPAN_BYTES], filled[BAR_COLUMNS * 3 + 1];
		bool bar_fits = fixed + 2 + BAR_COLUMNS < columns;

		rollcall_ifname_text(scene->slots, e->key.ifindex, dev);
		live_line(out, bar_fits ? (int)sizeof(filled) + columns : columns, "%-*s  %-*s  %-*s  %9s  %6s  %s",
			  w.hostname, rollcall_name_text(e, name), w.address, rollcall_address_text(e, dev, address),
			  w.dev, dev, clock_span(age, heard_ago),
			  clock_span(scene->now.boot_ns - e->peer.first_seen_ns, up),
			  bar_fits ? bar(age, scene->settings->expiry_ns, filled) : "");
	}
	if (shown < s->list.count)
		live_line(out, columns, "... and %zu more: see 'rollcall peers'", s->list.count - shown);
	return (int)shown + 1 + (shown < s->list.count);
}

void write_event_text(FILE *out, const struct scene *scene, const struct event *event)
{
	char when[RFC3339_BYTES], name[ROLLCALL_NAME_TEXT], dev[ROLLCALL_IFNAME_TEXT];
	char address[ROLLCALL_ADDRESS_TEXT], before[ROLLCALL_ADDRESS_TEXT];

	rollcall_ifname_text(scene->slots, event->entry->key.ifindex, dev);
	fprintf(out, "%s %-5s %s %s %s %s", clock_rfc3339(&scene->now, event->boot_ns, when), event->event,
		rollcall_name_text(event->entry, name), rollcall_address_text(event->entry, dev, address), dev,
		event->reason);
	if (event->previous)
		fprintf(out, " %s", rollcall_address_text(event->previous, dev, before));
	fputc('\n', out);
}

static void write_health_text(FILE *out, const struct scene *scene, const struct health *h)
{
	static const char *const memberships[] = {
		"member of neither group", "member of the IPv4 group", "member of the IPv6 group", "member of both groups",
	};
	uint64_t now_ns = scene->now.boot_ns > h->last_ns ? scene->now.boot_ns : h->last_ns;
	char span[SPAN_BYTES];

	fprintf(out, "  %s%s%s", hearing_name(h->hearing), h->reason ? ": " : "", h->reason ? h->reason : "");
	if (h->here)
		fprintf(out, "; %s, %llu frames received", memberships[h->ipv4 + 2 * h->ipv6],
			(unsigned long long)h->received);
	if (h->last_ns)
		fprintf(out, "; last announcement %s ago", clock_span(now_ns - h->last_ns, span));
	fputc('\n', out);
}

static void write_interface_text(FILE *out, const struct status *status, int slot)
{
	const struct rollcall_attachment *a = &status->scene.slots[slot];
	const struct rollcall_counts *counts = &status->counts[slot];
	int loader = slot_loader(a);
	char name[ROLLCALL_IFNAME_TEXT];

	fprintf(out, "%s: mode %s, ", rollcall_ifname_text(status->scene.slots, a->ifindex, name), mode_name(a->mode));
	if (loader)
		fprintf(out, "loader %d\n", loader);
	else
		fputs("no loader; the filter goes on recording\n", out);
	write_health_text(out, &status->scene, &status->health[slot]);
	for (int i = ROLLCALL_JOINED; i < ROLLCALL_OUTCOME_COUNT; i++)
		if (counts->outcomes[i])
			fprintf(out, "  %-16s %10llu  %s\n", outcome_name(i),
				(unsigned long long)counts->outcomes[i], outcome_help(i));
	if (counts->events_lost)
		fprintf(out, "  %-16s %10llu  %s\n", "events_lost", (unsigned long long)counts->events_lost,
			"told too fast for the loader; the table is right all the same");
}

static const char *admission_text(const struct status *status)
{
	const struct scene *scene = &status->scene;

	if (!admission_is_on(&status->state, scene->settings, scene->now.boot_ns))
		return "; nobody sweeps: newcomers take the place of who was heard longest ago when it is full";
	if (admission_is_full(&status->state, scene->settings, scene->now.boot_ns))
		return "; full: newcomers are refused";
	return "";
}

void write_status_text(FILE *out, const struct status *status)
{
	const struct rollcall_settings *s = status->scene.settings;
	char expiry[SPAN_BYTES];

	fprintf(out, "table: %zu live peers of %u, expiry %s%s\n", status->live, s->max_peers,
		clock_span(s->expiry_ns, expiry), admission_text(status));
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (status->scene.slots[slot].ifindex)
			write_interface_text(out, status, slot);
}
