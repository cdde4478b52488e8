"""Indicators of a measure: where it began, what was measured, and who may do and see it."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from measures.models import Indicator, IndicatorEntry, Measure
from tests.deciding import in_english
from tests.today import TODAY
from workshops.phases import Phase

pytestmark = pytest.mark.usefixtures("one_day")
D, DAY = Decimal, timedelta(days=1)


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def typed(**changes) -> dict:
    sent = {
        "name": "Hotspots", "unit": "Stück", "baseline": "2", "baseline_on": "2020-09-08",
        "target": "20", "target_on": "2030-12-31", "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | changes


def indicator(measure: Measure, **columns) -> Indicator:
    columns = {"name": "Hotspots", "unit": "Stück", "client_id": uuid.uuid4()} | columns
    return Indicator.objects.create(measure=measure, **columns)


def measured(row: Indicator, value: str | None, day: date = TODAY, **columns) -> IndicatorEntry:
    number = None if value is None else D(value)
    return IndicatorEntry.objects.create(
        indicator=row, value=number, day=day, client_id=uuid.uuid4(), **columns
    )


@pytest.fixture
def desk(signed_in, administrator, at):
    at("closed")
    return in_english(signed_in(administrator))


@pytest.fixture
def row(measure) -> Indicator:
    columns = {"baseline": D(2), "baseline_on": TODAY - 100 * DAY}
    return indicator(measure, **columns, target=D(20), target_on=TODAY + 100 * DAY)


@pytest.fixture
def enter(workshop, row, desk):
    """Return a function that sends a value: ``enter(value="7")``."""

    def send(**changes):
        sent = {"value": "7", "day": str(TODAY), "client_id": str(uuid.uuid4())} | changes
        return desk.post(url(workshop, "indicator-measure", row.pk), sent)

    return send


def errors(response) -> dict[str, list[str]]:
    with override("en"):
        return {name: list(found) for name, found in response.context["form"].errors.items()}


def told(client, measure):
    [only] = client.get(measure.get_absolute_url()).context["indicators"]
    return only


# An indicator ------------------------------------------------------------------------------------


def test_an_indicator_is_stored_with_beginning_and_target(workshop, measure, desk):
    response = desk.post(url(workshop, "indicator-add", 1), typed(target="1.250,5"))
    assert (response.status_code, response["Location"]) == (
        302, f"{measure.get_absolute_url()}#indicators",
    )  # fmt: skip
    row = Indicator.objects.get()
    assert (row.name, row.unit, row.baseline, row.baseline_on) == (
        "Hotspots", "Stück", D(2), date(2020, 9, 8),
    )  # fmt: skip
    assert (row.target, row.target_on) == (D("1250.5"), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"baseline": ""}, "baseline"),
        ({"baseline_on": ""}, "baseline_on"),
        ({"target": ""}, "target"),
        ({"target_on": ""}, "target_on"),
        ({"target_on": "2020-09-08"}, "target_on"),
        ({"target": "1.234"}, "target"),
        ({"target": "viele"}, "target"),
    ],
)
def test_what_makes_no_sense_is_refused_with_one_sentence_at_its_field(
    workshop, measure, desk, changes, wrong
):
    response = desk.post(url(workshop, "indicator-add", 1), typed(**changes))
    assert (response.status_code, {n: len(e) for n, e in errors(response).items()}) == (
        422, {wrong: 1},
    )  # fmt: skip


def test_a_name_is_given_once_and_sent_twice_is_stored_once(workshop, measure, desk):
    page, same = url(workshop, "indicator-add", 1), typed()
    assert [desk.post(page, same).status_code for _ in range(2)] == [302, 302]
    assert Indicator.objects.count() == 1
    twin = desk.post(page, typed())
    assert errors(twin) == {"__all__": ["This measure has an indicator of this name already."]}


def test_a_later_change_of_somebody_else_is_shown_first(
    workshop, row, desk, facilitator, signed_in
):
    page = url(workshop, "indicator-edit", row.pk)
    seen = desk.get(page).context["form"]["seen"].value()
    signed_in(facilitator).post(page, typed(name="Zugänge", seen=seen))
    late = desk.post(page, typed(name="Hotspots", seen=seen))
    assert (late.status_code, late.context["differences"]) == (
        409, [{"label": "What is measured", "stored": "Zugänge", "typed": "Hotspots"}],
    )  # fmt: skip


def test_only_an_indicator_without_values_is_removed(workshop, row, measure, desk, enter):
    other = indicator(measure, name="Nutzung")
    for each in (row, other):
        enter() if each == row else None
        page = url(workshop, "indicator-edit", each.pk)
        seen = desk.get(page).context["form"].now
        desk.post(url(workshop, "indicator-remove", each.pk), {"seen": seen})
    assert list(Indicator.objects.all()) == [row]


# Measured values ---------------------------------------------------------------------------------


def test_a_value_is_stored_with_its_day_and_its_author(enter, row, administrator):
    assert enter(value="7,5", remark="Zählung im Rathaus").status_code == 302
    entry = IndicatorEntry.objects.get()
    assert (entry.indicator, entry.value, entry.day, entry.remark, entry.by) == (
        row, D("7.5"), TODAY, "Zählung im Rathaus", administrator,
    )  # fmt: skip


def test_a_wrong_value_is_corrected_by_a_newer_one_and_stays_readable(enter, desk, measure):
    enter(value="70")
    enter(value="7")
    found = told(desk, measure)
    assert [point.value for point in found.values] == [D(7)]
    assert [(each.entry.value, each.holds) for each in found.entries] == [
        (D(7), True), (D(70), False),
    ]  # fmt: skip


def test_a_value_of_a_wrong_day_is_taken_back_with_a_reason(enter, desk, measure):
    wrong = str(TODAY - 9 * DAY)
    assert errors(enter(value="", day=wrong)) == {
        "value": ["Please enter the value that was measured."]
    }
    enter(value="7", day=wrong)
    assert errors(enter(value="", day=wrong)) == {
        "remark": ["Please say why the value of this day is taken back."]
    }
    assert enter(value="", day=wrong, remark="falscher Tag").status_code == 302
    assert told(desk, measure).values == ()


def test_a_value_is_about_no_day_to_come(enter):
    assert errors(enter(day=str(TODAY + DAY))) == {"day": ["This day is yet to come."]}
    assert errors(enter(day="1899-01-01")) == {"day": ["Please check the year."]}


def test_sent_twice_a_value_is_stored_once(enter):
    same = str(uuid.uuid4())
    assert [enter(client_id=same).status_code for _ in range(2)] == [302, 302]
    assert IndicatorEntry.objects.count() == 1


def test_a_value_is_neither_changed_nor_deleted(row):
    entry = measured(row, "7")
    entry.value = D(8)
    for change in (entry.save, entry.delete):
        with pytest.raises(TypeError):
            change()


def test_values_are_entered_when_progress_is_reported(
    workshop, row, facilitator, administrator, signed_in, at
):
    found = {}
    for phase in Phase:
        at(phase)
        for person in (facilitator, administrator):
            sent = {"value": "7", "day": str(TODAY), "client_id": str(uuid.uuid4())}
            page = url(workshop, "indicator-measure", row.pk)
            found[phase, person.name] = signed_in(person).post(page, sent).status_code
    allowed = {Phase.DELIBERATING, Phase.CLOSED}
    assert found == {key: 302 if key[0] in allowed else 403 for key in found}


# What is shown -----------------------------------------------------------------------------------


def test_the_measures_page_draws_the_line_and_says_the_same_in_a_table(desk, measure, row):
    measured(row, "11", TODAY - 50 * DAY)
    page = desk.get(measure.get_absolute_url())
    [found] = page.context["indicators"]
    assert (found.way, found.chart.dots, found.chart.level) == (50, (("74.0", "44.0"),), "8.0")
    markup = page.content.decode()
    assert [markup.count(part) for part in ('class="trend"', "11\u00a0Stück")] == [1, 2]


def test_where_nothing_is_measured_yet_a_sentence_says_so(desk, measure):
    row = indicator(measure)
    page = desk.get(measure.get_absolute_url()).text
    assert ("Nothing is measured yet." in page, "indicator__table" in page) == (True, False)
    measured(row, "11")
    page = desk.get(measure.get_absolute_url()).text
    assert ("Nothing is measured yet." in page, "indicator__table" in page) == (False, True)


def test_the_page_that_reports_progress_shows_the_indicators(desk, workshop, measure, row):
    page = desk.get(url(workshop, "status-add", 1))
    assert [each.indicator for each in page.context["indicators"]] == [row]


def test_what_was_merged_brings_its_indicators_along(workshop, measure, measure_two, desk):
    theirs = indicator(measure_two)
    measure_two.merge_into(measure)
    assert told(desk, measure).indicator == theirs
    page = desk.post(url(workshop, "indicator-edit", theirs.pk), typed(seen="1"))
    assert page["Location"] == f"{measure.get_absolute_url()}#indicators"


def test_one_and_three_indicators_ask_the_same(
    workshop, measure, participant, signed_in, django_assert_num_queries
):
    client = signed_in(participant)
    measured(indicator(measure), "3")
    with django_assert_num_queries(13):
        client.get(measure.get_absolute_url())
    for name in ("Nutzung", "Störungen"):
        row = indicator(measure, name=name)
        measured(row, "5")
        measured(row, "6")
    with django_assert_num_queries(13):
        client.get(measure.get_absolute_url())
