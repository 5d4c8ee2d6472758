#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# claimperf compare: exit status, verdicts and messages, on invented results.
# timeout: 60
set -eu

program=$(readlink -f "${CLAIMPERF_BUILD:-build}/bin/claimperf-compare")
generate=$PWD/tests/data/report/generate
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
failures=0

# expect STATUS TEXT ARG…: compare ARG… exits with STATUS and says TEXT.
expect() {
	wanted=$1 text=$2 status=0
	shift 2
	"$program" "$@" >said 2>&1 || status=$?
	if [ "$status" != "$wanted" ] || ! grep -qF -- "$text" said; then
		echo "compare $*: exit $status; expected $wanted and '$text' in:"
		head -n 20 said
		failures=$((failures + 1))
	fi
}

# also TEXT: the last output has that as well.
also() {
	grep -qF -- "$1" said && return
	echo "'$1' is missing in:"
	head -n 70 said
	failures=$((failures + 1))
}

"$generate" base.json baseline 1
"$generate" claims.json claims 1
"$generate" again.json claims 1
"$generate" nop.json claims 1 1
"$generate" slow.json claims 1 60
"$generate" four.json claims 4

# Two runs of the same, then known effects.
any=populate/order:0/node:any/claim

# Equal programs, then known effects.
expect 0 "41 IDENTICAL, 0 NOTE, 0 MINOR, 0 MAJOR" claims.json again.json
also "4 not compared; 0 over budget or lost."
also "Equal fingerprints."
expect 0 "9 IDENTICAL, 32 NOTE" claims.json nop.json
also "image_sha256: c1a10 -> c1a1f"
[ "$(grep -c ' +1\.000 .* NOTE regressed' said)" = 32 ] || { echo "not +1.000 in 32 cases"; cat said; failures=1; }
expect 0 "NOTE improved" nop.json claims.json
expect 1 "MAJOR regressed, claim path +60.000, OVER BUDGET" claims.json slow.json
expect 0 "MAJOR improved" slow.json claims.json
# By its profiles alone.
mv slow.d apart
expect 1 "Claim path not known: 32 changed cases" claims.json slow.json
mv apart slow.d

# Cases of one side only.
expect 1 "MINOR cost, vs $any:none" base.json claims.json
also "populate/order:0/node:any/claim:elsewhere   skipped: needs a second node"
also "claim/replace/entries:1                     new, no reference; BEFORE: this hypervisor has no"
also "refused/order:0                                  1224.000      1294.000        +70.000    +5.719 %  MAJOR regressed, claim path +70.000, OVER BUDGET"
expect 1 "lost: this hypervisor has no claim sets (domctl 91 fails with ENOSYS), FAILS" claims.json base.json

# Attribution: to the instruction, with the records that it is of; the same as in JSON.
expect 1 "per operation, and the records of AFTER" base.json claims.json
also "+70.000 = +70.000 claims_permit_request [claims.d/refused_order_0/profile.txt]"
cp -r claims.d many.d
sed "s/claims\.d/many.d/" claims.json >many.json
sed -i "s/^24536 /23896 /; s/^44800 /45120 /; s/^9000 /9064 /; \$a128 one\n128 other" many.d/refused_order_0/profile.txt
expect 1 "+70.000 = +70.000 claims_permit_request, -10.000 alloc_heap_pages, +5.000 populate_physmap, +5.000 in 3 others [many.d/" base.json many.json
sed -i "/^# section/d" many.d/refused_order_0/profile.txt
expect 1 "+70.000 is not the sum of " base.json many.json

# Budgets.
budget() { printf '%b\n' "$1" >budget.txt; }
budget "# reviewed\n\nrefused/order:? +70 # the check runs once per refusal"
expect 0 "budget +70 (the check runs once per refusal)" base.json claims.json --budget budget.txt
budget "refused/order:? +69 # too little"
expect 1 "2 over budget or lost." base.json claims.json --budget budget.txt
budget "refused/* +70 # fine\n$any:host +17 # a cost is gated by its line"
expect 1 "1 over budget or lost." base.json claims.json --budget budget.txt
budget "refused/* +70 # fine\nnone/* +1 # unused"
expect 0 "budget.txt:2: 'none/*': no case needs it" base.json claims.json --budget budget.txt
budget "# one\nrefused/* 70 # no sign"
expect 2 "budget.txt:2: the budget is neither '+' nor '-'" base.json claims.json --budget budget.txt
budget "refused/* +99999999999999999999 # what?"
expect 2 "budget.txt:1: the budget is neither '+' nor '-'" base.json claims.json --budget budget.txt
budget "refused/* vs +70 # against what?"
expect 2 "budget.txt:1: not 'NAME [vs CASE] +N # why'" base.json claims.json --budget budget.txt
budget "refused/* vs claim:none +70 # no such parameter"
expect 2 "budget.txt:1: refused/order:0 vs claim:none: not measured in base.json" base.json claims.json --budget budget.txt
budget "# one\n\nrefused/* +70"
expect 2 "budget.txt:3: no reason" base.json claims.json --budget budget.txt
jq 'del(.benchmarks[] | select(.name == "refused/order:0"))' base.json >lacks.json
budget "refused/* +70 # cannot be checked"
expect 2 "budget.txt:1: refused/order:0: not measured in lacks.json" lacks.json claims.json --budget budget.txt
expect 2 "none.txt: No such file" base.json claims.json --budget none.txt

