// The page without a line comes back by itself when the line does.
window.addEventListener("online", () => location.reload());
document.getElementById("nochmal")?.addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
