// A button that copies what stands on the page. Without this file there is none: one marks and copies by hand.
for (const place of document.querySelectorAll("[data-copy]")) furnish(place, document.getElementById(place.dataset.copy));

function furnish(place, source) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "kern-btn kern-btn--secondary";
  button.textContent = place.dataset.label;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  place.append(button, " ", said);
  place.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = (await copied(source)) ? place.dataset.done : place.dataset.byHand;
  });
}

// Plain http and old browsers have no clipboard to write to: then the text is marked for the person's own hand.
async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}
