"""The overview's picture: what the matrix shows of each measure, and its words and legend."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fields.models import ActionField
from measures.matrix.layout import NOTHING, MatrixLayout, Overlay, Point, layout
from measures.matrix.markup import matrix_svg
from measures.overview import Overview, Row
from measures.prioritisation import Scale, Spread
from measures.results.markup import quadrant_lists
from measures.results.talk import Talk, sentence

NAMED = 3  # so many measures on one rank are named, more are only counted


@dataclass(frozen=True, slots=True)
class Picture:
    """All that `_matrix.html` shows: the drawing, what it tells, and what its signs mean.

    ``summary`` are sentences, ``quadrants`` the measures as lists. ``legend`` holds the fields by
    their place in the overview, ``overlay`` what lies beneath the marks.
    """

    svg: SafeString
    summary: str
    quadrants: SafeString
    legend: dict[int, ActionField]
    overlay: Overlay


def picture(
    overview: Overview,
    rows: Sequence[Row],
    url: Callable[[int], str],
    overlay: Overlay = NOTHING,
    extra: Mapping[int, str] | None = None,
    talk: Talk | None = None,
) -> Picture | None:
    """Draw the ranked ones of ``rows`` with their words; None where there are none.

    ``url`` makes an address from a measure's number. ``extra`` holds a sentence by the measure's id
    that its name and its card end with. ``talk`` are the disputed measures, see ``results.talk``;
    without them nothing is said of disputes.
    """
    ranked = by_rank(rows)
    if not ranked:
        return None
    matrix = matrix_of(overview, ranked, overlay)
    return Picture(
        svg=matrix_svg(matrix, overview, url, extra or {}),
        summary=summary_of(overview, ranked, talk),
        quadrants=quadrant_lists(overview, ranked, url),
        legend=_legend(overview, ranked),
        overlay=overlay,
    )


def by_rank(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that have a place in the picture, best first."""
    return sorted((row for row in rows if row.result.rank), key=lambda row: row.result.rank or 0)


def matrix_of(overview: Overview, rows: Sequence[Row], overlay: Overlay = NOTHING) -> MatrixLayout:
    """Lay out the ranked rows; also what the picture file is drawn from."""
    points = [
        Point(
            measure=row.measure.pk,
            label=str(row.measure.number),
            series=row.field_index,
            relevance=point[0],
            feasibility=point[1],
            relevance_range=_range(row.result.relevance, point[0]),
            feasibility_range=_range(row.result.feasibility, point[1]),
        )
        for row in rows
        if (point := row.result.point)
    ]
    if overlay is NOTHING:
        return _laid_out(tuple(points), overview.scale, overview.thresholds)
    return layout(points, scale=overview.scale, thresholds=overview.thresholds, overlay=overlay)


@lru_cache(maxsize=32)
def _laid_out(
    points: tuple[Point, ...], scale: Scale, thresholds: tuple[float, float]
) -> MatrixLayout:
    """Place the marks anew only where a point has moved; most changes of a workshop move none."""
    return layout(points, scale=scale, thresholds=thresholds)


def _range(spread: Spread, mean: float) -> tuple[float, float]:
    """Return the quartiles; where they are withheld a line of no length."""
    if spread.low is None or spread.high is None:
        return mean, mean
    return spread.low, spread.high


def _legend(overview: Overview, ranked: Sequence[Row]) -> dict[int, ActionField]:
    """Return the fields that have a mark in the picture."""
    present = {row.field_index for row in ranked}
    return {i: field for i, field in enumerate(overview.fields) if i in present}


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
