"""Templates stay readable, and their lines break where a space does no harm."""

import re
from pathlib import Path

from tests.house import LONG_LINE
from tests.markup import compact

TEMPLATES = Path(__file__).parent.parent / "templates"
# A line break is a space, and none belongs before these.
CLINGS = re.compile(r"\s*({% (if|elif|else|for|with)\b[^%]*%}\s*)?[,;.!?)]")

LINK = re.compile("<a\\b.*?</a>", re.DOTALL)


def lines() -> list[tuple[str, str]]:
    """Return every line of every template, with the place where it stands."""
    return [
        (f"{path.relative_to(TEMPLATES)}:{number}", line)
        for path in sorted(TEMPLATES.rglob("*.*"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    ]


def test_no_line_is_longer_than_an_editor_shows():
    assert [place for place, line in lines() if len(line) > LONG_LINE] == []


def test_no_line_begins_with_what_clings_to_the_word_before():
    assert [(place, line) for place, line in lines() if CLINGS.match(line)] == []


def test_who_cancels_leaves_nothing_of_it_in_the_browser():
    """In a form whose words a browser keeps, see ``static/js/drafts.js``."""
    keeping = [
        path for path in TEMPLATES.rglob("*.html") if "data-draft=" in path.read_text("utf-8")
    ]
    texts = [
        path.read_text("utf-8") for path in (*keeping, TEMPLATES / "components/_edit_form.html")
    ]
    ways = [way for text in texts for way in LINK.findall(text) if '"Cancel"' in way]
    assert [way for way in ways if "data-draft-drop" not in way] == []
    assert len(ways) == 14


def test_markup_is_the_same_however_its_template_is_broken_into_lines():
    lines = '<p\n  class="\n    a\n    b\n  "\n>\n  Eins\n  zwei\n  <br />\n</p>\n'
    assert compact(lines) == compact('<p class="a b">Eins zwei<br/></p>') == (
        '<p class="a b">Eins zwei<br/></p>'
    )  # fmt: skip
