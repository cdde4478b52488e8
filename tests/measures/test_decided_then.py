"""Decided points show the values that were decided on, today's only where they differ."""

import json
from types import SimpleNamespace

import pytest
from django.urls import reverse

from measures.committee.then import then_of
from measures.models import Decision
from tests.deciding import decide, hold, in_english
from tests.rating import save_rating
from workshops.models import Workshop


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


@pytest.fixture
def decided(workshop, measure, measure_two, ballots, at) -> Decision:
    """WLAN was first with 5 and 4, Bus second with 3 and 3; decided is upon WLAN."""
    for ballot in ballots(6):
        save_rating(ballot, measure, relevance=5, feasibility=4)
        save_rating(ballot, measure_two, relevance=3, feasibility=3)
    at("deliberating")
    workshop.refresh_from_db()
    return decide(hold(workshop, measure, measure_two), measure)


def rate_once_more(workshop, measure, ballots) -> None:
    """Let a further round of six put WLAN on 2 and 2, behind Bus."""
    row = workshop.rounds.create(number=2, state="shown", smallest_room=3)
    row.offers.create(measure=measure, counts_for=measure)
    for ballot in ballots(6):
        save_rating(ballot, measure, relevance=2, feasibility=2, round=2)


def line(page: str) -> str:
    return " ".join(page.split())


def test_the_agenda_tells_what_was_decided_on(council, decided):
    page = line(council.get(decided.session.get_absolute_url()).text)
    assert "decided on: rank 1, relevance 5.00, feasibility 4.00" in page
    assert "today:" not in page


def test_today_stands_beside_it_where_it_differs(council, decided, workshop, measure, ballots):
    rate_once_more(workshop, measure, ballots)
    page = line(council.get(decided.session.get_absolute_url()).text)
    assert (
        "decided on: rank 1, relevance 5.00, feasibility 4.00"
        " · today: rank 2, relevance 2.00, feasibility 2.00"
    ) in page


def test_the_page_of_the_point_shows_both_in_the_same_way(
    council, decided, workshop, measure, ballots
):
    url = reverse("measures:agenda-item", args=[workshop.pk, decided.session.pk, measure.number])
    before = line(council.get(url).text)
    assert ("Rank 1 of 2" in before, "Today:" in before) == (True, False)
    rate_once_more(workshop, measure, ballots)
    page = line(council.get(url).text)
    assert "Rank 1 of 2" in page
    assert "decided on. Today: rank 2, relevance 2.00, feasibility 2.00" in page


def test_what_is_not_decided_shows_today(council, decided, workshop, measure_two):
    page = line(council.get(decided.session.get_absolute_url()).text)
    assert "rank 2 · relevance 3.00" in page


def test_figures_of_too_few_are_not_told_from_the_frozen_text(decided, workshop):
    Workshop.objects.update(smallest_room=7)
    workshop.refresh_from_db()
    assert then_of(decided, workshop) is None


@pytest.mark.parametrize("rank", ["<b>1</b>", True, 1.5, None, [1], {"a": 1}])
def test_a_forged_text_is_no_number(decided, workshop, rank):
    frozen = decided.frozen
    frozen["ranking"]["rank"] = rank
    frozen["ratings"]["relevance"]["counts"] = "many"
    forged = SimpleNamespace(frozen=json.loads(json.dumps(frozen)), measure_id=decided.measure_id)
    then = then_of(forged, workshop)
    assert (then.figures.rank, then.result.relevance.counts) == (None, ())
