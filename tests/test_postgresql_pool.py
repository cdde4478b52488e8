"""The server of PostgreSQL goes away and comes back, and the room hardly notices."""

import psycopg
import pytest
from django.db import connection

from tests.wsgi import Server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pool"),
]


@pytest.fixture
def elsewhere():
    """Return a connection to another database of the server, like an operator's."""
    with psycopg.connect(**_address(dbname="postgres"), autocommit=True) as other:
        yield other
        connection.close()  # what is left of it is dead, too


def _address(**more) -> dict:
    names = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params() | more
    return {name: given[name] for name in names if given.get(name)}


@pytest.fixture
def server(signed_in, facilitator, workshop) -> Server:
    server = Server(signed_in(facilitator))
    connection.close()
    return server


def end_all(other: psycopg.Connection) -> int:
    """End every connection to our database, as a restart of the server does; return how many."""
    name = connection.settings_dict["NAME"]
    ended = other.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
    )
    return len(ended.fetchall())


def test_after_a_restart_of_the_server_every_request_of_a_burst_is_answered(
    server, workshop, elsewhere
):
    page = workshop.get_absolute_url()
    assert server.burst(page, 24) == [200] * 24
    assert end_all(elsewhere) > 1
    assert server.burst(page, 40) == [200] * 40


def test_after_a_restart_the_only_person_who_asks_is_answered_at_once(
    server, workshop, elsewhere, monkeypatch
):
    page = workshop.get_absolute_url()
    server.burst(page, 24)
    pauses = []
    monkeypatch.setattr("psycopg_pool.pool.sleep", pauses.append)
    for _night in range(3):
        assert end_all(elsewhere) > 1
        assert [server.get(page) for _each in range(3)] == [200] * 3
    assert pauses == []


def test_plans_are_not_compiled_and_nobody_waits_for_a_lock_for_ever(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('lock_timeout')")
        assert cursor.fetchone() == ("off", "10s")
