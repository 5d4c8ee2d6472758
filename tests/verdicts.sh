#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf compare of noisy data: results in pairs, studies of paired boots, their A/A; on invented figures.
# timeout: 60
set -euo pipefail

program=$(readlink -f "${CLAIMPERF_BUILD:-build}/bin/claimperf-compare")
# shellcheck source=tests/common/study.sh
. tests/common/study.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
failures=0

complain() { echo "FAILED: $*"; failures=$((failures + 1)); }

# expect STATUS TEXT ARG…: compare ARG… exits with STATUS and says TEXT.
expect() {
	local wanted=$1 text=$2 status=0
	shift 2
	"$program" "$@" >said 2>&1 || status=$?
	[ "$status" = "$wanted" ] && grep -qF -- "$text" said || complain "compare $*: exit $status; expected $wanted, '$text':
$(head -n 20 said)"
}

also() { grep -qE -- "$1" said || complain "'$1' is missing in: $(cat said)"; }

# side FILE RUN ARM PAIRS FACTOR SEED [NAME]…: a result in the format of hyperfine; each case 0.1 s.
side() {
	local file=$1 run=$2 arm=$3 pairs=$4 factor=$5 seed=$6
	shift 6
	jq -n --arg run "$run" --arg arm "$arm" --argjson pairs "$pairs" --argjson factor "$factor" --argjson seed "$seed" "$noise"'
		{context: {pairs: {study: $run, seed: "7", arm: $arm}, claimperf: {nodes: 1}},
		 results: [$ARGS.positional | to_entries[] | {command: .value,
			times: (noise($seed + 17 * .key; $pairs) | map(0.1 * $factor * .))} | .mean = (.times | add / length)]}' \
		--args -- "$@" >"$file"
}

side b.json one before 12 1 1 build storm
side same.json one after 12 1 5000 build storm
side slow.json one after 12 1.03 5000 build storm
side fast.json one after 12 0.97 5000 build storm
expect 0 "2 EQUIVALENT" b.json same.json
also '^build .* EQUIVALENT, [+-]0\.[0-9]+ % \[-[0-9.]+, \+[0-9.]+\], q [0-9.]+, within 1\.00 %, means of pairs, ns$'
expect 1 "2 REGRESSED, 0 not compared; 2 over budget" b.json slow.json
also '^build .* REGRESSED, \+[23]\.[0-9]+ % \[.*, q 0.000488, .*OVER BUDGET'
expect 0 "2 IMPROVED" b.json fast.json
expect 0 "2 IMPROVED" slow.json b.json
echo '* +5% # a price' >price
expect 0 "2 REGRESSED, 0 not compared; 0 over budget" b.json slow.json --budget price
echo '* +2% # too little' >price
expect 1 "2 over budget" b.json slow.json --budget price
"$program" --json b.json slow.json >said || :
jq -e '.over_budget == 2 and (.cases[0] | .verdict == "REGRESSED" and .direction == "" and (.paired | .pairs == 12 and
	.effect > 0.025 and .interval[0] > 0.02 and .interval90[1] < 0.035 and .q < 0.001 and (.delta - 0.00995 | fabs) < 1e-5))' \
	said >/dev/null || complain "--json: $(cat said)"
jq -e '.cases[] | (.percent / 100 - (.paired.effect | exp - 1) | fabs < 1e-9) and (.delta.num > 0) and
	(.after.value / .before.value / (.paired.effect | exp) - 1 | fabs < 1e-9)' said >/dev/null || complain "a row of two effects: $(cat said)"
cp said first
"$program" --json b.json slow.json >said || :
cmp -s first said || complain "the same results, not the same bytes"

# 3 % of 50 ns are less than 2 ns.
side b50.json one before 12 5e-7 1 build
side slow50.json one after 12 5.15e-7 5000 build
expect 0 "1 EQUIVALENT" b50.json slow50.json

# What is not two sides of one run is not judged; nor is what has too few pairs, or too many.
side other.json two after 12 1.03 5000 build storm
expect 0 "INCONCLUSIVE, noisy data, not in pairs" b.json other.json
expect 0 "INCONCLUSIVE, noisy data, not in pairs" b.json b.json
# Each figure of a row is of the medians, also where the least samples say otherwise.
times() { jq -n '{results: [{command: "build", times: $ARGS.positional | map(tonumber), mean: ($ARGS.positional | map(tonumber) | add / length)}]}' --args "$@"; }
times 0.1 0.2 0.2 >least.json
times 0.11 0.11 0.11 >greater.json
expect 0 "INCONCLUSIVE, noisy data, not in pairs, medians, ns" least.json greater.json
also '^build +200000000\.000 +110000000\.000 +-90000000\.000 +-45\.000 %'
"$program" --json least.json greater.json >said 2>/dev/null
jq -e '.cases[0] | .delta.text == "-90000000.000" and (.percent + 45 | fabs < 1e-9) and .before.value == 2e8 and .after.median == 1.1e8' said >/dev/null ||
	complain "--json of medians: $(cat said)"
