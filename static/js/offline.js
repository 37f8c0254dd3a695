// The page without a line comes back by itself when the line does. The browser says "online" a moment too early, and
// says nothing at all when it was the server that was away: so the page also asks, ever more rarely.
const LONGEST_PAUSE = 60000;
const again = document.getElementById("nochmal");
const back = wayBack();
const itself = location.pathname === again.dataset.itself; // else it stands where another page was wanted
let pause = 2000;
let timer; // one only: "online" and the server may both send us here

// An answer that did not leave: the service worker says on which page it was given. Never a page of somebody else.
function wayBack() {
  const path = new URLSearchParams(location.hash.slice(1)).get("zurueck");
  if (!path) return "";
  const address = new URL(path, location.origin);
  return address.origin === location.origin ? address.href : "";
}

// Opened by itself there is nothing here to load again: to the page one came from, else to the first one.
function goOn() {
  if (!itself) return location.reload();
  const from = document.referrer ? new URL(document.referrer) : null;
  const ours = from && from.origin === location.origin && from.pathname !== location.pathname;
  location.replace(ours ? from.href : again.dataset.start);
}

// Whoever has to give an answer again reads that first, and goes by themselves.
function cameBack() {
  if (!back) return goOn();
  document.getElementById("wieder-da").hidden = false;
}

function ask() {
  fetch("/healthz", { cache: "no-store" })
    .then((answer) => (answer.ok ? cameBack() : later()))
    .catch(later);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

if (back) {
  document.getElementById("nicht-gesendet").hidden = false;
  document.getElementById("von-selbst").hidden = true;
  again.querySelector("[data-back]").textContent = again.querySelector("[data-back]").dataset.back;
  again.href = back;
} else {
  again.addEventListener("click", (event) => {
    event.preventDefault();
    goOn();
  });
}
window.addEventListener("online", ask);
if (itself && !back) ask(); // the line may never have been away
else later();
