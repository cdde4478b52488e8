"""What a committee decided, as shape and word, the same wherever it stands."""

from functools import lru_cache

from django.utils.safestring import SafeString

from measures.markup import fill, piece
from measures.models import Decision, Outcome

_BADGE = piece("""
    <span class="kern-badge kern-badge--small {look}">
      <span class="kern-icon {icon}" aria-hidden="true"></span>
      <span class="kern-label">{word}</span>
    </span>
""")
_LOOKS = {
    Outcome.ACCEPTED: ("kern-badge--success", "kern-icon--check"),
    Outcome.AMENDED: ("kern-badge--info", "kern-icon--edit"),
    Outcome.DEFERRED: ("kern-badge--warning", "kern-icon--calendar-today"),
    Outcome.REJECTED: ("badge", "kern-icon--close"),
    Outcome.NOTED: ("badge", "kern-icon--visibility"),
    Outcome.REFERRED: ("kern-badge--warning", "kern-icon--arrow-forward"),
    Outcome.WITHDRAWN: ("badge", "kern-icon--arrow-back"),
}


def outcome_badge(outcome: str, word: str = "") -> SafeString:
    """Return the decision with its own word, or a shorter one where little fits."""
    return _drawn(Outcome(outcome), word or str(Outcome(outcome).label))


def decision_badge(decision: Decision) -> SafeString:
    """Return what was decided, or recommended, as shape and word."""
    return _drawn(Outcome(decision.outcome), decision.told)


@lru_cache(maxsize=64)
def _drawn(outcome: Outcome, word: str) -> SafeString:
    look, icon = _LOOKS[outcome]
    return fill(_BADGE, look=look, icon=icon, word=word)
