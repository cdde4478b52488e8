"""A legal text: headings, paragraphs, lists, links and gaps; nothing else has a meaning."""

import time

import pytest

from workshops.presence.marking import gaps, html, plain_gaps, without_gaps

TEXT = """\
# Kontakt

Rathaus
Burg Klopp 1

- Telefon: [… Nummer]
- E-Mail: info@bingen.example

## Fristen
Siehe https://www.bingen.example/fristen?a=1&b=2.

# Leeres

## Auch leer

[… noch etwas]
"""


def test_a_text_becomes_headings_paragraphs_lists_and_links():
    assert str(html(TEXT)).split("\n") == [
        '<h2 class="kern-heading-medium">Kontakt</h2>',
        "<p>Rathaus<br>Burg Klopp 1</p>",
        '<ul class="kern-list kern-list--bullet"><li>Telefon: <mark>[… Nummer]</mark></li>'
        '<li>E-Mail: <a href="mailto:info@bingen.example">info@bingen.example</a></li></ul>',
        '<h3 class="kern-heading-small">Fristen</h3>',
        '<p>Siehe <a href="https://www.bingen.example/fristen?a=1&amp;b=2">'
        "https://www.bingen.example/fristen?a=1&amp;b=2</a>.</p>",
        '<h2 class="kern-heading-medium">Leeres</h2>',
        '<h3 class="kern-heading-small">Auch leer</h3>',
        "<p><mark>[… noch etwas]</mark></p>",
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("# <b>x</b>", '<h2 class="kern-heading-medium">&lt;b&gt;x&lt;/b&gt;</h2>'),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("https://a.example/<x", '<a href="https://a.example/">https://a.example/</a>&lt;x'),
        ('https://a.example/"onclick=', "https://a.example/</a>&quot;onclick="),
        ("[… <i>x</i>]", "<mark>[… &lt;i&gt;x&lt;/i&gt;]</mark>"),
        ("#keine Überschrift", "<p>#keine Überschrift</p>"),
        ("-kein Punkt", "<p>-kein Punkt</p>"),
    ],
)
def test_html_stays_what_was_typed(typed, shown):
    assert shown in str(html(typed))


def test_nothing_becomes_nothing():
    assert (str(html("")), str(html(" \n\n ")), gaps(""), without_gaps("")) == ("", "", [], "")


def test_gaps_are_named_once_and_however_their_dots_were_typed():
    text = plain_gaps("[... Name], [ … Name] und [...]; [Stand: 2026] ist keine.")
    assert text == "[… Name], [… Name] und […]; [Stand: 2026] ist keine."
    assert gaps(text) == ["Name", "…"]
    assert gaps("[… nie geschlossen") == ["nie geschlossen"]


def test_without_gaps_no_line_has_one_and_no_heading_stands_alone():
    assert without_gaps(TEXT).split("\n") == [
        "# Kontakt", "", "Rathaus", "Burg Klopp 1", "", "- E-Mail: info@bingen.example", "",
        "## Fristen", "Siehe https://www.bingen.example/fristen?a=1&b=2.", "", "", "", "",
    ]  # fmt: skip


def test_without_gaps_nothing_is_announced_that_does_not_follow():
    text = "# Ort\n\nGilt immer.\n\nWenden Sie sich an:\n\n{}\n\n# Zeit\n\nImmer um:\n10 Uhr"
    filled = text.format("Rathaus")
    assert without_gaps(filled) == filled
    bare = "# Ort\n\nGilt immer.\n\n\n\n# Zeit\n\nImmer um:\n10 Uhr"
    assert without_gaps(text.format("[… Stelle]")) == bare
    assert without_gaps("# Amt\n\nWenden Sie sich an:\n[… Stelle]") == ""


@pytest.mark.parametrize("typed", ["a" * 40_000 + "@", "https://" + "." * 40_000, "[… " * 13_000])
def test_a_text_made_to_be_slow_is_not(typed):
    begun = time.process_time()
    html(typed)
    assert time.process_time() - begun < 5
