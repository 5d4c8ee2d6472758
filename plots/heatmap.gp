# SPDX-License-Identifier: GPL-2.0-only
# How many, by time and size. data.tsv: a full grid: time, number of the size's bucket, count (NaN: none).
# Variables besides those of common.gp: low_x, high_x, axis_x, axis_y, low, high (buckets), most, places (of the ticks
# of y, as in "10" 2.5, "20" 7).
load scripts.'/common.gp'
set lmargin at screen 70./width
set rmargin at screen 1-104./width
set xrange [low_x:high_x]
set yrange [low-0.5:high+0.5]
set xlabel axis_x textcolor rgb black offset 0,0.4
set ylabel axis_y textcolor rgb black offset 0.6,0
eval 'set ytics ('.places.')'
set grid noxtics noytics
# One hue, from light to dark: what is dark is often.
set palette maxcolors 20 defined (0 '#a6cee8', 1 '#5aa2d1', 2 '#1c6cb1', 3 '#08306b')
set logscale cb
set cbrange [1:(most > 1 ? most : 2)]
set format cb '%.0s%c'
set colorbox user origin graph 1.03,graph 0 size 14./width,graph 1 noborder
set cblabel 'sections' textcolor rgb black offset 1.2,0
set cbtics scale 0.5 textcolor rgb black
unset key
# A terminal has no images: a dot for few, a cross for a tenth of the most, a number sign for half of it.
mark(n) = n > most/2 ? '#' : n > most/10 ? '+' : '.'
if (exists('format') && format eq 'text') {
	unset colorbox
	plot 'data.tsv' using 1:($3 >= 1 ? $2 : NaN):(mark($3)) with labels notitle
} else {
	plot 'data.tsv' using 1:2:3 with image
}
