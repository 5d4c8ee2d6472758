/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The symbols that a bootable Xen image carries for its own stack traces. Distributions ship the
 * image without xen-syms; this is what it has instead.
 */
#ifndef TRACEPOINTS_EMBEDDED_H
#define TRACEPOINTS_EMBEDDED_H

#include "tracepoints/symbols.h"

/*
 * Fills in functions and objects from an uncompressed image, an ELF file of 32 bits. Sizes are
 * unknown: a function ends where the next symbol starts. 0, -ENOMEM, or -ENOEXEC without a table.
 */
int read_embedded(struct symbols *symbols, const char *image, size_t size);

#endif
