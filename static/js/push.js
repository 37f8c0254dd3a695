// Hints on this device: asks the browser, and tells the house where its push service takes them.
"use strict";

const part = document.getElementById("geraet");
const form = part?.querySelector("form[data-switch-on]");
const said = part?.querySelector("[data-said]");
const words = part?.dataset;
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function sumOf(text) {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A subscription the house does not know is nobody's: of somebody before, or taken off the list.
async function look() {
  const worker = await navigator.serviceWorker.ready;
  const mine = await worker.pushManager.getSubscription();
  const known = mine && words.sums.split(" ").includes(await sumOf(mine.endpoint));
  if (mine && !known) await mine.unsubscribe();
  if (known) say(words.on);
  else if (Notification.permission === "denied") say(words.denied);
  else form.hidden = false;
}

async function switchOn() {
  const worker = await navigator.serviceWorker.ready;
  if ((await Notification.requestPermission()) !== "granted") return say(words.denied);
  const mine = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(words.key) });
  const { endpoint, keys } = mine.toJSON();
  const answer = await fetch(words.door, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
  });
  if (answer.ok) return location.reload();
  await mine.unsubscribe();
  return say(words.failed);
}

part?.querySelector("[data-plain]")?.remove();
if (form && able) {
  look().catch(() => say(words.failed));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    switchOn().catch(() => say(words.failed)).finally(() => { button.disabled = false; });
  });
} else if (form) {
  say(words.unable);
}
