# SPDX-License-Identifier: GPL-2.0-only
# Lines with markers. data.tsv: a block for each series (two blank lines between them): x, y, name of the series.
# Variables besides those of common.gp: series, name1 …, axis_x, axis_y, lowest, highest, last.
load scripts.'/common.gp'
set lmargin at screen 62./width
set rmargin at screen 1-16./width
set xlabel axis_x textcolor rgb black offset 0,0.4
set ylabel axis_y textcolor rgb black
set yrange [lowest-0.08*(highest-lowest)-1:highest+0.08*(highest-lowest)+1]
set xrange [0.5:last+0.5]
set xtics 1
set bmargin at screen (bottom_margin+4+20*((series+1)/2))/height
set key at screen 30./width,(bottom_margin-50+20*((series+1)/2))/height left top maxrows int((series+1)/2) Left reverse samplen 4 textcolor rgb black
array markers[6] = [7, 5, 9, 6, 4, 8]
array colours[6] = ['#0072b2', '#d55e00', '#009e73', '#222222', '#cc79a7', '#e69f00']
plot for [i=1:series] 'data.tsv' index i-1 using 1:2 with linespoints dashtype i pointtype markers[1+(i-1)%6] \
	pointsize 0.9 linewidth 1.6 linecolor rgb colours[1+(i-1)%6] title value('name'.i)
