# SPDX-License-Identifier: GPL-2.0-only
# Points of two measurements of the same. data.tsv: a block for each series: x, y.
# Variables besides those of common.gp: series, name1 …, style1 … (1 to 6), axis_x, axis_y.
load scripts.'/common.gp'
set lmargin at screen 70./width
set rmargin at screen 1-16./width
set bmargin at screen (bottom_margin+52)/height
set xlabel axis_x textcolor rgb black offset 0,0.4
set ylabel axis_y textcolor rgb black
set nonlinear x via asinh(x/10) inverse 10*sinh(x)
set nonlinear y via asinh(y/10) inverse 10*sinh(y)
set xtics (-1000, -500, -200, -100, -50, -20, -10, 0, 10, 20, 50, 100, 200, 500, 1000)
set ytics (-1000, -500, -200, -100, -50, -20, -10, 0, 10, 20, 50, 100, 200, 500, 1000)
stats 'data.tsv' using 1 nooutput name 'x'
stats 'data.tsv' using 2 nooutput name 'y'
lowest = (x_min < y_min ? x_min : y_min)
highest = (x_max > y_max ? x_max : y_max)
lowest = 10*sinh(asinh(lowest/10)-0.35)
highest = 10*sinh(asinh(highest/10)+0.35)
set xrange [lowest:highest]
set yrange [lowest:highest]
set arrow 1 from lowest,lowest to highest,highest nohead linecolor rgb grey linewidth 1 dashtype 2
set key at screen 30./width,(bottom_margin+2)/height left top maxrows 2 Left reverse samplen 1 width 1 textcolor rgb black
array markers[6] = [6, 4, 8, 12, 10, 14]
array colours[6] = ['#0072b2', '#d55e00', '#009e73', '#222222', '#cc79a7', '#e69f00']
plot for [i=1:series] 'data.tsv' index i-1 using 1:2 with points pointtype markers[value('style'.i)] pointsize 1.1 linewidth 1.8 \
	linecolor rgb colours[value('style'.i)] title value('name'.i)
