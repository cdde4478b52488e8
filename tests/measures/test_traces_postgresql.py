"""PostgreSQL's files lead from nobody to a ballot once a rating has closed and was erased.

The attacker of these tests reads the tables' files as whoever runs the server can: every version of
a row, deleted or not, with the number of the transaction that wrote it.
"""

import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from time import sleep

import pytest
from django.db import connection, transaction

from measures.hall.joining import admit
from measures.models import Rating
from measures.rating.ballots import hand_out, shuffle
from measures.rating.rounds import close
from measures.rating.traces import (
    Holder,
    Left,
    Reason,
    erase_old_versions,
    pending,
    postgresql,
)
from tests.people import visiting
from tests.rating import round_of, save_rating
from workshops.guests import code_hash, new_code, new_secret
from workshops.models import Ballot, JoinCode, Participant, User

PEOPLE, BALLOTS, RATINGS, CODES = TABLES = (
    "workshops_participant", "workshops_ballot", "measures_rating", "workshops_joincode",
)  # fmt: skip
if connection.vendor != "postgresql":
    pytest.skip("is about PostgreSQL's files", allow_module_level=True)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def swept(transactional_db) -> None:
    """Other tests have deleted their rows, whose versions would be counted here."""
    for table in TABLES:
        rows(f"VACUUM {table}")


@pytest.fixture
def room(workshop, measure, at):
    """Ten people have taken a ballot each, one after the other, and rated."""
    at("rating")
    for number in range(10):
        user = User.objects.create_user(f"p{number}@bingen.example")
        Participant.objects.create(workshop=workshop, user=user, name=f"Person {number:04}")
        ballot, _secret = hand_out(visiting(workshop, user), promised=workshop.anonymity)
        save_rating(ballot, measure, relevance=1 + number % 5, feasibility=3)
    wait_for_others()
    return workshop


def end(workshop) -> None:
    """End the rating as far as the rows go, and let nobody elsewhere still need the old ones."""
    shuffle(workshop, round_of(workshop))
    wait_for_others()


def wait_for_others() -> None:
    """Wait for the transactions that are running now, which may be those of tests in parallel.

    A server keeps what an older transaction might read, even one of another database.
    """
    [[now]] = rows("SELECT pg_current_xact_id()::text::bigint")
    for _each in range(1200):
        [[oldest]] = rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        if oldest > now:
            return
        sleep(0.05)
    pytest.fail("A transaction elsewhere does not end.")


@pytest.fixture
def handed_out(room) -> tuple[int, ...]:
    """The ids of the ballots as they were handed out."""
    return tuple(Ballot.objects.values_list("pk", flat=True))


