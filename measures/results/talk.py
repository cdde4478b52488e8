"""Talk about these first: where people disagree most, in sentences.

Whatever says on a page who disagreed most asks here, so that no two places answer differently.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from measures.by_group import results_by_group
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.results.kept import once
from measures.stability import Dissent, talk_first
from workshops.models import Criterion

Talk = Mapping[int, tuple[Dissent, ...]]  # by the measure's id why, the most disputed first


def talk_of(view: Overview, *, limit: int | None = None) -> Talk:
    """Return the measures with the most disagreement, the strongest first, made once per state.

    All with any, or the first ``limit``. ``view`` shows the whole room, at any weight. Says nothing
    about single people: groups appear only where they may be shown. 3 queries when made anew.
    """
    chosen = {"round": view.round or 0}
    found = once("talk", view.workshop, chosen, lambda: _talk_of(view))
    return dict(islice(found.items(), limit))


def _talk_of(view: Overview) -> Talk:
    by_number = sorted(view.rows, key=lambda row: row.measure.number)  # not by a weight's ranking
    results = [row.result for row in by_number]
    return talk_first(results, results_by_group(view), scale=view.scale, limit=None)


@dataclass(frozen=True, slots=True)
class TalkView:
    """One measure to talk about, with up to three sentences that say where people disagree."""

    row: Row
    sentences: list[str]


def talk_views(view: Overview, *, limit: int | None = None) -> list[TalkView]:
    """Return the same as rows of the overview with sentences in the reader's language."""
    rows = {row.measure.pk: row for row in view.rows}
    return [
        TalkView(rows[pk], [sentence(dissent) for dissent in reasons])
        for pk, reasons in talk_of(view, limit=limit).items()
    ]


def most_disputed(rows: Collection[Row], talk: Talk) -> TalkView | None:
    """Return which of ``rows`` comes first in ``talk``, with its strongest reason alone."""
    by_measure = {row.measure.pk: row for row in rows}
    for pk, reasons in talk.items():
        if pk in by_measure:
            return TalkView(by_measure[pk], [sentence(reasons[0])])
    return None


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
