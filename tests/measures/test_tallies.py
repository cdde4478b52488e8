"""Counting in the database: duplicates, paper, removed measures, and what stays out."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures.models import Measure
from measures.overview import overview_of
from measures.prioritisation import Tally
from measures.standing import Piles
from measures.tallies import abstentions, answers_of, group_piles_of, piles_of
from tests.rating import count_paper, round_of, save_rating

NOBODY = Tally((0,) * 5, (0,) * 5, 0)


def counted(workshop) -> dict[int, Tally]:
    """Return by the measure's id what stands on ballots and paper of the last round."""
    piles = piles_of([round_of(workshop)], workshop.steps)
    return {target: each.total for (_round, target), each in piles.items()}


def test_cannot_judge_is_no_step_and_does_not_count(workshop, measure, ballots):
    first, second, third = ballots(3)
    save_rating(first, measure, relevance=5, feasibility=None)
    save_rating(second, measure, relevance=None, feasibility=None)
    save_rating(third, measure, relevance=4, feasibility=2)
    assert counted(workshop) == {measure.pk: Tally((0, 0, 0, 1, 1), (0, 1, 0, 0, 0), 2)}
    assert abstentions((round_of(workshop).pk, measure.pk)) == {"relevance": 1, "feasibility": 2}


def test_a_changed_rating_replaces_the_first_one(workshop, measure, ballots):
    [ballot] = ballots(1)
    save_rating(ballot, measure, relevance=1, feasibility=1)
    save_rating(ballot, measure, relevance=5, feasibility=4)
    assert counted(workshop) == {measure.pk: Tally((0, 0, 0, 0, 1), (0, 0, 0, 1, 0), 1)}


def test_paper_counts_stand_beside_the_ballots(workshop, measure, ballots, at):
    at("deliberating")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    for criterion, step, count in [
        ("relevance", 5, 4), ("relevance", None, 1), ("feasibility", 2, 5),
    ]:  # fmt: skip
        count_paper(measure, criterion=criterion, step=step, count=count)
    key = (round_of(workshop).pk, measure.pk)
    assert piles_of([round_of(workshop)], 5) == {
        key: Piles(
            Tally((0, 0, 3, 0, 0), (0, 0, 3, 0, 0), 3), Tally((0, 0, 0, 0, 4), (0, 5, 0, 0, 0), 5)
        )
    }
    [row] = overview_of(workshop).rows
    assert (row.result.n, row.paper) == (8, 5)


def test_groups_are_counted_apart_ballots_beside_paper(workshop, measure, ballots):
    for ballot in [*ballots(2, "Rat"), *ballots(1)]:
        save_rating(ballot, measure, relevance=4, feasibility=4)
    council = workshop.groups.get(name="Rat")
    count_paper(measure, group=council, criterion="relevance", step=1, count=1)
    found = group_piles_of([round_of(workshop)], workshop.steps)
    assert found == {
        (round_of(workshop).pk, measure.pk): (
            {
                council.pk: Tally((0, 0, 0, 2, 0), (0, 0, 0, 2, 0), 2),
                None: Tally((0, 0, 0, 1, 0), (0, 0, 0, 1, 0), 1),
            },
            {council.pk: Tally((1, 0, 0, 0, 0), (0, 0, 0, 0, 0), 1)},
        )
    }


def test_a_removed_measure_is_not_listed(workshop, measure, ballots, at):
    at("deliberating")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    measure.is_removed = True
    measure.save()
    assert overview_of(workshop).rows == ()


# Duplicates -------------------------------------------------------------------------------------

Pairs = list[tuple[int | None, int | None] | None]


def rate(measure: Measure, voters: list, pairs: Pairs) -> None:
    for ballot, pair in zip(voters, pairs, strict=True):
        if pair is not None:
            save_rating(ballot, measure, relevance=pair[0], feasibility=pair[1])


# Six ballots; None where a measure was not rated.
A: Pairs = [(None, None), (None, None), (3, 3), (None, 3), None, (1, 1)]
B: Pairs = [(5, 4), (4, 4), (5, 5), (5, None), (2, 2), None]


