# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# Sourced by tests of the history, which run on SQLite and on PostgreSQL: stores are files, or where $STORE_SERVER is set
# databases of that server, named by the store's folder.

# The name of the database of a store.
database_of() { basename "$(realpath -m "$1")" | tr -c 'a-z0-9\n' _; }
store_psql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$STORE_SERVER dbname=${1-postgres}"; }

name_server() {
	mkdir -p "$1"
	echo "$STORE_SERVER dbname=$(database_of "$1")" >"$1/database"
}

# make_database DIR [TEMPLATE]: anew.
make_database() {
	local name
	name=$(database_of "$1")
	name_server "$1"
	printf 'SET client_min_messages = warning;\nDROP DATABASE IF EXISTS %s WITH (FORCE);\nCREATE DATABASE %s%s;\n' \
		"$name" "$name" "${2:+ TEMPLATE $2}" | store_psql
}

# fresh_store DIR: none yet.
fresh_store() {
	rm -rf "$1"
	[ -z "${STORE_SERVER-}" ] || make_database "$1"
}

# copy_store FROM TO
copy_store() {
	rm -rf "$2"
	cp -r "$1" "$2"
	[ -z "${STORE_SERVER-}" ] || make_database "$2" "$(database_of "$1")"
}

# Is anything in it?
has_store() {
	if [ -z "${STORE_SERVER-}" ]; then [ -s "$1/history.db" ]; else [ -n "$(store_sql "$1" "SELECT to_regclass('claimperf')")" ]; fi
}

# store_sql DIR SQL
store_sql() {
	if [ -z "${STORE_SERVER-}" ]; then sqlite3 "$1/history.db" "$2"; else store_psql "$(database_of "$1")" <<<"$2"; fi
}
