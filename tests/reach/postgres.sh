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

# The page's commands, word for word, with this server as the usual one.
follow_page() {
	mkdir "$dir/page"
	ln -s "$PWD/scripts" "$PWD/tests" "$dir/page"
	sed -n '/^## One history for all/,/^### /s/^    //p' docs/fleets.md >"$dir/commands"
	sed -n '/^## Which verdicts/,/^## Tests/s/^    //p' docs/fleets.md >>"$dir/commands"
	(cd "$dir/page" && PGHOST=$postgres PGUSER=claimperf bash -euo pipefail "$dir/commands") >"$dir/said" 2>&1 || { cat "$dir/said"; fail "docs/fleets.md"; }
	grep -q '^03c7bbb99d46 .* vm .* stored$' "$dir/said" || fail "docs/fleets.md: list: $(cat "$dir/said")"
	[ -s "$dir/page/fleet.html" ] || fail "docs/fleets.md: no page"
}

make_postgres
store_psql <<<"CREATE DATABASE unit"
"${CLAIMPERF_BUILD:-build}/bin/test_history" >"$dir/said" 2>&1 || { cat "$dir/said"; fail "test_history"; }
follow_page
for name in history history-page history-faults; do
	bash "tests/$name.sh" >"$dir/said" 2>&1 || { tail -n 20 "$dir/said"; fail "$name"; }
	echo "ok $name"
done
