// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes one line of tab-separated fields per entry. rollcall(8) documents their order, and scripts rely on it: a new
 * field is added at the end, and no field is moved or removed.
 */
#include "hosts.h"
#include "self.h"

/* Seconds since 1970, as `date -d @` takes them. */
static void write_time(FILE *out, const struct table_info *info, uint64_t boot_ns)
{
	unsigned long long ms = clock_real_ns(&info->now, boot_ns) / NS_PER_MS;

	fprintf(out, "%llu.%03llu", ms / 1000, ms % 1000);
}

static void write_field(FILE *out, const struct table_info *info, const struct rollcall_entry *e, enum entry_field field)
{
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], lladdr[LLADDR_TEXT], dev[ROLLCALL_IFNAME_TEXT];
	uint64_t age_ns = info_since(info, e->peer.last_seen_ns);
	const char *note = entry_note(info, e);

	if (entry_is_self(e) && entry_field_is_received(field)) {
		fputc('-', out);
		return;
	}
	switch (field) {
	case FIELD_HOSTNAME:
		fputs(rollcall_name_text(e, name), out);
		break;
	case FIELD_FAMILY:
		fprintf(out, "%u", e->key.family);
		break;
	case FIELD_ADDRESS:
		fputs(rollcall_address_text(e, rollcall_ifname_text(info->slots, e->key.ifindex, dev), address), out);
		break;
	case FIELD_LLADDR:
		fputs(entry_lladdr_text(e, lladdr), out);
		break;
	case FIELD_INTERFACE:
		fputs(rollcall_ifname_text(info->slots, e->key.ifindex, dev), out);
		break;
	case FIELD_FIRST_SEEN:
		write_time(out, info, e->peer.first_seen_ns);
		break;
	case FIELD_LAST_SEEN:
		write_time(out, info, e->peer.last_seen_ns);
		break;
	case FIELD_AGE_MS:
		fprintf(out, "%llu", age_ns / NS_PER_MS);
		break;
	case FIELD_EXPIRES_MS:
		fprintf(out, "%llu", (info->settings->expiry_ns - age_ns) / NS_PER_MS);
		break;
	case FIELD_ANNOUNCEMENTS:
		fprintf(out, "%llu", (unsigned long long)e->peer.announcements);
		break;
	case FIELD_NOTE:
		fputs(note ? note : "-", out);
		break;
	case FIELD_OTHER_ADDRESS:
		rollcall_ifname_text(info->slots, e->key.ifindex, dev);
		fputs(entry_has_other_address(info, e) ? entry_other_address_text(e, dev, address) : "-", out);
		break;
	case FIELD_SELF:
		fputs(entry_is_self(e) ? "self" : "-", out);
		break;
	case FIELD_SEALED:
		fputs(entry_is_sealed(info, e) ? "sealed" : "-", out);
		break;
	case FIELD_COUNT:
		break;
	}
}

static bool write_peer(const struct peers_output *o, const struct host *host)
{
	for (int i = 0; i < o->fields->count; i++) {
		if (i)
			fputc('\t', o->out);
		write_field(o->out, o->info, host->entries, (enum entry_field)o->fields->list[i]);
	}
	fputc('\n', o->out);
	return true;
}

const struct peers_writer write_peers_tsv = { .row = write_peer };
