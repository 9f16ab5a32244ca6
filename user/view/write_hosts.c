// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Peers as /etc/hosts and its like take them. Such a file is believed before DNS is asked, and
 * who is in it chose the name: so nobody gets a name that belongs to others, nor, unasked, one
 * that could be anybody's on the Internet. No link-local IPv6 addresses: the format knows no scopes.
 */
#include <string.h>

#include "lib/name.h"
#include "write.h"

static bool is_link_local(const struct rollcall_entry *e)
{
	return e->key.family == ROLLCALL_FAMILY_IPV6 && e->peer.ipv6[0] == 0xfe && (e->peer.ipv6[1] & 0xc0) == 0x80;
}

bool entry_is_for_hosts(const struct rollcall_entry *entry, bool dots)
{
	const char *name = entry->key.hostname;

	return !is_link_local(entry) && rollcall_name_is_free(name) && (dots || !strchr(name, '.'));
}

static void write_peer(FILE *out, __attribute__((unused)) const struct table_info *info, const struct rollcall_entry *e,
		       __attribute__((unused)) size_t number)
{
	char address[ROLLCALL_ADDRESS_TEXT], name[ROLLCALL_NAME_TEXT];

	fprintf(out, "%s\t%s\n", rollcall_address_text(e, "", address), rollcall_name_text(e, name));
}

const struct peers_writer write_peers_hosts = {
	.header = "# Written by 'rollcall peers --format hosts': what is changed here is lost next time.\n",
	.entry = write_peer,
};
