#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The reports of a run and of a study and the page of all nights in a real browser, as wide as a phone: nothing on the console, nothing fetched,
# links lead somewhere, tables sort, charts zoom and tell what is under the pointer.
# timeout: 120
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/pages.sh
. tests/common/pages.sh
# shellcheck source=tests/common/study.sh
. tests/common/study.sh
harness=$PWD/tests/common/browser.html

# browse FILE: what the harness found, in $dir/found, and what the console said, in $dir/console.
browse() {
	timeout -k 5 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --user-data-dir="$dir/profile" \
		--allow-file-access-from-files --virtual-time-budget=20000 --enable-logging=stderr \
		--dump-dom "file://$harness#file://$1" >"$dir/dom" 2>"$dir/log" || fail "the browser: $(tail -n 5 "$dir/log")"
	sed -n '/<pre/,/<\/pre>/p' "$dir/dom" | sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | grep . >"$dir/found"
	grep CONSOLE "$dir/log" >"$dir/console" || true
}

# found LINE, a regular expression, whole
found() { grep -qE "^($1)$" "$dir/found" || { cat "$dir/found" "$dir/console"; fail "not found: $1"; }; }

# Only lines that begin with one of these are no complaints.
fine() {
	local said
	said=$(grep -vE '^(title |width 390$|links |opens true$|tables that sort |sorted 1$|nights |of the |tip |after |all again |fetched$|done)' "$dir/found") || true
	[ -z "$said$(cat "$dir/console")" ] || fail "$1: $said $(cat "$dir/console")"
	found 'done'
}

# What the harness and the console are for is seen.
check_harness() {
	cat >"$dir/bad.html" <<-'END'
		<!DOCTYPE html><title>bad</title><meta http-equiv="Content-Security-Policy" content="img-src 'none'">
		<p style="width: 500px">wide</p><a href="#nowhere">x</a><img src="http://localhost:9/x.png">
		<table class="sort"><thead><tr><th><button>n</button></tr></thead><tbody><tr><td>2</tr><tr><td>1</tr></tbody></table>
		<script>console.error("told")</script>
	END
	browse "$dir/bad.html"
	for line in 'width 5[0-9]*' 'too wide: P wide' 'leads nowhere: #nowhere' 'table 0 column 0 is not ascending' 'sorted 0' 'fetched http:.*' 'done'; do
		found "$line"
	done
	grep -q '"told"' "$dir/console" || fail "an error on the console is not seen"
	grep -q 'Content Security Policy' "$dir/console" || fail "what is fetched is not seen"
}

check_report() {
	make_run "$dir/run"
	scripts/claimperf report "$dir/run" >/dev/null 2>&1
	browse "$dir/run/report.html"
	fine "report"
	found 'title claimperf: baseline and claims'
	found 'tables that sort [2-9]'
	found 'opens true'
	found 'sorted 1'
}

check_history() {
	make_history "$dir/nights" "$fast/store"
	scripts/claimperf history page --store "$fast/store" --out "$dir/history.html"
	browse "$dir/history.html"
	fine "history page"
	found 'tables that sort 2'
	found 'sorted 1'
	found 'nights in sight 57'
	found 'of the last 14 14 2026-02-.*'
	found 'tip true 2026-03-01: −3.[0-9]* %, .* after .* ns'
	found 'tip goes true'
	found 'after a drag (28|29)'
	found 'all again 57'
}

check_study() {
	(cd "$dir" && study 1.03 1)
	scripts/claimperf report "$dir/study.json" >/dev/null
	browse "$dir/study.html"
	fine "study"
	found 'tables that sort 1'
	found 'sorted 1'
}

check_harness
check_history
check_report
check_study
echo "all as expected"
