"""Guides call buttons and pages by the words that people see on them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from measures.results.stability_words import bounds

ROOT = Path(settings.BASE_DIR)
NAMED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")


@pytest.fixture(scope="module")
def words() -> str:
    """All templates and modules as one text."""
    apps = ("templates", "measures", "workshops", "fields")
    files = [f for app in apps for f in (ROOT / app).rglob("*") if f.suffix in {".html", ".py"}]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_what_the_administration_s_guide_sets_in_italics_is_written_on_a_page(words):
    text = (ROOT / "docs" / "administration.md").read_text(encoding="utf-8")
    names = [name for found in NAMED.findall(text) for name in found.split(" → ")]
    assert names
    marks = ("translate ", "_(")
    assert [n for n in names if not any(f'{mark}"{n}"' in words for mark in marks)] == []


@pytest.mark.parametrize(
    ("guide", "rows"),
    [
        (
            "committee.md",
            [
                "| **clearly ahead** | {clear} or more | at least {fewest} judgements",
                "| **probably ahead** | {probable} or more |",
                "| **open** | fewer than {probable} |",
            ],
        ),
        (
            "committee.de.md",
            [
                "| **deutlich vorn** | {clear} oder mehr | bei beiden Maßnahmen je Kriterium"
                " mindestens {fewest} Bewertungen",
                "| **wahrscheinlich vorn** | {probable} oder mehr |",
                "| **offen** | weniger als {probable} |",
            ],
        ),
    ],
)
def test_the_committee_s_guides_name_the_bounds_that_the_words_have(guide, rows):
    text = (ROOT / "docs" / guide).read_text(encoding="utf-8")
    assert [row for row in rows if row.format(**bounds()) not in text] == []
