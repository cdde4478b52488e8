"""The database is held by somebody, full, only readable or gone: 503 and a sentence, never a 500.

The faults are real ones of the database that the suite runs on.
"""

import uuid
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from bingen_strategy.faults import is_passing
from measures.hall.notes import NotesForm
from measures.models import PROFILE_FIELDS, Front, Idea, Measure, Rating
from tests.faults import FAULTS, fault
from tests.people import FRAGMENT, entering, open_door
from workshops.models import Ballot, Municipality, User, Workshop

pytestmark = pytest.mark.django_db(transaction=True)

GERMAN = (
    "Die Daten sind im Augenblick nicht erreichbar; bitte versuchen Sie es in zehn Sekunden noch"
    " einmal."
)
ENGLISH = "The data cannot be reached at the moment; please try again in ten seconds."
LONG = ("Hotspots am Rheinufer und am Bahnhof. " * 50).strip()
LABELS = {
    "intended_result": "Angestrebtes Ergebnis", "target_group": "Zielgruppe",
    "stakeholders": "Beteiligte", "lead": "Umsetzung durch", "resources": "Ressourcen",
    "schedule": "Zeitplan", "success_signs": "Erfolgskriterien",
}  # fmt: skip
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets everybody read what one writes"
)


@pytest.fixture
def browser():
    """Return a function that gives a person's browser, which shows what a 500 shows."""

    def open_browser(user=None) -> Client:
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user)
        return client

    return open_browser


@pytest.fixture
def laptop(browser, facilitator, at) -> Client:
    at("collecting")
    return browser(facilitator)


@pytest.fixture
def edit(workshop, measure) -> str:
    return reverse("measures:measure-profile", args=[workshop.pk, measure.number])


@pytest.fixture
def words(measure) -> dict:
    """A profile of some pages: more than fits into a database that is full."""
    return dict.fromkeys(PROFILE_FIELDS, LONG) | {"lead": "<Bauamt>", "seen": measure.version}


def told(response) -> tuple:
    """Return status, the seconds to wait, and the sentences by language."""
    return response.status_code, response.get("Retry-After"), response.context["said"]


# What people read --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FAULTS)
def test_nothing_is_lost_of_what_somebody_typed_and_the_second_try_succeeds(
    kind, laptop, edit, words
):
    with fault(kind):
        response = laptop.post(edit, words)
    said = {"de": GERMAN, "en": ENGLISH} if kind == "away" else {"de": GERMAN}
    assert told(response) == (503, "10", said)
    assert response.context["typed"] == [(LABELS[name], words[name]) for name in PROFILE_FIELDS]
    page = response.content.decode()
    assert [each in page for each in (*said.values(), LONG, "&lt;Bauamt&gt;")] == [True] * (
        len(said) + 2
    )
    assert Measure.objects.get().lead == ""
    assert laptop.post(edit, words).status_code == 302
    assert Measure.objects.get().lead == "<Bauamt>"


@only_postgresql
@pytest.mark.parametrize("kind", ["slow", "full at commit"])
def test_the_same_where_the_server_ends_what_takes_too_long_and_where_it_fails_at_the_very_end(
    kind, laptop, edit, words
):
    with fault(kind):
        response = laptop.post(edit, words)
    assert told(response) == (503, "10", {"de": GERMAN})
    assert ("Zeitplan", LONG) in response.context["typed"]
    assert Measure.objects.get().lead == ""


def test_the_sentence_is_in_the_language_that_somebody_chose(laptop, edit, words):
    laptop.post(reverse("set-language"), {"language": "en"})
    with fault("readonly"):
        response = laptop.post(edit, words)
    assert told(response) == (503, "10", {"en": ENGLISH})
    assert response["Content-Language"] == "en"


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/accounts/login/", "/admin/", "/imprint/"])
def test_whatever_somebody_opens_meanwhile_is_answered_and_can_be_opened_again(
    path, browser, admin_user
):
    client = browser(admin_user)
    with fault("away"):
        response = client.get(path)
    assert told(response) == (503, "10", {"de": GERMAN, "en": ENGLISH})
    assert (response["Cache-Control"], response.context["again"]) == ("no-store", path)
    assert f'href="{path}"' in response.content.decode()
    assert client.get(path, follow=True).status_code == (404 if path == "/nowhere/" else 200)


