"""The limits go on being counted when the cache that all hosts share is away.

What happens while it is there, in front of people: tests/test_hosts.py.
"""

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from bingen_strategy.cache import DatabaseCache
from bingen_strategy.outages import Outage

pytest.importorskip("redis", reason="NOT RUN: the package redis is not installed")

from bingen_strategy import shared_cache
from bingen_strategy.shared_cache import Json, SharedCache


@pytest.fixture
def outage(monkeypatch) -> Outage:
    outage = Outage("The shared cache", "the database's cache")
    monkeypatch.setattr(shared_cache, "_outage", outage)
    return outage


@pytest.fixture
def database(monkeypatch, db) -> DatabaseCache:
    database = caches["default"]
    monkeypatch.setattr(shared_cache, "caches", {"database": database})
    return database


@pytest.fixture
def nowhere(outage, database, tmp_path) -> SharedCache:
    """Return a cache whose server does not exist."""
    return SharedCache(f"unix://{tmp_path}/nowhere.sock", {})


def test_while_the_server_is_away_the_database_counts_and_the_log_says_so_once(
    nowhere, database, caplog
):
    assert nowhere.add("lock", True, timeout=10)
    assert not nowhere.add("lock", True, timeout=10)
    nowhere.set("tries", [2.5, 1.5], 60)
    assert (nowhere.get("tries"), database.get("tries")) == ([2.5, 1.5], [2.5, 1.5])
    nowhere.delete("tries")
    assert nowhere.get("tries", []) == []
    [record] = caplog.records
    assert record.getMessage().startswith(
        "The shared cache cannot be used, the database's cache is asked instead: "
    )


def test_whatever_the_server_complains_of_is_an_outage(nowhere, monkeypatch):
    """Full, only readable, another password: nobody is kept from logging in by any of it."""
    from redis.exceptions import AuthenticationError, OutOfMemoryError, ReadOnlyError

    def complain(error):
        raise error

    for error in (OutOfMemoryError("OOM"), ReadOnlyError("READONLY"), AuthenticationError("WRONG")):
        monkeypatch.setattr(shared_cache, "_outage", Outage("The shared cache", "the database's"))
        monkeypatch.setattr(RedisCache, "get", lambda *_args, error=error: complain(error))
        assert nowhere.get("tries", "none yet") == "none yet"


def test_our_own_faults_are_none_and_come_to_light(nowhere, monkeypatch):
    monkeypatch.setattr(RedisCache, "set", lambda *_args: Json().dumps({1, 2}))
    with pytest.raises(TypeError):
        nowhere.set("tries", {1, 2})


def test_what_lies_in_the_server_is_read_as_data_and_never_run():
    assert Json().loads(Json().dumps([2.5, 1.5]).encode()) == [2.5, 1.5]
    with pytest.raises(ValueError):
        Json().loads(b"cos\nsystem\n(S'true'\ntR.")
