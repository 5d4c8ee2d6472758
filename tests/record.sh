#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace record in the lab's dom0: the records asked for and no others, sizes that Xen gives and refuses.
# needs: lab
# timeout: 400
set -euo pipefail

build=${CLAIMPERF_BUILD:-$PWD/build}
xentrace=$(ls /usr/lib/xen-*/bin/xentrace | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*"
	cat "$work"/*.log 2>/dev/null
	exit 1
}

# In one machine, since the size is set once per boot; what each recording said goes to NAME.log.
cat >"$work/job" <<'END'
bin=$1
load="$bin/trace-load 1 2 2 0 64"
record() {
	name=$1
	shift
	status=0
	"$bin/claimperf-record" --rates "$OUT/rates" --out "$OUT/$name.xen" "$@" 2>"$OUT/$name.log" || status=$?
	echo "exit $status" >>"$OUT/$name.log"
}
record elephant --events lock,elephant true
record large --size 70000 true
record lock --events lock,redeem --size 2048 $load
record second --size 1024 true
record same --events redeem --size 2048 $load
record failed sh -c "exit 3"
record nodes --events nodes true
"$bin/claimperf-record" --rates "$OUT/rates" --out "$OUT/claims.xen.zst" --events claims $load 2>"$OUT/claims.log"
record none --events retry $load
record all $load
record seconds --seconds 1 sleep 100
(
	sleep 1
	for pid in /proc/[0-9]*; do
		case $(cat "$pid/comm" 2>/dev/null) in claimperf-recor*) kill "${pid#/proc/}" ;; esac
	done
) &
record killed
wait
# What Xen has recorded since; nothing is of class 0.
$load
"$2" -e 0x1000 -T 1 "$OUT/left.xen" 2>/dev/null
END

events_of() {
	"$build/bin/claimperf-trace" dump --json "$work/$1" | jq -r 'select(.type == "record") | .event'
}

says() {
	grep -qF -- "$2" "$work/$1.log" || fail "$1: '$2' is not said"
}

make -s BUILD="$build" bin
timeout 180 scripts/claimperf lab exec --variant claims+trace --nodes 2 --out "$work" \
	--stage "$build/bin/claimperf-record" --stage "$build/bin/trace-load" --stage "$xentrace" -- \
	bash "$work/job" "$build/bin" "$xentrace" \
	>"$work/lab.log" 2>&1 || fail "the job failed"

says elephant "'elephant' is no event; known are lock,"
says elephant "exit 2"
says large "with 1 CPUs, Xen can address at most 65406 pages for each"
says large "exit 2"
says second "set to 2048 pages per CPU until the next boot"
says second "exit 2"
says same "buffers of 2048 pages (8.0 MiB) per CPU were set before"

# 2 domains of 128 pages, 112 of them claimed
[ "$(events_of lock.xen | sort -u)" = heap_section ] || fail "lock,redeem recorded $(events_of lock.xen | sort -u)"
[ "$(events_of lock.xen | wc -l)" -gt 500 ] || fail "lock,redeem recorded too little"
"$build/bin/claimperf-trace" dump --json "$work/same.xen" |
	jq -rs 'map(select(.event)) | [length, (map(.from_node) | add), (map(.from_host) | add), (map(.from_other) | add)] | @csv' \
		>"$work/redeemed"
[ "$(cat "$work/redeemed")" = 224,128,64,32 ] || fail "redeem recorded $(cat "$work/redeemed")"
[ "$(events_of same.xen | sort -u)" = heap_section ] || fail "redeem recorded $(events_of same.xen | sort -u)"
for name in lock same claims none; do
	says $name "lost: 0 records"
done

# what each node and the host have, at the start and at the end
[ "$(events_of nodes.xen | grep -c node_state)" = 6 ] || fail "nodes recorded $(events_of nodes.xen | sort | uniq -c)"
[ "$(events_of claims.xen.zst | grep -c claim_entry)" = 6 ] || fail "claims: not 6 entries of claims"

# dump picks the same records out of all as record does
"$build/bin/claimperf-trace" dump --json "$work/same.xen" | jq -c 'select(.event) | del(.offset)' >"$work/recorded"
"$build/bin/claimperf-trace" dump --json --events redeem "$work/all.xen" | jq -c 'del(.offset)' >"$work/picked"
[ "$(wc -l <"$work/picked")" = 224 ] || fail "dump --events picked $(wc -l <"$work/picked") records"
diff <(jq -c 'del(.tsc, .wait, .hold, .domid)' "$work/recorded" | sort | uniq -c) \
	<(jq -c 'del(.tsc, .wait, .hold, .domid)' "$work/picked" | sort | uniq -c) | head -n 5 |
	grep . && fail "dump --events picked others than record"

"$build/bin/claimperf-trace" summary --json --events redeem "$work/all.xen" |
	jq -c '[.records, ([.metrics[] | select(.metric == "redeem") | .sum] | add)]' >"$work/summed"
[ "$(cat "$work/summed")" = "[224,224]" ] || fail "summary --events summed up $(cat "$work/summed")"

says failed "exit 1"
says none "0 records of"
says none "left out: "
[ ! -s "$work/none.xen" ] || fail "retry recorded $(events_of none.xen | sort -u)"
[ -e "$work/left.xen" ] || fail "xentrace did not run"
[ ! -s "$work/left.xen" ] || fail "tracing is still on: $(stat -c %s "$work/left.xen") bytes"
says seconds "exit 0"
says killed "exit 0"
grep -Eq '^0x00101000 [1-9]' "$work/rates" || fail "no rate was kept"

# the same again from outside, with the size left to the program
scripts/claimperf trace record --target lab --nodes 2 --events redeem --out "$work/outside.xen" -- \
	"$build/bin/trace-load" 1 2 2 0 64 >/dev/null 2>"$work/outside.log" || fail "--target lab failed"
says outside "lost: 0 records"
[ "$(events_of outside.xen | wc -l)" = 224 ] || fail "--target lab: $(events_of outside.xen | wc -l) records"
grep -h "left out" "$work/same.log" "$work/outside.log"
