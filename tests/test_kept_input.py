"""Whoever is signed out while typing signs in again and loses no word."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from measures.models import Measure
from tests.deciding import TYPED, hold
from workshops.models import User
from workshops.typed import MOST_HELD

LOGIN, KEPT = reverse("account_login"), reverse("kept-input")


@pytest.fixture
def client(client) -> Client:
    """A browser whose session has expired: it still has the cookie."""
    client.cookies["sessionid"] = "expired"
    return client


@pytest.fixture(autouse=True)
def proven(facilitator) -> None:
    """An address that was never confirmed would have to be confirmed first."""
    prove(facilitator)


def prove(user) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


@pytest.fixture
def url(workshop, field) -> str:
    return reverse("measures:measure-add", args=[workshop.pk, field.pk])


@pytest.fixture
def typed() -> dict:
    return {
        "title": "WLAN <b>überall</b>", "description": "erste Zeile\nzweite", "goal": "",
        "client_id": str(uuid.uuid4()), "time_horizon": "long",
    }  # fmt: skip


def sign_in(client, email: str = "moderation@bingen.example", **more):
    return client.post(LOGIN, {"login": email, "password": "geheim-geheim", **more})


def test_what_was_typed_into_an_expired_session_is_stored_after_the_log_in(
    client, url, typed, facilitator, field
):
    response = client.post(url, typed)
    assert (response.status_code, response["Location"]) == (302, f"{LOGIN}?next=%2Fkept-input%2F")
    assert Measure.objects.count() == 0
    response = sign_in(client, next=KEPT)
    assert (response.status_code, response["Location"]) == (302, KEPT)
    page = client.get(KEPT)
    kept = page.context["kept"]
    assert (kept["path"], dict(kept["fields"])) == (url, typed)
    assert ("WLAN &lt;b&gt;" in page.content.decode(), b"<b>" in page.content) == (True, False)
    assert client.post(kept["path"], dict(kept["fields"])).status_code == 302
    measure = Measure.objects.get()
    assert (measure.title, measure.field, measure.time_horizon) == (typed["title"], field, "long")


def test_what_was_stored_is_forgotten_and_what_was_refused_is_kept(client, url, typed, facilitator):
    client.post(url, typed | {"title": ""})
    sign_in(client)
    kept = dict(client.get(KEPT).context["kept"]["fields"])
    assert client.post(url, kept).status_code == 422
    assert client.get(KEPT).status_code == 200
    client.post(reverse("account_logout"))
    client.post(url, typed)
    sign_in(client)
    assert client.post(url, typed).status_code == 302
    assert client.get(KEPT)["Location"] == reverse("home")


def test_hidden_fields_are_sent_along_and_the_others_shown_by_their_labels(
    client, url, typed, facilitator
):
    client.post(url, typed)
    sign_in(client)
    assert client.get(KEPT).context["shown"] == [
        ("Titel", typed["title"]), ("Beschreibung", typed["description"]),
        ("Umsetzungszeit", "langfristig"),
    ]  # fmt: skip


def test_a_kept_decision_reads_as_its_form_does(client, workshop, measure, administrator, at):
    at("deliberating")
    prove(administrator)
    session = hold(workshop, measure)
    page = reverse("measures:decision-add", args=[workshop.pk, session.pk, measure.number])
    client.post(page, TYPED)
    sign_in(client, administrator.email)
    shown = [label for label, _words in client.get(KEPT).context["shown"]]
    assert ([label for label in shown if label in TYPED], "Beschluss" in shown) == ([], True)


def test_as_a_fragment_the_page_is_told_to_go_to_the_log_in(client, url, typed, facilitator):
    response = client.post(url, typed, headers={"HX-Request": "true"})
    login = f"{LOGIN}?next=%2Fkept-input%2F"
    assert (response.status_code, response["HX-Redirect"]) == (401, login)


def test_a_page_that_was_only_read_is_opened_again_after_the_log_in(client, workshop, facilitator):
    day = workshop.get_absolute_url()
    response = client.get(f"{day}?x=1")
    assert response["Location"] == f"{LOGIN}?next=%2Fworkshops%2F{workshop.pk}%2F%3Fx%3D1"
    assert KEPT not in response["Location"]


KEPT_QUERY = "next=%2Fkept-input%2F"


def test_the_token_is_not_kept_and_two_values_of_one_name_are(client, url, facilitator):
    client.post(url, {"csrfmiddlewaretoken": "x", "title": ["a", "b"]})
    sign_in(client)
    assert client.get(KEPT).context["kept"]["fields"] == [["title", "a"], ["title", "b"]]


def test_text_is_kept_also_when_the_browser_has_dropped_the_session(typed, url):
    browser = Client()
    assert KEPT_QUERY in browser.post(url, typed)["Location"]
    assert browser.session["typed"]["path"] == url


def test_nothing_is_kept_of_a_rating(client, workshop, typed):
    response = client.post(reverse("measures:rate-measure", args=[workshop.pk, 1]), typed)
    assert response["Location"] == f"{LOGIN}?next=%2F"
    assert "typed" not in client.session


def test_one_address_cannot_fill_the_database(typed, url):
    kept = [KEPT_QUERY in Client().post(url, typed)["Location"] for _number in range(62)]
    assert (kept[0], kept[-1]) == (True, False)


def test_more_than_a_session_should_hold_is_not_kept(client, url, facilitator):
    response = client.post(url, {"title": "x" * (MOST_HELD + 1)})
    assert response["Location"] == f"{LOGIN}?next=%2F"
    sign_in(client)
    assert client.get(KEPT)["Location"] == reverse("home")


def test_without_kept_input_the_page_leads_home(signed_in, facilitator):
    response = signed_in(facilitator).get(KEPT)
    assert (response.status_code, response["Location"]) == (302, reverse("home"))


def test_another_site_cannot_put_words_into_the_session(url, typed, db):
    client = Client(enforce_csrf_checks=True)
    response = client.post(url, typed, headers={"Origin": "https://evil.example"})
    assert (response.status_code, "typed" in client.session) == (403, False)


def test_a_page_that_was_out_of_date_shows_what_was_typed_but_no_password(url, typed, db):
    client = Client(enforce_csrf_checks=True)
    response = client.post(url, typed | {"password": "geheim-geheim"})
    shown = dict(response.context["typed"])
    assert response.status_code == 403
    assert shown == {
        "Titel": typed["title"], "Beschreibung": typed["description"],
        "Umsetzungszeit": "langfristig",
    }  # fmt: skip
    assert (b"geheim-geheim" in response.content, b"<b>" in response.content) == (False, False)


def test_after_logging_out_nothing_is_kept_for_the_next_person(client, url, typed, facilitator):
    client.post(url, typed)
    sign_in(client)
    client.post(reverse("account_logout"))
    prove(User.objects.create_user("andere@bingen.example", "geheim-geheim"))
    sign_in(client, "andere@bingen.example")
    assert client.get(KEPT)["Location"] == reverse("home")


def test_what_was_kept_goes_to_nobody_outside_the_workshop(client, url, typed, stranger):
    prove(stranger)
    client.post(url, typed)
    sign_in(client, stranger.email)
    assert client.get(KEPT)["Location"] == reverse("home")
    assert "typed" not in client.session


def test_nothing_is_kept_of_what_is_entered_for_the_room(client, workshop, measure, facilitator):
    entry = reverse("measures:measure-entry", args=[workshop.pk, measure.number])
    client.post(entry, {"relevance_1": "1", "agreed-relevance": "5"})
    client.post(reverse("measures:sheet-add", args=[workshop.pk]), {"m1": "45"})
    sign_in(client)
    assert client.get(KEPT)["Location"] == reverse("home")
