"""Who may import whom, and what templates and scripts may not contain."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOWER = {"workshops": (), "fields": ("workshops",), "measures": ("fields", "workshops")}
APPS = set(LOWER)
PURE = [
    "measures/agreement.py",
    "measures/attachments/content.py",
    "measures/attachments/names.py",
    "measures/board/likeness.py",
    "measures/board/pasting.py",
    "measures/calendar/ical.py",
    "measures/committee/snapshot.py",
    "measures/costs/euros.py",
    "measures/costs/fitting.py",
    "measures/costs/sums.py",
    "measures/followup/lights.py",
    "measures/followup/timeline.py",
    "measures/followup/tracks.py",
    "measures/groups.py",
    "measures/indicators/chart.py",
    "measures/indicators/series.py",
    "measures/matrix/colours.py",
    "measures/matrix/labels.py",
    "measures/matrix/choice.py",
    "measures/matrix/geometry.py",
    "measures/matrix/ground.py",
    "measures/matrix/lines.py",
    "measures/matrix/places.py",
    "measures/matrix/sites.py",
    "measures/matrix/layout.py",
    "measures/matrix/letter_widths.py",
    "measures/matrix/overlay.py",
    "measures/matrix/placement.py",
    "measures/matrix/quadrants.py",
    "measures/matrix/shapes.py",
    "measures/matrix/titles.py",
    "measures/prioritisation.py",
    "measures/public/disclosure.py",
    "measures/results/dumbbells.py",
    "measures/rounding.py",
    "measures/searching/words.py",
    "measures/seals/chain.py",
    "measures/seals/text.py",
    "measures/short_titles.py",
    "measures/stability/__init__.py",
    "measures/stability/comparing.py",
    "measures/stability/crossings.py",
    "measures/stability/dissent.py",
    "measures/stability/drawn.py",
    "measures/stability/frames.py",
    "measures/stability/front.py",
    "measures/stability/gaps.py",
    "measures/stability/leads.py",
    "measures/stability/over_weights.py",
    "measures/stability/points.py",
    "measures/stability/ranks.py",
    "measures/stability/region.py",
    "measures/stability/rooms.py",
    "measures/stability/runs.py",
    "measures/stability/votes.py",
    "measures/transfer/letters.py",
    "measures/transfer/mending.py",
    "workshops/collation.py",
    "workshops/numerals.py",
    "workshops/plain_text.py",
]
# The rooms of measures/, lowest first: a room knows those before it in the list, never those after.
ROOMS = [
    "agreement", "rounding", "prioritisation", "short_titles", "stability", "seals", "models",
    "columns", "wordings", "decided", "numbers", "markup", "outcomes", "groups", "standing",
    "shown", "panels", "tallies", "overview", "by_group", "searching",
    "rating", "board", "settings", "matrix", "costs", "indicators", "followup", "assessment",
    "attachments", "results", "committee", "documents", "catalogue", "public", "transfer",
    "hand_over", "again", "calendar", "day", "hall",
    "templatetags", "demo", "admin", "urls", "apps", "management", "migrations",
]  # fmt: skip
# What must not be in a template: the content security policy would block it in front of people.
# HTML knows htmx's attributes as data-hx-… only.
BANNED = {
    "hx-on": r"\s(?:data-)?hx-on",
    "an htmx attribute that is no data-": r"<[^>]*\shx-",
    "a filter in hx-trigger": r"hx-trigger\s*=\s*[\"'][^\"']*\[",
    "js: values": r"hx-(?:vals|headers)\s*=\s*[\"']\s*(?:js|javascript):",
    "an inline script": r"<script(?![^>]*\ssrc=)(?![^>]*\stype=[\"']application/json)",
    "a style element": r"<style\b",
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "a resource from elsewhere": (
        r"<(?!a\b)[^>]*\s(?:src|srcset|href|data|action|poster)\s*=\s*[\"']\s*(?:https?:)?//"
    ),
    "an import from elsewhere": r"(?:url\(|@import|\bfrom|\bimport)\s*[\"'(]*\s*(?:https?:)?//",
}


def imported(source: str) -> set[str]:
    """Return the top-level packages that a module imports anywhere, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def imported_modules(source: str) -> set[str]:
    """Return the full names of what a module imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{'.' * node.level}{node.module or ''}.{a.name}" for a in node.names}
    return found


def breaches(source: str) -> list[str]:
    """Return what a template or script contains of the ban list, comments left out."""
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    # Template tags may hold > and quotes, which would confuse the search for attributes.
    text = re.sub(r"{%.*?%}|{{.*?}}", "X", text, flags=re.DOTALL)
    return [what for what, pattern in BANNED.items() if re.search(pattern, text, re.I)]


def own_files(pattern: str, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob(pattern))]
    return [path for path in found if not {"vendor", "made"} & {*path.parts}]


@pytest.mark.parametrize("app", LOWER)
def test_imports_run_downwards_only(app):
    forbidden = APPS - {app, *LOWER[app]} | {"tests"}
    wrong = {
        str(path.relative_to(ROOT)): imported(path.read_text("utf-8")) & forbidden
        for path in own_files("*.py", app)
    }
    assert {path: found for path, found in wrong.items() if found} == {}


def rooms_above(source: str, room: str) -> set[str]:
    """Return the rooms of measures/ that a module of ``room`` imports though they lie above it."""
    found = set()
    for name in imported_modules(source):
        parts = name.split(".")
        if parts[0] == "measures" and len(parts) > 1:
            found.add(parts[1])
    return {other for other in found if ROOMS.index(other) > ROOMS.index(room)}


def test_no_room_imports_one_above_it():
    wrong = {}
    for path in own_files("*.py", "measures"):
        room = path.relative_to(ROOT / "measures").parts[0].removesuffix(".py")
        if room not in ("__init__", "migrations"):
            wrong[str(path.relative_to(ROOT))] = rooms_above(path.read_text("utf-8"), room)
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize("path", PURE)
def test_pure_modules_know_neither_django_nor_a_database(path):
    """A pure module may use other pure modules, the standard library, numpy and pandas."""
    allowed = {name.removesuffix(".py").replace("/", ".") for name in PURE}
    modules = imported_modules((ROOT / path).read_text("utf-8"))
    ours = {name for name in modules if name.startswith((".", *APPS))}
    assert {name for name in ours if name.rpartition(".")[0] not in allowed} == set()
    assert {name for name in modules if name.partition(".")[0] in ("django", "psycopg")} == set()


def test_templates_and_scripts_hold_nothing_the_policy_blocks():
    templates = own_files("*.html", "templates", *LOWER) + own_files("*.svg", "templates")
    files = templates + own_files("*.js", "static") + own_files("*.css", "static")
    wrong = {str(path.relative_to(ROOT)): breaches(path.read_text("utf-8")) for path in files}
    assert {path: found for path, found in wrong.items() if found} == {}


# The rules themselves ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<div data-hx-on:click="x()">', ["hx-on"]),
        ('<div hx-get="/">', ["an htmx attribute that is no data-"]),
        ('<p data-hx-trigger="click[ctrlKey]">', ["a filter in hx-trigger"]),
        ("<p data-hx-vals='js:{a: 1}'>", ["js: values"]),
        ("<script>alert(1)</script>", ["an inline script"]),
        ('<script type="module">x</script>', ["an inline script"]),
        ("<style>p{}</style>", ["a style element"]),
        ('<p class="a" style="color:red">', ["a style attribute"]),
        ("<p\n onclick='x()'>", ["an event handler"]),
        ('<img src="https://example.org/a.png">', ["a resource from elsewhere"]),
        ('<link rel="stylesheet" href="//cdn.example.org/a.css">', ["a resource from elsewhere"]),
        ("@import 'https://example.org/a.css'", ["an import from elsewhere"]),
        ("import x from 'https://example.org/x.js'", ["an import from elsewhere"]),
    ],
)
def test_a_breach_is_found(source, found):
    assert breaches(source) == found


@pytest.mark.parametrize(
    "source",
    [
        '<a href="https://www.bingen.de/">Bingen</a>',
        '<script src="{% static "js/a.js" %}" type="module"></script>',
        '<script id="points" type="application/json">[]</script>',
        '<p data-hx-trigger="every 3s" data-on="x" data-style="y">style = on</p>',
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
        "{# <style> #}{% comment %}<p onclick='x'>{% endcomment %}",
    ],
)
def test_harmless_markup_passes(source):
    assert breaches(source) == []


def test_an_import_upwards_is_found():
    source = "from measures.models import Measure\nfrom measures import day\nimport measures.public"
    assert rooms_above(source, "results") == {"public", "day"}
    assert rooms_above(source, "day") == set()


def test_imports_are_found_wherever_they_stand():
    source = "import fields.models as f\ndef g():\n    from measures import overview\n"
    assert imported(source) == {"fields", "measures"}
