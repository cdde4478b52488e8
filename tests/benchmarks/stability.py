"""Measure the stability functions alone, each beside a straightforward implementation.

The straightforward ones are what one would write first: plain loops over all pairs, all weights
and all draws, with floats, one measure and one person at a time. They tell less than ours (no
swaps, of the draws the ranges only) and are not exact: equal crossings come apart by rounding,
ties are broken. Both run in turns in the same process; where a straightforward run would take
longer than PATIENCE it is not measured.
"""

from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from random import Random
from statistics import median, quantiles
from time import perf_counter

import numpy as np
import pandas as pd

from measures import stability
from measures.prioritisation import Scale
from measures.stability.points import exact

SCALE = Scale(1, 5)
RATERS = 30
DRAWS = 2000
SIZES = (90, 400, 1600)
ROOMS = (100, 400)
ROUNDS = 5
PATIENCE = 40  # seconds that one straightforward run may take
SPEED = 5e6  # steps that such a run does in a second, roughly
Points = dict[int, tuple[float, float]]


def stability_lines(quick: bool = False) -> list[dict]:
    """Return one line per function and size: medians, their ratio and its middle half."""
    lines = []
    for size in SIZES[:2] if quick else SIZES:
        relevance, feasibility = room(size)
        points = means(relevance, feasibility)
        for name, (ours, plain, steps) in pure_functions(points).items():
            if ours:
                lines.append(line(name, size, ours, plain if patient(steps) else None, quick))
    for size in ROOMS[:1] if quick else ROOMS:
        for name, (ours, plain, steps) in drawing_functions(*room(size)).items():
            lines.append(line(name, size, ours, plain if patient(steps) else None, quick))
    return lines


def patient(steps: float) -> bool:
    return steps / SPEED < PATIENCE


def room(measures: int) -> tuple[np.ndarray, np.ndarray]:
    """Ratings of everybody, one answer in 20 "cannot judge"."""
    random = np.random.default_rng(measures)
    given = random.integers(1, 6, (2, RATERS, measures)).astype(float)
    given[random.random(given.shape) < 0.05] = np.nan
    return given[0], given[1]


def means(relevance: np.ndarray, feasibility: np.ndarray) -> Points:
    pairs = zip(np.nanmean(relevance, axis=0), np.nanmean(feasibility, axis=0), strict=True)
    return {measure: (float(r), float(f)) for measure, (r, f) in enumerate(pairs)}


def pure_functions(points: Points) -> dict[str, tuple]:
    """By name: ours (None where its result would not fit in memory), the plain one, its steps."""
    n = len(points)
    intervals = n * (n - 1) / 4
    ranked = intervals * n
    # 1600 measures have about 600 000 intervals with 1600 ids each: nobody's question.
    listed = (lambda: stability.weight_intervals(points)) if n < 1000 else None
    return {
        "weight_intervals": (listed, lambda: plain_intervals(points), ranked),
        "ranks_over_weights": (
            lambda: stability.ranks_over_weights(points), lambda: plain_profiles(points), ranked,
        ),
        "acceptability": (
            lambda: stability.acceptability(points), lambda: plain_acceptability(points), ranked,
        ),
        "top_changes": (
            lambda: stability.top_changes(points), lambda: plain_top_changes(points), ranked,
        ),
        "pareto_front": (
            lambda: stability.pareto_front(points), lambda: plain_front(points), n * n,
        ),
        "half_step_quadrants": (
            lambda: stability.half_step_quadrants(points, scale=SCALE),
            lambda: plain_half_step(points), n,
        ),
    }  # fmt: skip


def drawing_functions(relevance: np.ndarray, feasibility: np.ndarray) -> dict[str, tuple]:
    """By name: ours, the plain one, its steps."""
    lists = relevance.tolist(), feasibility.tolist()
    frame = pd.DataFrame(
        [
            (measure, rater, r, f)
            for rater, row in enumerate(zip(*lists, strict=True))
            for measure, (r, f) in enumerate(zip(*row, strict=True))
        ],
        columns=["measure", "rater", "relevance", "feasibility"],
    )
    measures = range(relevance.shape[1])

    def drawn() -> tuple:
        rooms = stability.draw_rooms(relevance, feasibility, scale=SCALE, draws=DRAWS)
        shares = stability.quadrant_shares(rooms, scale=SCALE)
        return stability.drawn_ranges(rooms), shares, stability.regions(rooms, 0.9)

    def ranges() -> dict:
        return stability.rank_ranges(frame, measures=measures, scale=SCALE, draws=DRAWS)

    def compare() -> tuple:
        return stability.compare_measures(relevance, feasibility, scale=SCALE)

    def plain() -> list:
        return plain_ranges(*lists)

    steps = DRAWS * relevance.size
    pairs = DRAWS * relevance.shape[1] ** 2 / 2
    return {
        f"compare_measures, {RATERS} raters": (
            compare, lambda: plain_shares(*lists), steps + pairs,
        ),
        f"rank_ranges, {DRAWS} draws of {RATERS}": (ranges, plain, steps),
        f"draw_rooms and all it tells, {DRAWS} draws of {RATERS}": (drawn, plain, steps),
    }  # fmt: skip


