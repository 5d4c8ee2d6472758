# SPDX-License-Identifier: GPL-2.0-only
# Throughput by threads. data.tsv: a block for each series: threads, operations per second. Style 1 is the ideal line, style 6 rings without a line.
# Variables besides those of common.gp: series, name1 …, style1 …, last (most threads), highest.
load scripts.'/common.gp'
set lmargin at screen 70./width
set rmargin at screen 1-16./width
set bmargin at screen (bottom_margin+72)/height
set xlabel 'threads' textcolor rgb black offset 0,0.4
scale = (highest >= 1e6 ? 1e6 : 1e3)
set ylabel (highest >= 1e6 ? 'million' : 'thousand').' pairs a second' textcolor rgb black
set xrange [0.8:last+0.2]
set yrange [0:1.08*highest/scale]
set xtics 1
if (last > 8) { set logscale x 2; set xtics 2; set xrange [0.9:last*1.1] }
array markers[6] = [0, 4, 6, 5, 7, 6]
array colours[6] = [grey, before_colour, before_colour, after_colour, after_colour, grey]
array dashes[6] = [2, 1, 4, 1, 4, 1]
array sizes[6] = [0, 0.9, 0.9, 0.9, 0.9, 2.2]
style(i) = int(value('style'.i))
set key at screen 30./width,(bottom_margin+26)/height left top maxrows 3 Left reverse samplen 3 width 1 textcolor rgb black
plot for [i=1:series] 'data.tsv' index i-1 using 1:($2/scale) with linespoints dashtype dashes[style(i)] \
	pointtype markers[style(i)] pointsize sizes[style(i)] linewidth (style(i) == 6 ? 0.01 : 1.6) linecolor rgb colours[style(i)] title value('name'.i)
