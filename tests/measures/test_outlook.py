"""Before a round is shown its page says what happens; showing then does just that."""

import pytest
from django.utils.html import strip_tags

from measures.day.counts import counts_of
from measures.models import Measure
from measures.overview import overview_of
from measures.rating.choosing import round_numbers
from measures.rating.outlook import ballots_in, outlook, sheets_of
from tests.deciding import in_english
from tests.markup import compact
from tests.measures.test_rounds import fresh, move, rated, url
from tests.rating import agree_on, close, count_paper, save_rating
from workshops.models import Workshop

__all__ = ["rated"]  # a fixture


@pytest.fixture
def lead(facilitator, signed_in):
    return in_english(signed_in(facilitator))


def second_round(client, workshop, *measures) -> None:
    chosen = {"number": 2, "which": "picked", "measures": [each.pk for each in measures]}
    client.post(url("round-add", workshop), chosen)


def rate(measure: Measure, voters, relevance: int = 4, feasibility: int = 4) -> None:
    for ballot in voters:
        save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)


def on_paper(measure: Measure, count: int) -> None:
    for criterion in ("relevance", "feasibility"):
        count_paper(measure, criterion=criterion, step=4, count=count)


def seen(workshop) -> dict[str, object]:
    """Return the outlook on the last round without what is empty, measures by title."""
    round = workshop.rounds.last()
    found = outlook(fresh(workshop), round)
    named = {effect.value: [each.title for each in measures] for effect, measures in found.items()}
    counted = {"people": ballots_in(round), "sheets": sheets_of([round]).get(round.pk)}
    return {name: value for name, value in (named | counted).items() if value}


def told(client, workshop, number: int) -> list[str]:
    page = client.get(url("round-show", workshop, number)).content.decode()
    part = page.split('<div class="prose">')[1].split("<strong>")[0]
    lines = part.replace("</p>", "<li>").split("<li>")
    return [text for line in lines if (text := " ".join(strip_tags(line).split()))]


def results(workshop) -> dict[str, tuple]:
    """Return by title round, n and the rounds beside it."""
    return {
        row.measure.title: (row.round, row.result.n, [number for number, _result in row.beside])
        for row in overview_of(fresh(workshop)).rows
    }


# What is merged meanwhile -----------------------------------------------------------------------


@pytest.fixture
def merged(rated, lead, measure, measure_two, ballots):
    """Round 2 offered Bus alone; then, back in the collection, Bus was merged into WLAN."""
    second_round(lead, rated, measure_two)
    rate(measure_two, ballots(6))
    close(rated)
    Workshop.objects.filter(pk=rated.pk).update(phase="collecting")
    Measure.objects.filter(pk=measure_two.pk).update(merged_into=measure)
    return fresh(rated)


def test_what_was_asked_of_a_duplicate_alone_stands_beside_and_replaces_nothing(merged, lead):
    """Seen: the page said that nothing was replaced, then WLAN's result was."""
    assert seen(merged) == {"merged": ["WLAN"], "people": 6}
    assert told(lead, merged, 2) == [
        "The ratings of this round count for 1 measure. They stand on 6 ballots.",
        "1 result stands beside the one before and replaces nothing, because this round only"
        " offered what has been merged into the measure: M1 WLAN",
    ]
    lead.post(url("round-show", merged, 2))
    assert results(merged) == {"WLAN": (1, 8, [2])}


def test_a_measure_that_was_offered_itself_is_replaced_with_what_its_duplicate_adds(
    rated, lead, measure, measure_two, ballots
):
    second_round(lead, rated, measure, measure_two)
    rate(measure_two, ballots(6))
    close(rated)
    Workshop.objects.filter(pk=rated.pk).update(phase="collecting")
    Measure.objects.filter(pk=measure_two.pk).update(merged_into=measure)
    assert seen(rated) == {"replacing": ["WLAN"], "people": 6}
    lead.post(url("round-show", rated, 2))
    assert results(rated) == {"WLAN": (2, 6, [])}


