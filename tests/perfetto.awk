# SPDX-License-Identifier: GPL-2.0-only
# Checks protoc's text of an export (tests/data/trace/perfetto.proto): slices nest and end, time does not go back on a
# track, names are known. Prints "CATEGORY/NAME COUNT" of slices and instants, "values TRACK COUNT LAST" of counters.
function bad(what) { print "packet " packets ": " what; failed = 1 }

function end_packet(   t) {
	if (!has_event)
		return
	t = uuid
	if (!(t in label))
		bad("track " t " is not described")
	if ((t in last) && time + 0 < last[t] + 0)
		bad("time goes back on " label[t])
	last[t] = time
	if (type == "END") {
		if (depth[t]-- < 1)
			bad("an end without a begin on " label[t])
	} else if (type == "COUNTER") {
		if (!(t in counter))
			bad(label[t] " is no counter")
		values[t]++
		final[t] = value
	} else {
		if (type == "BEGIN")
			depth[t]++
		if (!(category in categories) || !(name in names))
			bad("unknown name")
		count[categories[category] "/" names[name]]++
	}
}

/^packet \{/ { packets++; has_event = 0; where = "" }
/^  [a-z]+ \{/ { where = $1; if (where == "event") { has_event = 1; value = 0; uuid = 0 } }
/^    [a-z]+ \{/ { index_of = $1 }
/^ *[0-9]+[:{ ]/ { bad("an unknown field") }
/^  timestamp:/ { time = $2 }
where == "event" && $1 == "type:" { type = $2 }
where == "event" && $1 == "uuid:" { uuid = $2 }
where == "event" && $1 == "category:" { category = $2 }
where == "event" && /^    name:/ { name = $2 }
where == "event" && $1 == "value:" { value = $2 }
where == "event" && $1 == "key:" { used_keys[$2] = packets }
where == "track" && $1 == "own:" { own = $2 }
where == "track" && $1 == "label:" { gsub(/^[^"]*"|"$/, ""); label[own] = $0 }
where == "track" && $1 == "unit:" { counter[own] = 1 }
where == "interned" && $1 == "iid:" { iid = $2 }
where == "interned" && $1 == "string:" {
	gsub(/^[^"]*"|"$/, "")
	if (index_of == "categories") categories[iid] = $0
	if (index_of == "names") names[iid] = $0
	if (index_of == "keys") keys[iid] = $0
}
/^\}/ { end_packet() }

END {
	for (t in depth)
		if (depth[t])
			bad(depth[t] " slices without an end on " label[t])
	for (i in used_keys)
		if (!(i in keys))
			bad("detail " i " has no name")
	for (i in count)
		print i, count[i]
	for (t in values)
		print "values", label[t], values[t], final[t]
	exit failed
}
