#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf scenario: pairs in the order of the seed, one result per side that compare reads, nothing where one fails.
# timeout: 300
set -euo pipefail
cd "$(dirname "$0")/.."

claimperf=$PWD/scripts/claimperf
program=${CLAIMPERF_BUILD:-$PWD/build}/bin/claimperf-scenario
patch=$PWD/tests/data/patches/nop.patch
tiny="--nodes 2 --memory 64M --size 64M --repeat 1 --runs 3"
real=$(command -v hyperfine) || { echo "hyperfine is missing"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
failures=0

complain() { echo "FAILED: $*"; failures=$((failures + 1)); }

# A hyperfine that notes what it ran: library, scenario, time. Call FAIL_AT is made to fail.
mkdir bin
cat >bin/hyperfine <<END
#!/bin/bash
[ "\$1" != --version ] || exec "$real" --version
export=\$(printf '%s\n' "\$@" | sed -n '/^--export-json$/{n;p}')
[ "\$(wc -l <"$dir/calls")" != "\${FAIL_AT-none}" ] || set -- "\${@:1:\$#-1}" false
"$real" "\$@" || exit
sed -n 's/.*--heap=\([^ ]*\).* \([a-z][a-z]*\) *$/\1 \2/p' <<<"\${*: -1}" | tr '\n' ' ' >>"$dir/calls"
jq '.results[0].times[0]' "\$export" >>"$dir/calls"
END
chmod +x bin/hyperfine
PATH=$dir/bin:$PATH

# run STATUS TEXT ARG…: claimperf scenario ARG… exits with STATUS and says TEXT.
run() {
	local wanted=$1 text=$2 status=0
	shift 2
	: >calls
	# shellcheck disable=SC2086 # a list of options
	"$claimperf" scenario "$@" >said 2>&1 || status=$?
	[ $status = "$wanted" ] && grep -qF -- "$text" said && return
	complain "scenario $*: exit $status; expected $wanted and '$text' in:"
	head -n 20 said
}

# Which side came first in the pairs of scenario $1, the warm-up left out: a string of 0 and 1, 1 for AFTER.
order_of() {
	awk -v name="$1" -v after="/claims-" '$2 == name { side[n++] = index($1, after) > 0 }
		END { for (i = 2; i < n; i += 2) printf "%s", side[i] == side[i + 1] ? "?" : side[i] }' calls
}

# The times of scenario $2 on side $1, baseline or claims, without the warm-up.
times_of() {
	awk -v side="/$1-" -v name="$2" '$2 == name && index($1, side) && n++ { print $3 }' calls | jq -sc .
}

# shellcheck disable=SC2086 # a list of options, in all that follows
run 0 "3 pairs, seed 7" baseline claims $tiny --scenario build --scenario start --seed 7 --out out
[ "$(wc -l <calls)" = 16 ] || complain "not two scenarios on two sides, 1 + 3 times each: $(cat calls)"
cp calls heaps
for name in build start; do
	order=$(order_of $name)
	[[ $order =~ ^[01]{3}$ ]] || complain "$name: not in pairs: $order"
	for side in baseline claims; do
		jq -e --arg name "scenario/$name" --arg order "$order" --argjson times "$(times_of $side $name)" '
			(.context.claimperf.plan | .seed == "7" and .runs == 3 and .after_first[$name[9:]] == $order) and
			(.results | length) == 2 and (.results[] | select(.command == $name) |
			.times == $times and .exit_codes == [0, 0, 0] and .min == ($times | min) and .max == ($times | max) and
			.median == ($times | sort)[1] and (.mean * 3 - ($times | add) | fabs) < 1e-9 and
			.stddev > 0 and .user >= 0 and .system >= 0)' out/$side-scenario.json >/dev/null ||
			complain "$side, $name, order $order, times $(times_of $side $name): not so in the result"
		jq -e --arg side $side '.context.claimperf | .hypervisor.variant == $side and .nodes == 2 and
			.host.node_memory == "64M" and .scenario.size == "64M" and (.tools.hyperfine | startswith("hyperfine "))' \
			out/$side-scenario.json >/dev/null || complain "$side: not the fingerprint"
	done
done
"$claimperf" compare out/baseline-scenario.json out/claims-scenario.json >said || complain "compare: exit $?"
grep -q '^scenario/build .* INCONCLUSIVE, [+-].* %.*, q .*, 8 pairs are the least.*, means of pairs, ns$' said || complain "compare: $(cat said)"
grep -q 'hypervisor.variant: baseline -> claims' said || complain "compare: no difference in the fingerprint"

# The order is the seed's, whatever else runs.
first=$(order_of build)
run 0 "3 pairs, seed 7" baseline claims $tiny --scenario build --seed 7 --out again
[ "$(order_of build)" = "$first" ] || complain "the same seed: $(order_of build), not $first"
run 0 "12 pairs, seed 8" baseline claims $tiny --runs 12 --scenario start --seed 8 --out again
eight=$(order_of start)
status=0
"$claimperf" compare again/baseline-scenario.json again/claims-scenario.json --json >said || status=$?
jq -e --argjson status $status '.cases[0] | .paired.pairs == 12 and .paired.q <= 1 and
	(.verdict == "REGRESSED") == ($status == 1)' said >/dev/null || complain "12 pairs, exit $status: $(cat said)"
run 0 "12 pairs, seed 9" baseline claims $tiny --runs 12 --scenario start --seed=9 --out again
[ "$eight" != "$(order_of start)" ] || complain "seeds 8 and 9: both $eight"
[[ $eight == *0* && $eight == *1* ]] || complain "seed 8: always the same side first, $eight"
"$claimperf" compare out/baseline-scenario.json again/baseline-scenario.json >said 2>&1 &&
	complain "compare takes results of other seeds for the same"
grep -qF 'context.claimperf.plan.seed: ' said || complain "compare: $(cat said)"

# Names of results: twice the same variant, a patch.
run 0 "same/claims-again-scenario.json" claims claims $tiny --scenario start --out same
run 0 "same/claims+patch-scenario.json" claims claims $tiny --scenario start --patch-after "$patch" --out same
jq -e '.context.claimperf.hypervisor.extra_patches == 1' same/claims+patch-scenario.json >/dev/null ||
	complain "not patched"

# Scenarios of a file in pairs: each group is judged; a single variant has no pairs.
echo '{"about": "Three.", "groups": [{"name": "guests", "domains": 3, "memory": 1, "nodes": 0}]}' >three.json
play() { "$claimperf" scenario run three.json --target host --nodes 2 --memory 64M --out three "$@" >said 2>&1 || complain "three: $(cat said)"; }
play --variant baseline --variant claims --runs 8
"$claimperf" compare three/baseline-three.json three/claims-three.json --json >said || [ $? = 1 ] || complain "three: $(cat said)"
jq -e '[.cases[] | .paired.pairs == 8 and (.paired.interval | length) == 2] == [true, true, true, true]' said >/dev/null ||
	complain "three: not in pairs: $(cat said)"
play --variant claims
jq -e --arg name "$(uname -n)" '.context | .pairs == null and .host_name == $name' three/claims-three.json >/dev/null || complain "one variant in pairs, or no host"

# A builder that waits for another try looks after its other domains: who is refused finds room once they have left.
cat >waits.json <<'END'
{"about": "Only one fits.", "groups": [{"name": "first", "domains": 1, "memory": 0.9, "nodes": 0, "lives_ms": 50},
	{"name": "second", "domains": 1, "memory": 0.9, "nodes": 0, "elsewhere": false, "tries": 2, "backoff_ms": 100, "lives_ms": 0}]}
END
"$claimperf" scenario run waits.json --target host --nodes 2 --memory 64M --out waits >said 2>&1 || complain "waits: $(cat said)"
jq -e '.runs[0] | .builders == 1 and .groups[1].tries == 2 and .groups[1].outcomes == {"built": 1} and .groups[1].refusals[0].count == 1 and
	(.builds[1] | .end_ns - .start_ns >= 1e8)' waits/claims-waits.json >/dev/null || complain "waits: not such a result"

# Who was refused, and who only holds what it claimed before the clock started, has no latency: not 0 ms.
cat >none.json <<'END'
{"about": "The second finds no room.", "groups": [{"name": "a-group-with-a-long-name", "domains": 1, "memory": 0.9, "nodes": 0},
	{"name": "late", "domains": 1, "memory": 0.9, "nodes": 0, "elsewhere": false, "start_ms": 1},
	{"name": "holder", "role": "holder", "domains": 1, "memory": 0.5, "nodes": 1, "ahead": "claim"}]}
END
"$claimperf" scenario run none.json --target host --nodes 2 --memory 64M --out none >said 2>&1 || complain "none: $(cat said)"
jq -e '[.runs[0].groups[] | (.latency_ns | type), (.from_start_ns | type)] == ["object", "object", "null", "null", "null", "null"] and
	([.results[].command | split("/")[2]] | unique) == ["a-group-with-a-long-name"]' none/claims-none.json >/dev/null ||
	complain "none: not such a result"
grep -qE '^late +guest +[a-z-]+ +1 +0 +1 +1 +0.00%( +-){6}$' said && grep -qE '^holder +holder .* 0.00%( +-){6}$' said &&
	grep -qE '^a-group-with-a-long-name guest .*[0-9.]+$' said && grep -qF 'CPU time of this process' said || complain "none: $(cat said)"

# What is refused, and in whose name; before anything is built or played.
echo '{"about": "x", "seeds": 1}' >bad.json
cp three.json Three_.json
says() {
	run 2 "claimperf scenario $1" "${@:2}"
	[ ! -e refused ] || complain "refused, and $(ls -d refused) is there"
}
host="--target host --out refused"
says "run: $PWD/bad.json:1: seeds: there is no such key" run bad.json $host
says "run: $PWD/Three_.json: a scenario has the name of its file" run Three_.json $host
says "run: --builders $(($(nproc) + 1)): who waits for heap_lock spins" run three.json $host --builders $(($(nproc) + 1))
says "run: --nodes 0: not a number from 1 to 64" run three.json $host --nodes 0
says "run: --nodes 17: not a number from 1 to 16" run three.json --nodes 17
says "run: --runs 1001: not a number from 1 to 1000" run three.json --runs 1001
says "run: --memory 3G: not a power of two" run three.json $host --memory 3G
says "run: --target : neither lab, dom0 nor host" run three.json --target ''
says "run: --patch-after none.patch: cannot read it" run three.json $host --patch-after none.patch
says "run: --cpus is not for --target host" run three.json $host --cpus 2
says "run: --out bad.json: cannot make it: File exists" run three.json --target host --out bad.json
says "run: --out /proc/none: cannot make it: No such" run three.json --target host --out /proc/none
says "list: 'odd' is one word too many" list odd

# All that there are come to an end with one builder, within their limits or not.
for file in "${claimperf%/*}"/../bench/scenarios/*.json; do
	status=0
	timeout 60 "${program}-host" --heap "$(awk '/claims-/ { print $1; exit }' heaps)" --nodes 4 --memory 256M "$file" >said 2>&1 || status=$?
	[ $status -le 1 ] || complain "$file: exit $status: $(cat said)"
done

# Neither a signal nor the end of its time has to wait for a scenario.
echo '{"about": "Waits.", "groups": [{"name": "late", "domains": 1, "memory": 0.5, "start_ms": 600000}]}' >late.json
run 2 "not done after 1 s" run late.json --target host --memory 64M --timeout 1 --out late
"$claimperf" scenario run late.json --target host --memory 64M --out late >said 2>&1 &
pid=$!
while ! pgrep -f "^$(dirname "$program")/claimperf-scenario-host --heap=.*late.json" >played && kill -0 $pid 2>/dev/null; do sleep 0.1; done
kill $pid
status=0
wait $pid || status=$?
[ $status = 2 ] && [ -z "$(ls -A late)" ] && grep -qF "stopped; nothing was written" said || complain "stopped: exit $status, $(ls -A late), $(cat said)"
! kill -0 "$(cat played)" 2>/dev/null || complain "stopped, and it goes on"

# What hyperfine writes by itself.
"$real" -N -w 1 --runs 3 --export-json plain.json true 'sleep 0.001' >/dev/null 2>&1
"$claimperf" compare plain.json plain.json >said 2>&1 || complain "compare of plain exports: exit $?"
grep -qF 'plain.json: no fingerprint is known' said || complain "plain exports: $(cat said)"
grep -q '^sleep 0.001 .* INCONCLUSIVE' said || complain "plain exports: $(cat said)"
"$real" -N -i --runs 2 --export-json failed.json -n true false >/dev/null 2>&1
"$claimperf" compare plain.json failed.json >said 2>&1 && complain "compare takes failed runs for good ones"
grep -q '^true .*lost: run 0 ended with exit code 1, FAILS' said || complain "failed runs: $(cat said)"

# Garbage.
run 2 "two variants are needed" baseline
run 2 "two variants are needed" baseline claims claims
run 2 "unknown option '--odd'" baseline claims --odd 1
run 2 "lacks its value" baseline claims --runs
run 2 "--runs 0: not a number" baseline claims --runs 0
run 2 "--seed x: not a number" baseline claims --seed x
run 2 "--nodes 65: not a number" baseline claims --nodes 65
run 2 "--nodes 0x2, --repeat 4: not decimal" baseline claims --nodes 0x2
run 2 "--memory 3G: not a power" baseline claims --memory 3G
run 2 "--history odd: neither" baseline claims --history odd
run 2 "--size 1K: not a size" baseline claims --size 1K
run 2 "--claim odd: neither" baseline claims --claim odd
run 2 "--scenario odd: none of build many storm start" baseline claims --scenario odd
run 2 "one is named twice" baseline claims --scenario start --scenario start
run 2 "'odd' is neither" odd claims $tiny
run 2 "claimperf scenario: --patch-after none.patch: cannot read it" baseline claims --patch-after none.patch
[ ! -s calls ] || complain "garbage, and something was timed"

run 0 "1 pairs" baseline claims $tiny --runs 1 --scenario start --out "a folder"
[ "$(echo "a folder"/*)" = "a folder/baseline-scenario.json a folder/claims-scenario.json" ] || complain "in a folder: $(ls -A "a folder")"

# A scenario that fails: no result, and those of before stay.
run 2 "claim: Cannot allocate memory" baseline baseline $tiny --memory 16M --scenario build --out fails
grep -qF "build fails on baseline" said || complain "which one fails? $(cat said)"
run 2 "no claim sets" baseline claims $tiny --claim set --scenario build --out fails
FAIL_AT=5 run 2 "start fails on " baseline claims $tiny --scenario start --out fails
[ "$(wc -l <calls)" = 5 ] || complain "it did not fail in the third pair"
[ -z "$(ls -A fails)" ] || complain "left by what failed: $(ls -A fails)"
cp -r out kept
FAIL_AT=5 run 2 "nothing was written" baseline claims $tiny --scenario start --out out
diff -r out kept || complain "a failure changed the results of before"

# Stopped by a signal.
: >calls
"$claimperf" scenario baseline claims $tiny --runs 1000 --scenario start --out out >said 2>&1 &
pid=$!
while [ "$(wc -l <calls)" -le 4 ] && kill -0 $pid 2>/dev/null; do sleep 0.1; done
kill $pid
status=0
wait $pid || status=$?
[ $status = 2 ] || complain "stopped: exit $status"
grep -qF "stopped; nothing was written" said || complain "stopped: $(cat said)"
diff -r out kept || complain "a signal changed the results of before"

# Each scenario checks its own work, under each kind of claim.
for variant in baseline claims; do
	heap=$(awk -v side="/$variant-" 'index($1, side) { print $1; exit }' calls)
	for name in build many storm start; do
		for claim in none legacy set best; do
			status=0 wanted=0
			[ $variant-$claim != baseline-set ] || wanted=2
			"$program" --heap "$heap" --nodes 2 --memory 64M --size 65M --claim $claim $name >said 2>&1 || status=$?
			[ $status = $wanted ] || complain "$name, $claim on $variant: exit $status: $(cat said)"
			[ $wanted = 2 ] || [ ! -s said ] || complain "$name prints: $(cat said)"
		done
	done
done
status=0
"$program" --heap "$heap" --nodes 2 --memory 64M --size 256M --claim none build >said 2>&1 || status=$?
[ $status = 1 ] && grep -qF "extents of order 9" said || complain "a node too small: exit $status: $(cat said)"

[ $failures = 0 ] || exit 1
echo "all as expected"
