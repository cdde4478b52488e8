"""The lines of the list of measures as HTML, hundreds of them. ``fill`` escapes every text."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.catalogue.listing import Listed
from measures.markup import fill, join, piece
from measures.matrix.shapes import look, shape_path
from measures.models import Measure, TimeHorizon
from measures.outcomes import outcome_badge
from measures.overview import ListedMeasure
from workshops.models import Workshop

_LINE = piece("""
    <li class="listed" id="measure-{number}">
      {mark}
      <span class="code">{code}</span>
      <a class="listed__title" href="{url}" title="{title}">
        <span class="listed__whole">{title}</span>
        <span class="listed__brief" id="brief-{number}">{short}</span>
      </a>
      {own}
      <span class="listed__time">{time}</span>
      {outcome}
      {description}
    </li>
""")
_MARK = piece("""
    <svg class="field-mark series-{colour}" viewBox="0 0 24 24"
      aria-hidden="true" focusable="false">
      <path d="{path}"/>
    </svg>
""")
_SHORT = piece("""
    <a class="listed__short{is_ours}" id="short-{number}" href="{url}" data-hx-get="{url}"{focus}>
      <span class="listed__name">{short}</span>
      <span class="visually-hidden">: {change}</span>
    </a>
""")
_DESCRIPTION = '<p class="listed__text muted">{text}</p>'


def field_mark(series: int) -> SafeString:
    """Return a field's shape in its colour, as beside the points of the matrix."""
    shape, colour = look(series)
    return fill(_MARK, colour=colour + 1, path=shape_path(shape, 12, 12, 10))


def short_link(
    workshop: Workshop, measure: ListedMeasure | Measure, *, has_focus: bool = False
) -> SafeString:
    """Return a measure's short title as the link by which it is changed in its place."""
    return fill(
        _SHORT,
        number=measure.number,
        url=reverse("measures:short-title", args=[workshop.pk, measure.number]),
        short=measure.short,
        is_ours="" if measure.short_title else " listed__short--suggested",
        change=_("change the short title"),
        focus=SafeString(" autofocus") if has_focus else "",
    )


def measure_lines(
    workshop: Workshop,
    series: int,
    lines: Iterable[Listed],
    *,
    may_rename: bool,
    with_descriptions: bool,
) -> SafeString:
    """Return one ``<li>`` per measure of a field. ``may_rename``: with its short title to change.

    ``series`` counts the workshop's fields from 0.
    """
    url = reverse("measures:measure-detail", args=[workshop.pk, 0]).removesuffix("0/")
    mark = field_mark(series)
    times = {value: str(label) for value, label in TimeHorizon.choices}
    times[TimeHorizon.UNKNOWN] = ""
    return join(
        (
            fill(
                _LINE,
                number=each.measure.number,
                mark=mark,
                code=each.measure.code,
                url=f"{url}{each.measure.number}/?from=fields",
                title=each.measure.title,
                short=each.measure.short,
                own=short_link(workshop, each.measure) if may_rename else "",
                time=times[each.measure.time_horizon],
                outcome=outcome_badge(each.outcome) if each.outcome else "",
                description=_description(each) if with_descriptions else "",
            )
            for each in lines
        ),
        "\n",
    )


def _description(line: Listed) -> SafeString | str:
    return fill(_DESCRIPTION, text=line.description) if line.description else ""
