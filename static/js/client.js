// The service worker shows a page where there is no line; it keeps nothing of a person (templates/client/worker.js).
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
// Whoever looks at a page needs no hint any more.
navigator.serviceWorker?.ready
  .then((worker) => worker.getNotifications())
  .then((hints) => hints.forEach((hint) => hint.close()))
  .catch(() => {});