side few.json one after 7 1.1 5000 build
side b7.json one before 7 1 1 build
expect 0 "8 pairs are the least" b7.json few.json
side few9.json one after 9 1.1 5000 build
expect 0 "not as many runs on both sides" b7.json few9.json
side many.json one after 30 1.03 5000 build
side b30.json one before 30 1 1 build
expect 0 "INCONCLUSIVE, more than 24 pairs" b30.json many.json
cases=$(seq -f 'case%g' 13)
# shellcheck disable=SC2086 # words
{ side b13.json one before 12 1 1 $cases; side slow13.json one after 12 1.03 5000 $cases; }
expect 1 "12 REGRESSED" b13.json slow13.json
also '^case13 .* INCONCLUSIVE, not among the first 12 cases, \+'

# A/A: where the same source differs by 4 %, 3 % are nothing.
side aa.json three before 12 1 9 build storm
side aa4.json three after 12 1.04 77 build
expect 1 "1 REGRESSED" b.json slow.json --aa aa.json --aa aa4.json
also '^build .* (EQUIVALENT|INCONCLUSIVE), \+'
also '^storm .* REGRESSED, \+'
expect 2 "--aa: aa.json and b.json are not the two sides of one run" b.json slow.json --aa aa.json --aa b.json
expect 2 "--aa: b.json and other.json are not the two sides" b.json other.json --aa aa.json --aa aa4.json
expect 2 "--aa: two results are needed" b.json slow.json --aa aa.json

study 1.03 1
expect 1 "1 REGRESSED, 0 IMPROVED, 1 EQUIVALENT, 0 INCONCLUSIVE" study.json
also '^alloc +[45][0-9.]+ +5[0-9.]+  REGRESSED \+[23]\.[0-9]+ % \[.*, p50 \+.*, p99 \+.*; A/A EQUIVALENT .*; of 2880 rounds'
also 'Differ: hypervisor.variant: baseline -> claims'
cp said first
expect 1 "1 REGRESSED" study.json
cmp -s first said || complain "the same study, not the same bytes"
"$program" --json study.json >said || :
jq -e '.regressed == 1 and (.metrics[0] | .verdict == "REGRESSED" and .pairs == 12 and .aa.verdict == "EQUIVALENT" and
	.quantiles.p90.interval[0] > 0.02 and .rounds == 2880 and .unsteady == 0)' said >/dev/null || complain "--json: $(cat said)"
