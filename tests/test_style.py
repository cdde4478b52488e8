"""Style sheets hold no rule that no page can use."""

import re

import pytest

from tests.test_layers import own_files

APPS = ("measures", "workshops", "fields", "bingen_strategy")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
ID = re.compile(r"#(-?[a-zA-Z_][\w-]*)")
PROPERTY = re.compile(r"(?<=[\s{;])(--[\w-]+)\s*:")
FOREIGN = re.compile(r"kern-|htmx-|div_id_")  # written by libraries that we load


def sheets() -> dict[str, str]:
    return {
        path.name: COMMENT.sub("", path.read_text("utf-8"))
        for path in own_files("*.css", "static")
        if path.name != "admin.css"  # its classes and properties are those of Django's admin
    }


def selectors(sheet: str) -> str:
    """Return what stands before each block of declarations, as one text."""
    return " ".join(re.findall(r"([^{}]+)\{", re.sub(r"@[\w-]+[^{;]*[;{]", "", sheet)))


@pytest.fixture(scope="module")
def pages() -> str:
    """All that writes markup, as one text."""
    files = own_files("*.html", "templates") + own_files("*.svg", "templates", "static")
    files += own_files("*.py", *APPS) + own_files("*.js", "static")
    return "\n".join(path.read_text("utf-8") for path in files)


def is_written(name: str, pages: str) -> bool:
    """Say whether a page may carry this class; "quadrant--start" is put together from two parts."""
    if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", pages):
        return True
    stem, dashes, _variant = name.rpartition("--" if "--" in name else "-")
    joined = rf"(?<![\w-]){re.escape(stem + dashes)}(?:\{{|\"|'|%|\$)"
    return bool(dashes and re.search(joined, pages))


def test_every_class_and_id_in_a_style_sheet_is_written_by_some_page(pages):
    unused = {
        name: sorted(
            found
            for found in {*CLASS.findall(selectors(sheet)), *ID.findall(selectors(sheet))}
            if not FOREIGN.match(found) and not is_written(found, pages)
        )
        for name, sheet in sheets().items()
    }
    assert {name: found for name, found in unused.items() if found} == {}


def test_every_custom_property_is_used(pages):
    everything = "\n".join(sheets().values()) + pages
    unused = {
        found
        for sheet in sheets().values()
        for found in PROPERTY.findall(sheet)
        if not found.startswith("--kern-") and f"var({found}" not in everything
    }
    assert unused == set()


@pytest.mark.parametrize(
    ("name", "found"), [("row", True), ("light--done", True), ("ghost", False), ("row-x", False)]
)
def test_what_is_written_is_found(name, found):
    assert is_written(name, '<p class="row big">{% x %} class="light--{{ state }}"') is found
