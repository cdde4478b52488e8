"""Who guesses codes is slowed down; a hall behind one address never waits for that.

What a QR code carries proves itself, so scanning is not counted at all. What is typed is limited by
address, and only after many wrong codes. A room code with which somebody has come in from there
goes on being taken: whoever guesses beside the hall locks nobody out.

How many are wrong at most lies in settings (``join_wrong``: 600 a day and address). A room code is
one of 21 ** 6 = 86 million: with ten doors open for a day, an address finds one of them in 14,000
days. A personal code is one of 21 ** 10 (17 million million), one that moves a ballot of 21 ** 12;
with ten thousand cards lying about, a thousand addresses need eight years to find one.
"""

from allauth.core import ratelimit
from allauth.core.exceptions import RateLimited
from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from workshops.guests import ROOM_LENGTH, is_proven, read_code

PAUSE = 60  # seconds in which an address with too many wrong codes gets no answer
KNOWN = 60 * 60 * 4  # seconds for which a room code counts as known at an address: half a day


def may_try(request: HttpRequest, text: str) -> bool:
    """Say whether the code that stands in an address is looked at now. At most 2 look-ups."""
    if is_proven(text) or cache.get(_paused(request)) is None:
        return True
    return cache.get(_known(request, read_code(text))) is not None


def note_wrong(request: HttpRequest) -> None:
    """Count a code that does not exist."""
    try:
        ratelimit.consume_or_429(request, action="join_wrong", limit_get=True, raise_exception=True)
    except RateLimited:
        cache.set(_paused(request), 1, PAUSE)


def note_good(request: HttpRequest, code: str) -> None:
    """Remember that people come in from here with a room code; no more than that, and no time."""
    if len(code) == ROOM_LENGTH:
        cache.add(_known(request, code), 1, KNOWN)


def may_enter(request: HttpRequest, code: str) -> bool:
    """Count who comes in with a room code; say no where only a script could be that fast."""
    if len(code) != ROOM_LENGTH:
        return True  # good once
    try:
        ratelimit.consume_or_429(request, action="join", key=code, raise_exception=True)
    except RateLimited:
        return False
    return True


def _paused(request: HttpRequest) -> str:
    return f"join:paused:{_hashed(get_ip(request))}"


def _known(request: HttpRequest, code: str) -> str:
    return f"join:known:{_hashed(f'{get_ip(request)} {code}')}"


def _hashed(text: str) -> str:
    """Nobody reads in the cache from where people came."""
    return salted_hmac("measures.hall.limits", text, algorithm="sha256").hexdigest()
