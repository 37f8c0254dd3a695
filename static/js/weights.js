// The weights of a quarter: number and slider follow each other, and each says what share of the whole it has.
const form = document.querySelector("[data-weights]");
const pairs = [...form.querySelectorAll("[data-slides]")].map((slider) => ({
  slider,
  number: document.getElementById(slider.dataset.slides),
  share: form.querySelector(`[data-share="${slider.dataset.slides}"]`),
}));
const format = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });

function value(pair) {
  return Math.min(100, Math.max(0, Number(pair.number.value) || 0));
}

function tell() {
  const whole = pairs.reduce((sum, pair) => sum + value(pair), 0);
  for (const pair of pairs) pair.share.textContent = whole ? format.format(value(pair) / whole) : "";
}

for (const pair of pairs) {
  pair.slider.hidden = false;
  pair.slider.addEventListener("input", () => {
    pair.number.value = pair.slider.value;
    tell();
  });
  pair.number.addEventListener("input", () => {
    pair.slider.value = value(pair);
    tell();
  });
}
tell();
