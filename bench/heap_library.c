// SPDX-License-Identifier: GPL-2.0-only
#include "bench/heap_library.h"

#include <dlfcn.h>
#include <unistd.h>

#include "lib/msg.h"

static void *find(void *library, const char *path, const char *name)
{
	void *function = dlsym(library, name);

	if (!function)
		die(EXIT_USAGE, "%s: no %s() in it", path, name);
	return function;
}

void heap_library_open(const char *path, struct heap_library *heap)
{
	void *library;

	/* Not found is said better by the system than by the linker. */
	if (access(path, R_OK))
		die(EXIT_USAGE, "%s: %m", path);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		die(EXIT_USAGE, "%s", dlerror());
#define FIND(name) heap->name = find(library, path, "heap_" #name);
	HEAP_FUNCTIONS(FIND)
#undef FIND
}
