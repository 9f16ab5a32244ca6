// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Runs rounds of measurements, computes the results, and writes rows as JSON, one per line. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

int things_measure(struct thing *things, size_t count, unsigned int rounds)
{
	double unused;
	int err = 0;

	if (rounds > ROUNDS_MAX)
		return -ERANGE;
	for (size_t i = 0; !err && i < count; i++) {
		things[i].count = 0;
		err = things[i].measure(things[i].context, &unused);
	}
	for (unsigned int round = 0; round < rounds; round++)
		for (size_t i = 0; !err && i < count; i++)
			err = things[i].measure(things[i].context, &things[i].values[things[i].count++]);
	return err;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double thing_median(const struct thing *t)
{
	double sorted[ROUNDS_MAX], median;

	memcpy(sorted, t->values, t->count * sizeof(*sorted));
	qsort(sorted, t->count, sizeof(*sorted), compare);
	median = (sorted[t->count / 2] + sorted[(t->count - 1) / 2]) / 2;
	return median - (t->less ? thing_median(t->less) : 0) + (t->plus ? thing_median(t->plus) : 0);
}

double thing_min(const struct thing *t)
{
	double min = t->values[0];

	for (unsigned int i = 1; i < t->count; i++)
		if (t->values[i] < min)
			min = t->values[i];
	return min - (t->less ? thing_min(t->less) : 0) + (t->plus ? thing_min(t->plus) : 0);
}

/* The figure of one round. */
static double value_of(const struct thing *t, unsigned int round)
{
	return t->values[round] - (t->less ? t->less->values[round] : 0) + (t->plus ? t->plus->values[round] : 0);
}

/* The median of the ratios of the rounds: the state of the machine in a round affects both things alike. */
static double ratio_median(const struct thing *ours, const struct thing *bare)
{
	struct thing ratios = {};

	if (ours->count != bare->count)
		return thing_median(ours) / thing_median(bare);
	for (; ratios.count < ours->count; ratios.count++)
		ratios.values[ratios.count] = value_of(ours, ratios.count) / value_of(bare, ratios.count);
	return thing_median(&ratios);
}

static struct json_object *number(double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", value);
	return json_object_new_double_s(value, text);
}

static struct json_object *figures(double median, double min)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "median", number(median));
	json_object_object_add(object, "min", number(min));
	return object;
}

static struct json_object *text(const char *string)
{
	return string ? json_object_new_string(string) : NULL;
}

static struct json_object *row_begin(const struct row *row)
{
	static const char *const goals[] = { NULL, "ratio", "value" };
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "figure", text(row->figure));
	json_object_object_add(object, "versus", text(row->versus));
	json_object_object_add(object, "unit", text(row->unit));
	json_object_object_add(object, "curve", text(row->curve));
	json_object_object_add(object, "peers", row->peers ? json_object_new_int64((int64_t)row->peers) : NULL);
	json_object_object_add(object, "with", text(row->with));
	json_object_object_add(object, "goal", text(goals[row->goal]));
	json_object_object_add(object, "at_most", row->goal ? number(row->at_most) : NULL);
	return object;
}

static void row_end(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stdout);
	json_object_put(object);
}

/* The goal is compared with the minima, unless the row has BY_MEDIAN, because noise only increases a time. */
void row_write(struct row row, const struct thing *ours, const struct thing *bare)
{
	struct json_object *object = row_begin(&row);
	double min = thing_min(ours), ratio = bare ? min / thing_min(bare) : 0;
	double median = bare ? ratio_median(ours, bare) : 0;

	json_object_object_add(object, "rounds", json_object_new_int64(ours->count));
	json_object_object_add(object, "ours", figures(thing_median(ours), min));
	json_object_object_add(object, "bare", bare ? figures(thing_median(bare), thing_min(bare)) : NULL);
	json_object_object_add(object, "ratio",
			       bare ? figures(median, ratio) : NULL);
	json_object_object_add(object, "met",
			       row.goal == STATED ? NULL :
						     json_object_new_boolean((row.goal == VALUE_AT_MOST ? min :
									      row.by_median	     ? median :
													       ratio) <= row.at_most));
	row_end(object);
}

void row_not_run(struct row row, const char *why)
{
	struct json_object *object = row_begin(&row);

	json_object_object_add(object, "not_run", text(why));
	row_end(object);
}
