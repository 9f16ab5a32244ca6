// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes hosts in the format of /etc/hosts: one line per host, with its primary address. Such a file is read before DNS
 * is queried, and any host can announce any name. So reserved names such as "localhost" are left out. Names with a dot
 * are also left out, because they could be any name on the Internet. The format has no scopes, so link-local IPv6
 * addresses are left out too.
 */
#include <string.h>

#include "hosts.h"
#include "lib/name.h"

static bool is_link_local(const struct rollcall_entry *e)
{
	return e->key.family == ROLLCALL_FAMILY_IPV6 && e->peer.ipv6[0] == 0xfe && (e->peer.ipv6[1] & 0xc0) == 0x80;
}

static bool write_any_host(const struct peers_output *o, const struct host *host)
{
	char address[ROLLCALL_ADDRESS_TEXT], name[ROLLCALL_NAME_TEXT];
	const struct rollcall_entry *e = host->entries;

	if (is_link_local(e) || !rollcall_name_is_free(e->key.hostname))
		return false;
	fprintf(o->out, "%s\t%s\n", rollcall_address_text(e, "", address), rollcall_name_text(e, name));
	return true;
}

static bool write_host(const struct peers_output *o, const struct host *host)
{
	return !strchr(host->entries->key.hostname, '.') && write_any_host(o, host);
}

#define HEADER "# Written by 'rollcall peers --format hosts': changes to this file are lost when it is written again.\n"

const struct peers_writer write_peers_hosts = { .per_host = true, .header = HEADER, .row = write_host };
const struct peers_writer write_peers_any_hosts = { .per_host = true, .header = HEADER, .row = write_any_host };

static bool write_name(const struct peers_output *o, const struct host *host)
{
	char name[ROLLCALL_NAME_TEXT];

	fprintf(o->out, "%s\n", rollcall_name_text(host->entries, name));
	return true;
}

const struct peers_writer write_peers_names = { .per_host = true, .row = write_name };
