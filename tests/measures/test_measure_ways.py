"""From one measure to the next in the list that one came from."""

from datetime import date

import pytest
from django.urls import reverse

from measures.models import AgendaItem, Measure
from tests.deciding import decide, hold
from tests.rating import save_rating


@pytest.fixture
def castle(workshop, field, measure_two) -> Measure:
    """M3, the last to be read, for its field is the last."""
    tourism = workshop.fields.get(name="Tourismus")
    return Measure.objects.create(workshop=workshop, field=tourism, title="Schloss")


@pytest.fixture
def rated(measure, measure_two, castle, ballots, at) -> None:
    """Schloss is first, WLAN and Bus share the second rank."""
    at("rating")
    for ballot in ballots(3):
        for each, step in ((measure, 2), (measure_two, 2), (castle, 5)):
            save_rating(ballot, each, relevance=step, feasibility=step)
    at("deliberating")


@pytest.fixture
def way(workshop, signed_in, committee_member):
    """Return a function that says where a measure's page leads: ``way(2, "ranking")``."""
    client = signed_in(committee_member)

    def ask(number: int, asked: str | None, who=client):
        url = reverse("measures:measure-detail", args=[workshop.pk, number])
        return who.get(url, {"from": asked} if asked else {}).context["way"]

    return ask


def told(way) -> tuple:
    """Return query, place, length, and the neighbours by what stands on their buttons."""
    stops = (each and (each.label or each.code) for each in (way.before, way.after))
    return (way.query, way.place, way.of, *stops)


def test_without_a_list_measures_follow_each_other_by_number(way, castle):
    assert [told(way(number, None)) for number in (1, 2, 3)] == [
        ("", 1, 3, None, "M2"), ("", 2, 3, "M1", "M3"), ("", 3, 3, "M2", None),
    ]  # fmt: skip


def test_the_ranking_leads_from_rank_to_rank(way, rated, castle, workshop):
    Measure.objects.create(workshop=workshop, field=castle.field, title="Neu")
    assert [told(way(number, "ranking")) for number in (3, 1, 2, 4)] == [
        ("?from=ranking", 1, 4, None, "Rang 2"),
        ("?from=ranking", 2, 4, "Rang 1", "Rang 2"),
        ("?from=ranking", 3, 4, "Rang 2", "M4"),
        ("?from=ranking", 4, 4, "Rang 2", None),
    ]
    assert way(3, "ranking").url == reverse("measures:dashboard", args=[workshop.pk])


def test_before_results_the_ranking_is_the_order_of_reading(
    way, castle, field, measure, workshop, signed_in, participant, at
):
    """Nobody finds out from the neighbours how a rating that is going on stands."""
    first = Measure.objects.create(workshop=workshop, field=measure.field, title="Vorn", order=0)
    Measure.objects.filter(pk=measure.pk).update(order=9)
    at("rating")
    phone = signed_in(participant)
    by_reading = told(way(first.number, "fields", phone))[1:]
    assert told(way(first.number, "ranking", phone))[1:] == by_reading
    assert way(first.number, "ranking", phone).url == reverse(
        "measures:measure-list", args=[workshop.pk]
    )


def test_the_list_leads_on_in_the_order_of_reading(way, castle, workshop, goal):
    castle.field.order, goal.field.order = 0, 5
    castle.field.save()
    goal.field.save()
    assert [told(way(number, "fields")) for number in (3, 1)] == [
        ("?from=fields", 1, 3, None, "M1"), ("?from=fields", 2, 3, "M3", "M2"),
    ]  # fmt: skip


def test_an_agenda_leads_from_item_to_item(way, rated, measure, measure_two, castle, workshop):
    session = hold(workshop, castle)
    AgendaItem.objects.create(session=session, field=measure.field, order=2)
    query = f"session-{session.pk}"
    assert [told(way(number, query)) for number in (3, 1)] == [
        (f"?from={query}", 1, 3, None, "TOP 2.1"), (f"?from={query}", 2, 3, "TOP 1", "TOP 2.2"),
    ]  # fmt: skip
    assert way(1, query).url == session.get_absolute_url()


def test_progress_leads_through_what_is_followed_up(way, rated, measure, castle, workshop):
    decide(hold(workshop, measure), measure, has_basis=False)
    decide(hold(workshop, castle), castle, due_date=date(2021, 1, 1), has_basis=False)
    assert [told(way(number, "progress")) for number in (3, 1)] == [
        ("?from=progress", 1, 2, None, "M1"), ("?from=progress", 2, 2, "M3", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        "nonsense",
        "session-",
        "session-0",
        "session-x",
        "session-٣",
        f"session-{'9' * 30}",
        "RANKING",
    ],
)
def test_what_is_no_list_leads_by_number(way, rated, asked):
    assert told(way(2, asked)) == ("", 2, 3, "M1", "M3")


def test_a_list_without_the_measure_leads_by_number(way, rated, castle, workshop):
    session = hold(workshop, castle)
    assert told(way(1, f"session-{session.pk}")) == ("", 1, 3, None, "M2")
    assert told(way(1, "progress")) == ("", 1, 3, None, "M2")


def test_a_session_elsewhere_or_before_results_is_no_list(
    way, castle, workshop, other_workshop, measure, signed_in, participant
):
    session = hold(workshop, castle)
    phone = signed_in(participant)
    assert told(way(3, f"session-{session.pk}", phone)) == ("", 3, 3, "M2", None)
    foreign = hold(other_workshop)
    assert told(way(3, f"session-{foreign.pk}")) == ("", 3, 3, "M2", None)


def test_what_was_merged_or_removed_is_on_no_way(way, rated, measure, measure_two, castle):
    measure_two.merge_into(measure)
    castle.is_removed = True
    castle.save()
    assert told(way(1, "ranking")) == ("?from=ranking", 1, 1, None, None)


@pytest.mark.parametrize("asked", [None, "fields", "ranking", "progress", "session"])
def test_the_way_takes_the_same_queries_for_three_measures_and_for_five(
    way, rated, measure, castle, workshop, asked, django_assert_max_num_queries
):
    session = hold(workshop, measure, castle)
    asked = f"session-{session.pk}" if asked == "session" else asked
    counted = []
    for title in ("Bahn", "Rad"):
        way(1, asked)  # what is kept is made
        with django_assert_max_num_queries(60) as queries:
            way(1, asked)
        counted.append(len(queries))
        extra = Measure.objects.create(workshop=workshop, field=castle.field, title=title)
        AgendaItem.objects.create(session=session, measure=extra, order=9)
    assert counted[0] == counted[1]
