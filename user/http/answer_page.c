// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The web page. Its table has the rows of this moment, so that it is of use without JavaScript. */
#include <stdlib.h>
#include <string.h>

#include "embedded.h"
#include "reason.h"
#include "site.h"
#include "view/cells.h"
#include "watch/reader.h"

#define MARKER "<!--hosts-->"

static void answer_file(enum embedded_file file, const char *type, struct reply *reply)
{
	const struct embedded *e = embedded_file(file);

	*reply = (struct reply){ .status = MHD_HTTP_OK, .type = type, .text = e->text, .bytes = e->bytes, .etag = e->etag, .ends = reply->ends };
}

void answer_style(__attribute__((unused)) struct site *site, __attribute__((unused)) const struct query *query, struct reply *reply)
{
	answer_file(EMBEDDED_STYLE, "text/css; charset=utf-8", reply);
}

void answer_script(__attribute__((unused)) struct site *site, __attribute__((unused)) const struct query *query, struct reply *reply)
{
	answer_file(EMBEDDED_SCRIPT, "text/javascript; charset=utf-8", reply);
}

void answer_icon(__attribute__((unused)) struct site *site, __attribute__((unused)) const struct query *query, struct reply *reply)
{
	answer_file(EMBEDDED_ICON, "image/svg+xml", reply);
}

/* Write TEXT so that a browser shows it as it is. */
static void write_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static void write_row(FILE *out, const struct table_info *info, const struct host *host)
{
	struct cells cells = {};

	cells_fill(&cells, info, host);
	fputs("<tr>", out);
	for (int cell = 0; cell < CELL_COUNT; cell++) {
		fputs("<td>", out);
		write_escaped(out, cells.text[cell]);
		fputs("</td>", out);
	}
	fputs("</tr>\n", out);
}

static int write_rows(const struct rollcall_table *t, FILE *out)
{
	struct host_list l;
	int err = host_list_take(&l, t, NULL);

	if (err)
		return err;
	for (size_t i = 0; i < l.hosts.count; i++)
		write_row(out, &l.info, &l.hosts.list[i]);
	host_list_free(&l);
	return 0;
}

/* Instead of rows, one row with the reason why there are none. */
static void write_reason(FILE *out, const char *why)
{
	fprintf(out, "<tr><td colspan=\"%d\">", CELL_COUNT);
	write_escaped(out, why);
	fputs("</td></tr>\n", out);
}

static int write_table(const struct site *site, FILE *out)
{
	struct rollcall_table t;
	int err;

	reason_begin();
	err = reader_open(&t, site->config->dir);
	if (err) {
		write_reason(out, reason_end());
		return 0;
	}
	err = write_rows(&t, out);
	rollcall_close(&t);
	reason_end();
	return err;
}

void answer_page(struct site *site, __attribute__((unused)) const struct query *query, struct reply *reply)
{
	const struct embedded *e = embedded_file(EMBEDDED_INDEX);
	const char *marker = memmem(e->text, e->bytes, MARKER, strlen(MARKER));
	size_t before = marker ? (size_t)(marker - e->text) : e->bytes;
	FILE *out = reply_open(reply, TYPE_HTML);
	int err = 0;

	if (!out)
		return;
	fwrite(e->text, 1, before, out);
	if (marker) {
		err = write_table(site, out);
		fwrite(marker + strlen(MARKER), 1, e->bytes - before - strlen(MARKER), out);
	}
	reply_close(reply, err, "cannot read the table");
}
