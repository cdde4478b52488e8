"""The German of allauth, Django and its administration: complete, plain, and "Sie" to everybody."""

import re
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation.trans_real import DjangoTranslation

from tests.messages import Message, in_project, placeholders

ROOT = Path(__file__).parent.parent
PACKAGES = Path(django.__file__).parent.parent
FORMAL = ROOT / "locale_formal/de/LC_MESSAGES/django.po"
SCRIPTS = FORMAL.with_name("djangojs.po")
ADMIN_SCRIPTS = PACKAGES / "django/contrib/admin/static/admin/js"
ALLAUTH = Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.po"
OWN = ROOT / "locale/de/LC_MESSAGES/django.po"

INFORMAL = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer\w*|eure\w*)\b", re.IGNORECASE)
# "Bitte gib …" addresses nobody by a pronoun and is a "Du" all the same.
IMPERATIVE = re.compile(
    r"\b(beachte|bestätige|folge|gib|habe bitte|bitte habe|klick|klicke|kontaktiere|lass|melde"
    r"|prüfe|rufe|schau|überprüfe|versuche|verwende|wähle|warte)\b(?! ich)",
    re.IGNORECASE,
)
# Signs, and words that are the same in German.
SAME = {":", ":?.!", "…", "%(class_name)s %(instance)s", "Filter", "IPv4", "IPv6", "Text"}
_IN_SCRIPT = re.compile(r"""\bgettext\(\s*("[^"]*"|'[^']*')""")


@pytest.fixture(scope="module")
def formal() -> polib.POFile:
    return polib.pofile(FORMAL.read_text("utf-8"))


@pytest.fixture(scope="module")
def allauths() -> polib.POFile:
    return polib.pofile(ALLAUTH.read_text("utf-8"))


@pytest.fixture(scope="module")
def djangos() -> set[Message]:
    """Return what people can read of Django itself and of the administration's pages."""
    parts = ["contrib/admin", "contrib/auth", "core", "db", "forms"]
    own = in_project(PACKAGES, [*(f"django/{part}" for part in parts), "simple_history"])
    return set(own)


def is_about_accounts(entry: polib.POEntry) -> bool:
    """Leave out log-in through others, second factors and devices, which we have not installed."""
    return not entry.obsolete and any(
        place.startswith(("account/", "templates/account/", "templates/allauth/"))
        for place, _line in entry.occurrences
    )


def in_german(entry: polib.POEntry) -> str:
    with translation.override("de"):
        if entry.msgid_plural:
            both = [ngettext(entry.msgid, entry.msgid_plural, n) for n in (1, 2)]
            return " / ".join(both)
        return gettext(entry.msgid)


def test_nobody_is_addressed_informally(allauths):
    texts = [in_german(entry) for entry in allauths if is_about_accounts(entry)]
    assert len(texts) > 150  # else the catalogue names its places in another way
    assert [text for text in texts if INFORMAL.search(text) or IMPERATIVE.search(text)] == []


def test_every_text_about_accounts_is_german(allauths):
    missing = [e.msgid for e in allauths if is_about_accounts(e) and in_german(e) == e.msgid]
    assert sorted(set(missing) - {"Code"}) == []


def message_in_german(message: Message) -> str:
    with translation.override("de"):
        if message.plural:
            return ngettext(message.singular, message.plural, 2)
        if message.context:
            return pgettext(message.context, message.singular)
        return gettext(message.singular)


def test_every_text_of_django_and_its_administration_is_german(djangos):
    assert len(djangos) > 300  # else the packages lie elsewhere
    missing = [m.singular for m in djangos if message_in_german(m) in (m.singular, m.plural)]
    assert sorted(set(missing) - SAME) == []


def test_every_text_of_the_administrations_scripts_is_german():
    texts = [
        found[1:-1]
        for path in ADMIN_SCRIPTS.glob("*.js")
        for found in _IN_SCRIPT.findall(path.read_text("utf-8"))
    ]
    assert len(texts) > 30
    german = DjangoTranslation(
        "de", domain="djangojs", localedirs=[str(ADMIN_SCRIPTS.parents[2] / "locale")]
    )
    # "Filter" is German, and so are the months that English shares; short ones have a context.
    same = {"Filter", "April", "August", "September", "November"}
    assert sorted(t for t in set(texts) - same if german.gettext(t) == t) == []


def test_no_entry_is_stale(formal, allauths, djangos):
    known = {(e.msgctxt, e.msgid) for e in allauths if is_about_accounts(e)}
    known |= {(message.context, message.singular) for message in djangos}
    assert [e.msgid for e in formal if (e.msgctxt, e.msgid) not in known] == []


def test_no_entry_is_overruled_by_our_own_catalogue(formal):
    own = {(e.msgctxt, e.msgid) for e in polib.pofile(OWN.read_text("utf-8"))}
    assert [e.msgid for e in formal if (e.msgctxt, e.msgid) in own] == []


def test_every_entry_is_translated_and_takes_effect(formal):
    def german(entry: polib.POEntry) -> str:
        return " / ".join(entry.msgstr_plural.values()) or entry.msgstr

    wrong = [e.msgid for e in formal if e.fuzzy or not german(e) or in_german(e) != german(e)]
    assert wrong == []


def test_no_entry_asks_for_more_than_allauth_fills_in(formal):
    wrong = []
    for entry in formal:
        filled = set(placeholders(entry.msgid + entry.msgid_plural))
        german = [entry.msgstr, *entry.msgstr_plural.values()]
        wrong += [text for text in german if set(placeholders(text)) - filled]
    assert wrong == []


@pytest.mark.django_db
def test_the_subject_of_a_mail_begins_with_the_product_and_no_host(client, facilitator, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": facilitator.email})
    assert [each.subject for each in mailoutbox] == ["Digital-Werkstatt: Neues Passwort festlegen"]


def test_links_stay_links(formal):
    def tags(text: str) -> list[str]:
        return sorted(re.findall(r"<[^>]*>|%\((?:end_)?link\)s", text))

    assert [e.msgid for e in formal if tags(e.msgstr) != tags(e.msgid)] == []


@pytest.mark.parametrize("path", [FORMAL, SCRIPTS], ids=["pages", "scripts"])
def test_the_compiled_catalogue_equals_the_readable_one(path):
    def content(catalogue) -> dict:
        return {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in catalogue}

    compiled, readable = polib.mofile(str(path.with_suffix(".mo"))), polib.pofile(str(path))
    assert content(compiled) == content(readable)
    assert compiled.metadata == readable.metadata
