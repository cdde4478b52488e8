"""Lists of the admin that are longer than anybody reads: bounded work, and still found."""

import re

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures.models import Consensus, Measure, Round
from tests.measures.test_admin import REGISTERED, World, list_of, url
from workshops.admin import many
from workshops.admin.base import StrictAdmin
from workshops.models import Ballot, Participant, Workshop

# Session, account, how many there are, the rows; what else a list asks for is named.
USUAL = 4
OF_WORKSHOPS = 1  # the newest ones, for the filter
MORE = {
    "auth.Group": 1,  # Django's own counts twice
    "workshops.User": 1,  # the groups of rights
    "workshops.Workshop": 3,  # municipalities; first and last date, the days between
    "workshops.ParticipantGroup": 1,  # numbers beside the rows
    "workshops.Ballot": 1,
    "fields.ActionField": 1,
}


def expected(model) -> int:
    filtered = any(hasattr(each, "path") for each in site._registry[model].list_filter)
    return USUAL + OF_WORKSHOPS * filtered + MORE.get(model._meta.label, 0)


def asked_for(client, model) -> int:
    client.get(list_of(model))  # content types and the like are remembered from here on
    with CaptureQueriesContext(connection) as queries:
        assert client.get(list_of(model)).status_code == 200
    return len(queries)


@pytest.fixture
def three(monkeypatch) -> list[World]:
    """Three workshops, and lists that take more than two rows for many."""
    monkeypatch.setattr(many, "MANY", 2)
    monkeypatch.setattr(many.BoundedChangeList, "many", 2)
    worlds = [World(number).rate() for number in (1, 2, 3)]
    for number, world in enumerate(worlds, 1):
        Workshop.objects.filter(pk=world.workshop.pk).update(title=f"Halle {number}")
        Measure.objects.filter(pk=world.measure.pk).update(title=f"Mitfahrbank {number}")
    return worlds


def read(page) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())


def found(client, model, **query) -> list:
    return list(client.get(list_of(model), query).context["cl"].result_list)


def test_each_list_takes_so_many_queries_however_many_rows_there_are(admin_client, monkeypatch):
    wanted = {model: expected(model) for model in REGISTERED}
    World(1).rate()
    assert {model: asked_for(admin_client, model) for model in REGISTERED} == wanted
    World(2).rate()
    World(3).rate()
    assert {model: asked_for(admin_client, model) for model in REGISTERED} == wanted
    monkeypatch.setattr(many, "MANY", 2)
    assert {model: asked_for(admin_client, model) for model in REGISTERED} == wanted


def test_no_list_counts_or_reads_more_than_a_bound(admin_client, three, monkeypatch):
    """A database stops at a LIMIT; what has none reads a whole table."""
    monkeypatch.setattr(StrictAdmin, "list_per_page", 1)
    for model in REGISTERED:
        if not hasattr(site._registry[model], "numbers"):
            continue  # Django's groups and allauth's addresses
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(list_of(model))
        of_table = f'FROM "{model._meta.db_table}"'
        reads = [each["sql"] for each in queries if of_table in each["sql"]]
        unbounded = [sql for sql in reads if "LIMIT" not in sql and " IN (" not in sql]
        told = [sql for sql in unbounded if "MIN(" not in sql and "DISTINCT" not in sql]
        assert (model, told) == (model, [])


def test_a_long_list_says_so_and_stands_in_the_order_of_an_index(admin_client, three):
    page = admin_client.get(list_of(Measure))
    assert "mehr als 2 Maßnahmen; zu viele, um sie zu sortieren" in read(page)
    assert "Ergebnis" not in read(page)
    rows = list(Measure.objects.order_by("-workshop_id", "-pk"))
    assert list(page.context["cl"].result_list) == rows[:50]
    assert 'class="sortable' not in page.content.decode()
    assert found(admin_client, Measure, o="1") == rows[:50]


def test_a_short_list_is_counted_and_sorted_as_ever(admin_client):
    world = World().rate()
    page = admin_client.get(list_of(Measure))
    assert "2 Maßnahmen" in read(page)
    assert "mehr als" not in read(page)
    first, second = Measure.objects.order_by("number")
    assert found(admin_client, Measure, o="2") == [first, second]
    assert found(admin_client, Measure, o="-2") == [second, first]
    assert found(admin_client, Measure, q="Hafen") == [second]
    assert "Ergebnis" not in read(page)
    searched = admin_client.get(list_of(Measure), {"q": "Hafen"})
    assert "1 Ergebnis ( Alle anzeigen )" in read(searched)
    assert world.measure == first


def test_among_many_rows_are_found_by_workshop_municipality_and_address(admin_client, three):
    _first, second, _third = three
    assert found(admin_client, Ballot, q="Halle 2") == [second.ballot]
    assert found(admin_client, Ballot, q="Stadt 2") == [second.ballot]
    own = Participant.objects.filter(workshop=second.workshop)
    assert found(admin_client, Participant, q="Gabi2@example.org") == list(own)
    assert found(admin_client, Measure, q="Mitfahrbank") == []
    page = admin_client.get(list_of(Measure), {"q": "Mitfahrbank"})
    assert "Mehr als 2 Zeilen" in read(page)


def test_within_a_workshop_its_texts_are_found_too(admin_client, three):
    _first, second, _third = three
    chosen = {"workshop": second.workshop.pk}
    assert found(admin_client, Measure, q="Mitfahrbank", **chosen) == [second.measure]
    assert found(admin_client, Measure, q="M1", **chosen) == [second.measure]


def test_the_filter_offers_the_workshops_that_are_searched(admin_client, three):
    _first, second, _third = three
    page = admin_client.get(list_of(Measure), {"q": "Halle 2"})
    [offered, *_others] = page.context["cl"].filter_specs
    assert [pk for pk, _title in offered.lookup_choices] == [str(second.workshop.pk)]


def test_nobody_acts_on_all_rows_of_a_long_list(admin_client, three):
    page = admin_client.get(list_of(Participant))
    assert 'class="question' not in page.content.decode()
    sent = {"action": "delete_selected", "select_across": "1", "post": "yes"}
    sent["_selected_action"] = Participant.objects.values_list("pk", flat=True)[0]
    assert admin_client.post(list_of(Participant), sent).status_code == 403
    assert Participant.objects.count() == 3


def test_numbers_stand_beside_the_rows_of_a_page_and_on_the_page_of_a_row(admin_client, three):
    Round.objects.update(state="shown", smallest_room=3)
    assert [each.filled_in for each in found(admin_client, Ballot)] == [1, 1, 1]
    page = admin_client.get(url(three[0].ballot)).content.decode()
    assert '<div class="readonly">1</div>' in page


@pytest.mark.parametrize("state", ["open", "closed"])
def test_nobody_sees_ratings_come_on_a_ballot(admin_client, three, state):
    Round.objects.update(state=state)
    assert [each.filled_in for each in found(admin_client, Ballot)] == [0, 0, 0]
    for page in (list_of(Ballot), url(three[0].ballot)):
        shown = re.findall(
            r'(?:number_of_ratings|readonly)">([^<\s]+)<', admin_client.get(page).text
        )
        assert {*shown} == {"–"}


def test_a_round_is_chosen_by_its_number(admin_client, three):
    assert len(found(admin_client, Consensus, round="1", workshop=three[0].workshop.pk)) == 1
    assert found(admin_client, Consensus, round="2") == []
