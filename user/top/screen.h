/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The terminal of a view: standard output and standard input, by ncurses.
 *
 * A text is UTF-8, and each character takes one column. A text that is wider than its columns is cut.
 */
#ifndef ROLLCALL_SCREEN_H
#define ROLLCALL_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

struct screen {
	int rows, columns;
	bool is_utf8;	 /* it can show block characters */
	bool has_colour;
	bool is_away;	 /* another process uses the terminal: see screen_resume() */
	FILE *in, *out; /* of duplicated descriptors */
	void *terminal; /* of ncurses; NULL: not open */
};

/* May be combined with SCREEN_REVERSE. */
enum screen_style {
	SCREEN_PLAIN = 0,
	SCREEN_BOLD = 1,
	SCREEN_DIM = 2,
	SCREEN_RED = 3,
	SCREEN_YELLOW = 4,
	SCREEN_GREEN = 5,
	SCREEN_REVERSE = 16,
};

/*
 * Take the terminal, and set the size. With SUSPEND_IS_KEY, Ctrl-Z is a key like others and does not suspend. Returns 0
 * or -errno, reported.
 */
int screen_open(struct screen *s, bool suspend_is_key);

/* Restore the terminal. Nothing happens if it is not open. */
void screen_close(struct screen *s);

/* Is this process in the foreground of the terminal? In the background it may neither read keys nor draw. */
bool screen_is_ours(void);

/* Restore the terminal before a suspension, and take it again. Other processes may have changed it meanwhile. */
void screen_suspend(struct screen *s);
void screen_resume(struct screen *s);

/* Read the size of the terminal again. */
void screen_resize(struct screen *s);

/* Has the terminal room for output? It has none after Ctrl-S, or if a terminal emulator does not read. */
bool screen_has_room(void);

void screen_clear(void);
/* Put at most WIDTH columns of TEXT from COLUMN on. Returns how many it took. */
int screen_put(const struct screen *s, int row, int column, int width, int style, const char *text);
/* Show the cursor there, or hide it if ROW is negative. */
void screen_set_cursor(int row, int column);
/* Write to the terminal what was put since the last screen_clear(). */
void screen_show(void);

#define SCREEN_KEY_NONE (-1) /* no key was typed */

/* Keys that are not characters. */
enum screen_key {
	SCREEN_KEY_UP = 256, SCREEN_KEY_DOWN, SCREEN_KEY_LEFT, SCREEN_KEY_RIGHT, SCREEN_KEY_PAGE_UP,
	SCREEN_KEY_PAGE_DOWN, SCREEN_KEY_HOME, SCREEN_KEY_END, SCREEN_KEY_BACKSPACE, SCREEN_KEY_ENTER, SCREEN_KEY_ESCAPE,
	SCREEN_KEY_OTHER,
};

/* The next typed key, as its character or a screen_key. It does not wait. */
int screen_key(void);

#endif
