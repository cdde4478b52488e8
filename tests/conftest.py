"""What every test gets. Personas and a workshop to work with are in tests/people.py."""

import functools
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import caches
from django.test import TransactionTestCase
from django.utils import timezone
from simple_history.manager import HistoryManager

from measures import shown
from measures.searching import texts
from tests import databases, once, order, times
from tests.nightly import NIGHTLY
from tests.pages import house as house
from tests.people import *
from tests.today import TODAY

# It is built anew for every row that is stored, which takes a twentieth of the whole run.
HistoryManager.from_queryset = functools.cache(HistoryManager.from_queryset)

# A busy machine must not turn a slow example into a failure.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


# The run ----------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database and what needs but one, and shuffle."""
    for item in items:
        if databases.needed_by(item):
            item.add_marker("database")
        if item.path.relative_to(databases.ROOT).as_posix() in once.BY_DAY:
            item.add_marker("once")
    order.shuffle(items)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass by what lives until the end: some hundred thousand objects."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    times.note(report)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"Random order; TEST_SEED={order.SEED} repeats it.")
    if path := os.environ.get("TEST_TIMES"):
        Path(path).write_text("\n".join(times.slowest_files()), "utf-8")


# The database -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
) -> Iterator[None]:
    """Take the place of pytest-django's, which migrates from nothing in every process."""
    cache = None if NIGHTLY else getattr(request.config, "cache", None)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.empty())
        with databases.database(cache.mkdir("migrated") if cache else None):
            django_db_blocker.block()
            yield
            django_db_blocker.unblock()


@pytest.fixture(autouse=True)
def forget_rendered_pages() -> None:
    """Keys carry ids and revisions, which start anew with every test."""
    for name in ("pages", "public", "public_pictures"):
        caches[name].clear()
    shown._known.clear()
    texts._known.clear()


@pytest.fixture
def one_day(monkeypatch) -> None:
    """Let it stay the day on which the run began, for what reckons from today."""
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
