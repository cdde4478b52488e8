"""Sheets of paper typed in as a whole: counted apart from ballots, once, and told as paper."""

from collections import Counter

import numpy as np
import pytest

from measures.by_group import piles_by_group, tallies_by_group
from measures.day.counts import counts_of
from measures.models import Offer, Rating
from measures.overview import overview_of
from measures.prioritisation import Tally
from measures.rating.outlook import Effect, ballots_in, outlook, sheets_of
from measures.rating.rounds import open_round
from measures.results.stability import _arrays, _paper, stability_of
from measures.standing import Piles
from measures.tallies import abstentions, answers_of, counted_sheets_of, group_piles_of, piles_of
from tests.rating import close, count_paper, freeze_anew, round_of, save_rating, show
from workshops.models import Ballot, Workshop

NOBODY = Tally((0,) * 5, (0,) * 5, 0)


@pytest.fixture
def sheets(ballots):
    """Return a function that types in sheets of one opinion: ``sheets(2, measure, 4, 5)``."""

    def type_in(count, measure, relevance, feasibility, group=None) -> list[Ballot]:
        rows = ballots(count, group, source="paper")
        for row in rows:
            save_rating(row, measure, relevance=relevance, feasibility=feasibility)
        return rows

    return type_in


@pytest.fixture
def phones(ballots):
    def rate(count, measure, relevance, feasibility, group=None) -> list[Ballot]:
        rows = ballots(count, group)
        for row in rows:
            save_rating(row, measure, relevance=relevance, feasibility=feasibility)
        return rows

    return rate


def fresh(workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


def same(step: int, n: int) -> Tally:
    """Return the tally of so many who chose this step twice."""
    counts = tuple(n if step == each else 0 for each in range(1, 6))
    return Tally(counts, counts, n)


def test_they_lie_on_the_pile_of_paper_beside_those_that_were_counted(
    workshop, measure, phones, sheets
):
    phones(3, measure, 3, 3)
    sheets(2, measure, 5, None)
    count_paper(measure, criterion="relevance", step=1, count=4)
    count_paper(measure, criterion="relevance", step=None, count=1)
    count_paper(measure, criterion="feasibility", step=1, count=5)
    round = round_of(workshop)
    key = (round.pk, measure.pk)
    counted = Tally((4, 0, 0, 0, 0), (5, 0, 0, 0, 0), 5)
    paper = Tally((4, 0, 0, 0, 2), (5, 0, 0, 0, 0), 7)
    assert piles_of([round], 5) == {key: Piles(same(3, 3), paper)}
    assert counted_sheets_of([round], 5) == {key: counted}
    assert abstentions(key) == {"relevance": 1, "feasibility": 2}


def test_nobody_is_counted_twice_in_a_result(workshop, measure, phones, sheets, at):
    at("deliberating")
    phones(5, measure, 3, 3)
    sheets(2, measure, 5, 1)
    for criterion in ("relevance", "feasibility"):
        count_paper(measure, criterion=criterion, step=4, count=4)
    [row] = overview_of(workshop).rows
    assert (row.result.n, row.paper) == (11, 6)
    assert row.result.relevance.counts == (0, 0, 5, 4, 2)
    assert row.result.feasibility.counts == (2, 0, 5, 4, 0)


def test_each_group_has_its_own_pile_of_them(workshop, measure, phones, sheets):
    council = workshop.groups.get(name="Rat")
    phones(2, measure, 4, 4, "Rat")
    sheets(1, measure, 2, 2, "Rat")
    sheets(3, measure, 1, 1)
    for criterion in ("relevance", "feasibility"):
        count_paper(measure, group=council, criterion=criterion, step=2, count=1)
    assert group_piles_of([round_of(workshop)], 5) == {
        (round_of(workshop).pk, measure.pk): (
            {council.pk: same(4, 2)},
            {council.pk: same(2, 2), None: same(1, 3)},
        )
    }


def test_a_sheet_that_rated_a_duplicate_too_counts_once_and_as_paper(
    workshop, measure, measure_two, phones, sheets
):
    [phone] = phones(1, measure, 3, 3)
    save_rating(phone, measure_two, relevance=1, feasibility=1)
    [sheet] = sheets(1, measure, 5, None)
    save_rating(sheet, measure_two, relevance=1, feasibility=2)
    type(measure).objects.filter(pk=measure_two.pk).update(merged_into=measure)
    key = (round_of(workshop).pk, measure.pk)
    paper = Tally((0, 0, 0, 0, 1), (0, 1, 0, 0, 0), 1)
    assert piles_of([round_of(workshop)], 5) == {key: Piles(same(3, 1), paper)}
    assert {each.ballot: each.is_on_paper for each in answers_of([key])} == {
        phone.pk: False,
        sheet.pk: True,
    }


# Minimums ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_phone", "on_paper", "n"), [(2, 20, 0), (3, 1, 4), (0, 2, 0), (0, 3, 3)]
)
def test_they_help_no_few_ballots_over_the_rooms_minimum(
    workshop, measure, phones, sheets, at, by_phone, on_paper, n
):
    at("deliberating")
    phones(by_phone, measure, 3, 3)
    sheets(on_paper, measure, 3, 3)
    [row] = overview_of(fresh(workshop)).rows
    assert row.result.n == n


