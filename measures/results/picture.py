"""The overview's picture: what the matrix shows of each measure, and its words and legend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.markup import join_rows
from measures.matrix.drawing import MarkText, draw
from measures.matrix.layout import (
    COLOURS,
    NOTHING,
    SHAPES,
    MatrixLayout,
    Overlay,
    Point,
    layout,
    shape_path,
)
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.prioritisation import Spread
from measures.results.talk import Talk, most_disputed

NAMED = 3  # so many measures on one rank are named, more are only counted

Address = Callable[[int], str]  # from a measure's number


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One action field of the picture: ``d`` is its shape in a square of 24 pixels."""

    name: str
    field: int
    colour: int
    d: str


@dataclass(frozen=True, slots=True)
class QuadrantList:
    """One quadrant's measures as list items that carry their rank, best first."""

    name: str
    count: int
    items: SafeString


@dataclass(frozen=True, slots=True)
class Picture:
    """All that `_matrix.html` shows. ``kinds``: what lies beneath the marks and what it means."""

    svg: SafeString
    summary: str
    quadrants: list[QuadrantList]
    legend: list[LegendEntry]
    kinds: list[tuple[str, str]]


def picture(
    view: Overview,
    rows: list[Row],
    url: Address,
    overlay: Overlay = NOTHING,
    extra: Mapping[int, str] | None = None,
    talk: Talk | None = None,
) -> Picture | None:
    """Draw the ranked ones of ``rows`` with their words; None where there are none.

    ``extra`` holds a sentence by the measure's id that its name and its card end with. ``talk``
    are the disputed measures, see ``results.talk``; without them nothing is said of disputes.
    """
    ranked = by_rank(rows)
    if not ranked:
        return None
    return Picture(
        svg=svg(view, ranked, url, overlay, extra),
        summary=summary(view, ranked, talk),
        quadrants=quadrant_lists(view, ranked, url),
        legend=legend(view, ranked),
        kinds=_kinds(overlay),
    )


def by_rank(rows: list[Row]) -> list[Row]:
    """Return the rows that have a place in the picture, best first."""
    return sorted((row for row in rows if row.result.rank), key=lambda row: row.result.rank)


def picture_of(view: Overview, rows: list[Row], overlay: Overlay = NOTHING) -> MatrixLayout:
    """Lay out the ranked rows; also what the picture file is drawn from."""
    points = [
        Point(
            measure=row.measure.pk,
            label=str(row.measure.number),
            series=row.field_index,
            relevance=row.result.relevance.mean,
            feasibility=row.result.feasibility.mean,
            relevance_range=_range(row.result.relevance),
            feasibility_range=_range(row.result.feasibility),
        )
        for row in rows
        if row.result.rank
    ]
    return layout(points, scale=view.scale, thresholds=view.thresholds, overlay=overlay)


def _range(spread: Spread) -> tuple[float, float]:
    """Return the quartiles; where they are withheld a line of no length."""
    return (spread.mean, spread.mean) if spread.low is None else (spread.low, spread.high)


def svg(
    view: Overview,
    rows: list[Row],
    url: Address,
    overlay: Overlay = NOTHING,
    extra: Mapping[int, str] | None = None,
) -> SafeString:
    """Draw the matrix, best measures first; ``url`` makes an address from a measure's number."""
    ranked = by_rank(rows)
    texts = _texts(view, ranked, url, extra or {})
    return draw(picture_of(view, ranked, overlay), texts, view.quadrant_names)