# Fingerprints.
expect 2 "four.json: context.claimperf.lab.nodes: '4', but '1' in claims.json" claims.json four.json
also "--force"
sed 's/6.1.0-fixture/6.1.1-fixture/; s/gcc 12/gcc 13/' claims.json >kernel.json
expect 2 "2 fields besides the hypervisor differ" claims.json kernel.json
expect 0 "lab.kernel: Package: linux-image-6.1.0-fixture Version: 6.1.0-1 -> Package: linux-image-6.1.1-fixture Version: 6.1.0-1   WARNING: should be equal" claims.json kernel.json --force

# Bad input: the file and the field are named.
: >empty.json
expect 2 "empty.json:" claims.json empty.json
head -c 3000 claims.json >cut.json
expect 2 "cut.json:" claims.json cut.json
expect 2 "none.json: No such file" none.json claims.json
jq '.benchmarks[1].name = .benchmarks[0].name' claims.json >twice.json
expect 2 "twice.json: benchmarks: $any:none: this name appears twice" claims.json twice.json
jq 'del(.benchmarks[2].claimperf.ops)' claims.json >ops.json
expect 2 "ops.json: benchmarks[2] ($any:host): ops: missing" ops.json claims.json
jq '.benchmarks[2].claimperf.per = "call"' claims.json >per.json
expect 2 "per.json: $any:host: per: 'call', but 'extent' in claims.json ($any:host)" claims.json per.json
cp -r claims.d broken.d
sed 's/claims\.d/broken.d/' claims.json >broken.json
sed -i 's/total=.*/total=5/' broken.d/claim_legacy/profile.txt
expect 2 "broken.d/claim_legacy/profile.txt:" claims.json broken.json
expect 2 "claims.json: study: missing; a result is compared with another one" claims.json
mkdir folder
expect 2 "folder: a folder, and no file" folder
expect 2 "folder: a folder, and no file" claims.json folder
cp empty.json folder/study.json
expect 2 "folder: a folder, and no file; its study is folder/study.json" folder
expect 2 "two results are needed"
expect 2 "not 'again.json' as well" claims.json base.json again.json

# Noisy data are shown and never gated.
jq '(.benchmarks[] | select(.claimperf) | .claimperf.kind) = "noisy"' slow.json >noisy.json
expect 0 "INCONCLUSIVE, noisy data, not in pairs" claims.json noisy.json

# On a terminal, and in messages, names from files are no commands.
jq '.benchmarks[0].name = "a\u001b[2Jb\u009bc\u007f"' claims.json >escapes.json
script -qec "$program escapes.json escapes.json" /dev/null >said
also 'a\x1b[2Jb'
also 'c\x7f'
also "41 IDENTICAL"
! grep -q "$(printf '\033\\|\302\233')" said || { echo "control characters on a terminal"; failures=1; }
"$program" escapes.json escapes.json | grep -q "^a$(printf '\033')" || { echo "what is piped is another name"; failures=1; }
jq '.benchmarks[1].name = .benchmarks[0].name' escapes.json >twice.json
expect 2 'a\x1b[2Jb' claims.json twice.json

# For programs.
"$program" --json base.json claims.json >out.json || :
jq -e '.over_budget == 2 and (.cases | length) == 45 and
	(.cases[] | select(.name == "refused/order:0") | .over_budget and .verdict == "MAJOR" and .direction == "regressed" and
	 .delta == {num: 4480, den: 64, text: "+70.000"} and .claim_path_delta.text == "+70.000" and .after.min_sample == 82816)' \
	out.json >/dev/null || { echo "--json is not as expected"; failures=1; }

[ "$failures" = 0 ] || exit 1
echo "all as expected"
