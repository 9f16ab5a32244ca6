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

int settings_agree(const struct rollcall_settings *pinned, const struct rollcall_settings *wanted,
		   const struct options *o)
{
	const struct {
		enum option_id id;
		const char *name;
		bool same;
	} compared[] = {
		{ OPT_MAX_PEERS, "max-peers", pinned->max_peers == wanted->max_peers },
		{ OPT_PER_SOURCE, "names-per-source", pinned->names_per_source == wanted->names_per_source },
		{ OPT_EXPIRY, "expiry", pinned->expiry_ns == wanted->expiry_ns },
		{ OPT_PORT, "port", pinned->port == wanted->port },
		{ OPT_GROUP, "group", !memcmp(pinned->group4, wanted->group4, sizeof(pinned->group4)) },
		{ OPT_GROUP6, "group6", !memcmp(pinned->group6, wanted->group6, sizeof(pinned->group6)) },
		{ OPT_PREFIX, "prefix", pinned->prefix_bytes == wanted->prefix_bytes &&
		  !memcmp(pinned->prefix, wanted->prefix, sizeof(pinned->prefix)) },
	};
	const char *remedy = "--replace begins anew, another --pin-dir stands beside it";

	if (pinned->layout && pinned->netns_cookie != wanted->netns_cookie) {
		if (!option_given(o, OPT_REPLACE))
			fail(-EXDEV, remedy, "the table in '%s' belongs to another network namespace", o->pin_dir);
		return -EXDEV;
	}
	for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
		if (compared[i].same || !option_given(o, compared[i].id))
			continue;
		if (!option_given(o, OPT_REPLACE))
			fail(-EEXIST, remedy, "the table in '%s' has another --%s", o->pin_dir, compared[i].name);
		return -EEXIST;
	}
	return 0;
}
