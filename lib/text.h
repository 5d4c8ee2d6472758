/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text and numbers into a buffer, for output by the gigabyte, where printf is
 * too slow. Each returns where the text ends; nothing is terminated.
 */
#ifndef CLAIMPERF_LIB_TEXT_H
#define CLAIMPERF_LIB_TEXT_H

#include <stdint.h>
#include <string.h>

static inline char *put_text(char *to, const char *text)
{
	size_t length = strlen(text);

	memcpy(to, text, length);
	return to + length;
}

static inline unsigned int count_digits(uint64_t value)
{
	unsigned int digits = 1;

	for (; value >= 10000; value /= 10000)
		digits += 4;
	return digits + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* Decimal. */
static inline char *put_number(char *to, uint64_t value)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	char *end = to + count_digits(value), *at = end;

	for (; value >= 100; value /= 100)
		memcpy(at -= 2, pairs + 2 * (value % 100), 2);
	if (value >= 10)
		memcpy(at - 2, pairs + 2 * value, 2);
	else
		at[-1] = (char)('0' + value);
	return end;
}

/* Decimal, with spaces before it so that it is width wide at least. */
static inline char *put_right(char *to, uint64_t value, unsigned int width)
{
	unsigned int digits = count_digits(value);

	for (; digits < width; digits++)
		*to++ = ' ';
	return put_number(to, value);
}

/* 0x and eight, or as many, digits. */
static inline char *put_hex(char *to, uint32_t value, unsigned int digits)
{
	to = put_text(to, "0x");
	while (digits--)
		*to++ = "0123456789abcdef"[value >> 4 * digits & 15];
	return to;
}

#endif