def rows(sql: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def file_of(table: str) -> bytes:
    rows("CHECKPOINT")  # from the server's memory to the file
    [[content]] = rows("SELECT pg_read_binary_file(pg_relation_filepath(%s))", table)
    return bytes(content)


def writers(content: bytes, text: bytes, offset: int = 0) -> list[int]:
    """Return the transactions that wrote the versions of a row.

    ``text`` is something that only this row holds, ``offset`` bytes behind the beginning of its
    data. Before these stands the header, which begins with the transaction and whose length, in
    its byte 22, depends on the columns that a table has and had (PostgreSQL: Database Page Layout).
    """
    found, at = [], content.find(text)
    while at >= 0:
        data = at - offset
        header = next(data - size for size in (24, 32, 40) if content[data - size + 22] == size)
        found.append(int.from_bytes(content[header : header + 4], "little"))
        at = content.find(text, at + 1)
    return found


def mark(ballot: int) -> bytes:
    """Return a ballot's id as a row holds it: a ballot's first, a rating's behind its measure."""
    return ballot.to_bytes(8, sys.byteorder)


def people() -> dict[str, list[int]]:
    """Return by name who wrote the person's row: the name comes after an id of 8, a length of 1."""
    content = file_of(PEOPLE)
    names = Participant.objects.values_list("name", flat=True)
    return {name: writers(content, name.encode(), 8 + 1) for name in names}


def ballots(ids: Iterable[int] = ()) -> dict[int, list[int]]:
    """Return by id, which the row begins with, who wrote today's ballots and those with ``ids``."""
    content = file_of(BALLOTS)
    return {
        pk: writers(content, mark(pk))
        for pk in {*ids, *Ballot.objects.values_list("pk", flat=True)}
    }


def cards() -> dict[str, list[int]]:
    """Return by its hash who wrote a card: the hash comes after an id of 8, a length of 1."""
    content = file_of(CODES)
    hashes = JoinCode.objects.values_list("code_hash", flat=True)
    return {each: writers(content, each.encode(), 8 + 1) for each in hashes}


def linked(handed_out: Iterable[int], of_people: Callable = people) -> list[str]:
    """Return whose ballot the attacker knows: one transaction wrote this person and one ballot.

    Closing gives ballots new ids, but the attacker has noted ``handed_out``, the earlier ones.
    """
    owners, of_ballots = of_people(), ballots(handed_out)
    found = []
    for name, transactions in owners.items():
        for number in set(transactions):  # tidying a page may leave bytes of a row behind
            same = [each for each in owners.values() if number in each]
            matching = [each for each in of_ballots.values() if number in each]
            if len(same) == len(matching) == 1:
                found.append(name)
    return found


@contextmanager
def another_connection(*statements: str):
    """Open a second connection, run the statements in a transaction and keep that open."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SET LOCAL application_name = 'pg_dump'")
            # Rather fail than wait for each other for ever.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '20s'")
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("SELECT pg_backend_pid()")
            [pid] = cursor.fetchone()
        yield pid
    finally:
        other.rollback()
        other.close()


SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT 1"


def reader() -> str:
    return rows("SELECT 'pg_dump, ' || current_user")[0][0]


def named(holders: tuple[Holder, ...]) -> list[tuple]:
    return [(holder.name, holder.pid, holder.since is not None) for holder in holders]


@contextmanager
def acting_as(role: str, *, owner_of: tuple[str, ...]):
    """Go on as somebody who is no superuser and owns these tables."""
    [[before]] = rows("SELECT current_user")
    rows(f"CREATE ROLE {role}")
    try:
        for table in owner_of:
            rows(f"ALTER TABLE {table} OWNER TO {role}")
        rows(f"GRANT SELECT ON {', '.join(TABLES)} TO {role}")
        rows(f"SET ROLE {role}")
        yield
    finally:
        rows("RESET ROLE")
        rows(f"REASSIGN OWNED BY {role} TO {before}")
        rows(f"DROP OWNED BY {role}")
        rows(f"DROP ROLE {role}")


@pytest.fixture
def role() -> str:
    """A name of our own, for the roles of a server are shared by all its databases."""
    return f"clerk_of_{connection.settings_dict['NAME']}"


# What the files hold ----------------------------------------------------------------------------


def test_until_it_is_erased_a_reader_of_the_files_knows_everybodys_ballot(room, handed_out):
    end(room)
    assert sorted(linked(handed_out)) == [f"Person {number:04}" for number in range(10)]
    erasure = erase_old_versions(seconds=60)
    assert (erasure.clean, erasure.left, erasure.holders) == (TABLES, (), ())
    assert linked(handed_out) == []


@pytest.mark.parametrize("is_erased", [False, True])
def test_a_card_leads_to_no_ballot_once_it_is_erased(workshop, measure, at, is_erased):
    at("rating")
    codes = [new_code(10) for _card in range(10)]
    JoinCode.objects.bulk_create(
        JoinCode(workshop=workshop, code_hash=code_hash(code)) for code in codes
    )
    for code in codes:
        admit(code, new_secret())
    wait_for_others()
    handed_out = tuple(Ballot.objects.values_list("pk", flat=True))
    assert sorted(linked(handed_out, cards)) == sorted(map(code_hash, codes))
    end(workshop)
    if is_erased:
        assert erase_old_versions(seconds=60).is_complete
    # Which of ten cards lies beside which of ten ballots one transaction does not tell.
    assert len(linked(handed_out, cards)) == (0 if is_erased else 10)


def test_it_erases_when_the_transaction_that_closes_the_rating_commits(
    room, handed_out, monkeypatch
):
    monkeypatch.setattr(pending, "AT_ONCE_SECONDS", 60)  # others may be at work on the server
    with transaction.atomic():
        close(room, round_of(room))
    assert linked(handed_out) == []


def test_of_every_person_ballot_and_rating_one_version_is_left_written_when_rating_closed(room):
    end(room)
    [[closing]] = rows(f"SELECT DISTINCT xmin::text::int FROM {BALLOTS}")
    erase_old_versions(seconds=60)
    content = file_of(RATINGS)
    rated = Rating.objects.values_list("ballot", flat=True)
    ratings = {ballot: writers(content, mark(ballot), 8) for ballot in rated}
    for versions in (people(), ballots(), ratings):
        assert (len(versions), {*map(tuple, versions.values())}) == (10, {(closing,)})


def test_the_old_files_are_gone(room):
    end(room)
    sql = "SELECT pg_relation_filepath(%s)"
    old = [rows(sql, table)[0][0] for table in TABLES]
    erase_old_versions(seconds=60)
    rows("CHECKPOINT")  # until then they stay, empty
    assert [rows("SELECT pg_stat_file(%s, true)", path) for path in old] == [[(None,)]] * len(
        TABLES
    )


def test_no_other_file_names_a_ballot(workshop, measure, participant, signed_in, at):
    at("rating")
    client, page = signed_in(participant), f"/workshops/{workshop.pk}/rate/"
    client.post(f"{page}ballot/", {"promised": workshop.anonymity})
    client.post(f"{page}{measure.number}/", {"relevance": 5, "feasibility": 2})
    ballot = Rating.objects.get().ballot
    marks = mark(ballot.pk), ballot.secret_hash.encode()
    rows("CHECKPOINT")
    found = {
        table
        for table, content in rows(
            "SELECT coalesce(t.relname, c.relname),"
            " pg_read_binary_file(pg_relation_filepath(c.oid))"
            " FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid"
            " LEFT JOIN pg_class t ON t.oid = i.indrelid"
            " WHERE c.relkind IN ('r', 'i', 't') AND c.relnamespace = 'public'::regnamespace"
        )
        if any(each in bytes(content) for each in marks)
    }
    assert found == {BALLOTS, RATINGS}


# Who is in the way ------------------------------------------------------------------------------


def test_an_open_transaction_is_named_and_what_it_keeps_is_erased_once_it_ended(room, handed_out):
    with another_connection(*SNAPSHOT) as pid:
        end(room)
        erasure = erase_old_versions(seconds=0)
        kept = [Left(PEOPLE, Reason.SNAPSHOT, 10), Left(BALLOTS, Reason.SNAPSHOT, 10)]
        kept.append(Left(RATINGS, Reason.SNAPSHOT, 10))
        assert (erasure.clean, [*erasure.left]) == ((CODES,), kept)  # nobody had a card
        assert named(erasure.holders) == [(reader(), pid, True)]
        assert len(linked(handed_out)) == 10
    assert erase_old_versions(seconds=60).is_complete
    assert linked(handed_out) == []


def test_a_transaction_that_began_after_the_rating_closed_is_in_nobodys_way(room):
    end(room)
    with another_connection(*SNAPSHOT):
        # So long a view is waited for that is older because of a transaction elsewhere.
        assert erase_old_versions(seconds=1).clean == TABLES


def test_no_table_is_locked_while_that_is_known_to_be_in_vain(room, monkeypatch):
    waited = []

    def end_it(seconds):
        waited.append((seconds, rows(filenode, PEOPLE)))
        other.__exit__(None, None, None)

    filenode = "SELECT pg_relation_filenode(%s)"
    before = rows(filenode, PEOPLE)
    other = another_connection(*SNAPSHOT)
    other.__enter__()
    end(room)
    monkeypatch.setattr(postgresql.time, "sleep", end_it)
    assert erase_old_versions(seconds=60).is_complete
    assert waited[:1] == [(postgresql.PAUSE_SECONDS, before)]  # nothing was rewritten in vain


def test_a_table_in_use_is_waited_for_briefly_and_those_behind_it_are_left_alone(room, monkeypatch):
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT_MS", 200)
    end(room)
    with another_connection(f"LOCK TABLE {BALLOTS} IN ACCESS SHARE MODE") as pid:
        erasure = erase_old_versions(seconds=0)
        assert erasure.clean == (PEOPLE,)
        behind = (BALLOTS, RATINGS, CODES)
        assert erasure.left == tuple(Left(table, Reason.LOCKED) for table in behind)
        assert named(erasure.holders) == [(reader(), pid, True)]
    assert erase_old_versions(seconds=60).clean == TABLES


def test_of_two_processes_one_erases_and_the_other_leaves_it(room):
    end(room)
    with another_connection(f"SELECT pg_try_advisory_xact_lock({postgresql.OUR_LOCK})"):
        erasure = erase_old_versions(seconds=0)
        assert erasure.left == tuple(Left(table, Reason.ELSEWHERE) for table in TABLES)
    assert erase_old_versions(seconds=60).is_complete


def test_the_connection_goes_on_as_it_was(room):
    erase_old_versions(seconds=60)
    changed = "SELECT setting FROM pg_settings WHERE setting <> reset_val"
    assert rows(f"{changed} AND name = 'lock_timeout'") == []
    held = "SELECT locktype FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'"
    assert rows(held) == []


# Rights and size --------------------------------------------------------------------------------


def test_the_owner_of_the_tables_needs_no_other_right_and_sees_who_is_in_the_way(
    room, handed_out, role
):
    superuser = reader()
    with another_connection(*SNAPSHOT) as pid:
        end(room)
        with acting_as(role, owner_of=TABLES):
            erasure = erase_old_versions(seconds=0)
        assert [left.reason for left in erasure.left] == [Reason.SNAPSHOT] * 3
        assert named(erasure.holders) == [(superuser, pid, False)]
    with acting_as(role, owner_of=TABLES):
        assert erase_old_versions(seconds=60).clean == TABLES
    assert linked(handed_out) == []


def test_a_table_of_somebody_else_is_not_taken_for_clean(room, role):
    end(room)
    ours = (PEOPLE, RATINGS, CODES)
    with acting_as(role, owner_of=ours):
        erasure = erase_old_versions(seconds=60)
    assert (erasure.clean, erasure.left) == (ours, (Left(BALLOTS, Reason.REFUSED),))


def test_what_the_database_says_is_passed_on(room, monkeypatch):
    rows(f"ALTER TABLE {BALLOTS} RENAME TO elsewhere")
    try:
        erasure = erase_old_versions(seconds=60)
    finally:
        rows(f"ALTER TABLE elsewhere RENAME TO {BALLOTS}")
    detail = f'relation "{BALLOTS}" does not exist'
    assert erasure.left == (Left(BALLOTS, Reason.FAILED, detail=detail),)


def test_more_than_may_be_done_at_once_is_left(room, handed_out):
    end(room)
    erasure = erase_old_versions(seconds=0, at_most=10_000)
    assert erasure.left == tuple(Left(table, Reason.LARGE) for table in TABLES)
    assert len(linked(handed_out)) == 10
    assert erase_old_versions(seconds=60, at_most=10_000_000).clean == TABLES
