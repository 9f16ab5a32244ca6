// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Writes hosts as an inventory script of ansible does with --list: one object, with the variables of every host. */
#include <json-c/json.h>

#include "hosts.h"

static struct json_object *host_variables(const struct table_info *info, const struct rollcall_entry *e)
{
	char dev[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];
	struct json_object *o = json_object_new_object();

	rollcall_ifname_text(info->slots, e->key.ifindex, dev);
	json_object_object_add(o, "ansible_host", json_object_new_string(rollcall_address_text(e, dev, address)));
	return o;
}

static void write_inventory(FILE *out, const struct table_info *info, const struct hosts *h)
{
	struct json_object *inventory = json_object_new_object(), *all = json_object_new_object();
	struct json_object *names = json_object_new_array(), *meta = json_object_new_object();
	struct json_object *variables = json_object_new_object();

	for (size_t i = 0; i < h->count; i++) {
		char name[ROLLCALL_NAME_TEXT];

		rollcall_name_text(h->list[i].entries, name);
		json_object_array_add(names, json_object_new_string(name));
		json_object_object_add(variables, name, host_variables(info, h->list[i].entries));
	}
	json_object_object_add(all, "hosts", names);
	json_object_object_add(meta, "hostvars", variables);
	json_object_object_add(inventory, "all", all);
	json_object_object_add(inventory, "_meta", meta);
	fputs(json_object_to_json_string_ext(inventory, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), out);
	fputc('\n', out);
	json_object_put(inventory);
}

const struct peers_writer write_peers_ansible = { .per_host = true, .all = write_inventory };
