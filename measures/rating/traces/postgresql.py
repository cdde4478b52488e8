"""PostgreSQL: VACUUM FULL writes a table into a new file, and counts what it had to take along.

Needs no rights beyond owning the tables, and no extension. That count is the proof: VACUUM reports
how many dead row versions "cannot be removed yet", because a transaction that began before they
died may still read them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from measures.rating.traces.erasure import Erasure, Holder, Left, Reason

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

# Who waits for a table makes everybody wait who comes later, so we wait briefly and let them by.
# Longer than the second (deadlock_timeout) after which an autovacuum gives way to us.
LOCK_TIMEOUT_MS = 1500
PAUSE_SECONDS = 0.2
SHARE_OF_THE_HALLS = 10  # after a vain try, times as long as it took
LOCK_NOT_AVAILABLE = "55P03"
OUR_LOCK = 7_301_866_154  # any number, the same in every process

# age() counts transactions back from now: the higher, the older. Only our database's sessions keep
# our rows, and those without one that stand for a replica; a plain VACUUM keeps nobody's.
HOLDERS = """
    WITH closing AS (SELECT age(%s::text::xid8::xid) AS age),
    here AS (SELECT oid FROM pg_database WHERE datname = current_database())
    SELECT concat_ws(', ', nullif(application_name, ''), usename), pid, xact_start
    FROM pg_stat_activity, closing
    WHERE greatest(age(backend_xid), age(backend_xmin)) > closing.age
      AND (datid IS NULL OR datid = (SELECT oid FROM here))
      AND pid <> pg_backend_pid()
      AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
    UNION ALL
    SELECT 'replication slot ' || slot_name, active_pid, NULL
    FROM pg_replication_slots, closing WHERE age(xmin) > closing.age
    UNION ALL
    SELECT 'prepared transaction ' || gid, NULL, prepared
    FROM pg_prepared_xacts, closing
    WHERE age(transaction) > closing.age AND database = current_database()
    ORDER BY 1, 2
"""
# Those who came after us and were let by are in nobody's way.
USERS = """
    SELECT concat_ws(', ', nullif(application_name, ''), usename), pid, xact_start
    FROM pg_stat_activity
    WHERE pid <> pg_backend_pid()
      AND (xact_start IS NULL OR xact_start < now() - %s * interval '1 millisecond')
      AND pid IN (
          SELECT pid FROM pg_locks
          WHERE granted AND relation = %s::regclass
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      )
    ORDER BY 1, 2
"""


def erase(tables: tuple[str, ...], *, seconds: float, at_most: int | None) -> Erasure:
    """See ``erase_old_versions``."""
    if at_most is not None and _bytes(tables) > at_most:
        return Erasure(left=tuple(Left(table, Reason.LARGE) for table in tables))
    until = time.monotonic() + seconds
    with _alone(until) as alone:
        if not alone:
            return Erasure(left=tuple(Left(table, Reason.ELSEWHERE) for table in tables))
        # Everything that was closed so far was closed by a transaction before this one.
        [[closing]] = _rows("SELECT pg_current_xact_id()::text")
        left: list[Left] = []
        for table in tables:
            if left and left[-1].reason is Reason.LOCKED:
                left.append(Left(table, Reason.LOCKED))  # no more waiting in front of the halls
            elif found := _rewrite_until_clean(table, closing, until):
                left.append(found)
        dirty = [each.table for each in left]
        clean = tuple(table for table in tables if table not in dirty)
        return Erasure(clean, tuple(left), _in_the_way(left, closing))


def _rewrite_until_clean(table: str, closing: str, until: float) -> Left | None:
    """Rewrite a table until nothing old is left in it or the time is over; say what is left."""
    while True:
        # Rewriting locks everybody out, so it is not tried while it is known to be in vain.
        while _holders(closing) and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
        begin = time.monotonic()
        left = _rewrite(table)
        if left is None or left.reason in (Reason.REFUSED, Reason.FAILED):
            return left
        now = time.monotonic()
        pause = max(PAUSE_SECONDS, SHARE_OF_THE_HALLS * (now - begin))
        if now + pause > until:
            return left
        time.sleep(pause)


def _rewrite(table: str) -> Left | None:
    """Rewrite a table once; return None if VACUUM reports that no dead row version came along."""
    found: list[str] = []

    def read(notice: Diagnostic) -> None:
        # The words are in the server's language; the first number of the detail is the one.
        if notice.severity_nonlocalized == "INFO" and notice.message_detail:
            found.extend(re.findall(r"\d+", notice.message_detail)[:1])

    try:
        with connection.cursor() as cursor, _noticing(read):
            cursor.execute(f"VACUUM (FULL, VERBOSE) {connection.ops.quote_name(table)}")
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
            return Left(table, Reason.LOCKED)
        return Left(table, Reason.FAILED, detail=str(error).partition("\n")[0])
    if not found:
        return Left(table, Reason.REFUSED)
    rows = int(found[0])
    return Left(table, Reason.SNAPSHOT, rows) if rows else None


@contextmanager
def _noticing(read: Callable[[Diagnostic], None]) -> Iterator[None]:
    driver = connection.connection
    driver.add_notice_handler(read)
    try:
        yield
    finally:
        driver.remove_notice_handler(read)


@contextmanager
def _alone(until: float) -> Iterator[bool]:
    """Keep other processes from rewriting at the same time; yield False if one does too long.

    Both settings belong to the connection, which other requests use after us.
    """
    while not (alone := _rows("SELECT pg_try_advisory_lock(%s)", OUR_LOCK)[0][0]):
        if time.monotonic() > until:
            break
        time.sleep(PAUSE_SECONDS)
    try:
        if alone:
            _rows("SELECT set_config('lock_timeout', %s, false)", str(LOCK_TIMEOUT_MS))
        yield alone
    finally:
        if alone and connection.is_usable():  # else both went with the connection
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
            _rows("SELECT pg_advisory_unlock(%s)", OUR_LOCK)


def _in_the_way(left: list[Left], closing: str) -> tuple[Holder, ...]:
    """Return those who keep old versions, and those who used the first table that was in use."""
    holders = set()
    if any(each.reason is Reason.SNAPSHOT for each in left):
        holders |= {*_holders(closing)}
    if locked := next((each for each in left if each.reason is Reason.LOCKED), None):
        holders |= {Holder(*row) for row in _rows(USERS, LOCK_TIMEOUT_MS, locked.table)}
    return tuple(sorted(holders, key=lambda holder: (holder.name, holder.pid or 0)))


def _holders(closing: str) -> list[Holder]:
    """Return whose view of the data is older than the transaction ``closing``."""
    return [Holder(*row) for row in _rows(HOLDERS, closing)]


def _bytes(tables: tuple[str, ...]) -> int:
    """Return the size of the tables with their indexes."""
    sql = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name"
    return _rows(sql, list(tables))[0][0]


def _rows(sql: str, *values: str | int | list[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