def test_a_group_is_shown_only_from_its_smallest_size_on_in_either_pile(
    workshop, measure, phones, sheets, at
):
    at("deliberating")
    assert workshop.smallest_group == 5
    council = workshop.groups.get(name="Rat")
    phones(5, measure, 4, 4, "Rat")
    phones(5, measure, 2, 2)
    sheets(4, measure, 1, 1, "Rat")
    assert tallies_by_group(overview_of(fresh(workshop))) == {}
    sheets(1, measure, 1, 1, "Rat")
    freeze_anew(round_of(workshop), measure)
    overview = overview_of(fresh(workshop))
    assert piles_by_group(overview)[measure.pk].paper == {council.pk: same(1, 5)}
    assert tallies_by_group(overview) == {
        council.pk: {measure.pk: Tally((5, 0, 0, 5, 0), (5, 0, 0, 5, 0), 10)}
    }


def test_before_a_round_is_shown_its_page_tells_enough_only_with_paper(
    workshop, measure, measure_two, phones, sheets, at
):
    at("rating")
    phones(2, measure, 3, 3)
    rows = sheets(2, measure, 3, 3)
    for row in rows:
        save_rating(row, measure_two, relevance=1, feasibility=1)
    count_paper(measure_two, criterion="relevance", step=1, count=3)
    round = round_of(workshop)
    close(workshop)
    found = outlook(fresh(workshop), round)
    assert {
        effect: [m.title for m in measures] for effect, measures in found.items() if measures
    } == {
        Effect.APART: ["WLAN"],
        Effect.TOO_FEW: ["Bus"],
    }
    assert (ballots_in(round), sheets_of([round])) == (2, {round.pk: 5})


def test_the_day_counts_what_people_entered_themselves(workshop, measure, phones, sheets, at):
    at("rating")
    sheets(2, measure, 3, 3)
    counts = counts_of(fresh(workshop))
    assert (counts["ratings"], counts["rated"]) == (0, 0)
    for criterion in ("relevance", "feasibility"):
        count_paper(measure, criterion=criterion, step=1, count=1)
    assert counts_of(fresh(workshop))["rated"] == 1
    phones(1, measure, 3, 3)
    counts = counts_of(fresh(workshop))
    assert (counts["ratings"], counts["rated"]) == (1, 0)


# When the rating ends ---------------------------------------------------------------------------


def told(**found) -> Counter[tuple]:
    """Count the ballots by source and group."""
    return Counter(Ballot.objects.filter(**found).values_list("source", "group__name"))


def test_however_few_they_stay_paper_and_lend_no_ballot_their_number(
    workshop, measure, phones, sheets, at
):
    """As "untold" among ballots, two sheets would make a result of two people's ratings."""
    at("rating")
    phones(2, measure, 4, 4)
    Ballot.objects.update(source="guest")
    sheets(2, measure, 1, 1)
    close(workshop)
    assert told() == {("untold", None): 2, ("paper", None): 2}
    show(workshop)
    at("deliberating")
    assert told() == {("untold", None): 4, ("paper", None): 2}
    [row] = overview_of(fresh(workshop)).rows
    assert (row.result.n, row.result.relevance.mean) == (0, None)


