"""What the dashboard shows: the rows that its address asks for, and all that is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.models import Decision, Outcome
from measures.overview import Overview, Row, overview_of
from measures.rating.outlook import counted_for
from measures.results.answers import StepWords, answers_of, step_words
from measures.results.became import UNDECIDED, Becoming, became_of
from measures.results.columns import ALWAYS, COLUMNS, USUAL, shown_columns
from measures.results.concord import WORDS, concord_of
from measures.results.filters import ALL_ROWS, DECIDED, OPEN, STATUSES, DashboardForm, narrowed
from measures.results.lenses import Lens, through_lens
from measures.results.markup import (
    measure_urls,
    ranking_head,
    ranking_rows,
    shift_rows,
    slider_ticks,
    unranked_items,
)
from measures.results.picture import by_rank, names_of, picture
from measures.results.ranks import fractions_of, rank_items, shapes_of
from measures.results.saved import query_of
from measures.results.stability import Stability, stability_at_hand, stability_of
from measures.results.stability_words import card_ranges
from measures.results.talk import Talk, talk_of
from measures.settings.changes import changed_since
from workshops.compiled import compiled
from workshops.models import Workshop
from workshops.visits import Visit

PAGE = 20  # rows of the ranking, unless all are asked for


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
        goals=False,
        outline=form.around.outline,
    )
    return through_lens(overview, chosen.get("lens", ""), chosen.get("against", ""))


def _has_ranges(lens: Lens, ranked: list[Row]) -> bool:
    """Say whether ranges can be told: a group has ranks of its own, but no ranges."""
    return bool(ranked) and not lens.is_of_group


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
        "items": rank_items(overview, board.ranked, url, board.became, stability),
        "shapes": shapes_of(board.ranked),
        "ranked": len(board.ranked),
        "fractions": fractions_of(overview),
        "card_ranges": card_ranges(overview, stability) if stability else None,
        "ticks": slider_ticks(stability) if stability else "",
        "awaits_ranges": board.awaits_ranges,
        "usual_columns": ",".join(USUAL),
        "query": query,
        "workshop": board.workshop,
        "chosen": board.chosen,
        **_counts(board),
    }


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


def body_of(board: Dashboard, listed: Mapping[str, object]) -> SafeString:
    """Draw picture, list, ranking and what has no place in it; see ``list_context``."""
    shown, lens, url = board.overview, board.lens, measure_urls(board.workshop, board.address)
    unrated = [row for row in board.rows if not row.result.rank]
    offered = _offered(shown)
    ranked = [row for row in board.rows if row.result.rank]
    page = ranked if board.chosen.get("rows") == ALL_ROWS else ranked[:PAGE]
    columns = shown_columns(board.chosen.get("col", ()))
    context = dict(listed) | {
        "overview": shown,
        "lens": lens,
        "shift_rows": shift_rows(lens, ranked, url),
        "ranking_head": ranking_head(board.chosen, columns),
        "ranking_rows": ranking_rows(shown, page, url, columns),
        "columns": tuple(
            (key, str(head), key in columns) for key, head, _is in COLUMNS if key not in ALWAYS
        ),
        "rows_left": len(ranked) - len(page),
        "picture": picture(
            shown,
            ranked,
            url,
            lens.overlay,
            _told(board),
            board.talk,
            names=names_of(ranked),
            outcomes=outcomes_of(board),
            has_spread=board.chosen.get("spread") == "yes" and not lens.hides_spread,
        ),
        "unrated": unranked_items([row for row in unrated if row.measure.pk in offered], url),
        "elsewhere": unranked_items([r for r in unrated if r.measure.pk not in offered], url),
        "unrated_count": sum(row.measure.pk in offered for row in unrated),
        "elsewhere_count": sum(row.measure.pk not in offered for row in unrated),
        "all": len(shown.rows),
        "at_weight": _at_weight(board),
        "settings_changed": _settings_changed(board),
    }
    return render_to_string("measures/results/_results_body.html", context)


def outcomes_of(board: Dashboard) -> dict[int, Outcome]:
    """Return the decisions that hold, by the measure's id."""
    return {pk: Outcome(each.outcome) for pk, each in board.became.items() if each.outcome}


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
    names = ("weight", "round")
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
