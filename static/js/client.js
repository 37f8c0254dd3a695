// The service worker shows a page where there is no line; it keeps nothing of a person (templates/client/worker.js).
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
