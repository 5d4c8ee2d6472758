#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf history page: tells an invented regression, an improvement, another host and a night without a run apart, is
# self-contained and well-formed, and the same bytes again.
# timeout: 60
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/pages.sh
. tests/common/pages.sh
# shellcheck source=tests/common/study.sh
. tests/common/study.sh
export CLAIMPERF_HISTORY=$fast/store
page=$dir/history.html
# Of the last night there are pairs of boots, too.
mkdir -p "$dir/nights/tonight-60.d"
(cd "$dir/nights/tonight-60.d" && study 1.03 1 ' | .metrics[0].name = "noisy/steady" | .metrics[1].name = "noisy/better" | .metrics[0].after[2] |= map(. * 1.2)')
make_history "$dir/nights" "$fast/store"
draw() { scripts/claimperf history page --out "$page" "$@"; }

# The text of a part of the page: of the section or figure of that id, without marks.
text_of() { sed -n "/id=\"$1\"/,/<\/\(section\|figure\)>/p" "$page" | sed 's|<wbr/>||g; s/<[^>]*>/ /g' | tr -s ' \n' ' '; }
# tells ID TEXT, lacks ID TEXT
tells() { text_of "$1" | grep -F -- "$2" >/dev/null || fail "#$1 does not tell '$2': $(text_of "$1")"; }
lacks() { ! text_of "$1" | grep -F -- "$2" >/dev/null || fail "#$1 tells '$2'"; }
# The number of the case's chart, and how many marks of a class it has.
chart_of() { sed 's|<wbr/>||g' "$page" | sed -n "s|.*<figure id=\"\(case-[0-9]*\)\"><h4>$1\(, ns\)*</h4>.*|\1|p"; }
marks() { sed -n "/<figure id=\"$(chart_of "$1")\"/,/<\/figure>/p" "$page" | grep -c "class=\"$2\"" || true; }

check_story() {
	tells summary "1 ▲ MAJOR regressed, 1 ↑ NOTE, 2 = IDENTICAL, 1 ▼ MAJOR improved"
	tells summary "3 changes , of which 0 began in the last night"
	tells summary "Nothing was measured in: 2026-01-30 to 2026-01-31."
	tells summary "Measured without a role, and so in no series: 2026-02-04."
	tells summary "2026-01-20: the host changed, not what is tested. The reference of 7 cases"
	expect "warnings" "$(grep -c 'class="warning"' "$page")" 3
	tells changes "2026-02-09 ▲ worse +2.000 % exact 21 step/worse"
	tells changes "2026-02-09 ▼ better −1.500 % exact 21 step/better"
	tells changes "2026-02-14 ▼ better −4"
	expect "changes" "$(text_of changes | grep -oE '20[0-9-]{8}' | wc -l)" 3
	tells cases "step/worse ▲ MAJOR regressed +2.000 % 1050 1071 2026-03-01 ▲ +2.000 % since 2026-02-09"
	tells cases "step/small ↑ NOTE regressed +0.095 % 5250 5255 2026-03-01"
	tells cases "populate/order:0/node:any/claim:none = IDENTICAL 0 % 3150 3150"
	tells cases "raw/moved – no reference – – 900 2026-03-01"
	tells cases "noisy/steady , ns ▲ REGRESSED ⚑ pair 3 is an outlier: the same without it +"
	tells cases "noisy/better , ns ≈ EQUIVALENT within 1.00 % −"
}

check_charts() {
	local name
	# NAME, changes, changes of the host, points
	while read -r name changes moves points; do
		expect "changes of $name" "$(marks "$name" change)" "$changes"
		expect "moves of $name" "$(marks "$name" move)" "$moves"
		expect "points of $name" "$(marks "$name" 'p\( worse\| better\| minor\)*')" "$points"
	done <<-END
		step/worse 1 1 57
		step/better 1 1 57
		step/small 0 1 56
		noisy/better 1 1 57
		noisy/steady 0 1 57
		populate/order:9/node:exact/claim:set 0 1 57
		raw/moved 0 1 58
	END
	# A gap is where nothing was trusted, or counted twice the same: four lines, in each of the two panels.
	expect "lines of step/small" "$(marks step/small 'value')" 8
	tells "$(chart_of step/small)" "1 without a reference, or not exact, are left out"
	expect "lines of raw/moved" "$(marks raw/moved value)" 2
	expect "shapes" "$(marks step/worse 'p worse') $(marks step/better 'p better')" "21 21"
	tells "$(chart_of step/worse)" "2026-02-09: +2.000 %, 1071 after 1050 instructions, MAJOR"
}

# What a chart's link leads to is what was imported.
check_data() {
	sed -n "/<figure id=\"$(chart_of noisy/better)\"/,/<\/figure>/p" "$page" | grep -o 'charset=utf-8,[^"]*' | cut -d, -f2 |
		sed 's/%/\\x/g' | { read -r line && printf '%b' "$line"; } >data.tsv
	while read -r file night role; do
		[ "$role" != tonight ] || jq -r --arg night "$night" '.benchmarks[] | select(.name == "noisy/better") |
			[$night, (.claimperf.samples | add / 3 * 1000 | round)] | @tsv' "$dir/nights/$file"
	done <"$dir/nights.plan" | diff - <(sed 1d data.tsv | awk '{ printf "%s\t%.0f\n", $1, $3 * 1000 }') || fail "the data of noisy/better"
}

