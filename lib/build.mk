# SPDX-License-Identifier: GPL-2.0-only
UNITS += test_lib
test_lib.src := tests/unit/test_lib.c lib/parse.c lib/hist.c lib/sha256.c
