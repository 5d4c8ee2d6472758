#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Exact mode is exact: a program that knows nothing of the lab prints the same bytes three times from
# one snapshot and once from a snapshot made anew on a busy machine; what it leaves in $OUT and
# xentrace's file too. The two snapshots are the same bytes themselves.
# timeout: 1200
# needs: lab
set -euo pipefail

build=$(realpath "${CLAIMPERF_BUILD:-build}")
dir=$(mktemp -d)
loads=()
trap 'stop_loads; rm -rf "$dir"' EXIT

fail() { echo "FAILED: $*"; exit 1; }

# Two busy processes for each core, which start others all the time.
start_loads() {
	while [ ${#loads[@]} -lt $((2 * $(nproc))) ]; do
		while :; do sha256sum tests/*.sh | gcc -O2 -x c -c -o /dev/null tests/foreign.c 2>/dev/null; done &
		loads+=($!)
	done
}

stop_loads() {
	[ ${#loads[@]} = 0 ] || kill "${loads[@]}"
	loads=()
}

gcc -O2 -Wall -Wextra -Werror -o "$dir/foreign" tests/foreign.c -lxenctrl
image=$(scripts/claimperf lab build baseline)

# Each call is a lab of its own, but for the programs and the kernel.
for lab in one new; do
	mkdir -p "$dir/$lab/lab"
	ln -s "$build/bin" "$dir/$lab/bin"
	ln -s "$build/lib" "$dir/$lab/lib"
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

for nodes in 1 4; do # and as many CPUs
	export CLAIMPERF_BUILD=$dir/one
	for run in 1 2 3 4; do
		if [ $run = 4 ]; then
			export CLAIMPERF_BUILD=$dir/new
			start_loads
		fi
		scripts/claimperf lab exec --image "$image" --nodes $nodes --cpus $nodes -- "$dir/foreign" \
			>"$dir/foreign.$run" 2>"$dir/stderr" || { cat "$dir/stderr"; fail "nodes $nodes, run $run"; }
		! grep note: "$dir/stderr" || fail "not all of the program is staged"
		scripts/claimperf lab exec --image "$image" --nodes $nodes --cpus $nodes --stage "$dir/foreign" --stage $xentrace \
			--out "$dir/out.$run" -- "$dir/traced" 2>"$dir/stderr" ||
			{ cat "$dir/stderr"; fail "traced: nodes $nodes, run $run"; }
		! grep note: "$dir/stderr" || fail "not all of xentrace is staged"
		cmp "$dir/foreign.1" "$dir/foreign.$run" || fail "nodes $nodes: run $run differs"
		diff -r "$dir/out.1" "$dir/out.$run" || fail "traced: nodes $nodes: run $run differs"
	done
	stop_loads
	unset CLAIMPERF_BUILD
	for file in state $(seq -f 'ram%.0f' 0 $((nodes - 1))); do
		cmp "$dir"/{one,new}/lab/snapshots/*/"$file" || fail "nodes $nodes: another snapshot"
	done
	[ "$(grep -c '^node .* MiB free$' "$dir/foreign.1")" = $nodes ] || fail "not $nodes nodes"
	[ "$(wc -l <"$dir/foreign.1")" = $((202 + nodes)) ] || fail "output is short"
	[ "$(stat -c %s "$dir/out.1/trace")" -gt 20000 ] || fail "the trace is short"
	cat "$dir/stderr"
	rm -r "$dir"/out.* "$dir"/{one,new}/lab/snapshots
	echo "$nodes nodes: four runs, the same bytes"
done
