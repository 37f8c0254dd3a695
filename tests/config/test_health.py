"""Whoever watches the machine gets an answer without logging in."""

import pytest

from config import health


def test_the_process_says_it_is_up(client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db(transaction=True)
async def test_ready_when_database_and_layer_answer(async_client) -> None:
    answer = await async_client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db(transaction=True)
async def test_not_ready_says_which_part_is_missing(async_client, monkeypatch) -> None:
    async def broken() -> None:
        raise ConnectionError("the layer is away")

    monkeypatch.setattr(health, "_layer", broken)
    answer = await async_client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready: layer\n")
