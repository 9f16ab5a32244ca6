// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The terminal, by ncurses. The caller handles signals and changes of the size. */
#define NCURSES_NOMACROS
#include <errno.h>
#include <langinfo.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/message.h"
#include "screen.h"
#include "terminfo.h"
#include "view/terminal.h"

#define ESCAPE_MS 25 /* how long to wait for the rest of the escape sequence of a function key */

/*
 * newterm() installs signal handlers, which are replaced by the previous ones. SIGTSTP is ignored during the call, so
 * that ncurses never changes its disposition later. Otherwise ncurses would ignore SIGTSTP during each output, and the
 * kernel would drop a pending one.
 */
static SCREEN *screen_begin(FILE *out, FILE *in)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	struct sigaction before[sizeof(signals) / sizeof(signals[0])];
	SCREEN *terminal;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], NULL, &before[i]);
	signal(SIGTSTP, SIG_IGN);
	terminal = newterm(NULL, out, in);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &before[i], NULL);
	return terminal;
}

/* Returns whether the terminal has colours. */
static bool screen_start_colours(void)
{
	if (!terminal_has_colour() || !has_colors() || start_color() == ERR)
		return false;
	use_default_colors();
	init_pair(SCREEN_RED, COLOR_RED, -1);
	init_pair(SCREEN_YELLOW, COLOR_YELLOW, -1);
	init_pair(SCREEN_GREEN, COLOR_GREEN, -1);
	return true;
}

static void screen_suspend_is_key(void)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes))
		return;
	modes.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
	def_prog_mode(); /* so that ncurses sets these modes again after each suspension */
}

static FILE *screen_file(int fd, const char *mode)
{
	int copy = dup(fd);
	FILE *file = copy < 0 ? NULL : fdopen(copy, mode);

	if (!file && copy >= 0)
		close(copy);
	return file;
}

int screen_open(struct screen *s, bool suspend_is_key)
{
	*s = (struct screen){ .is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8") };
	s->in = screen_file(STDIN_FILENO, "r");
	s->out = screen_file(STDOUT_FILENO, "w");
	if (s->in && s->out)
		s->terminal = screen_begin(s->out, s->in);
	if (!s->terminal) {
		screen_close(s);
		return fail(0, NULL, "cannot take the terminal");
	}
	cbreak();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	typeahead(-1);
	curs_set(0);
	s->has_colour = screen_start_colours();
	if (suspend_is_key)
		screen_suspend_is_key();
	screen_resize(s);
	return 0;
}

bool screen_is_ours(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	return group < 0 || group == getpgrp(); /* negative: this process has no controlling terminal */
}

void screen_close(struct screen *s)
{
	if (s->terminal) {
		if (!s->is_away && screen_is_ours())
			endwin();
		else if (!s->is_away)
			terminfo_leave_screen(s->out); /* the shell is in the foreground and has set the modes */
		delscreen(s->terminal);
	}
	if (s->in)
		fclose(s->in);
	if (s->out)
		fclose(s->out);
	*s = (struct screen){};
}

void screen_suspend(struct screen *s)
{
	if (!s->is_away)
		endwin();
	s->is_away = true;
}

void screen_resume(struct screen *s)
{
	s->is_away = false;
	if (!isendwin()) /* endwin() was not called, and another process may have changed the modes */
		reset_prog_mode();
	screen_resize(s);
	clearok(curscr, TRUE);
	wrefresh(stdscr);
}

void screen_resize(struct screen *s)
{
	struct winsize size = terminal_size();

	resizeterm(size.ws_row, size.ws_col);
	s->rows = size.ws_row;
	s->columns = size.ws_col;
}

bool screen_has_room(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) > 0;
}

void screen_clear(void)
{
	werase(stdscr);
}

static attr_t screen_attributes(const struct screen *s, int style)
{
	attr_t attributes = style & SCREEN_REVERSE ? A_REVERSE : A_NORMAL;
	int colour = style & ~SCREEN_REVERSE;

	if (colour == SCREEN_BOLD)
		return attributes | A_BOLD;
	if (colour == SCREEN_DIM)
		return attributes | A_DIM;
	return colour && s->has_colour ? attributes | (attr_t)COLOR_PAIR(colour) : attributes;
}

/* Returns how many bytes of TEXT fit into WIDTH columns. *COLUMNS is the number of columns that they take. */
static int screen_cut(const char *text, int width, int *columns)
{
	int bytes = 0;

	for (*columns = 0; text[bytes]; bytes++) {
		if (((unsigned char)text[bytes] & 0xc0) == 0x80)
			continue; /* a continuation byte of UTF-8 */
		if (*columns == width)
			break;
		++*columns;
	}
	return bytes;
}

int screen_put(const struct screen *s, int row, int column, int width, int style, const char *text)
{
	int bytes, columns;

	if (width > s->columns - column)
		width = s->columns - column;
	if (row < 0 || row >= s->rows || width <= 0)
		return 0;
	bytes = screen_cut(text, width, &columns);
	wattrset(stdscr, (int)screen_attributes(s, style));
	mvwaddnstr(stdscr, row, column, text, bytes);
	wattrset(stdscr, A_NORMAL);
	return columns;
}

void screen_set_cursor(int row, int column)
{
	curs_set(row >= 0);
	if (row >= 0)
		wmove(stdscr, row, column);
}

void screen_show(void)
{
	wrefresh(stdscr);
}

int screen_key(void)
{
	static const struct {
		int curses, key;
	} keys[] = {
		{ KEY_UP, SCREEN_KEY_UP },	   { KEY_DOWN, SCREEN_KEY_DOWN },	{ KEY_LEFT, SCREEN_KEY_LEFT },
		{ KEY_RIGHT, SCREEN_KEY_RIGHT },   { KEY_PPAGE, SCREEN_KEY_PAGE_UP },	{ KEY_NPAGE, SCREEN_KEY_PAGE_DOWN },
		{ KEY_HOME, SCREEN_KEY_HOME },	   { KEY_END, SCREEN_KEY_END },		{ KEY_BACKSPACE, SCREEN_KEY_BACKSPACE },
		{ KEY_ENTER, SCREEN_KEY_ENTER },   { '\r', SCREEN_KEY_ENTER },		{ '\n', SCREEN_KEY_ENTER },
		{ 127, SCREEN_KEY_BACKSPACE },	   { '\b', SCREEN_KEY_BACKSPACE },	{ 27, SCREEN_KEY_ESCAPE },
	};
	int got = wgetch(stdscr);

	if (got == ERR)
		return SCREEN_KEY_NONE;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (got == keys[i].curses)
			return keys[i].key;
	return got < KEY_MIN ? got : SCREEN_KEY_OTHER;
}
