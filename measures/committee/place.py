"""A measure's place in the matrix, drawn small: itself clearly, all others as faint dots.

It is looked at, not used: unlike the dashboard's picture it has neither links nor numbers that
make room for each other, so that every dot stands where its values are.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.markup import Drawn, letter_size, matrix_svg
from measures.matrix.shapes import shape_path
from measures.overview import Overview, Row
from measures.results.picture import matrix_of

LARGER = 1.8  # than a mark of the dashboard


def place_in_matrix(overview: Overview, row: Row) -> SafeString:
    """Return two ``<svg>`` of the same size, one to lie over the other; ``row`` has a place."""
    layout = matrix_of(overview, [row])
    [mark] = layout.marks
    others = [each for each in overview.rows if each.result.point and each is not row]
    empty = matrix_svg(matrix_of(overview, []), overview, Drawn("".format))
    return empty + format_html(
        '<svg class="place__marks" viewBox="0 0 {} {}" aria-hidden="true">{}{}</svg>',
        layout.width,
        layout.height,
        _dots(layout, others),
        _mark(mark, layout),
    )


def _dots(layout: MatrixLayout, rows: list[Row]) -> SafeString:
    """Draw all others as one path of round dots."""
    frame, (low, high) = layout.frame, layout.x_domain
    wide, tall = (
        (frame.right - frame.left) / (high - low),
        (frame.bottom - frame.top) / (high - low),
    )
    means = [(row.result.feasibility.mean, row.result.relevance.mean) for row in rows]
    dots = "".join(
        f"M{frame.left + (x - low) * wide:.0f} {frame.bottom - (y - low) * tall:.0f}h0"
        for x, y in means
        if x is not None and y is not None
    )
    return mark_safe(f'<path class="place__others" d="{dots}"/>')  # numbers only


def _mark(mark: Mark, layout: MatrixLayout) -> SafeString:
    """Draw the measure with its spread lines, and lines that lead to both axes."""
    radius = round(layout.radius * LARGER)
    return format_html(
        '<path class="place__lines" d="M{x} {bottom}V{y}H{left}"/>'
        '<path class="place__spread" d="M{x_low} {y}H{x_high}M{x} {y_low}V{y_high}"/>'
        '<g class="mark mark--best series-{colour}" transform="translate({x} {y})">'
        '<path class="marker" d="{shape}"/>'
        '<text class="marker-label" font-size="{size}">{label}</text></g>',
        x=str(mark.true_x), y=str(mark.true_y),
        bottom=layout.frame.bottom, left=layout.frame.left,
        x_low=str(mark.x_low), x_high=str(mark.x_high),
        y_low=str(mark.y_low), y_high=str(mark.y_high),
        colour=mark.colour + 1,
        shape=shape_path(mark.shape, 0, 0, radius),
        size=letter_size(mark.label, radius),
        label=mark.label,
    )  # fmt: skip
