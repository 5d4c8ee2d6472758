// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/probe_select.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEAREST 3
#define MAX_NAME 128 /* what is compared of a name */

/* A function's name ends where the compiler's suffixes begin. */
static size_t base_length(const char *name)
{
	return *name ? 1 + strcspn(name + 1, ".") : 0;
}

static bool has_suffix(const char *name, const char *suffix)
{
	const char *at = strstr(name, suffix);

	return at && (at[strlen(suffix)] == '\0' || at[strlen(suffix)] == '.');
}

enum entry entry_of_symbol(const struct symbol *symbol)
{
	if (has_suffix(symbol->name, ".cold") ||
	    !strncmp(symbol->name, "__x86_indirect_thunk", 20) ||
	    !strcmp(symbol->name, "__x86_return_thunk"))
		return ENTRY_INNER;
	return has_suffix(symbol->name, ".part") ? ENTRY_PART : ENTRY_CALL;
}

static int compare_bases(const struct symbol *a, const struct symbol *b)
{
	size_t a_length = base_length(a->name), b_length = base_length(b->name);
	size_t length = a_length < b_length ? a_length : b_length;
	int order = strncmp(a->name, b->name, length);

	return order ? order : (a_length > b_length) - (a_length < b_length);
}

/* Of one base: by file, global functions first. */
static int compare_symbols(const void *left, const void *right)
{
	const struct symbol *a = *(struct symbol *const *)left, *b = *(struct symbol *const *)right;
	int order = compare_bases(a, b);

	if (!order)
		order = strcmp(a->file ? a->file : "", b->file ? b->file : "");
	return order ? order : (a->start > b->start) - (a->start < b->start);
}

/* Symbols of one base are one function, unless they come from several files. */
static bool shared_base(struct symbol *const *sorted, size_t count)
{
	const char *file = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!sorted[i]->file)
			continue;
		if (file && strcmp(file, sorted[i]->file))
			return true;
		file = sorted[i]->file;
	}
	return false;
}

static bool same_file(const struct symbol *a, const struct symbol *b)
{
	return !strcmp(a->file ? a->file : "", b->file ? b->file : "");
}

static char *target_name(const struct symbol *symbol, bool shared)
{
	int length = (int)base_length(symbol->name);
	char *name = NULL;

	if (asprintf(&name, "%s%s%.*s", shared && symbol->file ? symbol->file : "",
		     shared && symbol->file ? "#" : "", length, symbol->name) < 0)
		return NULL;
	return name;
}

/* Every function becomes a target; those not asked for are dropped later. */
static int make_targets(struct selection *all, const struct symbols *symbols)
{
	struct symbol **sorted = calloc(symbols->count, sizeof(*sorted));
	size_t end;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < symbols->count; i++)
		sorted[i] = &symbols->list[i];
	qsort(sorted, symbols->count, sizeof(*sorted), compare_symbols);
	for (size_t i = 0; i < symbols->count; i = end) {
		bool shared;

		for (end = i + 1; end < symbols->count && !compare_bases(sorted[i], sorted[end]);)
			end++;
		shared = shared_base(sorted + i, end - i);
		for (size_t j = i; j < end; j++) {
			struct followed *target = &all->targets[all->count];

			if (j == i || (shared && !same_file(sorted[j - 1], sorted[j]))) {
				target->name = target_name(sorted[j], shared);
				if (!target->name) {
					free(sorted);
					return -ENOMEM;
				}
				all->count++;
			}
			all->targets[all->count - 1].parts++;
			all->target_of[sorted[j] - symbols->list] = (long)all->count - 1;
		}
	}
	free(sorted);
	return 0;
}

static const char *without_file(const char *name)
{
	const char *hash = strchr(name, '#');

	return hash ? hash + 1 : name;
}

static bool matches(const char *wanted, const char *target, const char *symbol)
{
	return !fnmatch(wanted, target, 0) || !fnmatch(wanted, without_file(target), 0) ||
	       !strcmp(wanted, symbol);
}

