/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small files that people write: JSON objects whose keys are known, each of a type, and no others.
 * What is wrong is told with file, line and key.
 */
#ifndef CLAIMPERF_LIB_JSON_KEYS_H
#define CLAIMPERF_LIB_JSON_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#define KEYS_ERROR 500
#define KEYS_NAME 32 /* of a name, its NUL included */
#define KEYS_MAX_ORDER 18
#define KEYS_MAX_EXTENTS 4

/* Where we are in a file, for messages. */
struct place {
	const char *file, *text;
	char path[80];
	char *error; /* KEYS_ERROR */
};

/* How a key's value is read. Words, numbers and shares say by themselves what they may be. */
struct key {
	const char *name;
	int (*read)(struct place *place, const json_t *value, const struct key *key, void *object);
	size_t offset; /* of where it goes in the object */
	unsigned int min, max;
	const char *const *words;
};

/* A part of a domain's memory that is asked for in extents of that order. */
struct extent_share {
	unsigned int order;
	double share;
};

struct extent_shares {
	struct extent_share extents[KEYS_MAX_EXTENTS]; /* largest first */
	unsigned int nr_extents;
};

/* The message, as printf has it; returns -EINVAL. */
int keys_fail(struct place *place, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Readers: an unsigned int from min to max; a double from 0 to 1, or above 0; a bool; the index of
 * a word (unsigned int); char[KEYS_NAME] of lower-case letters, digits and -; a char * to be
 * freed; a size in bytes (uint64_t) as "4G", which is not 0; struct extent_shares, which are 1
 * together, the smallest an order up to max.
 */
int keys_number(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_share(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_part(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_flag(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_word(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_name(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_text(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_size(struct place *place, const json_t *value, const struct key *key, void *object);
int keys_extents(struct place *place, const json_t *value, const struct key *key, void *object);

/* Each key of the object, which has no others, and all that it needs; path says where that is. */
int keys_object(struct place *place, const json_t *value, const struct key *keys,
		const char *const *needs, void *object);

/* The object that a whole file of at most 1 MiB is. 0, or -EINVAL and why. */
int keys_load(const char *file, const struct key *keys, const char *const *needs, void *object,
	      char error[KEYS_ERROR]);

#endif