check_page() {
	xmllint --noout "$page" || fail "not well-formed"
	cp "$page" "$dir/first.html"
	draw
	cmp "$page" "$dir/first.html" || fail "another time the page has other bytes"
	sed 's| xmlns[:a-z]*="http://www.w3.org/[a-zA-Z0-9/]*"||g; s| href="data:[^"]*"||g' "$page" >"$dir/plain"
	! grep -nE '(src|srcset)=|@import|<(link|iframe|object|img)|href="[^#]|//[a-z]' "$dir/plain" || fail "leads outside"
	! grep -nF "$dir" "$page" || fail "a path of this machine"
}

check_options() {
	draw --case 'step/*' --since 2026-02-01
	expect "charts" "$(grep -c '<figure' "$page")" 3
	lacks summary "Nothing was measured"
	lacks summary "host changed"
	draw --case 'raw/*' --role tonight 2>/dev/null && fail "a page of nothing"
	draw --night 2026-02-28
	tells cases "noisy/steady , ns ? INCONCLUSIVE not in pairs"
	draw --metric value --variant claims --role tonight
	# References are of another variant and role, and stay.
	tells cases "step/worse ▲ MAJOR regressed +2.000 % 1050 1071 2026-03-01 ▲ +2.000 % since 2026-02-09"
	tells summary "2026-01-20: the host changed"
	expect "changes" "$(text_of changes | grep -oE '20[0-9-]{8}' | wc -l)" 3
	draw --case step/worse --role reference 2>/dev/null && fail "a page of references"
	refused "no figure of such a case" draw --case 'no/*'
	refused "--metric x: neither value nor time" draw --metric x
	refused "--out FILE is needed" scripts/claimperf history page
	refused "no argument such as 'x'" draw x
	refused "no/page.html.new: No such file" scripts/claimperf history page --out "$dir/no/page.html"
	mkfifo "$dir/fifo"
	refused "$dir/fifo: is there and no regular file" scripts/claimperf history page --out "$dir/fifo"
	refused "no history" draw --store "$dir/none"
	scripts/claimperf history --help | grep -q '^  page ' || fail "history --help does not name it"
	scripts/claimperf history page --help | grep -q '^Usage: claimperf history page ' || fail "page --help"
}

# again ROLE COST HOUR [NIGHT]: step/worse once more, in the last night if no other.
again() {
	jq --argjson cost "$2" --arg hour "$3" '.context.date |= sub("T.*"; "T\($hour):00:00+00:00") |
		.benchmarks |= map(select(.name == "step/worse") |
		.claimperf |= (.samples = [$cost] | .min_sample = $cost | .value = $cost / 100))' "$dir/nights/$1-60.json" >"$dir/again.json"
	scripts/claimperf history import --night "${4-2026-03-01}" --role "$1" "$dir/again.json" >/dev/null
}

# Of a night that was measured again the last counts. Where the reference is another one, tonight's did not change.
check_again() {
	again reference 105000 09
	again tonight 105315 09
	draw --case step/worse
	tells cases "step/worse △ MINOR regressed +0.300 % 1050 1053.15 2026-03-01 ▼ −1.667 % since 2026-03-01"
	tells summary "2 changes"
	tells summary "of which 1 began in the last night"
	# An earlier night once more, later than others.
	again tonight 107100 11 2026-02-27
	draw --case step/worse
	expect "points" "$(marks step/worse 'p\( worse\| better\| minor\)*')" 57
	again reference 105100 12
	draw --case step/worse
	tells cases "step/worse △ MINOR regressed +0.205 % 1051 1053.15 2026-03-01 ▲ +2.000 % since 2026-02-09"
	tells summary "1 change , of which 0 began"
	tells summary "2026-03-01: the host changed"
}

# Of a host whose counts are never exact, where others' are, nothing is left; of one alone they are a series.
check_inexact() {
	jq '.benchmarks |= map(select(.name == "step/small"))' "$dir/nights/tonight-55.json" >"$dir/inexact.json"
	scripts/claimperf history import --host other "$dir/inexact.json" >/dev/null
	draw --case step/small
	expect "series" "$(grep -c '<figure' "$page")" 1
	draw --case step/small --host other
	tells cases "step/small , instructions – no reference"
}

# Times of the host target, with names from outside.
check_odd() {
	jq '.benchmarks[0].name = "<odd> & \"name\"/x"' tests/data/history/claims.json >"$dir/odd.json"
	scripts/claimperf history import --store "$fast/odd" --no-raw "$dir/odd.json" >/dev/null
	draw --store "$fast/odd"
	xmllint --noout "$page" || fail "not well-formed with odd names"
	grep -qF '&lt;odd&gt; &amp; &quot;name&quot;/<wbr/>x, tsc' "$page" || fail "an odd name"
}

# The first night was measured, and nobody trusted it.
check_first() {
	scripts/claimperf history import --store "$fast/first" --night 2026-01-01 "$dir/nights/tonight-1.json" >/dev/null
	draw --store "$fast/first"
	xmllint --noout "$page" || fail "not well-formed without series"
	tells summary "Measured without a role, and so in no series: 2026-01-01."
	refused "no figure of such a case" draw --store "$fast/first" --case "step/*"
}

draw
check_story
check_charts
cd "$dir" && check_data && cd - >/dev/null
check_page
check_options
check_again
check_inexact
check_first
check_odd
echo "all as expected"
