"""A statement made once says what the ORM says each time."""

import re
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, models
from django.db.models import Q

from fields.models import ActionField, Goal
from measures import overview, shown
from measures.costs import loading
from measures.models import Cost, Measure, SavedView
from measures.results import around, became, body
from tests.deciding import decide, hold
from tests.rating import save_rating
from tests.test_layers import own_files
from workshops.compiled import compiled, compiled_models
from workshops.models import Workshop

pytestmark = pytest.mark.database

ROWS = [
    *(overview._listed, overview._goals, overview._fields, overview._groups),
    *(around._parts, body._is_published, became._to_deciders, became._to_all),
    loading._positions,
]
MODELS = [shown._shown]


def test_every_statement_of_the_product_is_tried_here():
    sources = [path.read_text("utf-8") for path in own_files("*.py", "workshops", "measures")]
    found = sum(len(re.findall(r"^@compiled(?:_models)?$", text, re.M)) for text in sources)
    assert found == len(ROWS) + len(MODELS)


@pytest.fixture
def rich(workshop, measure, measure_two, goal, ballots, at):
    at("deliberating")
    for ballot in ballots(3, group="Rat"):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    decide(hold(workshop, measure), measure, has_basis=False)
    Cost.objects.create(
        measure=measure, purpose="Router", amount=9, funder="Land", funded_percent=5,
        client_id=uuid4(),
    )  # fmt: skip
    SavedView.objects.create(workshop=workshop, name="Offen", query="status=open", place=1)
    workshop.fields.create(name="Hafen", order=9, is_removed=True)
    Goal.objects.create(field=measure.field, text="Weg damit", is_removed=True)
    measure_two.is_removed = True
    measure_two.save()
    return workshop


@pytest.mark.parametrize("read", ROWS, ids=lambda each: each.__name__)
def test_rows_are_those_of_the_orm(rich, other_workshop, read):
    for pk in (rich.pk, other_workshop.pk, rich.pk, 0, 2**63 - 1):
        assert [tuple(row) for row in read(pk)] == list(read.__wrapped__(pk))
    assert list(read(2**63)) == []


@pytest.mark.parametrize("read", MODELS, ids=lambda each: each.__name__)
def test_instances_are_those_of_the_orm(rich, other_workshop, read):
    for pk in (rich.pk, other_workshop.pk):
        found, expected = read(pk), list(read.__wrapped__(pk))
        assert found == expected
        assert [columns(row) for row in found] == [columns(row) for row in expected]
    assert len(read(rich.pk)) > 0


def columns(row: models.Model) -> dict:
    return {field.attname: vars(row)[field.attname] for field in row._meta.concrete_fields}


def test_values_stand_where_they_belong_however_often_and_in_whatever_order(workshop, measure):
    @compiled
    def near(least: int, most: int, not_this: int):
        rows = Measure.objects.filter(Q(pk__lte=most) & Q(pk__gte=least))
        return rows.exclude(Q(pk=not_this) | Q(pk=most)).order_by("pk").values_list("number")

    ids = [measure.pk]
    for number in range(2, 6):
        more = Measure.objects.create(workshop=workshop, field=measure.field, title=f"T {number}")
        ids.append(more.pk)
    assert [number for (number,) in near(ids[0], ids[4], ids[0])] == [2, 3, 4]
    assert [number for (number,) in near(ids[2], ids[4] + 1, 0)] == [3, 4, 5]


def test_values_come_as_python_knows_them(workshop):
    @compiled_models
    def one(pk: int):
        return Workshop.objects.filter(pk=pk)

    [found] = one(workshop.pk)
    stored = Workshop.objects.get(pk=workshop.pk)
    assert columns(found) == columns(stored)
    assert (type(found.date), type(found.uuid)) == (type(stored.date), type(stored.uuid))
    assert (found._state.adding, found._state.db) == (False, "default")
    found.title = "Neuer Titel"
    found.save()
    assert Workshop.objects.get(pk=workshop.pk).title == "Neuer Titel"


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(workshop, field):
    found = []

    def ask() -> None:
        found.append([name for _pk, name, _is in overview._fields(workshop.pk)])
        connection.close()

    threads = [Thread(target=ask) for _more in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[each.name for each in ActionField.objects.standing()]] * 3