def test_without_an_older_result_a_duplicate_may_give_the_first(
    workshop, measure, measure_two, ballots, at, lead
):
    at("rating")
    workshop.rounds.get().offers.filter(measure=measure).delete()
    rate(measure_two, ballots(5))
    close(workshop)
    Measure.objects.filter(pk=measure_two.pk).update(merged_into=measure)
    assert seen(workshop) == {"first": ["WLAN"], "people": 5}
    lead.post(url("round-show", workshop, 1))
    assert results(workshop) == {"WLAN": (1, 5, [])}


def test_what_was_dropped_with_its_measure_counts_for_nothing(merged, measure_two):
    Measure.objects.filter(pk=measure_two.pk).update(is_removed=True)
    assert seen(merged) == {"people": 6}


def test_each_round_counts_with_the_minimum_with_which_it_was_shown(
    workshop, measure, ballots, at, lead
):
    at("rating")
    rate(measure, ballots(4))
    close(workshop)
    lead.post(url("round-show", workshop, 1))
    Workshop.objects.update(smallest_room=5, phase="deliberating")
    second_round(lead, workshop, measure)
    rate(measure, ballots(5))
    close(workshop)
    assert seen(workshop) == {"replacing": ["WLAN"], "people": 5}


# The true reasons -------------------------------------------------------------------------------


@pytest.fixture
def evening(workshop, field, measure, measure_two, ballots, at) -> Workshop:
    """WLAN has one ballot and four sheets, Bus three sheets, Rad two ballots, Bahn five."""
    rad, bahn = (Measure.objects.create(workshop=workshop, field=field, title=name)
                 for name in ("Rad", "Bahn"))  # fmt: skip
    at("rating")
    voters = ballots(5)
    rate(measure, voters[:1])
    on_paper(measure, 4)
    on_paper(measure_two, 3)
    rate(rad, voters[:2])
    rate(bahn, voters)
    return workshop


def test_each_measure_is_named_with_the_true_reason(evening, lead):
    """Seen: "3 measures have fewer than 3 ratings" where one of them had five."""
    move(lead, evening, "rating", "deliberating")
    assert told(lead, evening, 1) == [
        "The ratings of this round count for 4 measures. They stand on 5 ballots. In addition there"
        " are up to 4 sheets of paper for each measure.",
        "2 measures get their first result: M2 Bus, M4 Bahn",
        "1 measure gets no figures from this round, because fewer than 3 people judged its"
        " relevance or its feasibility: M3 Rad",
        "1 measure gets no figures from this round: ballots and paper are counted apart, and fewer"
        " than 3 ballots judged its relevance or its feasibility: M1 WLAN",
    ]


def test_the_overview_counts_enough_ratings_by_the_same_rule(evening, lead):
    during = counts_of(fresh(evening))
    move(lead, evening, "rating", "deliberating")
    after = counts_of(fresh(evening))
    lead.post(url("round-show", evening, 1))
    shown = counts_of(fresh(evening))
    assert [(each["rated"], each["offered"]) for each in (during, after, shown)] == [(2, 4)] * 3


def test_abstentions_are_no_ratings_once_the_round_is_closed(workshop, measure, ballots, at):
    """While it is open they count, or the number would tell who abstained."""
    at("rating")
    voters = ballots(3)
    rate(measure, voters[:2])
    save_rating(voters[2], measure, relevance=None, feasibility=None)
    assert counts_of(fresh(workshop))["rated"] == 1
    close(workshop)
    assert counts_of(fresh(workshop))["rated"] == 0


def test_the_overview_counts_what_the_ratings_count_for(merged):
    counts = counts_of(merged)
    assert (counts["rated"], counts["offered"]) == (1, 1)


