// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text for people: what happened, one line an event, and the status. */
#include "base/process.h"
#include "lib/slots.h"
#include "status.h"
#include "write.h"

void write_event_text(FILE *out, const struct table_info *info, const struct event *event)
{
	char when[RFC3339_BYTES], name[ROLLCALL_NAME_TEXT], dev[ROLLCALL_IFNAME_TEXT];
	char address[ROLLCALL_ADDRESS_TEXT], before[ROLLCALL_ADDRESS_TEXT];

	fprintf(out, "%s %-8s ", clock_rfc3339(&info->now, event->boot_ns, when), event->event);
	if (event->entry) {
		rollcall_ifname_text(info->slots, event->entry->key.ifindex, dev);
		fprintf(out, "%s %s %s ", rollcall_name_text(event->entry, name),
			rollcall_address_text(event->entry, dev, address), dev);
	}
	fputs(event->reason, out);
	if (event->previous)
		fprintf(out, " %s", rollcall_address_text(event->previous, dev, before));
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

static void write_health_text(FILE *out, const struct table_info *info, const struct health *h)
{
	uint64_t now_ns = info->now.boot_ns > h->last_ns ? info->now.boot_ns : h->last_ns;
	char span[SPAN_BYTES];

	fprintf(out, "  %s%s%s", hearing_name(h->hearing), h->reason ? ": " : "", h->reason ? h->reason : "");
	if (h->here)
		fprintf(out, "; %s, %llu frames received", membership_text(h),
			(unsigned long long)h->received);
	if (h->last_ns)
		fprintf(out, "; last announcement %s ago", clock_span(now_ns - h->last_ns, span));
	fputc('\n', out);
}

/* What is attached, and by which loader. */
static void write_attachment_text(FILE *out, const struct status *status, int slot)
{
	const struct rollcall_attachment *a = &status->info.slots[slot];
	bool swept = status_is_swept(status);
	enum process_life life = process_life(a, swept);
	char name[ROLLCALL_IFNAME_TEXT];

	rollcall_ifname_text(status->info.slots, a->ifindex, name);
	if (life == PROCESS_DEAD && health_is_gone(&status->health[slot])) {
		fprintf(out, "%s: no loader: run 'rollcall attach %s' when the interface is back, or 'rollcall detach %s' to "
			"remove its entry\n", name, name, name);
		return;
	}
	fprintf(out, "%s: mode %s, ", name, mode_name(a->mode));
	if (life == PROCESS_ALIVE)
		fprintf(out, "loader %u\n", a->loader_pid);
	else if (life == PROCESS_UNSEEN)
		fprintf(out, "loader unknown: process %u cannot be seen from here; the table is %s\n", a->loader_pid,
			swept ? "swept" : "not swept");
	else if (life == PROCESS_STOPPED)
		fprintf(out, "loader %u is suspended: 'kill -CONT %u' continues it%s\n", a->loader_pid, a->loader_pid,
			a->mode ? "; the filter goes on recording" : "");
	else
		fputs("no loader; the filter goes on recording\n", out);
}

static void write_interface_text(FILE *out, const struct status *status, int slot)
{
	const struct rollcall_counts *counts = &status->counts[slot];

	write_attachment_text(out, status, slot);
	write_health_text(out, &status->info, &status->health[slot]);
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
	const struct table_info *info = &status->info;

	if (!rollcall_admission_is_on(&status->state, info->settings, info->now.boot_ns))
		return "; nobody sweeps: newcomers take the place of who was heard longest ago when it is full";
	if (rollcall_admission_is_full(&status->state, info->settings, info->now.boot_ns))
		return "; full: newcomers are refused";
	return "";
}

void write_status_text(FILE *out, const struct status *status)
{
	const struct rollcall_settings *s = status->info.settings;
	char expiry[SPAN_BYTES];

	fprintf(out, "table: %zu live peers of %u, expiry %s%s\n", status->live, s->max_peers,
		clock_span(s->expiry_ns, expiry), admission_text(status));
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (status->info.slots[slot].ifindex)
			write_interface_text(out, status, slot);
}
