"""The values that a point was decided on, told as those of today are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from measures.committee.snapshot import flat, rounded
from measures.committee.withholding import as_shown
from measures.models import Decision
from measures.overview import Overview, Row
from measures.prioritisation import PrioritisedMeasure, Quadrant, Spread
from workshops.models import Workshop

CRITERIA = ("relevance", "feasibility")


class Figures(NamedTuple):
    """What a list tells of a measure: its rank of so many, and both means."""

    rank: int | None
    of: int
    relevance: float | None
    feasibility: float | None


@dataclass(frozen=True, slots=True)
class Then:
    """What a decision was based on, as far as it may be shown."""

    result: PrioritisedMeasure[int]
    figures: Figures
    quadrant: str
    low: int | None
    high: int | None


def then_of(decision: Decision, workshop: Workshop) -> Then | None:
    """Return the frozen values; None where there are none, or they cannot be read."""
    told = flat(as_shown(decision.frozen, workshop))
    relevance, feasibility = (_spread(told, f"ratings.{name}") for name in CRITERIA)
    if relevance.mean is None or feasibility.mean is None:
        return None
    quadrant = told.get("ranking.quadrant")
    low, high = _pair(told.get("ranking.range"))
    figures = Figures(
        _whole(told.get("ranking.rank")),
        _whole(told.get("ranking.of")) or 0,
        relevance.mean,
        feasibility.mean,
    )
    result = PrioritisedMeasure(
        measure=decision.measure_id,
        n=_whole(told.get("ratings.n")) or 0,
        relevance=relevance,
        feasibility=feasibility,
        score=_number(told.get("ranking.score")),
        rank=figures.rank,
        quadrant=next((each for each in Quadrant if each == quadrant), None),
    )
    name = told.get("ranking.quadrant_name")
    return Then(result, figures, name if isinstance(name, str) else "", _whole(low), _whole(high))


def figures_now(overview: Overview, row: Row) -> Figures:
    """Return the same of today, to compare it: means as they would be frozen."""
    of = sum(each.result.rank is not None for each in overview.rows)
    relevance, feasibility = (
        rounded(spread.mean) for spread in (row.result.relevance, row.result.feasibility)
    )
    return Figures(row.result.rank, of, relevance, feasibility)


def _spread(told: Mapping[str, object], path: str) -> Spread:
    low, high = _pair(told.get(f"{path}.quartiles"))
    counts = told.get(f"{path}.counts")
    return Spread(
        n=_whole(told.get(f"{path}.n")) or 0,
        mean=_number(told.get(f"{path}.mean")),
        median=_number(told.get(f"{path}.median")),
        low=low,
        high=high,
        counts=tuple(_whole(n) or 0 for n in counts) if isinstance(counts, list) else (),
        agreement=_number(told.get(f"{path}.agreement")),
    )


# A text that somebody forged may hold anything in the place of a number.


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]  # checked just above


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number.is_integer() else None


def _pair(value: object) -> tuple[float | None, float | None]:
    found = list(map(_number, value)) if isinstance(value, list) else []
    return (found[0], found[1]) if len(found) == 2 else (None, None)
