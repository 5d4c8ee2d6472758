#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf history: what went in comes out again, byte for byte; docs/history.md says what happens; bad input is refused
# with the file that is wrong, and loses nothing. tests/reach/postgres.sh has it run with a server.
# timeout: 120
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/store.sh
. tests/common/store.sh
root=$PWD build=$(readlink -f "$build")
history=$build/bin/claimperf-history compare=$build/bin/claimperf-compare
samples=$PWD/tests/data/history generate=$PWD/tests/data/report/generate
export CLAIMPERF_BUILD=$build CLAIMPERF_HISTORY=$dir/store
cd "$dir"

# Every example of the page says what the page says.
check_examples() {
	local said
	mkdir docs
	ln -s "$root/scripts" "$root/tests" docs/
	said=$(cd docs && while IFS= read -r line; do
		case $line in
		'    $ '*) echo "$line"; shown=1; eval "${line#    \$ }" 2>&1 | sed 's/^/    /' ;;
		'    '*) [ "${shown-}" ] || echo "$line" ;;
		*) shown=''; echo "$line" ;;
		esac
	done <"$root/docs/history.md")
	diff "$root/docs/history.md" - <<<"$said" || fail "docs/history.md: an example prints something else"
}

# The last run that was imported of $1, by the name of its file.
id_of() { sha256sum "$1" | cut -d' ' -f1; }

