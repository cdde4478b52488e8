"""What waits for whoever has the role of the administration, across all of that person's workshops.

Each line is one thing with the step to take; what is most urgent comes first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from measures.again.four_eyes import NOTICE
from measures.day.waiting_loading import Loaded, loaded_for
from measures.followup.tracks import SILENT_DAYS, UNREPORTED, Track, silent_days
from measures.models import Session
from workshops.models import User, Workshop

BACK = "?from=waiting"  # whoever took the step comes back to the list
AHEAD = timedelta(days=60)
ON_START = 3  # lines of each kind on the start page; all of one kind on a page of its own
MOST_WAYS = 3  # pages offered below a kind, one for each workshop


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: what it is about, in which state, and where the step is taken."""

    subject: str
    detail: str
    url: str
    workshop: Workshop
    urgency: tuple  # what sorts first waits first


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


def _overdue(loaded: Loaded) -> Iterator[Line]:
    for track in loaded.tracks:
        if _is_late(track) and not track.is_called_off:
            text = ngettext("overdue by %d day", "overdue by %d days", track.overdue)
            yield _of_track(loaded, track, text % track.overdue, (-track.overdue,))


def _is_late(track: Track) -> bool:
    """Say whether nobody has reported since the day that it was due: then that step is to take."""
    newest, due = track.newest, track.due
    is_reported = newest is not None and due is not None and newest.day > due
    return bool(track.overdue) and not is_reported


def _undecided(loaded: Loaded) -> Iterator[Line]:
    for session in loaded.past():
        if open_items := loaded.undecided(session):
            text = ngettext("%d item undecided", "%d items undecided", open_items) % open_items
            yield _of_session(session, text, "agenda")


def _unpublished(loaded: Loaded) -> Iterator[Line]:
    for session, count in loaded.to_publish().items():
        text = ngettext("%d decision", "%d decisions", count) % count
        yield _of_session(session, text, back=BACK)


def _deferred(loaded: Loaded) -> Iterator[Line]:
    for decision, until in loaded.run_out():
        measure, workshop = decision.measure.target, decision.session.workshop
        day = date_format(until, "SHORT_DATE_FORMAT")
        ahead = loaded.next_session(workshop)
        url = (
            f"{ahead.get_absolute_url()}#compose"
            if ahead
            else reverse("measures:session-add", args=[workshop.pk])
        )
        text = gettext("deferred until %(day)s") % {"day": day}
        yield Line(str(measure), text, url, workshop, (until, measure.pk))


def _without_agenda(loaded: Loaded) -> Iterator[Line]:
    for session in loaded.without_agenda():
        days = (session.date - loaded.today).days
        text = ngettext("in %d day", "in %d days", days) % days if days else gettext("today")
        yield _of_session(session, text, "compose")


def _remarks(loaded: Loaded) -> Iterator[Line]:
    for remark in loaded.remarks:
        measure = remark.measure
        url = reverse("measures:remark-answer", args=[measure.workshop_id, remark.pk]) + BACK
        workshop = loaded.workshops[measure.workshop_id]
        # A question waits for an answer, a remark only for somebody to read it.
        urgency = (remark.kind != "question", remark.at, remark.pk)
        yield Line(
            f"{measure.code}: {remark.text}", remark.get_kind_display(), url, workshop, urgency
        )


def _silent(loaded: Loaded) -> Iterator[Line]:
    for track in loaded.tracks:
        if _is_late(track) or track.is_final or track.is_called_off or track.decision is None:
            continue
        silent = silent_days(track, today=loaded.today)
        if track.state == UNREPORTED:
            day = date_format(track.decision.decided_on, "SHORT_DATE_FORMAT")
            text = gettext("no report since the decision of %(day)s") % {"day": day}
        elif silent >= SILENT_DAYS:
            text = ngettext("no news for %d day", "no news for %d days", silent) % silent
        else:
            continue
        yield _of_track(loaded, track, text, (-silent,))


def _deletions(loaded: Loaded) -> Iterator[Line]:
    for pk, workshop in loaded.workshops.items():
        if asked := loaded.deletions.get(pk):
            day = date_format(timezone.localtime(asked.asked_at + NOTICE), "SHORT_DATE_FORMAT")
            text = gettext("can be confirmed from %(day)s on") % {"day": day}
            url = reverse("measures:workshop-deletion", args=[pk])
            yield Line(workshop.title, text, url, workshop, (asked.asked_at, pk))


def _of_track(loaded: Loaded, track: Track, text: str, urgency: tuple) -> Line:
    measure = track.measure
    url = reverse("measures:status-add", args=[measure.workshop, measure.number]) + BACK
    workshop = loaded.workshops[measure.workshop]
    return Line(f"{measure.code} {measure.title}", text, url, workshop, (*urgency, measure.pk))


def _of_session(session: Session, text: str, place: str = "", back: str = "") -> Line:
    day = date_format(session.date, "SHORT_DATE_FORMAT")
    url = session.get_absolute_url() + back + (f"#{place}" if place else "")
    urgency = (session.date, session.pk)
    return Line(f"{session.committee}, {day}", text, url, session.workshop, urgency)


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
    Sort("deletions", _("Workshops to be deleted"), _("Confirm or keep"), _deletions),
    Sort(
        "overdue",
        _("Overdue"),
        _("Report progress"),
        _overdue,
        ((_("Remind now"), "measures:remind", ""), (*_TABLE, "?which=overdue")),
    ),
    Sort(
        "undecided",
        _("Sessions with undecided items"),
        _("Record"),
        _undecided,
    ),
    Sort(
        "unpublished",
        _("Decisions not published yet"),
        _("Publish"),
        _unpublished,
    ),
    Sort(
        "deferred",
        _("Deferrals that have run out"),
        _("Put on an agenda"),
        _deferred,
    ),
    Sort(
        "agenda",
        _("Sessions ahead without an agenda"),
        _("Compose the agenda"),
        _without_agenda,
    ),
    Sort("remarks", _("Open questions and remarks"), _("Answer it"), _remarks),
    Sort(
        "silent",
        _("Without a report"),
        _("Report progress"),
        _silent,
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
