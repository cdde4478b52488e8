"""What a workshop's people may search, kept in the process until the workshop changes.

The texts of 5,000 measures take eight megabytes, so each worker keeps what was searched last. The
name of what is kept holds the revision: nobody has to remember to refresh it, and nothing outdated
is ever found.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from measures.decided import decided_wordings
from measures.models import Attachment, Decision, Measure
from measures.searching.words import folded
from workshops.models import Workshop
from workshops.visits import Visit

MOST = 5_000_000  # letters kept in a process; what was asked for last is kept in any case

Part = tuple[str | Promise, str]  # what a text is called, and the text
Parts = tuple[Part, ...]


class Kind(models.TextChoices):
    """What can be found, as headings."""

    MEASURE = "measure", _("Measures")
    GOAL = "goal", _("Goals")
    FIELD = "field", _("Action fields")
    DECISION = "decision", _("Decisions")
    ATTACHMENT = "attachment", _("Attachments")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found. ``pk`` is its own id, ``number`` the measure's, 0 without one.

    ``session_id`` is of what lies on the page of a session, ``field_id`` 0 there. An excerpt may
    come from ``parts``. ``numbers`` and ``texts`` are what ``words.Sought`` ranks.
    """

    kind: Kind
    pk: int
    title: str
    field_id: int
    where: str
    parts: Parts
    texts: tuple[str, ...]
    number: int = 0
    numbers: tuple[int, ...] = ()
    outcome: str = ""
    is_recommendation: bool = False
    referred_to: str = ""
    day: date | None = None
    session_id: int = 0

    @property
    def letters(self) -> int:
        return sum(len(text) for text in (*self.texts, *(text for _label, text in self.parts)))


Key = tuple[int, int, bool, bool]
_known: OrderedDict[Key, tuple[tuple[Entry, ...], int]] = OrderedDict()  # with their letters
_lock = Lock()


def entries_of(visit: Visit) -> tuple[Entry, ...]:
    """Return all that this visitor may find, measures by number. At most 6 queries, mostly none."""
    workshop = visit.workshop
    sees = (visit.shows_results, visit.shows_results and visit.is_decider)
    key = (workshop.pk, workshop.revision.number, *sees)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key][0]
    found = tuple(_read(visit))
    with _lock:
        _known[key] = found, sum(entry.letters for entry in found)
        letters = sum(each for _entries, each in _known.values())
        while letters > MOST and len(_known) > 1:
            _key, (_entries, fewer) = _known.popitem(last=False)
            letters -= fewer
    return found


class _Decided(NamedTuple):
    """A decision with what it is about."""

    pk: int
    number: int
    title: str
    field_id: int
    outcome: str
    committee: str
    day: date
    wording: str
    reason: str
    responsible: str
    is_recommendation: bool
    referred_to: str


def _read(visit: Visit) -> Iterator[Entry]:
    yield from _measures(visit)
    yield from _goals(visit.workshop)
    yield from _fields(visit.workshop)
    if visit.shows_results:
        yield from (_decision(each) for each in _decisions(visit))
    yield from _attachments(visit)


def _decisions(visit: Visit) -> list[_Decided]:
    """Return what stands and what this visitor may know of, the newest first."""
    rows = Decision.objects.in_workshop(visit.workshop).visible_to(visit)
    rows = rows.standing(with_pending=visit.is_decider)
    rows = rows.filter(measure__in=Measure.objects.in_workshop(visit.workshop).unremoved())
    rows = rows.order_by("-decided_on", "-pk")
    names = (
        "pk", "measure__number", "measure__title", "measure__field_id", "outcome",
        "session__committee", "decided_on", "wording", "reason", "responsible",
        "is_recommendation", "referred_to",
    )  # fmt: skip
    return [_Decided(*row) for row in rows.values_list(*names)]


