#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The history of many hosts: figures of 1,000 hosts, 100 nights, 300 a night, load, into SQLite and PostgreSQL, and the
# page of one case is there soon. Each of 150 metrics is there of the reference and of tonight. HOSTS and CASES, 10 of
# each at least, in the environment: other numbers. Times are printed, docs/fleets.md has some.
# timeout: 5400
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/postgres.sh
. tests/common/postgres.sh
# shellcheck source=tests/common/store.sh
. tests/common/store.sh
export CLAIMPERF_BUILD=${CLAIMPERF_BUILD:-$PWD/build} CLAIMPERF_ROOT=$PWD
hosts=${HOSTS:-1000} nights=100 cases=${CASES:-150}
history=$CLAIMPERF_BUILD/bin/claimperf-history

# A history in which there is nothing: tables are made by an import.
make_empty() {
	fresh_store "$1"
	"$history" import --store "$1" --no-raw tests/data/history/baseline-scenario.json >/dev/null
	store_sql "$1" 'DELETE FROM files; DELETE FROM unmeasured; DELETE FROM figures; DELETE FROM runs; DELETE FROM hosts;
		DELETE FROM metrics; DELETE FROM fingerprints'
}

# As pg_restore does: whether rows refer to others is not looked up for each of millions.
fill() {
	if [ -z "${STORE_SERVER-}" ]; then
		sqlite3 "$1/history.db" <"$dir/figures.sql"
		echo "ANALYZE;" | sqlite3 "$1/history.db"
	else
		{ echo 'SET session_replication_role = replica;' && cat "$dir/figures.sql" && echo 'VACUUM ANALYZE;'; } | store_psql "$(database_of "$1")"
	fi
}

size_of() {
	if [ -z "${STORE_SERVER-}" ]; then stat -c %s "$1/history.db"; else store_sql "$1" 'SELECT pg_database_size(current_database())'; fi
}

# What was loaded is what the page says, of either database in the same bytes; four cases, the first twice.
check_pages() {
	local case start ms text
	for case in 1 1 2 3 10; do
		start=$(date +%s%N)
		"$CLAIMPERF_BUILD/bin/claimperf-history-page" --store "$1" --case "case/$case" --out "$dir/page.html"
		ms=$((($(date +%s%N) - start) / 1000000))
		echo "$2: page of case/$case: $ms ms, $(stat -c %s "$dir/page.html") bytes"
		[ -e "$dir/page-$case.html" ] || cp "$dir/page.html" "$dir/page-$case.html"
		cmp "$dir/page.html" "$dir/page-$case.html" || fail "$2: case/$case: not the page that PostgreSQL gave"
		text=$(sed -n '/id="hosts"/,/<\/section>/s/<[^>]*>/ /gp' "$dir/page.html" | tr -s ' \n' ' ')
		case $case in
		1) grep -qF "$hosts of $hosts all hosts" <<<"$text" ;;
		2) grep -qF "$((hosts / 4)) of $hosts all of type-2, no others" <<<"$text" ;;
		3) grep -qF "1 of $hosts host-7 alone" <<<"$text" ;;
		10) grep -qF "0 common to all hosts, 0 of all hosts of a type and no others, 0 of one host alone, 0 of some" <<<"$text" ;;
		esac || fail "case/$case: $text"
	done
}

load() {
	local start=$SECONDS
	make_empty "$2"
	fill "$2"
	echo "$1: $((hosts * nights * cases * 2)) figures of $((hosts * nights * 2)) runs in $((SECONDS - start)) s, $(size_of "$2") bytes"
	expect "figures" "$(store_sql "$2" 'SELECT count(*) FROM figures')" $((hosts * nights * cases * 2))
	check_pages "$2" "$1"
	start=$SECONDS
	expect "one host's" "$("$history" export --store "$2" --host host-7 --case 'case/3' | wc -l)" $((nights * 2 + 1))
	"$history" import --store "$2" tests/data/history/claims.json >/dev/null
	"$history" show --store "$2" 03c7 | grep -q '^host         vm$' || fail "what is imported then"
	"$history" list --store "$2" | wc -l | grep -qx $((hosts * nights * 2 + 2)) || fail "list"
	echo "$1: export, import, show and list in $((SECONDS - start)) s"
	fresh_store "$2"
}

tests/data/fleet/generate $hosts $nights $cases >"$dir/figures.sql"
make_postgres -c shared_buffers=1GB
load PostgreSQL "$dir/server"
unset STORE_SERVER
load SQLite "$dir/file"
