"""The one search of a workshop: measures, goals, action fields, decisions and files."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from measures.models.decision import told_outcome
from measures.searching.texts import Entry, Kind, entries_of
from measures.searching.words import MISSPELT, MOST, Marked, Sought
from workshops.plain_text import plain_name
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits a search, with what people see of it and where it leads to.

    ``where`` names the field, or the committee with its ``day``. ``excerpt`` is a text with a word
    that the title has not, ``label`` what it is; () where the title says it all.
    """

    kind: Kind
    code: str
    title: Marked
    where: Marked
    url: str
    excerpt: Marked
    label: str | Promise
    outcome: str
    day: date | None


class Result(NamedTuple):
    """The best of what fits, the best first; ``total`` counts all of it.

    ``is_near``: nothing fits as it was typed, so these are titles that nearly do.
    """

    found: list[Found]
    total: int
    is_near: bool

    @property
    def by_kind(self) -> dict[Kind, list[Found]]:
        """Return what was found under its headings; the heading of the best stands first."""
        groups: dict[Kind, list[Found]] = {}
        for each in self.found:
            groups.setdefault(each.kind, []).append(each)
        return groups

    @property
    def left_out(self) -> int:
        return self.total - len(self.found)


def sought_in(sent: QueryDict) -> str:
    """Return what somebody searches for (``q``), "" for nothing."""
    return plain_name(sent.get("q", "")[:MOST]).strip()


def search(visit: Visit, typed: str, *, limit: int) -> Result:
    """Return what fits of what this visitor may see. At most 6 queries."""
    sought = Sought.of(typed)
    fitting, is_near = _fitting(sought, entries_of(visit))
    found = [_found(visit, sought, entry) for _percent, entry in fitting[:limit]]
    return Result(found, len(fitting), is_near)


def measures_fitting(visit: Visit, typed: str, *, without: Container[int] = ()) -> dict[int, float]:
    """Return the ids of the standing measures that fit, each with its rank, the lowest the best.

    ``without`` are ids that are left out. At most 6 queries.
    """
    entries = [
        entry
        for entry in entries_of(visit)
        if entry.kind is Kind.MEASURE and entry.pk not in without
    ]
    fitting, _is_near = _fitting(Sought.of(typed), entries)
    return {entry.pk: rank for rank, entry in fitting}


def _fitting(sought: Sought, entries: Iterable[Entry]) -> tuple[list[tuple[float, Entry]], bool]:
    """Return what fits with its rank, the best first, and whether it only nearly does."""
    entries = list(entries)
    ranked = [(sought.rank(each.numbers, each.texts), each) for each in entries]
    found = [(float(rank), each) for rank, each in ranked if rank is not None]
    is_near = not found
    if is_near:
        near = [(sought.nearness(each.texts[0]), each) for each in entries]
        found = [(-percent, each) for percent, each in near if percent >= MISSPELT]
    return sorted(found, key=lambda each: each[0]), is_near


def _found(visit: Visit, sought: Sought, entry: Entry) -> Found:
    label, text = _telling(sought, entry)
    return Found(
        kind=entry.kind,
        code=f"M{entry.number}" if entry.number else "",
        title=sought.marked(entry.title),
        where=sought.marked(entry.where),
        url=_url(visit, entry),
        excerpt=sought.excerpt(text),
        label=label,
        outcome=_outcome(entry),
        day=entry.day,
    )


def _outcome(entry: Entry) -> str:
    if not entry.outcome:
        return ""
    return told_outcome(entry.outcome, entry.referred_to, is_recommendation=entry.is_recommendation)


def _telling(sought: Sought, entry: Entry) -> tuple[str | Promise, str]:
    """Return the part, with its label, that has the most of what title and place have not."""
    shown = f"{entry.title} {entry.where}"
    missing = len(sought.missing(shown))
    left = [len(sought.missing(f"{shown} {text}")) for _label, text in entry.parts]
    return entry.parts[left.index(min(left))] if left and min(left) < missing else ("", "")


def _url(visit: Visit, entry: Entry) -> str:
    """Return where it is read, or worked on by whoever may."""
    workshop = visit.workshop.pk
    if entry.session_id:
        numbers = [entry.number] if entry.number else []
        page = "agenda-item" if entry.number else "session-detail"
        return reverse(f"measures:{page}", args=[workshop, entry.session_id, *numbers])
    if entry.number and entry.kind is not Kind.DECISION:
        return reverse("measures:measure-detail", args=[workshop, entry.number])
    if entry.kind is Kind.DECISION:
        return reverse("measures:decision-detail", args=[workshop, entry.pk])
    if not visit.may_capture:
        return f"{reverse('measures:measure-list', args=[workshop])}#field-{entry.field_id}"
    board = reverse("measures:field-capture", args=[workshop, entry.field_id])
    return f"{board}#goal-{entry.pk}" if entry.kind is Kind.GOAL else board
