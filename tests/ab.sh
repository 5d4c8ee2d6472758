#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf ab: pairs in the seed's order and in layouts of their own, A/A first; whatever kills it, nothing is measured
# twice or lost; a study that compare judges. With programs that invent times, then once on a real heap.
# timeout: 300
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
build=$(readlink -f "$build")
case=populate/order:0/node:any/claim:none

# A suite whose builds and boots are invented. A heap is a file that says what it is: SIDE LAYOUT.
export FAKE=$dir/suite REAL=$build/bin/claimperf-hostbench
mkdir -p "$FAKE/scripts/host" "$FAKE/scripts/lab" "$FAKE/bin"
cp scripts/ab scripts/{pairs,command}.sh "$FAKE/scripts"
ln -s "$build/bin/claimperf-compare" "$FAKE/bin"
cat >"$FAKE/build" <<'END'
#!/bin/bash
# VARIANT [--tree DIR [--commit REV]] [--patch FILE]...: prints the path of what it pretends to have built; a tree's name is its side.
[ "$1" != odd ] || exit 2
[ "${2-}" != --tree ] || { tree=${3##*/}; set -- "$1" "${@:4}"; }
[ "${2-}" != --commit ] || { tree+=-$3; set -- "$1" "${@:4}"; }
folder=$FAKE/built/${tree:+$tree-}$1
[ $# = 1 ] || folder+=-$(cat "${@: -1}" | sha256sum | cut -c1-8)
mkdir -p "$folder/objects" "$folder/tree/xen/common"
printf 'one\ntwo\nthree\n' >"$folder/tree/xen/common/page_alloc.c"
echo "${tree:-$1}" >"$folder/objects/side"
echo "{\"variant\": \"$1\", \"key\": \"$(basename "$folder") $(cat "$FAKE/salt" 2>/dev/null)\"}" >"$folder/fingerprint.json"
echo "$folder/heap"
END
cat >"$FAKE/scripts/host/link" <<'END'
#!/bin/sh
echo "$(cat "$1/side") $2" >"$3"
END
# 800 ns of a baseline, 880 of claims, and what the layout adds: 0 to 1 %. A tick is 0.5 ns; 4 operations a sample, two samples.
cat >"$FAKE/bin/claimperf-hostbench" <<'END'
#!/bin/bash
case " $* " in *" --plan "*) exec "$REAL" "$@" ;; esac
for word; do case $word in --heap=*) heap=${word#*=} ;; --out=*) out=${word#*=} ;; esac; done
read -r side layout <"$heap"
echo "$side $layout" >>"$FAKE/calls"
n=$(wc -l <"$FAKE/calls")
[ "$n" != "${KILL_AT-}" ] || { kill -9 $PPID; exit 2; }
[ "$n" != "${FAIL_AT-}" ] || { echo "claimperf-hostbench: no luck"; exit 2; }
[ "$n" != "${SLEEP_AT-}" ] || { touch "$FAKE/asleep"; exec sleep 60; }
ns=$((layout % 8 + 800))
[[ $side != claims && $side != newer* ]] || ns=$((ns + 80))
[[ $side != newer* ]] || why=', "error_message": "it lacks that"'
cat >"$out/bench.json" <<JSON
{"context": {"claimperf": {"dialect": "$side"}}, "benchmarks": [
 {"name": "populate/order:0/node:any/claim:none", "real_time": $ns,
  "claimperf": {"per": "extent", "ops": 4, "value": $((ns * 2)), "samples": [$((ns * 8)), $((ns * 8 + 8))]}},
 {"name": "skipped", "error_occurred": true${why-}, "claimperf": {"per": "call", "skipped": true}}]}
JSON
END
cat >"$FAKE/bin/claimperf-lab-exec" <<'END'
#!/bin/bash
for word; do case $word in --image=*) image=${word#*=} ;; --out=*) out=${word#*=} ;; esac; done
[[ " $* " == *" --parallel "*" -- "*" --disposable "* ]] || exit 2
echo "$(basename "$(dirname "$image")" | cut -d- -f1) 1" >"$out/heap"
echo '{"mode": "parallel", "kernel": "6.1", "hypervisor": {}}' >"$out/fingerprint.json"
exec "$FAKE/bin/claimperf-hostbench" --heap="$out/heap" --out="$out"
END
chmod +x "$FAKE/build" "$FAKE/scripts/host/link" "$FAKE"/bin/claimperf-{hostbench,lab-exec}
ln -s claimperf-hostbench "$FAKE/bin/claimperf-dombench"
ln -s "$FAKE/build" "$FAKE/scripts/host/build"
ln -s "$FAKE/build" "$FAKE/scripts/lab/build"

invented() { CLAIMPERF_ROOT=$FAKE CLAIMPERF_BUILD=$FAKE exec "$FAKE/scripts/ab" "$@"; }

# run STATUS TEXT ARG…: claimperf ab ARG…, on inventions, exits with STATUS and says TEXT.
run() {
	local wanted=$1 text=$2 status=0
	shift 2
	(invented "$@") >"$dir/said" 2>&1 || status=$?
	[ $status = "$wanted" ] && grep -qF -- "$text" "$dir/said" && return
	cat "$dir/said"
	fail "ab $*: exit $status; expected $wanted and '$text'"
}

forget_calls() { : >"$FAKE/calls"; }
calls() { wc -l <"$FAKE/calls"; }
holds() { jq -e "$1" "$2" >/dev/null || fail "not so: $1 in $2"; }

echo "plan"
args=(baseline claims --pairs 8 --filter "^$case\$" --seed 7)
forget_calls
run 1 " REGRESSED +9." "${args[@]}" --out "$dir/whole"
grep -q "^skipped .* no pair of boots came to something" "$dir/said" || { cat "$dir/said"; fail "a skipped case"; }
expect "boots" "$(calls)" 32
expect "different layouts" "$(sort -u "$FAKE/calls" | wc -l)" 32
expect "sides of A/A" "$(head -n 16 "$FAKE/calls" | cut -d' ' -f1 | sort -u)" baseline
order=$(tail -n 16 "$FAKE/calls" | awk 'NR % 2 { printf "%d", $1 == "claims" }')
[[ $order == *0* && $order == *1* ]] || fail "always the same side first: $order"
holds ".order == \"$order\" and .seed == 7 and (.layouts | map(length) == [8, 8, 8, 8])" "$dir/whole/plan.json"
# The first A/A pair, as it was measured and as it is in the study.
first=$(jq -r 'if .aa.order[0:1] == "0" then .aa.layouts.aa_before[0] else .aa.layouts.aa_after[0] end' "$dir/whole/study.json")
expect "the first boot" "$(head -n 1 "$FAKE/calls")" "baseline $first"
holds '(.metrics | length) == 2 and (.metrics[0] | .unit == "ns" and .primary and
	([.before, .after, .aa_before, .aa_after] | map(length) == [8, 8, 8, 8])) and
	(.before.layouts as $l | [.metrics[0].before[0][] - (800 + $l[0] % 8)] == [0, 1]) and
	(.after.layouts as $l | [.metrics[0].after[7][] - (880 + $l[7] % 8)] == [0, 1]) and
	.metrics[1].after == [range(8) | null] and .after.fingerprint.hypervisor.variant == "claims"' "$dir/whole/study.json"
run 2 "has a study; --resume" "${args[@]}" --out "$dir/whole"
cp "$FAKE/calls" "$dir/once"
run 1 " REGRESSED +9." --resume --out "$dir/whole"
cmp "$FAKE/calls" "$dir/once" || fail "a finished study was measured again"

echo "killed, stopped, failed, and resumed"
forget_calls
KILL_AT=11 run 137 "A/A: pair 6 of 8" "${args[@]}" --out "$dir/killed"
(cd "$dir/killed/boots" && sha256sum -- *) >"$dir/before"
expect "boots that are kept" "$(wc -l <"$dir/before")" 10
FAIL_AT=20 run 2 "claimperf-hostbench: no luck" --resume --out "$dir/killed"
grep -qF "ab --resume --out $dir/killed" "$dir/said" || fail "what now? $(cat "$dir/said")"
(SLEEP_AT=25 invented --resume --out "$dir/killed") >"$dir/stopped" 2>&1 &
pid=$!
for ((i = 0; i < 200; i++)); do [ ! -e "$FAKE/asleep" ] || break; sleep 0.05; done
run 2 "another run is at work there" --resume --out "$dir/killed"
kill $pid
status=0
wait $pid || status=$?
expect "status of a stopped one" $status 2
grep -qF "stopped; claimperf ab --resume" "$dir/stopped" || fail "stopped: $(cat "$dir/stopped")"
run 1 " REGRESSED +9." --resume --out "$dir/killed"
expect "boots: 32, and three that came to nothing" "$(calls)" 35
expect "boots that were repeated" "$(sort "$FAKE/calls" | uniq -d | wc -l)" 3
(cd "$dir/killed/boots" && sha256sum --quiet -c "$dir/before") || fail "what was measured has changed"
study() { jq -S 'del(.date)' "$1/study.json" | sha256sum; }
expect "the study" "$(study "$dir/killed")" "$(study "$dir/whole")"

echo "boots that are damaged"
cp -r "$dir/whole" "$dir/damaged"
boots=$dir/damaged/boots
truncate -s 100 "$boots/before.3.json"
: >"$boots/aa_after.0.json"
cp "$boots/after.1.json" "$boots/after.2.json"
forget_calls
run 1 "$boots/before.3.json: damaged; kept as before.3.json.damaged, and measured once more" --resume --out "$dir/damaged"
expect "boots" "$(calls)" 3
expect "what is kept" "$(cd "$boots" && echo *.damaged)" "aa_after.0.json.damaged after.2.json.damaged before.3.json.damaged"
expect "the study" "$(study "$dir/damaged")" "$(study "$dir/whole")"
truncate -s 100 "$dir/damaged/plan.json"
run 2 "plan.json: not version 1 of a plan, or damaged" --resume --out "$dir/damaged"
! grep -q "^jq" "$dir/said" || fail "jq's own message: $(cat "$dir/said")"

echo "two trees"
mkdir "$dir/older" "$dir/newer"
forget_calls
trees=(--tree-before "$dir/older" --tree-after "$dir/newer" --commit-after HEAD --pairs 8 --filter "^$case\$" --seed 7)
run 1 " REGRESSED +9." "${trees[@]}" --out "$dir/trees"
expect "sides" "$(cut -d' ' -f1 "$FAKE/calls" | sort -u | xargs)" "newer-HEAD older"
expect "boots of the older" "$(grep -c '^older' "$FAKE/calls")" 24
grep -q "^skipped .* after: it lacks that" "$dir/said" || { cat "$dir/said"; fail "what the tree lacks"; }
holds '.variants == ["baseline", "baseline"] and (.trees | map(sub(".*/"; "")) == ["older", "newer"]) and .commits == ["", "HEAD"]' \
	"$dir/trees/plan.json"
rm "$dir/trees/boots/before.3.json"
forget_calls
run 1 " REGRESSED +9." --resume --out "$dir/trees"
expect "boots to go on with" "$(cut -d' ' -f1 "$FAKE/calls" | xargs)" older
run 2 "--commit-before needs the --tree-before" "${trees[@]}" --tree-before "" --commit-before HEAD --out "$dir/no"
run 2 "--tree-after: no such folder" --tree-after "$dir/moon" --out "$dir/no"

echo "another one than before"
rm "$dir/killed/boots/after.7.json"
forget_calls
echo salt >"$FAKE/salt"
run 2 'is another one than it was: ["after","before"]' --resume --out "$dir/killed"
rm "$FAKE/salt"
echo "# other" >>"$FAKE/bin/claimperf-hostbench"
run 2 'is another one than it was: ["program_sha256"]' --resume --out "$dir/killed"
echo '{"plan": 2}' >"$dir/killed/plan.json"
run 2 "plan.json: not version 1" --resume --out "$dir/killed"
expect "boots" "$(calls)" 0

echo "lab"
run 1 " REGRESSED +" baseline claims --pairs 8 --target lab --filter "^$case\$" --seed 7 --patch-after "$0" --out "$dir/lab"
expect "boots" "$(calls)" 32
expect "hypervisors" "$(find "$FAKE/built" -name 'baseline-*' | wc -l) $(find "$FAKE/built" -name 'claims-*' | wc -l)" "4 5"
holds '.layouts | ([.[][]] | unique) == [1, 2, 3, 4] and ([.aa_before, .aa_after] | transpose | map(.[0] != .[1]) | all)' "$dir/lab/plan.json"
holds '.after.fingerprint.lab == {mode: "parallel", kernel: "6.1"}' "$dir/lab/study.json"
cmp "$0" "$dir/lab/after-0.patch" || fail "the patch is not kept"

echo "garbage"
forget_calls
run 2 "two variants are needed" baseline
run 2 "unknown option '--odd'" baseline claims --odd 1
run 2 "lacks its value" baseline claims --pairs
run 2 "--pairs 7: not a number from 8 to 24" baseline claims --pairs 7
run 2 "--pairs 25: not a number from 8 to 24" baseline claims --pairs 25
run 2 "--rounds 1001: not a number" baseline claims --rounds 1001
run 2 "--seed 0x1: not a decimal" baseline claims --seed 0x1
run 2 "--target moon: neither" baseline claims --target moon
run 2 "--nodes 65: not a number" baseline claims --nodes 65
run 2 "--filter nosuch: no case" baseline claims --filter nosuch
run 2 "cases; each needs more pairs" baseline claims --filter populate
run 2 "--filter (: " baseline claims --filter '('
run 2 "none.patch: cannot read it" baseline claims --patch-after none.patch
run 2 "--resume goes with --out only" --resume --pairs 8
run 2 "none: no such folder" --resume --out "$dir/none"
(invented odd claims --filter "^$case\$" --out "$dir/odd") && fail "an odd variant"
[ ! -e "$dir/odd" ] && [ "$(calls)" = 0 ] || fail "garbage, and something was done"

echo "a real heap, whose code lies elsewhere, and is the same"
objects=$(dirname "$(scripts/host/build claims)")/objects
refused "no number of at most 15 digits" scripts/host/link "$objects" -1 "$dir/x.so"
for layout in 0 1 2 3; do scripts/host/link "$objects" $layout "$dir/$layout.so"; done
scripts/host/link "$objects" 1 "$dir/again.so"
cmp "$dir/1.so" "$dir/again.so" || fail "a layout is not always the same"
cmp "$dir/0.so" "$objects/../libheap.so" || fail "layout 0 is not what was built"
# How many different ones there are of field $1 of nm: address or size.
places() {
	for layout in 0 1 2 3; do nm -S "$dir/$layout.so" | awk -v field="$1" '$4 == "alloc_heap_pages" { print $field }'; done |
		sort -u | wc -l
}
expect "addresses of alloc_heap_pages" "$(places 1)" 4
expect "sizes of alloc_heap_pages" "$(places 2)" 1
status=0
scripts/claimperf ab claims claims --pairs 8 --filter '^claim/legacy/install$' --out "$dir/real" >"$dir/said" 2>&1 || status=$?
[ $status -le 1 ] || { cat "$dir/said"; fail "a real heap: exit $status"; }
grep -q '^Equal fingerprints' "$dir/said" || fail "the same twice, in other layouts: $(cat "$dir/said")"
status=0
"$build/bin/claimperf-compare" --json "$dir/real/study.json" >"$dir/json" || status=$?
holds ".metrics[0] | .pairs == 8 and .aa.pairs == 8 and .rounds == 8000 and .before > 1 and .before < 100000 and
	(.verdict == \"REGRESSED\") == ($status == 1)" "$dir/json"
echo "all as expected"
