# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# Sourced by commands of claimperf that are scripts. Each sets $me to its name, has a function "usage", and says which options it has:
# --json in $flags makes $json yes, --out in $values sets $out, --variant:variants in $lists adds to the array $variants.

say() { echo "claimperf $me: $*" >&2; }
die() { say "$*"; exit 2; }

# read_options ARG...: $words are those that are no options; $given the names of all options that were given.
words=() given=()
read_options() {
	local option
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help) usage; exit 0 ;;
		--*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}"; continue ;;
		-*) [[ $1 =~ ^--[a-z-]+$ ]] || die "unknown option '$1'; see --help" ;;
		*) words+=("$1"); shift; continue ;;
		esac
		given+=("$1")
		option=${1#--} option=${option//-/_}
		case " ${flags-} " in *" $1 "*) printf -v "$option" yes; shift; continue ;; esac
		[ $# -ge 2 ] || die "'$1' is no option, or lacks its value; see --help"
		case " ${values-} ${lists-} " in
		*" $1 "*) printf -v "$option" %s "$2" ;;
		*" $1:"*) add_to "$1" "$2" ;;
		*) die "unknown option '$1'; see --help" ;;
		esac
		shift 2
	done
}

# add_to OPTION VALUE: to its list.
add_to() {
	local name=${lists#*"$1:"}
	declare -n array=${name%% *}
	array+=("$2")
}

# check_number OPTION VALUE LEAST MOST
check_number() {
	[[ $2 =~ ^(0|[1-9][0-9]{0,5})$ ]] && (($2 >= $3 && $2 <= $4)) || die "$1 $2: not a number from $3 to $4"
}

# check_date OPTION VALUE
check_date() {
	[[ $2 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ && $(date -ud "$2" +%F 2>/dev/null) = "$2" ]] || die "$1 $2: no date such as 2026-01-31"
}

# as_regex NAME...: of just these cases, extended.
as_regex() {
	local names
	names=$(printf '%s\n' "$@" | sort -u | sed 's/[].[+*?(){}^$|\\]/\\&/g' | paste -sd '|')
	echo "^($names)\$"
}

need_tools() {
	local tool
	for tool; do command -v "$tool" >/dev/null || die "$tool is missing; 'make deps' installs what is needed"; done
}

# make_folder FOLDER: of --out.
make_folder() {
	local why
	[[ $out != -* ]] || die "--out $out: begins as an option; ./$out does not"
	why=$(mkdir -p -- "$1" 2>&1) || die "--out $out: cannot make it: ${why##*: }"
	[ -w "$1" ] || die "--out $out: cannot write there"
}

# run_stoppable COMMAND...: so that a signal ends it, at once. What it says goes to the file $log, if there is one.
child='' log=''
run_stoppable() {
	local code=0
	if [ -n "$log" ]; then "$@" >"$log" 2>&1 & else "$@" & fi
	child=$!
	wait "$child" || code=$?
	child=''
	return $code
}

# What runs is ended, and no signal heeded any more.
end_child() {
	trap '' INT TERM HUP
	[ -z "$child" ] || ! kill "$child" 2>/dev/null || wait "$child" || true
}

# What a trap does: stop WHY
stop() {
	end_child
	die "stopped; $1"
}