def test_an_abstention_hides_no_judgement(workshop, measure, measure_two, ballots):
    """Seen: B merged into A left 4 of 6 judgements; 5/4, 4/4 and a 5 had vanished."""
    voters = ballots(6)
    rate(measure, voters, A)
    rate(measure_two, voters, B)
    measure_two.merge_into(measure)
    # 5/4, 4/4, 3/3 (its own beats 5/5), 5/3, 2/2, 1/1
    assert counted(workshop) == {measure.pk: Tally((1, 1, 1, 1, 2), (1, 1, 2, 2, 0), 6)}


def test_in_the_other_direction_the_other_judgement_beats(workshop, measure, measure_two, ballots):
    voters = ballots(6)
    rate(measure, voters, A)
    rate(measure_two, voters, B)
    measure.merge_into(measure_two)
    # 5/4, 4/4, 5/5, 5/3 (feasibility from the duplicate), 2/2, 1/1
    assert counted(workshop) == {measure_two.pk: Tally((1, 1, 0, 1, 3), (1, 1, 1, 2, 1), 6)}


def test_of_three_duplicates_the_one_with_the_lowest_id_comes_next(
    workshop, measure, measure_two, field, ballots
):
    third = Measure.objects.create(workshop=workshop, field=field, title="Bahn")
    fourth = Measure.objects.create(workshop=workshop, field=field, title="Rad")
    [voter] = ballots(1)
    save_rating(voter, measure, relevance=None, feasibility=None)
    save_rating(voter, fourth, relevance=1, feasibility=1)
    save_rating(voter, measure_two, relevance=4, feasibility=None)
    save_rating(voter, third, relevance=2, feasibility=3)
    for duplicate in (measure_two, third, fourth):
        duplicate.merge_into(measure)
    assert counted(workshop) == {measure.pk: Tally((0, 0, 0, 1, 0), (0, 0, 1, 0, 0), 1)}
    [answer] = answers_of([(round_of(workshop).pk, measure.pk)])
    assert (answer.relevance, answer.feasibility) == (4, 3)


def test_who_abstained_on_both_abstained_once(workshop, measure, measure_two, ballots):
    [voter] = ballots(1)
    rate(measure, [voter], [(None, None)])
    rate(measure_two, [voter], [(None, 2)])
    measure_two.merge_into(measure)
    key = (round_of(workshop).pk, measure.pk)
    assert abstentions(key) == {"relevance": 1, "feasibility": 0}


STEPS = st.one_of(st.none(), st.integers(1, 5))
SHEETS = st.lists(st.one_of(st.none(), st.tuples(STEPS, STEPS)), min_size=4, max_size=4)


@pytest.mark.django_db
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=st.lists(SHEETS, min_size=3, max_size=3), target=st.integers(0, 2))
def test_merging_equals_the_rule_written_out(workshop, field, ballots, sheets, target):
    voters = ballots(4, "Rat")
    family = [
        Measure.objects.create(workshop=workshop, field=field, title=f"M{n}") for n in range(3)
    ]
    for measure, pairs in zip(family, sheets, strict=True):
        rate(measure, voters, pairs)
    order = [target, *(n for n in range(3) if n != target)]
    for n in order[1:]:
        family[n].merge_into(family[target])
    counts = defaultdict(lambda: [[0] * 5, [0] * 5, 0])
    for voter in range(4):
        said = [sheets[n][voter] or (None, None) for n in order]
        pair = [next((p[c] for p in said if p[c] is not None), None) for c in (0, 1)]
        for c in (0, 1):
            if pair[c]:
                counts["all"][c][pair[c] - 1] += 1
        counts["all"][2] += pair != [None, None]
    relevance, feasibility, n = counts["all"]
    expected = Tally(tuple(relevance), tuple(feasibility), n)
    found = counted(workshop).get(family[target].pk, NOBODY)
    assert found == expected
    Measure.objects.filter(pk__in=[m.pk for m in family]).update(merged_into=None)


def test_an_overview_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, ballots, at, django_assert_num_queries
):
    at("deliberating")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    with django_assert_num_queries(9):
        overview_of(workshop)
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        for ballot in ballots(3):
            save_rating(ballot, extra, relevance=3, feasibility=3)
    with django_assert_num_queries(9):
        overview_of(workshop)
    assert [row.measure.title for row in overview_of(workshop).rows] == ["WLAN", "Bus", "Bahn"]
