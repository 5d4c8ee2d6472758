#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a trace file may contain that is wrong, or only looks so: a kept sample of each, and what comes of it.
# After a wanted change: tests/trace-anomalies.sh --keep, and look at the difference.
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
trace=$build/bin/claimperf-trace
data=tests/data/traces
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*"
	exit 1
}

make -s BUILD="$build" "$trace" "$build/bin/trace-samples" "$build/bin/gen-trace"
mkdir "$work/made"
"$build/bin/trace-samples" "$work/made"
[ "${1-}" != --keep ] || cp "$work/made"/*.xen $data/

# The samples are what the program makes, but for those that something was done to; see README there.
for file in "$work/made"/*.xen; do
	cmp "$file" $data/"${file##*/}" || fail "the sample ${file##*/} is not what trace-samples makes"
done

: >"$work/outcomes"
for file in $data/*.xen $data/*.zst; do
	name=${file##*/} dump=0 summary=0
	"$trace" dump "$file" >"$work/$name.dump" 2>"$work/err" || dump=$?
	"$trace" dump --json "$file" >"$work/json" 2>/dev/null || [ $? = $dump ] || fail "$name: dump --json: $?"
	[ "$(wc -l <"$work/json")" = "$(wc -l <"$work/$name.dump")" ] || fail "$name: dump --json has other lines"
	"$trace" summary "$file" >"$work/summary" 2>/dev/null || summary=$?
	# The bytes of records, markers and of what was skipped are those of the file.
	grep -q '^bytes  *[0-9]* in records + [0-9]* in .* + [0-9]* not decoded = [0-9]*$' "$work/summary" ||
		fail "$name: the sum of bytes is not shown, or wrong"
	echo "$name $dump $summary $(sed 's/.*: the clock/the clock/' "$work/err")" | sed 's/ *$//' >>"$work/outcomes"
	[ "${1-}" != --keep ] || cp "$work/$name.dump" $data/
	diff $data/"$name.dump" "$work/$name.dump" || fail "$name is decoded in another way"
done
[ "${1-}" != --keep ] || cp "$work/outcomes" $data/
diff $data/outcomes "$work/outcomes" || fail "other exit statuses, or other words about clocks"
# A clock that begins to drift in the middle of a file which is larger than what is looked at first.
for cpus in 2 16; do
	for drift in 0 100; do
		"$build/bin/gen-trace" --bytes 40M --cpus $cpus --drift $drift >"$work/drift.xen"
		status=0
		"$trace" summary --json "$work/drift.xen" >"$work/json" 2>"$work/err" || status=$?
		what=$(jq -r '.anomalies[].what' "$work/json")
		if [ $drift = 0 ]; then
			[ "$status$what" = 0 ] || fail "clocks of $cpus CPUs that agree: status $status, $what"
			continue
		fi
		from=$(sed -n 's/^from byte \([0-9]*\) on the CPUs. clocks contradict each other.*/\1/p' <<<"$what")
		[ $status = 1 ] && [ "${from:-0}" -gt 20000000 ] && [ "$from" -lt 36000000 ] ||
			fail "a clock of $cpus CPUs that drifts: status $status, $what"
		grep -q "the clock of CPU $((cpus - 1)) disagrees with the others' from byte $from on" "$work/err" ||
			fail "it is not said whose clock drifts"
	done
done
echo "$(wc -l <"$work/outcomes") samples"
