// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Adds messages to library functions, which print nothing. */
#include "base/hint.h"
#include "base/message.h"
#include "base/table_fault.h"
#include "base/text.h"
#include "lib/pin.h"
#include "lib/slots.h"
#include "net/netdev.h"
#include "net/netns.h"
#include "reader.h"

int reader_open(struct rollcall_table *t, const char *dir)
{
	struct rollcall_fault fault;
	int err = rollcall_open_why(t, dir, &fault);

	return err ? table_fault(err, &fault) : 0;
}

int reader_slots(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	int err = rollcall_slots(t, slots);

	return err ? fail(err, NULL, "cannot read what is attached") : 0;
}

int reader_interface(const struct rollcall_table *t, const char *name, uint32_t *ifindex)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	char text[TEXT_ARGUMENT];
	struct netdev dev;
	int slot, err = reader_slots(t, slots);

	if (err)
		return err;
	slot = slot_find_name(slots, name);
	/* an alternative name; interface numbers are valid only in the network namespace of the table */
	if (slot < 0 && netns_is_of(&t->settings) && !netdev_query(name, &dev))
		slot = slot_find(slots, dev.ifindex);
	if (slot < 0)
		return fail(0, hint_text("'rollcall status%s' lists the attached interfaces", hint_pin_dir()),
			    "interface '%s' is not attached", text_argument(name, text));
	*ifindex = slots[slot].ifindex;
	return 0;
}
