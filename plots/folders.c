// SPDX-License-Identifier: GPL-2.0-only
#include "plots/folders.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/msg.h"

void find_folders(char **root_folder, char **build_folder)
{
	const char *root = getenv("CLAIMPERF_ROOT"), *build = getenv("CLAIMPERF_BUILD");
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int up;

	if (length < 0)
		die(EXIT_USAGE, "/proc/self/exe: %s", strerror(errno));
	self[length] = 0;
	for (up = 0; up < 2; up++)
		*strrchr(self, '/') = 0;
	*build_folder = strdup(build ? build : self);
	if (strrchr(self, '/') != self)
		*strrchr(self, '/') = 0;
	*root_folder = strdup(root ? root : self);
	if (!*build_folder || !*root_folder)
		die(EXIT_USAGE, "out of memory");
}
