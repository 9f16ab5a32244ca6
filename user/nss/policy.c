// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The policy rejects names that no host may have (lib/name.h). It also rejects names with dots, which belong
 * to DNS, unless the configuration allows them. The configuration may also reject entries without a seal.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/name.h"
#include "policy.h"
#include "text.h"

#define CONF_BYTES 1024 /* the rest of the file is not read */

/*
 * The value of "sealed-only" in LINE, or NULL. It is found anywhere in the line, because a byte order mark or a word in
 * front of it must not turn it off.
 */
static char *sealed_only_value(char *line)
{
	static const char option[] = "sealed-only";

	for (; *line; line++) {
		size_t n = 0;

		while (option[n] && hostname_lower((char)(line[n] == '_' ? '-' : line[n])) == option[n])
			n++;
		if (!option[n])
			return line + n + strspn(line + n, " \t=");
	}
	return NULL;
}

/* An option is a line "dots yes" or "sealed-only no"; the last such line counts. */
static void take_line(struct nss_policy *policy, char *line)
{
	char *word, *value;

	line[strcspn(line, "#")] = '\0';
	value = sealed_only_value(line);
	if (value) { /* a misspelled value must not turn it off */
		word = text_word(&value);
		policy->sealed_only = strcmp(word, "no") || *text_word(&value);
		return;
	}
	word = text_word(&line);
	value = text_word(&line);
	if (!*text_word(&line) && !strcmp(word, "dots"))
		policy->dots = !strcmp(value, "yes");
}

/* If the file may exist and cannot be read to its end, the stricter value of each option applies. */
static void policy_read(struct nss_policy *policy)
{
	char conf[CONF_BYTES + 1], *line, *rest = conf;
	int fd = open(NSS_CONF, O_RDONLY | O_CLOEXEC);
	bool is_whole;
	ssize_t bytes;

	policy->is_read = true;
	policy->sealed_only = fd < 0 && errno != ENOENT;
	if (fd < 0)
		return;
	bytes = text_read(fd, conf, sizeof(conf));
	close(fd);
	is_whole = bytes >= 0 && bytes <= CONF_BYTES && !memchr(conf, '\0', (size_t)bytes);
	conf[bytes < 0 ? 0 : bytes < CONF_BYTES ? bytes : CONF_BYTES] = '\0';
	while ((line = strsep(&rest, "\r\n")))
		take_line(policy, line);
	if (!is_whole)
		policy->sealed_only = true;
}

bool policy_allows(struct nss_policy *policy, const char *name)
{
	if (!rollcall_name_is_free(name))
		return false;
	if (!strchr(name, '.'))
		return true;
	if (!policy->is_read)
		policy_read(policy);
	return policy->dots;
}

bool policy_is_sealed_only(struct nss_policy *policy)
{
	if (!policy->is_read)
		policy_read(policy);
	return policy->sealed_only;
}