def line(name: str, size: int, ours: Callable, plain: Callable | None, quick: bool = False) -> dict:
    """Time both in turns; the plain one fewer times when one run takes long."""
    times, plains = [], []
    for _round in range(2 if quick else ROUNDS):
        times.append(seconds(ours))
        if plain and sum(plains) < PATIENCE:
            plains.append(seconds(plain))
    ratios = [slow / fast for slow, fast in zip(plains, times, strict=False)]
    return {
        "name": name,
        "measures": size,
        "ms": median(times) * 1000,
        "plain_ms": median(plains) * 1000 if plains else None,
        "ratio": median(ratios) if ratios else None,
        "range": quantiles(ratios, n=4)[::2] if len(ratios) > 1 else None,
    }


def seconds(run: Callable) -> float:
    exact.cache_clear()  # every call as if it were the worker's first
    start = perf_counter()
    run()
    return perf_counter() - start


# What one would write first ----------------------------------------------------------------------


def score(pair: tuple[float, float], weight: float) -> float:
    return weight * pair[0] + (1 - weight) * pair[1]


def crossings(points: Points) -> list[float]:
    found = {0.0, 1.0}
    for (r1, f1), (r2, f2) in combinations(points.values(), 2):
        gap = (r1 - f1) - (r2 - f2)
        if gap and 0 < (f2 - f1) / gap < 1:
            found.add((f2 - f1) / gap)
    return sorted(found)


def plain_intervals(points: Points) -> list[tuple[float, float, list[int]]]:
    """Sort anew between any two crossings."""
    result = []
    for low, high in pairwise(crossings(points)):
        middle = (low + high) / 2
        ranking = sorted(points, key=lambda m: score(points[m], middle), reverse=True)
        result.append((low, high, ranking))
    return result


def plain_profiles(points: Points) -> dict[int, tuple[int, int]]:
    """Only the best and the worst rank."""
    ends = {measure: (len(points), 1) for measure in points}
    for _low, _high, ranking in plain_intervals(points):
        for rank, measure in enumerate(ranking, start=1):
            best, worst = ends[measure]
            ends[measure] = min(best, rank), max(worst, rank)
    return ends


def plain_acceptability(points: Points) -> dict[int, list[float]]:
    shares = {measure: [0.0] * len(points) for measure in points}
    for low, high, ranking in plain_intervals(points):
        for place, measure in enumerate(ranking):
            shares[measure][place] += high - low
    return shares


def plain_top_changes(points: Points, size: int = 10) -> list[float]:
    tops = [(low, {*ranking[:size]}) for low, _high, ranking in plain_intervals(points)]
    return [low for (_low, before), (low, after) in pairwise(tops) if before != after]


def plain_front(points: Points) -> set[int]:
    return {
        measure
        for measure, (r, f) in points.items()
        if not any(r2 >= r and f2 >= f and (r2 > r or f2 > f) for r2, f2 in points.values())
    }


def plain_half_step(points: Points) -> set[int]:
    def high(pair: Sequence[float]) -> tuple[bool, bool]:
        return pair[0] >= SCALE.midpoint, pair[1] >= SCALE.midpoint

    return {
        measure
        for measure, (r, f) in points.items()
        for by in (-0.5, 0.5)
        if high((r + by, f)) != high((r, f)) or high((r, f + by)) != high((r, f))
    }


def plain_scores(relevance: list[list[float]], feasibility: list[list[float]]) -> list[list[float]]:
    """Draw and add up in loops: one list of scores for every drawn room."""
    random = Random(0)
    people, measures = range(len(relevance)), range(len(relevance[0]))

    def mean(ratings: list[list[float]], measure: int, drawn: list[int]) -> float:
        given = [ratings[p][measure] for p in drawn if ratings[p][measure] == ratings[p][measure]]
        return sum(given) / len(given) if given else 0.0

    rooms = []
    for _draw in range(DRAWS):
        drawn = random.choices(people, k=len(people))
        rooms.append(
            [
                mean(relevance, measure, drawn) / 2 + mean(feasibility, measure, drawn) / 2
                for measure in measures
            ]
        )
    return rooms


def plain_ranges(relevance: list[list[float]], feasibility: list[list[float]]) -> list[tuple]:
    """Only the ranges of the ranks: draw and sort in loops."""
    measures = range(len(relevance[0]))
    ranks: list[list[int]] = [[] for _measure in measures]
    for scores in plain_scores(relevance, feasibility):
        ranking = sorted(measures, key=scores.__getitem__, reverse=True)
        for rank, measure in enumerate(ranking, start=1):
            ranks[measure].append(rank)
    aside = DRAWS // 20
    return [(found[aside], found[-1 - aside]) for found in map(sorted, ranks)]


def plain_shares(relevance: list[list[float]], feasibility: list[list[float]]) -> dict:
    """Count for every pair in how many drawn rooms the one is ahead, ties half."""
    rooms = plain_scores(relevance, feasibility)
    return {
        (one, other): sum((r[one] > r[other]) + (r[one] == r[other]) / 2 for r in rooms) / DRAWS
        for one, other in combinations(range(len(relevance[0])), 2)
    }
