"""The guides: every "?" leads somewhere, every section explains a page, words are as they are."""

import re
from pathlib import Path

import polib
import pytest
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from workshops.guides import GUIDES, PICTURES, Section, section

ROOT = Path(__file__).parent.parent
TEMPLATES, PICTURE_FILES = ROOT / "templates", ROOT / "static/img/help"
CATALOGUE = ROOT / "locale/de/LC_MESSAGES/django.po"
SECTIONS = [each for guide in GUIDES.values() for each in guide.sections]
LANGUAGES = ("de", "en")
_HELP = re.compile(r'\bhelp="([^"]*)"')
_PICTURE = re.compile(r'{% guide_picture "(\w+)" alt="([^"]+)" %}')
_QUOTED = {"de": re.compile("„([^“]+)“"), "en": re.compile("“([^”]+)”")}
BYTES = 60_000


def text_of(each: Section, language: str) -> str:
    with override(language):
        return (TEMPLATES / each.template).read_text("utf-8")


def named() -> list[str]:
    """Return what the "?" of every page names."""
    examples = {"components/_heading.html", "components/_help.html", "workshops/_bar.html"}
    return [
        place
        for path in sorted(TEMPLATES.rglob("*.html"))
        if str(path.relative_to(TEMPLATES)) not in examples
        for place in _HELP.findall(path.read_text("utf-8"))
    ]


def test_every_question_mark_leads_to_a_section_and_every_section_explains_a_page():
    assert sorted(set(named())) == sorted(f"{each.guide}#{each.name}" for each in SECTIONS)


def test_a_section_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        section("facilitator#lunch")


def test_no_template_of_a_guide_is_left_over():
    wanted = [(language, each.guide, each.name) for language in LANGUAGES for each in SECTIONS]
    found = [path.relative_to(TEMPLATES / "help") for path in TEMPLATES.glob("help/*/*/*.html")]
    assert sorted((*path.parts[:2], path.stem) for path in found) == sorted(wanted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_quotes_is_written_on_the_pages(language):
    entries = polib.pofile(CATALOGUE.read_text("utf-8"))
    words = {"de": lambda entry: entry.msgstr, "en": lambda entry: entry.msgid}[language]
    known = {words(entry).casefold() for entry in entries}
    quoted = [
        (each.name, " ".join(words.split()))
        for each in SECTIONS
        for words in _QUOTED[language].findall(text_of(each, language))
    ]
    assert len(quoted) > 60
    assert [(name, words) for name, words in quoted if words.casefold() not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_shown_once_and_has_an_own_description(language):
    shown = [found for each in SECTIONS for found in _PICTURE.findall(text_of(each, language))]
    assert sorted(name for name, _alt in shown) == sorted(PICTURES)
    assert len({alt for _name, alt in shown}) == len(shown)


def test_every_picture_exists_in_its_size_and_is_light():
    files = {path.stem: path for path in PICTURE_FILES.glob("*.png")}
    assert {name: Image.open(path).size for name, path in files.items()} == PICTURES
    assert [name for name, path in files.items() if path.stat().st_size > BYTES] == []
    assert len(PICTURES) <= 8


@pytest.mark.django_db
@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_read_without_an_account_in_the_readers_language(client, guide):
    pages = {}
    for language in LANGUAGES:
        client.post(reverse("set-language"), {"language": language})
        pages[language] = client.get(reverse("help-guide", args=[guide])).content.decode()
    headings = [f'<h2 class="kern-heading-medium" id="{s.name}"' for s in GUIDES[guide].sections]
    assert [h for page in pages.values() for h in headings if page.count(h) != 1] == []
    assert pages["de"] != pages["en"]


@pytest.mark.django_db
def test_the_list_of_guides_leads_to_every_section(client):
    page = client.get(reverse("help-list")).content.decode()
    assert [each.address for each in SECTIONS if f'href="{each.address}"' not in page] == []


@pytest.mark.django_db
def test_a_guide_that_does_not_exist_is_not_found(client):
    assert client.get(reverse("help-guide", args=["lunch"])).status_code == 404
