"""The dashboard as HTML: small pieces drawn once, the large ones put in where they belong.

What the templates read is named here, as plain values, so that a piece is kept by all it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.models import Decision, Outcome
from measures.overview import Overview
from measures.rating.outlook import counted_for
from measures.results.columns import ALWAYS, COLUMNS, shown_columns
from measures.results.concord import WORDS, concord_of
from measures.results.dashboard import COUNTS, Dashboard, outcomes_of
from measures.results.filters import ALL_ROWS, DashboardForm
from measures.results.lenses import Lens
from measures.results.markup import (
    measure_urls,
    ranking_head,
    ranking_rows,
    shift_rows,
    unranked_items,
)
from measures.results.money import line_of
from measures.results.picture import Key, Picture, names_of, picture
from measures.results.saved_list import SavedViews
from measures.settings.changes import changed_since
from workshops.compiled import compiled
from workshops.drawing import drawn_around, place
from workshops.models import Workshop

PAGE = 20  # rows of the ranking, unless all are asked for


class _Workshop(NamedTuple):
    pk: int
    relevance_weight: int
    smallest_room: int
    smallest_group: int


class _Looked(NamedTuple):
    """What the templates say of a lens; see ``Lens``."""

    note: str
    hidden: int
    hides_all: bool
    has_shifts: bool
    origin: str
    target: str
    is_of_group: bool


class _Pictured(NamedTuple):
    """A picture without what is large; see ``Picture``."""

    title: str
    today: str
    note: str
    svg: str
    summary: str
    quadrants: str
    key: Key


def results_of(board: Dashboard, listed: Mapping[str, Any]) -> SafeString:
    """Draw picture, list, ranking and what has no place in it; see ``list_context``."""
    shown, chosen, url = board.overview, board.chosen, measure_urls(board.workshop, board.address)
    ranked = [row for row in board.rows if row.result.point]
    unrated = [row for row in board.rows if not row.result.point]
    offered = _offered(shown)
    here = [row for row in unrated if row.measure.pk in offered]
    elsewhere = [row for row in unrated if row.measure.pk not in offered]
    page = ranked if chosen.get("rows") == ALL_ROWS else ranked[:PAGE]
    columns = shown_columns(chosen.get("col", ()))
    drawing, line = _picture(board), line_of(board)
    # In another order than that of the ranks there is no place for it.
    beyond = line.beyond if line and chosen["order"] == "rank" else frozenset()
    return drawn_around(
        "measures/results/_results_body.html",
        {
            "svg": drawing.svg if drawing else SafeString(),
            "quadrants": drawing.quadrants if drawing else SafeString(),
            "shapes": listed["shapes"],
            "items": listed["items"],
            "fractions": listed["fractions"],
            "card_ranges": listed["card_ranges"],
            "shift_rows": shift_rows(board.lens, ranked, url),
            "ranking_head": ranking_head(chosen, columns),
            "ranking_rows": ranking_rows(shown, page, url, columns, beyond),
            "unrated": unranked_items(here, url),
            "elsewhere": unranked_items(elsewhere, url),
        },
        picture=_words_of(drawing) if drawing else None,
        lens=_looked(board.lens),
        workshop=_workshop(board.workshop),
        only=tuple(listed["only"]),
        query=listed["query"],
        ranked=listed["ranked"],
        panels=listed["panels"],
        awaits_ranges=listed["awaits_ranges"],
        all=len(shown.rows),
        unrated_count=len(here),
        elsewhere_count=len(elsewhere),
        budget=line.told if line else "",
        columns=tuple(
            (key, str(head), key in columns) for key, head, _is in COLUMNS if key not in ALWAYS
        ),
        rows_left=len(ranked) - len(page),
        is_table_open=bool(chosen.get("rows") or chosen.get("col") or chosen["order"] != "rank"),
        weight=chosen["weight"],
        at_weight=_at_weight(board),
        round=shown.round,
        usual_round=shown.usual_round,
        thresholds=shown.thresholds,
        settings_changed=_settings_changed(board),
    )


def screen_of(
    form: DashboardForm, listed: Mapping[str, Any], saved_views: SavedViews, results: SafeString
) -> SafeString:
    """Draw all below the bar: answers, filters, slider and results."""
    status = form.chosen.get("status", "")
    return drawn_around(
        "measures/results/_screen.html",
        {"results": results, "ticks": listed["ticks"]},
        answers=tuple(listed["answers"]),
        panel=form.panel,
        saved_views=saved_views,
        workshop=_workshop(form.workshop),
        usual_columns=listed["usual_columns"],
        weight=form.chosen["weight"],
        is_split=bool(listed["panels"]),
        status=status,
        status_word=str(Outcome(status).label) if status in Outcome.values else "",
        **{name: listed[name] for name in COUNTS},
    )


def _workshop(workshop: Workshop) -> _Workshop:
    return _Workshop._make(getattr(workshop, name) for name in _Workshop._fields)


def _looked(lens: Lens) -> _Looked:
    return _Looked(
        lens.note,
        lens.hidden,
        lens.hides_all,
        bool(lens.shifts),
        lens.origin,
        lens.target,
        lens.is_of_group,
    )


def _picture(board: Dashboard) -> Picture | None:
    return picture(
        board.overview,
        board.ranked,
        measure_urls(board.workshop, board.address),
        board.lens.overlay,
        _told(board),
        board.talk,
        names=names_of(board.ranked),
        outcomes=outcomes_of(board),
        has_spread=board.chosen.get("spread") == "yes" and not board.lens.hides_spread,
    )


def _words_of(drawing: Picture) -> _Pictured:
    words = {name: getattr(drawing, name) for name in _Pictured._fields}
    return _Pictured(**words | {"svg": place("svg"), "quadrants": place("quadrants")})


def _told(board: Dashboard) -> dict[int, str]:
    """Return what a mark's name ends with: where its arrow comes from, rank range, agreement."""
    told, words = {}, board.lens.words
    range_of, concords = (
        _("rank %(low)d to %(high)d"),
        {key: str(word) for key, word in WORDS.items()},
    )
    drawn = board.stability.measures if board.stability else {}
    for row in board.ranked:
        pk, parts = row.measure.pk, []
        if pk in words:
            parts.append(words[pk])
        if (each := drawn.get(pk)) and each.drawn and each.drawn.low != each.drawn.high:
            parts.append(range_of % {"low": each.drawn.low, "high": each.drawn.high})
        if concord := concord_of(row.result):
            parts.append(concords[concord[0]])
        told[pk] = "; ".join(parts)
    return told


def _at_weight(board: Dashboard) -> str:
    """Return the parameters that the stability of this overview asks for."""
    names = ("weight", "round", "table")
    return urlencode({name: board.chosen[name] for name in names if name in board.chosen})


def _offered(overview: Overview) -> set[int]:
    """Return the ids of what could have a result here. 1 query, for one round by itself."""
    if overview.round is None:
        return {row.measure.pk for row in overview.rows}
    [round] = [each for each in overview.rounds if each.number == overview.round]
    return set(counted_for(round).values_list("pk", flat=True))


def _settings_changed(board: Dashboard) -> str:
    """Say what changed since the first decision that everybody knows of. 2 queries at most."""
    workshop = board.workshop
    # Who knows of none needs no query to know of none that all know of.
    if not outcomes_of(board) or not list(_is_published(workshop.pk)):
        return ""
    return changed_since(workshop, Decision.objects.in_workshop(workshop).published())


@compiled
def _is_published(workshop: int) -> QuerySet:
    decisions = Decision.objects.filter(session__workshop=workshop).published()
    return decisions.order_by().values_list("pk")[:1]
