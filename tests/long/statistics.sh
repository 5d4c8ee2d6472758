#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Verdicts and alarms are wrong no more often than docs/method.md says, over 10,000 simulated studies and series; its
# table has the figures measured here.
# timeout: 2400
set -euo pipefail
cd "$(dirname "$0")/../.."

table=$(mktemp)
trap 'rm -f "$table"' EXIT
status=0
"${CLAIMPERF_BUILD:-build}/bin/statistics" >"$table" || status=$?
cat "$table"
[ $status = 0 ] || exit $status

# What is promised there is what is tested here.
while read -r line; do
	grep -qF -- "$line" docs/method.md || { echo "FAILED: not in docs/method.md: $line"; status=1; }
done < <(tail -n +3 "$table" | cut -d"|" -f1-3)
exit $status
