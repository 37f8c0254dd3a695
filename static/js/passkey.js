// Shows what only works with scripts, and says in a sentence when a passkey did not work.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
});

document.addEventListener("allauth.error", (event) => {
  const sentence = document.getElementById("passkey-error");
  if (!sentence) return;
  event.preventDefault();
  sentence.hidden = false;
});
