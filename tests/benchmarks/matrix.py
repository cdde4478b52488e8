"""Measure the layout of the matrix alone: crowds as workshops have them, and the worst of all."""

from random import Random
from statistics import median
from time import perf_counter

from measures.matrix.layout import Point, layout
from measures.prioritisation import Scale

SCALE = Scale(1, 5)
SIZES = (45, 126, 300, 400, 1600)
ROUNDS = 15


def matrix_lines(quick: bool = False) -> list[dict]:
    """Return one line per size and crowd: median milliseconds and what became of the marks."""
    return [
        _line(size, name, points)
        for size in (SIZES[:4] if quick else SIZES)
        for name, points in (
            ("spread out", [_point(number, Random(number)) for number in range(size)]),
            ("all on one spot", [_point(number, Random(1)) for number in range(size)]),
        )
    ]


def _point(number: int, random: Random) -> Point:
    relevance, feasibility = (round(random.uniform(1.5, 4.8) * 30) / 30 for _criterion in range(2))
    return Point(
        measure=number,
        label=str(number),
        series=number % 9,
        relevance=relevance,
        feasibility=feasibility,
        relevance_range=(relevance, relevance),
        feasibility_range=(feasibility, feasibility),
    )


def _line(size: int, name: str, points: list[Point]) -> dict:
    times = []
    for _round in range(ROUNDS):
        start = perf_counter()
        picture = layout(points, scale=SCALE)
        times.append(perf_counter() - start)
    return {
        "measures": size,
        "crowd": name,
        "ms": median(times) * 1000,
        "radius": picture.radius,
        "moved": sum(mark.displaced for mark in picture.marks),
    }
