#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bench/gbench.h on cases of known results: what it reports, every option of the library, sanitizers, and what the API
# costs, in instructions.
# timeout: 400
set -euo pipefail

build=$(readlink -f "${CLAIMPERF_BUILD:-build}")
program=$build/bin/gbench-cases
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
used=' '
unset "${!BENCHMARK_@}"

fail() { echo "FAILED: $*"; failed=1; }

# run STATUS FILTER OPTION...: what is printed goes to $dir/out and $dir/err
run() {
	local wanted=$1 filter=$2 status=0 option
	shift 2
	for option in --benchmark_filter="$filter" "$@"; do
		option=${option%%=*}
		used="$used$option "
	done
	timeout 60 "$program" --benchmark_filter="$filter" "$@" >"$dir/out" 2>"$dir/err" || status=$?
	[ $status = "$wanted" ] || fail "$filter $*: status $status, not $wanted: $(tail -n 3 "$dir/err")"
}

json() { run "$1" "$2" --benchmark_format=json "${@:3}"; }

# expect WHAT JQ: the condition holds for the last output; "get" is the one benchmark of a name, "near" up to rounding.
expect() {
	jq -e 'def get(n): [.benchmarks[] | select(.name == n)] | if length == 1 then .[0] else error(n) end;
		def near(a; b): ((a - b) * 1e6 | fabs) <= (b | fabs);
		'"$2" "$dir/out" >/dev/null 2>"$dir/why" || {
		fail "$1: not $2 $(cat "$dir/why")"
		head -n 60 "$dir/out" | sed 's/^/	/'
	}
}

says() { grep -q -- "$2" "$dir/$1" || fail "$3: '$2' is not in $dir/$1: $(head -n 5 "$dir/$1")"; }

check_results() {
	json 0 '^args'
	expect names '[.benchmarks[].name] == ["args/order:9/nodes:4/iterations:10/manual_time",
		"args/order:3/nodes:-1/iterations:10/manual_time"]'
	expect 'arguments, label' '[.benchmarks[] | [.product, .label]] == [[36, "orders"], [-3, "negative"]]'
	expect 'manual time' '[.benchmarks[].real_time] | near(.[0]; 9) and near(.[1]; 3)'
	expect context '.context.host == "sixty-four nodes"'

	json 0 '^counters' --benchmark_min_time=0.001
	expect 'all iterations' '.benchmarks[0].missed == 0'
	expect counters '.benchmarks[0] | .plain == 6 and .average == 3 and .times == 2 * .iterations'
	expect rates '.benchmarks[0] | near(.rate * .iterations; 6 * .items_per_second) and
		near(.items_per_second * .cpu_time; 1e9)'

	json 0 '^threads' --benchmark_min_time=0.001
	expect threads '[.benchmarks[].threads] == [1, 2, 4]'
	expect 'thread names' 'all(.benchmarks[]; .name == "threads/real_time/threads:\(.threads)")'
	expect 'sums and averages' 'all(.benchmarks[];
		.threads as $n | .sum == $n and .indices == $n * ($n - 1) / 2 and .average == $n)'
	expect 'items of all threads by real time' 'all(.benchmarks[]; near(.items_per_second * .real_time; 1e9))'
	expect 'setups and teardowns' 'all(.benchmarks[]; .unbalanced == 0)'

	json 0 '^paused'
	expect 'pauses are not timed' '.benchmarks[0] | .real_time > 0 and .iterations == 3 and
		.asleep_ns >= 60e6 and .real_time * .iterations + .asleep_ns <= .all_ns'

	json 0 '^fixed'
	expect 'iterations, repetitions and unit' '[.benchmarks[] | select(.run_type == "iteration")] |
		length == 3 and all(.[]; .name == "fixed/iterations:7/repeats:3" and .iterations == 7 and
		.repetitions == 3 and .time_unit == "ms")'
	json 0 '^long' --benchmark_min_time=0.001
	expect 'minimum time' 'get("long/min_time:0.500/manual_time").iterations >= 500000'
}

check_failures() {
	json 1 '^fail/|^args' --benchmark_min_time=0.001
	expect failures '[.benchmarks[] | select(.error_occurred) | [.name, .error_message]] == [
		["fail/before", "failed before"],
		["fail/inside/threads:1", "failed inside"], ["fail/inside/threads:3", "failed inside"],
		["fail/setup/threads:1", "failed in setup"], ["fail/setup/threads:3", "failed in setup"],
		["fail/never/threads:1", "run() did not loop"], ["fail/never/threads:2", "run() did not loop"],
		["fail/early", "run() left its loop early"], ["fail/twice", "run() looped twice"]]'
	expect 'the others run' '[.benchmarks[] | select(.error_occurred | not)] | length == 2'
}

check_refusals() {
	run 2 '^nothing$'
	run 2 '('
	run 2 '^args' --benchmark_filters=args
	says err 'unrecognized.*--benchmark_filters=args' 'an unknown option'
	run 2 '^args' --benchmark_min_time=long
	says err '"long"' 'a bad number'
	run 2 '^args' stray
	says err 'stray' 'an argument'
	for option in format out_format time_unit; do
		run 2 '^args' --benchmark_$option=bad
		says err "--benchmark_$option" "a bad $option"
		[ ! -s "$dir/out" ] || fail "a bad $option prints help"
	done
}

