"""The overview's picture: what the matrix shows of each measure, and its legend."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.matrix.drawing import MarkText, draw
from measures.matrix.layout import COLOURS, SHAPES, MatrixLayout, Point, layout, shape_path
from measures.overview import Overview, Row
from measures.results.numbers import number_writer


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One action field of the picture: ``d`` is its shape in a square of 24 pixels."""

    name: str
    colour: int
    d: str


def legend(view: Overview, rows: list[Row]) -> list[LegendEntry]:
    """Return the fields that have a mark in the picture."""
    present = {row.field_index for row in rows if row.result.rank}
    return [
        LegendEntry(field.name, i % COLOURS + 1, shape_path(SHAPES[i % len(SHAPES)], 12, 12, 10))
        for i, field in enumerate(view.fields)
        if i in present
    ]


def picture_of(view: Overview, rows: list[Row]) -> MatrixLayout:
    """Lay out the ranked rows; also what the picture file is drawn from."""
    points = [
        Point(
            measure=row.measure.pk,
            label=str(row.measure.number),
            series=row.field_index,
            relevance=row.result.relevance.mean,
            feasibility=row.result.feasibility.mean,
            relevance_range=(row.result.relevance.low, row.result.relevance.high),
            feasibility_range=(row.result.feasibility.low, row.result.feasibility.high),
        )
        for row in rows
        if row.result.rank
    ]
    return layout(points, scale=view.scale, thresholds=view.thresholds)


def svg(view: Overview, rows: list[Row], url: Callable[[int], str]) -> SafeString:
    """Draw the matrix; ``url`` makes a measure's address from its number."""
    write = number_writer()
    sentence = _(
        "%(code)s %(title)s: rank %(rank)d, relevance %(relevance)s, feasibility"
        " %(feasibility)s, %(quadrant)s, rated by %(n)d"
    )
    texts = {
        row.measure.pk: MarkText(
            name=sentence
            % {
                "code": row.measure.code,
                "title": row.measure.title,
                "rank": row.result.rank,
                "relevance": write(row.result.relevance.mean),
                "feasibility": write(row.result.feasibility.mean),
                "quadrant": view.quadrant_names[row.result.quadrant],
                "n": row.result.n,
            },
            url=url(row.measure.number),
        )
        for row in rows
        if row.result.rank
    }
    return draw(picture_of(view, rows), texts, view.quadrant_names)