def test_a_public_page_answers_in_the_language_of_its_address(browser, workshop):
    Workshop.objects.update(is_public=True)
    with fault("away"):
        response = browser().get(reverse("measures:public-page", args=[workshop.pk]) + "?lang=en")
    assert told(response) == (503, "10", {"en": ENGLISH})


# The hall ----------------------------------------------------------------------------------------

HALL = (
    "workshops_workshoprevision, workshops_ballot, measures_idea, measures_measure, measures_front,"
    " measures_rating"
)
only_where_full_is_full = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="what is short finds room in a page that is there"
)
HALL_KINDS = ["locked", "readonly", "away", pytest.param("full", marks=only_where_full_is_full)]


@pytest.fixture
def entering_into(workshop, field, measure, at, facilitator, guest, table, browser):
    """Return a function that says who sends what where, and what is counted of it."""

    def entry(what: str) -> tuple[Client, str, dict, Callable[[], int]]:
        Workshop.objects.update(takes_ideas=True)
        code = open_door(workshop)
        phone, tablet, leader = guest(), table(), browser(facilitator)
        at("rating" if what == "vote" else "collecting")
        key = str(uuid.uuid4())
        return {
            "guest": (
                Client(), reverse("measures:join", args=[code]), entering(), Ballot.objects.count,
            ),
            "idea": (
                phone, reverse("measures:idea-add", args=[workshop.pk]),
                {"field": field.pk, "text": "Rad", "number": 7}, Idea.objects.count,
            ),
            "line": (
                tablet, reverse("measures:measure-add", args=[workshop.pk, field.pk]),
                {"title": "Rad", "client_id": key}, Measure.objects.count,
            ),
            "vote": (
                phone, reverse("measures:rate-measure", args=[workshop.pk, measure.number]),
                {"relevance": 4, "feasibility": 2}, Rating.objects.count,
            ),
            "notes": (
                leader, reverse("measures:front-notes", args=[workshop.pk]),
                {"notes": "Rat kommt später", "seen": NotesForm(instance=Front()).now},
                Front.objects.exclude(notes="").count,
            ),
        }[what]  # fmt: skip

    return entry


@pytest.mark.parametrize("kind", HALL_KINDS)
@pytest.mark.parametrize("what", ["guest", "idea", "line", "vote", "notes"])
def test_in_the_hall_nothing_is_half_stored_and_the_second_try_succeeds(what, kind, entering_into):
    client, address, sent, count = entering_into(what)
    before = count()
    with fault(kind, HALL):
        assert client.post(address, sent).status_code == 503
        assert client.post(address, sent, headers=FRAGMENT).status_code == 503
    assert count() == before
    assert client.post(address, sent).status_code == 302
    assert count() == before + 1


# Fragments ---------------------------------------------------------------------------------------


def test_a_script_gets_the_sentence_alone_and_keeps_what_was_typed(
    laptop, edit, words, workshop, field
):
    line = {"title": "Rad", "client_id": str(uuid.uuid4()), "description": LONG}
    add = reverse("measures:measure-add", args=[workshop.pk, field.pk])
    with fault("readonly"):
        answers = [laptop.post(url, sent, headers={"HX-Request": "true"})
                   for url, sent in ((edit, words), (add, line))]  # fmt: skip
    found = [(a.status_code, a["Retry-After"], a["Content-Type"], a.text) for a in answers]
    assert found == [(503, "10", "text/plain; charset=utf-8", f"{GERMAN}\n")] * 2
    assert laptop.post(add, line, headers={"HX-Request": "true"}).status_code == 201


def test_a_script_is_told_in_both_languages_where_nobody_knows_which(laptop, edit, words):
    with fault("away"):
        response = laptop.post(edit, words, headers={"HX-Request": "true"})
    assert (response.status_code, response.text) == (503, f"{GERMAN} {ENGLISH}\n")


# What is never shown -----------------------------------------------------------------------------


def test_a_rating_is_not_shown_beside_a_name(browser, participant, workshop, measure, at):
    at("rating")
    phone = browser(participant)
    phone.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
    url, steps = reverse("measures:rate-measure", args=[workshop.pk, 1]), {"relevance": "5"}
    steps |= {"feasibility": "1"}
    with fault("readonly"):
        page = phone.post(url, steps)
        script = phone.post(url, steps, headers={"HX-Request": "true"})
    assert (page.status_code, page.context["typed"], script.text) == (503, [], f"{GERMAN}\n")
    assert (phone.post(url, steps).status_code, Rating.objects.count()) == (302, 1)


