"""Talk about these first: where people disagree most, in sentences.

Whatever says on a page who disagreed most asks here, so that no two places answer differently.
"""

from django.utils.translation import gettext as _

from measures.by_group import means_by_measure
from measures.models import Measure
from measures.numbers import number_writer
from measures.overview import ListedMeasure, Overview
from measures.results.kept import once
from measures.stability import GroupsApart, Talk, TalkItem, WideSpread, talk_first
from workshops.models import Criterion


def talk_of(overview: Overview, *, limit: int | None = None) -> list[Talk]:
    """Return the measures with the most disagreement, the strongest first, made once per state.

    All with any, or the first ``limit``. ``overview`` shows the whole room, at any weight. Says
    nothing about single people: groups appear only where they may be shown. 3 queries when made
    anew.
    """
    chosen = {"round": overview.round or 0}
    return once("talk", overview.workshop, chosen, lambda: _talk_of(overview))[:limit]


def _talk_of(overview: Overview) -> list[Talk]:
    groups = means_by_measure(overview)
    # By number: not by the ranking, which a weight changes.
    by_number = sorted(overview.rows, key=lambda row: row.measure.number)
    items = [
        TalkItem(
            row.measure.pk,
            row.result.relevance,
            row.result.feasibility,
            groups.get(row.measure.pk, ()),
        )
        for row in by_number
    ]
    return talk_first(items, scale=overview.scale, limit=len(items))


def reasons_of(
    overview: Overview, *, limit: int | None = None
) -> dict[ListedMeasure | Measure, list[str]]:
    """Return the same as measures with up to three sentences that say where people disagree."""
    measures = {row.measure.pk: row.measure for row in overview.rows}
    return {
        measures[talk.measure]: [sentence(reason) for reason in talk.reasons]
        for talk in talk_of(overview, limit=limit)
    }


def sentence(reason: WideSpread | GroupsApart) -> str:
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
