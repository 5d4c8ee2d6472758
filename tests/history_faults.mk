# SPDX-License-Identifier: GPL-2.0-only
# Goes wrong in the place of a disk.
PLUGINS += history-faults
history-faults.src := tests/history_faults.c
