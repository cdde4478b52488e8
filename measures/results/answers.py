"""The dashboard's first line: what comes first, how sure that is, where opinions part.

Each answer is one sentence made from the figures that stand below it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.models import Outcome
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.panels import ListedPanel
from measures.results.became import UNDECIDED, Becoming
from measures.results.picture import best_of
from measures.results.stability import TOP, Stability
from measures.results.talk import Talk
from measures.rounding import score_digits, whole
from measures.stability import Dissent
from workshops.models import Criterion

StepWords = Callable[[str, float], str]  # from criterion and mean to the words of the nearest step


class Answer(NamedTuple):
    """A question, the sentence that answers it, and where its evidence is.

    ``subject`` is set off: what the sentence is about, "" without one; it comes before ``rest``.
    """

    question: str
    subject: str
    rest: str
    url: str


def answers_of(
    overview: Overview,
    ranked: Sequence[Row],
    became: Becoming,
    stability: Stability | None,
    talk: Talk,
    words: StepWords,
    url: Callable[[int], str],
) -> list[Answer]:
    """Return the three answers for the rows that are shown, the best first; none without any.

    ``stability`` is None where it is not known yet: then the second answer leads to it.
    ``url`` makes a measure's address from its number.
    """
    if not ranked:
        return []
    if overview.is_split and not ranked[0].result.rank:
        return [*_at_tables(overview, ranked), _split(overview, ranked, talk, words)]
    ranked = [row for row in ranked if row.result.rank]
    return [
        _first(overview, ranked, became, url),
        _sure(overview, ranked, stability),
        _split(overview, ranked, talk, words),
    ]


def _at_tables(overview: Overview, ranked: Sequence[Row]) -> list[Answer]:
    """Say that there is no ranking across tables, and what leads at each."""
    first = f"{reverse('measures:dashboard', args=[overview.workshop.pk])}?table="
    first += next(each.key for each in overview.panels if each.panel)
    codes = ", ".join(row.measure.code for row in best_of(ranked))
    told = _("In front at their tables: %(measures)s.") % {"measures": codes}
    sure = _("Each table rated its own measures, so there is no rank across tables.")
    return [Answer(_("What first?"), "", told, first), Answer(_("How sure?"), "", sure, first)]


# What comes first -------------------------------------------------------------------------------


def _first(
    overview: Overview, ranked: Sequence[Row], became: Becoming, url_of: Callable[[int], str]
) -> Answer:
    question = _("What first?")
    if all(not became.get(row.measure.pk, UNDECIDED).is_open for row in ranked):
        question = _("What is open?")
        return Answer(question, "", _open_of(ranked, became), _progress(overview))
    best = ranked[0]
    url = url_of(best.measure.number)
    level = [row for row in ranked if row.result.rank == best.result.rank]
    if len(level) > 1:
        text = ngettext(
            "and %(n)d other share rank %(rank)d.",
            "and %(n)d others share rank %(rank)d.",
            len(level) - 1,
        )
        rest = text % {"n": len(level) - 1, "rank": best.result.rank}
        return Answer(question, best.measure.short, rest, url)
    return Answer(question, best.measure.short, _lead(overview, ranked, became), url)


def _lead(overview: Overview, ranked: Sequence[Row], became: Becoming) -> str:
    best = ranked[0]
    outcome = became.get(best.measure.pk, UNDECIDED).outcome
    state = Outcome(outcome).label if outcome else _("not decided yet")
    if len(ranked) == 1:
        return _("alone has a result here, rank %(rank)d, and is %(state)s.") % {
            "rank": best.result.rank,
            "state": state,
        }
    gap = (best.result.score or 0) - (ranked[1].result.score or 0)
    scores = [row.result.score or 0 for row in overview.rows if row.result.rank]
    digits = 2 if gap >= 0.005 else score_digits(scores)
    text = _("leads, %(gap)s points ahead of rank %(rank)d, and is %(state)s.")
    if best.result.rank != 1:
        text = _("comes first here (rank %(own)d), %(gap)s points ahead of the next; %(state)s.")
    return text % {
        "own": best.result.rank,
        "gap": number_writer()(gap, digits),
        "rank": ranked[1].result.rank,
        "state": state,
    }


def _open_of(ranked: Sequence[Row], became: Becoming) -> str:
    """Say what is left to do once everything is decided."""
    rows = [became[row.measure.pk] for row in ranked]
    awaited = sum(each.is_awaited for each in rows)
    late = sum(each.overdue > 0 for each in rows)
    if not awaited:
        return ngettext(
            "The measure is decided and done.",
            "All %(n)d measures are decided, none is left to do.",
            len(rows),
        ) % {"n": len(rows)}
    text = ngettext(
        "The measure is decided; %(open)d to be done, %(late)d overdue.",
        "All %(n)d measures are decided; %(open)d to be done, %(late)d overdue.",
        len(rows),
    )
    return text % {"n": len(rows), "open": awaited, "late": late}


def _progress(overview: Overview) -> str:
    return reverse("measures:progress", args=[overview.workshop.pk])


# How sure that is -------------------------------------------------------------------------------


def _sure(overview: Overview, ranked: Sequence[Row], stability: Stability | None) -> Answer:
    question = _("How sure?")
    url = reverse("measures:stability", args=[overview.workshop.pk])
    url += f"?weight={whole(100 * overview.weight)}"
    if overview.round:
        url += f"&round={overview.round}"
    if overview.panel:
        url += f"&table={ListedPanel(overview.panel, '').key}"
    url += "#stability-title"
    if stability is None:
        return Answer(question, "", _("How firm is this order?"), url)
    if not stability.varies:
        return Answer(question, "", _("One ballot alone cannot tell."), url)
    told = _firm(overview, stability)
    if ranked[0].result.rank != 1:
        told = _("Of all measures: %(sentence)s") % {"sentence": told}
    return Answer(question, "", told, url)


def _firm(overview: Overview, stability: Stability) -> str:
    """Say how many of the best stay in front, whoever rated; see ``firm_top``."""
    order = [row for row in overview.rows if row.measure.pk in stability.measures]
    worst = [stability.measures[row.measure.pk].high for row in order]
    if not any(worst):
        return _("Too few people rated to tell.")
    if firm := firm_top(worst):
        text = ngettext(
            "The first one stays in front with other people, too; from rank %(next)d it is close.",
            "The first %(n)d stay in front with other people, too; from rank %(next)d it is close.",
            firm,
        )
        return text % {"n": firm, "next": firm + 1}
    rivals = len(stability.measures[order[0].measure.pk].open_against)
    text = ngettext(
        "The top is close: with other people %(n)d other could be first.",
        "The top is close: with other people %(n)d others could be first.",
        rivals,
    )
    return text % {"n": rivals} if rivals else _("The top is close.")


def firm_top(worst: Sequence[int | None]) -> int:
    """Return how many of the first ones keep all others behind: their ranges end where they do.

    ``worst`` are the lower ends of the rank ranges, best measure first, None where there is none.
    At most TOP, of which people speak, and never all there are; 0 where the top is open.
    """
    firm, lowest = 0, 0
    for place, end in enumerate(worst[: min(TOP, len(worst) - 1)], start=1):
        if end is None:
            break
        lowest = max(lowest, end)
        if lowest <= place:
            firm = place
    return firm


# Where opinions part ----------------------------------------------------------------------------


def _split(overview: Overview, ranked: Sequence[Row], talk: Talk, words: StepWords) -> Answer:
    question = _("Where do opinions part?")
    url = reverse("measures:groups", args=[overview.workshop.pk])
    found = _widest(ranked, talk)
    if found is None:
        return Answer(question, "", _("Nowhere markedly, as far as enough people rated."), url)
    row, dissent = found
    return Answer(question, row.measure.short, _apart(dissent, words), url)


def _widest(ranked: Sequence[Row], talk: Talk) -> tuple[Row, Dissent] | None:
    """Return the widest gap between two groups, or else the widest spread."""
    rows = {row.measure.pk: row for row in ranked}
    all_of_it = [(rows[pk], each) for pk, reasons in talk.items() if pk in rows for each in reasons]
    between_groups = [each for each in all_of_it if each[1].agreement is None]
    pool = between_groups or all_of_it
    return max(pool, key=lambda each: each[1].strength, default=None)


def _apart(dissent: Dissent, words: StepWords) -> str:
    criterion = dissent.criterion
    label = Criterion(criterion).label
    if dissent.agreement is not None:
        return _("(%(criterion)s): the answers differ widely.") % {"criterion": label}
    return _("(%(criterion)s): %(low)s “%(low_word)s”, %(high)s “%(high_word)s”.") % {
        "criterion": label,
        "low": dissent.low,
        "low_word": words(criterion, dissent.low_mean or 0),
        "high": dissent.high,
        "high_word": words(criterion, dissent.high_mean or 0),
    }


def step_words(steps: Mapping[str, Sequence[str]]) -> StepWords:
    """Return how to say a mean in the words of the step next to it; ``steps`` by criterion."""

    def words(criterion: str, mean: float) -> str:
        labels = steps.get(criterion, ())
        place = whole(mean) - 1
        return labels[place] if 0 <= place < len(labels) else str(place + 1)

    return words
