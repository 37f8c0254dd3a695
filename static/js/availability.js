// The week as a grid to click, drag and walk by keyboard. It writes into the plain rows of the form, which stay the truth:
// what is sent is what stands there, and without this script the rows alone do the work.

const DAY_END = 24 * 60;
const form = document.getElementById("week-form");
const place = document.getElementById("week-grid");
const rowsBox = document.getElementById("week-rows");
const dayBoxes = [...form.querySelectorAll("[data-weekday]")];
const PRESETS = {
  mornings: [[0, 1, 2, 3, 4], 9, 12],
  afternoons: [[0, 1, 2, 3, 4], 14, 18],
  evenings: [[0, 1, 2, 3, 4], 18, 21],
  weekend: [[5, 6], 10, 18],
  all_day: [[0, 1, 2, 3, 4, 5, 6], 8, 20],
};

// --- hours as lists of [start, end] in minutes ----------
function minuteOf(text, isEnd) {
  const found = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text.trim());
  if (!found) return null;
  const minute = Number(found[1]) * 60 + Number(found[2] || 0);
  if (isEnd && minute === 0) return DAY_END;
  return minute <= DAY_END ? minute : null;
}

function clock(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function add(spans, start, end) {
  const apart = spans.filter(([a, b]) => b < start || a > end);
  const touching = spans.filter(([a, b]) => b >= start && a <= end);
  const first = Math.min(start, ...touching.map(([a]) => a));
  const last = Math.max(end, ...touching.map(([, b]) => b));
  return [...apart, [first, last]].sort((one, other) => one[0] - other[0]);
}

function remove(spans, start, end) {
  return spans.flatMap(([a, b]) => [[a, Math.min(b, start)], [Math.max(a, end), b]]).filter(([a, b]) => a < b);
}

function covered(spans, start, end) {
  const minutes = spans.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, end) - Math.max(a, start)), 0);
  return minutes === 0 ? "false" : minutes === end - start ? "true" : "mixed";
}

// --- the plain rows ----------
function readDay(box) {
  let spans = [];
  for (const row of box.querySelectorAll(".hours-row")) {
    const [from, to] = row.querySelectorAll("input");
    const start = minuteOf(from.value, false);
    const end = minuteOf(to.value, true);
    if (start !== null && end !== null && start < end) spans = add(spans, start, end);
  }
  return spans;
}

function writeDay(box, spans) {
  const rows = [...box.querySelectorAll(".hours-row")];
  const pattern = rows[0];
  rows.slice(1).forEach((row) => row.remove());
  let last = pattern;
  [...spans, null].forEach((span, number) => {
    const row = number === 0 ? pattern : pattern.cloneNode(true);
    row.classList.remove("wrong");
    row.querySelector(".errorlist")?.remove();
    row.querySelectorAll("input, label").forEach((part) => rename(part, number));
    const [from, to] = row.querySelectorAll("input");
    from.value = span ? clock(span[0]) : "";
    to.value = span ? clock(span[1]) : "";
    if (number > 0) last.after(row);
    last = row;
  });
}

function rename(part, number) {
  for (const name of ["id", "name", "for"]) {
    const value = part.getAttribute(name);
    if (value) part.setAttribute(name, value.replace(/-\d+$/, `-${number}`));
  }
  part.removeAttribute("aria-invalid");
  part.removeAttribute("aria-describedby");
}

// --- what is not saved yet ----------
// Hours tapped and not saved are gone with the page: it says so, and the browser asks before it leaves.
let unsaved = form.dataset.unsaved === "yes";

function changed() {
  unsaved = true;
  document.getElementById("week-unsaved").hidden = false;
  draw();
}

form.addEventListener("submit", () => { unsaved = false; });
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// --- the grid ----------
const cells = new Map(); // "day-hour" -> button
let painting = null; // while dragging: true to set free, false to clear
let focused = [0, 9];

function build() {
  const table = document.createElement("table");
  table.className = "week";
  const caption = table.createCaption();
  caption.textContent = place.dataset.caption;
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"));
  for (const box of dayBoxes) head.append(heading(box.dataset.name.slice(0, 2), "col", box.dataset.name));
  const body = table.createTBody();
  for (let hour = 0; hour < 24; hour += 1) body.append(line(hour));
  place.append(table, moreButton());
  place.hidden = false;
  rowsBox.open = false;
}

