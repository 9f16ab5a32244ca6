// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * List the hosts on the LAN, with only the library:
 *
 *	cc peers.c $(pkg-config --cflags --libs rollcall) -o peers && ./peers
 */
#include <stdio.h>
#include <string.h>

#include <rollcall/rollcall.h>

static int print(const struct rollcall_entry *entry, void *slots)
{
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], ifname[ROLLCALL_IFNAME_TEXT];
	long long age_ns = rollcall_age_ns(&entry->peer, rollcall_now_ns());

	rollcall_ifname_text(slots, entry->key.ifindex, ifname);
	printf("%-20s  %-30s  %-10s  %4llds\n", rollcall_name_text(entry, name),
	       rollcall_address_text(entry, ifname, address), ifname, age_ns / 1000000000);
	return 0; /* go on */
}

int main(int argc, char **argv)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct rollcall_table table;
	int err = rollcall_open(&table, argc > 1 ? argv[1] : NULL); /* NULL: this host's own */

	if (!err) {
		err = rollcall_slots(&table, slots);
		if (!err)
			err = rollcall_each(&table, rollcall_now_ns(), print, slots);
		rollcall_close(&table);
	}
	if (err)
		fprintf(stderr, "peers: cannot read the table: %s\n", strerror(-err));
	return err ? 1 : 0;
}
