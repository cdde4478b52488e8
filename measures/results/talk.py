"""Talk about these first: where people disagree most, in sentences.

Whatever says on a page who disagreed most asks here, so that no two places answer differently.
"""

from collections.abc import Mapping
from itertools import islice

from django.utils.translation import gettext as _

from measures.by_group import results_by_group
from measures.models import Measure
from measures.numbers import number_writer
from measures.overview import ListedMeasure, Overview
from measures.shown import once_shown
from measures.stability import Dissent, talk_first
from workshops.models import Criterion

Talk = Mapping[int, tuple[Dissent, ...]]  # by the measure's id why, the most disputed first


def talk_of(overview: Overview, *, limit: int | None = None) -> Talk:
    """Return the measures with the most disagreement, the strongest first, made once.

    All with any, or the first ``limit``. ``overview`` shows the whole room, at any weight. Says
    nothing about single people: groups appear only where they may be shown. Up to 5
    queries when made anew, none once it is known of shown rounds.
    """
    workshop = overview.workshop
    chosen = (
        overview.round,
        tuple(sorted(row.measure.pk for row in overview.rows)),
        tuple((each.pk, each.name) for each in overview.groups),
        (workshop.steps, workshop.smallest_room, workshop.smallest_group),
    )
    found = once_shown("talk", overview.rounds, chosen, lambda: _talk_of(overview))
    return dict(islice(found.items(), limit))


def _talk_of(overview: Overview) -> Talk:
    # By number: not by the ranking, which a weight changes.
    by_number = sorted(overview.rows, key=lambda row: row.measure.number)
    results = [row.result for row in by_number]
    return talk_first(results, results_by_group(overview), scale=overview.scale, limit=None)


def reasons_of(
    overview: Overview, *, limit: int | None = None
) -> dict[ListedMeasure | Measure, list[str]]:
    """Return the same as measures with up to three sentences that say where people disagree."""
    measures = {row.measure.pk: row.measure for row in overview.rows}
    return {
        measures[pk]: [sentence(dissent) for dissent in reasons]
        for pk, reasons in talk_of(overview, limit=limit).items()
    }


def sentence(dissent: Dissent) -> str:
    """Say one reason to talk."""
    write = number_writer()
    criterion = Criterion(dissent.criterion)
    if dissent.agreement is None:
        text = {
            Criterion.RELEVANCE: _(
                "“%(high)s” rates the relevance %(high_mean)s, “%(low)s” %(low_mean)s."
            ),
            Criterion.FEASIBILITY: _(
                "“%(high)s” rates the feasibility %(high_mean)s, “%(low)s” %(low_mean)s."
            ),
        }[criterion]
        return text % {
            "high": dissent.high,
            "high_mean": write(dissent.high_mean),
            "low": dissent.low,
            "low_mean": write(dissent.low_mean),
        }
    text = {
        Criterion.RELEVANCE: _("Opinions differ on the relevance (agreement %(a)s)."),
        Criterion.FEASIBILITY: _("Opinions differ on the feasibility (agreement %(a)s)."),
    }[criterion]
    return text % {"a": write(dissent.agreement)}
