"""Two changed one line at once: both texts are shown, and neither is lost."""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from workshops.edits import BESIDE, keep_beside
from workshops.models import Versioned
from workshops.seen import VersionedForm


class Part(NamedTuple):
    """One column in which the two differ, with the differing words marked."""

    label: str
    stored: SafeString
    typed: SafeString


class Clash(NamedTuple):
    """Who stored the other text (a table's name, or ""), and where the two differ."""

    by: str
    parts: list[Part]


def clash_of(form: VersionedForm) -> Clash:
    """Return what a conflict is about, and keep what was typed in the history.

    Call it in the turn. At most 3 queries.
    """
    row: Versioned = form.instance
    parts = [
        Part(each["label"], *marked(each["stored"], each["typed"])) for each in form.differences()
    ]
    by = _last_writer(row)
    if parts:
        keep_beside(row)
    return Clash(by, parts)


def _last_writer(row: Versioned) -> str:
    history = type(row).history  # type: ignore[attr-defined]  # simple_history, untyped
    written = history.filter(id=row.pk).exclude(history_type=BESIDE).order_by("-history_id")
    last = written.values_list("history_change_reason", flat=True).first()
    return last or ""


def marked(one: str, other: str) -> tuple[SafeString, SafeString]:
    """Return two texts with the words marked in which they differ."""
    left, right = one.split(), other.split()
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    first = [(tag != "equal", " ".join(left[a:b])) for tag, a, b, _c, _d in blocks]
    second = [(tag != "equal", " ".join(right[c:d])) for tag, _a, _b, c, d in blocks]
    return _drawn(first), _drawn(second)


def _drawn(pieces: list[tuple[bool, str]]) -> SafeString:
    if not any(text for _differs, text in pieces):
        return format_html("<mark>{}</mark>", _("(empty)"))
    shown = [("<mark>{}</mark>" if differs else "{}", text) for differs, text in pieces if text]
    return format_html_join(" ", "{}", ((format_html(how, text),) for how, text in shown))
