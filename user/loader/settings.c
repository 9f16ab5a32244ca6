// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Comparing and completing settings. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hint.h"
#include "base/message.h"
#include "net/netns.h"
#include "settings.h"

static int settings_cookie(uint64_t *cookie)
{
	int err = netns_cookie(cookie);

	if (err == -ENOPROTOOPT)
		return fail_too_old("telling network namespaces apart");
	return err ? fail(err, NULL, "cannot identify this network namespace") : 0;
}

int settings_here(struct rollcall_settings *settings)
{
	uint64_t cookie = 0;
	int err = settings_cookie(&cookie);

	settings->netns_cookie = cookie;
	return err;
}

int settings_check_netns(const struct rollcall_settings *pinned, const char *dir)
{
	uint64_t cookie = 0;
	int err = settings_cookie(&cookie);

	if (err || !pinned->layout || pinned->netns_cookie == cookie)
		return err;
	return fail(-EXDEV, hint_text("run it there; if that namespace was deleted, 'rollcall attach IFACE --replace%s' replaces the "
				      "table", hint_pin_dir()),
		    "the table in '%s' belongs to another network namespace", dir);
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
	case SETTING_SEALING:
		return a->sealing == b->sealing;
	case SETTING_MAX_SKEW:
		return a->max_skew_ns == b->max_skew_ns;
	case SETTING_IGNORE_GOODBYE:
		return a->ignore_goodbye == b->ignore_goodbye;
	case SETTING_COUNT:
		break;
	}
	return true;
}

#define SETTINGS_REMEDY "--replace recreates the table, another --pin-dir has a second one"
#define SETTING_TEXT 64

/* As the option takes it. Returns TEXT. */
static char *setting_text(enum setting id, const struct rollcall_settings *s, char text[SETTING_TEXT])
{
	*text = '\0';
	switch (id) {
	case SETTING_MAX_PEERS:
		snprintf(text, SETTING_TEXT, "%u", s->max_peers);
		break;
	case SETTING_NAMES_PER_SOURCE:
		snprintf(text, SETTING_TEXT, "%u", s->names_per_source);
		break;
	case SETTING_EXPIRY:
		clock_duration(s->expiry_ns, text);
		break;
	case SETTING_PORT:
		snprintf(text, SETTING_TEXT, "%u", s->port);
		break;
	case SETTING_GROUP:
		inet_ntop(AF_INET, s->group4, text, SETTING_TEXT);
		break;
	case SETTING_GROUP6:
		inet_ntop(AF_INET6, s->group6, text, SETTING_TEXT);
		break;
	case SETTING_PREFIX:
		snprintf(text, SETTING_TEXT, "'%.*s'", s->prefix_bytes, s->prefix);
		break;
	case SETTING_MAX_SKEW:
		clock_duration(s->max_skew_ns, text);
		break;
	case SETTING_SEALING: /* setting_report() has words for these */
	case SETTING_IGNORE_GOODBYE:
	case SETTING_COUNT:
		break;
	}
	return text;
}

/* Report that the table in DIR has another value. Returns -EINVAL. */
static int setting_report(enum setting id, const struct rollcall_settings *pinned, const struct rollcall_settings *wanted,
			  const char *dir)
{
	static const char *const names[] = {
#define X(id, name) [SETTING_##id] = (name),
		SETTINGS(X)
#undef X
	};
	static const char *const sealings[] = {
		[ROLLCALL_PLAIN] = "plain", [ROLLCALL_SEALED] = "sealed", [ROLLCALL_MIXED] = "mixed",
	};
	char has[SETTING_TEXT], not[SETTING_TEXT];

	if (id == SETTING_SEALING)
		return fail(0, SETTINGS_REMEDY, "the table in '%s' is %s, not %s", dir, sealings[pinned->sealing],
			    sealings[wanted->sealing]);
	if (id == SETTING_IGNORE_GOODBYE)
		return fail(0, SETTINGS_REMEDY, "the table in '%s' was made without --%s", dir, names[id]);
	return fail(0, SETTINGS_REMEDY, "the table in '%s' has --%s %s, not %s", dir, names[id], setting_text(id, pinned, has),
		    setting_text(id, wanted, not));
}

int settings_agree(const struct rollcall_settings *pinned, const struct rollcall_settings *wanted, uint32_t given,
		   const char *dir, bool quiet)
{
	if (pinned->layout && pinned->netns_cookie != wanted->netns_cookie) {
		if (!quiet)
			fail(-EXDEV, SETTINGS_REMEDY, "the table in '%s' belongs to another network namespace", dir);
		return -EXDEV;
	}
	for (enum setting id = 0; id < SETTING_COUNT; id++) {
		if (!(given >> id & 1) || setting_is_same(id, pinned, wanted))
			continue;
		if (!quiet)
			setting_report(id, pinned, wanted, dir);
		return -EEXIST;
	}
	return 0;
}
