// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall peers: the live table, once, in one of its formats. Needs no loader. Where nothing has
 * to be sorted or measured, entries are written as they are read, however many there are.
 */
#include <string.h>

#include "command.h"
#include "base/message.h"
#include "view/order.h"
#include "base/outfile.h"
#include "watch/reader.h"
#include "view/terminal.h"
#include "view/write.h"

struct listing {
	const struct rollcall_table *table;
	const struct peers_writer *writer; /* NULL: text */
	struct table_info info;
	FILE *out;
	size_t count;
};

static int list_row(struct listing *l, const struct host *host)
{
	l->count += l->writer->row(l->out, &l->info, host, l->count);
	return ferror(l->out); /* outfile_commit() reports the reason */
}

static int list_entry(const struct rollcall_entry *entry, void *context)
{
	const struct host row = { entry, 1, entry->peer.first_seen_ns, entry->peer.last_seen_ns, entry->peer.announcements };

	return list_row(context, &row);
}

static void list_begin(struct listing *l, const struct text_style *style)
{
	if (l->writer->header && style->header)
		fputs(l->writer->header, l->out);
}

static void list_end(struct listing *l)
{
	if (l->writer->end)
		l->writer->end(l->out, l->count);
}

static void list_rows(struct listing *l, const struct hosts *h, const struct text_style *style)
{
	int err = 0;

	if (!l->writer) {
		write_peers_text(l->out, &l->info, h, style);
		return;
	}
	list_begin(l, style);
	for (size_t i = 0; !err && i < h->count; i++)
		err = list_row(l, &h->list[i]);
	list_end(l);
}

static int list_walk(struct listing *l, const struct selection *selection, const struct text_style *style)
{
	int err;

	l->info.now = clock_now();
	list_begin(l, style);
	err = selection_each(l->table, selection, l->info.now.boot_ns, list_entry, l);
	if (err < 0)
		return fail(err, NULL, "cannot read the table");
	list_end(l);
	return 0;
}

static int list_snapshot(struct listing *l, const struct options *o, struct snapshot *s, const struct text_style *style)
{
	bool per_host = l->writer ? l->writer->per_host : !option_given(o, OPT_ALL);
	struct hosts h;
	int err = hosts_group(&h, s, per_host ? ROW_PER_HOST : ROW_PER_ENTRY);

	if (err)
		return err;
	l->info.now = s->taken;
	order_apply(o->sort, false, &l->info, &h);
	list_rows(l, &h, style);
	hosts_free(&h);
	return 0;
}

static int list(struct listing *l, const struct options *o)
{
	struct selection selection = {
		.glob = o->words.arg_count ? o->words.args[0] : NULL,
		.family = options_family(o),
	};
	struct text_style style = { .header = !option_given(o, OPT_NO_HEADER) };
	struct snapshot s;
	int err;

	if (l->writer == &write_peers_hosts && selection.glob && strchr(selection.glob, '.'))
		l->writer = &write_peers_any_hosts;
	if (!o->output && terminal_is_there()) {
		style.colour = terminal_has_colour();
		style.columns = terminal_size().ws_col;
	}
	if (o->sort == ORDER_NONE && l->writer && !l->writer->per_host)
		return list_walk(l, &selection, &style);
	err = snapshot_take(l->table, &selection, &s);
	if (err)
		return err;
	err = list_snapshot(l, o, &s, &style);
	snapshot_free(&s);
	return err;
}

static int list_table(const struct rollcall_table *t, const struct options *o)
{
	static const struct peers_writer *const writers[] = {
		[FORMAT_TEXT] = NULL,
		[FORMAT_TSV] = &write_peers_tsv,
		[FORMAT_JSON] = &write_peers_json,
		[FORMAT_HOSTS] = &write_peers_hosts,
		[FORMAT_NAMES] = &write_peers_names,
	};
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct listing l = {
		.table = t,
		.writer = writers[option_given(o, OPT_JSON) ? FORMAT_JSON : o->format],
		.info = { .settings = &t->settings, .slots = slots },
	};
	struct outfile file;
	int err = reader_slots(t, slots);

	if (err)
		return err;
	l.out = outfile_open(&file, o->output);
	if (!l.out)
		return file.err;
	err = list(&l, o);
	return err ? outfile_discard(&file, err) : outfile_commit(&file);
}

int command_peers(const struct options *o)
{
	struct rollcall_table t;
	int err;

	if (option_given(o, OPT_JSON) && option_given(o, OPT_FORMAT) && o->format != FORMAT_JSON)
		return usage_error("peers", "--json and --format name different formats");
	err = reader_open(&t, o->pin_dir);
	if (err)
		return err;
	err = list_table(&t, o);
	rollcall_close(&t);
	return err;
}
