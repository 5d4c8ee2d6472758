#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Exact mode is exact: a program that knows nothing of the lab prints the same bytes three times from
# one snapshot and once from a snapshot made anew; what it leaves in $OUT and xentrace's file too.
# timeout: 400
# needs: lab
# A snapshot booted while two compilers kept both cores busy differed twice: a known fault, see docs/known-faults.md.
# alone
set -euo pipefail

build=$(realpath "${CLAIMPERF_BUILD:-build}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() { echo "FAILED: $*"; exit 1; }

gcc -O2 -Wall -Wextra -Werror -o "$dir/foreign" tests/foreign.c -lxenctrl
image=$(scripts/claimperf lab build baseline)

# Each call is a lab of its own, but for the programs and the kernel.
for lab in one new; do
	mkdir -p "$dir/$lab/lab"
	ln -s "$build/bin" "$dir/$lab/bin"
	ln -s "$build/lab/kernel" "$dir/$lab/lab/kernel"
done

xentrace=/usr/lib/xen-4.17/bin/xentrace
cat >"$dir/traced" <<END
#!/bin/sh
$xentrace -D -S 1024 -e all -T 1 \$OUT/trace &
$dir/foreign >\$OUT/foreign
wait \$!
END
chmod +x "$dir/traced"

for nodes in 1 4; do
	export CLAIMPERF_BUILD=$dir/one
	for run in 1 2 3 4; do
		[ $run != 4 ] || export CLAIMPERF_BUILD=$dir/new
		scripts/claimperf lab exec --image "$image" --nodes $nodes -- "$dir/foreign" \
			>"$dir/foreign.$run" 2>"$dir/stderr" || { cat "$dir/stderr"; fail "nodes $nodes, run $run"; }
		! grep note: "$dir/stderr" || fail "not all of the program is staged"
		scripts/claimperf lab exec --image "$image" --nodes $nodes --stage "$dir/foreign" --stage $xentrace \
			--out "$dir/out.$run" -- "$dir/traced" 2>"$dir/stderr" ||
			{ cat "$dir/stderr"; fail "traced: nodes $nodes, run $run"; }
		! grep note: "$dir/stderr" || fail "not all of xentrace is staged"
		cmp "$dir/foreign.1" "$dir/foreign.$run" || fail "nodes $nodes: run $run differs"
		diff -r "$dir/out.1" "$dir/out.$run" || fail "traced: nodes $nodes: run $run differs"
	done
	unset CLAIMPERF_BUILD
	[ "$(grep -c '^node .* MiB free$' "$dir/foreign.1")" = $nodes ] || fail "not $nodes nodes"
	[ "$(wc -l <"$dir/foreign.1")" = $((202 + nodes)) ] || fail "output is short"
	[ "$(stat -c %s "$dir/out.1/trace")" -gt 20000 ] || fail "the trace is short"
	cat "$dir/stderr"
	rm -r "$dir"/out.*
	echo "$nodes nodes: four runs, the same bytes"
done
