# SPDX-License-Identifier: GPL-2.0-only
# Effects with their intervals, one a row. data.tsv: row (from 0), name, effect, low, high (95 %), low, high (90 %), delta,
# label, effect of A/A ("-": none).
# Variables besides those of common.gp: rows, left, right, low, high, axis, aa (1: there is A/A).
load scripts.'/common.gp'
set lmargin at screen left/width
set rmargin at screen 1-right/width
set yrange [rows-0.4:-0.6]
set xrange [low:high]
set xlabel axis textcolor rgb black offset 0,0.4
set arrow 1 from 0,graph 0 to 0,graph 1 nohead linecolor rgb black linewidth 1.2
set ytics scale 0
set grid noytics
set key at screen 1-10./width,1-36./height right center maxrows 1 samplen 1.6 width -2 textcolor rgb black
# gnuplot complains of a column in which there is nothing.
with_aa = (aa ? ", '' using 10:($1+0.25) with points pointtype 12 pointsize 1 linewidth 1.4 linecolor rgb before_colour title 'A/A'" : '')
plot 'data.tsv' using (0):1:(-$8):8:($1-0.38):($1+0.38):ytic(2) with boxxyerror fillstyle solid 0.5 noborder linecolor rgb '#d9dce1' title 'within δ', \
	'' using 3:1:4:5 with xerrorbars pointtype 7 pointsize 0.8 linewidth 1.2 linecolor rgb after_colour title '95 %', \
	'' using 6:1:($7-$6):(0) with vectors nohead linewidth 4 linecolor rgb after_colour title '90 %', \
	'' using (high):1:9 with labels left offset 0.8,0 font 'system-ui,10.5' textcolor rgb black notitle @with_aa
