// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Writes the status for people: per interface one line with its state and the remedy, and below it the details. */
#include <stdarg.h>

#include "base/hint.h"
#include "lib/slots.h"
#include "status.h"
#include "write.h"

/*
 * Without a loader the filter still records, but expired entries stay, and a recreated interface is not attached again.
 */
static void write_loader(FILE *out, const struct status *s, int slot)
{
	const struct rollcall_attachment *a = &s->slots[slot];
	const char *goes_on = a->mode && !s->health[slot].misses_filter ? "; the filter goes on recording" : "";
	char name[ROLLCALL_IFNAME_TEXT];

	switch (s->health[slot].life) {
	case PROCESS_ALIVE:
		fprintf(out, "loader %u\n", a->loader_pid);
		break;
	case PROCESS_UNSEEN:
		fprintf(out, "loader %u cannot be seen from here; expired entries are %sremoved\n", a->loader_pid,
			status_is_swept(s) ? "" : "not ");
		break;
	case PROCESS_STOPPED:
		fprintf(out, "loader %u is suspended: 'kill -CONT %u' continues it%s\n", a->loader_pid, a->loader_pid, goes_on);
		break;
	case PROCESS_DEAD:
		fputs("no loader", out);
		if (!s->health[slot].elsewhere)
			fprintf(out, ": run 'rollcall attach %s%s'", rollcall_ifname_text(s->slots, a->ifindex, name), hint_pin_dir());
		fprintf(out, "%s\n", goes_on);
	}
}

static const char *state_colour(enum health_state state)
{
	static const char *const colours[] = {
		[HEALTH_UNKNOWN] = "\033[31m",
		[HEALTH_RECEIVING] = "\033[32m",
		[HEALTH_QUIET] = "\033[33m",
		[HEALTH_BLOCKED] = "\033[31m",
	};

	return colours[state];
}

/* "eth0: blocked: interface is down: 'ip link set dev eth0 up'" */
static void write_state(FILE *out, const struct status *s, int slot, bool colour)
{
	const struct health *h = &s->health[slot];
	char name[ROLLCALL_IFNAME_TEXT];

	rollcall_ifname_text(s->slots, s->slots[slot].ifindex, name);
	fprintf(out, "%s: %s%s%s%s%s", name, colour ? state_colour(h->state) : "", health_state_name(h->state),
		colour ? "\033[m" : "", *h->reason ? ": " : "", h->reason);
	/* the reason of another state names the loader where that matters */
	if (h->life == PROCESS_DEAD && (h->state == HEALTH_RECEIVING || h->state == HEALTH_QUIET))
		fputs("; no loader", out);
	fputc('\n', out);
}

static void write_detail(FILE *out, const char *label, const char *value, ...) __attribute__((format(printf, 3, 4)));

static void write_detail(FILE *out, const char *label, const char *value, ...)
{
	va_list args;

	fprintf(out, "  %-19s ", label);
	va_start(args, value);
	vfprintf(out, value, args);
	va_end(args);
	fputc('\n', out);
}

static const char *membership_text(const struct health *h)
{
	bool ipv4 = h->ipv4 == MEMBERSHIP_YES, ipv6 = h->ipv6 == MEMBERSHIP_YES;

	if (ipv4)
		return ipv6 ? "member of both groups" : "member of the IPv4 group";
	if (ipv6)
		return "member of the IPv6 group";
	return h->ipv4 == MEMBERSHIP_NO && h->ipv6 == MEMBERSHIP_NO ? "member of neither group" : "memberships unknown";
}

