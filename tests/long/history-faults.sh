#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The history loses nothing, whichever call fails; tests/history-faults.sh tries some of them.
# timeout: 1800
exec bash tests/history-faults.sh all
