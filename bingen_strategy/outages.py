"""What a process does well without – a replica, a shared cache – and how it bears that it is away.

Each process notes for itself what it cannot reach: another one may reach it.
"""

import logging
from threading import Lock
from time import monotonic

PAUSE = 10.0  # seconds
log = logging.getLogger(__name__)


class Outage:
    """Say whether something is worth asking, and log once that it went and once that it is back.

    While it is away one request in ``pause`` seconds tries it; all others are spared the wait.
    """

    def __init__(self, name: str, instead: str, *, pause: float = PAUSE) -> None:
        """``name`` begins a sentence, ``instead`` is what is asked meanwhile."""
        self._name, self._instead, self._pause = name, instead, pause
        self._again_at: float | None = None  # None: it answers
        self._lock = Lock()

    def may_ask(self) -> bool:
        """Tell whether to try. Whoever tries says afterwards ``failed`` or ``answered``."""
        with self._lock:
            if self._again_at is None:
                return True
            if monotonic() < self._again_at:
                return False
            self._again_at = monotonic() + self._pause
            return True

    def failed(self, error: Exception) -> None:
        with self._lock:
            is_new, self._again_at = self._again_at is None, monotonic() + self._pause
        if is_new:
            log.error(
                "%s cannot be used, %s is asked instead: %s", self._name, self._instead, error
            )

    def answered(self) -> None:
        with self._lock:
            was_away, self._again_at = self._again_at is not None, None
        if was_away:
            log.warning("%s is used again.", self._name)
