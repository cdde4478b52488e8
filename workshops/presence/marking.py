"""A legal text as people type it, and as a page shows it.

An empty line ends a paragraph. ``# `` begins a heading, ``## `` one below it, ``- `` an item of a
list. Addresses on the web and of e-mail become links. ``[… what is missing]`` is a gap. Nothing
else has a meaning: HTML is shown as it was typed.
"""

import re
from itertools import groupby

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

GAP_BEGINS = "[…"
_GAP = re.compile(r"\[…[^\]\n]*\]?")
_THREE_DOTS = re.compile(r"\[\s*(?:\.{3}|…)")
_HEADING = re.compile(r"(#{1,2})\s+(?=\S)")
_ITEM = re.compile(r"[-*•]\s+(?=\S)")
_SPECIAL = re.compile(
    r"(?P<gap>\[…[^\]\n]*\]?)"
    r"|(?P<web>https?://[^\s<>\"\[\]]*[^\s<>\"\[\].,;:!?)])"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
)


def plain_gaps(text: str) -> str:
    """Write every gap alike, also where three dots were typed."""
    return _THREE_DOTS.sub(GAP_BEGINS, text)


def gaps(text: str) -> list[str]:
    """Return what is missing, in the text's order, each once."""
    found = (gap.removeprefix(GAP_BEGINS).removesuffix("]").strip() for gap in _GAP.findall(text))
    return list(dict.fromkeys(words or "…" for words in found))


def without_gaps(text: str) -> str:
    """Return the text without lines that have a gap, and without what announces nothing then."""
    kept = [line for line in text.split("\n") if GAP_BEGINS not in line]
    while True:
        filled = [line for at, line in enumerate(kept) if not _is_bare(kept, at)]
        if filled == kept:
            return "\n".join(kept)
        kept = filled


def _is_bare(lines: list[str], at: int) -> bool:
    """Say whether a heading, or a line with a colon at its end, has nothing that belongs to it."""
    following = next((line for line in lines[at + 1 :] if line.strip()), "# end")
    next_one = _HEADING.match(following)
    if heading := _HEADING.match(lines[at]):
        return bool(next_one and len(next_one[1]) <= len(heading[1]))
    return bool(next_one and lines[at].rstrip().endswith(":"))


def html(text: str) -> SafeString:
    """Return the text as a page shows it."""
    lines = [line.strip() for line in text.split("\n")]
    blocks = (_block(kind, list(group)) for kind, group in groupby(lines, _kind))
    return format_html_join("\n", "{}", ((block,) for block in blocks if block))


def _kind(line: str) -> str:
    if _HEADING.match(line):
        return line  # each stands alone
    return ("item" if _ITEM.match(line) else "text") if line else ""


def _block(kind: str, lines: list[str]) -> SafeString:
    if not kind:
        return SafeString()
    if kind == "text":
        return format_html("<p>{}</p>", mark_safe("<br>".join(map(_inline, lines))))
    if kind == "item":
        items = (format_html("<li>{}</li>", _inline(_ITEM.sub("", line, 1))) for line in lines)
        return format_html('<ul class="kern-list kern-list--bullet">{}</ul>', _joined(items))
    level, size = ("2", "medium") if kind.startswith("# ") else ("3", "small")
    words = _inline(_HEADING.sub("", kind, 1))
    return format_html('<h{0} class="kern-heading-{1}">{2}</h{0}>', level, size, words)


def _inline(words: str) -> SafeString:
    parts, end = [], 0
    for found in _SPECIAL.finditer(words):
        parts += [escape(words[end : found.start()]), _special(found)]
        end = found.end()
    return _joined([*parts, escape(words[end:])])


def _special(found: re.Match) -> SafeString:
    if found["gap"]:
        return format_html("<mark>{}</mark>", found[0])
    target = f"mailto:{found[0]}" if found["mail"] else found[0]
    return format_html('<a href="{}">{}</a>', target, found[0])


def _joined(parts) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
