#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace on real traces, whole and damaged: same output, right exit status, offsets told.
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
trace=$build/bin/claimperf-trace
data=tests/data/trace
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*"
	cat "$work/out" "$work/err" 2>/dev/null || true
	exit 1
}

# Run claimperf trace with the arguments from $2 on; it must exit with $1.
expect_status() {
	local want=$1 status=0
	shift
	"$trace" "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status = "$want" ] || fail "status $status, not $want: trace $*"
}

make -s BUILD="$build" "$trace"

for sample in baseline claims; do
	expect_status 0 summary --json $data/$sample.xen
	diff $data/$sample.json "$work/out" || fail "summary of $sample changed"
	expect_status 0 dump $data/$sample.xen
	diff $data/$sample.dump "$work/out" || fail "dump of $sample changed"
	expect_status 0 dump --json $data/$sample.xen
	[ "$(wc -l <"$work/out")" = "$(wc -l <$data/$sample.dump)" ] || fail "dump --json of $sample: lines"
	expect_status 0 summary $data/$sample.xen
done

# A buffer of two pages: real losses and padding.
expect_status 0 summary --json $data/lossy.xen
diff $data/lossy.json "$work/out" || fail "summary of lossy changed"

# Cut anywhere: what is there is counted, what is missing is told with its offset.
size=$(stat -c %s $data/claims.xen)
for ((bytes = 12; bytes < size; bytes += 83)); do
	head -c $bytes $data/claims.xen >"$work/cut.xen"
	expect_status 1 summary "$work/cut.xen"
	grep -q "at offset $bytes: the file ends $((size - bytes)) bytes before" "$work/out" ||
		fail "cut after $bytes bytes: not told"
	expect_status 1 summary --json "$work/cut.xen"
	expect_status 1 dump "$work/cut.xen"
done
: >"$work/empty.xen"
expect_status 1 summary "$work/empty.xen"

# Overwritten in the middle, and two traces with rubbish between.
cp $data/claims.xen "$work/bad.xen"
printf '\xff%.0s' {1..40} | dd of="$work/bad.xen" bs=1 seek=900 conv=notrunc status=none
expect_status 1 summary "$work/bad.xen"
grep -q 'anomaly   at offset 9[0-9][0-9]: ' "$work/out" || fail "overwritten bytes: no offset"
(cat $data/claims.xen && echo 'rubbish!' && cat $data/baseline.xen) >"$work/two.xen"
expect_status 1 summary "$work/two.xen"
grep -q "at offset $size: no window starts here: 9 bytes skipped" "$work/out" || fail "rubbish: not told"

# 7 records lost on CPU 0: shown, no damage, figures marked.
printf '\x03\xf0\x01\x20\0\0\0\0\x1c\0\0\0\x01\xf0\x01\xc0\x09\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0' \
	>"$work/lost.xen"
cat $data/claims.xen >>"$work/lost.xen"
expect_status 0 summary "$work/lost.xen"
grep -q 'lost      7 records: all figures below are LOSSY' "$work/out" || fail "losses: not told"
grep -q 'lost      7 records of CPU 0 before offset 12' "$work/out" || fail "losses: no offset"
grep -q '7 records lost' "$work/err" || fail "losses: no warning"
expect_status 0 summary --json "$work/lost.xen"
grep -q '"lossy":true' "$work/out" && ! grep -q '"lossy":false' "$work/out" || fail "losses: metrics not marked"

# Not traces, and wrong usage.
head -c 4096 /dev/zero >"$work/zero"
expect_status 2 summary "$work/zero"
expect_status 2 summary "$0"
expect_status 2 summary "$work"
expect_status 2 summary "$work/absent"
expect_status 2 summary
expect_status 2 compare $data/claims.xen
expect_status 0 --help
grep -q Examples: "$work/out" || fail "--help has no examples"
echo "decoded $(wc -l <$data/claims.dump) + $(wc -l <$data/baseline.dump) items, cut at $(((size - 12 + 82) / 83)) places"
