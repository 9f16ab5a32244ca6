// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * If entries need not be sorted, grouped or measured, they are written while they are read, without a copy of the
 * table.
 */
#include "base/message.h"
#include "listing.h"
#include "self.h"
#include "watch/reader.h"

struct writing {
	const struct listing *listing;
	struct peers_output output;
};

static int write_row(struct writing *w, const struct host *host)
{
	w->output.number += w->listing->writer->row(&w->output, host);
	return ferror(w->output.out); /* outfile_commit() reports the reason */
}

static int write_entry(const struct rollcall_entry *entry, void *context)
{
	const struct host row = { entry, 1, entry->peer.first_seen_ns, entry->peer.last_seen_ns, entry->peer.announcements };

	return write_row(context, &row);
}

static struct writing writing_begin(const struct listing *l, const struct table_info *info)
{
	struct writing w = { l, { .out = l->out, .info = info, .fields = l->fields } };

	if (l->writer->header && l->style.header)
		fputs(l->writer->header, l->out);
	return w;
}

static void writing_end(const struct writing *w)
{
	if (w->listing->writer->end)
		w->listing->writer->end(w->output.out, w->output.number);
}

static void write_rows(const struct listing *l, const struct table_info *info, const struct hosts *h)
{
	struct writing w;
	int err = 0;

	if (l->writer->all) {
		l->writer->all(l->out, info, h);
		return;
	}
	w = writing_begin(l, info);
	for (size_t i = 0; !err && i < h->count; i++)
		err = write_row(&w, &h->list[i]);
	writing_end(&w);
}

static int write_walk(const struct listing *l, struct table_info *info)
{
	struct writing w;
	int err;

	info->now = clock_now();
	w = writing_begin(l, info);
	err = selection_each(l->table, &l->selection, info->now.boot_ns, write_entry, &w);
	if (err < 0)
		return fail(err, NULL, "cannot read the table");
	writing_end(&w);
	return 0;
}

static const char *row_noun(const struct listing *l, size_t count)
{
	if (l->rows == ROW_PER_ENTRY)
		return count == 1 ? "entry" : "entries";
	return count == 1 ? "host" : "hosts";
}

static int write_snapshot(const struct listing *l, struct table_info *info, struct snapshot *s)
{
	bool per_host = l->only_count || (l->writer ? l->writer->per_host : l->rows == ROW_PER_HOST);
	struct hosts h;
	int err = hosts_group(&h, s, per_host ? ROW_PER_HOST : ROW_PER_ENTRY);

	if (err)
		return err;
	info->now = s->taken;
	if (l->only_count) {
		fprintf(l->out, "%zu\n", h.count);
	} else {
		order_apply(l->order, l->reverse, info, &h);
		if (l->writer)
			write_rows(l, info, &h);
		else
			write_peers_text(l->out, info, &h, &l->style);
		if (!l->writer && l->style.columns)
			fprintf(l->out, "%zu %s\n", h.count, row_noun(l, h.count));
	}
	hosts_free(&h);
	return 0;
}

int listing_write(const struct listing *l)
{
	static const struct rollcall_settings defaults = ROLLCALL_DEFAULT_SETTINGS;
	struct rollcall_attachment slots[ROLLCALL_SLOTS] = {};
	struct table_info info = { .settings = l->table ? &l->table->settings : &defaults, .slots = slots };
	struct snapshot s = { .taken = clock_now() };
	int err = l->table ? reader_slots(l->table, slots) : 0;

	if (err)
		return err;
	if (l->table && l->order == ORDER_NONE && !l->reverse && !l->self && l->writer && !l->writer->per_host && !l->only_count)
		return write_walk(l, &info);
	if (l->table)
		err = snapshot_take(l->table, &l->selection, &s);
	if (!err && l->table && l->self)
		err = self_add(l->table, slots, &l->selection, s.taken.boot_ns, &s.entries);
	if (!err)
		err = write_snapshot(l, &info, &s);
	snapshot_free(&s);
	return err;
}

int listing_write_targets(FILE *out, const struct rollcall_table *t, unsigned int port)
{
	struct host_list l;
	int err = host_list_take(&l, t, NULL);

	if (err)
		return err;
	write_targets_json(out, &l.info, &l.hosts, port);
	host_list_free(&l);
	return 0;
}
