"""The sheet to print, for people without a device."""

import re

import pytest
from django.urls import reverse

from fields.models import ActionField
from measures.models import Measure
from measures.rating.rounds import open_round
from tests.markup import compact
from workshops.models import Criterion
from workshops.setup import set_scale


@pytest.fixture
def desk(signed_in, facilitator, at):
    at("collecting")
    return signed_in(facilitator)


@pytest.fixture
def sheet(workshop) -> str:
    return reverse("measures:rating-sheet", args=[workshop.pk])


def boxes(page: str) -> list[int]:
    """Return the number of boxes in each row of a measure."""
    rows = re.findall(r'<tr><th scope="row".*?</tr>', compact(page))
    return [row.count("sheet-box") for row in rows]


def test_every_measure_that_can_be_rated_stands_on_it_in_reading_order(
    workshop, field, goal, measure, measure_two, desk, sheet
):
    tourism = workshop.fields.get(name="Tourismus")
    left_out = ActionField.objects.create(workshop=workshop, name="Arbeit", is_worked_on=False)
    for place, more in [
        (tourism, {}),
        (left_out, {}),
        (field, {"is_removed": True}),
        (field, {"merged_into": measure}),
    ]:
        Measure.objects.create(workshop=workshop, field=place, title="Rad", **more)
    shown = desk.get(sheet).context["measures"]
    assert [(m.field.name, m.title) for m in shown] == [
        ("Alltagsleben", "WLAN"), ("Alltagsleben", "Bus"), ("Tourismus", "Rad"),
    ]  # fmt: skip


def test_while_a_further_round_is_open_the_sheet_holds_what_it_offers(
    workshop, measure, measure_two, desk, sheet, facilitator, at
):
    at("rating")
    open_round(at("deliberating"), by=facilitator, measures=[measure_two])
    assert [each.title for each in desk.get(sheet).context["measures"]] == ["Bus"]


@pytest.mark.parametrize(("steps", "is_wide"), [(3, False), (5, False), (6, False), (10, True)])
def test_each_question_has_a_box_per_step_and_one_for_cannot_judge(
    workshop, measure, measure_two, desk, sheet, steps, is_wide
):
    workshop.steps = steps
    workshop.save(update_fields=["steps"])
    words = [f"Stufe <{n}>" for n in range(1, steps + 1)]
    set_scale(workshop, dict.fromkeys(Criterion, words))
    response = desk.get(sheet)
    page = response.content.decode()
    assert boxes(page) == [2 * (steps + 1)] * 2
    assert [len(scale) for _label, scale in response.context["scales"]] == [steps + 1] * 2
    assert page.count("Stufe &lt;1&gt;") == 2
    assert ("rating-sheet--wide" in page) == is_wide


def test_descriptions_can_be_left_out(workshop, measure, desk, sheet):
    Measure.objects.update(description="Frei am Rheinufer")
    found = [desk.get(sheet, query).content.decode() for query in ({}, {"texts": "no"})]
    assert [page.count("Frei am Rheinufer") for page in found] == [1, 0]


def test_people_tick_their_group_where_there_are_groups(workshop, measure, desk, sheet):
    assert [group.name for group in desk.get(sheet).context["groups"]] == ["Rat", "Verwaltung"]
    assert "sheet-groups" in desk.get(sheet).content.decode()
    workshop.groups.all().delete()
    assert "sheet-groups" not in desk.get(sheet).content.decode()


def test_without_a_measure_the_page_says_so(workshop, desk, sheet):
    page = desk.get(sheet).content.decode()
    assert (boxes(page), "<table" in page) == ([], False)


def test_the_way_to_the_sheet_is_shown_to_whoever_may_print_it(
    workshop, measure, desk, sheet, administrator, signed_in, at
):
    measures, entry = (
        reverse(f"measures:{name}", args=[workshop.pk]) for name in ("measure-list", "entry-list")
    )

    printing = reverse("measures:print-list", args=[workshop.pk])

    def leads(client, page: str, to: str = printing) -> bool:
        return f'href="{to}"' in client.get(page).content.decode()

    assert leads(desk, printing, to=sheet)

    assert (leads(desk, measures), leads(signed_in(administrator), measures)) == (True, False)
    at("rating")
    assert (leads(desk, measures), leads(desk, entry)) == (True, True)
    at("deliberating")
    assert leads(desk, measures) is False


def test_the_sheet_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, desk, sheet, django_assert_num_queries
):
    with django_assert_num_queries(6):
        desk.get(sheet)
    for name in ("Eins", "Zwei"):
        extra = ActionField.objects.create(workshop=workshop, name=name)
        Measure.objects.create(workshop=workshop, field=extra, title=name)
    with django_assert_num_queries(6):
        desk.get(sheet)
