/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The terminal while a view has it: standard output and standard input, by ncurses.
 *
 * A text is UTF-8, and a character is one column. It is cut where the columns that it may take end. The rest of the
 * screen stays as it is.
 */
#ifndef ROLLCALL_SCREEN_H
#define ROLLCALL_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

struct screen {
	int rows, columns;
	bool is_utf8;	 /* it can show block characters */
	bool has_colour;
	bool is_away;	 /* it does not have the terminal now: see screen_resume() */
	FILE *in, *out; /* of descriptors of its own */
	void *terminal; /* of ncurses; NULL: it is not open */
};

/* May be combined with SCREEN_REVERSE. */
enum screen_style { SCREEN_PLAIN, SCREEN_BOLD, SCREEN_DIM, SCREEN_RED, SCREEN_YELLOW, SCREEN_GREEN, SCREEN_REVERSE = 16 };

/*
 * Take the terminal. SUSPEND_IS_KEY: Ctrl-Z is a key like others, and suspends nothing. Returns 0 or -errno, reported. The size is
 * that of the terminal.
 */
int screen_open(struct screen *s, bool suspend_is_key);

/* Give it back as it was. Nothing happens if it is not open. */
void screen_close(struct screen *s);

/* Is this process in the foreground of the terminal? In the background it may neither read keys nor draw. */
bool screen_is_ours(void);

/* Give the terminal back for a while, and take it again, whatever another process did to it. */
void screen_suspend(struct screen *s);
void screen_resume(struct screen *s);

/* The size may have changed. */
void screen_resize(struct screen *s);

/* Has the terminal room for output? If not, it is suspended by Ctrl-S, or its reader does not read. */
bool screen_has_room(void);

void screen_clear(void);
/* From COLUMN on at most WIDTH columns of TEXT. Returns how many it took. */
int screen_put(const struct screen *s, int row, int column, int width, int style, const char *text);
/* The cursor is seen there; below zero: it is not. */
void screen_set_cursor(int row, int column);
/* What was put since the last screen_clear() becomes what is seen. */
void screen_show(void);

/* Keys that are no characters. */
enum screen_key {
	SCREEN_KEY_NONE = -1, SCREEN_KEY_UP = 256, SCREEN_KEY_DOWN, SCREEN_KEY_LEFT, SCREEN_KEY_RIGHT, SCREEN_KEY_PAGE_UP,
	SCREEN_KEY_PAGE_DOWN, SCREEN_KEY_HOME, SCREEN_KEY_END, SCREEN_KEY_BACKSPACE, SCREEN_KEY_ENTER, SCREEN_KEY_ESCAPE,
	SCREEN_KEY_OTHER,
};

/* The next key that was typed, as its character or one of the above; it does not wait. */
int screen_key(void);

#endif
