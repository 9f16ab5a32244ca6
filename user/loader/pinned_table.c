// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which table is used. What discarding one means is in discard.c. */
#include <errno.h>

#include "base/message.h"
#include "discard.h"
#include "filter.h"
#include "pinned_table.h"
#include "pins.h"
#include "slots.h"

bool pinned_table_is_used(const struct table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];

	if (slots_read(t, slots))
		return true;
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex)
			return true;
	return false;
}

/* As table_open(), but a layout that is to be replaced is not reported. */
static int open_table(struct table *t, const char *dir, bool replace)
{
	int err;

	message_expect_failure(replace);
	err = table_open(t, dir);
	message_expect_failure(false);
	if (!err || err == TABLE_OTHER_LAYOUT || !replace)
		return err;
	table_close(t);
	return table_open(t, dir); /* to report it */
}

int pinned_table_provide(struct table *t, const struct attach_request *request)
{
	struct rollcall_settings settings = request->settings;
	const char *dir = request->pin_dir;
	int err = settings_here(&settings);

	if (err)
		return err;
	if (pins_have_table(dir)) {
		err = open_table(t, dir, request->replace);
		if (!err)
			err = settings_agree(&t->settings, &settings, request->settings_given, dir, request->replace);
		if (!err)
			return 0;
		if (!request->replace)
			return err;
		if (err != TABLE_OTHER_LAYOUT && err != -EEXIST && err != -EXDEV)
			return err;
		err = discard_table(dir, t, err);
		table_close(t);
		if (err)
			return err;
	}
	pins_remove_links(dir); /* of a start or an end that was killed half way */
	pins_remove_maps(dir);
	err = filter_make_table(dir, &settings);
	return err ? err : table_open(t, dir);
}
