# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# Sourced by claimperf nightly: its configuration, lines of "key = value". Sets the arrays settings and patches.

declare -A settings=(
	[reference]=baseline [tonight]=claims [target]=host [nodes]=1 [pairs]=24
	[counts]='^populate/order:[09]/node:(any|exact)/claim:(none|legacy)$'
	[times]='^populate/order:[09]/node:(any|exact)/claim:none$'
	[min-free]=2G [keep-days]=0 [keep-newest]=0
	[folder]=${CLAIMPERF_NIGHTS:-results/nightly} [store]=${CLAIMPERF_HISTORY:-results/history} [host]='' [update]='' [hook]=''
)
patches=()

# What a value has to look like; of keys that are not here, anything.
declare -A forms=(
	[reference]='[a-z]+(\+[a-z]+)*' [tonight]='[a-z]+(\+[a-z]+)*' [target]='host|lab' [nodes]='[1-9]|[1-5][0-9]|6[0-4]'
	[pairs]='[89]|1[0-9]|2[0-4]' [min-free]='[0-9]+[KMGT]?' [keep-days]='[0-9]{1,5}' [keep-newest]='[0-9]{1,6}'
	[folder]='.+' [store]='.+' [counts]='.+' [times]='.+' [host]='[^ ]+'
)

bad_line() { die "$1:$2: $3"; }

# set_value FILE LINE KEY VALUE
set_value() {
	local known
	if [ "$3" = patch ]; then
		patches+=("$(realpath -m "$4")")
		return
	fi
	known=$(printf '%s\n' "${!settings[@]}" patch | sort | paste -sd ' ')
	[ -n "${settings[$3]+known}" ] || bad_line "$1" "$2" "'$3' is not a key; these are: $known"
	[ -z "${seen[$3]-}" ] || bad_line "$1" "$2" "$3 is in line ${seen[$3]} already"
	seen[$3]=$2
	[[ -z ${forms[$3]-} || $4 =~ ^(${forms[$3]})$ ]] || bad_line "$1" "$2" "$3 = $4: not of the form ${forms[$3]}"
	case $3 in
	counts | times)
		{ grep -qE -- "$4" /dev/null || [ $? = 1 ]; } 2>/dev/null || bad_line "$1" "$2" "$3 = $4: no regular expression" ;;
	esac
	settings[$3]=$4
}

# check_patches FILE COMMAND...: which refuses. Apart from read_config, as patches may go and come with what is pulled.
check_patches() {
	local patch
	for patch in "${patches[@]}"; do [ -r "$patch" ] || "${@:2}" "$1: patch = $patch: cannot read it"; done
}

# Paths in it are relative to the checkout, as is all else of claimperf.
read_config() {
	local file=$1 line nr=0
	declare -A seen=()
	[ -r "$file" ] && [ ! -d "$file" ] || die "$file: cannot read it, or a folder"
	while IFS= read -r line || [ -n "$line" ]; do
		nr=$((nr + 1))
		[[ ! $line =~ ^[[:space:]]*(#|$) ]] || continue
		[[ $line =~ ^[[:space:]]*([a-z-]+)[[:space:]]*=[[:space:]]*(.*[^[:space:]])[[:space:]]*$ ]] ||
			bad_line "$file" $nr "not of the form key = value"
		set_value "$file" $nr "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
	done <"$file"
	[ "${settings[counts]} ${settings[times]}" != "none none" ] || die "$file: counts and times are both none: nothing to measure"
}
