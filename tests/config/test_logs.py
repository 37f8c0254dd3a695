"""The log holds events and ids; what a person typed never reaches it."""

import json
import logging
import logging.config

import pytest

from config.logs import logging_config

SECRET = "Frau Kaya, Hauptstraße 12"


@pytest.fixture
def written(capsys):
    """What lands on standard error, as parsed lines."""
    logging.config.dictConfig(logging_config(as_json=True))

    def lines() -> list[dict]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]

    return lines


def test_an_event_keeps_its_ids(written) -> None:
    logging.getLogger("gemeinsinn.matching").info("match moved match=%s move=%s", 7, "accept")
    [line] = written()
    assert line["event"] == "match moved match=7 move=accept"
    assert line["logger"] == "gemeinsinn.matching"


def test_an_exception_shows_its_way_but_not_its_words(written) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("gemeinsinn.matching").exception("round failed round=%s", 3)
    [line] = written()
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["at"][0]
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_a_library_that_quotes_the_exception_is_cut_short(written) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        logging.getLogger("daphne.server").error("Exception inside application: %s", error, exc_info=error)
    assert SECRET not in json.dumps(written(), ensure_ascii=False)


def test_a_mistake_in_our_code_keeps_its_sentence(written) -> None:
    try:
        None.nothing  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError:
        logging.getLogger("gemeinsinn.matching").exception("broken")
    assert "has no attribute" in written()[0]["error"]
