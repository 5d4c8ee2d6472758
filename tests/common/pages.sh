# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests of pages, after shell.sh: an invented run, and an invented history.

# Where a history is: in memory, if there is such a folder, for it has hundreds of transactions, each of them synced.
# shellcheck disable=SC2034,SC2154 # for who sources this; $dir is of shell.sh
fast=$dir
if [ -w /dev/shm ]; then
	fast=$(mktemp -d -p /dev/shm)
	trap 'rm -rf "$dir" "$fast"' EXIT
fi

# make_run DIR: as scripts/measure makes it, with traces.
make_run() {
	local trace case
	mkdir "$1"
	tests/data/report/generate "$1"
	for trace in claims baseline; do
		for case in "$1/$trace"+trace-4n.d/populate_order_9_*; do
			cp "tests/data/trace/$trace.xen" "$case/trace.xen"
		done
	done
}

# make_history DIR STORE: many nights, each file in DIR; tests/data/nights/generate says what happened in them.
make_history() {
	local file night role raws=() options
	tests/data/nights/generate "$1" >"$1.plan"
	while read -r file night role; do
		if [ "$night" = - ]; then
			raws+=("$1/$file")
			continue
		fi
		options=(--night "$night")
		[ "$role" = - ] || options+=(--role "$role")
		scripts/claimperf history import --store "$2" "${options[@]}" "$1/$file"
	done <"$1.plan" >"$1.imported"
	scripts/claimperf history import --store "$2" "${raws[@]}" >>"$1.imported"
}
