// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* This is a separate file, because <term.h> defines common words, such as `columns`, as macros. */
#include <curses.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

#include "terminfo.h"

/* tigetstr() returns (char *)-1 for a name that is not a string capability. */
static bool terminfo_has(const char *name)
{
	const char *text = tigetstr((char *)name);

	return text && (intptr_t)text != -1;
}

const char *terminfo_refusal(void)
{
	const char *term = getenv("TERM");
	bool can_move;
	int answer;

	if (!term || !*term)
		return "TERM is not set";
	if (setupterm(NULL, STDOUT_FILENO, &answer) == ERR)
		return answer < 0 ? "there is no database of terminals" : "TERM names an unknown terminal";
	can_move = terminfo_has("cup") && terminfo_has("clear");
	del_curterm(cur_term);
	return can_move ? NULL : "the terminal that TERM names cannot move the cursor";
}

static FILE *terminfo_out;

static int terminfo_put(int byte)
{
	return fputc(byte, terminfo_out);
}

void terminfo_leave_screen(FILE *out)
{
	static const char *const names[] = { "rmkx", "sgr0", "cnorm", "rmcup" };

	terminfo_out = out;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (terminfo_has(names[i]))
			tputs(tigetstr((char *)names[i]), 1, terminfo_put);
	fflush(out);
}
