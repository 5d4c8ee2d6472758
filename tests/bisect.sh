#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf bisect: what it does not take. What it finds is in tests/long/bisect.sh.
# timeout: 60
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

bisect="scripts/claimperf bisect"
refused "--case is missing" $bisect 0 1
refused "two patches are needed, GOOD and BAD, not 1" $bisect 0 --case x
refused "0012 does not come before 1" $bisect 0012 1 --case x
refused "13: 0 patches" $bisect 0 13 --case x
refused "000: 9 patches" $bisect 000 12 --case x
refused "0009-xen: 0 patches" $bisect 0 0009-xen --case x
refused "only host so far" $bisect 0 1 --case x --target moon
refused "--nodes 0: not a number from 1 to 64" $bisect 0 1 --case x --nodes 0
refused "unknown option '--moon'" $bisect --moon 0 --case x
refused "$dir/series: cannot read it" $bisect 0 1 --case x --series "$dir"
echo none.patch >"$dir/series"
refused "names none.patch, which is not there" $bisect 0 1 --case x --series "$dir"
refused "none of these patches changes anything under xen/" $bisect 8 10 --case x
