// Enlivens the desk for a hand on the keyboard: j and k walk the list, every other key is the one a button names
// itself (data-key). Everything works without.
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

function links() {
  return [...document.querySelectorAll("[data-rows] .row > a:first-child")];
}

function walk(step) {
  const all = links();
  if (!all.length) return;
  const focused = all.indexOf(document.activeElement);
  const opened = all.findIndex((link) => link.getAttribute("aria-current"));
  const from = focused >= 0 ? focused : opened;
  const to = from < 0 ? 0 : Math.min(Math.max(from + step, 0), all.length - 1);
  all[to].focus();
}

const keys = {
  j: () => walk(1),
  k: () => walk(-1),
};

function named(key) {
  const button = /^[a-z0-9]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  return button && (() => button.click());
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const act = keys[event.key] ?? named(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});
