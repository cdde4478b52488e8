"""Real faults of the real database: held by somebody else, full, only readable, gone.

    with fault("full"): client.post(…)

Each ends with the block. The connections of the test end with it, so it needs a test with
``transaction=True``.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import psycopg
from django.db import connection

FAULTS = ("locked", "full", "readonly", "away")
TABLES = "workshops_workshoprevision, measures_measure, measures_rating"


@contextmanager
def fault(kind: str, tables: str = TABLES) -> Iterator[None]:
    """Let the database fail; ``tables`` are those that somebody holds or that are full."""
    begin = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with begin(kind, tables):
        yield


# SQLite -----------------------------------------------------------------------------------------
@contextmanager
def _on_sqlite(kind: str, _tables: str) -> Iterator[None]:
    name, options = connection.settings_dict["NAME"], connection.settings_dict["OPTIONS"]
    changes = {
        "locked": {"OPTIONS": options | {"timeout": 0.05}},
        "full": {"OPTIONS": options | {"init_command": "PRAGMA max_page_count = 1"}},
        "readonly": {"OPTIONS": options | {"init_command": "PRAGMA query_only = ON"}},
        "away": {"NAME": f"{name}.nowhere/db.sqlite3"},
    }[kind]
    if kind == "full":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # leaves no page of what was deleted
    connection.close()
    other = sqlite3.connect(name, isolation_level=None)
    if kind == "locked":
        other.execute("BEGIN IMMEDIATE")
    with mock.patch.dict(connection.settings_dict, changes):
        try:
            yield
        finally:
            connection.close()
            other.close()


# PostgreSQL -------------------------------------------------------------------------------------
def beside(**more) -> psycopg.Connection:
    """Return a connection of an operator's, without any pool."""
    names = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params() | more
    return psycopg.connect(**{n: given[n] for n in names if given.get(n)}, autocommit=True)


def end_connections(other: psycopg.Connection) -> int:
    """End every other connection to our database, as a restart does; return how many."""
    ended = other.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> pg_backend_pid()",
        [connection.settings_dict["NAME"]],
    )
    return len(ended.fetchall())


@contextmanager
def _on_postgresql(kind: str, tables: str) -> Iterator[None]:
    options = connection.settings_dict["OPTIONS"]
    flags = {
        "locked": "-c lock_timeout=100ms",
        "slow": "-c statement_timeout=100ms",
        "readonly": "-c default_transaction_read_only=on",
    }
    options = options | {"options": flags.get(kind, ""), "pool": {"max_size": 10, "timeout": 0.5}}
    connection.close()
    connection.close_pool()
    with mock.patch.dict(connection.settings_dict, {"OPTIONS": options}):
        try:
            with _HOLD.get(kind, _nothing)(tables):
                yield
        finally:
            connection.close()
            connection.close_pool()


@contextmanager
def _nothing(_tables: str) -> Iterator[None]:
    yield


@contextmanager
def _held(tables: str) -> Iterator[None]:
    with beside() as other, other.transaction():
        other.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def _full(tables: str, *, at_commit: bool = False) -> Iterator[None]:
    """Let every new version of a row say what a full disk says."""
    how = "CONSTRAINT TRIGGER disk AFTER INSERT OR UPDATE ON {} DEFERRABLE INITIALLY DEFERRED"
    how = how if at_commit else "TRIGGER disk BEFORE INSERT OR UPDATE ON {}"
    with beside() as other:
        other.execute(
            "CREATE FUNCTION disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'could not extend file'; END $$"
        )
        try:
            for table in tables.split(", "):
                other.execute(f"CREATE {how.format(table)} FOR EACH ROW EXECUTE FUNCTION disk()")
            yield
        finally:
            other.execute("DROP FUNCTION disk CASCADE")


@contextmanager
def _full_at_commit(tables: str) -> Iterator[None]:
    with _full(tables, at_commit=True):
        yield


@contextmanager
def _away(_tables: str) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    with beside(dbname="postgres") as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            end_connections(other)
            yield
        finally:
            other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


_HOLD = {
    "locked": _held,
    "slow": _held,
    "full": _full,
    "full at commit": _full_at_commit,
    "away": _away,
}
