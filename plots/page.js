// SPDX-License-Identifier: GPL-2.0-only
// All that the pages do by themselves; without it they say the same, and do not move.
"use strict";

// Tables of class "sort": a click on the head of a column sorts by it, up, down, and then as it was.
function sortTable(table) {
	const rows = [...table.tBodies[0].rows];

	// What begins with a number is sorted by it, behind what has none.
	function key(row, column) {
		const cell = row.cells[column];
		const text = (cell?.dataset.v ?? cell?.textContent ?? "").trim().replaceAll("−", "-");

		return [parseFloat(text), text];
	}
	function compare(a, b) {
		if (isNaN(a[0]) || isNaN(b[0]))
			return isNaN(a[0]) - isNaN(b[0]) || a[1].localeCompare(b[1]);
		return a[0] - b[0];
	}
	function sortBy(column, direction) {
		const sorted = rows.filter((row) => !row.classList.contains("family"))
			.map((row) => [key(row, column), row])
			.sort((a, b) => direction * compare(a[0], b[0])).map((pair) => pair[1]);

		table.classList.toggle("sorted", direction != 0);
		table.tBodies[0].replaceChildren(...(direction ? sorted : rows));
	}
	function click(th) {
		const next = {ascending: "descending", descending: "none"}[th.getAttribute("aria-sort")] ?? "ascending";

		for (const other of table.tHead.rows[0].cells)
			other.removeAttribute("aria-sort");
		if (next != "none")
			th.setAttribute("aria-sort", next);
		sortBy(th.cellIndex, {ascending: 1, descending: -1, none: 0}[next]);
	}
	for (const th of table.tHead.rows[0].cells) {
		const button = document.createElement("button");

		button.title = "sort";
		button.append(...th.childNodes);
		button.onclick = () => click(th);
		th.append(button);
	}
}

// Charts of class "nights": what is at a day has it in data-d, or several of them.
const charts = [...document.querySelectorAll("svg.nights")];

function moveTo(element, at) {
	const d = element.dataset.d.split(" ").map(at);

	if (element.tagName == "polyline") {
		const y = element.getAttribute("points").split(" ").map((point) => point.split(",")[1]);

		element.setAttribute("points", d.map((x, i) => x.toFixed(1) + "," + y[i]).join(" "));
	} else if (element.tagName == "line") {
		element.setAttribute("x1", d[0]);
		element.setAttribute("x2", d[d.length - 1]);
	} else if (element.tagName == "text") {
		element.setAttribute("x", d[0]);
	} else {
		element.setAttribute("transform", `translate(${d[0].toFixed(1)} ${element.dataset.y})`);
	}
}

// As many as there are, at whole days.
function moveTicks(svg, from, to) {
	const texts = svg.querySelectorAll("text.tick"), lines = svg.querySelectorAll("line.tick");

	texts.forEach((text, i) => {
		const day = Math.round(from + (i + 0.5) / texts.length * (to - from));

		text.dataset.d = lines[i].dataset.d = day;
		text.textContent = new Date(day * 864e5).toISOString().slice(0, 10);
	});
}

// Show those days, in all charts.
function zoom(from, to) {
	for (const svg of charts) {
		const width = Number(svg.dataset.width);

		svg.dataset.from = from;
		svg.dataset.to = to;
		moveTicks(svg, from, to);
		for (const element of svg.querySelectorAll("[data-d]"))
			moveTo(element, (d) => (d - from) / (to - from) * width);
	}
}

const tip = document.createElement("div");

// The day under the pointer.
function dayAt(svg, event) {
	const plot = svg.querySelector("rect.plot").getBoundingClientRect();
	const from = Number(svg.dataset.from), to = Number(svg.dataset.to);

	return from + (event.clientX - plot.left) / plot.width * (to - from);
}

function showTip(svg, event) {
	const day = dayAt(svg, event);
	let best = null;

	for (const point of svg.querySelectorAll(".p"))
		if (!best || Math.abs(point.dataset.d - day) < Math.abs(best.dataset.d - day))
			best = point;
	for (const point of svg.querySelectorAll(".p.near"))
		point.classList.remove("near");
	if (!best)
		return;
	best.classList.add("near");
	tip.textContent = best.querySelector("title").textContent;
	tip.hidden = false;
	tip.style.left = Math.max(0, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)) + "px";
	tip.style.top = event.clientY + 16 + "px";
}

// Drag from one night to another to see only those.
function watchChart(svg) {
	let start = null;

	svg.onpointerdown = (event) => {
		start = event.pointerType == "mouse" ? dayAt(svg, event) : null;
	};
	svg.onpointerup = (event) => {
		const end = dayAt(svg, event);

		if (start !== null && Math.abs(end - start) >= 1)
			zoom(Math.min(start, end), Math.max(start, end));
		start = null;
	};
	svg.onpointermove = (event) => showTip(svg, event);
	svg.onpointerleave = () => {
		tip.hidden = true;
	};
}

function zoomButton(text, from, to) {
	const button = document.createElement("button");

	button.textContent = text;
	button.onclick = () => zoom(from, to);
	return button;
}

function startCharts() {
	const from = Math.min(...charts.map((svg) => Number(svg.dataset.from)));
	const to = Math.max(...charts.map((svg) => Number(svg.dataset.to)));
	const bar = document.querySelector(".zoom");

	tip.className = "tip";
	tip.hidden = true;
	document.body.append(tip);
	charts.forEach(watchChart);
	bar.append("Show ", zoomButton("all nights", from, to));
	for (const nights of [90, 30, 14])
		if (nights < to - from)
			bar.append(zoomButton(`the last ${nights}`, to - nights, to));
	bar.append(" or drag over a chart.");
}

document.querySelectorAll("table.sort").forEach(sortTable);
if (charts.length)
	startCharts();
// A link to what is inside of a closed part opens it.
function openTarget() {
	const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));

	for (let at = target; at; at = at.parentElement)
		if (at.tagName == "DETAILS")
			at.open = true;
	if (target)
		target.scrollIntoView();
}
addEventListener("hashchange", openTarget);
openTarget();
