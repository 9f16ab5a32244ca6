// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Comparing and completing settings. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "settings.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* Linux 5.14 */
#endif

/* The identity of this network namespace: unique until the next boot, unlike its inode number. */
static int ask_netns_cookie(uint64_t *cookie)
{
	owned_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t bytes = sizeof(*cookie);

	return fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &bytes) ? -errno : 0;
}

static int netns_cookie(uint64_t *cookie)
{
	int err = ask_netns_cookie(cookie);

	if (err == -ENOPROTOOPT)
		return fail_too_old("telling network namespaces apart");
	return err ? fail(err, NULL, "cannot tell which network namespace this is") : 0;
}

int settings_here(struct rollcall_settings *settings)
{
	uint64_t cookie = 0;
	int err = netns_cookie(&cookie);

	settings->netns_cookie = cookie;
	return err;
}

int settings_check_netns(const struct rollcall_settings *pinned, const char *dir)
{
	uint64_t cookie = 0;
	int err = netns_cookie(&cookie);

	if (err || !pinned->layout || pinned->netns_cookie == cookie)
		return err;
	return fail(-EXDEV, "each namespace needs a --pin-dir of its own",
		    "the table in '%s' belongs to another network namespace", dir);
}

bool settings_are_of_here(const struct rollcall_settings *pinned)
{
	uint64_t cookie = 0;

	/* by another loader that did not say: then readers take it to be from here, too */
	return !pinned->layout || (!ask_netns_cookie(&cookie) && pinned->netns_cookie == cookie);
}

/* Is the setting ID the same in both? */
static bool setting_is_same(enum setting id, const struct rollcall_settings *a, const struct rollcall_settings *b)
{
	switch (id) {
	case SETTING_MAX_PEERS:
		return a->max_peers == b->max_peers;
	case SETTING_NAMES_PER_SOURCE:
		return a->names_per_source == b->names_per_source;
	case SETTING_EXPIRY:
		return a->expiry_ns == b->expiry_ns;
	case SETTING_PORT:
		return a->port == b->port;
	case SETTING_GROUP:
		return !memcmp(a->group4, b->group4, sizeof(a->group4));
	case SETTING_GROUP6:
		return !memcmp(a->group6, b->group6, sizeof(a->group6));
	case SETTING_PREFIX:
		return a->prefix_bytes == b->prefix_bytes && !memcmp(a->prefix, b->prefix, sizeof(a->prefix));
	case SETTING_COUNT:
		break;
	}
	return true;
}

int settings_agree(const struct rollcall_settings *pinned, const struct rollcall_settings *wanted, uint32_t given,
		   const char *dir, bool quiet)
{
	static const char *const names[] = {
#define X(id, name) [SETTING_##id] = name,
		SETTINGS(X)
#undef X
	};
	const char *remedy = "--replace begins anew, another --pin-dir stands beside it";

	if (pinned->layout && pinned->netns_cookie != wanted->netns_cookie) {
		if (!quiet)
			fail(-EXDEV, remedy, "the table in '%s' belongs to another network namespace", dir);
		return -EXDEV;
	}
	for (enum setting id = 0; id < SETTING_COUNT; id++) {
		if (!(given >> id & 1) || setting_is_same(id, pinned, wanted))
			continue;
		if (!quiet)
			fail(-EEXIST, remedy, "the table in '%s' has another --%s", dir, names[id]);
		return -EEXIST;
	}
	return 0;
}
