"""Results that are made once per state of the data, and asked for often."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock, get_ident
from typing import TypeVar

from django.core.cache import caches
from django.utils.translation import get_language

from workshops.models import Workshop

# Each who waits holds a thread and a connection to the database. Of a worker's eight threads five
# must stay free for the ordinary pages.
WAITING = 2
PATIENCE = 5.0  # seconds

T = TypeVar("T")


class Busy(Exception):
    """Others wait already for something heavy, or it took too long; answered 503."""


class Queue:
    """What takes a second is made by one request at a time; few may wait, and not for long.

    Whoever makes one such result may make another on the way.
    """

    def __init__(self, waiting: int = WAITING, patience: float = PATIENCE):
        self._places = BoundedSemaphore(1 + waiting)
        self._turn = Lock()
        self._patience = patience
        self._maker: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn. Raises ``Busy``."""
        if self._maker == get_ident():
            yield
            return
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise Busy
            try:
                self._maker = get_ident()
                yield
            finally:
                self._maker = None
                self._turn.release()
        finally:
            self._places.release()


_heavy = Queue()


def once(
    kind: str,
    workshop: Workshop,
    chosen: dict,
    make: Callable[[], T],
    *,
    cache: str = "pages",
) -> T:
    """Return ``make()``, made once per state of the workshop's data, language and ``chosen``.

    The key carries the revision, so an outdated copy is never asked for. ``cache`` names one of
    the settings' caches.
    """
    return _got_or_made(cache, key_of(kind, workshop, chosen), make)


def at_hand(kind: str, workshop: Workshop, chosen: dict, *, cache: str = "pages") -> object | None:
    """Return what ``once`` keeps by now, None where it would have to be made."""
    return caches[cache].get(key_of(kind, workshop, chosen))


def heavy_once(kind: str, workshop: Workshop, chosen: dict, make: Callable[[], T]) -> T:
    """The same for what takes long: who wants it meanwhile waits and finds it made, or ``Busy``."""
    return _found_or_made("pages", key_of(kind, workshop, chosen), make)


def heavy_from(kind: str, content: bytes, make: Callable[[], T], *, cache: str = "pages") -> T:
    """Return ``make()``, made once for the same ``content``, whatever else has changed since."""
    return _found_or_made(cache, kind + hashlib.sha256(content).hexdigest(), make)


def _found_or_made(cache: str, key: str, make: Callable[[], T]) -> T:
    found = caches[cache].get(key)
    if found is not None:
        return found
    with _heavy.turn():
        return _got_or_made(cache, key, make)


def _got_or_made(cache: str, key: str, make: Callable[[], T]) -> T:
    found = caches[cache].get(key)
    if found is None:  # not by get_or_set, which reads again what it has just written
        found = make()
        caches[cache].set(key, found)
    return found


def key_of(kind: str, workshop: Workshop, chosen: dict) -> str:
    """Return under what ``once`` keeps it."""
    state = (workshop.pk, workshop.revision.number, get_language(), sorted(chosen.items()))
    return kind + hashlib.sha256(repr(state).encode()).hexdigest()
