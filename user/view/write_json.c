// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Writes JSON by json-c. The object of an entry is written and freed before the next one is made. */
#include <json-c/json.h>

#include "lib/slots.h"
#include "hosts.h"
#include "self.h"
#include "status.h"
#include "write.h"

static void add_string(struct json_object *o, const char *name, const char *value)
{
	json_object_object_add(o, name, json_object_new_string(value));
}

static void add_number(struct json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_uint64(value));
}

/* Write O and free it. */
static void put(FILE *out, struct json_object *o)
{
	fputs(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), out);
	json_object_put(o);
}

static void add_time(struct json_object *o, const char *name, const struct table_info *info, uint64_t boot_ns)
{
	char text[RFC3339_BYTES];

	add_string(o, name, clock_rfc3339(&info->now, boot_ns, text));
}

/* Write an element of an array on its own line. */
static void put_element(FILE *out, size_t index, struct json_object *o)
{
	fputs(index ? ",\n" : "[\n", out);
	put(out, o);
}

static void put_end(FILE *out, size_t count)
{
	fputs(count ? "\n]\n" : "[]\n", out);
}

static void add_nothing(struct json_object *o)
{
	static const char *const names[] = { "hostname", "family", "address", "interface" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_object_object_add(o, names[i], NULL);
}

static void add_field(struct json_object *o, const struct table_info *info, const struct rollcall_entry *e, enum entry_field field)
{
	char dev[ROLLCALL_IFNAME_TEXT], text[ROLLCALL_ADDRESS_TEXT], lladdr[LLADDR_TEXT], hostname[ROLLCALL_NAME_TEXT];
	uint64_t age_ns = info_since(info, e->peer.last_seen_ns);
	const char *name = entry_field_name(field), *note = entry_note(info, e);

	rollcall_ifname_text(info->slots, e->key.ifindex, dev);
	if (field == FIELD_SEALED && !info->settings->sealing)
		return;
	if (entry_is_self(e) && entry_field_is_received(field)) {
		json_object_object_add(o, name, NULL);
		return;
	}
	switch (field) {
	case FIELD_HOSTNAME:
		add_string(o, name, rollcall_name_text(e, hostname));
		break;
	case FIELD_FAMILY:
		add_number(o, name, e->key.family);
		break;
	case FIELD_ADDRESS:
		add_string(o, name, rollcall_address_text(e, dev, text));
		break;
	case FIELD_LLADDR:
		add_string(o, name, entry_lladdr_text(e, lladdr));
		break;
	case FIELD_INTERFACE:
		add_string(o, name, dev);
		break;
	case FIELD_FIRST_SEEN:
		add_time(o, name, info, e->peer.first_seen_ns);
		break;
	case FIELD_LAST_SEEN:
		add_time(o, name, info, e->peer.last_seen_ns);
		break;
	case FIELD_AGE_MS:
		add_number(o, name, age_ns / NS_PER_MS);
		break;
	case FIELD_EXPIRES_MS:
		add_number(o, name, (info->settings->expiry_ns - age_ns) / NS_PER_MS);
		break;
	case FIELD_ANNOUNCEMENTS:
		add_number(o, name, e->peer.announcements);
		break;
	case FIELD_NOTE:
		if (note)
			add_string(o, name, note);
		break;
	case FIELD_OTHER_ADDRESS:
		if (entry_has_other_address(info, e))
			add_string(o, name, entry_other_address_text(e, dev, text));
		break;
	case FIELD_SELF:
		json_object_object_add(o, name, json_object_new_boolean(entry_is_self(e)));
		break;
	case FIELD_SEALED:
		json_object_object_add(o, name, json_object_new_boolean(entry_is_sealed(info, e)));
		break;
	case FIELD_COUNT:
		break;
	}
}

/* The fields of every event about an entry. */
static void add_peer(struct json_object *o, const struct table_info *info, const struct rollcall_entry *e)
{
	static const enum entry_field fields[] = { FIELD_HOSTNAME, FIELD_FAMILY, FIELD_ADDRESS, FIELD_INTERFACE };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		add_field(o, info, e, fields[i]);
}

struct json_object *entry_json(const struct table_info *info, const struct rollcall_entry *e, const struct fields *fields)
{
	struct json_object *o = json_object_new_object();

	for (int i = 0; i < fields->count; i++)
		add_field(o, info, e, (enum entry_field)fields->list[i]);
	return o;
}

static bool write_peer(const struct peers_output *out, const struct host *host)
{
	put_element(out->out, out->number, entry_json(out->info, host->entries, out->fields));
	return true;
}

const struct peers_writer write_peers_json = { .row = write_peer, .end = put_end };

void write_event_json(FILE *out, const struct table_info *info, const struct event *event)
{
	char dev[ROLLCALL_IFNAME_TEXT], previous[ROLLCALL_ADDRESS_TEXT];
	struct json_object *o = json_object_new_object();

	add_time(o, "time", info, event->boot_ns);
	add_string(o, "event", event->event);
	if (event->entry)
		add_peer(o, info, event->entry);
	else
		add_nothing(o);
	add_string(o, "reason", event->reason);
	if (event->previous) {
		rollcall_ifname_text(info->slots, event->previous->key.ifindex, dev);
		add_string(o, "previous_address", rollcall_address_text(event->previous, dev, previous));
	}
	put(out, o);
	fputc('\n', out);
}

/* An unknown membership is null. */
static void add_membership(struct json_object *o, const char *name, enum membership membership)
{
	json_object_object_add(o, name, membership == MEMBERSHIP_UNKNOWN ? NULL :
		json_object_new_boolean(membership == MEMBERSHIP_YES));
}

static void add_health(struct json_object *o, const struct table_info *info, const struct health *h)
{
	struct json_object *membership = json_object_new_object();

	add_string(o, "state", health_state_name(h->state));
	json_object_object_add(o, "reason", *h->reason ? json_object_new_string(h->reason) : NULL);
	json_object_object_add(o, "carrier", h->here || h->state != HEALTH_UNKNOWN ?
		json_object_new_boolean(h->carrier) : NULL);
	add_membership(membership, "ipv4", h->ipv4);
	add_membership(membership, "ipv6", h->ipv6);
	json_object_object_add(o, "membership", membership);
	json_object_object_add(o, "received", h->here ? json_object_new_uint64(h->received) : NULL);
	if (h->last_ns)
		add_time(o, "last_announcement", info, h->last_ns);
	else
		json_object_object_add(o, "last_announcement", NULL);
}

static struct json_object *interface_object(const struct status *status, int slot)
{
	const struct rollcall_attachment *a = &status->info.slots[slot];
	struct json_object *o = json_object_new_object(), *outcomes = json_object_new_object();
	enum process_life life = status->health[slot].life;
	char name[ROLLCALL_IFNAME_TEXT];

	add_string(o, "name", rollcall_ifname_text(status->info.slots, a->ifindex, name));
	add_string(o, "mode", mode_name(a->mode));
	json_object_object_add(o, "loader", life == PROCESS_ALIVE  ? json_object_new_int((int)a->loader_pid) :
					      life == PROCESS_UNSEEN ? json_object_new_string("unknown") : NULL);
	add_health(o, &status->info, &status->health[slot]);
	for (int i = ROLLCALL_JOINED; i < ROLLCALL_OUTCOME_COUNT; i++)
		add_number(outcomes, outcome_name(i), status->counts[slot].outcomes[i]);
	json_object_object_add(o, "outcomes", outcomes);
	add_number(o, "events_lost", status->counts[slot].events_lost);
	return o;
}

void write_status_json(FILE *out, const struct status *status)
{
	const struct rollcall_settings *s = status->info.settings;
	struct json_object *o = json_object_new_object(), *interfaces = json_object_new_array();

	add_number(o, "hosts", status->all.hosts);
	add_number(o, "entries", status_entries(&status->all));
	add_number(o, "conflicts", status->conflicts);
	add_number(o, "capacity", s->max_peers);
	json_object_object_add(o, "full", json_object_new_boolean(
		rollcall_admission_is_full(&status->state, s, status->info.now.boot_ns)));
	json_object_object_add(o, "admission", json_object_new_boolean(
		rollcall_admission_is_on(&status->state, s, status->info.now.boot_ns)));
	add_string(o, "sealing", sealing_name(s));
	add_number(o, "expiry_ms", s->expiry_ns / NS_PER_MS);
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (status->shown[slot])
			json_object_array_add(interfaces, interface_object(status, slot));
	json_object_object_add(o, "interfaces", interfaces);
	put(out, o);
	fputc('\n', out);
}

static struct json_object *target_object(const struct table_info *info, const struct rollcall_entry *e, unsigned int port)
{
	struct json_object *o = json_object_new_object();
	struct json_object *targets = json_object_new_array(), *labels = json_object_new_object();
	char name[ROLLCALL_NAME_TEXT], dev[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];
	char target[ROLLCALL_ADDRESS_TEXT + sizeof("[]:65535")];

	rollcall_ifname_text(info->slots, e->key.ifindex, dev);
	snprintf(target, sizeof(target), e->key.family == ROLLCALL_FAMILY_IPV4 ? "%s:%u" : "[%s]:%u",
		 rollcall_address_text(e, dev, address), port);
	json_object_array_add(targets, json_object_new_string(target));
	add_string(labels, "hostname", rollcall_name_text(e, name));
	add_string(labels, "interface", dev);
	json_object_object_add(o, "targets", targets);
	json_object_object_add(o, "labels", labels);
	return o;
}

void write_targets_json(FILE *out, const struct table_info *info, const struct hosts *h, unsigned int port)
{
	for (size_t i = 0; i < h->count; i++)
		put_element(out, i, target_object(info, h->list[i].entries, port));
	put_end(out, h->count);
}
