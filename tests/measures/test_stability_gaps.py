"""Which measures part the groups most: exact gaps, one of each measure."""

from measures.prioritisation import PrioritisedMeasure, Spread
from measures.stability import Gap, widest_gaps


def rated(measure, relevance, feasibility):
    """How people rated a measure; only the means count."""
    spreads = [Spread(5, mean, None, None, None, (), None) for mean in (relevance, feasibility)]
    return PrioritisedMeasure(measure, 5, *spreads, None, None, None)


def found(results, by_group, limit=10):
    groups = {
        name: {measure: rated(measure, *means) for measure, means in own.items()}
        for name, own in by_group.items()
    }
    return widest_gaps([rated(*each) for each in results], groups, limit=limit)


def names(gaps):
    return [(gap.measure, gap.criterion) for gap in gaps]


def test_the_widest_gap_comes_first_each_measure_by_the_criterion_that_parts_it_more():
    by_group = {
        "council": {"wifi": (4.5, 2.0), "bus": (3.0, 1.0)},
        "office": {"wifi": (4.0, 4.0), "bus": (1.5, 1.5)},
        "clubs": {"wifi": (2.0, 3.0), "bus": (2.5, 1.25)},
    }
    wifi, bus = found([("bus", 2, 1), ("wifi", 4, 3)], by_group)
    assert wifi == Gap("wifi", "relevance", {"council": 4.5, "office": 4.0, "clubs": 2.0})
    assert (wifi.low, wifi.low_mean) == (("clubs",), 2.0)
    assert (wifi.high, wifi.high_mean, wifi.steps) == (("council",), 4.5, 2.5)
    assert (bus.criterion, bus.steps) == ("relevance", 1.5)


def test_equally_wide_gaps_keep_the_order_of_the_measures_and_relevance():
    by_group = {
        "council": {"a": (1.1, 2), "b": (3.3, 3.3), "c": (1, 1)},
        "office": {"a": (1.4, 2.2), "b": (3.6, 3.6), "c": (1, 5)},
    }
    gaps = found([("b", 3, 3), ("a", 1, 2), ("c", 1, 3)], by_group)
    assert names(gaps) == [("c", "feasibility"), ("b", "relevance"), ("a", "relevance")]


def test_groups_that_are_equal_stand_at_one_end_together():
    by_group = {"a": {"m": (2, 3)}, "b": {"m": (4, 3)}, "c": {"m": (2, 3)}, "d": {"m": (4, 3)}}
    [gap] = found([("m", 3, 3)], by_group)
    assert (gap.low, gap.high) == (("a", "c"), ("b", "d"))


def test_no_more_than_asked_for():
    by_group = {"a": dict.fromkeys("mnop", (1, 1)), "b": dict.fromkeys("mnop", (2, 2))}
    assert names(found([(each, 3, 3) for each in "mnop"], by_group, limit=2)) == [
        ("m", "relevance"),
        ("n", "relevance"),
    ]


def test_one_group_alone_equal_groups_and_a_criterion_without_a_mean_are_no_gap():
    room = [("m", 3, 3)]
    assert found(room, {}) == []
    assert found(room, {"a": {"m": (1, 5)}}) == []
    assert found(room, {"a": {"m": (1, 5)}, "b": {"other": (5, 1)}}) == []
    assert found(room, {"a": {"m": (3, 3)}, "b": {"m": (3, 3)}}) == []
    assert found(room, {"a": {"m": (1, None)}, "b": {"m": (None, 5)}}) == []
    assert found([("m", None, 3)], {"a": {"m": (1, 3)}, "b": {"m": (5, 3)}}) == []
