"""Who guesses codes is slowed down; a hall behind one address never waits for that.

What a QR code carries proves itself, so scanning is not counted at all. What is typed is limited by
address, and only after many wrong codes: of as many letters, so that whoever guesses the short code
of a room stops neither a table nor a card, a ballot that moves or the projector. A room's or a
table's code that was good from there goes on being taken: whoever guesses beside the hall locks
nobody out.

How many are wrong at most lies in settings, by day and address. A room code (600, ``join_wrong``)
is one of 21 ** 6 = 86 million: with ten doors open for a day, an address finds one of them in
14,000 days. Longer codes may be wrong ten times as often (6000 of each length,
``join_wrong_long``). A table's or a projector's is one of 21 ** 8 (38 thousand million): with a
hundred of them in use, an address finds one in 63,000 days. A personal code is one of 21 ** 10 (17
million million): with ten thousand cards lying about, a thousand addresses need 278 days. A code
that moves a ballot is one of 21 ** 12, 441 times as many again.
"""

from time import time

from allauth.core.internal.ratelimit import cache_lock, get_ip, get_rates
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from workshops.guests import LENGTHS, ROOM_LENGTH, TABLE_LENGTH, code_in, is_proven

PAUSE = 60  # seconds in which an address with too many wrong codes gets no answer
KNOWN = 60 * 60 * 4  # seconds for which a code counts as known at an address, at least: half a day
REUSED = (ROOM_LENGTH, TABLE_LENGTH)  # all others are good once


def may_try(request: HttpRequest, text: str) -> bool:
    """Say whether the code that stands in an address is looked at now. At most 2 look-ups."""
    code = code_in(text)
    if is_proven(text) or cache.get(_paused(request, code)) is None:
        return True
    return cache.get(_known(request, code)) is not None


def note_wrong(request: HttpRequest, code: str) -> None:
    """Count a code that does not exist; one of so many letters as none has is not even a guess."""
    if len(code) not in LENGTHS:
        return
    action = "join_wrong" if len(code) == ROOM_LENGTH else "join_wrong_long"
    if not _takes(action, f"{get_ip(request)} {len(code)}"):
        cache.set(_paused(request, code), 1, PAUSE)


def note_good(request: HttpRequest, code: str) -> None:
    """Remember that a code was good from here; no more than that, and no time."""
    if len(code) in REUSED:
        cache.add(_known(request, code), 1, KNOWN + _left(KNOWN))


def may_enter(request: HttpRequest, code: str) -> bool:
    """Count who comes in with a room code; say no where only a script could be that fast.

    By address, so that one phone does not stop the hall; and for all of them, far above that.
    """
    if len(code) != ROOM_LENGTH:
        return True  # good once
    return _takes("join", f"{get_ip(request)} {code}") and _takes("join_room", code)


def _takes(action: str, who: str) -> bool:
    """Count once more what ``who`` does, say whether that is still within the settings' limits.

    Stored is one number for each limit, of the minute or day that runs: when people came in is read
    nowhere.
    """
    return all(
        _counts(_hashed(f"{action} {rate} {who}"), rate.amount, int(rate.duration))
        for rate in get_rates(app="allauth.account", action=action)
    )


def _counts(name: str, most: int, duration: int) -> bool:
    key = f"join:count:{name}"
    with cache_lock(key) as is_locked:
        if not is_locked:
            return False
        period = int(time()) // duration
        of, count = cache.get(key, (period, 0))
        count = count + 1 if of == period else 1
        if count <= most:
            cache.set(key, (period, count), _left(duration))
    return count <= most


def _left(duration: int) -> int:
    """In how many seconds the period of so many seconds ends, in which everybody is now."""
    return duration - int(time()) % duration


def _paused(request: HttpRequest, code: str) -> str:
    return f"join:paused:{_hashed(f'{get_ip(request)} {len(code)}')}"


def _known(request: HttpRequest, code: str) -> str:
    return f"join:known:{_hashed(f'{get_ip(request)} {code}')}"


def _hashed(text: str) -> str:
    """Nobody reads in the cache from where people came."""
    return salted_hmac("measures.hall.limits", text, algorithm="sha256").hexdigest()
