"""The server starts on a database that fits the program, and on one that it cannot see yet."""

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError

from bingen_strategy.schema import misfit
from tests.faults import fault
from tests.suite import SAFE

ROOT = Path(__file__).parent.parent
MIGRATE = "run python manage.py migrate before the server."
pytestmark = pytest.mark.django_db(transaction=True)

[(_app, NEWEST)] = MigrationLoader(None).graph.leaf_nodes("measures")


@pytest.fixture
def recorded():
    """Return what the database says of its migrations; it says so again after the test."""
    recorder = MigrationRecorder(connection)
    before = {*recorder.applied_migrations()}
    yield recorder
    after = {*recorder.applied_migrations()}
    for each in before - after:
        recorder.record_applied(*each)
    for each in after - before:
        recorder.record_unapplied(*each)


# What is missing where ---------------------------------------------------------------------------


def test_a_migrated_database_fits(recorded):
    assert misfit() == ""


def test_a_half_migrated_database_lacks_what_the_operator_forgot(recorded):
    recorded.record_unapplied("measures", NEWEST)
    assert misfit() == f"The database lacks measures.{NEWEST}: {MIGRATE}"
    recorded.record_unapplied("sessions", "0001_initial")
    recorded.record_unapplied("fields", "0002_initial")
    assert misfit().endswith(f" and 2 more: {MIGRATE}")


def test_a_database_of_a_later_version_is_known_by_what_nobody_here_knows(recorded):
    recorded.record_applied("someone", "0009_squashed_away")
    assert misfit() == ""
    recorded.record_applied("measures", "9999_later")
    recorded.record_applied("fields", "9998_later")
    assert misfit() == (
        "The database is newer than this program, which does not know fields.9998_later,"
        " measures.9999_later: run the program that made it, or restore the backup."
    )


def test_nobody_can_tell_of_a_database_that_is_away():
    with fault("away"), pytest.raises(OperationalError):
        misfit()


# The server --------------------------------------------------------------------------------------


@pytest.fixture
def environment() -> dict:
    """Settings of a server of its own, on the database of this test."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": _address(),
        "PYTHONWARNINGS": "ignore",
    }


def _address() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    who = f"{given['USER']}:{given['PASSWORD']}"
    if given["HOST"]:
        return f"postgres://{who}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"
    return f"postgres://{who}@/{given['NAME']}?host={given['OPTIONS']['host']}"


def test_the_server_does_not_start_half_migrated_and_says_what_to_do(recorded, environment):
    recorded.record_unapplied("measures", NEWEST)
    command = [sys.executable, "-c", "import bingen_strategy.wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        3, f"The database lacks measures.{NEWEST}: {MIGRATE}\n",
    )  # fmt: skip


def test_the_server_does_not_start_again_and_again_on_a_wrong_setting(environment):
    command = [sys.executable, "-c", "import bingen_strategy.wsgi"]
    wrong = {name: environment[name] for name in ("PATH", "PYTHONWARNINGS")}
    wrong |= {"SECRET_KEY": "x", "SEAL_KEYS": SAFE["SEAL_KEYS"], "HTTPS": "maybe"}
    done = subprocess.run(command, cwd=ROOT, env=wrong, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        3, "Settings: HTTPS=maybe is neither true nor false.\n",
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="gunicorn needs Unix")
def test_a_server_that_starts_before_its_database_answers_503_and_then_looks_again(
    recorded, environment, tmp_path
):
    recorded.record_unapplied("measures", NEWEST)
    connection.close()
    with _gone(environment, tmp_path) as come_back, _serving(environment, tmp_path) as ask:
        assert _first(ask) == (503, "10")
        migrate = come_back()
        assert ask() == (503, "60")
        migrate()
        assert ask() == (404, None)  # there is no such page, and the database says so


@contextlib.contextmanager
def _gone(environment: dict, folder: Path):
    """Let the database be away; yields a function that brings it back, and returns one more.

    That one does the rest of what the operator forgot.
    """
    forgotten = ("measures", NEWEST)
    if connection.vendor == "postgresql":
        with contextlib.ExitStack() as away:
            away.enter_context(fault("away"))
            migrate = partial(MigrationRecorder(connection).record_applied, *forgotten)
            yield lambda: away.close() or migrate
        return
    copy, there = folder / "copy.sqlite3", folder / "later" / "db.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    environment["TEST_DATABASE_URL"] = f"sqlite:///{there}"

    def come_back():
        there.parent.mkdir()
        copy.rename(there)
        return migrate

    def migrate() -> None:
        with contextlib.closing(sqlite3.connect(there, isolation_level=None)) as other:
            row = (*forgotten, "2026-01-01 00:00:00")
            other.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", row
            )

    yield come_back


@contextlib.contextmanager
def _serving(environment: dict, folder: Path):
    """Run the product as docs/operator.md says; yields a function that asks for a page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--bind", f"127.0.0.1:{port}", "--threads", "8", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "bingen_strategy.wsgi", *options]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield lambda: _ask(f"http://127.0.0.1:{port}/public/1/")
        finally:
            process.terminate()
            process.wait(20)


def _ask(url: str) -> tuple[int, str | None]:
    """Return the status and after how many seconds to come again."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.headers["Retry-After"]
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers["Retry-After"]


def _first(ask) -> tuple[int, str | None]:
    """Return the first answer of a server that is just starting."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError):
            return ask()
        time.sleep(0.2)
    raise TimeoutError
