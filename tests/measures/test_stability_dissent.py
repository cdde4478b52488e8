"""What the room should talk about first, and why: exact order and reasons."""

from dataclasses import replace

import pytest

from measures.prioritisation import PrioritisedMeasure, Scale, Spread, Tally, prioritise_tallies
from measures.stability import Dissent, talk_first

SCALE = Scale(1, 5)
AGREED = (0, 0, 0, 6, 0)  # A = 1
EVEN = (2, 2, 2, 2, 2)  # A = 0
SPLIT = (5, 0, 0, 0, 5)  # A = -1
NOBODY = (0, 0, 0, 0, 0)


def rated(measure="m", relevance=AGREED, feasibility=AGREED, scale=SCALE):
    tally = Tally(relevance, feasibility, max(sum(relevance), sum(feasibility)))
    (result,) = prioritise_tallies({measure: tally}, measures=[measure], scale=scale)
    return result


def group(relevance=None, feasibility=None):
    """How one group rated the measure m; only its means count."""
    spreads = [Spread(5, mean, None, None, None, (), None) for mean in (relevance, feasibility)]
    return {"m": PrioritisedMeasure("m", 5, *spreads, None, None, None)}


def reasons(result, scale=SCALE, **groups):
    """Why there is something to talk about, for a room that rated one measure."""
    return talk_first([result], groups, scale=scale).get("m", ())


def wide(criterion, agreement):
    return Dissent(criterion, (1 - agreement) / 2, agreement)


def apart(criterion, high, high_mean, low, low_mean, scale=SCALE):
    strength = (high_mean - low_mean) / (scale.high - scale.low)
    return Dissent(criterion, strength, None, high, high_mean, low, low_mean)


def test_a_room_that_agrees_has_nothing_to_talk_about():
    assert talk_first([rated("a"), rated("b")], {}, scale=SCALE) == {}
    assert talk_first([], {}, scale=SCALE) == {}


def test_the_most_divided_measure_comes_first():
    results = [rated("even", EVEN), rated("agreed"), rated("split", AGREED, SPLIT)]

    assert list(talk_first(results, {}, scale=SCALE).items()) == [
        ("split", (Dissent("feasibility", 1.0, -1.0),)),
        ("even", (Dissent("relevance", 0.5, 0.0),)),
    ]


def test_groups_far_apart_are_named_with_their_means():
    found = reasons(rated(), council=group(4.0, 2.1), office=group(3.5, 4.2), clubs=group(3.0, 3.0))

    assert found == (
        apart("feasibility", "office", 4.2, "council", 2.1),
        apart("relevance", "council", 4.0, "clubs", 3.0),  # one step of five: a quarter
    )
    assert [each.strength for each in found] == [pytest.approx(2.1 / 4), 1 / 4]


def test_groups_less_than_a_quarter_of_the_scale_apart_are_no_reason():
    near = {"council": group(4.0), "office": group(3.01)}

    assert reasons(rated(), **near) == ()
    four = Scale(1, 4)
    assert reasons(rated(), scale=four, **near) == (
        apart("relevance", "council", 4.0, "office", 3.01, scale=four),
    )


def test_at_most_three_reasons_are_told_the_strongest_first():
    found = reasons(rated("m", EVEN, SPLIT), council=group(5.0, 1.0), office=group(3.0, 4.0))

    assert found == (
        wide("feasibility", -1.0),
        apart("feasibility", "office", 4.0, "council", 1.0),
        # groups half a scale apart are as strong as the even spread, and go first
        apart("relevance", "council", 5.0, "office", 3.0),
    )
    assert [each.strength for each in found] == [1.0, 0.75, 0.5]


def test_equally_strong_ones_are_ordered_by_the_next_sign_and_then_as_given():
    results = [rated("one", EVEN), rated("two", EVEN), rated("both", EVEN, EVEN)]

    assert list(talk_first(results, {}, scale=SCALE)) == ["both", "one", "two"]


def test_the_list_ends_at_its_limit():
    results = [rated(number, EVEN) for number in range(12)]

    assert [*talk_first(results, {}, scale=SCALE)] == [*range(10)]
    assert [*talk_first(results, {}, scale=SCALE, limit=2)] == [0, 1]
    assert [*talk_first(results, {}, scale=SCALE, limit=None)] == [*range(12)]


def test_two_ratings_are_not_yet_a_divided_room():
    pair = rated("m", (1, 0, 0, 0, 1), (1, 0, 0, 0, 1))

    assert talk_first([pair], {}, scale=SCALE) == {}
    assert talk_first([pair], {}, scale=SCALE, fewest=2) == {
        "m": (wide("relevance", -1.0), wide("feasibility", -1.0))
    }


def test_groups_without_a_mean_or_alone_are_no_reason():
    groups = {"council": group(5.0, None), "office": group(), "clubs": group(None, 1.0)}

    assert reasons(rated("m", AGREED, NOBODY), **groups) == ()


def test_a_group_that_may_not_be_shown_for_this_measure_is_no_reason():
    assert reasons(rated(), council=group(5.0), office={}, clubs=group(4.9)) == ()


def withheld(spread):
    """What a small room shows of a criterion: the mean and how many judged, no distribution."""
    return replace(spread, median=None, low=None, high=None, counts=(), agreement=None)


def test_a_withheld_distribution_is_no_sign_but_groups_apart_are():
    whole = rated("m", SPLIT, SPLIT)
    thin = replace(
        whole, relevance=withheld(whole.relevance), feasibility=withheld(whole.feasibility)
    )

    assert reasons(thin) == ()
    assert reasons(thin, council=group(5.0), office=group(2.0)) == (
        apart("relevance", "council", 5.0, "office", 2.0),
    )


def test_a_criterion_without_figures_is_not_talked_about_through_its_groups():
    groups = {"council": group(5.0, 5.0), "office": group(1.0, 1.0)}

    assert reasons(rated("m", NOBODY, NOBODY), **groups) == ()


def test_of_groups_with_the_same_mean_the_first_is_named():
    groups = {"a": group(4.0), "b": group(4.0), "c": group(2.0), "d": group(2.0)}

    assert reasons(rated(), **groups) == (apart("relevance", "a", 4.0, "c", 2.0),)


def test_two_steps_have_no_agreement_but_groups_can_differ():
    scale = Scale(1, 2)
    result = rated("m", (3, 3), (0, 6), scale=scale)

    assert reasons(result, scale=scale, council=group(2.0), office=group(1.5)) == (
        Dissent("relevance", 0.5, None, "council", 2.0, "office", 1.5),
    )


def test_ten_steps_are_measured_by_their_own_width():
    scale, split = Scale(1, 10), (3, 0, 0, 0, 0, 0, 0, 0, 0, 3)
    result = rated("m", split, split, scale=scale)

    assert reasons(result, scale=scale, council=group(9.5), office=group(5.0)) == (
        wide("relevance", -1.0),
        wide("feasibility", -1.0),
        Dissent("relevance", 0.5, None, "council", 9.5, "office", 5.0),
    )
