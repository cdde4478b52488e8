"""Whoever chooses English reads English: no German word of the interface is left on a page.

German is the language of the settings, and a text without a translation falls back to it. Django
makes an exception for English; here we hold it to that, for our texts, allauth's and its own.
"""

import re
from html import unescape
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from workshops.guides import GUIDES
from workshops.models import Workshop

ROOT = Path(__file__).parent.parent
GERMAN = "locale/de/LC_MESSAGES/django.po"
FOLDERS = [
    ROOT,
    Path(allauth.__file__).parent,
    Path(django.__file__).parent / "conf",
    Path(django.__file__).parent / "contrib/admin",
    Path(django.__file__).parent / "contrib/auth",
]
CATALOGUES = [ROOT / "locale_formal/de/LC_MESSAGES/django.po", *(f / GERMAN for f in FOLDERS)]
# The switch names each language in itself; the licence's and the product's names stay.
ALWAYS = {"deutsch", "werkstatt"}

OPEN_PAGES = ["home", "account_login", "account_reset_password", "account_signup", "accessibility",
              "privacy", "imprint", "help-list"]  # fmt: skip
OWN_PAGES = ["home", "account_email", "account_change_password", "fields:workshop-create"]
WORKSHOP_PAGES = [
    "measures:workshop-day", "fields:field-list", "measures:measure-list", "measures:dashboard",
    "measures:entry-list", "workshops:people", "measures:workshop-edit",
    "workshops:workshop-scale", "measures:progress", "measures:search",
]  # fmt: skip
ADMIN_PAGES = ["admin:index", "admin:measures_measure_changelist", "admin:workshops_user_add"]


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-zäöüß]{4,}", text.lower()))


def visible(html: str) -> str:
    """Return what a page says, in its text or in attributes, without addresses of people."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    said = re.findall(r'\b(?:aria-label|title|placeholder|alt|data-[a-z-]+)="([^"]*)"', html)
    text = unescape(" ".join([re.sub(r"<[^>]*>", " ", html), *said]))
    return re.sub(r"\S+@\S+", " ", text)


@pytest.fixture(scope="module")
def german() -> set[str]:
    """Words that occur in German texts of the interface and in no English one."""
    entries = [entry for path in CATALOGUES for entry in polib.pofile(path.read_text("utf-8"))]
    theirs = [text for e in entries for text in (e.msgstr, *e.msgstr_plural.values())]
    english = [text for e in entries for text in (e.msgid, e.msgid_plural)]
    return words(" ".join(theirs)) - words(" ".join(english)) - ALWAYS


@pytest.fixture
def in_english(signed_in, client):
    """Return a function that gives a client, of a person or of nobody, that chose English."""

    def choose(person=None):
        own = signed_in(person) if person else client
        own.post(reverse("set-language"), {"language": "en"})
        return own

    return choose


def stored_words(workshop: Workshop) -> set[str]:
    """Words that somebody typed stay as they are typed, in every language."""
    steps = workshop.scale_steps.values_list("label", flat=True)
    groups = workshop.groups.values_list("name", flat=True)
    fields = workshop.fields.values_list("name", flat=True)
    measures = workshop.measures.values_list("title", flat=True)
    return words(" ".join([*steps, *groups, *fields, *measures, workshop.title]))


def german_on(response, german: set[str]) -> set[str]:
    html = response.content.decode()
    assert '<html lang="en"' in html
    return words(visible(html)) & german


def test_a_text_without_an_english_catalogue_stays_english():
    with translation.override("en"):
        assert gettext("Measures") == "Measures"
        assert gettext("Save") == "Save"
        assert ngettext("and %d more", "and %d more", 2) == "and %d more"
        assert pgettext("kind of municipality", "Municipality") == "Municipality"
        assert gettext("You have signed out.") == "You have signed out."
        assert gettext("This field is required.") == "This field is required."


@pytest.mark.django_db
def test_the_same_page_does_speak_german_before(client, german):
    assert "anmelden" in words(visible(client.get(reverse("home")).content.decode())) & german


@pytest.mark.django_db
@pytest.mark.parametrize("page", OPEN_PAGES)
def test_open_pages(in_english, german, settings, page):
    assert german_on(in_english().get(reverse(page)), german) - words(settings.OPERATOR) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("guide", GUIDES)
def test_guides(in_english, german, guide):
    assert german_on(in_english().get(reverse("help-guide", args=[guide])), german) == set()


@pytest.mark.django_db
def test_error_pages(in_english, german):
    assert german_on(in_english().get("/there-is-no-such-page/"), german) == set()


@pytest.mark.parametrize("page", OWN_PAGES)
def test_pages_of_ones_own(in_english, facilitator, workshop, german, page):
    facilitator.is_superuser = True  # may create workshops
    facilitator.save()
    found = german_on(in_english(facilitator).get(reverse(page)), german)
    assert found - stored_words(workshop) == set()


@pytest.mark.parametrize("page", WORKSHOP_PAGES)
def test_pages_of_a_workshop(in_english, facilitator, participant, measure, at, german, page):
    workshop = at("rating")
    response = in_english(facilitator).get(reverse(page, args=[workshop.pk]))
    assert german_on(response, german) - stored_words(workshop) - words("Alle kommen Netz") == set()


def test_refusals_and_errors_in_forms(in_english, participant, facilitator, workshop, german):
    people = reverse("workshops:person-add", args=[workshop.pk])
    refused = in_english(participant).get(reverse("workshops:people", args=[workshop.pk]))
    faulty = in_english(facilitator).post(people, {"email": "no address", "role": "nobody"})
    assert (refused.status_code, faulty.status_code) == (403, 422)
    assert german_on(refused, german) - stored_words(workshop) == set()
    assert german_on(faulty, german) - stored_words(workshop) == set()


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_pages_of_the_administration(in_english, facilitator, measure, workshop, german, page):
    facilitator.is_superuser = facilitator.is_staff = True
    facilitator.save()
    found = german_on(in_english(facilitator).get(reverse(page)), german)
    assert found - stored_words(workshop) == set()
