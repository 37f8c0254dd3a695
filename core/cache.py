"""
The cache in Redis. What it holds is a fence (limits of requests) or saves a second look; no answer depends on it.

So while Redis is away, full or restarting, the house goes on as if the cache were empty, and says so in the log.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger("gemeinsinn.core")
WAIT_SECONDS = 1.0  # for a Redis that answers nothing


def _forgiving(name: str, instead: Callable[..., Any]) -> Callable[..., Any]:
    """The client's method; `instead` says what an empty cache would answer."""
    asked = getattr(RedisCacheClient, name)

    def ask(self: Any, *args: Any, **named: Any) -> Any:
        try:
            return asked(self, *args, **named)
        except RedisError as problem:
            log.warning("cache away asked=%s problem=%s", name, type(problem).__name__)
            return instead(*args, **named)

    return ask


class _Client(RedisCacheClient):
    add = _forgiving("add", lambda *_, **__: True)
    get = _forgiving("get", lambda key, default=None: default)
    get_many = _forgiving("get_many", lambda *_, **__: {})
    set = _forgiving("set", lambda *_, **__: None)
    set_many = _forgiving("set_many", lambda *_, **__: None)
    touch = _forgiving("touch", lambda *_, **__: False)
    has_key = _forgiving("has_key", lambda *_, **__: False)
    delete = _forgiving("delete", lambda *_, **__: False)
    delete_many = _forgiving("delete_many", lambda *_, **__: None)


class ForgivingRedisCache(RedisCache):
    """Django's own, without its errors while Redis is away. Counting (`incr`) and `clear` still raise."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        waits = {"socket_timeout": WAIT_SECONDS, "socket_connect_timeout": WAIT_SECONDS}
        super().__init__(server, params | {"OPTIONS": waits | params.get("OPTIONS", {})})
        self._class = _Client
