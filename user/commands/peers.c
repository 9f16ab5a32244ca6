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

static const char *row_noun(const struct options *o, size_t count)
{
	if (option_given(o, OPT_ALL))
		return count == 1 ? "entry" : "entries";
	return count == 1 ? "host" : "hosts";
}

static int list_snapshot(struct listing *l, const struct options *o, struct snapshot *s, const struct text_style *style)
{
	bool only_count = option_given(o, OPT_COUNT_HOSTS);
	bool per_host = only_count || (l->writer ? l->writer->per_host : !option_given(o, OPT_ALL));
	struct hosts h;
	int err = hosts_group(&h, s, per_host ? ROW_PER_HOST : ROW_PER_ENTRY);

	if (err)
		return err;
	l->info.now = s->taken;
	if (only_count) {
		fprintf(l->out, "%zu\n", h.count);
	} else {
		order_apply(o->sort, option_given(o, OPT_REVERSE), &l->info, &h);
		list_rows(l, &h, style);
		if (!l->writer && style->columns)
			fprintf(l->out, "%zu %s\n", h.count, row_noun(o, h.count));
	}
	hosts_free(&h);
	return 0;
}

/* A pattern with a dot asks for hostnames that have one. */
static bool asks_for_dots(const struct selection *selection)
{
	for (int i = 0; i < selection->pattern_count; i++)
		if (strchr(selection->patterns[i], '.'))
			return true;
	return false;
}

static int list(struct listing *l, const struct options *o)
{
	struct text_style style = { .header = !option_given(o, OPT_NO_HEADER) };
	struct selection selection;
	struct snapshot s;
	int err = options_selection(o, l->table, &selection);

	if (err)
		return err;
	if (l->writer == &write_peers_hosts && asks_for_dots(&selection))
		l->writer = &write_peers_any_hosts;
	if (!o->output && terminal_is_there()) {
		style.colour = terminal_has_colour();
		style.columns = terminal_size().ws_col;
	}
	if (o->sort == ORDER_NONE && l->writer && !l->writer->per_host && !option_given(o, OPT_COUNT_HOSTS))
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
