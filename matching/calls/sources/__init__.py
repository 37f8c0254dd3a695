"""Matching's own sources, one file per kind of row."""

from matching.calls import registry
from matching.calls.sources import arranging, endings, news, pairs, visits


def register() -> None:
    """All of them, in the order of the page."""
    registry.register(*visits.SOURCES, *pairs.SOURCES, *arranging.SOURCES, *endings.SOURCES, *news.SOURCES)
