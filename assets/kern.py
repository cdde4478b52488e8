"""Of KERN's style sheet the rules that our pages can use: a third of it.

A rule stays when each class it needs is written by some template, module or script of ours, and a
custom property when something that stays or our own style reads it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from assets import KERN, ROOT

HEAD = """\
/*! KERN UX-Standard, https://www.kern-ux.de, European Union Public Licence 1.2. Changed: only the
rules that our pages use, picked by python3 dev.py assets from static/vendor/kern/kern.min.css. */
"""
FOLDERS = ("templates", "workshops", "fields", "measures", "bingen_strategy", "static")
ENDINGS = {".html", ".py", ".js", ".css", ".svg"}
# Names that are put together, "kern-alert--{{ level }}": all that KERN has of the kind. Of the 40
# icons only those of messages are.
JOINED = re.compile(r"(kern-[\w-]+(?:--|__))(?:\{|\$|\"|'|%)")
LEVELS = ("info", "success", "warning", "danger")
SOME = {"kern-icon--": {f"kern-icon--{level}" for level in LEVELS}}

NAME = re.compile(r"(?<![\w-])kern-[\w-]*\w")
CLASS = re.compile(r"\.(kern-[\w-]+)")
NEGATED = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)")
ANY_OF = re.compile(r":is\(([^()]*)\)")
PROPERTY = re.compile(r"^(--[\w-]+)\s*:")
READ = re.compile(r"(?<![\w-])--[\w-]+")
ANIMATION = re.compile(r"animation(?:-name)?:([^;}]+)")


@dataclass(slots=True)
class Rule:
    """A rule with its declarations, or one like @media with the rules in it."""

    head: str
    declarations: list[str] = field(default_factory=list)
    rules: list["Rule"] = field(default_factory=list)

    def __str__(self) -> str:
        inner = "\n".join(map(str, self.rules)) if self.rules else ";".join(self.declarations)
        return f"{self.head}{{{inner}}}"


def kern_files() -> dict[str, bytes]:
    """Return the one made file by its name within static/made."""
    rules = list(picked(parsed(whole()), written()))
    read = {name for text in own_texts().values() for name in READ.findall(text)}
    return {"kern.css": (HEAD + "\n".join(map(str, without_unread(rules, read))) + "\n").encode()}


@cache
def whole() -> str:
    return (KERN / "kern.min.css").read_text("utf-8")


@cache
def own_texts() -> dict[str, str]:
    """Return all that writes markup or style, by its path."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ENDINGS and not {"vendor", "made"} & {*path.parts}:
                found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
    return found


def written() -> set[str]:
    """Return the names of KERN's that our own texts write, whole or in parts."""
    texts = "\n".join(own_texts().values())
    names = {*NAME.findall(texts)}
    for stem in {*JOINED.findall(texts)}:
        names |= SOME.get(stem) or {
            name for name in CLASS.findall(whole()) if name.startswith(stem)
        }
    return names


def parsed(sheet: str) -> list[Rule]:
    """Read a style sheet without comments; strings may hold anything."""
    top = Rule("")
    open_rules, start = [top], 0
    for found in re.finditer(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\([^()]*\)|[{};]", sheet):
        sign = found.group()
        if sign not in "{};":
            continue
        text = sheet[start : found.start()].strip()
        start = found.end()
        if sign == "{":
            open_rules.append(Rule(text))
            open_rules[-2].rules.append(open_rules[-1])
        elif text and not text.startswith("@"):
            open_rules[-1].declarations.append(text)
        if sign == "}":
            open_rules.pop()
    return top.rules


def picked(rules: Iterable[Rule], names: set[str]) -> Iterator[Rule]:
    """Yield the rules that elements with these classes may need."""
    for rule in rules:
        if rule.rules and not rule.head.startswith("@keyframes"):
            inner = list(picked(rule.rules, names))
            if inner:
                yield Rule(rule.head, rules=inner)
        elif rule.head.startswith("@"):
            yield rule
        else:
            kept = [each for each in split(rule.head) if can_match(each, names)]
            if kept:
                yield Rule(",".join(kept), rule.declarations)


def split(selectors: str) -> list[str]:
    """Part a list of selectors at its commas, not at those within brackets."""
    parts, depth = [""], 0
    for sign in selectors:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def can_match(selector: str, names: set[str]) -> bool:
    """Say whether a selector's classes are all written; of those in :is() one is enough."""
    plain = NEGATED.sub("", selector)
    choices = ANY_OF.findall(plain)
    if not all(any(can_match(each, names) for each in split(choice)) for choice in choices):
        return False
    return {*CLASS.findall(ANY_OF.sub("", plain))} <= names


def without_unread(rules: list[Rule], read: set[str]) -> list[Rule]:
    """Leave out the properties and animations that nothing reads any more."""
    everything = list(declarations(rules))
    read = {*read, *(name for each in everything for name in reads(each))}
    known: set[str] = set()
    while read - known:  # a property that is read may read another
        known |= read
        for each in everything:
            found = PROPERTY.match(each)
            if found and found[1] in known:
                read |= {*READ.findall(each)}
    names = " ".join(name for each in everything for name in ANIMATION.findall(each))
    return list(_slimmer(rules, known, names))


def declarations(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        yield from rule.declarations
        yield from declarations(rule.rules)


def reads(declaration: str) -> list[str]:
    """Return the custom properties that a declaration reads, unless it only declares one."""
    return [] if PROPERTY.match(declaration) else READ.findall(declaration)


def _slimmer(rules: Iterable[Rule], known: set[str], animations: str) -> Iterator[Rule]:
    for rule in rules:
        if rule.head.startswith("@keyframes"):
            if rule.head.split()[-1] in animations:
                yield rule
        elif rule.rules:
            inner = list(_slimmer(rule.rules, known, animations))
            if inner:
                yield Rule(rule.head, rules=inner)
        else:
            kept = [each for each in rule.declarations if _is_read(each, known)]
            if kept:
                yield Rule(rule.head, kept)


def _is_read(declaration: str, known: set[str]) -> bool:
    found = PROPERTY.match(declaration)
    return found is None or found[1] in known
