// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall peers: list the hosts that are present, in one of several formats. It requires no loader. */
#include <string.h>

#include "base/message.h"
#include "base/outfile.h"
#include "command.h"
#include "view/listing.h"
#include "view/terminal.h"
#include "view/write.h"
#include "watch/reader.h"

/* The part of the request that does not depend on the table. */
struct asked {
	const struct peers_writer *writer; /* NULL: text */
	struct fields fields;
	bool has_fields;
};

static const struct {
	const char *name;
	const struct peers_writer *writer;
} formats[] = {
	[FORMAT_TEXT] = { "text", NULL },
	[FORMAT_TSV] = { "tsv", &write_peers_tsv },
	[FORMAT_JSON] = { "json", &write_peers_json },
	[FORMAT_HOSTS] = { "hosts", &write_peers_hosts },
	[FORMAT_NAMES] = { "names", &write_peers_names },
	[FORMAT_ANSIBLE] = { "ansible", &write_peers_ansible },
};

static enum format format_of(const struct options *o)
{
	return option_given(o, OPT_JSON) ? FORMAT_JSON : o->format;
}

/* Reject combinations of options that have no effect. */
static int check_combination(const struct options *o)
{
	const struct peers_writer *writer = formats[format_of(o)].writer;
	const char *format = formats[format_of(o)].name;

	if (option_given(o, OPT_JSON) && option_given(o, OPT_FORMAT) && o->format != FORMAT_JSON)
		return usage_error("peers", "choose one of --json and --format");
	if (option_given(o, OPT_COUNT_HOSTS) && (format_of(o) != FORMAT_TEXT || option_given(o, OPT_FIELDS)))
		return usage_error("peers", "--count prints one number: leave %s out",
				   option_given(o, OPT_FIELDS) ? "--fields" : "the format");
	if (option_given(o, OPT_FIELDS) && writer && writer->per_host)
		return usage_error("peers", "--fields has no effect on the format '%s'", format);
	if (option_given(o, OPT_ALL) && writer && writer->per_host)
		return usage_error("peers", "--all has no effect on the format '%s': it has one entry per host", format);
	if (option_given(o, OPT_FOLLOW) && !o->output)
		return usage_error("peers", "--follow requires --output FILE");
	return 0;
}

static int parse_fields(const struct options *o, struct asked *asked)
{
	const struct field_names *names = asked->writer ? &entry_field_names : &column_names;
	char unknown[64], list[256];

	asked->has_fields = option_given(o, OPT_FIELDS);
	/* the default is all fields of an entry; "self" only with --self, and "sealed", where it applies, only in JSON */
	asked->fields = asked->writer == &write_peers_json ? fields_of_object(option_given(o, OPT_SELF)) :
			fields_first(option_given(o, OPT_SELF) ? FIELD_SELF + 1 : FIELD_SELF);
	if (!asked->has_fields || !fields_parse(&asked->fields, o->fields, names, unknown, sizeof(unknown)))
		return 0;
	return usage_error("peers", "--fields: '%s' is not one of %s", unknown, fields_list(names, list, sizeof(list)));
}

/* Does a pattern have a dot? Then hostnames with a dot are also written in the format `hosts`. */
static bool asks_for_dots(const struct selection *selection)
{
	for (int i = 0; i < selection->pattern_count; i++)
		if (strchr(selection->patterns[i], '.'))
			return true;
	return false;
}

static void set_style(struct listing *l, const struct options *o, const struct asked *asked)
{
	l->style.header = !option_given(o, OPT_NO_HEADER);
	l->style.fields = asked->has_fields ? &asked->fields : NULL;
	if (o->output || !terminal_is_there())
		return;
	l->style.colour = terminal_has_colour();
	l->style.columns = terminal_size().ws_col;
}

static struct listing listing_of(const struct options *o, const struct asked *asked, const struct rollcall_table *t)
{
	struct listing l = {
		.table = t,
		.writer = asked->writer,
		.fields = &asked->fields,
		.rows = option_given(o, OPT_ALL) ? ROW_PER_ENTRY : ROW_PER_HOST,
		.order = o->sort,
		.reverse = option_given(o, OPT_REVERSE),
		.only_count = option_given(o, OPT_COUNT_HOSTS),
		.self = option_given(o, OPT_SELF),
	};

	set_style(&l, o, asked);
	return l;
}

/* If T is NULL, there is no table, and the list is empty. */
static int write_list(const struct options *o, const struct asked *asked, const struct rollcall_table *t)
{
	struct listing l = listing_of(o, asked, t);
	struct outfile file;
	int err = t ? options_selection(o, t, &l.selection) : 0;

	if (err)
		return err;
	if (l.writer == &write_peers_hosts && asks_for_dots(&l.selection))
		l.writer = &write_peers_any_hosts;
	l.out = outfile_open(&file, o->output);
	if (!l.out)
		return file.err;
	err = listing_write(&l);
	return err ? outfile_discard(&file, err) : outfile_commit(&file);
}

static int write_again(const struct options *o, const struct rollcall_table *t, void *context)
{
	return write_list(o, context, t);
}

int command_peers(const struct options *o)
{
	struct asked asked = { .writer = formats[format_of(o)].writer };
	struct rollcall_table t;
	int err = check_combination(o);

	if (!err)
		err = parse_fields(o, &asked);
	if (err)
		return err;
	if (option_given(o, OPT_FOLLOW))
		return command_follow(o, write_again, &asked);
	err = reader_open(&t, o->pin_dir);
	if (err)
		return err;
	err = write_list(o, &asked, &t);
	rollcall_close(&t);
	return err;
}
