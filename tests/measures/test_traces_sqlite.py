"""SQLite's files hold nothing of what was deleted once a rating has closed and was erased.

The attacker of these tests reads the bytes of the database file and of its write-ahead log.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection

from measures.rating.ballots import shuffle
from measures.rating.traces import TABLES, Erasure, Left, Reason, erase_old_versions
from tests.measures.test_ballots import rate_all
from tests.rating import round_of
from workshops.guests import code_hash, new_code
from workshops.models import Ballot, JoinCode, Participant, Workshop

if connection.vendor != "sqlite":
    pytest.skip("is about SQLite's files", allow_module_level=True)
pytestmark = pytest.mark.django_db(transaction=True)
CLEAN = Erasure(clean=TABLES)


@pytest.fixture
def room(measure, at) -> Workshop:
    """Forty people have taken a ballot each and rated."""
    workshop = at("rating")
    rate_all(workshop, measure, 40)
    return workshop


def marks_of(ballots: Iterable[Ballot]) -> list[bytes]:
    """Return what names a ballot in a file: its secret, and its number, big-endian in 8 bytes.

    A small number has only 6; the first two of the others are left out.
    """
    return [mark for b in ballots for mark in (b.pk.to_bytes(8)[2:], b.secret_hash.encode())]


@pytest.fixture
def torn(room) -> list[bytes]:
    """Close the rating and delete every other ballot; return what named those."""
    shuffle(room, round_of(room))
    doomed = Ballot.objects.filter(pk__in=[ballot.pk for ballot in Ballot.objects.all()[::2]])
    marks = marks_of(doomed)
    doomed.delete()
    return marks


def files() -> bytes:
    path = Path(connection.settings_dict["NAME"])
    log = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


def nothing_clean(reason: Reason) -> Erasure:
    return Erasure(left=tuple(Left(table, reason) for table in TABLES))


def found(marks: list[bytes]) -> int:
    content = files()
    return sum(mark in content for mark in marks)


def statement(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def a_reader():
    """Keep a second connection in the middle of reading."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT count(*) FROM workshops_ballot")
            cursor.fetchall()
        yield
    finally:
        other.close()


# What the files hold ----------------------------------------------------------------------------


def test_before_erasing_the_files_name_deleted_ballots_and_afterwards_none(torn):
    assert found(torn) == 40
    assert erase_old_versions(seconds=5) == CLEAN
    assert found(torn) == 0


def test_the_files_do_not_tell_which_row_a_card_had_when_it_was_used(room):
    codes = JoinCode.objects.bulk_create(
        JoinCode(workshop=room, code_hash=code_hash(new_code(10)), state="used")
        for _card in range(40)
    )
    marks = [code.pk.to_bytes(8)[2:] for code in codes]
    shuffle(room, round_of(room))
    assert found(marks) == 40
    assert erase_old_versions(seconds=5) == CLEAN
    assert found(marks) == 0


def test_of_every_ballot_that_is_kept_the_files_hold_no_more_than_a_fresh_copy(room, tmp_path):
    shuffle(room, round_of(room))
    marks = marks_of(Ballot.objects.all())
    erase_old_versions(seconds=5)
    statement(f"VACUUM INTO '{tmp_path}/copy.sqlite3'")
    content, copy = files(), (tmp_path / "copy.sqlite3").read_bytes()
    assert [content.count(mark) for mark in marks] == [copy.count(mark) for mark in marks]


def test_what_another_program_deleted_without_overwriting_is_erased_too(room):
    statement("PRAGMA secure_delete=OFF")
    try:
        names = [b"Erika Musterfrau %04d" % number for number in range(200)]
        Participant.objects.bulk_create(
            Participant(workshop=room, name=name.decode()) for name in names
        )
        Participant.objects.filter(name__startswith="Erika").delete()
        statement("PRAGMA wal_checkpoint(TRUNCATE)")
        assert found(names) > 0
    finally:
        statement("PRAGMA secure_delete=ON")
    assert erase_old_versions(seconds=5) == CLEAN
    assert found(names) == 0


def test_a_connection_overwrites_what_it_deletes_whatever_sqlite_was_built_to_do():
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.execute("PRAGMA secure_delete=OFF")
        raw.executescript(connection.settings_dict["OPTIONS"]["init_command"])
        assert raw.execute("PRAGMA secure_delete").fetchone() == (1,)


# Who is in the way ------------------------------------------------------------------------------


def test_an_open_reader_is_reported_and_the_rest_is_erased_once_it_ended(torn):
    with a_reader():
        assert erase_old_versions(seconds=0) == nothing_clean(Reason.SNAPSHOT)
        assert found(torn) == 40
    assert erase_old_versions(seconds=5) == CLEAN
    assert found(torn) == 0


def test_a_writer_is_waited_for(torn):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
        assert erase_old_versions(seconds=0) == nothing_clean(Reason.LOCKED)
    finally:
        other.close()
    assert erase_old_versions(seconds=5) == CLEAN


def test_more_than_may_be_done_at_once_is_left_but_the_log_is_cut(torn):
    assert erase_old_versions(seconds=5, at_most=10_000) == nothing_clean(Reason.LARGE)
    assert found(torn) == 0
    assert erase_old_versions(seconds=5, at_most=100_000_000) == CLEAN


def test_the_connection_waits_for_others_as_long_as_before(room):
    erase_old_versions(seconds=5)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (connection.settings_dict["OPTIONS"]["timeout"] * 1000,)
