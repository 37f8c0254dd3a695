"""A Redis that is away or full costs nobody an answer."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("redis")
from core.cache import ForgivingRedisCache
from tests.faults.parts import Redis
from tests.faults.ports import free_port


@pytest.fixture
def redis(tmp_path: Path):
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server here")
    server = Redis(tmp_path)
    server.start()
    yield server
    server.kill()


def _use(cache: ForgivingRedisCache) -> list:
    cache.set("one", 1)
    cache.set_many({"two": 2})
    found = [cache.get("one"), cache.get("two", "nothing"), cache.get_many(["one"]), cache.has_key("one")]
    return [*found, cache.add("one", 3), cache.touch("one"), cache.delete("one"), cache.delete_many(["two"])]


EMPTY = [None, "nothing", {}, False, True, False, False, None]


def test_away_is_as_if_it_were_empty():
    assert _use(ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})) == EMPTY


def test_it_keeps_what_it_is_given(redis):
    cache = ForgivingRedisCache(redis.url, {})
    assert _use(cache) == [1, 2, {"one": 1}, True, False, True, True, None]
    redis.kill()
    assert _use(cache) == EMPTY
    redis.start()
    assert _use(cache) == [1, 2, {"one": 1}, True, False, True, True, None]


def test_a_full_one_keeps_nothing_and_says_so_to_nobody(redis):
    cache = ForgivingRedisCache(redis.url, {})
    redis.fill()
    assert _use(cache)[:3] == [None, "nothing", {}]
    assert cache.add("one", 1) is True
    redis.give_room()
    assert _use(cache)[0] == 1
