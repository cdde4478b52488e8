"""Searching and narrowing the list of a public page; pure, on cards that are drawn already."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from measures.models import Outcome
from measures.public.cards import Card, Choice
from measures.searching.words import Sought

SHOWN = 20  # measures before somebody asks for more: five screens of a phone
LONGEST_SEARCH = 200  # letters


class Wanted(NamedTuple):
    """What an address asks for. What does not exist was not asked for."""

    q: str
    field: str
    outcome: str
    state: str
    all: str

    @property
    def narrows(self) -> bool:
        return any(self[:4])

    def query(self, language: str = "", **changed: str) -> str:
        """Return the address's query with some of its parts changed, "" without any."""
        parts = self._asdict() | changed | {"lang": language}
        told = urlencode({name: value for name, value in parts.items() if value})
        return f"?{told}" if told else ""


class Filter(NamedTuple):
    """What one parameter of the address chooses among, and what it has chosen."""

    name: str
    label: str
    chosen: str
    choices: Sequence[Choice]


class Found(NamedTuple):
    """What the page lists, those with a decision first. ``rest`` is how many more there are.

    ``told`` are those with a decision, ``deferred_count`` counts those of them that come back.
    """

    told: list[Card]
    open: list[Card]
    told_count: int
    deferred_count: int
    open_count: int
    rest: int

    @property
    def total(self) -> int:
        return self.told_count + self.open_count


def wanted_of(parameters: Mapping[str, str], choices: Mapping[str, Sequence[Choice]]) -> Wanted:
    """Read an address's parameters."""
    chosen = {
        name: value
        for name, offered in choices.items()
        for value in [parameters.get(name, "")]
        if value in {choice.value for choice in offered}
    }
    return Wanted(
        q=parameters.get("q", "").strip()[:LONGEST_SEARCH],
        field=chosen.get("field", ""),
        outcome=chosen.get("outcome", ""),
        state=chosen.get("state", ""),
        all="1" if parameters.get("all") == "1" else "",
    )


def filters_of(choices: Mapping[str, Sequence[Choice]], wanted: Wanted) -> list[Filter]:
    """Return the filters in the order of the page."""
    labels = {
        "field": _("Field"),
        "outcome": _("Decision"),
        "state": _("Progress"),
    }
    return [
        Filter(name, label, getattr(wanted, name), choices[name]) for name, label in labels.items()
    ]


def find(cards: Sequence[Card], wanted: Wanted) -> Found:
    """Return the cards that fit, the first ``SHOWN`` of them unless all are wanted."""
    sought = Sought.of(wanted.q)
    fitting = [card for card in cards if _fits(card, wanted, sought)]
    shown = fitting if wanted.all else fitting[:SHOWN]
    told = sum(card.has_decision for card in fitting)
    return Found(
        told=[card for card in shown if card.has_decision],
        open=[card for card in shown if not card.has_decision],
        told_count=told,
        deferred_count=sum(card.has_decision and Outcome(card.outcome).is_open for card in fitting),
        open_count=len(fitting) - told,
        rest=len(fitting) - len(shown),
    )


def _fits(card: Card, wanted: Wanted, sought: Sought) -> bool:
    if wanted.q and sought.rank((card.number,), ("", card.searched)) is None:
        return False
    return (
        wanted.field in ("", card.field)
        and wanted.outcome in ("", card.outcome)
        and wanted.state in ("", card.state)
    )