static const char *plural(size_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

static void write_outcomes(FILE *out, const struct rollcall_counts *counts)
{
	bool begun = false;

	for (int i = ROLLCALL_JOINED; i < ROLLCALL_OUTCOME_COUNT; i++) {
		if (!counts->outcomes[i])
			continue;
		if (!begun)
			fputs("  frames to the group and port, by outcome:\n", out);
		begun = true;
		fprintf(out, "    %-17s %10llu  %s\n", outcome_name(i), (unsigned long long)counts->outcomes[i],
			outcome_help(i));
	}
	if (counts->events_lost)
		write_detail(out, "lost events", "%llu: the loader was too slow for them; the table is complete",
			     (unsigned long long)counts->events_lost);
}

static void write_interface(FILE *out, const struct status *s, int slot, bool colour)
{
	const struct health *h = &s->health[slot];
	size_t hosts = s->live[slot].hosts, entries = status_entries(&s->live[slot]);
	char span[SPAN_BYTES];

	fputc('\n', out);
	write_state(out, s, slot, colour);
	if (h->last_ns)
		write_detail(out, "last announcement", "%s ago", clock_span(info_since(&s->info, h->last_ns), span));
	write_detail(out, "hosts", "%zu %s, %zu %s", hosts, plural(hosts, "host", "hosts"), entries,
		     plural(entries, "entry", "entries"));
	if (h->life != PROCESS_DEAD || !health_is_missing(h)) {
		fprintf(out, "  %-19s mode %s, ", "filter", mode_name(s->slots[slot].mode));
		write_loader(out, s, slot);
	}
	if (h->here) {
		write_detail(out, "groups", "%s", membership_text(h));
		write_detail(out, "frames", "%llu received since it was attached", (unsigned long long)h->received);
	}
	write_outcomes(out, &s->counts[slot]);
}

static void write_admission(FILE *out, const struct status *s)
{
	if (!status_is_swept(s))
		fputs("table: no loader removes expired entries: when it is full, the kernel replaces old entries by new ones\n", out);
	else if (rollcall_admission_is_full(&s->state, s->info.settings, s->info.now.boot_ns))
		fputs("table: full: new hosts are rejected: attach with --replace and a larger --max-peers\n", out);
}

static const char *sealing_text(const struct rollcall_settings *settings)
{
	return settings->sealing == ROLLCALL_SEALED ? "; sealed" :
	       settings->sealing == ROLLCALL_MIXED ? "; mixed: announcements without a seal are recorded too" : "";
}

static bool is_attached(const struct status *s)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (s->slots[slot].ifindex)
			return true;
	return false;
}

static void write_nothing_attached(FILE *out)
{
	fprintf(out, "nothing is attached: run 'rollcall attach IFACE%s'\n", hint_pin_dir());
}

void write_status_text(FILE *out, const struct status *s, bool colour)
{
	const struct rollcall_settings *settings = s->info.settings;
	size_t hosts = s->all.hosts, entries = status_entries(&s->all);
	char expiry[SPAN_BYTES];

	fprintf(out, "table: %zu %s, ", hosts, plural(hosts, "host", "hosts"));
	if (s->conflicts)
		fprintf(out, "%zu name %s, ", s->conflicts, plural(s->conflicts, "conflict", "conflicts"));
	fprintf(out, "%zu %s of at most %u; expiry %s%s\n", entries, plural(entries, "entry", "entries"), settings->max_peers,
		clock_span(settings->expiry_ns, expiry), sealing_text(settings));
	write_admission(out, s);
	if (!is_attached(s))
		write_nothing_attached(out);
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (s->shown[slot])
			write_interface(out, s, slot, colour);
}

size_t write_status_problems(FILE *out, const struct status *s, bool quiet_is_one)
{
	size_t count = 0;

	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		enum health_state state = s->health[slot].state;
		char name[ROLLCALL_IFNAME_TEXT];

		if (!s->shown[slot])
			continue;
		if (state == HEALTH_BLOCKED || state == HEALTH_UNKNOWN || (state == HEALTH_QUIET && quiet_is_one)) {
			write_state(out, s, slot, false);
			count++;
		}
		if (status_has_loader(s, slot) || health_is_missing(&s->health[slot]))
			continue;
		fprintf(out, "%s: ", rollcall_ifname_text(s->slots, s->slots[slot].ifindex, name));
		write_loader(out, s, slot);
		count++;
	}
	if (is_attached(s))
		return count;
	write_nothing_attached(out);
	return 1;
}
