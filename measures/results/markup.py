"""The parts of the result pages with an element for each of hundreds of measures, as HTML.

Every text passes through ``fill``, which escapes it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from measures.markup import KEPT, fill, join, piece
from measures.matrix.layout import COLOURS
from measures.models import TimeHorizon
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.prioritisation import Quadrant
from measures.results.columns import COLUMNS
from measures.results.lenses import Lens
from measures.results.stability import Stability, Sureness
from measures.results.stability_words import (
    lead_words,
    quadrant_words,
    room_range,
    weight_words,
)
from measures.rounding import score_digits
from measures.stability import open_runs
from workshops.models import Workshop

Address = Callable[[int], str]  # from a measure's number
Write = Callable[..., str]  # see ``number_writer``


def measure_urls(workshop: Workshop, query: str) -> Address:
    """Return a function from number to address: one ``reverse`` instead of hundreds.

    ``query`` says what of the dashboard is not as usual, see ``saved.query_of``. The page behind
    the address leads on through the same rows, see ``catalogue.ways``.
    """
    pattern = reverse("measures:measure-detail", args=[workshop.pk, 0]).removesuffix("0/")
    asked = f"?from=ranking&{query}" if query else "?from=ranking"
    return lambda number: f"{pattern}{number}/{asked}"


# The ranking ------------------------------------------------------------------------------------

_HEADING = piece("""
    <th scope="col" class="kern-table__header{numeric}"{sorted}>
      <a class="sort" href="{query}">{heading}</a>
    </th>
""")
_NUMERIC = " kern-table__header--numeric"
_SORTED = ' aria-sort="{order}"'
_RANKED = '<tr id="row-{pk}" data-measure="{pk}">{cells}</tr>'
_NUMBER, _TEXT = '<td class="nums">{cell}</td>', "<td>{cell}</td>"
_CELLS = {key: _NUMBER if is_number else _TEXT for key, _heading, is_number in COLUMNS} | {
    "title": '<th scope="row"><a href="{url}">{name}</a>{beside}</th>',
    "field": piece("""
        <td><span class="dot dot--plain series-{series}" aria-hidden="true"></span> {field}</td>
    """),
}
_LINE = '<tr class="budget-line"><td colspan="{width}">{words}</td></tr>'
_BESIDE = '<br><small class="muted">{result}</small>'


def ranking_head(chosen: Mapping[str, object], columns: Sequence[str]) -> SafeString:
    """Return one ``<th>`` per column that sorts by it; a second click turns the order."""
    others = {name: value for name, value in chosen.items() if name != "order"}
    address = urlencode({**others, "order": ""}, doseq=True)
    return _head(str(chosen["order"]), address, tuple(columns), get_language())


@lru_cache(maxsize=64)
def _head(by: str, address: str, columns: tuple[str, ...], language: str | None) -> SafeString:
    heads = []
    for key, heading, is_number in COLUMNS:
        if key not in columns:
            continue
        order = {key: "ascending", f"-{key}": "descending"}.get(by)
        turned = f"-{key}" if order == "ascending" else key
        heads.append(
            fill(
                _HEADING,
                numeric=_NUMERIC if is_number else "",
                sorted=fill(_SORTED, order=order) if order else "",
                query=f"?{address}{turned}",
                heading=str(heading),
            )
        )
    return join(heads)


def ranking_rows(
    overview: Overview,
    rows: Sequence[Row],
    url: Address,
    columns: Sequence[str],
    beyond: Collection[int] = (),
) -> SafeString:
    """Return one ``<tr>`` per row; ``url`` makes a measure's address from its number.

    Before the first row of ``beyond``, by its measure's id, stands where the budget ends.
    """
    scores = (row.result.score for row in overview.rows)
    words = _RankingWords(
        write=number_writer(),
        on_paper=_(" (%d on paper)"),
        of_round=_(" · round %d"),
        beside=_("round %(round)d, by %(n)d: %(relevance)s / %(feasibility)s"),
        digits=score_digits([score for score in scores if score is not None]),
        usual=overview.usual_round,
        columns=tuple(columns),
    )
    horizons = {value: str(label) for value, label in TimeHorizon.choices}
    drawn = [
        _ranked(
            words,
            row,
            f"{row.measure.code} {row.measure.title}",
            url(row.measure.number),
            overview.quadrant_name(row) or "–",
            horizons[row.measure.time_horizon],
        )
        for row in rows
    ]
    places = (place for place, row in enumerate(rows) if row.measure.pk in beyond)
    if beyond and (place := next(places, None)) is not None:
        line = fill(_LINE, width=len(columns), words=_("Here the budget ends."))
        drawn.insert(place, line)
    return join(drawn, "\n")


class _RankingWords(NamedTuple):
    """What all rows of the ranking have in common."""

    write: Write
    on_paper: str
    of_round: str
    beside: str
    digits: int
    usual: int | None
    columns: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def _ranked(
    words: _RankingWords, row: Row, name: str, url: str, quadrant: str, horizon: str
) -> SafeString:
    """Draw one row. Where nothing in it has changed, it is found again: see ``KEPT``."""
    write, result = words.write, row.result
    cells: dict[str, dict[str, object]] = {
        "title": {
            "url": url,
            "name": name,
            "beside": _beside(row, words) if row.beside else "",
        },
        "field": {"series": row.field_index % COLOURS + 1, "field": row.field_name},
    }
    texts = {
        "rank": result.rank or "–",
        "quadrant": quadrant,
        "n": _raters(row, words),
        "relevance": write(result.relevance.mean),
        "relevance_median": write(result.relevance.median),
        "relevance_agreement": write(result.relevance.agreement),
        "feasibility": write(result.feasibility.mean),
        "feasibility_median": write(result.feasibility.median),
        "feasibility_agreement": write(result.feasibility.agreement),
        "score": write(result.score, words.digits),
        "gap": _consensus(row, write),
        "horizon": horizon,
    }
    drawn = (fill(_CELLS[key], **cells.get(key, {"cell": texts.get(key)})) for key in words.columns)
    return fill(_RANKED, pk=row.measure.pk, cells=join(drawn))


def _raters(row: Row, words: _RankingWords) -> str:
    """Say how many rated, how many of them on paper, and in which round if not in the usual."""
    is_of_another = words.usual and row.round not in (None, words.usual)
    told = [str(row.result.n)]
    if row.paper:
        told.append(words.on_paper % row.paper)
    if is_of_another:
        told.append(words.of_round % row.round)
    return "".join(told)


def _beside(row: Row, words: _RankingWords) -> SafeString:
    """Return the results of later rounds that replaced nothing, small below the title."""
    return join(
        fill(
            _BESIDE,
            result=words.beside
            % {
                "round": number,
                "n": result.n,
                "relevance": words.write(result.relevance.mean),
                "feasibility": words.write(result.feasibility.mean),
            },
        )
        for number, result in row.beside
    )


def _consensus(row: Row, write: Write) -> str:
    if row.consensus == (None, None):
        return "–"
    relevance, feasibility = (step or "–" for step in row.consensus)
    gap = f" ({write(row.gap)})" if row.gap is not None else ""
    return f"{relevance} / {feasibility}{gap}"


_UNRANKED = '<li><a href="{url}">{code} {title}</a> – {field}</li>'


def unranked_items(rows: Iterable[Row], url: Address) -> SafeString:
    """Return the measures that have no place in the ranking as list items."""
    return join(
        fill(
            _UNRANKED,
            url=url(row.measure.number),
            code=row.measure.code,
            title=row.measure.title,
            field=row.field_name,
        )
        for row in rows
    )


# The picture in words ---------------------------------------------------------------------------

_QUADRANT = piece("""
    <div>
      <h3 class="kern-heading-small">{name} ({count})</h3>
      <ol>{items}</ol>
    </div>