def test_a_group_needs_enough_ballots_and_enough_sheets_each_by_itself(
    workshop, measure, phones, sheets, at
):
    at("rating")
    phones(5, measure, 4, 4, "Rat")
    phones(4, measure, 4, 4, "Verwaltung")
    phones(2, measure, 4, 4)
    sheets(4, measure, 1, 1, "Rat")
    sheets(5, measure, 1, 1, "Verwaltung")
    sheets(1, measure, 1, 1)
    close(workshop)
    assert told() == {
        ("account", "Rat"): 5,
        ("account", None): 6,
        ("paper", "Verwaltung"): 5,
        ("paper", None): 5,
    }


def test_closing_gives_them_new_numbers_and_keeps_their_pairs(workshop, measure, sheets, at):
    at("rating")
    before = {row.pk for row in sheets(3, measure, 5, 2)}
    close(workshop)
    assert before.isdisjoint(Ballot.objects.values_list("pk", flat=True))
    assert list(Rating.objects.values_list("relevance", "feasibility")) == [(5, 2)] * 3


def test_nothing_of_them_is_left_for_a_further_round(
    workshop, measure, phones, sheets, at, facilitator
):
    """Left behind, five empty ones would let a single sheet of the next round keep its group."""
    at("rating")
    phones(3, measure, 4, 4)
    sheets(5, measure, 1, 1, "Rat")
    close(workshop)
    show(workshop)
    first = round_of(workshop)
    assert told(ratings__isnull=True) == {("untold", None): 3}
    open_round(at("deliberating"), by=facilitator, measures=[measure])
    phones(3, measure, 4, 4)
    sheets(1, measure, 1, 1, "Rat")
    close(workshop)
    second = round_of(workshop)
    assert told(ratings__round=second, source="paper") == {("paper", None): 1}
    assert told(ratings__round=first, source="paper") == {("paper", "Rat"): 5}


def test_showing_freezes_the_groups_by_both_piles(workshop, measure, phones, sheets, at):
    at("rating")
    council, office = workshop.groups.all()
    phones(5, measure, 4, 4, "Rat")
    phones(5, measure, 4, 4, "Verwaltung")
    sheets(5, measure, 1, 1, "Rat")
    close(workshop)
    show(workshop)
    [frozen] = [set(offer.groups.all()) for offer in Offer.objects.filter(measure=measure)]
    assert frozen == {council, office}


# The resampling ---------------------------------------------------------------------------------


def test_a_typed_sheet_is_drawn_as_a_whole_and_a_counted_one_from_its_pile(
    workshop, measure, measure_two, phones, sheets, at
):
    at("deliberating")
    phones(3, measure, 3, 3)
    for row in sheets(2, measure, 5, 1):
        save_rating(row, measure_two, relevance=2, feasibility=None)
    for each in (measure, measure_two):
        for criterion in ("relevance", "feasibility"):
            count_paper(each, criterion=criterion, step=4, count=4)
    overview = overview_of(fresh(workshop))
    ids = [measure.pk, measure_two.pk]
    relevance, feasibility, strata = _arrays(overview, ids)
    nan = np.nan
    rows = sorted(zip(relevance.tolist(), feasibility.tolist(), strict=True), key=str)
    whole, alone = ([5.0, 2.0], [1.0, nan]), ([3.0, nan], [3.0, nan])
    assert str(rows) == str([alone] * 3 + [whole] * 2)
    assert len(strata) == 5
    piles = [(0, 0, 0, 4, 0)] * 2
    assert _paper(overview, ids) == (piles, piles)
    judged = (~np.isnan(relevance)).sum(axis=0) + np.array(piles).sum(axis=1)
    by_id = {row.measure.pk: row.result.relevance.n for row in overview.rows}
    assert judged.tolist() == [by_id[pk] for pk in ids] == [9, 6]
    found = stability_of(overview)
    assert (found.raters, found.has_piles) == (5, True)


def test_with_typed_sheets_alone_no_pile_is_drawn_from(workshop, measure, sheets, at):
    at("deliberating")
    sheets(4, measure, 3, 3)
    sheets(2, measure, 5, 1)
    found = stability_of(overview_of(fresh(workshop)))
    assert (found.raters, found.has_piles, found.varies) == (6, False, True)
