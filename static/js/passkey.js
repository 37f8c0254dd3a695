// Shows what only works with scripts, and says in a sentence when a passkey did not work.
"use strict";

// Passkeys belong to a name; at a bare address such as 127.0.0.1 no browser gives or takes one.
const atBareAddress = /^[\d.]+$|:/.test(location.hostname);

document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential || atBareAddress) return;
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
});

document.addEventListener("allauth.error", (event) => {
  const sentence = document.getElementById("passkey-error");
  if (!sentence) return;
  event.preventDefault();
  sentence.hidden = false;
});