def _texts(
    view: Overview, rows: list[Row], url: Address, extra: Mapping[int, str]
) -> dict[int, MarkText]:
    write = number_writer()
    sentence = _(
        "%(code)s %(title)s: rank %(rank)d, relevance %(relevance)s, feasibility"
        " %(feasibility)s, %(quadrant)s, rated by %(n)d"
    )
    texts, usual = {}, view.usual_round
    for row in rows:
        measure, result = row.measure, row.result
        addition = "; ".join(filter(None, (_round(row, usual), extra.get(measure.pk, ""))))
        means = write(result.relevance.mean), write(result.feasibility.mean)
        name = sentence % {
            "code": measure.code,
            "title": measure.title,
            "rank": result.rank,
            "relevance": means[0],
            "feasibility": means[1],
            "quadrant": view.quadrant_names[result.quadrant],
            "n": result.n,
        }
        texts[measure.pk] = MarkText(
            name=f"{name}. {addition}" if addition else name,
            url=url(measure.number),
            title=f"{measure.code} {measure.title}",
            field=row.field_index,
            quadrant=result.quadrant,
            rank=result.rank,
            n=result.n,
            relevance=result.relevance.counts,
            feasibility=result.feasibility.counts,
            means=means,
            extra=addition,
        )
    return texts


def _round(row: Row, usual: int | None) -> str:
    """Name the round where it is another than that of most marks in the picture."""
    return _("result of round %(n)d") % {"n": row.round} if usual not in (None, row.round) else ""


def legend(view: Overview, rows: list[Row]) -> list[LegendEntry]:
    """Return the fields that have a mark in the picture."""
    present = {row.field_index for row in rows if row.result.rank}
    return [
        LegendEntry(field.name, i, i % COLOURS + 1, shape_path(SHAPES[i % len(SHAPES)], 12, 12, 10))
        for i, field in enumerate(view.fields)
        if i in present
    ]


def _kinds(overlay: Overlay) -> list[tuple[str, str]]:
    kinds = []
    if overlay.regions:
        kinds.append(("region", _("holds the measure's place in 90 % of draws")))
    if overlay.origins and overlay.is_joined:
        kinds.append(("join", overlay.meaning or _("leads from the agreed value to the mean")))
    elif overlay.origins:
        kinds.append(("arrow", overlay.meaning or _("leads from the place before to this one")))
    return kinds


def quadrant_lists(view: Overview, rows: list[Row], url: Address) -> list[QuadrantList]:
    """Return the picture in words: each quadrant that is not empty with its measures."""
    lists = []
    for quadrant, name in view.quadrant_names.items():
        inside = [row for row in by_rank(rows) if row.result.quadrant == quadrant]
        items = join_rows(
            "",
            '<li value="{}"><a href="{}">{} {}</a></li>',
            (
                (row.result.rank, url(row.measure.number), row.measure.code, row.measure.title)
                for row in inside
            ),
        )
        if inside:
            lists.append(QuadrantList(name, len(inside), items))
    return lists


def summary(view: Overview, rows: list[Row], talk: Talk | None = None) -> str:
    """Say in sentences what a glance at the picture tells; empty without a ranked row.

    Of ``talk``, the most disputed first, it names the first that is among the rows.
    """
    ranked = by_rank(rows)
    if not ranked:
        return ""
    sentences = (_places(view, ranked), _best(ranked), _most_disputed(ranked, talk or {}))
    return " ".join(sentence for sentence in sentences if sentence)


def _places(view: Overview, ranked: list[Row]) -> str:
    place, counts = _("%(n)d in “%(quadrant)s”"), []
    for quadrant, name in view.quadrant_names.items():
        n = sum(row.result.quadrant == quadrant for row in ranked)
        if n:
            counts.append(place % {"n": n, "quadrant": name})
    sentence = ngettext(
        "The picture shows %(n)d measure: %(places)s.",
        "The picture shows %(n)d measures: %(places)s.",
        len(ranked),
    )
    return sentence % {"n": len(ranked), "places": ", ".join(counts)}


def _best(ranked: list[Row]) -> str:
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


def _most_disputed(ranked: list[Row], talk: Talk) -> str:
    """Name the measure with the most disagreement and why; nothing where nobody disagrees."""
    first = most_disputed(ranked, talk)
    if first is None:
        return ""
    name = f"{first.row.measure.code} {first.row.measure.title}"
    return _("Most to talk about: %(measure)s. %(reason)s") % {
        "measure": name,
        "reason": first.sentences[0],
    }
