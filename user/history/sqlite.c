// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Loads the library by its soname. */
#include <dlfcn.h>
#include <errno.h>

#include "base/message.h"
#include "sqlite.h"

struct sqlite sqlite;

int sqlite_load(void)
{
	static const struct {
		const char *name;
		void **function;
	} functions[] = {
#define X(name) { "sqlite3_" #name, (void **)&sqlite.name },
		SQLITE_FUNCTIONS(X)
#undef X
	};
	void *library;

	if (sqlite.open_v2)
		return 0;
	library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return fail(0, "install libsqlite3-0", "cannot load SQLite: %s", dlerror());
	for (size_t i = sizeof(functions) / sizeof(functions[0]); i-- > 0;) { /* open_v2 last: it marks success */
		*functions[i].function = dlsym(library, functions[i].name);
		if (!*functions[i].function)
			return fail(-ENOSYS, "install a newer SQLite", "cannot load SQLite: %s", functions[i].name);
	}
	return 0;
}
