# SPDX-License-Identifier: GPL-2.0-only
# Two panels of lines over the same x. data.tsv: a block for each series: x, left, right, low and high
# of right. Variables besides those of common.gp: series, name1 …, style1 … (1 to 4), ticks, at1 …, tick1 …,
# rotated (degrees), axis_x, left_title, right_title.
load scripts.'/common.gp'
style(i) = int(value('style'.i))
array markers[4] = [4, 7, 9, 13]
array colours[4] = [before_colour, after_colour, '#009e73', '#d55e00']
stats 'data.tsv' using 2 nooutput name 'one'
# One column at a time: of two, gnuplot fits a line, and complains of few points.
stats 'data.tsv' using 4 nooutput name 'low'
stats 'data.tsv' using 5 nooutput name 'high'
# Equal values still get a range.
room(low, high) = 0.1*(high-low)+0.002*high
set xtics ()
set for [i=1:ticks] xtics add (value('tick'.i) value('at'.i))
set xtics rotate by rotated font 'system-ui,10.5'
set xlabel axis_x textcolor rgb black offset 0,0.2
set bmargin at screen (bottom_margin+68)/height
set xrange [at1-0.3:value('at'.int(ticks))+0.3]
set multiplot
set lmargin at screen 70./width
set rmargin at screen 0.5-10./width
set ylabel left_title textcolor rgb black
set yrange [one_min-room(one_min,one_max):one_max+room(one_min,one_max)]
set key at screen 30./width,(bottom_margin+14)/height left top maxrows 2 Left reverse samplen 2.5 width 1 textcolor rgb black
plot for [i=1:series] 'data.tsv' index i-1 using 1:2 with linespoints dashtype style(i) pointtype markers[style(i)] pointsize 0.9 \
	linewidth 1.6 linecolor rgb colours[style(i)] title value('name'.i)
unset key
do for [i=1001:1005] { unset label i }
set lmargin at screen 0.5+60./width
set rmargin at screen 1-34./width
set ylabel right_title
set yrange [low_min-room(low_min,high_max):high_max+room(low_min,high_max)]
plot for [i=1:series] 'data.tsv' index i-1 using ($1+0.08*(i-0.5*(series+1))):3:4:5 with yerrorbars pointtype 0 linewidth 1 linecolor rgb colours[style(i)], \
	for [i=1:series] 'data.tsv' index i-1 using ($1+0.08*(i-0.5*(series+1))):3 with linespoints dashtype style(i) pointtype markers[style(i)] pointsize 0.9 \
	linewidth 1.6 linecolor rgb colours[style(i)]
unset multiplot
