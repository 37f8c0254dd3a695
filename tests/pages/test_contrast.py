"""Every text pair of tokens.css reaches 7:1 in light and dark, every edge that carries meaning 3:1."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SURFACES = ("paper", "card", "sunk")
TEXT_PAIRS = [
    *[(text, surface) for text in ("ink", "soft-ink") for surface in SURFACES],
    *[("primary", surface) for surface in ("paper", "card", "primary-wash")],
    ("primary-strong", "primary-wash"),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-warmth", "warmth"),
    *[(tone, f"{tone}-wash") for tone in ("good", "careful", "stop")],
    *[("ink", f"{tone}-wash") for tone in ("primary", "warmth", "good", "careful", "stop")],
    ("soft-ink", "primary-wash"),
    ("soft-ink", "warmth-wash"),
    ("stop", "card"),
    ("stop", "paper"),
    ("paper", "ink"),
]
EDGE_PAIRS = [("edge", "card"), ("edge", "paper"), ("focus-outer", "paper"), ("focus-outer", "card")]


def tokens() -> dict[str, dict[str, str]]:
    css = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    dark = dark.split("/* KERN")[0]
    read = re.compile(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6});")
    of_light = dict(read.findall(light))
    return {"light": of_light, "dark": of_light | dict(read.findall(dark))}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_reaches_seven_to_one(mode, text, ground):
    colours = tokens()[mode]
    assert contrast(colours[text], colours[ground]) >= 7, (mode, text, ground)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_controls_reach_three_to_one(mode, edge, ground):
    colours = tokens()[mode]
    assert contrast(colours[edge], colours[ground]) >= 3, (mode, edge, ground)
