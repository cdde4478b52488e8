"""A digest as a mail: plain text, nothing typed by people in its headers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.followup.signs import words_of_state
from measures.followup.tracks import SILENT_DAYS, UNREPORTED, Digest, Track

DAYS = 14  # how far ahead dates are told


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a digest is told, how many days ahead, and where the site is found ("": no links)."""

    today: date
    site: str
    days: int = DAYS


def message(
    recipient: str, digest: Digest, occasion: Occasion, paths: Mapping[int, str]
) -> EmailMessage:
    """Return the mail that tells ``recipient`` of a digest.

    ``paths`` are the links by which this office reports, by the decision's id.
    """
    context = {
        "today": occasion.today,
        "days": occasion.days,
        "silent_days": SILENT_DAYS,
        "overdue": [_told(each, occasion.site, paths) for each in digest.overdue],
        "soon": [_told(each, occasion.site, paths) for each in digest.soon],
        "silent": [_told(each, occasion.site, paths) for each in digest.silent],
        "has_links": bool(occasion.site and paths),
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
    overdue, soon, silent = len(digest.overdue), len(digest.soon), len(digest.silent)
    parts = [
        (overdue, ngettext("%d measure overdue", "%d measures overdue", overdue)),
        (soon, ngettext("%d measure due soon", "%d measures due soon", soon)),
        (silent, ngettext("%d measure without news", "%d measures without news", silent)),
    ]
    told = ", ".join(words % count for count, words in parts if count)
    return _("Digital-Werkstatt: %(told)s") % {"told": told}


def _told(track: Track, site: str, paths: Mapping[int, str]) -> list[str]:
    """Return the lines that tell of one measure, its title first; no address without ``site``."""
    measure = track.measure
    title = _one_line(f"{measure.code} {measure.title} ({measure.workshop_title})")
    path = paths.get(track.decision.pk) if track.decision else None
    lines = [title, _due(track), _report(track), _tasks(track), _responsible(track)]
    if site and path:
        lines.append(_("Report without an account: %(url)s") % {"url": site + path})
    elif site:
        lines.append(
            site + reverse("measures:measure-detail", args=[measure.workshop, measure.number])
        )
    return [line for line in lines if line]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _due(track: Track) -> str:
    if track.due is None:
        return ""
    day = {"day": date_format(track.due, "SHORT_DATE_FORMAT")}
    words = (_("next date: %(day)s") if track.next_due else _("deadline: %(day)s")) % day
    if not track.overdue:
        return words
    late = ngettext("overdue by %d day", "overdue by %d days", track.overdue) % track.overdue
    return f"{words}, {late}"


def _tasks(track: Track) -> str:
    """Say how many tasks are overdue, "" where none is."""
    late = track.late_tasks
    return ngettext("%d task overdue", "%d tasks overdue", late) % late if late else ""


def _report(track: Track) -> str:
    report = track.newest
    if report is None:
        return words_of_state(UNREPORTED)
    share = "" if report.percent is None else f", {report.percent} %"
    day = date_format(report.day, "SHORT_DATE_FORMAT")
    return f"{words_of_state(report.state)}{share} ({day}): {_one_line(report.sentence)}"


def _responsible(track: Track) -> str:
    unit = _one_line(track.decision.responsible) if track.decision else ""
    word = _("Responsible:")
    return f"{word} {unit}" if unit else ""