def test_a_rating_is_not_shown_by_a_page_that_was_out_of_date(workshop, measure, participant, at):
    at("rating")
    phone = Client(enforce_csrf_checks=True)
    phone.force_login(participant)
    url = reverse("measures:rate-measure", args=[workshop.pk, 1])
    response = phone.post(url, {"relevance": "5", "feasibility": "1"})
    assert (response.status_code, response.context["typed"]) == (403, [])


@pytest.mark.parametrize("kind", ["readonly", "away"])
def test_a_log_in_that_cannot_be_stored_shows_the_address_and_no_password(kind, browser, stranger):
    sent = {"login": stranger.email, "password": "geheim-geheim"}
    with fault(kind):
        response = browser().post(reverse("account_login"), sent)
    assert (response.status_code, dict(response.context["typed"])) == (
        503, {"E-Mail-Adresse": stranger.email},
    )  # fmt: skip
    assert "geheim" not in response.content.decode()


def test_a_form_that_cannot_be_read_is_no_reason_to_fail_twice(browser, facilitator, workshop):
    client, url = browser(facilitator), reverse("fields:field-add", args=[workshop.pk])
    with fault("away"):
        response = client.post(url, {"name": "x" * 1_100_000})
    assert (response.status_code, response.context["typed"]) == (503, [])


# Everywhere --------------------------------------------------------------------------------------


def test_the_admin_gives_back_what_was_typed(browser, admin_user):
    town = Municipality.objects.create(name="Bingen")
    url = reverse("admin:workshops_municipality_change", args=[town.pk])
    sent = {"name": "Alltag", "kind": "city"}
    client = browser(admin_user)
    with fault("readonly"):
        response = client.post(url, sent)
    assert told(response) == (503, "10", {"de": GERMAN})
    assert ("Name", "Alltag") in response.context["typed"]
    assert client.post(url, sent).status_code == 302


def test_a_session_that_cannot_be_stored_is_not_taken_for_one_that_was_deleted(
    browser, facilitator
):
    client = browser(facilitator)
    client.post(reverse("set-language"), {"language": "de"})
    with fault("readonly"):
        response = client.post(reverse("set-language"), {"language": "en"})
    assert told(response) == (503, "10", {"de": GERMAN})


def test_a_session_that_was_deleted_meanwhile_stays_a_bad_request(
    browser, facilitator, monkeypatch
):
    client = browser(facilitator)
    delete = lambda *_: Session.objects.all().delete() and False  # noqa: E731
    monkeypatch.setattr("bingen_strategy.views.url_has_allowed_host_and_scheme", delete)
    response = client.post(reverse("set-language"), {"language": "en"})
    assert (response.status_code, response.templates[0].name) == (400, "400.html")


@only_postgresql
def test_a_page_of_an_error_whose_frame_needs_the_account_does_not_end_in_another(
    browser, facilitator
):
    client = browser(facilitator)
    with fault("locked", "workshops_user"):
        response = client.get("/nowhere/")
    assert told(response) == (503, "10", {"de": GERMAN})
    assert client.get("/nowhere/").status_code == 404


# Our own faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM nowhere",
        "SELECT nothing FROM workshops_user",
        "SELEC 1",
        "INSERT INTO workshops_user (id) VALUES (1)",
        "INSERT INTO workshops_workshoprevision (workshop_id, number) VALUES (-1, -1)",
    ],
)
def test_what_is_wrong_in_the_program_or_the_data_is_no_failure_that_passes(statement):
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute(statement)
    assert is_passing(caught.value) is False


def test_a_fault_of_ours_stays_one_though_it_happens_while_the_database_fails(
    browser, facilitator, workshop, monkeypatch
):
    def stumble(*_args, **_more):
        with fault("away"):
            try:
                User.objects.count()
            except DatabaseError:
                return 1 / 0

    monkeypatch.setattr("measures.day.views.day.counts_of", stumble)
    response = browser(facilitator).get(workshop.get_absolute_url())
    assert (response.status_code, response.templates[0].name) == (500, "500.html")
