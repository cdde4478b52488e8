"""Who was added is told by mail, with the way in; plain text, nothing of people in its headers."""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workshops.models import User, Workshop
from workshops.pages import site_address

NOWHERE = (
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
)
# What a server says of one mail; any other failure concerns all that would follow.
OF_ONE = (SMTPRecipientsRefused, SMTPResponseException)


def is_possible() -> bool:
    """Say whether this site sends mail at all."""
    return settings.EMAIL_BACKEND not in NOWHERE


def invite(request: HttpRequest, workshop: Workshop, people: Sequence[User], role: str) -> None:
    """Send each of these people one mail, and tell whoever added them of what did not go out.

    Called when everything is stored and the transaction is over: a mail cannot be taken back.
    """
    if not is_possible() or not people:
        return
    failed = _send([_message(request, workshop, person, role) for person in people])
    if sent := len(people) - len(failed):
        text = ngettext(
            "%(count)d mail with the way in is sent.",
            "%(count)d mails with the way in are sent.",
            sent,
        )
        messages.info(request, text % {"count": sent})
    if failed:
        text = _("No mail could be sent to: %(people)s. Please tell them the way in yourself.")
        messages.error(request, text % {"people": ", ".join(failed)})


def _message(request: HttpRequest, workshop: Workshop, person: User, role: str) -> EmailMessage:
    site = site_address(request)
    context = {
        "title": " ".join(workshop.title.split()),
        "day": workshop.date,
        "role": role,
        "email": person.email,
        "by": request.user,
        "way_in": site + workshop.get_absolute_url(),
        "way_to_password": ""
        if person.has_usable_password()
        else site + reverse("account_reset_password"),
        "contact": settings.CONTACT_EMAIL,
    }
    return EmailMessage(
        subject=_("Digital-Werkstatt: your way into a workshop"),
        body=f"{render_to_string('mail/added.txt', context).strip()}\n",
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},  # no out-of-office reply, please (RFC 3834)
    )


def _send(mails: Sequence[EmailMessage]) -> list[str]:
    """Send over one connection; return the addresses to which nothing went."""
    failed: list[str] = []
    waiting = list(mails)
    connection = get_connection()
    try:
        connection.open()
        while waiting:
            try:
                connection.send_messages(waiting[:1])
            except OF_ONE:
                failed += waiting[0].to
            waiting.pop(0)
    except OSError:  # nobody there, or gone meanwhile; smtplib's own errors are of this kind
        failed += [address for mail in waiting for address in mail.to]
    finally:
        connection.close()
    return failed