# Results of all kinds come back as they were, and compare as they did.
check_export() {
	local result id
	fresh_store store
	mkdir in
	cp -r "$samples"/* in
	"$generate" in/lab.json claims 2
	"$generate" in/lab2.json baseline 2
	"$generate" invented
	cp "invented/host/contend/claims+trace.json" in/contend.json
	cp "$root/tests/data/trace/claims.xen" in/claims-scenario.trace.xen.zst
	"$history" import in/*.json >imported
	for result in in/*.json; do
		id=$(id_of "$result")
		grep -q "^$id new  *$result$" imported || fail "$result: not acknowledged"
		"$history" export "$id" --out out
		"$history" export "${id:0:8}" | cmp - "$result"
	done
	# What is no result stays behind.
	rm in/README in/v?.sql
	diff -r in out || fail "what comes out is not what went in"
	(cd in && "$compare" lab2.json lab.json >../before.said) || [ $? = 1 ]
	(cd out && "$compare" lab2.json lab.json >../after.said) || [ $? = 1 ]
	cmp before.said after.said
	grep -q 'claim path' after.said || fail "the profiles are not compared"
	expect "check" "$("$history" check | tail -n 1 | sed 's/.*, //')" "0 faults"
}

check_figures() {
	local lines
	"$history" export --case '*' >figures.csv
	"$history" export --case '*' --format jsonl >figures.jsonl
	lines=$(wc -l <figures.jsonl)
	expect "lines of CSV" "$(wc -l <figures.csv)" $((lines + 1))
	# All figures of a result by another way: jq.
	expect "figures" "$(jq -c 'select(.run == $id) | [.case, .metric, .least, .greatest, .samples]' --arg id "$(id_of in/claims.json)" figures.jsonl | sort)" \
		"$(jq -c '.benchmarks[] | .name as $n | (["value", .claimperf], ["time", .claimperf.time]) |
			[$n, .[0], (.[1].samples | min, max, length)]' in/claims.json | sort)"
	jq -c '[.time, .case, .metric, (.median * 2), .ops]' figures.jsonl >by.jsonl
	sed 1d figures.csv | awk -F, '{ printf "[\"%s\",\"%s\",\"%s\",%.0f,%d]\n", $1, $10, $11, $18 * 2, $15 }' | diff by.jsonl - ||
		fail "CSV and JSON do not say the same"
	expect "host" "$("$history" list --host vm --json | jq -s length)" 2
	jq '.benchmarks |= (map(select(.error_occurred | not)) | .[0:1]) | .benchmarks[0].name = "a \"b\", c" | del(.benchmarks[0].claimperf.raw)' in/lab.json >odd.json
	"$history" import --host 'h,i' odd.json >/dev/null
	"$history" export --case 'a*' | grep -qF ',"h,i",lab,claims,2,' || fail "a comma in CSV"
	"$history" export --case 'a*' | grep -qF ',"a ""b"", c",value,' || fail "a quote in CSV"
	"$history" show "$(id_of odd.json)" | grep -qF 'host         h,i' || fail "show"
}

# Files go, figures stay; what is imported again is complete again.
check_prune() {
	local i id
	fresh_store store
	rm -rf many
	mkdir many
	for i in 1 2 3 4; do
		sed "s/2026-01-01T00/2026-01-0${i}T00/; s/lab\.d/$i.d/" in/lab.json >"many/$i.json"
		cp -r in/lab.d "many/$i.d"
		echo "$i" >"many/$i.d/own"
	done
	"$history" import many/[34].json >/dev/null
	"$history" import --night 2026-01-01 --role reference many/1.json >/dev/null
	"$history" import --night 2026-01-02 --role tonight many/2.json >/dev/null
	id=$(id_of many/2.json)
	"$history" export --case '*' >before.csv
	copy_store store unpruned
	"$history" prune --keep-newest 2 --dry-run >said
	diff -r --exclude database store unpruned || fail "prune --dry-run writes"
	sed -i 's/would be pruned/pruned/' said
	"$history" prune --keep-newest 2 >said.again
	diff said <(sed 's/; .* removed$//' said.again) || fail "--dry-run says something else"
	[ "$(grep -c ^keep said)" = 3 ] && grep -q "^prune  ${id:0:12}" said && grep -q '^keep .*: a reference' said || fail "kept: $(cat said)"
	expect "what is kept comes first" "$(cut -d' ' -f1 said | uniq | head -n 2 | tr '\n' ' ')" "keep prune "
	"$history" export --case '*' | cmp - before.csv
	expect "files" "$(find store/raw -type f | wc -l)" "$(store_sql store 'SELECT count(DISTINCT sha256) FROM files')"
	echo lost >store/raw/new.abcdef
	mkdir -p store/raw/00
	cp store/raw/new.abcdef "store/raw/00/00.zst"
	"$history" check | grep -qx "2 files, 10 bytes, that no run refers to" || fail "check tells nothing of what was left"
	"$history" prune --keep-newest 2 | grep -q "; 2 files, 10 bytes, removed" || fail "what was left stays"
	refused "were pruned" "$history" export "$id"
	refused "were pruned" "$history" export "$id" --out gone
	"$history" check | grep -q ' 0 faults$' || fail "check after prune"
	expect "again" "$("$history" import many/2.json | cut -d' ' -f2)" completed
	"$history" export "$id" | cmp - many/2.json
	"$history" prune --keep-newest 2 --all >/dev/null
	expect "all of a run" "$("$history" list --json | jq -s length)" 3
	"$history" check | grep -q '^3 runs.* 0 faults$' || fail "check after prune --all"
	"$history" prune --keep-days 36500 | grep -q '^3 runs kept, 0 pruned' || fail "by age"
	"$history" prune --keep-days 1 | grep -q '^1 runs kept, 2 pruned' || fail "by age"
}

check_bad_input() {
	local id
	fresh_store store
	refused "no history" "$history" list
	refused "no history" "$history" prune --keep-days 1
	refused "no history" "$history" pin 03c7
	! has_store store || fail "a history was made for nothing"
	echo '{"context": {}}' >bad.json
	refused "bad.json: " "$history" import in/claims.json bad.json in/baseline.json
	expect "before what was bad" "$("$history" list --json | jq -r .id)" "$(id_of in/claims.json)"
	head -c 3000 in/claims.json >cut.json
	refused "cut.json:" "$history" import cut.json
	refused "none.json: No such file" "$history" import none.json
	refused "in: not a regular file" "$history" import in
	jq '.context.date = "yesterday"' in/claims-scenario.json >dated.json
	refused "dated.json: context.date: 'yesterday' is no time with a zone" "$history" import dated.json
	jq '.benchmarks[0].claimperf.time.samples[3] = "x"' in/claims.json >time.json
	refused "time.json: populate/order:0/node:any/claim:none: time: samples: [3]" "$history" import --no-raw time.json
	cp in/lab.json alone.json
	refused "alone.json: populate/order:0/node:any/claim:none: its raw data are in 'lab.d/" "$history" import alone.json
	"$history" import --no-raw alone.json >/dev/null
	mkdir in/baseline.d/unfinished
	refused "in/baseline.d/unfinished: the run is not finished" "$history" import in/baseline.json
	rmdir in/baseline.d/unfinished
	mkfifo in/baseline.d/pipe
	refused "in/baseline.d/pipe: neither a file nor a folder" "$history" import in/baseline.json
	rm in/baseline.d/pipe
	refused "a FILE is needed" "$history" import
	refused "--role is one in a night" "$history" import --role tonight in/claims.json
	refused "--role nobody: neither reference" "$history" import --night 2026-01-01 --role nobody in/claims.json
	refused "--night 1: no date" "$history" import --night 1 in/claims.json
	refused "--night 2026-02-30: no date" "$history" import --night 2026-02-30 in/claims.json
	refused "--night 2026- 1- 1: no date" "$history" import --night "2026- 1- 1" in/claims.json
	refused "--since 2026-02-30: no date" "$history" list --since 2026-02-30
	jq '.context.date = "2026-02-30T01:00:00+00:00"' in/claims.json >february.json
	refused "february.json: context.date: '2026-02-30T01:00:00+00:00' is no time" "$history" import --no-raw february.json
	refused "--nodes 0: not a number" "$history" list --nodes 0
	refused "'xyzw' is not the beginning" "$history" show xyzw
	refused "no run 'ffff'" "$history" show ffff
	refused "either a RUN or --case GLOB" "$history" export
	refused "no figure of such a case" "$history" export --case 'nothing*'
	refused "no figure of such a case" "$history" export --case "*" --metric time --since 2030-01-01
	refused "what chooses or formats figures goes with --case" "$history" export 03c7 --night 2026-01-01
	refused "--metric x: neither value nor time" "$history" export --case "*" --metric x
	refused "what is to be kept?" "$history" prune
	refused "'frobnicate' is not a command" "$history" frobnicate
	id=$(id_of in/claims.json)
	refused "out/claims.d/populate_order_0_node_any_claim_node/profile.txt: is there already" "$history" export "$id" --out out
	if "$history" import in/claims.json >/dev/full 2>said; then fail "nobody heard it, and it was acknowledged"; fi
	grep -q "cannot write the output: No space left" said || fail "a full stdout"
	if "$history" list >/dev/full 2>said; then fail "a list on a full disk"; fi
}

check_damage() {
	local id=03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b raw status=0
	fresh_store store
	"$history" import in/claims.json in/baseline.json >/dev/null
	raw=store/raw/03/$id.zst
	chmod u+w "$raw"
	printf 'X' | dd of="$raw" bs=1 seek=2000 conv=notrunc status=none
	refused "$raw: " "$history" export "$id" --out never
	[ ! -e never/claims.json ] || fail "a damaged file was restored"
	{ "$history" export "$id" 2>/dev/null || true; } | cmp - /dev/null || fail "a damaged result was printed"
	"$history" check >said || status=$?
	expect "check of a damaged file" "$status $(grep -c "claims.json: .*$raw: " said)" "1 1"
	rm -f "$raw"
	echo other | zstd -q -o "$raw"
	refused "$raw: what is in it has another SHA-256 than its name" "$history" export "$id"
	rm "$raw"
	refused "$raw: No such file" "$history" export "$id"
	"$history" import in/claims.json | grep -q ' known ' || fail "importing again"
	"$history" check >/dev/null || fail "what was imported again is still damaged"
}

# Tables and indexes that do not agree, then pages that are none. A server looks after its own.
check_damaged_database() {
	local status=0
	[ -z "${STORE_SERVER-}" ] || return 0
	copy_store store good
	sqlite3 store/history.db "PRAGMA writable_schema = 1; DELETE FROM sqlite_master WHERE name = 'runs_by_time'"
	"$history" check >said || status=$?
	expect "check of a page that nobody has" "$status" 1
	copy_store good store
	head -c 9000 /dev/zero | tr '\0' 'Z' | dd of=store/history.db bs=4096 seek=1 conv=notrunc status=none
	status=0
	"$history" check >said 2>&1 || status=$?
	[ $status = 1 ] || [ $status = 2 ] && grep -q 'store/history.db' said || fail "check of a damaged database: $status"
	refused "store/history.db: " "$history" import in/lab.json
	copy_store good store
}

check_others() {
	local version='PRAGMA user_version = 3000' name=history.db
	[ -z "${STORE_SERVER-}" ] || version='UPDATE claimperf SET version = 3000' name=database
	store_sql store "$version"
	refused "store/$name: a newer claimperf wrote it: its schema is version 3000" "$history" list
	mkdir other
	fresh_store other
	mkdir -p other
	store_sql other 'CREATE TABLE t (a INTEGER)'
	refused "other/$name: a database, but no history of claimperf" "$history" import --store other in/claims.json
	echo postgresql:///nowhere >other/database
	[ -n "${STORE_SERVER-}" ] || refused "other/database: names a server, and other/history.db is there, too" "$history" list --store other
	rm -f other/history.db
	: >other/database
	refused "other/database: is empty" "$history" list --store other
	echo "postgresql://nobody@localhost:1/none" >other/database
	refused "other/database: connection to server" "$history" list --store other
	echo "postgresql://[" >other/database
	refused "other/database: " "$history" import --store other in/claims.json
}

# Who prints slowly is in nobody's way.
check_slow_reader() {
	local reader
	fresh_store store
	"$history" import in/lab.json >/dev/null
	mkfifo pipe
	exec 9<>pipe
	timeout 0.3 dd if=/dev/zero of=pipe bs=4096 status=none || true
	timeout 20 "$history" export --case '*' >&9 &
	reader=$!
	sleep 0.3
	timeout 5 "$history" import in/claims.json >/dev/null || fail "import waits for somebody who reads"
	timeout 5 "$history" prune --keep-newest 1 >/dev/null || fail "prune waits for somebody who reads"
	kill "$reader" || fail "the reader did not wait"
	wait "$reader" 2>/dev/null || true
	exec 9>&-
}

fresh_store store
check_examples
check_export
check_figures
check_prune
check_bad_input
check_damage
check_damaged_database
check_others
check_slow_reader
