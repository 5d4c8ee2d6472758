// SPDX-License-Identifier: GPL-2.0-only
/* What the nights before left, in the folder of all nights. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/night.h"
#include "results/reader.h"

/* Its version says what is in it. */
static json_t *read_document(const char *path)
{
	char error[RESULT_ERROR_SIZE];
	struct reader r = {.path = path, .error = error};
	json_t *document;

	if (reader_load(&r, &document))
		return NULL;
	if (json_integer_value(json_object_get(document, "nightly")) == NIGHT_VERSION)
		return document;
	json_decref(document);
	return NULL;
}

/* A night that was killed has none. */
static json_t *read_night(const char *folder, const char *night, json_t *damaged)
{
	char path[4096];
	json_t *document;

	snprintf(path, sizeof(path), "%s/%s/night.json", folder, night);
	if (access(path, F_OK))
		return NULL;
	document = read_document(path);
	if (!document)
		json_array_append_new(damaged, json_string(path));
	return document;
}

void night_previous(const char *folder, const char *night, json_t **document, json_t **damaged)
{
	struct dirent **names;
	int nr = scandir(folder, &names, NULL, alphasort);

	*document = NULL;
	*damaged = json_array();
	for (int i = nr; i-- > 0; free(names[i]))
		if (!*document && *names[i]->d_name != '.' && strcmp(names[i]->d_name, night) < 0)
			*document = read_night(folder, names[i]->d_name, *damaged);
	if (nr >= 0)
		free(names);
}