/* Edits (insert, remove, replace) that turn a into b. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[MAX_NAME + 1];
	size_t width = strnlen(b, MAX_NAME);

	for (size_t j = 0; j <= width; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= MAX_NAME && a[i - 1]; i++) {
		unsigned int corner = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= width; j++) {
			unsigned int best = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[width];
}

static void name_nearest(const struct selection *all, const char *wanted,
			 char error[SELECT_ERROR_SIZE])
{
	const char *nearest[NEAREST] = {NULL};
	unsigned int far[NEAREST] = {0};
	int length;

	for (size_t i = 0; i < all->count; i++) {
		const char *name = all->targets[i].name;
		unsigned int d = distance(without_file(wanted), without_file(name));
		size_t at = NEAREST;

		while (at && (!nearest[at - 1] || d < far[at - 1]))
			at--;
		if (at == NEAREST)
			continue;
		memmove(nearest + at + 1, nearest + at, (NEAREST - 1 - at) * sizeof(*nearest));
		memmove(far + at + 1, far + at, (NEAREST - 1 - at) * sizeof(*far));
		nearest[at] = name;
		far[at] = d;
	}
	length = snprintf(error, SELECT_ERROR_SIZE, "%.80s: no such function; nearest:", wanted);
	for (size_t i = 0; i < NEAREST && nearest[i] && length < SELECT_ERROR_SIZE; i++)
		length += snprintf(error + length, SELECT_ERROR_SIZE - (size_t)length, "%s %s",
				   i ? "," : "", nearest[i]);
}

static int mark_wanted(const struct selection *all, const struct symbols *symbols, const char *list,
		       bool *wanted, char error[SELECT_ERROR_SIZE])
{
	char *copy = strdup(list), *save = NULL, *word;
	int err = copy ? 0 : -ENOMEM;
	bool any = false;

	for (word = copy ? strtok_r(copy, ",", &save) : NULL; word && !err;
	     word = strtok_r(NULL, ",", &save)) {
		bool found = false;

		for (size_t i = 0; i < symbols->count; i++) {
			size_t target = (size_t)all->target_of[i];

			if (!matches(word, all->targets[target].name, symbols->list[i].name))
				continue;
			found = wanted[target] = any = true;
		}
		if (!found) {
			name_nearest(all, word, error);
			err = -ENOENT;
		}
	}
	if (!err && !any) {
		snprintf(error, SELECT_ERROR_SIZE, "no function is named");
		err = -ENOENT;
	}
	free(copy);
	return err;
}

static void drop_unwanted(struct selection *all, size_t symbols, const bool *wanted, long *moved)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++) {
		moved[i] = wanted[i] ? (long)kept : -1;
		if (wanted[i])
			all->targets[kept++] = all->targets[i];
		else
			free(all->targets[i].name);
	}
	for (size_t i = 0; i < symbols; i++)
		all->target_of[i] = moved[all->target_of[i]];
	all->count = kept;
}

int select_functions(struct selection *out, const struct symbols *symbols, const char *list,
		     char error[SELECT_ERROR_SIZE])
{
	struct selection all = {
		.targets = calloc(symbols->count, sizeof(*all.targets)),
		.target_of = calloc(symbols->count, sizeof(*all.target_of)),
	};
	bool *wanted = calloc(symbols->count, sizeof(*wanted));
	long *moved = calloc(symbols->count, sizeof(*moved));
	int err = -ENOMEM;

	snprintf(error, SELECT_ERROR_SIZE, "out of memory");
	if (all.targets && all.target_of && wanted && moved)
		err = make_targets(&all, symbols);
	if (!err)
		err = mark_wanted(&all, symbols, list, wanted, error);
	if (err)
		free_selection(&all);
	else
		drop_unwanted(&all, symbols->count, wanted, moved);
	free(wanted);
	free(moved);
	if (!err)
		*out = all;
	return err;
}

void free_selection(struct selection *selection)
{
	for (size_t i = 0; selection->targets && i < selection->count; i++)
		free(selection->targets[i].name);
	free(selection->targets);
	free(selection->target_of);
	*selection = (struct selection){0};
}

char *find_symbol_file(const char *image)
{
	const char *slash = strrchr(image, '/');
	int folder = slash ? (int)(slash + 1 - image) : 0;
	char *path = NULL;

	if (asprintf(&path, "%.*sxen-syms", folder, image) < 0)
		return NULL;
	if (!access(path, R_OK))
		return path;
	free(path);
	return strdup(image);
}

int check_functions(const char *symbol_file, const char *list, char error[SELECT_ERROR_SIZE])
{
	struct selection selection = {0};
	struct symbols *symbols;
	int err = read_symbols(&symbols, symbol_file);

	if (err) {
		snprintf(error, SELECT_ERROR_SIZE, "%s: %s", symbol_file, symbols_error(err));
		return err;
	}
	err = select_functions(&selection, symbols, list, error);
	free_selection(&selection);
	free_symbols(symbols);
	return err;
}
