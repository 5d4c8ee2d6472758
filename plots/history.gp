# SPDX-License-Identifier: GPL-2.0-only
# A case over time. data.tsv block 0: day, value; an empty line ends a line. Block 1: day, value, shape (0 a dot, 1 worse,
# 2 better). Block 2: ends of the levels between changes, in pairs.
# Variables besides those of common.gp: axis_y, first_day, last_day, days (between dates), low, high, relative, changes, change1 …
# and its label size1 …, moves, move1 … and its label what1 …
load scripts.'/common.gp'
set lmargin at screen 74./width
set rmargin at screen 1-20./width
set tmargin at screen 1-(top_margin+14)/height
set ylabel axis_y textcolor rgb black offset 0.6,0
set xrange [first_day-0.5:last_day+0.5]
set yrange [low:high]
set xtics ()
do for [day=int(first_day):int(last_day):int(days)] { set xtics add (strftime('%Y-%m-%d', day*86400.0) day) }
if (relative) { set arrow 1 from graph 0,first 0 to graph 1,first 0 nohead linecolor rgb grey linewidth 1.2 }
do for [i=1:changes] {
	set arrow 10+i from value('change'.i),graph 0 to value('change'.i),graph 1 nohead linecolor rgb black linewidth 1.4 dashtype 3
	set label 10+i value('size'.i) at value('change'.i),graph 1 center offset 0,0.5 font 'system-ui,10.5' textcolor rgb black
}
do for [i=1:moves] {
	set arrow 200+i from value('move'.i),graph 0 to value('move'.i),graph 1 nohead linecolor rgb grey linewidth 1.2 dashtype 4
	set label 200+i value('what'.i) at value('move'.i),graph 0 left offset 0.5,0.6 font 'system-ui,10' textcolor rgb grey
}
unset key
plot 'data.tsv' index 0 using 1:2 with lines linecolor rgb after_colour linewidth 1.2, \
	'' index 2 using 1:2 with lines linecolor rgb black linewidth 1 dashtype 2, \
	'' index 1 using 1:($3 == 0 ? $2 : NaN) with points pointtype 7 pointsize 0.4 linecolor rgb after_colour, \
	'' index 1 using 1:($3 == 1 ? $2 : NaN) with points pointtype 9 pointsize 0.8 linecolor rgb '#a63d00', \
	'' index 1 using 1:($3 == 2 ? $2 : NaN) with points pointtype 11 pointsize 0.8 linecolor rgb after_colour
