#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf history loses nothing that it acknowledged: killed at each call that changes a file, on a full and on a
# failing disk, with several writers at once, with one that prunes. "all" as argument: every call, more rounds.
# tests/reach/postgres.sh has it run with a server: then what is sent there are such calls, too.
# timeout: 120
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/store.sh
. tests/common/store.sh
build=$(readlink -f "$build")
history=$build/bin/claimperf-history
shim=$build/lib/history-faults.so
samples=tests/data/history
step=23 rounds=6
[ "${1-}" != all ] || { step=1 rounds=150; }
store=$dir/store RANDOM=7


# After whatever happened ($1): all is there that was acknowledged in the files that follow.
expect_intact() {
	local what=$1 lost
	shift
	"$history" check --store "$store" >"$dir/checked" 2>&1 || { cat "$dir/checked"; fail "$what: the check fails"; }
	"$history" list --store "$store" >"$dir/listed"
	lost=$(awk 'FILENAME ~ /listed$/ { if (/ stored$/) there[$1] = 1; next }
		$2 ~ /^(new|known|completed)$/ && !(substr($1, 1, 12) in there) { print $1 }' "$dir/listed" "$@")
	[ -z "$lost" ] || fail "$what: acknowledged, and lost: $lost"
}

# run_with FAULT N COMMAND...: what it printed is in $dir/said, its status in $status.
run_with() {
	local fault=$1 number=$2
	shift 2
	status=0
	# In a shell of its own, which says "Killed" to nobody.
	FAULT=$fault FAULT_AT=$number LD_PRELOAD=$shim bash -c '"$@" & wait $!' - "$@" >"$dir/said" 2>"$dir/errors" || status=$?
	case $status in
	0 | 137) ;;
	2) [ -s "$dir/errors" ] || fail "$fault at call $number: status 2 without a message" ;;
	*) cat "$dir/errors"; fail "$fault at call $number of $*: status $status" ;;
	esac
}

# try_all NAME BEFORE COMMAND...: fail at each call, from a store that is a copy of the folder BEFORE.
try_all() {
	local name=$1 before=$2 fault number calls hurt=0
	shift 2
	fresh() { if [ -e "$before" ]; then copy_store "$before" "$store"; else fresh_store "$store"; fi; }
	fresh
	rm -f "$dir/log"
	FAULT_LOG=$dir/log LD_PRELOAD=$shim "$@" >"$dir/said" 2>"$dir/errors" || { cat "$dir/errors"; fail "$name"; }
	calls=$(wc -l <"$dir/log")
	for fault in kill torn full io once; do
		for ((number = 1 + RANDOM % step; number <= calls; number += step)); do
			fresh
			run_with $fault $number "$@"
			[ $status = 0 ] || hurt=$((hurt + 1))
			# Before the first call that makes the database there is nothing to lose.
			if has_store "$store"; then expect_intact "$name, $fault at call $number" "$dir/said" "$dir/base.said"; fi
			"$@" >"$dir/said" 2>&1 || { cat "$dir/said"; fail "$name: does not work after $fault at call $number"; }
			expect_intact "$name, again after $fault at call $number" "$dir/said" "$dir/base.said"
		done
	done
	# A fault that is not noticed did not happen.
	[ $((hurt * 3)) -gt $((5 * calls / step)) ] || fail "$name: only $hurt failures in 5 times $calls calls"
	echo "$name: $calls calls, $hurt failures survived"
}

# Raw data are on the disk before the run is in the database, and that is before anybody is told.
check_order() {
	rm -rf "$store" "$dir/log"
	FAULT_LOG=$dir/log LD_PRELOAD=$shim "$history" import --store "$store" $samples/claims.json >/dev/null
	awk -v store="$store" '
		$1 == "write" && $2 ~ /\/raw\/new\./ { dirty[$2] = 1 }
		$1 == "fsync" { delete dirty[$2]; delete moved[$2] }
		$1 == "rename" { n++; sub(/\/[^\/]*$/, "", $2); moved[$2] = 1; for (f in dirty) bad = bad " renamed unsynced;" }
		$1 == "write" && $2 ~ /history\.db-journal$/ { journal = 1; if (n) { for (f in moved) bad = bad " " f " not synced;" } }
		$1 == "write" && $2 ~ /history\.db$/ { db = 1 }
		$1 == "fsync" && $2 ~ /history\.db$/ { db = 0 }
		{ last = $1 " " $2 }
		END {
			if (n != 3 || !journal || db || last != "fsync " store || bad) { print n, journal, db, last, bad; exit 1 }
		}' "$dir/log" || fail "not in the order in which it is safe"
}

# Results that differ in their date: $1 of them.
make_results() {
	local i
	mkdir -p "$dir/many"
	for ((i = 0; i < $1; i++)); do
		sed "s/\"date\": .*/\"date\": \"2026-02-$((10 + i))T00:00:00+00:00\",/" $samples/claims.json >"$dir/many/$i.json"
		sed -i "s|\"raw\": \"claims.d|\"raw\": \"$i.d|" "$dir/many/$i.json"
		cp -r $samples/claims.d "$dir/many/$i.d"
		echo "run $i" >"$dir/many/$i.d/log"
	done
}

# Writers that all import everything, from another beginning each. $1: how many.
start_writers() {
	local i
	writers=()
	for ((i = 0; i < $1; i++)); do
		# shellcheck disable=SC2046 # numbers
		(cd "$dir/many" && exec "$history" import --store "$store" $(seq -f %g.json $((i * 2)) 9) $(seq -f %g.json 0 $((i * 2 - 1)))) \
			>"$dir/writer.$i" 2>"$dir/writer.$i.errors" &
		writers+=($!)
	done
}

