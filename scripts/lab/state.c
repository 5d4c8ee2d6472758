// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/state.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

/* The bytes that follow name, or NULL when there are fewer than size. */
static char *find_after(struct buffer *state, const char *name, size_t size)
{
	char *at = memmem(state->data, state->size, name, strlen(name));

	if (!at || (size_t)(state->data + state->size - at) < strlen(name) + size)
		return NULL;
	return at + strlen(name);
}

static uint64_t get(const char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return be64toh(value);
}

static void set(char *at, uint64_t value)
{
	value = htobe64(value);
	memcpy(at, &value, sizeof(value));
}

/*
 * QEMU compares the address of shared memory before it has set up the PCI device behind it, when
 * the address is still 0; the device's own state places it a moment later.
 * The stream has: name, length (8 bytes), address (8 bytes).
 */
static int clear_shared_address(struct buffer *state)
{
	char *at = find_after(state, "/shared", 16);

	if (!at)
		return -EBADMSG;
	set(at + 8, 0);
	return 0;
}

/*
 * The clock is bias + (instructions << shift). Move what the shift made of the instructions so far
 * into the bias. The stream has: ticks (8 bytes), unused (8), clock (8), a mark, the length of the
 * name, name, version (4), bias (8), instructions (8). Ticks and clock are the host's, unused here.
 */
static int correct_clock(struct buffer *state, unsigned int shift)
{
	static const char name[] = "timer/icount";
	char *at = find_after(state, name, 20), *host;
	uint64_t bias, instructions;

	if (!at || at - state->data < 64)
		return -EBADMSG;
	host = at - strlen(name) - 2 - 24;
	set(host, 0);
	set(host + 16, 0);
	bias = get(at + 4);
	instructions = get(at + 12);
	set(at + 4, bias + (instructions << shift) - instructions);
	return 0;
}

int state_correct(struct buffer *state, unsigned int shift)
{
	int err = clear_shared_address(state);

	return err ? err : correct_clock(state, shift);
}
