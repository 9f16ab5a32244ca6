// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Refused are: what no announcement can carry; what reads as an address; names that software asks
 * for by itself and trusts (wpad, isatap) or that mean this host (localhost), in any domain; and
 * names with dots, which are DNS's, unless the configuration allows them.
 *
 * Nothing here asks the locale: in a Turkish one, ISATAP and isatap are different names.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <rollcall/wire.h>

#include "name.h"
#include "policy.h"
#include "text.h"

#define CONF_BYTES 1024 /* what is behind is not looked at */

static const char reserved[][sizeof("localhost")] = { "localhost", "wpad", "isatap" };

static bool could_be_announced(const char *name)
{
	size_t bytes = 0;

	while (bytes <= ROLLCALL_HOSTNAME_MAX && name[bytes] && hostname_has(name[bytes]))
		bytes++;
	return hostname_starts(name[0]) && !name[bytes] && bytes <= ROLLCALL_HOSTNAME_MAX;
}

static bool reads_as_address(const char *name)
{
	struct in_addr address;

	return !name[strspn(name, "0123456789.")] || inet_aton(name, &address);
}

static bool is_reserved(const char *label, size_t bytes)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		size_t same = 0;

		while (same < bytes && text_lower(label[same]) == reserved[i][same])
			same++;
		if (same == bytes && !reserved[i][same])
			return true;
	}
	return false;
}

static bool has_reserved_label(const char *name)
{
	for (;;) {
		size_t bytes = strcspn(name, ".");

		if (is_reserved(name, bytes))
			return true;
		if (!name[bytes])
			return false;
		name += bytes + 1;
	}
}

/* "dots yes" on a line of its own; the last such line counts. */
static void take_line(struct nss_policy *policy, char *line)
{
	char *word, *value;

	line[strcspn(line, "#")] = '\0';
	word = text_word(&line);
	value = text_word(&line);
	if (!strcmp(word, "dots") && !*text_word(&line))
		policy->dots = !strcmp(value, "yes");
}

static void policy_read(struct nss_policy *policy)
{
	char conf[CONF_BYTES], *line, *rest = conf;
	int fd = open(NSS_CONF, O_RDONLY | O_CLOEXEC);
	ssize_t bytes;

	policy->is_read = true;
	if (fd < 0)
		return;
	bytes = text_read(fd, conf, sizeof(conf) - 1);
	close(fd);
	conf[bytes > 0 ? bytes : 0] = '\0';
	while ((line = strsep(&rest, "\n")))
		take_line(policy, line);
}

bool policy_allows(struct nss_policy *policy, const char *name)
{
	if (!could_be_announced(name) || reads_as_address(name) || has_reserved_label(name))
		return false;
	if (!strchr(name, '.'))
		return true;
	if (!policy->is_read)
		policy_read(policy);
	return policy->dots;
}
