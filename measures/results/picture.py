"""The overview's picture: what the matrix shows of each measure, and its words and legend."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.markup import join
from measures.matrix.key import note_of
from measures.matrix.layout import (
    NOTHING,
    PHONE,
    WIDE,
    Canvas,
    MatrixLayout,
    Overlay,
    Part,
    Point,
    layout,
    part_in_use,
)
from measures.matrix.markup import Drawn, matrix_svg
from measures.matrix.titles import Label, Width, width_of
from measures.models import Outcome
from measures.overview import Overview, Row
from measures.panels import Panel
from measures.prioritisation import Scale, Spread
from measures.results.markup import quadrant_lists
from measures.results.talk import Talk, sentence

BEST = 10  # so many at most are filled and named
NAMED = 3  # so many measures on one rank are named, more are only counted


class Key(NamedTuple):
    """What the key explains, as plain values.

    ``fields`` are places in the overview with names, ``outcomes`` values with labels, of those that
    are in the picture. ``has_rest``: some marks are not named, ``is_split``:
    named is what is in front at its table; ``has_spread``: there are lines over
    the middle half of the ratings; ``has_leaders``: lines lead from marks that made room to their
    places. ``beneath`` says what lies beneath the marks ("regions", "lines", "arrows" or ""), and
    ``meaning`` what for.
    """

    fields: tuple[tuple[int, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    has_rest: bool
    is_split: bool
    has_spread: bool
    has_leaders: bool
    beneath: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that `_matrix.html` shows: the drawing, what it tells, and what its signs mean.

    ``title``, ``today`` and ``note`` stand above it on paper: whose it is, when it was drawn, how
    many measures, which weight.
    ``svg`` is the drawing twice, wide and for a phone. ``summary`` are sentences, ``quadrants`` the
    measures as lists.
    """

    title: str
    today: str
    note: str
    svg: SafeString
    summary: str
    quadrants: SafeString
    key: Key


def picture(
    overview: Overview,
    rows: Sequence[Row],
    url: Callable[[int], str],
    overlay: Overlay = NOTHING,
    extra: Mapping[int, str] | None = None,
    talk: Talk | None = None,
    names: Mapping[int, str] | None = None,
    outcomes: Mapping[int, Outcome] | None = None,
    has_spread: bool = False,
) -> Picture | None:
    """Draw those of ``rows`` that have a place, with their words; None where there are none.

    ``url`` makes an address from a measure's number. The other mappings go by the measure's id:
    ``names`` are the short titles that stand beside the best, ``outcomes`` what was decided, as far
    as the reader may know it. ``extra`` is what the mark's name and its card end with, short parts
    joined by "; ": where an arrow comes from, the rank's range ("rank 4 to 7"), how far people
    agree ("split"). ``talk`` are the disputed measures, see ``results.talk``; without them nothing
    is said of disputes.
    """
    ranked = by_rank(rows)
    if not ranked:
        return None
    outcomes = outcomes or {}
    decided = {pk: outcomes[pk] for row in ranked if (pk := row.measure.pk) in outcomes}
    sheet = Sheet(names or {}, decided, overlay, has_spread)
    svgs, has_leaders = [], False
    for matrix, titles in laid_out(overview, ranked, sheet, (WIDE, PHONE)):
        drawn = Drawn(url, extra or {}, decided, titles, has_spread)
        svgs.append(matrix_svg(matrix, overview, drawn))
        has_leaders |= any(mark.displaced for mark in matrix.marks)
    return Picture(
        title=overview.workshop.title,
        today=date_format(localdate(), "DATE_FORMAT"),
        note=note_of(matrix, overview),
        svg=join(svgs),
        summary=summary_of(overview, ranked, talk),
        quadrants=quadrant_lists(overview, ranked, url),
        key=Key(
            fields=_fields(overview, ranked),
            outcomes=_outcomes(decided.values()),
            has_rest=len(ranked) > len(best_of(ranked)),
            is_split=overview.is_split,
            has_spread=has_spread,
            has_leaders=has_leaders,
            beneath=_beneath(overlay),
            meaning=overlay.meaning,
        ),
    )