check_writers() {
	local pid count=$1
	fresh_store "$store"
	rm -f "$dir"/writer.*
	start_writers "$count"
	for pid in "${writers[@]}"; do wait "$pid" || { cat "$dir"/writer.*.errors; fail "one of $count writers fails"; }; done
	expect_intact "$count writers" "$dir"/writer.?
	expect "runs of $count writers" "$(grep -c " stored$" "$dir/listed")" 10
}

# Writers and one that sweeps; those whose number is odd in RANDOM are killed.
kill_writers() {
	local round pid killed=0
	fresh_store "$store"
	for ((round = 0; round < rounds; round++)); do
		[ $((round % 5)) != 0 ] || fresh_store "$store"
		rm -f "$dir"/writer.*
		start_writers 4
		sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
		if has_store "$store"; then "$history" prune --store "$store" --keep-newest 99 >/dev/null & writers+=($!); fi
		sleep "0.0$((RANDOM % 6))"
		for pid in "${writers[@]}"; do [ $((RANDOM % 4)) = 0 ] || kill -9 "$pid" 2>/dev/null || true; done
		for pid in "${writers[@]}"; do
			wait "$pid" 2>/dev/null || case $? in 137) killed=$((killed + 1)) ;; *) cat "$dir"/writer.*.errors; fail "a writer fails beside those killed" ;; esac
		done
		! has_store "$store" || expect_intact "round $round" "$dir"/writer.?
	done
	[ $killed -ge $((rounds / 2)) ] || fail "only $killed writers were killed in $rounds rounds"
	echo "killed $killed writers in $rounds rounds"
}

# The server crashes while there are writers: they say so, and what they said before is there when it is back.
crash_server() {
	local round pid lost=0
	fresh_store "$store"
	for ((round = 0; round < rounds; round++)); do
		rm -f "$dir"/writer.*
		start_writers 3
		sleep "0.$((RANDOM % 6))$((RANDOM % 10))"
		stop_postgres immediate
		for pid in "${writers[@]}"; do
			status=0
			wait "$pid" || status=$?
			[ $status = 0 ] || [ $status = 2 ] || fail "round $round: a writer ends with status $status"
			[ $status = 0 ] || lost=$((lost + 1))
		done
		[ "$(cat "$dir"/writer.*.errors | grep -vcE 'store/database: |^WARNING: ')" = 0 ] || fail "round $round: $(cat "$dir"/writer.*.errors)"
		start_postgres
		! has_store "$store" || expect_intact "round $round" "$dir"/writer.?
		[ $((round % 2)) = 0 ] || fresh_store "$store"
	done
	[ $lost -ge "$rounds" ] || fail "only $lost writers lost the server in $rounds rounds"
	check_writers 3
	echo "$lost writers lost the server in $rounds rounds"
}

# A disk of so many KiB that is really full.
fill_disk() {
	local kib status full=0 enough=0
	unshare -rm mount -t tmpfs none "$dir/many" 2>/dev/null || { echo "a full disk: no mounts here, left to the preloaded one"; return; }
	for kib in 20 60 100 130 160 200 260 400 4000; do
		status=0
		rm -rf "$store" "$dir/kept"
		mkdir "$store"
		# shellcheck disable=SC2016 # for the other shell
		unshare -rm bash -c 'mount -t tmpfs -o size="$2"k none "$1" && cd "$3" || exit 99
			"$4" import --store "$1" ?.json >"$5/said" 2>"$5/errors"; status=$?
			cp -r "$1" "$5/kept"; exit $status' - "$store" $kib "$dir/many" "$history" "$dir" || status=$?
		case $status in 0) enough=$((enough + 1)) ;; 2) full=$((full + 1)) ;; *) fail "a disk of $kib KiB: status $status" ;; esac
		rm -rf "$store"
		mv "$dir/kept" "$store"
		[ ! -s "$store/history.db" ] || expect_intact "a disk of $kib KiB" "$dir/said"
	done
	[ $enough -gt 0 ] && [ $full -gt 2 ] || fail "$full disks were full, $enough were not"
	echo "$full disks were full"
}

# A run that has a newer one of its kind, and one that has not.
make_prunable() {
	"$history" import --store "$dir/prunable" $samples/claims.json "$dir/many/0.json" >"$dir/said"
	grep 'claims.json' "$dir/said" >"$dir/base.said"
}

make_old() {
	mkdir "$dir/old"
	sqlite3 "$dir/old/history.db" <$samples/v1.sql
	cp -r "$dir/base/raw" "$dir/old/raw"
	sqlite3 "$dir/old/history.db" "DELETE FROM files WHERE sha256 NOT IN ($(find "$dir/base/raw" -name '*.zst' -printf "'%f'," | sed 's/\.zst//g')'')"
	cp "$dir/first.said" "$dir/base.said"
}

fresh_store "$dir/base"
fresh_store "$dir/prunable"
"$history" import --store "$dir/base" $samples/baseline.json >"$dir/first.said"
: >"$dir/base.said"
make_results 10
[ -n "${STORE_SERVER-}" ] || check_order
try_all "a new history" "$dir/none" "$history" import --store "$store" $samples/claims.json
cp "$dir/first.said" "$dir/base.said"
try_all "import" "$dir/base" "$history" import --store "$store" $samples/claims.json $samples/claims-scenario.json
make_prunable
try_all "prune" "$dir/prunable" "$history" prune --store "$store" --keep-newest 1
check_writers 2
check_writers 4
kill_writers
if [ -n "${STORE_SERVER-}" ]; then
	crash_server
else
	make_old
	try_all "an older schema" "$dir/old" "$history" list --store "$store"
	fill_disk
fi
