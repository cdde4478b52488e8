"""What the projector draws of shown results: the matrix with the first ten, the ten, the parting.

All of it is the overview that the dashboard draws as well: nothing here reads a rating.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from measures.decided import holding
from measures.matrix.layout import Canvas, Mark, MatrixLayout, layout, part_in_use
from measures.models import Decision, Measure
from measures.numbers import number_writer
from measures.overview import Overview, Row, overview_of
from measures.prioritisation import Spread
from measures.results.picture import best_of, by_rank, points_of
from measures.results.stability import stability_of
from measures.results.talk import sentence, talk_of
from measures.stability import Dissent
from workshops.models import Criterion, ScaleStep, Workshop

# Seen from the back row: few large marks with a number, all others small and without one.
WALL = Canvas(1000, 1000, top=20, right=20, bottom=60, left=60, best=31, share=0.6, foot=14)
PARTED = 3  # measures side by side
HEIGHT = 100  # of the highest column


class First(NamedTuple):
    """One of the first ten: its rank, the rank's range in 90 % of comparable rooms, and whose.

    ``place`` is the rank, or the table's name where tables rated their own measures.
    """

    rank: int
    place: str
    low: int | None
    high: int | None
    number: int
    title: str
    quadrant: str


class Columns(NamedTuple):
    """How many chose each step of the criterion: from the left, with the column's height."""

    counts: tuple[int, ...]
    heights: tuple[int, ...]
    sides: tuple[str, ...]  # "low", "" or "high"


@dataclass(frozen=True, slots=True)
class Parting:
    """A measure about which opinions part, and how; ``columns`` where the distribution is told."""

    number: int
    title: str
    criterion: str
    columns: Columns | None
    lowest: str
    highest: str
    told: str


@dataclass(frozen=True, slots=True)
class Reveal:
    """Matrix and first ten. ``marks`` are the ten from the last to the first, ``dots`` the rest."""

    matrix: MatrixLayout
    marks: tuple[Mark, ...]
    dots: tuple[Mark, ...]
    quadrants: dict[str, str]
    first: tuple[First, ...]
    measures: int
    has_ranges: bool
    is_split: bool


def reveal_of(workshop: Workshop) -> Reveal | None:
    """Return what the reveal shows of the standing results; None where nothing has a rank."""
    overview = overview_of(workshop)
    ranked = by_rank(overview.rows)
    if not ranked:
        return None
    best = best_of(ranked)
    matrix = _matrix(overview, ranked, {row.measure.pk for row in best})
    marks = {mark.measure: mark for mark in matrix.marks}
    first = _first(overview, best)
    return Reveal(
        matrix=matrix,
        marks=tuple(marks[row.measure.pk] for row in reversed(best)),
        dots=tuple(mark for mark in matrix.marks if not mark.is_best),
        quadrants={str(key): name for key, name in overview.quadrant_names.items()},
        first=first,
        measures=len(ranked),
        has_ranges=any(each.low for each in first),
        is_split=overview.is_split,
    )


def _matrix(overview: Overview, ranked: Sequence[Row], best: set[int]) -> MatrixLayout:
    points = points_of(ranked, best)
    places = [(each.relevance, each.feasibility) for each in points]
    part = part_in_use(places, scale=overview.scale, thresholds=overview.thresholds)
    return layout(
        points, scale=overview.scale, thresholds=overview.thresholds, part=part, canvas=WALL
    )


def _first(overview: Overview, best: Sequence[Row]) -> tuple[First, ...]:
    drawn = stability_of(overview).measures
    return tuple(
        First(
            rank=row.result.rank or 0,
            place=overview.place_of(row),
            low=sure.low if (sure := drawn.get(row.measure.pk)) else None,
            high=sure.high if sure else None,
            number=row.measure.number,
            title=row.measure.title,
            quadrant=overview.quadrant_name(row),
        )
        for row in best
    )


# Where opinions part ----------------------------------------------------------------------------


def partings_of(workshop: Workshop) -> tuple[Parting, ...]:
    """Return the measures with the most disagreement, the strongest first."""
    overview = overview_of(workshop)
    rows = {row.measure.pk: row for row in overview.rows}
    words = _end_words(workshop)
    return tuple(
        _parting(rows[pk], reasons[0], words)
        for pk, reasons in talk_of(overview, limit=PARTED).items()
    )


def _end_words(workshop: Workshop) -> dict[str, tuple[str, str]]:
    """Return by the criterion the words of the scale's ends. 1 query."""
    steps = ScaleStep.objects.filter(workshop=workshop, step__in=(1, workshop.steps))
    labels: dict[str, list[str]] = {}
    for criterion, label in steps.order_by("step").values_list("criterion", "label"):
        labels.setdefault(criterion, []).append(label)
    return {criterion: (found[0], found[-1]) for criterion, found in labels.items()}


def _parting(row: Row, dissent: Dissent, words: dict[str, tuple[str, str]]) -> Parting:
    spread: Spread = getattr(row.result, dissent.criterion)
    columns = _columns(spread.counts) if spread.counts else None
    lowest, highest = words.get(dissent.criterion, ("", ""))
    return Parting(
        number=row.measure.number,
        title=row.measure.title,
        criterion=str(Criterion(dissent.criterion).label),
        columns=columns,
        lowest=lowest,
        highest=highest,
        told=_told(dissent, columns),
    )


def _columns(counts: tuple[int, ...]) -> Columns:
    most, middle = max(counts), (len(counts) - 1) / 2
    sides = tuple(
        "low" if at < middle else "high" if at > middle else "" for at in range(len(counts))
    )
    return Columns(counts, tuple(HEIGHT * n // most if most else 0 for n in counts), sides)


def _told(dissent: Dissent, columns: Columns | None) -> str:
    """Say it in few words: by groups where these part, else how many stand on either side."""
    if dissent.agreement is None:
        write = number_writer()
        return _("“%(low)s” %(low_mean)s, “%(high)s” %(high_mean)s") % {
            "low": dissent.low,
            "low_mean": write(dissent.low_mean, 1),
            "high": dissent.high,
            "high_mean": write(dissent.high_mean, 1),
        }
    if columns is None:
        return sentence(dissent)
    sums = {
        wanted: sum(
            n for n, side in zip(columns.counts, columns.sides, strict=True) if side == wanted
        )
        for wanted in ("low", "high")
    }
    return _("%(low)d in the lower half, %(high)d in the upper half") % sums


# One measure ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Single:
    """One measure to talk or decide about, as far as everybody may know it."""

    number: int
    title: str
    field: str
    goal: str
    row: Row
    first: First | None
    decision: Decision | None
    of: int


def single_of(workshop: Workshop, measure: Measure) -> Single | None:
    """Return what the projector says of a measure; None where it does not stand any more."""
    overview = overview_of(workshop)
    row = next((row for row in overview.rows if row.measure.pk == measure.pk), None)
    if row is None:
        return None
    known = (
        Decision.objects.about(measure)
        .known_to_all()
        .told_in_public()
        .select_related("session", "measure")
    )
    return Single(
        number=row.measure.number,
        title=row.measure.title,
        field=row.field_name,
        goal=row.goal_text,
        row=row,
        first=_first(overview, [row])[0] if row.result.point else None,
        decision=holding(known).get(measure.target_id),
        of=sum(each.result.rank is not None for each in overview.rows),
    )
