# SPDX-License-Identifier: GPL-2.0-only
# Curves one below the other, each with a scale of its own. data.tsv: a block for each: x, its base, its value, both
# from the row's number upwards (0 … 0.8). A last block: row, name, figures.
# Variables besides those of common.gp: rows, low_x, high_x, axis_x, left, right, style1 … (0: line, 1: filled).
load scripts.'/common.gp'
set lmargin at screen left/width
set rmargin at screen 1-right/width
set xrange [low_x:high_x]
set yrange [rows-0.75:-0.95]
set xlabel axis_x textcolor rgb black offset 0,0.4
set ytics scale 0
set grid noytics
unset key
colour(i) = value('style'.i) ? after_colour : black
plot for [i=1:rows] 'data.tsv' index i-1 using 1:2:(value('style'.i) ? $3 : $2) with filledcurves \
		fillcolor rgb after_colour fillstyle solid 0.3 noborder, \
	for [i=1:rows] 'data.tsv' index i-1 using 1:2 with lines linecolor rgb '#bbbbbb' linewidth 0.8, \
	for [i=1:rows] 'data.tsv' index i-1 using 1:3 with lines linecolor rgb colour(i) linewidth 1.4, \
	'data.tsv' index rows using (low_x):1:(0):ytic(2) with points pointtype 0 linecolor rgb '#ffffff', \
	'' index rows using (high_x):($1-0.35):3 with labels left offset 0.8,0 font 'system-ui,10' textcolor rgb black
