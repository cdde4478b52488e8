"""The database of the tests: migrated once per state of the migrations, emptied where it was used.

Migrating from nothing takes seconds in every process. Its result is kept in pytest's cache (for
SQLite the file, for PostgreSQL the statements) under a name that says which migrations on which
packages and which database made it, so what is kept is used only while it is what migrating makes.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

ROOT = Path(__file__).parent.parent
Told = TypeVar("Told")
NEWEST = (
    24  # databases that are kept; whoever changes branches has several states of the migrations
)


def needed_by(item: pytest.Item) -> bool:
    """Tell whether a test is about data; the others need not run on every database."""
    uses = {"db", "transactional_db", "live_server"} & {*getattr(item, "fixturenames", ())}
    return bool(uses) or item.get_closest_marker("django_db") is not None


# Making it --------------------------------------------------------------------------------------

_kept_in: Path | None = None


@contextlib.contextmanager
def database(kept_in: Path | None) -> Iterator[None]:
    """Let the connection lead to a migrated database of this process, which goes at the end."""
    global _kept_in
    _kept_in = kept_in
    before = settings.DATABASES["default"]["NAME"]
    creation = connection.creation
    name = creation._get_test_db_name()
    creation._create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    _once("today", _migrate)
    yield
    creation.destroy_test_db(before, verbosity=0)


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)


def _state() -> str:
    """Name what a migrated database depends upon."""
    state = hashlib.sha256()
    own = (Path(app.path) for app in apps.get_app_configs() if ROOT in Path(app.path).parents)
    files = [path for app in own for path in (app / "migrations").glob("*.py")]
    for path in [Path(__file__), ROOT / "requirements.txt", *sorted(files)]:
        state.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    state.update(str(connection.get_database_version()).encode())
    return state.hexdigest()[:16]


def take_back(targets: list[tuple[str, str]]) -> None:
    """Take the tables, all of them empty, back to where these migrations had left them.

    Going back takes Django longer than all that a test of a migration is about.
    """
    name = hashlib.sha256(repr(targets).encode()).hexdigest()[:16]
    _once(name, lambda: MigrationExecutor(connection).migrate(targets))


def _once(name: str, change: Callable[[], None]) -> None:
    """Change the tables; where that was done before do what came of it."""
    if _kept_in is None:
        change()
        return
    kept = _kept_in / f"{connection.vendor}-{_state()}-{name}"
    make, keep = _WAYS[connection.vendor]
    if kept.exists():
        kept.touch()
        make(kept)
        return
    draft = kept.with_name(f"{kept.name}.{os.getpid()}")
    keep(draft, change)
    draft.replace(kept)
    old = sorted(kept.parent.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in old[:-NEWEST]:
        path.unlink(missing_ok=True)


def _copy_file(kept: Path) -> None:
    connection.close()
    file = connection.settings_dict["NAME"]
    # A log that belongs to the file before would be played into this one.
    for log in (f"{file}-wal", f"{file}-shm"):
        Path(log).unlink(missing_ok=True)
    # A connection that a thread of the test before has left would lock the same file.
    shutil.copyfile(kept, f"{file}-new")
    Path(f"{file}-new").replace(file)


def _keep_file(draft: Path, change: Callable[[], None]) -> None:
    change()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(draft)])


def _repeat_statements(kept: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in json.loads(kept.read_text("utf-8")):
            cursor.execute(statement)


def _keep_statements(draft: Path, change: Callable[[], None]) -> None:
    statements: list[str] = []

    def note(execute, sql, params, many, context):
        each = params if many else [params]
        statements.extend(connection.ops.compose_sql(sql, values) for values in each)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        change()
    draft.write_text(json.dumps(statements), "utf-8")


_WAYS = {
    "sqlite": (_copy_file, _keep_file),
    "postgresql": (_repeat_statements, _keep_statements),
}


# Emptying it ------------------------------------------------------------------------------------


def empty() -> None:
    """Delete every row but what migrating itself stores; for tests that commit.

    Django's own flush empties all tables, the empty ones too, and then makes all content types and
    permissions anew, which takes longer than most tests.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _used(cursor):
            cursor.execute(f"DELETE FROM {table}")  # foreign keys are checked at the commit


def _used(cursor) -> list[str]:
    """Return the quoted names of all tables that hold rows which migrating does not store."""
    migrated = {ContentType._meta.db_table, Permission._meta.db_table}
    names = [*connection.introspection.django_table_names(include_views=False), _rate_limits()]
    tables = [connection.ops.quote_name(name) for name in names if name not in migrated]
    parts = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables]
    cursor.execute(" UNION ALL ".join(parts))
    return [table for (table,) in cursor.fetchall()]


def _rate_limits() -> str:
    return settings.CACHES["default"]["LOCATION"]


# Filling it -------------------------------------------------------------------------------------

_filled: dict[Callable, tuple[object, list[tuple]]] = {}


def filled_by(build: Callable[[], Told]) -> Told:
    """Fill the empty database; from the second time on with the rows of the first.

    ``build`` returns what leads to its rows, their ids for instance, and not the rows themselves.
    """
    if build not in _filled:
        told = build()
        _filled[build] = told, _rows()
        return told
    told, rows = _filled[build]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, values in rows:
            cursor.executemany(statement, values)
    return told


def _rows() -> list[tuple]:
    """Return for each table what inserts its rows."""
    found = []
    with connection.cursor() as cursor:
        for table in _used(cursor):
            cursor.execute(f"SELECT * FROM {table}")
            names = [connection.ops.quote_name(column[0]) for column in cursor.description]
            places = ["%s"] * len(names)
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(places)})"
            found.append((statement, cursor.fetchall()))
    return found
