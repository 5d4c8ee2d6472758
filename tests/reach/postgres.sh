#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The history on a PostgreSQL server: the same tests as on SQLite.
# timeout: 900
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/postgres.sh
. tests/common/postgres.sh
# shellcheck source=tests/common/store.sh
. tests/common/store.sh

make_postgres
store_psql <<<"CREATE DATABASE unit"
"${CLAIMPERF_BUILD:-build}/bin/test_history" >"$dir/said" 2>&1 || { cat "$dir/said"; fail "test_history"; }
for name in history history-page history-faults; do
	bash "tests/$name.sh" >"$dir/said" 2>&1 || { tail -n 20 "$dir/said"; fail "$name"; }
	echo "ok $name"
done
