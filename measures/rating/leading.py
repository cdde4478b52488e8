"""Where this person may lead a workshop, on or back, in which rounds have their say as well.

A round that was closed by mistake, of which nobody has seen anything, is opened again by whoever
may open a further one: they could set it aside and open the next instead. Everything else says
``workshops.roles``.
"""

from django.utils.translation import gettext as _

from measures.rating.rounds import may_choose, may_rate, no_more_rounds, unseen_round
from workshops import roles
from workshops.phases import Activity, Phase, neighbours
from workshops.visits import Visit


def may_lead_back(visit: Visit) -> bool:
    """Say whether this person may move the workshop one phase back. At most 3 queries."""
    workshop = visit.workshop
    if workshop.phase == Phase.PREPARING:  # there is none before
        return False
    if roles.may_go_back(visit):
        return True
    may_reopen = workshop.phase == Phase.DELIBERATING and roles.may_open_further(visit)
    return may_reopen and unseen_round(workshop) is not None


def why_not_back(visit: Visit) -> str:
    """Say to whoever may not lead one phase back who may. At most 3 queries.

    Nothing is said where there is no phase before this one, and where everything rated is settled:
    from there nobody goes back, but a further round is opened.
    """
    workshop = visit.workshop
    before, _after = neighbours(workshop.phase)
    is_over = before == Phase.RATING and (may_choose(workshop) or not may_rate(workshop))
    return "" if before is None or is_over else roles.who_goes_back(workshop)


def why_no_round(visit: Visit) -> str:
    """Say, where a further round is possible, to who may not open it who may. At most 2 queries."""
    return "" if roles.may_open_further(visit) else roles.who_opens_further(visit.workshop)


def way_to_collecting(visit: Visit) -> str:
    """Say who can lead the workshop back so that collecting goes on, and by which way.

    For an editor's eyes, where it is closed. At most 7 queries.
    """
    workshop = visit.workshop
    if workshop.allows(Activity.CAPTURE):
        return ""
    if workshop.phase != Phase.RATING and not may_rate(workshop):
        return " ".join([no_more_rounds(), _("So nothing more can be collected.")])
    over = workshop.phase != Phase.RATING and workshop.has_results and not unseen_round(workshop)
    if roles.may_go_back(visit):
        if over:
            return _(
                "You can lead the workshop back to “Collection”: open a further round of rating,"
                " then go back one phase more. A round without any rating is dropped."
            )
        return _("You can lead the workshop back to “Collection” on the page of the day.")
    return roles.who_goes_back(workshop)
