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

/* An option is a line "dots yes" or "sealed-only yes"; the last such line counts. */
static void take_line(struct nss_policy *policy, char *line)
{
	char *word, *value;

	line[strcspn(line, "#")] = '\0';
	word = text_word(&line);
	value = text_word(&line);
	if (*text_word(&line))
		return;
	if (!strcmp(word, "dots"))
		policy->dots = !strcmp(value, "yes");
	else if (!strcmp(word, "sealed-only"))
		policy->sealed_only = !strcmp(value, "yes");
}

/* If the file may exist and cannot be read, the stricter value of each option applies. */
static void policy_read(struct nss_policy *policy)
{
	char conf[CONF_BYTES], *line, *rest = conf;
	int fd = open(NSS_CONF, O_RDONLY | O_CLOEXEC);
	ssize_t bytes;

	policy->is_read = true;
	policy->sealed_only = fd < 0 && errno != ENOENT;
	if (fd < 0)
		return;
	bytes = text_read(fd, conf, sizeof(conf) - 1);
	close(fd);
	policy->sealed_only = bytes < 0;
	conf[bytes > 0 ? bytes : 0] = '\0';
	while ((line = strsep(&rest, "\n")))
		take_line(policy, line);
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
