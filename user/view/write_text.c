// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Events as text for people: one line per event. */
#include "write.h"

void write_event_text(FILE *out, const struct table_info *info, const struct event *event)
{
	char when[RFC3339_BYTES], name[ROLLCALL_NAME_TEXT], dev[ROLLCALL_IFNAME_TEXT];
	char address[ROLLCALL_ADDRESS_TEXT], before[ROLLCALL_ADDRESS_TEXT];

	fprintf(out, "%s %-5s ", clock_rfc3339(&info->now, event->boot_ns, when), event->event);
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
