"""Naming a municipality among thousands: found by how it reads, suggested while one types."""

import re

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from tests.databases import take_back
from workshops.models import Municipality
from workshops.setup import find_municipality

LIST = reverse("workshops:municipality-list")
CREATE = reverse("fields:workshop-create")


def towns(count: int) -> None:
    Municipality.objects.bulk_create(Municipality(name=f"Ort {number}") for number in range(count))


def suggested(response) -> list[str]:
    return re.findall(r'<option value="([^"]*)">', response.content.decode())


@pytest.fixture
def creator(stranger, signed_in, settings):
    settings.SIGNUP_OPEN = True
    return signed_in(stranger)


def test_one_is_found_by_how_it_reads_and_of_two_the_one_that_is_written_so(
    db, django_assert_num_queries
):
    towns(300)
    first, second, third = (
        Municipality.objects.create(name=name) for name in ("BINGEN", "Bingen", "bingen")
    )
    for typed, found in [("Bingen", second), ("bingen", third), ("  BiNGEN ", first), ("B", None)]:
        with django_assert_num_queries(1):
            assert find_municipality(typed) == found


def test_a_new_name_is_found_at_once_whichever_way_it_is_stored(db):
    town = Municipality.objects.create(name="Alt")
    town.name = "Groß\xad-Gerau"
    town.save(update_fields=["name"])
    assert (find_municipality("GROSS-GERAU"), find_municipality("Alt")) == (town, None)


def test_a_page_carries_the_names_of_a_few_and_asks_for_those_of_many(creator):
    towns(100)
    few = creator.get(CREATE)
    towns(1)
    many = creator.get(CREATE)
    assert (len(suggested(few)), LIST.encode() in few.content) == (100, False)
    assert (len(suggested(many)), LIST.encode() in many.content) == (0, True)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("bing", ["Bingen (07339005)", "Bingen an der Wied"]),
        (" BINGEN  an", ["Bingen an der Wied"]),
        ("wied", []),
        ("%", []),
        ("", []),
    ],
)
def test_suggested_is_what_begins_as_typed_in_whichever_field(typed, names, creator):
    Municipality.objects.create(name="Bingen an der Wied")
    Municipality.objects.create(name="Bingen", official_key="07339005")
    Municipality.objects.create(name="Trier")
    for field in ("municipality_1", "municipality_3"):
        assert suggested(creator.get(LIST, {field: typed})) == names


def test_of_thousands_twenty_are_suggested_with_one_query(creator, django_assert_num_queries):
    towns(200)
    with django_assert_num_queries(3):
        response = creator.get(LIST, {"municipality_1": "ort 1"})
    assert suggested(response) == sorted(suggested(response), key=lambda name: int(name[4:]))
    assert len(suggested(response)) == 20


def test_only_who_names_one_is_suggested_any(
    client, signed_in, workshop, facilitator, administrator, committee_member, participant, stranger
):
    people = (facilitator, administrator, committee_member, participant, stranger)
    asked = [client, *map(signed_in, people)]
    answers = [each.get(LIST, {"municipality_1": "bingen"}) for each in asked]
    assert [each.status_code for each in answers] == [204, 200, 200, 204, 204, 204]
    assert [suggested(each) for each in answers[1:3]] == [["Bingen am Rhein"]] * 2


@pytest.fixture
def old(transactional_db):
    """Return the models of before, with their tables; at the end today's tables are back."""
    before = [("workshops", "0010_edits")]
    take_back(before)
    yield MigrationExecutor(connection).loader.project_state(before).apps
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_names_that_were_stored_before_are_found_afterwards(old):
    pk = old.get_model("workshops", "Municipality").objects.create(name="Bürger-Stadt").pk
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    found = find_municipality("BÜRGER\u2011STADT")
    assert found is not None
    assert found.pk == pk
