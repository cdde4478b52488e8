"""allauth's German says "Du"; ours says "Sie" to everybody, in every text of local accounts."""

import re
from pathlib import Path

import allauth
import polib
import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

from tests.messages import placeholders

ROOT = Path(__file__).parent.parent
FORMAL = ROOT / "locale_formal/de/LC_MESSAGES/django.po"
ALLAUTH = Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.po"
OWN = ROOT / "locale/de/LC_MESSAGES/django.po"

INFORMAL = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer\w*|eure\w*)\b", re.IGNORECASE)
# "Bitte gib …" addresses nobody by a pronoun and is a "Du" all the same.
IMPERATIVE = re.compile(
    r"\b(beachte|bestätige|folge|gib|habe bitte|bitte habe|klick|klicke|kontaktiere|lass|melde"
    r"|prüfe|rufe|schau|überprüfe|versuche|verwende|wähle|warte)\b(?! ich)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def formal() -> polib.POFile:
    return polib.pofile(FORMAL.read_text("utf-8"))


@pytest.fixture(scope="module")
def allauths() -> polib.POFile:
    return polib.pofile(ALLAUTH.read_text("utf-8"))


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


def test_no_entry_is_stale(formal, allauths):
    known = {(e.msgctxt, e.msgid) for e in allauths if is_about_accounts(e)}
    assert [e.msgid for e in formal if (e.msgctxt, e.msgid) not in known] == []


def test_no_entry_is_overruled_by_our_own_catalogue(formal):
    own = {(e.msgctxt, e.msgid) for e in polib.pofile(OWN.read_text("utf-8"))}
    assert [e.msgid for e in formal if (e.msgctxt, e.msgid) in own] == []


def test_every_entry_is_translated_and_takes_effect(formal):
    with translation.override("de"):
        wrong = [e.msgid for e in formal if e.fuzzy or not e.msgstr or gettext(e.msgid) != e.msgstr]
    assert wrong == []


def test_no_entry_asks_for_more_than_allauth_fills_in(formal):
    wrong = [e.msgid for e in formal if set(placeholders(e.msgstr)) - set(placeholders(e.msgid))]
    assert wrong == []


def test_links_stay_links(formal):
    def tags(text: str) -> list[str]:
        return sorted(re.findall(r"<[^>]*>|%\((?:end_)?link\)s", text))

    assert [e.msgid for e in formal if tags(e.msgstr) != tags(e.msgid)] == []


def test_the_compiled_catalogue_equals_the_readable_one(formal):
    compiled = polib.mofile(str(FORMAL.with_suffix(".mo")))
    assert {e.msgid: e.msgstr for e in compiled} == {e.msgid: e.msgstr for e in formal}
    assert compiled.metadata == formal.metadata
