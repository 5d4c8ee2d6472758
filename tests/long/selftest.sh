#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# All known effects are found, in all cases of the host target A/A finds nothing, and docs/method.md says so. The very
# same bytes are no A/A.
# timeout: 1800
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh

status=0
scripts/claimperf selftest --all-cases --json aa-code aa-data aa-lines >"$dir/aa" || status=$?
scripts/claimperf selftest --json >"$dir/effects" || status=$?
jq -s '[.[0][], (.[1][] | select(.aa | not))]' "$dir/aa" "$dir/effects" >"$dir/found"
jq -r '.[] | if .aa then "| `\(.effect)` | \(.cases) cases | 0 | \(.different | length) differ | IDENTICAL | – |"
	else "| `\(.effect)` | `\(.case)` | \(.expected) | \(.delta) | \(.verdict) | \(if .delta == "0.000" then "–"
	else "`\(.named)`" end) |" end' "$dir/found" >"$dir/table"
cat "$dir/table"
[ $status = 0 ] || fail "selftest: status $status"
[ "$(jq '[.[] | select(.aa | not) | .effect] | unique | length' "$dir/found")" -ge 8 ] || fail "fewer than 8 effects"
jq -e 'map(select(.aa)) | length >= 2 and all(.[]; .cases > 60)' "$dir/found" >/dev/null || fail "A/A of too few cases"

# What a sign stands for depends on the compiler; what is expected does not.
while read -r line; do
	grep -qF -- "$line" docs/method.md || fail "not in docs/method.md: $line"
done < <(sed -E 's/(\| [-+0-9]+ \|).*/\1/' "$dir/table")

source=$(dirname "$(scripts/claimperf lab build claims)")/tree/xen/common/page_alloc.c
mkdir "$dir/bad"
cat >"$dir/bad/aa-nothing.patch" <<END
A comment is worded differently.

--- a/xen/common/page_alloc.c
+++ b/xen/common/page_alloc.c
@@ -1,3 +1,3 @@
 $(sed -n 1p "$source")
-$(sed -n 2p "$source")
+$(sed -n 2p "$source"), or so
 $(sed -n 3p "$source")
END
status=0
scripts/claimperf selftest --effects "$dir/bad" --all-cases --json >"$dir/found" || status=$?
expect "status of A/A with the same file" $status 1
jq -e '.[0] | (.other_layout | not) and .different == []' "$dir/found" >/dev/null || fail "the same file passes for another layout"
