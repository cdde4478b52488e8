"""docs/architecture.md describes what is: its map, its routes, its files and its words."""

import ast
import re

import pytest
from django.urls import NoReverseMatch, get_resolver

from tests.test_layers import ROOMS, ROOT, own_files

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
QUOTED = re.compile(r"`([^`\n]+)`")


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def column(table: str, number: int) -> str:
    rows = [line.strip().strip("|").split("|") for line in table.splitlines() if line[:1] == "|"]
    return "\n".join(row[number] for row in rows)


def test_the_map_names_every_room_from_the_ground_up():
    assert QUOTED.findall(column(section("Map"), 1)) == ROOMS


def test_every_file_that_is_named_exists():
    named = [each for each in QUOTED.findall(PAGE) if re.fullmatch(r"[\w/-]+\.(py|html|css)", each)]
    folders = ("", "templates/", "measures/", "measures/transfer/")
    found = {name: any((ROOT / f"{folder}{name}").exists() for folder in folders) for name in named}
    assert len(found) > 20
    assert [name for name, is_there in found.items() if not is_there] == []


@pytest.mark.parametrize("route", sorted(set(re.findall(r"`measures:([\w-]+)`", PAGE))))
def test_every_route_that_is_named_exists(route):
    resolver = get_resolver()
    names = resolver.namespace_dict["measures"][1].reverse_dict
    if route not in names:
        raise NoReverseMatch(route)


def test_every_word_of_the_glossary_is_a_name_in_the_code():
    names = set()
    for path in own_files("*.py", "measures", "fields", "workshops"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names |= {getattr(node, key, None) for key in ("name", "id", "attr", "arg")}
            if isinstance(node, ast.Constant):
                names.add(node.value if isinstance(node.value, str) else None)
        names |= set(path.with_suffix("").parts)
    table = section("Glossary")
    words = QUOTED.findall(column(table, 1)) + QUOTED.findall(column(table, 3))
    assert len(words) > 35
    assert [word for word in words if word not in names] == []
