"""What follows from shown rounds alone, kept in the process: it never changes again.

No rating, sheet or agreed value enters a round once it is shown; what duplicates count for and
which groups may be shown are frozen with it (``measures.models.round``). So what is read of such a
round is right for good and in every process, named by the round and the moment it was shown. What
is the visitor's, or the workshop's at the moment, is asked each time, or stands in the name.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from threading import Lock
from typing import Any, TypeVar

from django.db.models import QuerySet

from measures.models import Round
from workshops.compiled import compiled_models
from workshops.models import Workshop

Key = tuple[int, int]  # a round's id and a measure's
T = TypeVar("T")
Read = Callable[[Sequence[Round], int], dict[Key, T]]

# Results of a kind; of a round of 400 measures with two groups each takes up to half a megabyte.
MOST = 200
# Of some kinds each takes more: a megabyte at 400 measures, fifteen at 1600.
FEW = {"stability": 20, "card ranges": 20}
# What was asked for last stands last.
_known: defaultdict[str, OrderedDict[tuple, Any]] = defaultdict(OrderedDict)
_lock = Lock()


def shown_rounds(workshop: Workshop) -> tuple[Round, ...]:
    """Return the rounds whose results everybody may see, the first one first. 1 query."""
    rounds = tuple(_shown(workshop.pk))
    for each in rounds:
        each.workshop = workshop
    return rounds


@compiled_models
def _shown(workshop: int) -> QuerySet[Round]:
    return Round.objects.filter(workshop=workshop).shown().order_by("number")


def once_shown(
    kind: str, rounds: Sequence[Round], chosen: tuple[Hashable, ...], make: Callable[[], T]
) -> T:
    """Return ``make()``, made once for these rounds and ``chosen`` if all of them are shown.

    Nobody may change what comes back, and it is never None.
    """
    found = known_shown(kind, rounds, chosen)
    if found is not None:
        return found
    found = make()
    if name := _name(rounds, chosen):
        with _lock:
            known = _known[kind]
            known[name] = found
            while len(known) > FEW.get(kind, MOST):
                known.popitem(last=False)
    return found


def known_shown(kind: str, rounds: Sequence[Round], chosen: tuple[Hashable, ...]) -> Any | None:
    """Return what ``once_shown`` keeps by now, None where it would have to be made."""
    name = _name(rounds, chosen)
    with _lock:
        known = _known[kind]
        if name not in known:
            return None
        known.move_to_end(name)
        return known[name]


def _name(rounds: Sequence[Round], chosen: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """Name what follows from the rounds; () where they can still change."""
    if not are_final(rounds):
        return ()
    return (*((each.pk, each.settled_at) for each in rounds), *chosen)


def kept_when_shown(read: Read[T]) -> Read[T]:
    """Keep what ``read(rounds, steps)`` says where all the rounds are shown."""

    @wraps(read)
    def found(rounds: Sequence[Round], steps: int) -> dict[Key, T]:
        return once_shown(read.__qualname__, rounds, (steps,), lambda: read(rounds, steps))

    return found


def are_final(rounds: Sequence[Round]) -> bool:
    """Say whether nothing of these rounds changes any more; of older ones no moment is known."""
    return bool(rounds) and all(each.is_shown and each.settled_at is not None for each in rounds)
