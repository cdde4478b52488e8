"""The public page may be read from a replica, and nobody can tell.

Here the replica is a copy of SQLite's file, which lags behind until it is copied again.
tests/test_hosts.py does it with a real one.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, router
from django.test.utils import CaptureQueriesContext

from bingen_strategy.outages import Outage
from measures.models import Measure
from tests.measures.publishing import ROUTES, address, rate, read, table
from workshops import replica
from workshops.models import Membership, Workshop, WorkshopRevision
from workshops.replica import REPLICA, Router, read_public

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="a copy of SQLite's file"),
]


@pytest.fixture
def catch_up(settings, monkeypatch, tmp_path) -> Iterator[Callable[[], None]]:
    """Switch a replica on; return what brings it to where the primary is."""
    file = tmp_path / "replica.sqlite3"
    own = connection.settings_dict

    def copy() -> None:
        connections[REPLICA].close()
        file.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])

    monkeypatch.setitem(settings.DATABASES, REPLICA, {**own, "NAME": str(file)})
    monkeypatch.setattr(connections[REPLICA], "ensure_connection", _open)
    monkeypatch.setattr(router, "routers", [Router()])
    monkeypatch.setattr(replica, "_outage", Outage("The replica", "the primary"))
    replica._newest_migration.cache_clear()
    yield copy
    connections[REPLICA].close()
    del connections[REPLICA]
    replica._newest_migration.cache_clear()


def _open() -> None:
    """Take the place of what lets a test open only the databases of the settings."""
    other = connections[REPLICA]
    if other.connection is None:
        with other.wrap_database_errors:
            other.connect()


@pytest.fixture
def asked(catch_up) -> Callable[[Callable[[], object]], tuple[int, int]]:
    """Return a function that says how many queries something takes: of primary and replica."""

    def count(act: Callable[[], object]) -> tuple[int, int]:
        with (
            CaptureQueriesContext(connections[DEFAULT_DB_ALIAS]) as primary,
            CaptureQueriesContext(connections[REPLICA]) as other,
        ):
            act()
        begun = [each for each in other if each["sql"] in ("BEGIN IMMEDIATE", "COMMIT")]
        return len(primary), len(other) - len(begun)

    return count


@pytest.mark.parametrize("name", ROUTES)
def test_a_passer_by_reads_from_the_replica_and_the_primary_says_what_may_be_shown(
    public, measure, client, ballots, catch_up, asked, name
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    catch_up()
    page, cookie = address(name, public), {"Cookie": "a=b"}
    replica._newest_migration()  # a process asks it once
    queries, none = asked(lambda: client.get(f"{page}?lang=en", headers=cookie))
    assert (queries > 8, none) == (True, 0)
    assert asked(lambda: client.get(page)) == (1, queries)  # one more: where it stands
    assert asked(lambda: client.get(page)) == (1, 0)  # kept


def test_the_page_is_the_same_from_either(public, measure, page, client, ballots, catch_up):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    from_primary = client.get(page, headers={"Cookie": "a=b"})
    measure.save()
    catch_up()
    from_replica = client.get(page)
    assert from_replica.content == from_primary.content


def test_whoever_has_a_cookie_may_have_written_and_reads_from_the_primary(
    public, page, signed_in, administrator, catch_up, asked
):
    catch_up()
    town_hall = signed_in(administrator)
    primary, other = asked(lambda: town_hall.get(page))
    assert (primary > 10, other) == (True, 0)


def test_a_replica_that_lags_behind_shows_nobody_what_was_before(
    public, measure, page, client, catch_up, asked
):
    catch_up()
    first = client.get(page)
    measure.title = "Neuer Titel"
    measure.save()
    again = client.get(page)
    assert ([row[1] for row in table(first)], "Neuer Titel" in read(again)) == (
        [row[1] for row in table(again)],
        True,
    )
    catch_up()
    assert client.get(page).content == again.content  # what was kept meanwhile is as new


def test_a_replica_that_is_ahead_is_left_alone(public, measure, page, catch_up, asked, rf):
    """Asked between two writes: the page is that of the moment its key names."""
    seen = Workshop.objects.select_related("revision").get(pk=public.pk)
    measure.title = "Neuer Titel"
    measure.save()
    catch_up()
    titles = lambda: list(Measure.objects.values_list("title", flat=True))  # noqa: E731
    assert asked(lambda: read_public(rf.get(page), seen, titles))[1] == 1  # where it stands


def test_what_was_withdrawn_is_gone_though_the_replica_has_it(public, page, client, catch_up):
    catch_up()
    assert client.get(page).status_code == 200
    public.is_public = False
    public.save(update_fields=["is_public"])
    assert client.get(page).status_code == 404
    assert Workshop.objects.using(REPLICA).get().is_public


def test_a_raised_minimum_holds_though_the_replica_has_the_old_one(
    public, measure, client, ballots, catch_up
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    catch_up()
    embedded = address("public-matrix", public)
    assert client.get(embedded).content.count(b"5,00") > 0
    public.smallest_group = 4
    public.save()
    assert client.get(embedded).content.count(b"5,00") == 0


def test_a_replica_that_lacks_a_migration_is_not_read(public, page, client, catch_up, asked):
    catch_up()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)"
        )
    primary, other = asked(lambda: client.get(page))
    assert (primary > 10, other) == (True, 1)


def test_without_the_replica_the_primary_answers_and_the_log_says_so_once(
    public, measure, page, client, catch_up, settings, caplog, monkeypatch
):
    monkeypatch.setitem(settings.DATABASES[REPLICA], "NAME", "/nowhere/replica.sqlite3")
    for title in ("Bus", "Bahn", "Rad"):
        measure.title = title
        measure.save()
        assert title in read(client.get(page))
    [record] = [each for each in caplog.records if each.name == "bingen_strategy.outages"]
    assert record.getMessage().startswith(
        "The replica cannot be used, the primary is asked instead"
    )


def test_a_replica_that_fails_halfway_is_given_up(public, page, client, catch_up, asked):
    catch_up()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("DROP TABLE measures_remark")
    assert client.get(page).status_code == 200
    primary, other = asked(lambda: client.get(f"{page}?lang=en"))
    assert (primary > 10, other) == (True, 0)


def test_nothing_but_what_a_view_reads_on_purpose_goes_to_the_replica(public, catch_up):
    catch_up()
    models = (Workshop, WorkshopRevision, Membership, Measure)
    assert {Router().db_for_read(each) for each in models} == {DEFAULT_DB_ALIAS}
    with replica._reading():
        assert {Router().db_for_read(each) for each in models} == {REPLICA}
        assert {Router().db_for_write(each) for each in models} == {DEFAULT_DB_ALIAS}
        row = Measure.objects.select_for_update()
        assert row.db == DEFAULT_DB_ALIAS
    assert Router().allow_migrate(REPLICA, "measures") is False
