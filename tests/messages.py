"""Find the texts that Django would offer to translators, without GNU gettext.

Python files are parsed; templates first become calls of gettext through Django's own templatize.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

# Function -> positions of (context, singular, plural) in its arguments.
FUNCTIONS = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
for _name in list(FUNCTIONS):
    FUNCTIONS[f"{_name}_lazy"] = FUNCTIONS[_name]
FUNCTIONS["gettext_noop"] = FUNCTIONS["gettext"]

_STRING = r"""[uU]?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_CALL = re.compile(
    rf"\b(_|n?p?gettext)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?", re.DOTALL
)


class Message(NamedTuple):
    """One text with its context and, if it counts something, its plural."""

    context: str | None
    singular: str
    plural: str | None


def in_python(source: str) -> Iterator[Message]:
    """Yield the literal texts given to Django's translation functions, under whatever name.

    Raises ValueError for an f-string, which no catalogue can ever hold.
    """
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            function = node.func.attr  # translation.gettext(…)
        else:
            function = names.get(getattr(node.func, "id", None))
        if function not in FUNCTIONS:
            continue
        if any(isinstance(argument, ast.JoinedStr) for argument in node.args):
            raise ValueError(f"line {node.lineno}: an f-string cannot be translated")
        yield from _message(function, [_literal(argument) for argument in node.args])


def in_template(source: str) -> Iterator[Message]:
    """Yield the texts of translate, blocktranslate and _("…") in a template."""
    for function, *strings in _CALL.findall(templatize(source)):
        arguments = [ast.literal_eval(text) for text in strings if text]
        yield from _message("gettext" if function == "_" else function, arguments)


def in_project(root: Path, packages: list[str]) -> dict[Message, list[str]]:
    """Return every text of the product with the files it stands in."""
    found: dict[Message, list[str]] = {}
    for package in packages:
        for path in sorted((root / package).rglob("*")):
            if path.suffix not in (".py", ".html", ".txt"):
                continue
            find = in_python if path.suffix == ".py" else in_template
            for message in find(path.read_text("utf-8")):
                found.setdefault(message, []).append(str(path.relative_to(root)))
    return found


def placeholders(text: str) -> list[str]:
    """Return what is filled in later: %(name)s, %s and {name}; a doubled %% or {{ is a sign."""
    found = re.findall(r"%%|\{\{|\}\}|%\(\w+\)[a-z]|%[sdif]|\{\w*\}", text)
    return sorted(mark for mark in found if mark not in ("%%", "{{", "}}"))


def _message(function: str, arguments: list[str | None]) -> Iterator[Message]:
    """Yield the message of one call; nothing when its text is a variable."""
    positions = FUNCTIONS[function]
    values = [
        arguments[place] if place is not None and place < len(arguments) else None
        for place in positions
    ]
    if values[1]:
        yield Message(*values)


def _literal(node: ast.expr) -> str | None:
    """Return a text written out in the source, also one put together with +."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        return left + right if left is not None and right is not None else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