""")
_IN_QUADRANT = '<li value="{rank}"><a href="{url}">{code} {title}</a></li>'


def quadrant_lists(overview: Overview, ranked: Sequence[Row], url: Address) -> SafeString:
    """Return each quadrant that is not empty with its measures; ``ranked`` are the best first."""
    inside: dict[Quadrant | None, list[Row]] = {}
    for row in ranked:
        inside.setdefault(row.result.quadrant, []).append(row)
    return join(
        fill(
            _QUADRANT,
            name=overview.quadrant_names[quadrant],
            count=len(inside[quadrant]),
            items=join(
                _in_quadrant(
                    row.result.rank, url(row.measure.number), row.measure.code, row.measure.title
                )
                for row in inside[quadrant]
            ),
        )
        for quadrant in Quadrant
        if quadrant in inside
    )


@lru_cache(maxsize=KEPT)
def _in_quadrant(rank: int | None, url: str, code: str, title: str) -> SafeString:
    return fill(_IN_QUADRANT, rank=rank or "–", url=url, code=code, title=title)


# What a lens draws as arrows --------------------------------------------------------------------

_SHIFT = piece("""
    <tr data-measure="{pk}">
      <th scope="row"><a href="{url}">{code} {title}</a></th>
      <td class="nums">{relevance}</td>
      <td class="nums">{feasibility}</td>
      <td class="nums">{gap}</td>
      <td class="nums">{rank}</td>
    </tr>
