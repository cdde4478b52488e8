"""Whoever is added is told by mail, once, when it is stored; who added them hears of failures."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.contrib.messages import get_messages
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.urls import reverse

from workshops.models import Participant, User

LIST = "Anna <anna@bingen.example>\nBert <bert@bingen.example>\nCem <cem@bingen.example>"


@pytest.fixture
def add(workshop, editor):
    """Return a function that adds a person and gives the messages of the answer."""

    def send(email: str = "neu@bingen.example", role: str = "participant") -> list[str]:
        page = reverse("workshops:person-add", args=[workshop.pk])
        return said(editor.post(page, {"email": email, "role": role}))

    return send


@pytest.fixture
def paste(workshop, editor):
    """Return a function that confirms a list and gives the messages of the answer."""

    def send() -> list[str]:
        page = reverse("workshops:people-paste", args=[workshop.pk])
        sent = {"text": LIST, "role": "participant"}
        seen = editor.post(page, sent).context["seen"]
        return said(editor.post(page, {**sent, "seen": seen, "confirmed": "yes"}))

    return send


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def recipients(mails) -> list[str]:
    return [address for mail in mails for address in mail.to]


class Picky(EmailBackend):
    """A server that refuses Bert, or that is gone from him on."""

    error: Exception = SMTPRecipientsRefused({})

    def send_messages(self, messages) -> int:
        if any("bert@bingen.example" in mail.to for mail in messages):
            raise self.error
        return super().send_messages(messages)


class Gone(Picky):
    error = SMTPServerDisconnected("gone")


class Nobody(EmailBackend):
    def open(self) -> None:
        raise ConnectionRefusedError


def picked(backend: type) -> str:
    return f"{__name__}.{backend.__name__}"


def test_a_new_person_gets_the_way_in_and_the_way_to_a_password(workshop, add, mailoutbox):
    assert add()[-1] == "1 E-Mail mit dem Weg in den Workshop ist verschickt."
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (
        ["neu@bingen.example"], "Digital-Werkstatt: Ihr Weg in einen Workshop",
    )  # fmt: skip
    assert mail.body == (
        "Guten Tag,\n\n"
        "Mona hat Sie zum Workshop „Digital-Werkstatt Bingen“ (08.09.2020) hinzugefügt als:"
        " Teilnehmende Person.\n\n"
        f"Ihr Weg hinein:\nhttp://testserver/workshops/{workshop.pk}/\n\n"
        "Melden Sie sich mit der Adresse neu@bingen.example an.\n"
        "Sie haben noch kein Passwort. Wählen Sie hier zuerst eines, mit derselben Adresse:\n"
        "http://testserver/accounts/password/reset/\n\n--\n"
        "Verschickt von der Digital-Werkstatt. Haben Sie nichts dergleichen erwartet, müssen Sie"
        " nichts tun.\nFragen: kontakt@example.org\n"
    )


def test_who_has_a_password_needs_no_other_and_the_mail_speaks_the_language_of_the_site(
    workshop, editor, stranger, add, mailoutbox, settings
):
    settings.PUBLIC_URL = "https://werkstatt.example.org"
    editor.post(reverse("set-language"), {"language": "en", "next": "/"})
    add(stranger.email, "committee")
    [mail] = mailoutbox
    assert "/password/" not in mail.body
    assert f"Your way in:\nhttps://werkstatt.example.org/workshops/{workshop.pk}/\n" in mail.body
    assert mail.subject == "Digital-Werkstatt: your way into a workshop"


def test_nothing_that_people_typed_gets_into_the_head_of_a_mail(workshop, add, mailoutbox):
    workshop.title = "Werkstatt\r\nBcc: alle@example.org"
    workshop.save()
    add()
    [mail] = mailoutbox
    assert "Bcc" not in mail.message()
    assert "„Werkstatt Bcc: alle@example.org“" in mail.body


def test_everybody_of_a_list_gets_one_mail(paste, mailoutbox):
    assert paste()[-1] == "3 E-Mails mit dem Weg in den Workshop sind verschickt."
    assert len(recipients(mailoutbox)) == len({*recipients(mailoutbox)}) == 3


def test_a_second_click_adds_nobody_and_writes_to_nobody(workshop, editor, add, mailoutbox):
    page = reverse("workshops:people-paste", args=[workshop.pk])
    sent = {"text": LIST, "role": "participant"}
    sent |= {"seen": editor.post(page, sent).context["seen"], "confirmed": "yes"}
    for _click in range(2):
        editor.post(page, sent)
        add()
    assert len(mailoutbox) == 4


@pytest.mark.django_db(transaction=True)
def test_a_mail_goes_out_when_the_person_is_stored_and_not_before(add, monkeypatch):
    found = []

    def send_messages(_self, mails) -> int:
        found.append(
            (connection.in_atomic_block, User.objects.filter(email=mails[0].to[0]).count())
        )
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    add()
    assert found == [(False, 1)]


@pytest.mark.parametrize(
    ("backend", "written", "missed"),
    [
        (Picky, ["anna", "cem"], ["bert"]),
        (Gone, ["anna"], ["bert", "cem"]),
        (Nobody, [], ["anna", "bert", "cem"]),
    ],
)
def test_what_did_not_go_out_is_told_and_everybody_is_added_all_the_same(
    backend, written, missed, paste, mailoutbox, settings
):
    settings.EMAIL_BACKEND = picked(backend)
    told = paste()
    names = ", ".join(f"{name}@bingen.example" for name in missed)
    assert told[-1] == (
        f"An diese Adressen ging keine E-Mail: {names}. Bitte sagen Sie den Personen selbst, wie"
        " sie hineinkommen."
    )
    assert recipients(mailoutbox) == [f"{name}@bingen.example" for name in written]
    assert Participant.objects.count() == 3


def test_where_no_mail_is_configured_none_is_promised(add, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert len(add()) == 1
    assert mailoutbox == []
