#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# xenalyze, built from the patched tree, reads the records of a real trace as the decoder does.
# needs: lab
# timeout: 300
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

xentrace=$(ls /usr/lib/xen-*/bin/xentrace | head -n 1)
unset SAN MAKEFLAGS MAKELEVEL CFLAGS CPPFLAGS LDFLAGS

# All that this program takes from the result of ./configure.
build_xenalyze() {
	local tree
	tree=$(dirname "$(scripts/claimperf lab build claims+trace)")/tree
	mkdir "$dir/tree"
	cp -a "$tree"/{Config.mk,config,scripts,tools,version.sh,xen} "$dir/tree"
	printf '%s\n' 'CONFIG_WERROR := y' 'PYTHON := python3' 'PERL := perl' 'AWK := awk' >"$dir/tree/config/Tools.mk"
	: >"$dir/tree/tools/config.h"
	{
		make -C "$dir/tree/tools/include" all
		make -C "$dir/tree/tools/xentrace" xenalyze
	} >"$dir/log" 2>&1 || fail "xenalyze does not build: $(tail -n 5 "$dir/log")"
}

make -s BUILD="$build" "$build/bin/trace-job" "$build/bin/claimperf-trace"
build_xenalyze
timeout 180 scripts/claimperf lab exec --variant claims+trace --nodes 2 --out "$dir/trace" --stage "$xentrace" -- \
	"$build/bin/trace-job" "$xentrace" 16 >"$dir/said" 2>"$dir/console" || fail "the job failed"
"$dir/tree/tools/xentrace/xenalyze" -a "$dir/trace/t.xen" >"$dir/theirs" 2>"$dir/errors" ||
	fail "xenalyze stopped: $(tail -n 3 "$dir/errors")"
"$build/bin/claimperf-trace" dump --json "$dir/trace/t.xen" >"$dir/ours"
! grep -qi 'fatal\|unknown' "$dir/theirs" "$dir/errors" || fail "xenalyze does not know all records"
# Which events, with which hold, in which order.
expect "records" \
	"$(sed -n 's/.* \(heap_section\|page_alloc_section\) .* hold \([0-9]*\).*/\1 \2/p' "$dir/theirs")" \
	"$(jq -r 'select(.event == "heap_section" or .event == "page_alloc_section") | "\(.event) \(.hold)"' "$dir/ours")"
for event in claim_entry claim_install node_state populate_physmap; do
	expect "records of $event" "$(grep -c " $event " "$dir/theirs")" \
		"$(jq -r 'select(.event == "'$event'") | .event' "$dir/ours" | wc -l)"
done
echo "xenalyze agrees on $(grep -c ' hold ' "$dir/theirs") sections"
