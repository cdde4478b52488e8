"""Where the circles of the groups stand: none covers another, and each has letters of its own."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as some

from measures.prioritisation import Scale
from measures.results.dumbbells import EDGE, LANE, NEAR, Circle, circles, initials, place

SCALE = Scale(1, 5)


@pytest.mark.parametrize(
    ("mean", "steps", "x"), [(1, 5, 4), (5, 5, 96), (3, 5, 50), (2.5, 4, 50), (10, 10, 96)]
)
def test_the_scale_reaches_from_edge_to_edge(mean, steps, x):
    assert place(mean, Scale(1, steps)) == x


def test_circles_with_room_stand_on_the_line_from_low_to_high():
    assert circles({"Rat": 4.0, "Amt": 1.0, "Vereine": 2.0}, SCALE) == [
        Circle("Amt", 1.0, 4.0, 0, True),
        Circle("Vereine", 2.0, 27.0, 0, False),
        Circle("Rat", 4.0, 73.0, 0, True),
    ]


def test_two_that_would_touch_stand_above_and_below():
    placed = circles({"Rat": 5.0, "Amt": 3.1, "Vereine": 3.0, "Bürger": 1.0}, SCALE)
    assert [(c.group, c.x, c.lane) for c in placed] == [
        ("Bürger", 4.0, 0), ("Vereine", 50.0, -1), ("Amt", 52.3, 1), ("Rat", 96.0, 0),
    ]  # fmt: skip


def test_groups_that_are_equal_at_an_end_are_all_ends():
    placed = circles({"Rat": 2.0, "Amt": 2.0, "Vereine": 4.0}, SCALE)
    assert [(c.group, c.x, c.lane, c.is_end) for c in placed] == [
        ("Rat", 27.0, -1, True), ("Amt", 27.0, 1, True), ("Vereine", 73.0, 0, True),
    ]  # fmt: skip


def test_eight_at_one_place_move_on_and_stay_on_the_scale():
    placed = circles({f"G{n}": 5.0 for n in range(8)}, SCALE)
    assert [c.x for c in placed] == [79.2, 79.2, 84.8, 84.8, 90.4, 90.4, 96.0, 96.0]
    assert [c.lane for c in placed] == [-1, 1] * 4


@given(some.lists(some.floats(1, 5), min_size=2, max_size=8))
def test_no_circle_covers_another_on_a_phone(means):
    """There a percent is about three pixels, and a circle 17 pixels wide."""
    pixels = 17 / NEAR
    placed = circles({f"G{n}": mean for n, mean in enumerate(means)}, SCALE)
    near = [
        (a, b)
        for a, b in combinations(placed, 2)
        if hypot((a.x - b.x) * pixels, (a.lane - b.lane) * LANE) < 16.9
    ]
    assert near == []
    assert all(0 <= c.x <= 100 - EDGE for c in placed)


def test_letters_are_few_and_no_two_groups_share_them():
    names = ["Rat", "Verwaltung", "Vereine und Verbände", "Bürgerinnen und Bürger", "rathaus",
             "Räte", "Ratsrunde", "4 Ortsvorsteher", "„Junge“", "…", "…!"]  # fmt: skip
    assert initials(names) == {
        "Rat": "R", "Verwaltung": "V", "Vereine und Verbände": "Ve", "Bürgerinnen und Bürger": "B",
        "rathaus": "Ra", "Räte": "Rä", "Ratsrunde": "Rat", "4 Ortsvorsteher": "4", "„Junge“": "J",
        "…": "?", "…!": "?2",
    }  # fmt: skip
    assert list(initials(["Rat", "RAT ", "Rat.", "Rat!"]).values()) == ["R", "RA", "Rat", "R2"]
