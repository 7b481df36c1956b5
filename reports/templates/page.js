"use strict";
// Two things that need a script: tables sort, and curves tell their values under the
// pointer. Without it all of both is there. Text is only ever set as text.
(() => {
  const make = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text ?? "";
    return element;
  };

  // Numbers as the page writes them, to three digits: 0.0488, 1,797, −3, 1.2×10⁻⁷.
  const number = (value) => {
    if (value === null) return "no bound";
    if (value === 0) return "0";
    const size = Math.abs(value);
    const digits = size < 1e-4 || size >= 1e6
      ? { notation: "scientific", minimumFractionDigits: 1, maximumFractionDigits: 1 }
      : size >= 999.5 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
    const power = (_, n) => "×10" + [...n].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
    const said = size.toLocaleString("en-US", { ...digits, roundingMode: "halfEven" });
    return (value < 0 ? "−" : "") + said.replace(/E(.+)/, power);
  };

  // A click on a heading sorts upwards, the next one downwards, the third undoes it.
  const AFTER = { none: "ascending", ascending: "descending", descending: "none" };
  const sortable = (table) => {
    const body = table.tBodies[0], rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    if (rows.length < 3) return;
    const keys = (column, numeric) => rows.map((row) => {
      const cell = row.cells[column];
      if (!numeric) return [cell?.textContent.trim() || null, row];
      return [cell?.dataset.value ? Number(cell.dataset.value) : null, row];
    });
    const order = (sign) => ([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
    };
    const sort = (head, column, numeric) => {
      const next = AFTER[head.getAttribute("aria-sort") ?? "none"];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (next === "none") return body.append(...rows);
      head.setAttribute("aria-sort", next);
      const sorted = keys(column, numeric).sort(order(next === "ascending" ? 1 : -1));
      body.append(...sorted.map(([, row]) => row));
    };
    heads.forEach((head, column) => {
      const numeric = rows.some((row) => row.cells[column]?.dataset.value);
      if (!numeric && column > 0 && head.dataset.sort !== "text") return;
      const button = make("button");
      button.type = "button";
      button.title = "Sort by this column";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(head, column, numeric));
    });
    table.classList.add("sorts");
  };

  // A figure's panels, each with its scales in units of the picture.
  const at = ([log, start, place, step], value) =>
    place + step * ((log ? Math.log10(value) : value) - start);
  const shape = (group, name, attributes) => {
    const drawn = document.createElementNS(group.namespaceURI, name);
    Object.entries(attributes).forEach((pair) => drawn.setAttribute(...pair));
    group.append(drawn);
  };
  // The point of a line at a place: the nearest, or the last one of a line that jumps.
  const nearest = ({ places, jumps }, place) => places.reduce((best, x, i) => {
    const off = (k) => Math.abs(places[k] - place);
    return (jumps ? x <= place + 0.01 : best < 0 || off(i) < off(best)) ? i : best;
  }, -1);
  const stopsOf = (panel) => {
    const stops = new Map();
    panel.lines.forEach((line) => {
      line.xs = panel.xs[line.x];
      line.places = line.xs.map((x) => at(panel.x, x));
      line.places.forEach((place, i) => stops.set(place, { panel, place, x: line.xs[i] }));
    });
    return [...stops.values()].sort((a, b) => a.place - b.place);
  };
  const row = (line, i, away) => {
    const said = make("p"), sample = make("i"), value = make("span", number(line.y[i]));
    const [low, high] = [line.low?.[i] ?? null, line.high?.[i] ?? null];
    if (low !== null || high !== null) value.append(` (${number(low)} to ${number(high)})`);
    if (away) value.append(` at ${number(line.xs[i])}`);
    sample.style.background = line.colour;
    said.append(sample, make("bdi", line.name), value);
    return said;
  };

  const telling = (figure) => {
    const svg = figure.querySelector("svg"), view = svg.viewBox.baseVal, tip = make("div");
    const group = document.createElementNS(svg.namespaceURI, "g");
    const panels = JSON.parse(figure.querySelector("script").textContent);
    const stops = panels.flatMap(stopsOf);
    let now = -1;
    Object.assign(tip, { className: "tip", role: "status", hidden: true });
    svg.append(group);
    figure.append(tip);
    figure.tabIndex = 0;
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", "Values of the curves: left and right arrow keys");

    const hide = () => { tip.hidden = true; group.replaceChildren(); };
    const show = ({ panel, place, x }) => {
      const [, top, , bottom] = panel.box;
      hide();
      tip.replaceChildren(make("b", `${panel.label && `${panel.label}: `}${number(x)}`));
      shape(group, "path", { d: `M${place} ${top}V${bottom}`, class: "rule" });
      panel.lines.forEach((line) => {
        const i = nearest(line, place);
        if (i < 0) return;
        const cx = line.jumps ? place : line.places[i], cy = at(panel.y, line.y[i]);
        if (cy > top - 1 && cy < bottom + 1) shape(group, "circle", { cx, cy, r: 4, fill: line.colour });
        tip.append(row(line, i, Math.abs(cx - place) > 0.75));
      });
      tip.style.top = `${100 * panel.below / view.height}%`;
      tip.hidden = false;
      tip.style.marginTop = "0"; // what would lie below the window moves up into it
      const spare = window.innerHeight - tip.getBoundingClientRect().bottom;
      tip.style.marginTop = `${Math.min(0, spare)}px`;
    };
    const point = ({ clientX, clientY }) => {
      const seen = svg.getBoundingClientRect(), scale = view.width / seen.width;
      const x = (clientX - seen.left) * scale, y = (clientY - seen.top) * scale;
      const panel = panels.findLast(({ box: [left, top, right, bottom] }) =>
        x > left - 8 && x < right + 8 && y > top - 8 && y < bottom + 8);
      if (!panel) return hide();
      const off = (stop) => (stop.panel === panel ? Math.abs(stop.place - x) : Infinity);
      now = stops.reduce((best, stop, i) => (off(stop) < off(stops[best]) ? i : best), 0);
      show(stops[now]);
    };
    figure.addEventListener("pointermove", point);
    figure.addEventListener("pointerdown", point);
    figure.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && hide());
    figure.addEventListener("blur", hide);
    figure.addEventListener("keydown", (event) => {
      const end = stops.length - 1, steps = { ArrowLeft: -1, ArrowRight: 1, Home: -end, End: end };
      if (event.key === "Escape") hide();
      if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      now = Math.min(Math.max(now + steps[event.key], 0), end);
      show(stops[now]);
    });
  };

  document.querySelectorAll("table[data-sorts]").forEach(sortable);
  document.querySelectorAll("div.curves").forEach(telling);
})();
