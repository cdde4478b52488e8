"""The ranking as table rows, joined in Python for the same reason as the matrix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from measures.markup import join_rows
from measures.matrix.layout import COLOURS
from measures.models import TimeHorizon
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.rounding import score_digits
from workshops.models import Workshop

# Key for sorting, heading, number or not; the cells of ``_ROW`` follow this order.
COLUMNS = (
    ("rank", _("Rank"), True),
    ("title", _("Measure"), False),
    ("field", _("Action field"), False),
    ("quadrant", _("Quadrant"), False),
    ("n", _("Rated by"), True),
    ("relevance", _("Relevance: mean"), True),
    ("relevance_median", _("Relevance: median"), True),
    ("relevance_agreement", _("Relevance: agreement"), True),
    ("feasibility", _("Feasibility: mean"), True),
    ("feasibility_median", _("Feasibility: median"), True),
    ("feasibility_agreement", _("Feasibility: agreement"), True),
    ("score", _("Score"), True),
    ("gap", _("Group value (gap)"), True),
    ("horizon", _("Time"), False),
)
_ROW = (
    '<tr id="row-{}" data-measure="{}"><td class="nums">{}</td>'
    '<th scope="row"><a href="{}">{} {}</a>{}</th>'
    '<td><span class="dot dot--plain series-{}" aria-hidden="true"></span> {}</td><td>{}</td>'
    '<td class="nums">{}{}</td>'
    '<td class="nums">{}</td><td class="nums">{}</td><td class="nums">{}</td>'
    '<td class="nums">{}</td><td class="nums">{}</td><td class="nums">{}</td>'
    '<td class="nums">{}</td><td class="nums">{}</td><td>{}</td></tr>'
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head; ``query`` sorts by it, ``sorted`` is "ascending", "descending" or ""."""

    label: str
    query: str
    sorted: str
    numeric: bool


def headings(chosen: Mapping) -> list[Heading]:
    """Return the heads of the table for the chosen parameters; a second click turns the order."""
    result = []
    for key, label, numeric in COLUMNS:
        order = {key: "ascending", f"-{key}": "descending"}.get(chosen["order"], "")
        turned = f"-{key}" if order == "ascending" else key
        query = "?" + urlencode({**chosen, "order": turned})
        result.append(Heading(str(label), query, order, numeric))
    return result


def table_rows(view: Overview, rows: list[Row], url: Callable[[int], str]) -> SafeString:
    """Return one ``<tr>`` per row; ``url`` makes a measure's address from its number."""
    write = number_writer()
    horizons = {value: str(label) for value, label in TimeHorizon.choices}
    names = {**view.quadrant_names, None: "–"}
    usual = view.usual_round
    on_paper, of_round = str(_(" (%d on paper)")), str(_(" · round %d"))
    digits = score_digits([row.result.score for row in view.rows if row.result.rank])
    return join_rows(
        "\n",
        _ROW,
        (
            (
                row.measure.pk, row.measure.pk, row.result.rank or "–",
                url(row.measure.number), row.measure.code, row.measure.title, _beside(row, write),
                row.field_index % COLOURS + 1, row.field_name, names[row.result.quadrant],
                row.result.n,
                (on_paper % row.paper if row.paper else "")
                + (of_round % row.round if row.round not in (None, usual) and usual else ""),
                *_criterion(row.result.relevance, write),
                *_criterion(row.result.feasibility, write),
                write(row.result.score, digits), _consensus(row, write),
                horizons[row.measure.time_horizon],
            )
            for row in rows
        ),
    )  # fmt: skip


def _beside(row: Row, write: Callable[..., str]) -> SafeString | str:
    """Return the results of later rounds that replaced nothing, small below the title."""
    text = _("round %(round)d, by %(n)d: %(relevance)s / %(feasibility)s")
    return format_html_join(
        "",
        '<br><small class="muted">{}</small>',
        (
            (
                text
                % {
                    "round": each.round,
                    "n": each.n,
                    "relevance": write(each.relevance),
                    "feasibility": write(each.feasibility),
                },
            )
            for each in row.beside
        ),
    )


def _criterion(spread, write) -> tuple[str, str, str]:
    return write(spread.mean), write(spread.median), write(spread.agreement)


def _consensus(row: Row, write) -> str:
    if row.consensus == (None, None):
        return "–"
    relevance, feasibility = (step or "–" for step in row.consensus)
    gap = f" ({write(row.gap)})" if row.gap is not None else ""
    return f"{relevance} / {feasibility}{gap}"


def measure_urls(workshop: Workshop) -> Callable[[int], str]:
    """Return a function from number to address: one ``reverse`` instead of hundreds."""
    pattern = reverse("measures:measure-detail", args=[workshop.pk, 0])
    return lambda number: f"{pattern.removesuffix('0/')}{number}/"


def unrated_items(rows: list[Row], url: Callable[[int], str]) -> SafeString:
    """Return the measures that have no place in the ranking as list items."""
    return join_rows(
        "",
        '<li><a href="{}">{} {}</a> – {}</li>',
        (
            (url(row.measure.number), row.measure.code, row.measure.title, row.field_name)
            for row in rows
        ),
    )
