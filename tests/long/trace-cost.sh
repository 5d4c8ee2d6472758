#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The trace points cost at most 3 instructions a site while they are off, and 250 a record while they are on.
# needs: lab
# timeout: 1200
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh

# A line per operation of variant $1: its name, off per site, on per record, records.
costs() {
	jq -n -r --slurpfile absent "$dir/$1-absent.json" --slurpfile off "$dir/$1-off.json" \
		--slurpfile idle "$dir/$1-idle.json" --slurpfile on "$dir/$1-on.json" '
		$absent[0].ops | to_entries[] | .key as $i | .value | select(.instructions >= 0) |
		($off[0].ops[$i]) as $off | ($idle[0].ops[$i]) as $idle | ($on[0].ops[$i]) as $on |
		[.op, ($off.instructions - .instructions) / ($off.sites * .times),
			($on.instructions - $idle.instructions) / $on.records, $on.records] | @tsv'
}

# The lines of $1 that cost more than $2 a site or $3 a record, or made no record.
dear() {
	awk -v off="$2" -v on="$3" '$2 > off || $3 > on || !$4' "$1"
}

for variant in baseline claims; do
	scripts/trace-cost $variant "$dir" 2>"$dir/log" || { cat "$dir/log"; fail "$variant: not measured"; }
	costs $variant >"$dir/$variant"
	sed "s/^/$variant: /" "$dir/$variant"
	[ "$(wc -l <"$dir/$variant")" -ge 9 ] || fail "$variant: operations are missing"
	[ "$(dear "$dir/$variant" 0 100 | wc -l)" = "$(wc -l <"$dir/$variant")" ] || fail "$variant: trace points for nothing"
	# How many clean pages the scrubber steps over depends on the heap, which no two images have in common: there
	# "off" is no figure of the trace points alone.
	sed -E '/^scrub\t/s/\t[^\t]*/\t0/' "$dir/$variant" >"$dir/gated"
	! dear "$dir/gated" 3 250 | grep . || fail "$variant: these cost more"
done
