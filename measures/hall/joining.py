"""Coming in without an account: a code opens the door, and a ballot waits behind it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workshops.guests import (
    GUESTS,
    PERSONAL_LENGTH,
    RECOVERY_LENGTH,
    ROOM_LENGTH,
    TABLE_LENGTH,
    code_hash,
    guests_by_group,
    hash_of,
    read_code,
)
from workshops.models import (
    Ballot,
    JoinCode,
    ParticipantGroup,
    Table,
    Workshop,
    hold_votes,
    line_up,
)
from workshops.models.workshop import MAX_GUESTS
from workshops.phases import Activity


class NotAdmitted(Exception):
    """A code that does not open the door (any more); the message says why and what to do."""


class UnknownCode(NotAdmitted):
    """There is no such code: a slip, or a guess."""


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

    @property
    def refusal(self) -> str:
        """Why nobody comes in here now, with what to do; "" where it is open."""
        if self.workshop.is_archived:
            return _("The door of this workshop is closed. Please ask at the front.")
        if self.moved:
            return ""
        if self.table:
            is_over = not self.workshop.allows(Activity.CAPTURE)
            return _("Nothing is collected here now. Please ask at the front.") if is_over else ""
        if self.card and self.card.state == JoinCode.State.USED:
            return _("This card has been used already. Each card is good for one ballot.")
        if self.card and self.card.state == JoinCode.State.REVOKED:
            return _("This card is not valid any more. Please ask at the front.")
        is_open = self.card or self.workshop.is_door_open
        if not (is_open and self.workshop.allows(Activity.LET_IN)):
            return _("The door of this workshop is closed. Please ask at the front.")
        return ""


def door_at(text: str) -> Door:
    """Return where a code leads, open or not, however it was typed. At most 2 queries.

    Raises UnknownCode.
    """
    code = read_code(text)
    find = {
        ROOM_LENGTH: _room,
        TABLE_LENGTH: _table,
        PERSONAL_LENGTH: _card,
        RECOVERY_LENGTH: _moved,
    }.get(len(code))
    door = find(code) if find else None
    if door is None:
        raise UnknownCode(no_such_code())
    return door


def no_such_code() -> str:
    return _("There is no such code. Please compare it with the one at the front.")


def _room(code: str) -> Door | None:
    workshop = Workshop.objects.filter(room_code=code).first()
    return Door(workshop) if workshop else None


def _table(code: str) -> Door | None:
    table = Table.objects.select_related("workshop").filter(code=code).first()
    return Door(table.workshop, table=table) if table else None


def _card(code: str) -> Door | None:
    cards = JoinCode.objects.select_related("workshop", "group")
    card = cards.filter(code_hash=code_hash(code)).first()
    return Door(card.workshop, card=card) if card else None


def _moved(code: str) -> Door | None:
    ballots = Ballot.objects.filter(source__in=GUESTS).select_related("workshop")
    ballot = ballots.filter(recovery_hash=code_hash(code)).first()
    return Door(ballot.workshop, moved=ballot) if ballot else None


@transaction.atomic
def admit(text: str, secret: str, *, group: str = "", left: str | None = None) -> Workshop:
    """Let somebody in with a ballot that ``secret`` leads to; return the workshop.

    ``group`` is the id of a group as the form sends it, "" for none; a form that is sent twice
    brings the same secret and gets the same ballot. ``left`` is the hash of another secret, in
    whose place this one comes; its ballot goes if nothing was rated on it. Raises NotAdmitted, also
    for the second of two people who use a card at once.
    """
    line_up(door_at(text).workshop.pk)
    if before := entered_with(secret):
        return before
    door = door_at(text)  # as it is by now
    if door.refusal:
        raise NotAdmitted(door.refusal)
    if door.moved:
        # From now on the first device holds the secret of nothing.
        door.moved.secret_hash, door.moved.recovery_hash = hash_of(secret), None
        door.moved.save(update_fields=["secret_hash", "recovery_hash"])
        if left:
            hold_votes(door.workshop.pk)  # nothing is rated on it between look and deletion
            _held(left).filter(workshop=door.workshop, ratings=None).delete()
    else:
        _hand_out(door, group, secret)
    return door.workshop


def entered_with(secret: str) -> Workshop | None:
    """Return where a secret leads to a ballot already. 1 query."""
    return Workshop.objects.filter(ballots__secret_hash=hash_of(secret)).first()


def is_rated(secret_hash: str) -> bool:
    """Say whether anything was rated on the ballot that a guest holds. 1 query."""
    return _held(secret_hash).exclude(ratings=None).exists()


def _held(secret_hash: str) -> QuerySet[Ballot]:
    return Ballot.objects.filter(source__in=GUESTS, secret_hash=secret_hash)


def _hand_out(door: Door, group: str, secret: str) -> None:
    # There are never more cards than that, see ``room_left``: whoever has one finds room.
    if not door.card and guests_of(door.workshop) >= MAX_GUESTS:
        raise NotAdmitted(_("This workshop is full. Please ask at the front."))
    Ballot.objects.create(
        workshop=door.workshop,
        group_id=_group(door, group),
        source=Ballot.Source.GUEST,
        secret_hash=hash_of(secret),
    )
    if door.card:
        door.card.state = JoinCode.State.USED
        door.card.save(update_fields=["state"])


def guests_of(workshop: Workshop) -> int:
    """Count the ballots that guests hold. 2 queries."""
    return max(guests_by_group(workshop).total(), 0)


def _group(door: Door, chosen: str) -> int | None:
    """Return the group's id: the card's, else what was chosen among those of the workshop."""
    if door.card and door.card.group_id:
        return door.card.group_id
    return next((each.pk for each in door.groups if str(each.pk) == chosen), None)