def test_of_many_measures_five_are_named(workshop, field, ballots, at, lead):
    for n in range(1, 8):
        Measure.objects.create(workshop=workshop, field=field, title=f"Idee {n}")
    at("rating")
    for each in workshop.measures.all():
        rate(each, ballots(3))
    close(workshop)
    assert told(lead, workshop, 1)[1:] == [
        "7 measures get their first result: M1 Idee 1, M2 Idee 2, M3 Idee 3, M4 Idee 4, M5 Idee 5"
        " and 2 more"
    ]


def test_replaced_and_kept_results_are_named(rated, lead, measure, measure_two, ballots):
    second_round(lead, rated, measure, measure_two)
    voters = ballots(4)
    rate(measure, voters)
    rate(measure_two, voters[:3])
    close(rated)
    assert told(lead, rated, 2)[1:] == [
        "1 result is replaced: M1 WLAN",
        "1 result stands beside the one before and replaces nothing, because fewer than half as"
        " many judged it: M2 Bus",
    ]


# Minimums and halves ----------------------------------------------------------------------------


def test_a_minimum_raised_later_hides_a_result_beside_as_well(rated, lead, measure_two, ballots):
    second_round(lead, rated, measure_two)
    rate(measure_two, ballots(3))
    close(rated)
    lead.post(url("round-show", rated, 2))
    assert results(rated)["Bus"] == (1, 8, [2])
    Workshop.objects.update(smallest_room=4)
    assert results(rated)["Bus"] == (1, 8, [])


@pytest.mark.parametrize(("room", "group", "counts"), [(3, 5, ()), (5, 3, (0, 0, 0, 5, 0))])
def test_a_distribution_needs_the_room_and_the_smallest_group(
    workshop, measure, ballots, at, room, group, counts
):
    Workshop.objects.update(smallest_room=room, smallest_group=group)
    at("rating")
    rate(measure, ballots(4 if room == 3 else 5))
    at("deliberating")
    [row] = overview_of(fresh(workshop)).rows
    assert (row.result.relevance.counts, row.is_broad) == (counts, bool(counts))


def needed_of(workshop) -> tuple[int, int]:
    """How many must judge all measures once more so that their results are replaced."""
    rows = overview_of(fresh(workshop)).rows
    return round_numbers(fresh(workshop), offered=1, rateable=1, replaced=rows)["needed"]


def test_half_of_seven_is_four(workshop, measure, ballots, at):
    at("rating")
    rate(measure, ballots(7))
    at("deliberating")
    assert needed_of(workshop) == (4, 4)


@pytest.mark.parametrize(("people", "needed"), [(3, (3, 3)), (4, (3, 3)), (9, (5, 5))])
def test_what_replaces_a_result_is_at_least_the_minimum(
    workshop, measure, ballots, at, people, needed
):
    """Seen: "2 to 5 or more" beside "fewer than 3 ratings will have no figures"."""
    at("rating")
    rate(measure, ballots(people))
    at("deliberating")
    assert needed_of(workshop) == needed


def test_a_round_of_one_measure_is_told_in_the_singular(rated, lead, measure):
    chosen = {"number": 2, "which": "picked", "measures": [measure.pk]}
    page = lead.post(url("round-add", rated), chosen, follow=True)
    told = "Round 2 is open for 1 measure. The results so far stay visible."
    assert [str(each) for each in page.context["messages"]] == [told]


def test_an_agreed_value_alone_is_no_rating(workshop, measure, at):
    at("rating")
    agree_on(measure, relevance=4, feasibility=4)
    close(workshop)
    assert seen(workshop) == {"too_few": ["WLAN"]}


def test_the_list_of_rounds_counts_ballots_and_sheets(evening, lead):
    page = compact(lead.get(url("round-list", evening)))
    facts = page.split('<p class="row__facts muted">')[1].split("</p>")[0]
    assert facts == "4 measures, 5 ballots, up to 4 sheets of paper for each measure"
