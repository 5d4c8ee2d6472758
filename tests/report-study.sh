#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf report of a study says what compare says of it, is self-contained and well-formed, and the same bytes again.
# timeout: 60
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/study.sh
. tests/common/study.sh
root=$PWD
cd "$dir"
report() { "$root/scripts/claimperf" report "$@" >said 2>&1 || { cat said; fail "report $*"; }; }

# The text of the page, or of the row of a metric.
text() { sed 's|<wbr/>||g; s/<[^>]*>/ /g' | tr -s ' \n' ' '; }
page() { sed -n '/<main>/,/<\/main>/p' study.html | text; }
tells() { grep -qF -- "$1" <(page) || fail "the page does not tell '$1': $(page)"; }
row() { awk -v RS='<th scope="row">' -v name="$1 <small>" 'index($0, name) == 1 { sub(/<div class="plots">.*/, ""); print }' study.html | text; }

study 1.03 1
report study.json
expect "said" "$(tail -n 2 said | xargs)" "12 pairs: 1 REGRESSED, 0 IMPROVED, 1 EQUIVALENT, 0 INCONCLUSIVE study.html"
xmllint --noout study.html || fail "not well-formed"
tells 'What changed? Of 2 metrics 1 REGRESSED, 0 IMPROVED, 1 are EQUIVALENT, 0 INCONCLUSIVE.'
tells 'Is it real? A/A, the same source in 12 pairs of boots, is EQUIVALENT in all metrics.'
tells 'Effects with their intervals'
tells 'baseline → claims'
tells '≠ Hypervisor baseline claims'

# Each figure of compare is in the row, as it rounds it.
"$root/scripts/claimperf" compare --json study.json >judged.json || [ $? = 1 ]
for metric in alloc free; do
	row $metric >row
	jq -r --arg metric $metric 'def percent: (exp - 1) * 100 * 100 | round / 100 | tostring | sub("^-"; "−");
		.metrics[] | select(.name == $metric) | .verdict, (.effect, .interval[], .delta, .aa.effect | percent),
		.aa.verdict, "p50", "p90", "p99", (.rounds | "\(.) rounds")' judged.json |
		while read -r figure; do
			grep -qF -- "$figure" row || fail "$metric: no '$figure' in: $(cat row)"
		done
done
expect "pairs" "$(sed -n '/<table class="small">/,/<\/table>/p' study.html | grep -c '<tr><td class="n">')" 48
grep -q 'EQUIVALENT within 1.00 %' row || fail "no delta: $(cat row)"
cp study.html first.html
report study.json
cmp study.html first.html || fail "other bytes"
! grep -qE '(src|srcset)=|@import|<(link|iframe|object|img)|href="[^#d]' study.html || fail "loads something"

# What is not settled says what would.
study 1 1 ' | .metrics[0].after |= (to_entries | map(.key as $boot | .value | map(. * (if $boot % 2 == 0 then 1.02 else 0.99 end))))'
report "$dir"
"$root/scripts/claimperf" compare --json study.json >judged.json
needed=$(jq -r '.metrics[0] | select(.verdict == "INCONCLUSIVE").pairs_needed' judged.json)
seen=$(jq -r '.metrics[0].detectable | (exp - 1) * 100 * 100 | round / 100' judged.json)
grep -qE "INCONCLUSIVE .* $seen % $needed " <(row alloc) || fail "no '$seen % $needed' in: $(row alloc)"

# One pair that is far off: in the summary, beside the verdict, and in the table of pairs.
study 1.005 1 ' | .metrics[0].after[4] |= map(. * 1.5)'
report study.json
tells '⚑ 1 verdict rests on pairs that are outliers'
row alloc >row
grep -qF "▲ REGRESSED ⚑ rests on pair 5, an outlier: EQUIVALENT without it" row || fail "not flagged: $(cat row)"
expect "flagged pairs" "$(grep -c ' ⚑</td></tr>' study.html)" 1
grep -q '<tr><td class="n">5</td>.* ⚑</td></tr>' study.html || fail "not pair 5"

# A host that shows something where nothing is.
study 1.03 1.03
report study.json
tells 'A/A, the same source in 12 pairs of boots, is EQUIVALENT in 0 of 2 metrics and differs in 2: the host'
tells 'INCONCLUSIVE A/A differs where nothing does'
study 1.03 1 ' | del(.aa) | .metrics[] |= del(.aa_before, .aa_after)'
report study.json
tells 'No A/A: nobody knows what this host shows where nothing differs.'
tells 'REGRESSED p '
study 1.03 1 ' | .failed = ["after, pair 2: it did not come up"]'
report study.json
tells 'Failed boot: after, pair 2: it did not come up'
# No pair, and a single one: nothing to draw.
study 1.03 1 ' | .metrics[0].before = [range(12) | null] | .metrics[0].unit = "<ns>"'
report study.json
xmllint --noout study.html || fail "not well-formed without pairs"
tells 'no pair of boots came to something'
study 1.03 1 ' | .order |= .[:1] | .metrics[] |= (.before |= .[:1] | .after |= .[:1]) | .metrics |= .[:1]'
report study.json
! grep -q '<figure>' study.html || fail "intervals of one pair"

echo '{"study": 1}' >study.json
refused "study.json: " "$root/scripts/claimperf" report study.json
refused "none.json: " "$root/scripts/claimperf" report none.json
echo "all as expected"
