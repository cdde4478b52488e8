"""A guest's own ballot: its group, and the code that moves it to another device."""

from django.db import transaction

from workshops.guests import RECOVERY_LENGTH, code_hash, has_group_cards, new_code
from workshops.models import Ballot, ParticipantGroup, hold_votes, line_up
from workshops.visits import Visit


def groups_to_choose(visit: Visit) -> list[ParticipantGroup] | None:
    """Return the groups that this guest may change to, None where the group is settled.

    It is once something was rated, and where cards say which. At most 3 queries.
    """
    workshop = visit.workshop
    if _ballot(visit).ratings.exists() or has_group_cards(workshop):
        return None
    return list(workshop.groups.all())


@transaction.atomic
def change_group(visit: Visit, chosen: str) -> None:
    """Let the ballot carry the group with this id, "" for none; nothing where it is settled."""
    line_up(visit.workshop.pk)
    hold_votes(visit.workshop.pk)  # no vote comes between the look and the change
    groups = groups_to_choose(visit)
    if groups is None:
        return
    ballot = _ballot(visit)
    ballot.group = next((each for each in groups if str(each.pk) == chosen), None)
    ballot.save(update_fields=["group"])


@transaction.atomic
def new_recovery_code(visit: Visit) -> str:
    """Return a code that moves the ballot to another device once; an older one is void."""
    line_up(visit.workshop.pk)
    ballot, code = _ballot(visit), new_code(RECOVERY_LENGTH)
    ballot.recovery_hash = code_hash(code)
    ballot.save(update_fields=["recovery_hash"])
    return code


def _ballot(visit: Visit) -> Ballot:
    """Return the guest's ballot; the access decorator has found it by its secret."""
    return Ballot.objects.get(workshop=visit.workshop, secret_hash=visit.guest)