def _measures(visit: Visit) -> Iterator[Entry]:
    workshop = visit.workshop
    wordings = decided_wordings(workshop) if visit.shows_results else {}
    rows = Measure.objects.in_workshop(workshop).unremoved().order_by("number")
    names = (
        "pk", "number", "title", "short_title", "description", "field_id", "field__name",
        "goal__text", "goal__is_removed", "merged_into_id",
    )  # fmt: skip
    standing, merged = [], defaultdict(list)
    for row in rows.values_list(*names, named=True):
        if row.merged_into_id:
            text = f"M{row.number} {row.title}\n{row.description}"
            merged[row.merged_into_id].append((row.number, text))
        else:
            standing.append(row)
    for row in standing:
        goal = "" if row.goal__is_removed else row.goal__text or ""
        also = merged[row.pk]
        about: Parts = (
            (_("Goal"), goal), ("", row.description), *((_("Merged into it"), t) for _n, t in also),
        )  # fmt: skip
        wording = wordings[row.pk].text if row.pk in wordings else ""
        numbers = (row.number, *(number for number, _text in also))
        codes = " ".join(f"m{number}" for number in numbers)
        yield Entry(
            kind=Kind.MEASURE,
            pk=row.pk,
            title=row.title,
            field_id=row.field_id,
            where=row.field__name,
            parts=_filled(*about, (_("As decided"), wording)),
            texts=(
                f"{folded(row.title)}\n{folded(row.short_title)}",
                f"{codes} {_folded(row.field__name, about)}",
                folded(wording),
            ),
            number=row.number,
            numbers=numbers,
        )


def _goals(workshop: Workshop) -> Iterator[Entry]:
    rows = Goal.objects.in_workshop(workshop).standing().order_by("field__order", "order", "pk")
    for pk, text, indicator, field_id, field in rows.values_list(
        "pk", "text", "indicator", "field_id", "field__name"
    ):
        parts = _filled((_("Indicator"), indicator))
        texts = (folded(text), _folded(field, parts))
        yield Entry(Kind.GOAL, pk, text, field_id, field, parts, texts)


def _fields(workshop: Workshop) -> Iterator[Entry]:
    rows = ActionField.objects.in_workshop(workshop).standing()
    for pk, name in rows.values_list("pk", "name"):
        yield Entry(Kind.FIELD, pk, name, pk, "", (), (folded(name),))


def _decision(each: _Decided) -> Entry:
    about: Parts = ((_("Reasons given"), each.reason), (_("Responsible unit"), each.responsible))
    about_it = f"m{each.number} {_folded(each.committee, about)}"
    return Entry(
        kind=Kind.DECISION,
        pk=each.pk,
        title=each.title,
        field_id=each.field_id,
        where=each.committee,
        parts=_filled((_("As decided"), each.wording), *about),
        texts=(folded(each.title), about_it, folded(each.wording)),
        number=each.number,
        outcome=each.outcome,
        is_recommendation=each.is_recommendation,
        referred_to=each.referred_to,
        day=each.day,
    )


def _folded(place: str, parts: Parts) -> str:
    return folded(" ".join([place, *(text for _label, text in parts)]))


def _filled(*parts: Part) -> Parts:
    return tuple(part for part in parts if part[1])


def _attachments(visit: Visit) -> Iterator[Entry]:
    """Read the names of files, those of sessions for who may know of sessions."""
    rows = Attachment.objects.in_workshop(visit.workshop).there().visible_to(visit)
    rows = rows.exclude(item__measure__is_removed=True)
    if not visit.shows_results:
        rows = rows.filter(measure__isnull=False)
    rows = rows.select_related("measure__merged_into", "session", "item__session", "item__measure")
    for each in rows.defer("digest"):
        session = each.of_session
        measure = each.measure.target if each.measure else each.item and each.item.measure
        words = folded(each.name.replace("_", " ").replace("-", " "))
        place = session.committee if session else measure.title if measure else ""
        code = f"m{measure.number}" if measure else ""
        yield Entry(
            kind=Kind.ATTACHMENT,
            pk=each.pk,
            title=each.name,
            field_id=0,
            where=place,
            parts=(),
            texts=(f"{folded(each.name)}\n{words}", f"{code} {folded(place)}"),
            number=measure.number if measure else 0,
            day=session.date if session else None,
            session_id=session.pk if session else 0,
        )
