#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The history on a PostgreSQL server: the same tests as on SQLite.
# timeout: 900
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/postgres.sh
. tests/common/postgres.sh

make_postgres
for name in history history-page history-faults; do
	bash "tests/$name.sh" >"$dir/said" 2>&1 || { tail -n 20 "$dir/said"; fail "$name"; }
	echo "ok $name"
done
