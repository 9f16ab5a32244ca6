// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Named interfaces are followed one by one. Suitable interfaces are followed as a set of interface numbers. */
#include <errno.h>
#include <string.h>

#include "base/message.h"
#include "targets.h"

/* Look it up by number first, which an interface keeps as long as it exists. A recreated interface is found by name. */
static int target_look_up(const struct target *t, struct netdev *now)
{
	int err = netdev_query_index(t->dev.ifindex, now);

	if (err == -ENODEV)
		err = netdev_query(t->dev.name, now);
	if (err == -ENODEV && t->altname)
		err = netdev_query(t->altname, now);
	return err;
}

static void target_follow(struct target *t, uint32_t id, struct announcer *a)
{
	bool was_gone = t->gone;
	struct netdev now;
	int err = target_look_up(t, &now);

	if (err == -ENODEV && !was_gone)
		warn("%s: interface removed: waiting for it", t->dev.name);
	t->gone = err == -ENODEV;
	if (err)
		return;
	if (now.ifindex == t->dev.ifindex && strcmp(now.name, t->dev.name))
		warn("%s: interface renamed to %s", t->dev.name, now.name);
	else if (was_gone || now.ifindex != t->dev.ifindex)
		warn("%s: interface is present again", now.name);
	t->dev = now;
	announcer_update(a, id, &t->dev);
}

static int target_add(struct targets *t, struct announcer *a, const char *name)
{
	struct netdev dev;
	int err = netdev_find(name, &dev);

	if (err)
		return err;
	for (int i = 0; i < t->count; i++)
		if (t->named[i].dev.ifindex == dev.ifindex)
			return 0; /* named twice */
	err = announcer_add(a, (uint32_t)t->count, &dev);
	if (err)
		return err;
	t->named[t->count++] = (struct target){ dev, strcmp(name, dev.name) ? name : NULL, false };
	if (dev.loopback)
		warn("%s: loopback interface: no other host receives announcements on it", dev.name);
	return 0;
}

/* Returns true if IS_SO has become true: a lasting state is reported once. */
static bool is_news(bool *reported, bool is_so)
{
	bool news = is_so && !*reported;

	*reported = is_so;
	return news;
}

static void links_follow(struct targets *t, struct announcer *a)
{
	uint32_t ids[ROLLCALL_SLOTS] = {};
	struct links found;

	if (links_find(&found, &t->links))
		return; /* no memory, or rtnetlink failed: it is tried again at the next announcement */
	for (int i = 0; i < found.count; i++) {
		ids[i] = found.list[i].ifindex;
		if (announcer_has(a, ids[i]))
			announcer_update(a, ids[i], &found.list[i]);
	}
	for (int i = 0; i < a->count; i++)
		if (!links_have(&found, a->senders[i].id) && (!i || a->senders[i].id != a->senders[i - 1].id))
			warn("%s: no longer suitable: not announcing there", a->senders[i].dev.name);
	/* without a goodbye: this host may be announced by another interface of the same segment */
	announcer_keep(a, ids, found.count, false); /* before others are added, because there may not be room for all */
	for (int i = 0; i < found.count; i++)
		if (!announcer_has(a, ids[i]))
			announcer_add(a, ids[i], &found.list[i]);
	if (is_news(&t->none_reported, !found.count && !a->last))
		warn("no suitable interface: waiting for one (see 'ip address')");
	if (is_news(&t->more_reported, found.more > 0))
		warn("%d suitable interfaces: announcing on the first %d of them (see --exclude)", found.count + found.more,
		     found.count);
}

int targets_begin(struct targets *t, struct announcer *a, char *const *names, int name_count, const struct links_config *links)
{
	int err = 0;

	*t = (struct targets){ .links = *links };
	for (int i = 0; !err && i < name_count; i++)
		err = target_add(t, a, names[i]);
	return err;
}

void targets_follow(struct targets *t, struct announcer *a)
{
	if (!t->count)
		links_follow(t, a);
	for (int i = 0; i < t->count; i++)
		target_follow(&t->named[i], (uint32_t)i, a);
}
