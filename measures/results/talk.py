"""Talk about these first: where people disagree most, in sentences.

Whatever says on a page who disagreed most asks here, so that no two places answer differently.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.by_group import means_by_measure
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.results.kept import once
from measures.stability import GroupsApart, Talk, TalkItem, talk_first
from workshops.models import Criterion


def talk_of(view: Overview, *, limit: int | None = None) -> list[Talk]:
    """Return the measures with the most disagreement, the strongest first, made once per state.

    All with any, or the first ``limit``. ``view`` shows the whole room, at any weight. Says nothing
    about single people: groups appear only where they may be shown. 3 queries when made anew.
    """
    chosen = {"round": view.round or 0}
    return once("talk", view.workshop, chosen, lambda: _talk_of(view))[:limit]


def _talk_of(view: Overview) -> list[Talk]:
    groups = means_by_measure(view)
    by_number = sorted(view.rows, key=lambda row: row.measure.number)  # not by a weight's ranking
    items = [
        TalkItem(
            row.measure.pk,
            row.result.relevance,
            row.result.feasibility,
            groups.get(row.measure.pk, ()),
        )
        for row in by_number
    ]
    return talk_first(items, scale=view.scale, limit=len(items))


@dataclass(frozen=True, slots=True)
class TalkView:
    """One measure to talk about, with up to three sentences that say where people disagree."""

    row: Row
    sentences: list[str]


def talk_views(view: Overview, *, limit: int | None = None) -> list[TalkView]:
    """Return the same as rows of the overview with sentences in the reader's language."""
    rows = {row.measure.pk: row for row in view.rows}
    return [
        TalkView(rows[talk.measure], [sentence(reason) for reason in talk.reasons])
        for talk in talk_of(view, limit=limit)
    ]


def most_disputed(rows: Collection[Row], talks: Collection[Talk]) -> TalkView | None:
    """Return which of ``rows`` comes first among ``talks``, with its strongest reason alone."""
    by_measure = {row.measure.pk: row for row in rows}
    for talk in talks:
        if talk.measure in by_measure:
            return TalkView(by_measure[talk.measure], [sentence(talk.reasons[0])])
    return None


def sentence(reason) -> str:
    """Say one reason of ``measures.stability.talk``."""
    write = number_writer()
    criterion = Criterion(reason.criterion)
    if isinstance(reason, GroupsApart):
        text = {
            Criterion.RELEVANCE: _(
                "“%(high)s” rates the relevance %(high_mean)s, “%(low)s” %(low_mean)s."
            ),
            Criterion.FEASIBILITY: _(
                "“%(high)s” rates the feasibility %(high_mean)s, “%(low)s” %(low_mean)s."
            ),
        }[criterion]
        return text % {
            "high": reason.high,
            "high_mean": write(reason.high_mean),
            "low": reason.low,
            "low_mean": write(reason.low_mean),
        }
    text = {
        Criterion.RELEVANCE: _("Opinions differ on the relevance (agreement %(a)s)."),
        Criterion.FEASIBILITY: _("Opinions differ on the feasibility (agreement %(a)s)."),
    }[criterion]
    return text % {"a": write(reason.agreement)}
