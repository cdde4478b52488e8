"""Coming in without an account: a code opens the door, and a ballot waits behind it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from workshops.guests import (
    PERSONAL_LENGTH,
    RECOVERY_LENGTH,
    ROOM_LENGTH,
    TABLE_LENGTH,
    code_hash,
    hash_of,
    new_secret,
    read_code,
)
from workshops.models import Ballot, JoinCode, ParticipantGroup, Table, Workshop, line_up
from workshops.models.workshop import MAX_GUESTS
from workshops.phases import Activity, Phase

# From when there is something to come to, until all is decided upon.
OPEN_IN = frozenset({Phase.PREPARING, Phase.COLLECTING, Phase.RATING})


class NotAdmitted(Exception):
    """A code that does not open the door (any more); the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a code leads.

    ``card`` is a personal code, ``moved`` a ballot on another device, ``table`` types.
    """

    workshop: Workshop
    card: JoinCode | None = None
    moved: Ballot | None = None
    table: Table | None = None

    @property
    def groups(self) -> list[ParticipantGroup]:
        """The groups to choose from; none where the card names one already, or nothing is asked."""
        if self.moved or self.table or (self.card and self.card.group_id):
            return []
        return list(self.workshop.groups.all())


def door_at(text: str) -> Door:
    """Return where a code leads, however it was typed. Raises NotAdmitted. At most 2 queries."""
    code = read_code(text)
    if len(code) == ROOM_LENGTH:
        return _room(code)
    if len(code) == TABLE_LENGTH:
        return _table(code)
    if len(code) == PERSONAL_LENGTH:
        return _card(code)
    if len(code) == RECOVERY_LENGTH:
        return _moved(code)
    raise NotAdmitted(_unknown())


def _room(code: str) -> Door:
    workshop = Workshop.objects.filter(room_code=code).first()
    if workshop is None:
        raise NotAdmitted(_unknown())
    if not workshop.is_door_open or workshop.phase not in OPEN_IN:
        raise NotAdmitted(_("The door of this workshop is closed. Please ask at the front."))
    return Door(workshop)


def _table(code: str) -> Door:
    table = Table.objects.select_related("workshop").filter(code=code).first()
    if table is None:
        raise NotAdmitted(_unknown())
    if not table.workshop.allows(Activity.CAPTURE):
        raise NotAdmitted(_("Nothing is collected at the moment. Please ask at the front."))
    return Door(table.workshop, table=table)


def _card(code: str) -> Door:
    cards = JoinCode.objects.select_related("workshop", "group")
    card = cards.filter(code_hash=code_hash(code)).first()
    if card is None:
        raise NotAdmitted(_unknown())
    if card.state == JoinCode.State.USED:
        raise NotAdmitted(_("This card has been used already. Each card is good for one ballot."))
    if card.state == JoinCode.State.REVOKED:
        raise NotAdmitted(_("This card is not valid any more. Please ask at the front."))
    return Door(card.workshop, card=card)


def _moved(code: str) -> Door:
    ballots = Ballot.objects.filter(source=Ballot.Source.GUEST).select_related("workshop")
    ballot = ballots.filter(recovery_hash=code_hash(code)).first()
    if ballot is None:
        raise NotAdmitted(_unknown())
    return Door(ballot.workshop, moved=ballot)


def _unknown() -> str:
    return _("There is no such code. Please compare it with the one at the front.")


@transaction.atomic
def admit(text: str, *, group: str = "") -> tuple[Workshop, str]:
    """Let somebody in; return the workshop and the secret of the ballot, which is stored nowhere.

    ``group`` is the id of a group as the form sends it, "" for none. Raises NotAdmitted, also for
    the second of two who use a card at once.
    """
    line_up(door_at(text).workshop.pk)
    door = door_at(text)  # as it is by now
    workshop, secret = door.workshop, new_secret()
    if door.moved:
        # From now on the first device holds the secret of nothing.
        door.moved.secret_hash, door.moved.recovery_hash = hash_of(secret), None
        door.moved.save(update_fields=["secret_hash", "recovery_hash"])
        return workshop, secret
    guests = workshop.ballots.filter(source=Ballot.Source.GUEST, secret_hash__isnull=False)
    if guests.count() >= MAX_GUESTS:
        raise NotAdmitted(_("This workshop is full. Please ask at the front."))
    Ballot.objects.create(
        workshop=workshop,
        group_id=_group(door, group),
        source=Ballot.Source.GUEST,
        secret_hash=hash_of(secret),
    )
    if door.card:
        door.card.state = JoinCode.State.USED
        door.card.save(update_fields=["state"])
    return workshop, secret


def _group(door: Door, chosen: str) -> int | None:
    """Return the group's id: the card's, else what was chosen among those of the workshop."""
    if door.card and door.card.group_id:
        return door.card.group_id
    return next((each.pk for each in door.groups if str(each.pk) == chosen), None)