# turns OPTION...: sets $order to "a b b ..", as the runs of two cases took place
turns() {
	json 0 '^turns' --benchmark_min_time=0.000001 --benchmark_repetitions=20 "$@"
	expect 'interleaving leaves the results' '[.benchmarks[] | select(.run_type == "iteration")] |
		length == 40 and all(.[]; near(.real_time; 1000)) and
		(group_by(.name) | map(map(.repetition_index)) == [[range(20)], [range(20)]])'
	order=$(jq -r '[.benchmarks[] | select(.run_type == "iteration")] | sort_by(.turn)[].name[6:7]' "$dir/out" | xargs)
}

# Each option of --help that asks for output is seen to change it.
check_options() {
	local a b order
	run 0 '^args' --benchmark_list_tests=true
	[ "$(wc -l <"$dir/out")" = 2 ] || fail "a list of two"
	says out '^args/order:9/nodes:4/iterations:10/manual_time$' listing
	a=$(printf 'a %.0s' {1..20}) b=$(printf 'b %.0s' {1..20})
	turns
	[ "$order" = "$a${b% }" ] || fail "without interleaving, cases run in order"
	turns --benchmark_enable_random_interleaving=true
	[ "$order" != "$a${b% }" ] || fail "interleaving"

	json 0 '^args' --benchmark_repetitions=4 --benchmark_report_aggregates_only=true
	expect 'aggregates only' '[.benchmarks[] | .run_type + .aggregate_name] | length == 8 and
		unique == ["aggregatecv", "aggregatemean", "aggregatemedian", "aggregatestddev"]'
	run 0 '^args' --benchmark_repetitions=4 --benchmark_display_aggregates_only=true \
		--benchmark_out="$dir/file" --benchmark_out_format=json
	! grep -q 'manual_time  ' "$dir/out" || fail "repetitions are displayed"
	[ "$(jq '.benchmarks | length' "$dir/file")" = 16 ] || fail "16 results in a file"
	run 0 '^args' --benchmark_format=csv
	says out '^name,iterations,real_time,cpu_time,time_unit,.*,"product"$' CSV
	run 0 '^args' --benchmark_out="$dir/file" --benchmark_out_format=csv
	grep -q '^name,iterations' "$dir/file" || fail "a file in CSV"
	run 0 '^args' --benchmark_out="$dir/file" --benchmark_out_format=console
	grep -q '^args.*product=36 orders' "$dir/file" || fail "a file for people"
	run 0 '^args' --benchmark_color=true
	says out $'\e\\[' 'colours'
	run 0 '^args' --benchmark_color=false
	! grep -q $'\e' "$dir/out" || fail "no colours"
	run 0 '^args' --benchmark_counters_tabular=true
	says out 'Iterations  *product$' 'a column of a counter'
	json 0 '^args' --benchmark_context=variant=claims,nodes=64
	expect 'context of the command line' '.context | .variant == "claims" and .nodes == "64"'
	json 0 '^turns/a' --benchmark_time_unit=us --benchmark_min_time=0.01
	expect 'unit, minimum time' '.benchmarks[0] | .time_unit == "us" and near(.real_time; 1) and .iterations >= 10000'
	json 0 '^fixed' --benchmark_time_unit=us
	expect 'a unit of its own' '.benchmarks[0].time_unit == "ms"'
	# A warm-up calls run() until it has lasted as long: the turn reported is a later one.
	json 0 '^turns/a' --benchmark_min_time=0.000001
	a=$(jq '.benchmarks[0].turn' "$dir/out")
	json 0 '^turns/a' --benchmark_min_time=0.000001 --benchmark_min_warmup_time=0.000005
	b=$(jq '.benchmarks[0].turn' "$dir/out")
	[ "$a" -lt "$b" ] || fail "a warm-up calls run(): $b calls instead of $a"
	run 0 '^args' --v=3
	says err 'Ran in' 'verbosity'
	# Not in Debian's build, so not in its help: it measures nothing there, and disturbs nothing.
	json 0 '^args' --benchmark_perf_counters=CYCLES
	expect 'counters of the processor' '.benchmarks | length == 2'

	"$program" --help >"$dir/out" || fail "--help"
	for a in $(grep -o -- '--[a-z_]*' "$dir/out"); do
		[[ $used == *" $a "* ]] || fail "$a of --help is not tried"
	done
	[ "$(grep -c -- '--benchmark' "$dir/out")" -ge 15 ] || fail "--help lacks options"
}

# count BODY SIDE ITERATIONS: the instructions of the whole program
count() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" --calibrate "$3" \
		--benchmark_filter="^calibrate/$1/$2(/|\$)" 2>&1 >/dev/null |
		sed -n 's/^==[0-9]*== Collected : //p'
}

# What N more iterations add is N iterations' cost; the rest of the program does the same.
check_cost() {
	local body most side n=20000 few many cost
	while read -r body most; do
		for side in native api; do
			few=$(count "$body" $side $n)
			many=$(count "$body" $side $((11 * n)))
			cost[${#side}]=$(((many - few) / (n / 10)))
		done
		echo "# $body: hundredths of instructions per iteration: ${cost[6]} in C++, ${cost[3]} in C"
		[ "${cost[6]}" -ge 100 ] || fail "$body in C++ does not loop"
		[ $((cost[3] - cost[6])) -le $((most * 100 + 10)) ] || fail "$body costs more than $most instructions"
	done <<-END
		empty 0
		barrier 0
		time 0
		pause 12
	END
}

check_results
check_failures
check_refusals
check_options
check_cost
for sanitizers in address,undefined thread; do
	make -s BUILD="$build/gbench-$sanitizers" SAN=$sanitizers "$build/gbench-$sanitizers/bin/gbench-cases"
	program=$build/gbench-$sanitizers/bin/gbench-cases
	check_results
	check_failures
done
exit $failed