def names_of(rows: Sequence[Row]) -> dict[int, str]:
    """Return the measures' short titles by their id."""
    return {row.measure.pk: row.measure.short for row in rows}


def best_of(ranked: Sequence[Row]) -> list[Row]:
    """Return the first ten of the rows, best first; none of those that share a rank alone.

    Where tables rated their own measures: what is in front at each of them.
    """
    if any(row.result.rank is None for row in ranked):
        return _first_of_each(ranked)
    if len(ranked) <= BEST:
        return list(ranked)
    beyond = ranked[BEST].result.rank
    whole = [row for row in ranked[:BEST] if row.result.rank != beyond]
    return whole or list(ranked[:BEST])


def _first_of_each(rows: Sequence[Row]) -> list[Row]:
    best: dict[Panel, float] = {}
    for row in rows:
        best[row.panel] = max(row.result.score or 0, best.get(row.panel, 0))
    return [row for row in rows if row.result.score == best[row.panel]]


def by_rank(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that have a place in the picture, best first, those without a rank last."""
    placed = (row for row in rows if row.result.point)
    return sorted(placed, key=lambda row: (row.result.rank is None, row.result.rank or 0))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a picture is to show beside the measures' places; see ``picture``."""

    names: Mapping[int, str] = field(default_factory=dict)
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    overlay: Overlay = NOTHING
    has_spread: bool = False

    @property
    def is_whole(self) -> bool:
        """Say whether the axes show the whole scale: more than the means is to be compared."""
        return self.overlay is not NOTHING or self.has_spread


def laid_out(
    overview: Overview,
    rows: Sequence[Row],
    sheet: Sheet,
    canvases: Sequence[Canvas] = (WIDE,),
    width: Width = width_of,
) -> list[tuple[MatrixLayout, tuple[Label, ...]]]:
    """Return for each canvas where the marks of the ranked ``rows`` and the best's titles stand.

    The axes show the part of the scale in which all measures lie, also those that a filter hides.
    ``width`` measures the titles.
    """
    part = None
    if not sheet.is_whole:
        places = [row.result.point for row in overview.rows if row.result.point]
        part = part_in_use(places, scale=overview.scale, thresholds=overview.thresholds)
    best = {row.measure.pk for row in best_of(rows)}
    outlined = {pk for pk, outcome in sheet.outcomes.items() if not outcome.is_out}
    points = tuple(points_of(rows, best, outlined))
    names = tuple((pk, name) for pk in sorted(best) if (name := sheet.names.get(pk)))
    scale, limits, overlay = overview.scale, overview.thresholds, sheet.overlay
    if overlay is NOTHING:
        return _lettered(points, scale, limits, part, tuple(canvases), names, width)
    matrices = [
        layout(points, scale=scale, thresholds=limits, overlay=overlay, canvas=canvas)
        for canvas in canvases
    ]
    return [(matrix, _titles(matrix, dict(names), width)) for matrix in matrices]


def _titles(matrix: MatrixLayout, names: Mapping[int, str], width: Width) -> tuple[Label, ...]:
    # Loads numpy, which a worker that serves ordinary pages should never do.
    from measures.matrix.labels import labels

    return labels(matrix, names, width)


def matrix_of(overview: Overview, rows: Sequence[Row]) -> MatrixLayout:
    """Lay out the ranked rows on the whole scale, all alike."""
    return _layout(tuple(points_of(rows)), overview.scale, overview.thresholds, None, WIDE)


def points_of(
    rows: Sequence[Row], best: Collection[int] = (), outlined: Collection[int] = ()
) -> list[Point]:
    """Return the rows that have a place as points; the other two are ids of measures."""
    return [
        Point(
            measure=row.measure.pk,
            label=str(row.measure.number),
            series=row.field_index,
            relevance=point[0],
            feasibility=point[1],
            relevance_range=_range(row.result.relevance, point[0]),
            feasibility_range=_range(row.result.feasibility, point[1]),
            is_best=row.measure.pk in best,
            is_outlined=row.measure.pk in outlined,
        )
        for row in rows
        if (point := row.result.point)
    ]


@lru_cache(maxsize=32)
def _layout(
    points: tuple[Point, ...],
    scale: Scale,
    thresholds: tuple[float, float],
    part: Part | None,
    canvas: Canvas,
) -> MatrixLayout:
    """Place the marks anew only where one has moved; most changes move none."""
    return layout(points, scale=scale, thresholds=thresholds, part=part, canvas=canvas)


@lru_cache(maxsize=32)
def _lettered(
    points: tuple[Point, ...],
    scale: Scale,
    thresholds: tuple[float, float],
    part: Part | None,
    canvases: tuple[Canvas, ...],
    names: tuple[tuple[int, str], ...],
    width: Width,
) -> list[tuple[MatrixLayout, tuple[Label, ...]]]:
    """Place the titles anew only where one of them, or a mark, has changed."""
    matrices = [_layout(points, scale, thresholds, part, canvas) for canvas in canvases]
    return [(matrix, _titles(matrix, dict(names), width)) for matrix in matrices]


def _range(spread: Spread, mean: float) -> tuple[float, float]:
    """Return the quartiles; where they are withheld a line of no length."""
    if spread.low is None or spread.high is None:
        return mean, mean
    return spread.low, spread.high


def _fields(overview: Overview, ranked: Sequence[Row]) -> tuple[tuple[int, str], ...]:
    """Return the fields that have a mark in the picture."""
    present = {row.field_index for row in ranked}
    return tuple((i, each.name) for i, each in enumerate(overview.fields) if i in present)


def _outcomes(decided: Collection[Outcome]) -> tuple[tuple[str, str], ...]:
    return tuple((each.value, str(each.label)) for each in Outcome if each in decided)


def _beneath(overlay: Overlay) -> str:
    if overlay.regions:
        return "regions"
    return ("lines" if overlay.is_joined else "arrows") if overlay.origins else ""


def summary_of(overview: Overview, rows: Sequence[Row], talk: Talk | None = None) -> str:
    """Say in sentences what a glance at the picture tells; empty without a ranked row.

    Of ``talk``, the most disputed first, it names the first that is among the rows.
    """
    ranked = by_rank(rows)
    if not ranked:
        return ""
    sentences = (_places(overview, ranked), _best(ranked), _most_disputed(ranked, talk or {}))
    return " ".join(sentence for sentence in sentences if sentence)


def _places(overview: Overview, ranked: Sequence[Row]) -> str:
    place, counts = _("%(n)d in “%(quadrant)s”"), []
    for quadrant, name in overview.quadrant_names.items():
        n = sum(row.result.quadrant == quadrant for row in ranked)
        if n:
            counts.append(place % {"n": n, "quadrant": name})
    sentence = ngettext(
        "The picture shows %(n)d measure: %(places)s.",
        "The picture shows %(n)d measures: %(places)s.",
        len(ranked),
    )
    return sentence % {"n": len(ranked), "places": ", ".join(counts)}


def _best(ranked: Sequence[Row]) -> str:
    rank = ranked[0].result.rank
    if rank is None:
        codes = ", ".join(row.measure.code for row in best_of(ranked))
        return _("In front at their tables: %(measures)s.") % {"measures": codes}
    first = [row.measure for row in ranked if row.result.rank == rank]
    if len(first) == 1:
        name = f"{first[0].code} {first[0].title}"
        return _("On top stands %(measure)s, rank %(rank)d.") % {"measure": name, "rank": rank}
    if len(first) <= NAMED:
        codes = ", ".join(measure.code for measure in first)
        return _("On top stand %(measures)s, all on rank %(rank)d.") % {
            "measures": codes,
            "rank": rank,
        }
    return _("On top stand %(n)d measures, all on rank %(rank)d.") % {"n": len(first), "rank": rank}


def _most_disputed(ranked: Sequence[Row], talk: Talk) -> str:
    """Name the measure with the most disagreement and why; nothing where nobody disagrees."""
    measures = {row.measure.pk: row.measure for row in ranked}
    first = next((pk for pk in talk if pk in measures), None)
    if first is None:
        return ""
    measure = measures[first]
    return _("Most to talk about: %(measure)s. %(reason)s") % {
        "measure": f"{measure.code} {measure.title}",
        "reason": sentence(talk[first][0]),
    }
