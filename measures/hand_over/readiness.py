"""When a workshop may leave: once nothing is left that leads from a person to a ballot."""

from django.utils.translation import gettext as _

from measures.models import Round
from workshops.models import Workshop
from workshops.phases import Phase

LEAVING = (Phase.DELIBERATING, Phase.CLOSED)


class Refused(Exception):
    """A workshop cannot be handed over or taken in; the message says in one sentence why."""


def check_ready(workshop: Workshop) -> None:
    """Raise Refused unless the day is over. 1 query; call it in the workshop's turn.

    Each round must be shown or set aside: before that its ballots still belong to whoever holds
    their secrets, who could rate again over there. And the old versions of its rows must be erased:
    with ratings from the file, they would lead from a ballot to a person here. A round that waits
    was never opened and holds neither.
    """
    if workshop.reduced_at:
        raise Refused(_("The workshop is deleted; only what it had published is left, and stays."))
    if workshop.phase not in LEAVING:
        text = _("The workshop is in the phase “%(phase)s”; it can leave from the deliberation on.")
        raise Refused(text % {"phase": workshop.get_phase_display()})
    for round in workshop.rounds.all():
        if round.is_open or round.is_closed:
            text = _("%(round)s is neither shown nor set aside; please do one of both first.")
            raise Refused(text % {"round": round})
        if round.state != Round.State.WAITING and round.erased_at is None:
            text = _("Old row versions of %(round)s are not erased yet: run erase_traces first.")
            raise Refused(text % {"round": round})
