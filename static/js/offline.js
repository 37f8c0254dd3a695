// The page without a line comes back by itself when the line does. The browser says "online" a moment too early, and
// says nothing at all when it was the server that was away: so the page also asks, ever more rarely.
const LONGEST_PAUSE = 60000;
let pause = 2000;
let timer; // one only: "online" and the server may both send us here

function ask() {
  fetch("/healthz", { cache: "no-store" })
    .then((answer) => (answer.ok ? location.reload() : later()))
    .catch(later);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

window.addEventListener("online", ask);
document.getElementById("nochmal")?.addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
later();
