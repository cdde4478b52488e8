"""What a higher minimum takes away from results that people have seen."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.by_group import tallies_by_group
from measures.overview import Overview, overview_of
from workshops.models import Workshop


def taken_away(before: Workshop, after: Workshop) -> tuple[str, ...]:
    """Say what a workshop shows with the minimums of before and not with those of after.

    () if neither is raised, or nobody loses anything. Whoever loses all figures is not counted for
    the rest as well. At most 27 queries.
    """
    if (
        after.smallest_room <= before.smallest_room
        and after.smallest_group <= before.smallest_group
    ):
        return ()
    old, new = overview_of(before), overview_of(after)
    figures = _with_figures(old) - _with_figures(new)
    spreads = _with_spreads(old) - _with_spreads(new) - figures
    groups = {pk for _group, pk in _seen_by_groups(old) - _seen_by_groups(new)} - figures
    told = []
    if n := len(figures):
        text = ngettext(
            "%(n)d measure loses its figures and its rank, in every output.",
            "%(n)d measures lose their figures and their rank, in every output.",
            n,
        )
        told.append(text % {"n": n})
    if n := len(spreads):
        text = ngettext(
            "%(n)d measure keeps its means only, and has no figures on the public page.",
            "%(n)d measures keep their means only, and have no figures on the public page.",
            n,
        )
        told.append(text % {"n": n})
    if n := len(groups):
        text = ngettext(
            "Of %(n)d measure the view of a group is not shown any more.",
            "Of %(n)d measures the view of a group is not shown any more.",
            n,
        )
        told.append(text % {"n": n})
    if told and after.ballots.exists():
        told.append(_("Ballots are handed out, so this can never be taken back."))
    return tuple(told)


def _with_figures(overview: Overview) -> set[int]:
    return {row.measure.pk for row in overview.rows if row.round}


def _with_spreads(overview: Overview) -> set[int]:
    return {row.measure.pk for row in overview.rows if row.is_broad}


def _seen_by_groups(overview: Overview) -> set[tuple[int, int]]:
    """Return the pairs of group and measure that are shown. 5 queries."""
    by_group = tallies_by_group(overview)
    return {(group, pk) for group, tallies in by_group.items() for pk in tallies}