study 0.97 1
expect 0 "1 IMPROVED" study.json
# Nothing is believed of a host that shows the same where nothing differs.
study 1.03 1.03
expect 0 "INCONCLUSIVE +" study.json
also 'A/A differs where nothing does'
also '; A/A REGRESSED \+'
# A/A that goes both ways shows no difference, and that 1.5 % are none here.
both_ways=' | .metrics[0].aa_after |= (to_entries | map(.key as $boot | .value | map(. * (if $boot % 2 == 0 then 1.03 else 0.97 end))))'
study 1.015 1
expect 1 "1 REGRESSED" study.json
study 1.015 1 "$both_ways"
expect 0 "; A/A INCONCLUSIVE " study.json
# And where nothing is not EQUIVALENT to nothing, neither is anything else.
study 1.001 1 "$both_ways"
expect 0 "1 EQUIVALENT, 1 INCONCLUSIVE" study.json
also 'A/A is not EQUIVALENT either'
"$program" --json study.json >said
jq -e '.metrics[0] | .pairs_needed == .aa.pairs_needed and .pairs_needed > 12' said >/dev/null || complain "pairs that settle it: $(cat said)"
# Nor are 3 % of 50 ns, unless they are no time.
nanoseconds=' | .metrics[0] |= (. + (. | {before, after, aa_before, aa_after} | map_values(map(map(. / 10)))))'
study 1.03 1 "$nanoseconds"
expect 0 "2 EQUIVALENT" study.json
study 1.03 1 "$nanoseconds | .metrics[0].unit = \"cycles\""
expect 1 "1 REGRESSED" study.json
# Boots that came to nothing take their pairs with them.
study 1.03 1 ' | .metrics[0].before[3] = null | .metrics[0].after[5] = null'
expect 1 "; 10 of 12 pairs" study.json
study 1.03 1 ' | .metrics[0].before = [range(12) | null]'
expect 0 "no pair of boots came to something" study.json
# A pair that is far off counts, is flagged, and the verdict says what it is without.
bad_boot=' | .metrics[0].after[4] |= (. // [] | map(. * 1.5))'
study 1.005 1 "$bad_boot"
expect 1 "1 REGRESSED" study.json
also '^alloc .* REGRESSED \+4\..*, rests on pair 5, an outlier: EQUIVALENT without it,'
! grep -E "^free .*outlier:" said || complain "an outlier of another metric"
"$program" --json study.json >said || :
jq -e '.metrics[0] | .flagged == [5] and .verdict_without_flagged == "EQUIVALENT" and .pairs == 12' said >/dev/null || complain "--json: $(cat said)"
jq -e '.metrics[1] | .flagged == [] and .verdict_without_flagged == null' said >/dev/null || complain "--json: $(cat said)"
study 1.03 1 " | .metrics[0].before[1] = null$bad_boot"
expect 1 "1 REGRESSED" study.json
also '^alloc .*, pair 5 is an outlier: the same without it,'
study 1.005 1 ' | .metrics[0].aa_after[4] |= map(. * 1.5) | .metrics[0].aa_after[7] |= map(. / 1.5)'
expect 0 "; A/A INCONCLUSIVE " study.json
also '; A/A .*, rests on pairs 5 and 8, outliers: EQUIVALENT without them;'
side b5.json one before 12 1 1 build
side bad5.json one after 12 1.005 5000 build
jq '.results[0].times[4] *= 1.5 | .results[0].mean = (.results[0].times | add / length)' bad5.json >bad.json
expect 1 "REGRESSED" b5.json bad.json
also '^build .*, rests on pair 5, an outlier: EQUIVALENT without it'
"$program" --json b5.json bad.json >said || :
jq -e '.cases[0].paired | .flagged == [5] and .verdict_without_flagged == "EQUIVALENT"' said >/dev/null || complain "--json: $(cat said)"

# Slow first rounds are dropped, and one that is far off is counted.
study 1 1 ' | .metrics[0].after |= map(to_entries | map(if .key < 12 then .value * 1.5 else .value end)) | .metrics[1].before[0][60] = 2000'
expect 0 "2 EQUIVALENT" study.json
also '^alloc .* of 2880 rounds 1[4-9][0-9] warm-up, 0 outliers'
also '^free .* 1 outliers'
study 1 1 ' | .metrics[1].primary = true'
expect 0 "INCONCLUSIVE +" study.json
also '^alloc .*, not primary'

# What is not valid is named.
refuse() {
	study 1 1 " | $1"
	expect 2 "$2" study.json
}
refuse '.study = 2' "study.json: study: not version 1"
refuse '.seed = -1' "study.json: seed: not an integer from 0 to 2^53"
refuse '.order = "012"' "study.json: order: not 0 and 1"
refuse '.order = "0101"' "study.json: metrics[0] (alloc): before: not an array of 4 boots"
refuse 'del(.aa)' "study.json: metrics[0] (alloc): aa_before: without"
refuse '.aa.order = 1' "study.json: aa: order: not a string"
refuse 'del(.before.fingerprint)' "study.json: before: fingerprint: missing"
refuse '.after.layouts = [1]' "study.json: after: layouts: not an array of one for each pair"
refuse '.failed = [1]' "study.json: failed: 0: not a string"
refuse '.metrics[0].before[2][3] = 0' "study.json: metrics[0] (alloc): before: [2][3] is no number above 0"
refuse '.metrics[0].before[2] = []' "study.json: metrics[0] (alloc): before: [2] is neither null nor"
refuse '.metrics[1].name = "alloc"' "study.json: metrics[1] (alloc): name: appears twice"
refuse '.metrics[0].primary = 1' "study.json: metrics[0] (alloc): primary: neither true nor false"
refuse '.metrics = []' "study.json: metrics: not an array of metrics"
refuse '.metrics = [range(13) as $i | .metrics[0] | .name = "\($i)" | .primary = true]' "study.json: metrics: 13 are primary, at most 12"
refuse '.after.fingerprint.nodes = 2' "these results do not compare"
expect 2 "a study has its own A/A" study.json --aa b.json --aa same.json
echo '{"study": 1' >broken.json
expect 2 "broken.json:2:" broken.json

[ "$failures" = 0 ] || exit 1
echo "verdicts of pairs and studies are as expected"
