# SPDX-License-Identifier: GPL-2.0-only
# Histograms one below the other. data.tsv block 0: row (from 0), low edge, high edge, height (0 … 1), 0 before or 1 after.
# Block 1: row, name, figures. Variables besides those of common.gp: rows, low, high, axis, left, right, logscale_x.
load scripts.'/common.gp'
set lmargin at screen left/width
set rmargin at screen 1-right/width
set yrange [rows-0.3:-1.1]
# In powers of 1000, for there may be six decades.
if (logscale_x) { set logscale x; set format x '%.0s%c' }
set xrange [low:high]
if (!logscale_x && high >= 20000) { set format x '%.0s%c' }
# Each label needs some 34 points.
if (logscale_x && width-left-right < 34*log10(1.0*high/low)) { set xtics 100 }
set xlabel axis textcolor rgb black offset 0,0.4
set ytics scale 0
set grid noytics
set style fill solid 0.85
unset key
plot 'data.tsv' index 1 using (low):1:(high-low):(0) with vectors nohead linecolor rgb '#bbbbbb' linewidth 0.8, \
	'' index 1 using (low):1:(0):ytic(2) with points pointtype 0 linecolor rgb '#ffffff', \
	'' index 0 using 2:($5 == 0 ? $1 : NaN):2:3:1:($1-0.86*$4) with boxxyerror linecolor rgb before_colour linewidth 1.3, \
	'' index 0 using 2:($5 == 1 ? $1 : NaN):2:3:1:($1-0.86*$4) with boxxyerror linecolor rgb after_colour linewidth 1.3, \
	'' index 1 using (high):1:3 with labels left offset 0.8,0 font 'system-ui,10' textcolor rgb black
