"""The server of PostgreSQL goes away and comes back, and the room hardly notices."""

import os
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bingen_strategy import settings
from bingen_strategy.postgresql.base import DatabaseWrapper
from measures.overview import _listed
from tests.faults import beside, end_connections
from tests.wsgi import Server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pool"),
]


@pytest.fixture
def restart():
    """Return a function that ends all connections; it returns how many there were."""
    with beside(dbname="postgres") as other:
        yield lambda: end_connections(other)
        connection.close()  # what is left of it is dead, too


@pytest.fixture
def server(signed_in, facilitator, workshop) -> Server:
    server = Server(signed_in(facilitator))
    connection.close()
    return server


def test_after_a_restart_of_the_server_every_request_of_a_burst_is_answered(
    server, workshop, restart
):
    page = workshop.get_absolute_url()
    assert server.burst(page, 24) == [200] * 24
    assert restart() > 1
    assert server.burst(page, 40) == [200] * 40


def test_after_a_restart_the_only_person_who_asks_is_answered_at_once(
    server, workshop, restart, monkeypatch
):
    page = workshop.get_absolute_url()
    server.burst(page, 24)
    pauses = []
    monkeypatch.setattr("psycopg_pool.pool.sleep", pauses.append)
    for _night in range(3):
        assert restart() > 1
        assert [server.get(page) for _each in range(3)] == [200] * 3
    assert pauses == []


def test_plans_are_not_compiled_where_the_database_s_address_has_options_of_its_own():
    url = os.environ["TEST_DATABASE_URL"]
    asked = urlencode({"options": "-c search_path=town -c statement_timeout=7s"}, quote_via=quote)
    given = settings._database(f"{url}{'&' if '?' in url else '?'}{asked}")
    other = DatabaseWrapper({**connection.settings_dict, **given}, alias="with options")
    names = ("jit", "lock_timeout", "search_path", "statement_timeout")
    try:
        for _time in range(2):  # new, then out of the pool
            with other.cursor() as cursor:
                cursor.execute("SELECT " + ", ".join(f"current_setting('{n}')" for n in names))
                assert cursor.fetchone() == ("off", "10s", "town", "7s")
            other.close()
        assert other.pool.get_stats()["requests_num"] == 2
    finally:
        other.close_pool()


def test_plans_are_not_compiled_and_nobody_waits_for_a_lock_for_ever(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('lock_timeout')")
        assert cursor.fetchone() == ("off", "10s")


def test_the_server_plans_a_statement_of_ours_once_a_connection(workshop):
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        for _time in range(4):
            assert list(_listed(workshop.pk)) == []
        assert {f"= {workshop.pk} " in query["sql"] for query in asked.captured_queries} == {True}
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%measures_measure%'"
        )
        assert cursor.fetchone() == (1,)
