# SPDX-License-Identifier: GPL-2.0-only
# Horizontal bars in pairs, one pair a row. data.tsv: row (from 0), name, before, label, after, label ("-": none).
# Variables besides those of common.gp: rows, low, high, axis, before_name, after_name, left.
load scripts.'/common.gp'
set lmargin at screen left/width
set rmargin at screen 1-16./width
set yrange [rows-0.4:-0.6]
set xrange [low:high]
set xlabel axis textcolor rgb black offset 0,0.4
set arrow 1 from 0,graph 0 to 0,graph 1 nohead linecolor rgb black linewidth 1.2
set ytics scale 0
set grid noytics
set key at screen 1-10./width,1-36./height right center maxrows 1 samplen 1.6 width -2 textcolor rgb black
half = 0.17
plot 'data.tsv' using 3:(column(1)-0.2):(0):3:(column(1)-0.2-half):(column(1)-0.2+half):ytic(2) \
		with boxxyerror fillstyle pattern 6 border rgb before_colour linecolor rgb before_colour title before_name, \
	'' using 5:(column(1)+0.2):(0):5:(column(1)+0.2-half):(column(1)+0.2+half) \
		with boxxyerror fillstyle solid 0.85 border rgb after_colour linecolor rgb after_colour title after_name, \
	'' using (column(3) > 0 ? column(3) : 0):(column(1)-0.2):4 with labels left offset 0.6,0 font 'system-ui,10.5' textcolor rgb black notitle, \
	'' using (column(5) > 0 ? column(5) : 0):(column(1)+0.2):6 with labels left offset 0.6,0 font 'system-ui,10.5' textcolor rgb black notitle
