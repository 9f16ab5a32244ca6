// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall get: one host's address alone, for scripts. It asks for the few keys that the name
 * can have, one for each interface and family, and never walks the table.
 */
#include <errno.h>

#include "command.h"
#include "base/message.h"
#include "base/parse.h"
#include "watch/reader.h"
#include "view/write.h"

static int get(const struct options *o, const struct rollcall_table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct rollcall_entry found[ROLLCALL_FIND_MAX];
	int count = 0, err = reader_slots(t, slots);

	if (err)
		return err;
	count = rollcall_find(t, o->words.args[0], options_family(o), found, option_given(o, OPT_ALL) ? ROLLCALL_FIND_MAX : 1);
	if (count < 0)
		return fail(count, NULL, "cannot read the table");
	for (int i = 0; i < count; i++) {
		char ifname[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

		rollcall_ifname_text(slots, found[i].key.ifindex, ifname);
		puts(rollcall_address_text(&found[i], ifname, address));
	}
	if (count)
		return 0;
	warn("%s: not found", o->words.args[0]);
	return -ENOENT;
}

int command_get(const struct options *o)
{
	if (!hostname_is_valid(o->words.args[0]))
		return usage_error("get", "no host can be called '%s'", o->words.args[0]);
	return command_read(o, get);
}
