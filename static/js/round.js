// A round on its way: the bar and its words follow once a second. Without scripts the page loads itself anew.
const box = document.querySelector("[data-round]");
const words = box.querySelector("[data-words]");
const bar = box.querySelector("progress");
let step = "";
let said = 0;

function show(now) {
  if (now.of) {
    bar.max = now.of;
    bar.value = now.done;
  } else {
    bar.removeAttribute("value");
  }
  // Read aloud by screen readers: each new step at once, numbers at most every five seconds.
  if (now.step !== step || Date.now() - said > 5000) {
    words.textContent = now.words;
    step = now.step;
    said = Date.now();
  }
}

async function look() {
  try {
    const answer = await fetch(box.dataset.round, { headers: { Accept: "application/json" } });
    const now = await answer.json();
    if (!answer.ok || (now.state !== "waiting" && now.state !== "running")) {
      location.reload();
      return;
    }
    show(now);
  } catch {
    // the line is down for a moment: asked again
  }
  setTimeout(look, 1000);
}

look();
