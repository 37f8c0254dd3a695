"""One change against a full round: the same optimum, found by repairing what was there."""

from bench._alone import Line


def lines(quick: bool) -> list[Line]:
    return []
