"""German for everybody until somebody asks for English; no cookie remembers more than it must."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from workshops.phases import Phase

SWITCH = reverse("set-language")


def language_of(response) -> tuple[str, str]:
    """Return what the header and what the page itself say."""
    page = re.search(r'<html lang="(\w+)"', response.content.decode())
    return response["Content-Language"], page[1] if page else ""


@pytest.mark.parametrize("wish", ["en", "en-US,en;q=0.9", "fr", "de", "*", "", "x" * 5000])
def test_german_whatever_the_browser_says(client, db, wish):
    response = client.get(reverse("home"), headers={"Accept-Language": wish})
    assert language_of(response) == ("de", "de")


def test_pages_of_errors_speak_the_chosen_language_too(workshop, stranger, signed_in):
    client = signed_in(stranger)
    pages = [workshop.get_absolute_url(), "/nowhere/", reverse("fields:workshop-create")]
    assert [client.get(page).status_code for page in pages] == [404, 404, 403]
    assert {language_of(client.get(page)) for page in pages} == {("de", "de")}
    client.post(SWITCH, {"language": "en"})
    assert {language_of(client.get(page)) for page in pages} == {("en", "en")}


def test_the_switch_is_remembered_and_can_be_turned_back(client, db):
    for language in ("en", "de", "en"):
        response = client.post(SWITCH, {"language": language, "next": "/imprint/"})
        assert (response.status_code, response["Location"]) == (302, "/imprint/")
        assert language_of(client.get("/imprint/")) == (language, language)
    assert client.session["language"] == "en"


def test_the_choice_of_one_person_is_not_that_of_the_next_request(client, db, signed_in, stranger):
    client.post(SWITCH, {"language": "en"})
    assert translation.get_language() == "de"
    assert language_of(signed_in(stranger).get("/")) == ("de", "de")


def test_an_unknown_language_changes_nothing(client, db):
    for language in ("fr", "", "de-at", "../en", "en\0", None):
        client.post(SWITCH, {"language": language} if language is not None else {})
        assert language_of(client.get("/")) == ("de", "de")
    assert "language" not in client.session


def test_a_session_with_an_unknown_language_falls_back_to_german(client, db):
    session = client.session
    session["language"] = "xx"
    session.save()
    assert language_of(client.get("/")) == ("de", "de")


def test_the_way_back_never_leaves_this_site(client, db):
    for target in (
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
        "http:///evil.example", "", "\0", "https://testserver:99999999/", "///evil.example",
    ):  # fmt: skip
        response = client.post(SWITCH, {"language": "en", "next": target})
        assert (response.status_code, response["Location"]) == (302, "/")


def test_the_only_cookies_are_session_token_and_ballot(
    client, workshop, measure, at, participant, facilitator
):
    seen = set()
    for person in (None, participant, facilitator):
        if person:
            client.force_login(person)
        for phase in Phase:
            at(phase)
            client.post(SWITCH, {"language": "en", "next": "/"}, follow=True)
            inside = ("workshop-day", "measure-list", "rate-start", "dashboard", "measure-import")
            for name in inside:
                client.get(reverse(f"measures:{name}", args=[workshop.pk]))
            if phase == Phase.RATING:
                page = reverse("measures:ballot-take", args=[workshop.pk])
                client.post(page, {"promised": "anonymous"}, follow=True)
            for name in ("home", "privacy", "account_login", "account_reset_password"):
                client.get(reverse(name))
            seen |= {re.sub(r"^ballot_[0-9a-f]{12}$", "ballot_*", name) for name in client.cookies}
    assert seen == {"sessionid", "csrftoken", "ballot_*"}


def test_who_only_reads_the_public_pages_gets_no_session(client, db):
    for name in ("home", "privacy", "imprint", "accessibility"):
        client.get(reverse(name))
    assert {*client.cookies} <= {"csrftoken"}
