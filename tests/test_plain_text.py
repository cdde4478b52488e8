"""What is typed is stored as it reads, whatever the browser or the copied document adds."""

import pytest
from django.urls import reverse

from workshops.plain_text import plain_text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("eins\r\nzwei\rdrei\n", "eins\nzwei\ndrei\n"),
        ("aus Word\x0bkopiert", "aus Word\nkopiert"),  # its line break within a paragraph
        ("a\x00b\x1fc\x7fd\ufffe", "a b c d "),
        ("Grüße\tan 👍 שלום", "Grüße\tan 👍 שלום"),
    ],
)
def test_ends_of_lines_are_one_character_and_nothing_is_unseen(typed, stored):
    assert plain_text(typed) == stored


def test_a_form_that_was_only_sent_again_changes_nothing(workshop, measure, signed_in, facilitator):
    measure.description = "erste Zeile\nzweite"
    measure.save()
    client = signed_in(facilitator)
    page = reverse("measures:measure-edit", args=[workshop.pk, measure.number])
    form = client.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert client.post(page, sent | {"description": "erste Zeile\r\nzweite"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.description, measure.version) == ("erste Zeile\nzweite", form.version)


def test_a_control_character_becomes_a_space_and_a_password_stays_as_it_is(
    workshop, measure, signed_in, facilitator, client
):
    desk = signed_in(facilitator)
    page = reverse("measures:measure-edit", args=[workshop.pk, measure.number])
    form = desk.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert desk.post(page, sent | {"title": "Freies\x01WLAN"}).status_code == 302
    measure.refresh_from_db()
    assert measure.title == "Freies WLAN"
    facilitator.set_password("geheim\x01geheim")
    facilitator.save()
    entered = {"login": facilitator.email, "password": "geheim\x01geheim"}
    assert client.post(reverse("account_login"), entered).status_code == 302
