"""The log holds events and ids; what a person typed never reaches it."""

import io
import json
import logging

import pytest

from config.logs import NoQuotedErrors, logging_config

SECRET = "Frau Kaya, Hauptstraße 12"


@pytest.fixture
def written():
    """Two loggers on the house's handler, ours and a library's; gives the lines they left, parsed."""
    made, paper = logging_config(as_json=True), io.StringIO()
    formatter = dict(made["formatters"]["house"])
    handler = logging.StreamHandler(paper)
    handler.setFormatter(formatter.pop("()")(**formatter))
    handler.addFilter(NoQuotedErrors())
    loggers = [logging.getLogger(name) for name in ("gemeinsinn.probe", "daphne.probe")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in paper.getvalue().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)


def test_an_event_keeps_its_ids(written) -> None:
    logging.getLogger("gemeinsinn.probe").info("match moved match=%s move=%s", 7, "accept")
    [line] = written()
    assert line["event"] == "match moved match=7 move=accept"
    assert line["logger"] == "gemeinsinn.probe"


def test_an_exception_shows_its_way_but_not_its_words(written) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("gemeinsinn.probe").exception("round failed round=%s", 3)
    [line] = written()
    assert line["event"] == "round failed round=3"
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["at"][0]
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_a_library_that_quotes_the_exception_is_cut_short(written) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        logging.getLogger("daphne.probe").error("Exception inside application: %s", error, exc_info=error)
    [line] = written()
    assert line["event"] == "Exception inside application"
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_a_mistake_in_our_code_keeps_its_sentence(written) -> None:
    try:
        None.nothing  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError:
        logging.getLogger("gemeinsinn.probe").exception("broken")
    assert "has no attribute" in written()[0]["error"]
