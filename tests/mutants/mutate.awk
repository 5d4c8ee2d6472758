# SPDX-License-Identifier: GPL-2.0-only
# Print the file with OLD replaced by NEW (both from the environment, \n is a newline) in function IN.
# Exits with 1 unless OLD is there exactly once.

BEGIN {
	old = ENVIRON["OLD"]
	new = ENVIRON["NEW"]
	gsub(/\\n/, "\n", old)
	gsub(/\\n/, "\n", new)
	# a definition starts a line, its body's brace too
	head = "(^|[ *])" ENVIRON["IN"] "\\("
}

function flush_function(  at) {
	while (at = index(text, old)) {
		found++
		printf "%s%s", substr(text, 1, at - 1), new
		text = substr(text, at + length(old))
	}
	printf "%s", text
	text = ""
}

/^[a-z]/ && $0 ~ head { inside = 1 }
!inside { print; next }
{ text = text $0 "\n" }
# the end of the body, or of a declaration
/^}/ || (text !~ /\n{\n/ && /;$/) { flush_function(); inside = 0 }
END { flush_function(); exit found != 1 }
