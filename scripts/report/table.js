// table.js: a click on a column's head sorts its table by that column, again
// turns it round.  Without it the tables stand as they are.
"use strict";

function value(row, column) {
	const cell = row.cells[column];
	const text = cell.dataset.value ?? cell.textContent;
	return text !== "" && !isNaN(text) ? Number(text) : text;
}

// What is unknown stands last, whichever way.
function compare(a, b, way) {
	if (a === "" || b === "")
		return (a === "") - (b === "");
	if (typeof a === "number" && typeof b === "number")
		return way * (a - b);
	return way * String(a).localeCompare(String(b));
}

function sort(table, head) {
	const column = head.cellIndex;
	const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
	const body = table.tBodies[0];
	const rows = [...body.rows].sort((a, b) =>
		compare(value(a, column), value(b, column), way));

	for (const other of head.parentNode.cells)
		other.removeAttribute("aria-sort");
	head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
	body.replaceChildren(...rows);
}

for (const table of document.querySelectorAll("table")) {
	for (const head of table.tHead.rows[0].cells) {
		const button = document.createElement("button");
		button.type = "button";
		button.append(...head.childNodes);
		button.addEventListener("click", () => sort(table, head));
		head.append(button);
	}
}
