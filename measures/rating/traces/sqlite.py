"""SQLite: VACUUM writes the file anew; the write-ahead log is moved into it and cut to nothing.

``secure_delete`` (settings) overwrites what this application deletes. VACUUM takes away what was
deleted before that was set, or by another program.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from measures.rating.traces.erasure import Erasure, Left, Reason

# Who waits for readers makes every writer wait, so we wait briefly and let them by.
BUSY_TIMEOUT_MS = 500
PAUSE_SECONDS = 0.2


def erase(tables: tuple[str, ...], *, seconds: float, at_most: int | None) -> Erasure:
    """See ``erase_old_versions``; the tables share one file, so all are clean or none is."""
    until = time.monotonic() + seconds
    with _waiting_briefly():
        large = at_most is not None and _bytes() > at_most
        failed, detail = (Reason.LARGE, "") if large else _vacuum(until)
        if failed in (None, Reason.LARGE) and not _cut_log(until):
            failed = Reason.SNAPSHOT
    if failed is None:
        return Erasure(clean=tables)
    return Erasure(left=tuple(Left(table, failed, detail=detail) for table in tables))


def _vacuum(until: float) -> tuple[Reason | None, str]:
    """Write the whole file anew; return why that did not work, with the database's own words."""
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
            return None, ""
        except DatabaseError as error:
            locked, detail = "locked" in str(error), str(error)
        if not locked:
            return Reason.FAILED, detail
        if time.monotonic() > until:
            return Reason.LOCKED, ""
        time.sleep(PAUSE_SECONDS)


def _cut_log(until: float) -> bool:
    """Return whether the write-ahead log is empty now; whoever still reads from it keeps it."""
    while True:
        [[busy, _pages, _moved]] = _rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if not busy or time.monotonic() > until:
            return not busy
        time.sleep(PAUSE_SECONDS)


@contextmanager
def _waiting_briefly() -> Iterator[None]:
    [[usual]] = _rows("PRAGMA busy_timeout")
    _rows(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    try:
        yield
    finally:
        _rows(f"PRAGMA busy_timeout = {usual}")


def _bytes() -> int:
    [[pages]], [[size]] = _rows("PRAGMA page_count"), _rows("PRAGMA page_size")
    return pages * size


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
