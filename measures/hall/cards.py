"""Personal codes: made for cards, given back while unused, counted, and never looked through.

A code is known to whoever holds its card and, for a few minutes, to the page that prints it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from django.core.cache import cache
from django.db.models import Count
from django.utils.translation import gettext as _

from measures.standing import lost_labels
from workshops.guests import PERSONAL_LENGTH, code_from, code_hash, read_code
from workshops.models import JoinCode, ParticipantGroup, Workshop
from workshops.models.workshop import MAX_GUESTS

MOST_AT_ONCE = 200  # cards; 20 sheets, and a page of half a megabyte
SHOWN = 600  # seconds for which the same button shows the same cards again
State = JoinCode.State


class ShownBefore(Exception):
    """These cards were made a while ago; what was on them is stored nowhere."""


class NoRoom(Exception):
    """There may not be so many cards; ``left`` more may."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class NoSuchCard(Exception):
    """A code that cannot be taken back; the message says why."""


@dataclass(frozen=True, slots=True)
class Pile:
    """The cards of a group, or of all people without one.

    ``used`` and ``unused`` are None where so few of the group have come in that it would tell of
    persons. ``pk`` is that of the group as forms send it, "" for none.
    """

    pk: str
    name: str
    made: int
    used: int | None
    unused: int | None


@dataclass(frozen=True, slots=True)
class Card:
    code: str
    group: str


def piles_of(workshop: Workshop) -> list[Pile]:
    """Return the cards by group, in the groups' order, as far as there are any. 2 queries."""
    rows = workshop.join_codes.order_by().values_list("group", "state").annotate(Count("pk"))
    counts = {(group, state): n for group, state, n in rows}
    used = Counter({group: n for (group, state), n in counts.items() if state == State.USED})
    lost = lost_labels(used, workshop.smallest_group)
    hidden = {*lost, None} if lost else set()
    return [
        Pile(
            pk=str(group or ""),
            name=name,
            made=made,
            used=None if group in hidden else used[group],
            unused=None if group in hidden else counts.get((group, State.UNUSED), 0),
        )
        for group, name in groups_of(workshop)
        if (made := sum(counts.get((group, state), 0) for state in State))
    ]


def counts_of(workshop: Workshop, piles: Iterable[Pile]) -> dict[str, int]:
    """Count the cards of the whole workshop by state. 1 query.

    Where use is not told of a group only those used are: by how many others change when those of
    the group are taken back, one would know how many of it were not used.
    """
    rows = workshop.join_codes.order_by().values_list("state").annotate(Count("pk"))
    counts = {state.value: 0 for state in State} | dict(rows)
    is_hidden = any(pile.used is None for pile in piles)
    return {State.USED.value: counts[State.USED]} if is_hidden else counts


def groups_of(workshop: Workshop) -> list[tuple[int | None, str]]:
    """Return id and name of each group in their order, those without one last. 1 query."""
    return [*workshop.groups.values_list("pk", "name"), (None, _("Without a group"))]


def make(workshop: Workshop, wanted: Mapping[int | None, int], word: str) -> list[Card]:
    """Make so many cards for each group; return them in the groups' order.

    The codes follow from ``word``, which the form brings, so that a double click makes no cards
    that nobody has seen. Raises ShownBefore for a word from a while ago, and once cards were taken
    back: some of them would be good for nothing; NoRoom for more than there may be. Called in turn.
    """
    cards = {
        code_from(f"{word}-{group}-{number}", PERSONAL_LENGTH): (group, name)
        for group, name in groups_of(workshop)
        for number in range(wanted.get(group, 0))
    }
    hashes = {code_hash(code): code for code in cards}
    there = {*workshop.join_codes.filter(code_hash__in=hashes).values_list("code_hash", flat=True)}
    shown = f"cards:{code_hash(word)}"
    state = cache.get(_taken_back(workshop), "")
    if there and cache.get(shown) != state:
        raise ShownBefore
    new = [
        JoinCode(workshop=workshop, group_id=cards[code][0], code_hash=hashed)
        for hashed, code in hashes.items()
        if hashed not in there
    ]
    if len(new) > (left := room_left(workshop)):
        raise NoRoom(left)
    cache.add(shown, state, SHOWN)
    JoinCode.objects.bulk_create(sorted(new, key=lambda row: row.pk))
    return [Card(code, name) for code, (_group, name) in cards.items()]


def room_left(workshop: Workshop) -> int:
    """Return how many more cards there may be. 1 query."""
    return MAX_GUESTS - workshop.join_codes.exclude(state=State.REVOKED).count()


def take_back(workshop: Workshop, group: ParticipantGroup | None) -> None:
    """Let all cards of a group that nobody has used be good for nothing."""
    unused = workshop.join_codes.filter(state=State.UNUSED, group=group)
    unused.update(state=State.REVOKED)
    _note_taken_back(workshop)


def take_back_one(workshop: Workshop, text: str) -> None:
    """Do the same with the card of a code. Raises NoSuchCard."""
    rows = workshop.join_codes.filter(code_hash=code_hash(read_code(text)))
    if rows.filter(state=State.UNUSED).update(state=State.REVOKED):
        _note_taken_back(workshop)
        return
    card = rows.first()
    if card is None:
        raise NoSuchCard(_("There is no card with this code in this workshop."))
    if card.state == State.USED:
        raise NoSuchCard(_("This card has been used; its ballot stays."))


def _note_taken_back(workshop: Workshop) -> None:
    """Let no cards be shown again that were made before, whether one of them was taken back or not.

    That they can be shown would tell that all of them were used.
    """
    cache.set(_taken_back(workshop), token_hex(8), 2 * SHOWN)


def _taken_back(workshop: Workshop) -> str:
    return f"cards-taken-back:{workshop.pk}"
