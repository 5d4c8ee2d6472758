# SPDX-License-Identifier: GPL-2.0-only
# What all plots share. Variables: scripts (this folder), format (svg if it is not set), width, height, heading, subtitle, caption1 … caption3.
# Okabe-Ito colours, and never colour alone: fills have patterns, lines have markers, both have names beside them.
if (exists('format') && format eq 'png') {
	set terminal pngcairo size width,height noenhanced background '#ffffff' font 'sans,12' fontscale 0.75 linewidth 1
} else { if (exists('format') && format eq 'text') {
	set terminal dumb noenhanced size 110,(height/14 > 24 ? height/14 : 24) nofeed
} else {
	set terminal svg size width,height dynamic noenhanced background '#ffffff' font 'system-ui,12' linewidth 1
} }
set encoding utf8
width = real(width)
height = real(height)
set datafile separator tab
set datafile missing '-'
black = '#222222'
grey = '#6b6b6b'
before_colour = '#e69f00'
after_colour = '#0072b2'
set border 3 linecolor rgb grey
set tics nomirror textcolor rgb black
set grid linecolor rgb '#dddddd' linewidth 0.8 dashtype solid
top_margin = 52
bottom_margin = 98
set label 1001 heading at screen 10./width,1-18./height left font 'system-ui,14' textcolor rgb black
set label 1002 subtitle at screen 10./width,1-36./height left font 'system-ui,11.5' textcolor rgb grey
set label 1003 caption1 at screen 10./width,41./height left font 'system-ui,10' textcolor rgb grey
set label 1004 caption2 at screen 10./width,26./height left font 'system-ui,10' textcolor rgb grey
set label 1005 caption3 at screen 10./width,11./height left font 'system-ui,10' textcolor rgb grey
set tmargin at screen 1-top_margin/height
set bmargin at screen bottom_margin/height
