"""The lines of what waits for the administration: each is one thing with the step to take."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from measures.again.four_eyes import NOTICE
from measures.day.waiting_loading import Loaded
from measures.followup.tracks import SILENT_DAYS, UNREPORTED, Track, silent_days
from measures.models import Session
from workshops.models import Workshop

BACK = "?from=waiting"  # whoever took the step comes back to the list


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: what it is about, in which state, and where the step is taken."""

    subject: str
    detail: str
    url: str
    workshop: Workshop
    urgency: tuple  # what sorts first waits first


def overdue(loaded: Loaded) -> Iterator[Line]:
    for track in loaded.tracks:
        if _is_late(track) and not track.is_called_off:
            text = ngettext("overdue by %d day", "overdue by %d days", track.overdue)
            yield _of_track(loaded, track, text % track.overdue, (-track.overdue,))


def _is_late(track: Track) -> bool:
    """Say whether nobody has reported since the day that it was due: then that step is to take."""
    newest, due = track.newest, track.due
    is_reported = newest is not None and due is not None and newest.day > due
    return bool(track.overdue) and not is_reported


def undecided(loaded: Loaded) -> Iterator[Line]:
    for session in loaded.past():
        if open_items := loaded.undecided(session):
            text = ngettext("%d item undecided", "%d items undecided", open_items) % open_items
            yield _of_session(session, text, "agenda")


def unpublished(loaded: Loaded) -> Iterator[Line]:
    for session, count in loaded.to_publish().items():
        text = ngettext("%d decision", "%d decisions", count) % count
        yield _of_session(session, text, back=BACK)


def deferred(loaded: Loaded) -> Iterator[Line]:
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


def without_agenda(loaded: Loaded) -> Iterator[Line]:
    for session in loaded.without_agenda():
        days = (session.date - loaded.today).days
        text = ngettext("in %d day", "in %d days", days) % days if days else gettext("today")
        yield _of_session(session, text, "compose")


def remarks(loaded: Loaded) -> Iterator[Line]:
    for remark in loaded.remarks:
        measure = remark.measure
        url = reverse("measures:remark-answer", args=[measure.workshop_id, remark.pk]) + BACK
        workshop = loaded.workshops[measure.workshop_id]
        # A question waits for an answer, a remark only for somebody to read it.
        urgency = (remark.kind != "question", remark.at, remark.pk)
        yield Line(
            f"{measure.code}: {remark.text}", remark.get_kind_display(), url, workshop, urgency
        )


def silent(loaded: Loaded) -> Iterator[Line]:
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


def deletions(loaded: Loaded) -> Iterator[Line]:
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