function heading(text, scope, full) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.textContent = text;
  if (full) cell.setAttribute("aria-label", full);
  return cell;
}

function line(hour) {
  const row = document.createElement("tr");
  row.dataset.hour = hour;
  row.append(heading(`${hour} ${place.dataset.hour}`, "row"));
  for (const box of dayBoxes) {
    const day = Number(box.dataset.weekday);
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.day = day;
    button.dataset.hour = hour;
    button.tabIndex = -1;
    cells.set(`${day}-${hour}`, button);
    row.insertCell().append(button);
  }
  return row;
}

function moreButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "kern-btn kern-btn--tertiary";
  button.textContent = place.dataset.early;
  button.addEventListener("click", () => {
    place.querySelectorAll("tr[hidden]").forEach((row) => { row.hidden = false; });
    button.remove();
    draw();
  });
  return button;
}

function draw() {
  const spans = dayBoxes.map(readDay);
  for (const [name, button] of cells) {
    const [day, hour] = name.split("-").map(Number);
    const state = covered(spans[day], hour * 60, hour * 60 + 60);
    button.setAttribute("aria-pressed", state);
    const words = { true: place.dataset.free, false: place.dataset.busy, mixed: place.dataset.partly }[state];
    const hours = `${hour}–${hour + 1} ${place.dataset.hour}`;
    button.setAttribute("aria-label", `${dayBoxes[day].dataset.name}, ${hours}: ${words}`);
    button.textContent = state === "true" ? "✓" : "";
    button.tabIndex = day === focused[0] && hour === focused[1] ? 0 : -1;
  }
}

function hideQuietHours() {
  const spans = dayBoxes.flatMap(readDay);
  for (const row of place.querySelectorAll("tbody tr")) {
    const hour = Number(row.dataset.hour);
    const used = covered(spans, hour * 60, hour * 60 + 60) !== "false";
    row.hidden = (hour < 7 || hour > 21) && !used;
  }
}

function set(button, free) {
  const day = Number(button.dataset.day);
  const start = Number(button.dataset.hour) * 60;
  const spans = readDay(dayBoxes[day]);
  writeDay(dayBoxes[day], free ? add(spans, start, start + 60) : remove(spans, start, start + 60));
  changed();
}

function cellAt(event) {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest?.("#week-grid td button");
}

place.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("td button");
  if (!button || event.button !== 0 || event.pointerType === "touch") return; // a finger scrolls; its tap is a click
  painting = button.getAttribute("aria-pressed") !== "true";
  focused = [Number(button.dataset.day), Number(button.dataset.hour)];
  set(button, painting);
});
place.addEventListener("pointermove", (event) => {
  if (painting === null) return;
  const button = cellAt(event);
  if (button && (button.getAttribute("aria-pressed") === "true") !== painting) set(button, painting);
});
addEventListener("pointerup", () => { painting = null; });
addEventListener("pointercancel", () => { painting = null; });
place.addEventListener("click", (event) => {
  const button = event.target.closest("td button");
  if (!button) return;
  const byMouse = event.detail > 0 && event.pointerType !== "touch"; // pointerdown has already done it
  focused = [Number(button.dataset.day), Number(button.dataset.hour)];
  if (byMouse) draw(); else set(button, button.getAttribute("aria-pressed") !== "true");
});
place.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  const button = event.target.closest("td button");
  if (!step || !button) return;
  const next = cells.get(`${Number(button.dataset.day) + step[0]}-${Number(button.dataset.hour) + step[1]}`);
  if (!next || next.closest("tr").hidden) return;
  event.preventDefault();
  focused = [Number(next.dataset.day), Number(next.dataset.hour)];
  draw();
  next.focus();
});

// --- presets and typing ----------
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name='preset']");
  if (!button) return;
  event.preventDefault();
  if (button.value === "none") dayBoxes.forEach((box) => writeDay(box, []));
  const [days, start, end] = PRESETS[button.value] || [[], 0, 0];
  for (const day of days) writeDay(dayBoxes[day], add(readDay(dayBoxes[day]), start * 60, end * 60));
  changed();
});
rowsBox.addEventListener("input", changed);

const openAnyway = rowsBox.querySelector(".wrong");
build();
hideQuietHours();
draw();
if (openAnyway) rowsBox.open = true;
