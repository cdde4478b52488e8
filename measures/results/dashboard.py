"""What the dashboard shows: the rows that its address asks for, and all that is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.html import json_script
from django.utils.safestring import SafeString

from measures.models import Outcome
from measures.overview import Overview, Row, overview_of
from measures.panels import panel_of
from measures.results.answers import StepWords, answers_of, step_words
from measures.results.became import UNDECIDED, Becoming, became_of
from measures.results.columns import USUAL
from measures.results.filters import DECIDED, OPEN, STATUSES, DashboardForm, narrowed
from measures.results.lenses import Lens, through_lens
from measures.results.markup import Address, measure_urls, slider_ticks
from measures.results.picture import by_rank
from measures.results.ranks import fractions_of, rank_items, shapes_of
from measures.results.saved import query_of
from measures.results.stability import Stability, stability_at_hand, stability_of, told_once
from measures.results.stability_words import card_ranges
from measures.results.talk import Talk, talk_of
from workshops.models import Workshop
from workshops.visits import Visit

COUNTS = ("has_decisions", "all_count", "open_count", "decided_count")


FRONT = 3  # measures of each table, where there is no ranking across tables


class FrontOfTable(NamedTuple):
    """What is in front at some tables: address, code and short title of each measure."""

    key: str
    name: str
    measures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The rows that were asked for, seen through a lens; those ``ranked`` once more, best first.

    ``address`` says what was asked for, as far as it is not as usual.
    ``stability`` is None where ranges cannot be told, or nobody has asked for them yet. ``talk``
    says what is disputed among all measures.
    """

    workshop: Workshop
    address: str
    chosen: dict
    lens: Lens
    became: Becoming
    rows: list[Row]
    ranked: list[Row]
    stability: Stability | None
    talk: Talk
    words: StepWords

    @property
    def overview(self) -> Overview:
        return self.lens.overview

    @property
    def awaits_ranges(self) -> bool:
        return self.stability is None and _has_ranges(self.lens, self.ranked)


def dashboard_of(
    form: DashboardForm, visit: Visit, *, today: date, computes: bool = False
) -> Dashboard:
    """Return what the form asks for. Only where it ``computes`` may that take long."""
    chosen, lens = form.chosen, lens_of(form)
    became = became_of(visit, today=today)
    rows = narrowed(lens.overview.rows, chosen, became)
    ranked = by_rank(rows)
    stability = None
    if _has_ranges(lens, ranked):
        stability = (stability_of if computes else stability_at_hand)(lens.overview)
    # Nothing is said of disputes beside the figures of one group alone.
    talk: Talk = {} if lens.is_of_group else talk_of(lens.overview)
    return Dashboard(
        visit.workshop,
        query_of(form),
        chosen,
        lens,
        became,
        rows,
        ranked,
        stability,
        talk,
        step_words(form.around.steps),
    )


def lens_of(form: DashboardForm) -> Lens:
    """Return the overview at the form's weight and round through the form's lens."""
    chosen = form.chosen
    overview = overview_of(
        form.workshop,
        weight=chosen["weight"] / 100,
        round=chosen.get("round"),
        panel=panel_of(chosen.get("table", "")),
        goals=False,
        outline=form.around.outline,
    )
    return through_lens(overview, chosen.get("lens", ""), chosen.get("against", ""))


def _has_ranges(lens: Lens, ranked: list[Row]) -> bool:
    """Say whether ranges can be told: a group has ranks of its own, but no ranges."""
    return any(row.result.rank for row in ranked) and not lens.is_of_group


def list_context(board: Dashboard, query: str) -> dict[str, object]:
    """Return what stands beside the picture: answers and list."""
    overview, stability = board.overview, board.stability
    url = measure_urls(board.workshop, board.address)
    return {
        "answers": answers_of(
            overview,
            board.ranked,
            board.became,
            stability,
            board.talk,
            board.words,
            url,
        ),
        "items": rank_items(
            overview,
            [row for row in board.ranked if row.result.rank],
            url,
            board.became,
            stability,
        ),
        "panels": _panels(board, url) if overview.is_split else (),
        "shapes": shapes_of(board.ranked),
        "ranked": sum(row.result.rank is not None for row in board.ranked),
        "fractions": json_script(fractions_of(overview), "rank-fractions"),
        "card_ranges": _ranges(overview, stability) if stability else SafeString(),
        "ticks": slider_ticks(stability) if stability else SafeString(),
        "awaits_ranges": board.awaits_ranges,
        "usual_columns": ",".join(USUAL),
        "query": query,
        "workshop": board.workshop,
        **_counts(board),
    }


def _panels(board: Dashboard, url: Address) -> tuple[FrontOfTable, ...]:
    """Return what is in front at each table, with the address of its own ranking."""
    rows = sorted(board.ranked, key=lambda row: -(row.result.score or 0))
    return tuple(
        FrontOfTable(
            each.key,
            each.name,
            tuple(
                (url(row.measure.number), row.measure.code, row.measure.short)
                for row in rows
                if row.panel == each.panel
            )[:FRONT],
        )
        for each in board.overview.panels
        if each.panel
    )


def _ranges(overview: Overview, stability: Stability) -> SafeString:
    """Write what a mark's card adds of the stability, once for the same in a language."""

    def make() -> SafeString:
        return json_script(card_ranges(overview, stability), "rank-ranges")

    return told_once("card ranges", overview, make)


def _counts(board: Dashboard) -> dict[str, object]:
    """Count by the decision what the other filters let through; 0 decided hides the choice."""
    others = {name: value for name, value in board.chosen.items() if name != "status"}
    rows = by_rank(narrowed(board.overview.rows, others, board.became))
    became = [board.became.get(row.measure.pk, UNDECIDED) for row in rows]
    counts = {name: sum(map(STATUSES[name], became)) for name in (OPEN, DECIDED)}
    return {
        "all_count": len(rows),
        "open_count": counts[OPEN],
        "decided_count": counts[DECIDED],
        "has_decisions": any(each.outcome for each in board.became.values()),
    }


def outcomes_of(board: Dashboard) -> dict[int, Outcome]:
    """Return the decisions that hold, by the measure's id."""
    return {pk: Outcome(each.outcome) for pk, each in board.became.items() if each.outcome}
