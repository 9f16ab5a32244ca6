// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A host as a JSON object, for `serve`. */
#include <json-c/json.h>
#include <string.h>

#include "hosts.h"
#include "write.h"

static void add_number(struct json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_uint64(value));
}

/* The note of the host is that of one of its entries, and so is the other address. */
static void add_note(struct json_object *o, const struct table_info *info, const struct host *host)
{
	char address[ROLLCALL_ADDRESS_TEXT], interface[ROLLCALL_IFNAME_TEXT];
	const char *note = host_note(info, host);

	if (!note)
		return;
	json_object_object_add(o, "note", json_object_new_string(note));
	for (size_t i = 0; i < host->count; i++) {
		const struct rollcall_entry *e = &host->entries[i];

		if (!entry_has_other_address(info, e) || strcmp(entry_note(info, e), note) != 0)
			continue;
		rollcall_ifname_text(info->slots, e->key.ifindex, interface);
		json_object_object_add(o, "other_address", json_object_new_string(entry_other_address_text(e, interface, address)));
		return;
	}
}

static void add_times(struct json_object *o, const struct table_info *info, const struct host *host)
{
	uint64_t age_ns = info_since(info, host->last_seen_ns), expiry_ns = info->settings->expiry_ns;
	char since[RFC3339_BYTES];

	add_number(o, "age_ms", age_ns / NS_PER_MS);
	add_number(o, "expires_ms", age_ns < expiry_ns ? (expiry_ns - age_ns) / NS_PER_MS : 0);
	json_object_object_add(o, "since", json_object_new_string(clock_rfc3339(&info->now, host->first_seen_ns, since)));
	add_number(o, "announcements", host->announcements);
}

struct json_object *host_json(const struct table_info *info, const struct host *host)
{
	char name[ROLLCALL_NAME_TEXT], interface[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];
	struct json_object *o = json_object_new_object(), *entries = json_object_new_array();
	const struct rollcall_entry *primary = host->entries;
	const struct fields fields = fields_of_object(false);

	rollcall_ifname_text(info->slots, primary->key.ifindex, interface);
	json_object_object_add(o, "hostname", json_object_new_string(rollcall_name_text(primary, name)));
	json_object_object_add(o, "address", json_object_new_string(rollcall_address_text(primary, interface, address)));
	json_object_object_add(o, "interface", json_object_new_string(interface));
	add_times(o, info, host);
	add_note(o, info, host);
	if (info->settings->sealing)
		json_object_object_add(o, "sealed", json_object_new_boolean(entry_is_sealed(info, primary)));
	for (size_t i = 0; i < host->count; i++)
		json_object_array_add(entries, entry_json(info, &host->entries[i], &fields));
	json_object_object_add(o, "entries", entries);
	return o;
}
