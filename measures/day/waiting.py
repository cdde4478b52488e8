"""What waits for whoever has the role of the administration, across all of that person's workshops.

Each line is one thing with the step to take; what is most urgent comes first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from measures.day import waiting_lines as lines_of
from measures.day.waiting_lines import Line
from measures.day.waiting_loading import Loaded, loaded_for
from workshops.models import User, Workshop

AHEAD = timedelta(days=60)
ON_START = 3  # lines of each kind on the start page; all of one kind on a page of its own
MOST_WAYS = 3  # pages offered below a kind, one for each workshop


@dataclass(frozen=True, slots=True)
class Way:
    """A page on which several lines are dealt with at once; ``place`` names one of several."""

    label: str
    url: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What waits in one way, the most urgent first; ``shown`` are the lines on this page."""

    name: str
    title: str | Promise
    step: str | Promise
    lines: tuple[Line, ...]
    shown: tuple[Line, ...]
    ways: tuple[Way, ...] = ()

    @property
    def is_cut(self) -> bool:
        return len(self.shown) < len(self.lines)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that waits; ``several``: lines name their workshop. ``chosen`` is one kind."""

    kinds: tuple[Kind, ...]
    several: bool
    chosen: str = ""

    @property
    def count(self) -> int:
        return sum(len(kind.lines) for kind in self.kinds)


def waiting_for(person: User, *, today: date, chosen: str = "") -> Waiting | None:
    """Return what waits for a person, all lines of the kind ``chosen`` alone.

    None for who has the role nowhere. 10 queries, however many workshops there are; 1 for None.
    """
    workshops = list(
        Workshop.objects.filter(memberships__user=person, memberships__role="administration")
    )
    if not workshops:
        return None
    loaded = loaded_for(workshops, today=today, until=today + AHEAD)
    kinds = [_kind(sort, loaded, chosen) for sort in SORTS]
    found = tuple(kind for kind in kinds if kind.lines)
    is_known = chosen in [kind.name for kind in found]
    shown = tuple(kind for kind in found if kind.name == chosen) if is_known else found
    places = {line.workshop.pk for kind in found for line in kind.lines}
    return Waiting(shown, len(places) > 1, chosen if is_known else "")


# The kinds, most urgent first ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sort:
    """How one kind is found and called; ``ways`` are routes for many of its lines at once."""

    name: str
    title: str | Promise
    step: str | Promise
    find: Callable[[Loaded], Iterable[Line]]
    ways: Sequence[tuple[str | Promise, str, str]] = field(default=())


_TABLE = _("Report on many"), "measures:status-table"
SORTS = (
    Sort("deletions", _("Workshops to be deleted"), _("Confirm or keep"), lines_of.deletions),
    Sort(
        "overdue",
        _("Overdue"),
        _("Report progress"),
        lines_of.overdue,
        ((_("Remind now"), "measures:remind", ""), (*_TABLE, "?which=overdue")),
    ),
    Sort(
        "undecided",
        _("Sessions with undecided items"),
        _("Record"),
        lines_of.undecided,
    ),
    Sort(
        "unpublished",
        _("Decisions not published yet"),
        _("Publish"),
        lines_of.unpublished,
    ),
    Sort(
        "deferred",
        _("Deferrals that have run out"),
        _("Put on an agenda"),
        lines_of.deferred,
    ),
    Sort(
        "agenda",
        _("Sessions ahead without an agenda"),
        _("Compose the agenda"),
        lines_of.without_agenda,
    ),
    Sort("remarks", _("Open questions and remarks"), _("Answer it"), lines_of.remarks),
    Sort(
        "silent",
        _("Without a report"),
        _("Report progress"),
        lines_of.silent,
        ((_("Remind now"), "measures:remind", ""), (*_TABLE, "")),
    ),
)


def _kind(sort: Sort, loaded: Loaded, chosen: str) -> Kind:
    lines = tuple(sorted(sort.find(loaded), key=lambda line: line.urgency))
    shown = lines if sort.name == chosen else lines[:ON_START]
    return Kind(sort.name, sort.title, sort.step, lines, shown, _ways(sort, lines, loaded))


def _ways(sort: Sort, lines: Sequence[Line], loaded: Loaded) -> tuple[Way, ...]:
    """Return the pages for many lines at once, unless they lie in too many workshops."""
    workshops = list(dict.fromkeys(line.workshop.pk for line in lines))
    if len(workshops) > MOST_WAYS:
        return ()
    named = len(workshops) > 1
    return tuple(
        Way(
            str(label),
            reverse(route, args=[pk]) + query,
            loaded.workshops[pk].title if named else "",
        )
        for label, route, query in sort.ways
        for pk in workshops
    )
