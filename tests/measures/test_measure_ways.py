"""From one measure to the next in the list that one came from."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from measures.models import AgendaItem, Measure
from tests.deciding import decide, hold, in_english
from tests.measures.publishing import words
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
    """Return a function that says where a page leads: ``way(2, "ranking", weight=90)``."""
    client = signed_in(committee_member)

    def ask(number: int, asked: str | None, who=client, **more):
        url = reverse("measures:measure-detail", args=[workshop.pk, number])
        return who.get(url, ({"from": asked} if asked else {}) | more).context["way"]

    return ask


def dashboard(workshop) -> str:
    return reverse("measures:dashboard", args=[workshop.pk])


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
    assert way(3, "ranking").url == f"{dashboard(workshop)}?view=all"


def test_from_what_is_open_one_walks_through_what_is_open(
    way, rated, measure, measure_two, castle, workshop
):
    decide(hold(workshop, measure), measure, outcome="rejected", has_basis=False)
    later = {"outcome": "deferred", "deferred_until": date(2021, 1, 1), "has_basis": False}
    decide(hold(workshop, measure_two), measure_two, **later)
    query = "?from=ranking&status=open"
    assert [told(way(number, "ranking", status="open")) for number in (3, 2)] == [
        (query, 1, 2, None, "Rang 2"), (query, 2, 2, "Rang 1", None),
    ]  # fmt: skip
    assert way(3, "ranking", status="open").url == f"{dashboard(workshop)}?status=open"
    assert told(way(1, "ranking", status="open")) == ("", 1, 3, None, "M2")


def test_the_dashboard_leads_to_pages_that_lead_back_to_it(
    rated, measure, castle, workshop, signed_in, participant
):
    """What is usual, or nothing that can be asked for, stands in none of the addresses."""
    client = signed_in(participant)
    asked = {"weight": "81", "order": "rank", "horizon": "never", "n": "1", "q": "", "x": "y"}
    page = client.get(dashboard(workshop), asked).content.decode()
    links = {unescape(each) for each in re.findall(r'href="([^"]*[?]from=ranking[^"]*)"', page)}
    query = "?from=ranking&weight=81&n=1"
    numbers = (1, 2, 3)
    assert {link for link in links if "weight" in link} == {
        reverse("measures:measure-detail", args=[workshop.pk, each]) + query for each in numbers
    }
    way = client.get(castle.get_absolute_url() + query).context["way"]
    assert (way.query, way.url) == (query, f"{dashboard(workshop)}?weight=81&n=1")


def test_at_another_weight_the_page_tells_both_ranks(
    way, measure, measure_two, ballots, at, workshop, signed_in, participant
):
    at("rating")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=1)
        save_rating(ballot, measure_two, relevance=3, feasibility=4)
    at("deliberating")
    assert told(way(1, "ranking", weight="90")) == (
        "?from=ranking&weight=90", 1, 2, None, "Rang 2",
    )  # fmt: skip
    client = in_english(signed_in(participant))
    page = client.get(measure.get_absolute_url(), {"from": "ranking", "weight": "90"})
    assert page.context["rated"].row.result.rank == 1
    assert "At 90 % weight of relevance (set: 50 %, rank 2)" in words(page.content.decode())
    for asked in ({"from": "ranking", "weight": "50"}, {"weight": "90"}, {"from": "ranking"}):
        page = client.get(measure.get_absolute_url(), asked)
        assert (page.context["rated"].row.result.rank, page.context["weighed"]) == (2, None)


def test_seen_as_one_group_sees_it_the_way_follows_it_without_its_ranks(
    way, measure, measure_two, ballots, at, workshop
):
    """The pages tell the rank among all, which is another."""
    at("rating")
    for ballot in ballots(5, "Rat"):
        save_rating(ballot, measure, relevance=2, feasibility=2)
        save_rating(ballot, measure_two, relevance=3, feasibility=3)
    for ballot in ballots(6, "Verwaltung"):
        save_rating(ballot, measure, relevance=5, feasibility=5)
        save_rating(ballot, measure_two, relevance=1, feasibility=1)
    at("deliberating")
    assert told(way(1, "ranking"))[1:] == (1, 2, None, "Rang 2")
    lens = f"group-{workshop.groups.get(name='Rat').pk}"
    assert told(way(1, "ranking", lens=lens)) == (f"?from=ranking&lens={lens}", 2, 2, "M2", None)


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


NARROWED = {"status": "open", "weight": "90"}


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        (None, {}), ("fields", {}), ("ranking", {}), ("ranking", NARROWED), ("progress", {}),
        ("session", {}),
    ],
)  # fmt: skip
def test_the_way_takes_the_same_queries_for_three_measures_and_for_five(
    way, rated, measure, castle, workshop, asked, more, django_assert_max_num_queries
):
    session = hold(workshop, measure, castle)
    asked = f"session-{session.pk}" if asked == "session" else asked
    counted = []
    for title in ("Bahn", "Rad"):
        way(1, asked, **more)  # what is kept is made
        with django_assert_max_num_queries(60) as queries:
            way(1, asked, **more)
        counted.append(len(queries))
        extra = Measure.objects.create(workshop=workshop, field=castle.field, title=title)
        AgendaItem.objects.create(session=session, measure=extra, order=9)
    assert counted[0] == counted[1]