""")


def shift_rows(lens: Lens, shown: Iterable[Row], url: Address) -> SafeString:
    """Return one ``<tr>`` per shift of the measures that are ``shown``, the widest first."""
    write = number_writer()
    wanted = {row.measure.pk for row in shown}
    return join(
        (
            fill(
                _SHIFT,
                pk=shift.row.measure.pk,
                url=url(shift.row.measure.number),
                code=shift.row.measure.code,
                title=shift.row.measure.title,
                relevance=f"{write(shift.before[0])} → {write(shift.now[0])}",
                feasibility=f"{write(shift.before[1])} → {write(shift.now[1])}",
                gap=write(shift.gap),
                rank=f"{shift.rank_before} → {shift.rank}"
                if shift.rank_before
                else shift.rank or "–",
            )
            for shift in lens.shifts
            if shift.row.measure.pk in wanted
        ),
        "\n",
    )


# How sure the ranking is ------------------------------------------------------------------------

_SURE = piece("""
    <tr data-measure="{pk}">
      <td class="nums">{rank}</td>
      <th scope="row"><a href="{url}">{code} {title}</a></th>
      <td><span class="rank-range">{band}<span class="nums">{range}</span></span></td>
      <td>{lead}</td>
      <td class="nums">{open}</td>
      <td>{weights}</td>
      <td>{quadrant}</td>
    </tr>
""")
_CLUSTER = piece("""
    <li class="clusters__run">
      <span class="clusters__ranks nums">{ranks}</span>
      <ul class="clusters__measures">{measures}</ul>
    </li>
""")
_IN_CLUSTER = '<li data-measure="{pk}"><a href="{url}" title="{title}">{code} {short}</a></li>'
_BAND = piece("""
    <svg class="band" viewBox="0 0 {width} {height}" width="{width}" height="{height}"
      aria-hidden="true" focusable="false">
      <path class="band__axis" d="M{start} {middle}H{end}"/>
      <path class="band__weights" d="M{best} {middle}H{worst}"/>
      <path class="band__rooms" d="{rooms}"/>
      <circle class="band__rank" cx="{rank}" cy="{middle}" r="4"/>
    </svg>
""")
_BAND_HEIGHT, _BAND_INSET = 20, 6
_SLIDER_TICKS = piece("""
    <svg class="slider__ticks" viewBox="0 0 100 8" preserveAspectRatio="none"
      aria-hidden="true" focusable="false">
      <path d="{ticks}"/>
    </svg>
""")


def stability_rows(
    overview: Overview, stability: Stability, url: Address, most: int | None = None
) -> SafeString:
    """Return one ``<tr>`` per ranked measure, best first; of the first ``most`` only, if given."""
    ranked = [row for row in overview.rows if row.measure.pk in stability.measures]

    def draw(row: Row) -> SafeString:
        sure = stability.measures[row.measure.pk]
        return fill(
            _SURE,
            pk=row.measure.pk,
            rank=row.result.rank,
            url=url(row.measure.number),
            code=row.measure.code,
            title=row.measure.title,
            band=rank_band(row, sure, len(ranked)),
            range=room_range(sure),
            lead=lead_words(sure.below),
            open=len(sure.open_against) if stability.varies else "–",
            weights=weight_words(sure),
            quadrant=quadrant_words(row, sure),
        )

    return join(map(draw, ranked[:most]), "\n")


def cluster_items(
    overview: Overview, stability: Stability, url: Address, most: int | None = None
) -> SafeString:
    """Return one ``<li>`` per run of ranks that cannot be told apart, the best first.

    Only the runs that begin among the first ``most``, if given.
    """
    ranked = {row.measure.pk: row for row in overview.rows if row.measure.pk in stability.measures}
    compared = {pk: sure.open_against for pk, sure in stability.measures.items()}
    begun, items = 0, []
    for run in open_runs([*ranked], compared):
        if most is not None and begun >= most:
            break
        begun += len(run)
        items.append(_cluster([ranked[pk] for pk in run], url))
    return join(items)


def _cluster(rows: Sequence[Row], url: Address) -> SafeString:
    first, last = rows[0].result.rank, rows[-1].result.rank
    return fill(
        _CLUSTER,
        ranks=f"{first}–{last}" if first != last else first,
        measures=join(
            fill(
                _IN_CLUSTER,
                pk=row.measure.pk,
                url=url(row.measure.number),
                code=row.measure.code,
                title=row.measure.title,
                short=row.measure.short,
            )
            for row in rows
        ),
    )


def rank_band(row: Row, sure: Sureness, ranked: int, width: int = 160) -> SafeString:
    """Draw the ranks from 1 to ``ranked``: a line for all weights, a bar for the draws, a dot."""
    step = (width - 2 * _BAND_INSET) / max(ranked - 1, 1)
    middle = _BAND_HEIGHT // 2

    def place(rank: int) -> str:
        return f"{_BAND_INSET + (rank - 1) * step:.1f}"

    return fill(
        _BAND,
        width=width,
        height=_BAND_HEIGHT,
        middle=middle,
        start=_BAND_INSET,
        end=width - _BAND_INSET,
        best=place(sure.best),
        worst=place(sure.worst),
        rooms=f"M{place(sure.low)} {middle}H{place(sure.high)}" if sure.low and sure.high else "",
        rank=place(row.result.rank) if row.result.rank else "",
    )


def slider_ticks(stability: Stability) -> SafeString:
    """Draw a tick beneath the weight slider wherever the best ten change."""
    ticks = "".join(f"M{100 * weight:.1f} 0V8" for weight in stability.top_changes)
    return fill(_SLIDER_TICKS, ticks=ticks)
