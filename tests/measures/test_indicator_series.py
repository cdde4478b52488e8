"""Which values hold, how far the way is, and where the points of the small line lie."""

from datetime import date
from decimal import Decimal

from measures.indicators.chart import chart_of
from measures.indicators.series import Point, holding, way

JAN, FEB, MAR, DEC = (date(2026, month, 1) for month in (1, 2, 3, 12))
D = Decimal


def test_of_several_values_of_a_day_the_last_one_holds():
    entries = [(FEB, D(5)), (JAN, D(3)), (FEB, D(7))]
    assert holding(entries) == [Point(JAN, D(3)), Point(FEB, D(7))]


def test_what_was_taken_back_is_gone_until_somebody_enters_it_again():
    assert holding([(JAN, D(3)), (JAN, None)]) == []
    assert holding([(JAN, D(3)), (JAN, None), (JAN, D(4))]) == [Point(JAN, D(4))]


def test_the_way_is_told_in_whole_percent_also_downwards_and_backwards():
    up = (Point(JAN, D(10)), Point(DEC, D(50)))
    assert [way(*up, D(value)) for value in (10, 20, 50, 60, 0)] == [0, 25, 100, 125, -25]
    down = (Point(JAN, D("0.6")), Point(DEC, D("0.3")))
    assert way(*down, D("0.5")) == 33
    assert way(*down, D("0.4")) == 67


def test_without_a_beginning_a_target_or_a_distance_there_is_no_way():
    point = Point(JAN, D(5))
    assert (way(None, point, D(1)), way(point, None, D(1)), way(point, point, D(5))) == (
        None, None, None,
    )  # fmt: skip


def test_the_line_runs_from_the_beginning_over_the_values_towards_the_target():
    chart = chart_of(Point(JAN, D(0)), [Point(FEB, D(50))], Point(DEC, D(100)))
    assert (chart.start, chart.dots, chart.goal) == (
        ("8.0", "80.0"), (("32.5", "44.0"),), ("272.0", "8.0"),
    )  # fmt: skip
    assert (chart.line, chart.aim, chart.level) == (
        "M8.0 80.0 32.5 44.0", "M32.5 44.0 272.0 8.0", "8.0",
    )  # fmt: skip


def test_equal_values_lie_in_the_middle_and_equal_days_at_the_left():
    chart = chart_of(None, [Point(JAN, D(5)), Point(FEB, D(5))], None)
    assert chart.dots == (("8.0", "44.0"), ("272.0", "44.0"))
    chart = chart_of(Point(JAN, D(5)), [Point(JAN, D(6))], None)
    assert (chart.start, chart.dots) == (("8.0", "80.0"), (("8.0", "8.0"),))


def test_a_value_behind_the_target_leads_back_to_nothing():
    chart = chart_of(None, [Point(MAR, D(1))], Point(FEB, D(2)))
    assert (chart.line, chart.aim) == ("", "")


def test_one_point_makes_no_line():
    assert chart_of(None, [Point(JAN, D(1))], None) is None
    assert chart_of(None, [], None) is None
