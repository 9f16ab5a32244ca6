// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A seal covers the source address, so with a key the source is chosen before the message is made. */
#include <stdio.h>
#include <string.h>

#include "announcement.h"
#include "base/clock.h"
#include "seal.h"

static int send_plain(const struct sender *s, const struct sender_source *source, const struct announcer_config *config,
		      const char *name)
{
	struct iovec parts[] = {
		{ .iov_base = (void *)config->prefix, .iov_len = config->prefix_bytes },
		{ .iov_base = (void *)name, .iov_len = strlen(name) },
	};

	return sender_send(s, source, parts, 2);
}

static int send_message(const struct sender *s, const struct sender_source *source, const struct announcer_config *config,
			uint8_t flags, const char *name, uint64_t *sequence)
{
	const struct key *key = config->keys ? &config->keys->keys[0] : NULL;
	struct seal_message message;
	struct iovec part = { .iov_base = &message };

	*sequence = seal_next_sequence(*sequence, clock_now().real_ns / 1000);
	part.iov_len = seal_make(&message, flags, key, *sequence, source->bytes, name);
	return sender_send(s, source, &part, 1);
}

int announcement_send(struct sender *s, const struct announcer_config *config, const char *name, uint64_t *sequence)
{
	struct sender_source source;
	int err = sender_find_source(s, config->keys != NULL, &source);

	if (!err && config->keys)
		err = send_message(s, &source, config, 0, name, sequence);
	if (!err && (!config->keys || config->also_plain))
		err = send_plain(s, &source, config, name);
	if (!err)
		snprintf(s->announced_as, sizeof(s->announced_as), "%s", name);
	return err;
}

int announcement_send_goodbye(struct sender *s, const struct announcer_config *config, uint64_t *sequence)
{
	struct sender_source source;
	int err = sender_find_source(s, config->keys != NULL, &source);

	return err ? err : send_message(s, &source, config, ROLLCALL_MESSAGE_GOODBYE, s->announced_as, sequence);
}
