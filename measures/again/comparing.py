"""Two years side by side: measures that were carried over, and where each stands in both workshops.

Everything is told as far as the reader may know it in both: whoever is not in the earlier workshop
gets no comparison at all.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from measures.decided import holding
from measures.followup.loading import decisions_known_to, follow
from measures.followup.signs import words_of_state
from measures.followup.tracks import DONE, Report
from measures.models import Decision, Measure
from measures.overview import overview_of
from workshops.models import Workshop
from workshops.visits import Visit, visits_of, workshops_of


class Side(NamedTuple):
    """A measure in one of the two workshops. ``code`` and ``title`` are as it reads there."""

    code: str
    title: str
    number: int
    rank: int | None
    decision: Decision | None
    report: Report | None

    @property
    def is_done(self) -> bool:
        return self.report is not None and self.report.state == DONE


class Pair(NamedTuple):
    """A measure then and now."""

    then: Side
    now: Side

    @property
    def is_renamed(self) -> bool:
        """Say whether it is called otherwise by now, be it by its number alone."""
        return (self.then.code, self.then.title) != (self.now.code, self.now.title)


class Year(NamedTuple):
    """One of the two workshops; ``ranked`` is how many of its measures have a rank.

    ``why_none`` says why there are no ranks, "" where there are.
    """

    workshop: Workshop
    ranked: int
    why_none: str


class Comparison(NamedTuple):
    then: Year
    now: Year
    pairs: list[Pair]


class _Known(NamedTuple):
    """What the reader may know of a workshop, by the ids of its measures."""

    year: Year
    ranks: Mapping[int, int]
    decisions: Mapping[int, Decision]
    reports: Mapping[int, Report]

    def side(self, measure: Measure) -> Side:
        """Return where a measure stands; what was merged stands where the other one does."""
        pk = measure.target_id
        return Side(
            measure.code,
            measure.title,
            measure.target.number,
            self.ranks.get(pk),
            self.decisions.get(pk),
            self.reports.get(pk),
        )


def earlier_visit(visit: Visit) -> Visit | None:
    """Return the reader's visit in the workshop that this one was copied from.

    None where it was not copied, or where the reader is not in the other one. 1 query.
    """
    if visit.person is None:
        return None
    copied = Measure.objects.in_workshop(visit.workshop).order_by()
    sources = Workshop.objects.filter(measures__in=copied.values("copied_from"))
    known = workshops_of(visit.person).filter(pk__in=sources.values("pk"))
    return next(iter(visits_of(visit.person, known.order_by("-date", "-pk")[:1])), None)


def compare(then: Visit, now: Visit, *, today: date) -> Comparison:
    """Return what was carried over, the best of now first, then those without a rank.

    As many queries for one measure as for hundreds.
    """
    rows = Measure.objects.in_workshop(now.workshop).standing().select_related(
        "copied_from__merged_into"
    )  # fmt: skip
    measures = list(rows.filter(copied_from__workshop=then.workshop).order_by("number"))
    before, after = _known(then, today), _known(now, today)
    pairs = [
        Pair(before.side(row.copied_from), after.side(row)) for row in measures if row.copied_from
    ]
    pairs.sort(key=lambda pair: (pair.now.rank is None, pair.now.rank or 0, pair.now.number))
    return Comparison(before.year, after.year, pairs)


def _known(visit: Visit, today: date) -> _Known:
    workshop = visit.workshop
    decisions = decisions_known_to([visit])
    rows = Measure.objects.in_workshop(workshop).order_by()
    targets = {pk: into or pk for pk, into in rows.values_list("pk", "merged_into")}
    tracks = follow([workshop], decisions, today=today)
    ranks, why_none = _ranks(visit)
    return _Known(
        Year(workshop, len(ranks), why_none),
        ranks,
        holding(decisions, lambda each: targets[each.measure_id]),
        {each.measure.pk: each.newest for each in tracks if each.newest},
    )


def _ranks(visit: Visit) -> tuple[dict[int, int], str]:
    """Return the ranks by the measures' ids, and why there are none."""
    if not visit.shows_results:
        return {}, _("The results are not shown at the moment.")
    overview = overview_of(visit.workshop)
    if overview.is_split:
        return {}, _("Each table rated its own measures, so there is no rank across tables.")
    ranks = {row.measure.pk: row.result.rank for row in overview.rows if row.result.rank}
    return ranks, "" if ranks else _("No measure has enough ratings for a rank.")


# As a file ---------------------------------------------------------------------------------------
def as_table(comparison: Comparison) -> tuple[list[str], list[list[str | int | float | None]]]:
    """Return headings and a row for each measure, in the order of the page."""
    then, now = comparison.then.workshop.date, comparison.now.workshop.date
    days = {
        "then": date_format(then, "SHORT_DATE_FORMAT"),
        "now": date_format(now, "SHORT_DATE_FORMAT"),
    }
    headings = [
        _("Number (%(then)s)"), _("Number (%(now)s)"), _("Measure"),
        _("Rank (%(then)s)"), _("of (%(then)s)"), _("Rank (%(now)s)"), _("of (%(now)s)"),
        _("Decision (%(then)s)"), _("Decision (%(now)s)"),
        _("State (%(then)s)"), _("State (%(now)s)"),
    ]  # fmt: skip
    return [each % days for each in headings], [_row(comparison, each) for each in comparison.pairs]


def _row(comparison: Comparison, pair: Pair) -> list[str | int | float | None]:
    then, now = pair
    return [
        then.code, now.code, now.title,
        then.rank, comparison.then.ranked if then.rank else None,
        now.rank, comparison.now.ranked if now.rank else None,
        _decided(then), _decided(now), _state(then), _state(now),
    ]  # fmt: skip


def _decided(side: Side) -> str:
    if side.decision is None:
        return ""
    return f"{side.decision.get_outcome_display()} ({side.decision.decided_on.isoformat()})"


def _state(side: Side) -> str:
    return words_of_state(side.report.state) if side.report else ""
