"""`python -m scripts.icons`: draws the icons of the installed client out of our own logo, in a browser."""

from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parent.parent / "static" / "icons"
PAPER = "#FBF7F0"
# name -> (pixels, share of the width the logo takes); a maskable one keeps the logo within the circle
SIZES = {"app-192": (192, 0.82), "app-512": (512, 0.82), "app-maskable-512": (512, 0.56)}


def draw() -> None:
    """Writes the three files; the same logo gives the same pictures."""
    logo = (ICONS / "logo.svg").read_text()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for name, (pixels, share) in SIZES.items():
            page = browser.new_page(viewport={"width": pixels, "height": pixels})
            inner = round(pixels * share)
            page.set_content(
                f"<style>html,body{{margin:0;height:100%;background:{PAPER};display:grid;place-items:center}}"
                f"svg{{width:{inner}px;height:{inner}px}}</style>{logo}"
            )
            page.screenshot(path=str(ICONS / f"{name}.png"))
        browser.close()


if __name__ == "__main__":
    draw()
