
"use strict";
// Sorting and filtering. Keys are text that sorts as the numbers do, so that nothing here computes with one.
(() => {
  const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const keyOf = (cell) => cell.dataset.key ?? cell.textContent;
  const compare = (a, b, numbers) => (numbers ? (a < b ? -1 : a > b ? 1 : 0) : words.compare(a, b));

  const sort = (body, rows, column, numbers, turn) => {
    const keyed = rows.map((row, place) => ({ row, place, key: keyOf(row.cells[column]) }));
    keyed.sort((a, b) => {
      // What has no value comes last in both directions.
      if (!a.key || !b.key) return (a.key ? 0 : 1) - (b.key ? 0 : 1) || a.place - b.place;
      return turn * compare(a.key, b.key, numbers) || a.place - b.place;
    });
    body.append(...keyed.map((item) => item.row));
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      if (!("sorts" in head.dataset)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      const numbers = head.classList.contains("n");
      button.addEventListener("click", () => {
        const falls = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        sort(body, rows, column, numbers, falls ? -1 : 1);
      });
    });
  };

  const filterable = (tools, table) => {
    const rows = Array.from(table.tBodies[0].rows);
    const status = tools.querySelector("[role=status]");
    const total = table.tFoot ? "; totals are of all rows" : "";
    let known;
    tools.hidden = false;
    tools.querySelector("input").addEventListener("input", (event) => {
      known ??= rows.map((row) => plain(Array.from(row.cells, (cell) => `${cell.textContent} ${cell.dataset.value ?? ""}`).join(" ")));
      const wanted = plain(event.target.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, place) => {
        row.hidden = !wanted.every((word) => known[place].includes(word));
        if (!row.hidden) shown += 1;
      });
      status.textContent = `${shown} of ${rows.length} rows${shown < rows.length ? total : ""}`;
    });
  };

  for (const holder of document.querySelectorAll(".table")) {
    const table = holder.querySelector("table");
    if (table.tBodies[0].rows.length > 1) sortable(table);
    const tools = holder.querySelector(".tools");
    if (tools) filterable(tools, table);
  }
})();
