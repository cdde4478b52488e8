"""What the room should talk about first, and why: exact order and reasons."""

from dataclasses import replace

import pytest

from measures.prioritisation import Scale, Tally, prioritise_tallies
from measures.stability import GroupMeans, GroupsApart, Talk, TalkItem, WideSpread, talk_first

SCALE = Scale(1, 5)
AGREED = (0, 0, 0, 6, 0)  # A = 1
EVEN = (2, 2, 2, 2, 2)  # A = 0
SPLIT = (5, 0, 0, 0, 5)  # A = -1
NOBODY = (0, 0, 0, 0, 0)


def item(measure, relevance=AGREED, feasibility=AGREED, *groups, scale=SCALE):
    tally = Tally(relevance, feasibility, max(sum(relevance), sum(feasibility)))
    (line,) = prioritise_tallies({measure: tally}, measures=[measure], scale=scale)
    return TalkItem(measure, line.relevance, line.feasibility, groups)


def group(name, relevance=None, feasibility=None, n=5):
    return GroupMeans(name, n, relevance, feasibility)


def order(talks):
    return [(talk.measure, talk.score) for talk in talks]


def test_a_room_that_agrees_has_nothing_to_talk_about():
    assert talk_first([item("a"), item("b")], scale=SCALE) == []
    assert talk_first([], scale=SCALE) == []


def test_the_most_divided_measure_comes_first():
    items = [item("even", EVEN), item("agreed"), item("split", AGREED, SPLIT)]

    assert talk_first(items, scale=SCALE) == [
        Talk("split", 1.0, (WideSpread("feasibility", -1.0),)),
        Talk("even", 0.5, (WideSpread("relevance", 0.0),)),
    ]


def test_groups_far_apart_are_named_with_their_means():
    council, office, clubs = (
        group("council", 4.0, 2.1),
        group("office", 3.5, 4.2),
        group("clubs", 3.0, 3.0),
    )

    (talk,) = talk_first([item("m", AGREED, AGREED, council, office, clubs)], scale=SCALE)

    assert talk.score == pytest.approx(2.1 / 4)
    assert talk.reasons == (
        GroupsApart("feasibility", "office", 4.2, "council", 2.1),
        GroupsApart("relevance", "council", 4.0, "clubs", 3.0),  # one step of five: a quarter
    )


def test_groups_less_than_a_quarter_of_the_scale_apart_are_no_reason():
    near = (group("council", 4.0), group("office", 3.01))

    assert talk_first([item("m", AGREED, AGREED, *near)], scale=SCALE) == []
    (talk,) = talk_first([item("m", AGREED, AGREED, *near)], scale=Scale(1, 4))
    assert talk.reasons == (GroupsApart("relevance", "council", 4.0, "office", 3.01),)


def test_at_most_three_reasons_are_told_the_strongest_first():
    apart = (group("council", 5.0, 1.0), group("office", 3.0, 4.0))

    (talk,) = talk_first([item("m", EVEN, SPLIT, *apart)], scale=SCALE)

    assert talk == Talk(
        "m",
        1.0,
        (
            WideSpread("feasibility", -1.0),
            GroupsApart("feasibility", "office", 4.0, "council", 1.0),
            # groups half a scale apart are as strong as the even spread, and go first
            GroupsApart("relevance", "council", 5.0, "office", 3.0),
        ),
    )
    assert [reason.kind for reason in talk.reasons] == ["spread", "groups", "groups"]


def test_equal_scores_are_ordered_by_the_next_sign_and_then_as_given():
    items = [item("one", EVEN), item("two", EVEN), item("both", EVEN, EVEN)]

    assert order(talk_first(items, scale=SCALE)) == [("both", 0.5), ("one", 0.5), ("two", 0.5)]


def test_the_list_ends_at_its_limit():
    items = [item(number, EVEN) for number in range(12)]

    assert [talk.measure for talk in talk_first(items, scale=SCALE)] == [*range(10)]
    assert [talk.measure for talk in talk_first(items, scale=SCALE, limit=2)] == [0, 1]


def test_two_ratings_are_not_yet_a_divided_room():
    pair = item("m", (1, 0, 0, 0, 1), (1, 0, 0, 0, 1))

    assert talk_first([pair], scale=SCALE) == []
    assert order(talk_first([pair], scale=SCALE, fewest=2)) == [("m", 1.0)]


def test_groups_without_a_mean_or_alone_are_no_reason():
    groups = (group("council", 5.0, None), group("office", None, None), group("clubs", None, 1.0))

    assert talk_first([item("m", AGREED, NOBODY, *groups)], scale=SCALE) == []


def withheld(spread):
    """What a small room shows of a criterion: the mean and how many judged, no distribution."""
    return replace(spread, median=None, low=None, high=None, counts=(), agreement=None)


def test_a_withheld_distribution_is_no_sign_but_groups_apart_are():
    whole = item("m", SPLIT, SPLIT)
    thin = TalkItem("m", withheld(whole.relevance), withheld(whole.feasibility))
    groups = (group("council", 5.0), group("office", 2.0))

    assert talk_first([thin], scale=SCALE) == []
    (talk,) = talk_first([replace(thin, groups=groups)], scale=SCALE)
    assert talk.reasons == (GroupsApart("relevance", "council", 5.0, "office", 2.0),)


def test_a_criterion_without_figures_is_not_talked_about_through_its_groups():
    groups = (group("council", 5.0, 5.0), group("office", 1.0, 1.0))

    assert talk_first([item("m", NOBODY, NOBODY, *groups)], scale=SCALE) == []


def test_of_groups_with_the_same_mean_the_first_is_named():
    groups = (group("a", 4.0), group("b", 4.0), group("c", 2.0), group("d", 2.0))

    (talk,) = talk_first([item("m", AGREED, AGREED, *groups)], scale=SCALE)

    assert talk.reasons == (GroupsApart("relevance", "a", 4.0, "c", 2.0),)


def test_two_steps_have_no_agreement_but_groups_can_differ():
    scale = Scale(1, 2)
    groups = (group("council", 2.0), group("office", 1.5))

    (talk,) = talk_first([item("m", (3, 3), (0, 6), *groups, scale=scale)], scale=scale)

    assert talk == Talk("m", 0.5, (GroupsApart("relevance", "council", 2.0, "office", 1.5),))


def test_ten_steps_are_measured_by_their_own_width():
    scale, split = Scale(1, 10), (3, 0, 0, 0, 0, 0, 0, 0, 0, 3)
    groups = (group("council", 9.5), group("office", 5.0))

    (talk,) = talk_first([item("m", split, split, *groups, scale=scale)], scale=scale)

    assert talk.reasons == (
        WideSpread("relevance", -1.0),
        WideSpread("feasibility", -1.0),
        GroupsApart("relevance", "council", 9.5, "office", 5.0),
    )
