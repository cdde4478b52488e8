"""The German catalogue holds every text of the product, nothing else, and is compiled."""

from pathlib import Path

import polib
import pytest

from tests.messages import Message, in_project, in_python, in_template, placeholders

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "locale/de/LC_MESSAGES/django.po"
PACKAGES = ["bingen_strategy", "fields", "measures", "templates", "workshops"]


@pytest.fixture(scope="module")
def po() -> polib.POFile:
    return polib.pofile(CATALOGUE.read_text("utf-8"))


@pytest.fixture(scope="module")
def source() -> dict[Message, list[str]]:
    return in_project(ROOT, PACKAGES)


def as_message(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural or None)


def key(message: Message) -> tuple:
    """Gettext files a text under its context and singular; the plural comes along."""
    return message.context, message.singular


def test_no_text_of_the_source_is_missing(po, source):
    known = {key(as_message(entry)) for entry in po if not entry.obsolete}
    assert {message: at for message, at in source.items() if key(message) not in known} == {}


def test_every_counted_text_has_its_plural_in_the_catalogue(po, source):
    known = {as_message(entry) for entry in po}
    assert [message for message in source if message.plural and message not in known] == []


def test_no_entry_is_stale(po, source):
    used = {key(message) for message in source}
    assert [e.msgid for e in po if e.obsolete or key(as_message(e)) not in used] == []


def test_no_entry_is_fuzzy(po):
    assert [entry.msgid for entry in po if entry.fuzzy] == []
    assert not po.metadata_is_fuzzy


def test_every_entry_is_translated_in_every_plural_form(po):
    def complete(entry: polib.POEntry) -> bool:
        if entry.msgid_plural:
            return sorted(entry.msgstr_plural) == [0, 1] and all(entry.msgstr_plural.values())
        return bool(entry.msgstr)

    assert [entry.msgid for entry in po if not complete(entry)] == []


def test_translations_keep_the_placeholders(po):
    wrong = []
    for entry in po:
        allowed = [placeholders(text) for text in (entry.msgid, entry.msgid_plural) if text]
        german = [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]
        wrong += [text for text in german if placeholders(text) not in allowed]
    assert wrong == []


def test_the_compiled_catalogue_equals_the_readable_one(po):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def content(catalogue) -> dict:
        return {as_message(e): (e.msgstr, e.msgstr_plural) for e in catalogue if not e.obsolete}

    assert content(compiled) == content(po)
    assert compiled.metadata == po.metadata


# The finder itself ------------------------------------------------------------------------------


def test_python_texts_are_found_under_any_name():
    source = """
from django.utils import translation
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy as p, npgettext
_("plain"); _("put " "together"); _("added " + "up"); p("ctx", "with context")
ngettext("%d vote", "%d votes", n); npgettext("c", "one", "many", n)
translation.gettext("by module"); _(variable); other("no"); gettext("not imported")
"""
    assert set(in_python(source)) == {
        Message(None, "plain", None),
        Message(None, "put together", None),
        Message(None, "added up", None),
        Message("ctx", "with context", None),
        Message(None, "%d vote", "%d votes"),
        Message("c", "one", "many"),
        Message(None, "by module", None),
    }


def test_an_f_string_is_refused():
    source = "from django.utils.translation import gettext as _\n_(f'Hello {name}')"
    with pytest.raises(ValueError, match="line 2: an f-string cannot be translated"):
        list(in_python(source))


def test_template_texts_are_found_in_every_tag():
    source = """
{% load i18n %}{# _("a comment") #}{% comment %}{% translate "hidden" %}{% endcomment %}
{% translate "Goal's name" %} {% trans 'single "quoted"' as x %} {% translate "100 %" %}
{% translate "May" context "month" %} {{ value|default:_("none yet") }} {{ _("first") }}
{% include "a.html" with title=_("Titel") %}
{% blocktranslate with n=name %}Hello {{ n }}{% endblocktranslate %}
{% blocktranslate trimmed count n=x %}
  one
  vote
{% plural %}{{ n }} votes{% endblocktranslate %}
"""
    assert set(in_template(source)) == {
        Message(None, "Goal's name", None),
        Message(None, 'single "quoted"', None),
        Message(None, "100 %%", None),
        Message("month", "May", None),
        Message(None, "none yet", None),
        Message(None, "first", None),
        Message(None, "Titel", None),
        Message(None, "Hello %(n)s", None),
        Message(None, "one vote", "%(n)s votes"),
    }


def test_placeholders_are_told_from_signs():
    assert placeholders("100 %% of %(n)s for {name} and %d, {{no}}") == ["%(n)s", "%d", "{name}"]
