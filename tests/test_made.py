"""What lies in static/made is what python3 dev.py assets makes, and it is enough for every page."""

import re
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from assets import DOCUMENTS, MADE
from assets.fonts import (
    FACES,
    IN_DOCUMENTS,
    document_fonts,
    font_file,
    font_names,
    parts_of,
    ranges,
    sheet,
    signs_of,
)
from assets.kern import (
    JOINED,
    NAME,
    SOME,
    Rule,
    can_match,
    kern_files,
    own_texts,
    parsed,
    without_unread,
)
from tests.letters import EU_LETTERS, SIGNS
from tests.nightly import NIGHTLY

STYLES = ("Regular", "SemiBold", "Bold", "Italic")
AGAIN = "what is sent is older than its source: python3 dev.py assets"


def lying_there(ending: str) -> dict[str, bytes]:
    found = [path for path in MADE.rglob("*") if path.is_file() and path.name.endswith(ending)]
    return {path.relative_to(MADE).as_posix(): path.read_bytes() for path in found}


# Fonts -------------------------------------------------------------------------------------------


def test_the_fonts_are_those_that_the_command_makes():
    """All of them at night, for that takes half a minute; by day one."""
    names = [name for name in font_names() if NIGHTLY or "Italic-latin" in name]
    found = {**lying_there(".woff2"), **lying_there("fonts.css")}
    assert sorted(found) == sorted([*font_names(), *FACES])
    assert [name for name in names if found[name] != font_file(name)] == [], AGAIN
    assert [name for name in FACES if found[name] != sheet(name)] == [], AGAIN


def test_the_fonts_of_papers_are_those_that_the_command_makes():
    found = {path.name: path.read_bytes() for path in DOCUMENTS.glob("*.ttf")}
    assert sorted(found) == sorted(f"FiraSans-{style}.ttf" for style in IN_DOCUMENTS)
    assert found == document_fonts(), AGAIN


@pytest.mark.parametrize("style", STYLES)
def test_the_parts_of_a_font_hold_together_what_the_whole_one_held(style):
    sent = [
        set(TTFont(MADE / f"fonts/FiraSans-{style}-{part}.woff2").getBestCmap())
        for part in parts_of(style)
    ]
    assert set().union(*sent) == signs_of(style)


@pytest.mark.parametrize("language", EU_LETTERS)
def test_no_language_of_the_union_lacks_a_letter_or_needs_more_than_its_alphabet(language):
    letters = EU_LETTERS[language].replace(" ", "")
    capitals = {sign.upper() for sign in letters if len(sign.upper()) == 1}
    wanted = {ord(sign) for sign in {*letters, *capitals, *SIGNS}}
    own = {"el": ["greek"], "bg": ["cyrillic"]}.get(language, [])
    for style in STYLES:
        parts = parts_of(style)
        assert [part for part, signs in parts.items() if wanted & {*signs}] == ["latin", *own]
        assert wanted <= {sign for part in ("latin", *own) for sign in parts[part]}


def size(style: str, part: str) -> int:
    return (MADE / f"fonts/FiraSans-{style}-{part}.woff2").stat().st_size


def test_the_letters_of_a_page_are_less_than_90_kilobytes_in_all_alphabets():
    """Text, labels and headings; with bold words, in Latin letters, too."""
    for part in ("greek", "cyrillic"):
        assert sum(size(style, each) for style in STYLES[:2] for each in ("latin", part)) < 90_000
    assert sum(size(style, "latin") for style in STYLES[:3]) < 90_000


def test_the_browser_is_told_of_each_part_what_is_in_it():
    for name, faces in FACES.items():
        sheet = (MADE / name).read_text("utf-8")
        found = re.findall(r"FiraSans-(\w+)-(\w+)\.woff2\".*?unicode-range: ([^;]+);", sheet, re.S)
        parts = [(s, p, ranges(signs)) for s, *_face in faces for p, signs in parts_of(s).items()]
        assert found == parts


def test_spans_of_signs_are_written_as_css_wants_them():
    assert ranges([0x20, 0x21, 0x22, 0xA0, 0x2026]) == "U+20-22,U+A0,U+2026"
    assert all(a < b for a, b in pairwise(parts_of("Regular")["latin"]))


# KERN --------------------------------------------------------------------------------------------


def test_the_rules_are_those_that_the_command_picks_for_the_pages_as_they_are_now():
    assert lying_there("kern.css") == kern_files(), AGAIN


def test_names_that_are_put_together_begin_with_a_known_part():
    stems = {stem for text in own_texts().values() for stem in JOINED.findall(text)}
    whole_kinds = {"kern-alert--", "kern-badge--", "kern-btn--", "kern-form-check__"}
    assert stems == whole_kinds | {*SOME}


SMALL = (
    "@charset \"UTF-8\";.kern-a,.kern-b{color:var(--kern-x);width:1px}"
    ".kern-c:not(.kern-b):is(.kern-a,.kern-z){animation:kern-turn 1s}"
    "@keyframes kern-turn{to{opacity:0}}@keyframes kern-gone{to{opacity:1}}"
    ":root{--kern-x: var(--kern-y, url(\"data:a;b{c}\"));--kern-y: 1;--kern-w: 2}"
    "@media print{.kern-z{color:red}}"
)  # fmt: skip


def test_a_style_sheet_is_read_whatever_its_strings_hold():
    heads = [rule.head for rule in parsed(SMALL)]
    assert heads == [
        ".kern-a,.kern-b", ".kern-c:not(.kern-b):is(.kern-a,.kern-z)", "@keyframes kern-turn",
        "@keyframes kern-gone", ":root", "@media print",
    ]  # fmt: skip
    root = parsed(SMALL)[4]
    assert root.declarations[0] == '--kern-x: var(--kern-y, url("data:a;b{c}"))'
    assert str(parsed(SMALL)[5]) == "@media print{.kern-z{color:red}}"


@pytest.mark.parametrize(
    ("selector", "can"),
    [
        ("html", True),
        (".kern-a .kern-b", True),
        (".kern-a .kern-z", False),
        (".kern-a:not(.kern-z)", True),
        (".kern-a:is(.kern-b,.kern-z)", True),
        (".kern-a:is(.kern-y,.kern-z)", False),
        (".kern-a:has(.kern-z)", False),
    ],
)
def test_a_rule_stays_where_its_classes_can_meet(selector, can):
    assert can_match(selector, {"kern-a", "kern-b"}) is can


def test_a_property_stays_where_something_that_stays_reads_it():
    rules = [
        Rule(".kern-a", ["color:var(--kern-x)"]),
        Rule(":root", ["--kern-x: var(--kern-y)", "--kern-y: 1", "--kern-w: 2", "--kern-own: 3"]),
    ]
    [_first, root] = without_unread(rules, {"--kern-own"})
    assert root.declarations == ["--kern-x: var(--kern-y)", "--kern-y: 1", "--kern-own: 3"]


def test_a_name_is_found_whole():
    assert NAME.findall('class="kern-btn kern-btn--primary" not-kern-x kern-icon--{{ x }}') == [
        "kern-btn", "kern-btn--primary", "kern-icon",
    ]  # fmt: skip
