#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace diff knows what kind of traces it has, gates what can be, and refuses the rest.
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

trace=$build/bin/claimperf-trace
data=tests/data/trace

# Run trace diff with the arguments from $2 on, to $dir/out; it must exit with $1.
expect_status() {
	local want=$1 status=0
	shift
	"$trace" diff "$@" >"$dir/out" 2>"$dir/err" || status=$?
	[ $status = "$want" ] || { cat "$dir/out" "$dir/err"; fail "status $status, not $want: diff $*"; }
}

said() { jq -r "$1" "$dir/out"; }

make -s BUILD="$build" "$trace"
mkdir "$dir"/{before,after}
cp $data/claims.xen "$dir/before/t.xen"
cp $data/claims.xen "$dir/after/t.xen"

# Nothing says that they are exact.
expect_status 0 --json "$dir"/{before,after}/t.xen
expect "kind" "$(said .kind)" single
expect "verdicts" "$(said '[.rows[].verdict] | unique | join(" ")')" INCONCLUSIVE
expect "fingerprints" "$(said .fingerprints_known)" false
expect_status 0 --exact --json "$dir"/{before,after}/t.xen
expect "kind" "$(said .kind)" exact
expect "verdicts" "$(said '[.rows[].verdict] | unique | join(" ")')" IDENTICAL

# The lab's fingerprint beside them does; a kernel that differs makes them incomparable.
fingerprint() {
	echo "{\"mode\": \"$1\", \"kernel\": \"$2\", \"hypervisor\": {\"variant\": \"$3\"}}"
}
fingerprint exact 6.1 claims >"$dir/before/fingerprint.json"
fingerprint exact 6.1 other >"$dir/after/fingerprint.json"
expect_status 0 --json "$dir"/{before,after}/t.xen
expect "kind" "$(said .kind)" exact
expect "differences" "$(said '[.differences[].field] | join(" ")')" hypervisor.variant
expect_status 0 --noisy --json "$dir"/{before,after}/t.xen
expect "kind" "$(said .kind)" single
fingerprint exact 6.2 other >"$dir/after/fingerprint.json"
refused "do not compare" "$trace" diff "$dir"/{before,after}/t.xen
expect_status 0 --force "$dir"/{before,after}/t.xen
grep -q 'kernel: 6.1 -> 6.2   WARNING' "$dir/out" || fail "the other kernel is not shown"
fingerprint parallel 6.1 other >"$dir/after/fingerprint.json"
expect_status 0 --force --json "$dir"/{before,after}/t.xen
expect "kind of an exact and a noisy one" "$(said .kind)" single
rm "$dir"/{before,after}/fingerprint.json

