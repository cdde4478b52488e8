"""A digest as a mail: plain text, nothing typed by people in its headers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.followup.tracks import SILENT_DAYS, Digest, Track


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in the mail; every part is one line. ``url`` is empty without PUBLIC_URL."""

    title: str
    due: str
    report: str
    responsible: str
    url: str


def message(recipient: str, digest: Digest, *, today: date, days: int) -> EmailMessage:
    """Return the mail that tells ``recipient`` of the digest of ``today``."""
    context = {
        "today": today,
        "days": days,
        "silent_days": SILENT_DAYS,
        "overdue": _lines(digest.overdue),
        "soon": _lines(digest.soon),
        "silent": _lines(digest.silent),
        "contact": settings.CONTACT_EMAIL,
    }
    body = re.sub(r"\n{3,}", "\n\n", render_to_string("mail/reminder.txt", context))
    return EmailMessage(
        subject=_subject(digest),
        body=f"{body.strip()}\n",
        to=[recipient],
        headers={"Auto-Submitted": "auto-generated"},  # no out-of-office reply, please (RFC 3834)
    )


def _subject(digest: Digest) -> str:
    """Say how much of what. Titles stay out of it: a line break in one would end the header."""
    parts = [
        (digest.overdue, _("%d overdue")),
        (digest.soon, _("%d due soon")),
        (digest.silent, _("%d without news")),
    ]
    told = ", ".join(words % len(tracks) for tracks, words in parts if tracks)
    return _("Digital-Werkstatt: %(told)s") % {"told": told}


def _lines(tracks: Iterable[Track]) -> list[Line]:
    return [
        Line(
            title=_one_line(
                f"{each.measure.code} {each.measure.title} ({each.measure.workshop_title})"
            ),
            due=_due(each),
            report=_report(each),
            responsible=_one_line(each.decided.responsible) if each.decided else "",
            url=_url(each),
        )
        for each in tracks
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _due(track: Track) -> str:
    if track.due is None:
        return ""
    words = _("due %(day)s") % {"day": date_format(track.due, "SHORT_DATE_FORMAT")}
    if not track.overdue:
        return words
    late = ngettext("overdue by %d day", "overdue by %d days", track.overdue) % track.overdue
    return f"{words}, {late}"


def _report(track: Track) -> str:
    if track.newest is None:
        return _("no report yet")
    share = "" if track.newest.percent is None else f", {track.newest.percent} %"
    day = date_format(track.newest.date, "SHORT_DATE_FORMAT")
    return f"{track.newest.words}{share} ({day}): {_one_line(track.newest.sentence)}"


def _url(track: Track) -> str:
    if not settings.PUBLIC_URL:
        return ""
    place = [track.measure.workshop, track.measure.number]
    return settings.PUBLIC_URL + reverse("measures:measure-detail", args=place)
