# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# Sourced by tests, after shell.sh: a PostgreSQL server of the test's own, that listens on a socket in its folder only.
# $STORE_SERVER is how to get to it. Nothing of the machine's own server, if there is one, is touched.

# PostgreSQL does not run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
postgres_bin=$(pg_config --bindir)
postgres=$(mktemp -d)
trap 'stop_postgres; rm -rf "$dir" "$postgres"' EXIT
trap 'exit 143' INT TERM HUP
export STORE_SERVER="host=$postgres user=claimperf"

# What is lost when a machine loses power is not tested, so that nothing need be synced.
start_postgres() {
	as_postgres "$postgres_bin/pg_ctl" -D "$postgres/data" -l "$postgres/log" -w -s \
		-o "-k $postgres -c listen_addresses= -c fsync=off -c max_wal_size=4GB $*" start >&2 || { cat "$postgres/log"; fail "the server does not start"; }
}

# stop_postgres [MODE]: fast or immediate, which is as if it had crashed.
stop_postgres() {
	[ ! -e "$postgres/data/postmaster.pid" ] || as_postgres "$postgres_bin/pg_ctl" -D "$postgres/data" -s -m "${1-immediate}" stop
}

make_postgres() {
	[ "$(id -u)" != 0 ] || chown postgres "$postgres"
	as_postgres "$postgres_bin/initdb" -D "$postgres/data" -U claimperf -A trust --locale C --encoding UTF8 -N >"$postgres/initdb" ||
		fail "initdb"
	start_postgres "$@"
}

# For tests that are run by this one.
export postgres postgres_bin
export -f as_postgres start_postgres stop_postgres