# So does a result, unless its case differed from machine to machine.
mkdir -p "$dir"/{b,a}.d/case
cp $data/claims.xen "$dir/b.d/case/trace.xen"
cp $data/claims.xen "$dir/a.d/case/trace.xen"
result() {
	echo "{\"context\": {\"claimperf\": {\"lab\": {\"mode\": \"exact\"}}}, \"benchmarks\":
		[{\"claimperf\": {\"raw\": \"$1.d/case\", \"bit_equal\": $2}}]}" >"$dir/$1.json"
}
result b true
result a true
expect_status 0 --json "$dir"/{b,a}.d/case/trace.xen
expect "kind by results" "$(said .kind)" exact
result a false
expect_status 0 --json "$dir"/{b,a}.d/case/trace.xen
expect "kind of a case that did not repeat" "$(said .kind)" single

# One section that holds the lock for twice as long: the third word of the first allocation.
offset=$(awk '/site=alloc / { print $1; exit }' $data/claims.dump)
printf '\0\0\001\0' | dd of="$dir/after/t.xen" bs=1 seek=$((offset + 20)) conv=notrunc status=none
expect_status 1 --exact --json "$dir"/{before,after}/t.xen
expect "regressed" "$(said '[.rows[] | select(.regressed) | "\(.metric) \(.labels.site) \(.labels.order)"] | join(",")')" \
	"hold alloc 9"
expect_status 0 --exact --json "$dir"/{after,before}/t.xen
expect "verdict the other way" "$(said '.rows[] | select(.metric == "hold" and .labels.site == "alloc").mean_verdict.verdict')" MAJOR
expect_status 1 --exact "$dir"/{before,after}/t.xen
grep -q '^alloc .*MAJOR up .*REGRESSION' "$dir/out" || fail "text: no regression"
expect_status 0 "$dir"/{before,after}/t.xen

# Exact ones repeat; those that do not are noisy, and two pairs are too few.
# Lists of copies: each counts as a boot of its own.
copies() { for i in $(seq "$2"); do cp "$1" "${1%.xen}.$3$i.xen"; echo "${1%.xen}.$3$i.xen"; done | paste -sd, -; }
expect_status 0 --exact --json "$dir/before/t.xen,$dir/after/t.xen" "$(copies "$dir/before/t.xen" 2 x)"
expect "kind" "$(said .kind)" paired
grep -q 'not exact: hold differs' "$dir/err" || fail "it is not said what does not repeat"
expect_status 0 --exact --json "$(copies "$dir/before/t.xen" 2 y)" "$(copies "$dir/before/t.xen" 2 z)"
expect "kind" "$(said .kind)" exact

# Twelve pairs that all say so are enough. Eight are not, among so many metrics.
before=$(copies "$dir/before/t.xen" 12 p) after=$(copies "$dir/after/t.xen" 12 p)
expect_status 1 --json "$before" "$after"
expect "regressed in pairs" "$(said '[.rows[] | select(.regressed) | .metric] | join(",")')" hold
expect "other allocations" "$(said '.rows[] | select(.metric == "install").verdict')" EQUIVALENT
expect_status 0 --json "$(cut -d, -f1-8 <<<"$before")" "$(cut -d, -f1-8 <<<"$after")"
expect "pairs that are needed" "$(said '.rows[] | select(.metric == "hold" and .labels.site == "alloc").pairs_needed')" 9
expect_status 0 --delta 1000 "$before" "$after"

# Losses and damage decide nothing; damage is told by the status.
expect_status 0 --exact --json $data/claims.xen $data/lossy.xen
expect "gated rows of a lossy trace" "$(said '[.rows[] | select(.gated)] | length')" 0
grep -q 'lossy.xen: [0-9]* records lost: not gated' "$dir/err" || fail "losses: not told"
head -c 1000 $data/claims.xen >"$dir/cut.xen"
expect_status 1 --exact --json $data/claims.xen "$dir/cut.xen"
expect "gated rows of a damaged trace" "$(said '[.rows[] | select(.gated)] | length')" 0

refused "two traces are needed" "$trace" diff $data/claims.xen
refused "no pairs" "$trace" diff $data/claims.xen,$data/claims.xen $data/claims.xen
refused "is given twice" "$trace" diff $data/claims.xen,$data/lossy.xen $data/claims.xen,$dir/cut.xen
ln -s "$PWD/$data/claims.xen" "$dir/link.xen"
refused "is given twice" "$trace" diff $data/claims.xen,$dir/link.xen $data/lossy.xen,$dir/cut.xen
refused "claimperf trace diff: $dir/absent: No such" "$trace" diff $data/claims.xen "$dir/absent"
refused "as well" "$trace" diff $data/claims.xen $data/claims.xen $data/claims.xen
refused "exclude each other" "$trace" diff --exact --noisy $data/claims.xen $data/claims.xen
refused "there is no 'sites'" "$trace" diff --by sites $data/claims.xen $data/claims.xen
refused "a name is missing" "$trace" diff --by site, $data/claims.xen $data/claims.xen
refused "--delta 0" "$trace" diff --delta 0 $data/claims.xen $data/claims.xen
refused "is empty" "$trace" diff $data/claims.xen,,$data/claims.xen $data/claims.xen,$data/claims.xen
list() { printf "$1%.0s," {1..12} | sed 's/,$//'; }
refused "at most 24" "$trace" diff "$(list x),$(list x),x" x
refused "not a trace file" "$trace" diff $data/claims.xen "$0"
refused "there is no 'x'" "$trace" summary --tables hold,x $data/claims.xen
refused "'elephant'" "$trace" summary --events elephant $data/claims.xen
refused "--top 33" "$trace" summary --top 33 $data/claims.xen
refused "claimperf trace summary: a FILE is needed" "$trace" summary
refused "claimperf trace: 'elephant' is not a command" "$trace" elephant
echo "diffs of exact, noisy and paired traces are as expected"
