"""Redis or Valkey as the cache that all hosts share; loaded only where CACHE_URL names one."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bingen_strategy.outages import Outage

# Of a process, not of a thread: each of Django's threads has a cache object of its own.
_outage = Outage("The shared cache", "the database's cache")


class Json:
    """Writes what rate limits consist of: numbers and lists of them.

    Django's own unpickles what it finds, and so runs whatever somebody in that server put there.
    """

    def dumps(self, value: object) -> str:
        return json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def _either(name: str) -> Callable:
    """Return a method that asks the shared cache, and the database's while that one is away."""

    def ask(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        if _outage.may_ask():
            try:
                found = getattr(self.shared, name)(*args, **kwargs)
            except RedisError as error:
                _outage.failed(error)
            else:
                _outage.answered()
                return found
        return getattr(caches["database"], name)(*args, **kwargs)

    ask.__name__ = name
    return ask


class SharedCache(BaseCache):
    """Counts rate limits in a server of its own, and goes on counting when that one is away.

    The database is there whenever somebody can log in at all, and all hosts share it, too. So its
    failure neither locks a hall out nor opens the door: at worst the count begins anew.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._server, self._params = server, params

    @cached_property
    def shared(self) -> RedisCache:
        options = {
            "serializer": Json,
            "socket_connect_timeout": 1,  # seconds
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 1),  # a connection from before a restart of that server
        }
        return RedisCache([self._server], {**self._params, "OPTIONS": options})

    add, get, set = _either("add"), _either("get"), _either("set")
    touch, delete, has_key = _either("touch"), _either("delete"), _either("has_key")
    get_many, set_many = _either("get_many"), _either("set_many")
    delete_many, incr, clear = _either("delete_many"), _either("incr"), _either("clear")
