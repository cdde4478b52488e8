"""The rows of the table of many entries as HTML, hundreds of them. ``fill`` escapes every text."""

from collections.abc import Iterable
from functools import lru_cache

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from measures.followup.signs import track_light, words_of_state
from measures.followup.table import Row
from measures.followup.tracks import UNREPORTED, Track
from measures.markup import fill, join, piece
from measures.models import State, StatusEntry

_ROW = piece("""
    <tr{changed}>
      <th scope="row" id="row-{number}" class="status-table__measure">
        <a href="{url}">{code} {title}</a>
      </th>
      <td class="status-table__now">{now}{meanwhile}</td>
      <td class="nums">{due}</td>
      <td>{state}</td>
      <td>{percent}</td>
      <td class="status-table__sentence">{sentence}</td>
      <td>{next_due}</td>
    </tr>
""")
_NOW = '{light} <span class="muted">{share}{day}{sentence}</span>'
_MEANWHILE = '<strong class="status-table__meanwhile" id="late-{number}">{text}</strong>'
_SELECT = piece("""
    <span class="kern-form-input__select-wrapper"><select class="kern-form-input__select"
      name="{name}" id="id_{name}" data-cell
      aria-labelledby="col-{column} row-{number}"{state}>{options}</select></span>{error}
""")
_INPUT = piece("""
    <input class="kern-form-input__input" name="{name}" id="id_{name}" value="{value}"
      data-cell aria-labelledby="col-{column} row-{number}"{kind}{state}>{error}
""")
_ERROR = '<span class="status-table__error" id="id_{name}_error">{text}</span>'
_WRONG = ' aria-invalid="true" aria-describedby="id_{name}_error"'
_OPTION = '<option value="{value}"{selected}>{words}</option>'
_KINDS = {
    "percent": SafeString(' type="text" inputmode="numeric" autocomplete="off" size="4"'),
    "sentence": SafeString(' type="text" maxlength="500" autocomplete="off"'),
    "next_due": SafeString(' type="date"'),
}
_NOTHING = SafeString("")


def rows_of(rows: Iterable[Row]) -> SafeString:
    """Return the table's rows, with what stands in them."""
    return join(_row(each) for each in rows)


def _row(row: Row) -> SafeString:
    measure = row.track.measure
    page = reverse("measures:measure-detail", args=[measure.workshop, measure.number])
    cells = {name: _input(row, name) for name in _KINDS}
    return fill(
        _ROW,
        changed=SafeString(' class="status-table__late"') if row.meanwhile else _NOTHING,
        number=measure.number,
        url=f"{page}?from=progress",
        code=measure.code,
        title=measure.title,
        now=_now(row.track),
        meanwhile=_meanwhile(row.meanwhile, measure.number) if row.meanwhile else _NOTHING,
        due=_due(row.track),
        state=_select(row),
        **cells,
    )


def _now(track: Track) -> SafeString:
    newest = track.newest
    if newest is None:
        return track_light(track)
    return fill(
        _NOW,
        light=track_light(track),
        share="" if newest.percent is None else f"{newest.percent} %, ",
        day=f"{date_format(newest.day, 'SHORT_DATE_FORMAT')}: ",
        sentence=newest.sentence,
    )


def _meanwhile(entry: StatusEntry, number: int) -> SafeString:
    name = entry.by.name if entry.by else ""
    who = f" ({name})" if name else ""
    return fill(_MEANWHILE, number=number, text=_("Reported since you opened this page") + who)


def _due(track: Track) -> str:
    if track.due is None or track.is_final:
        return "–"
    day = {"day": date_format(track.due, "SHORT_DATE_FORMAT")}
    return (_("next date: %(day)s") if track.next_due else _("deadline: %(day)s")) % day


def _select(row: Row) -> SafeString:
    options = _options(row.track.state, row.words("state"), get_language())
    return fill(_SELECT, options=options, **_cell(row, "state"))


@lru_cache(maxsize=256)
def _options(kept: str, chosen: str, _language: str) -> SafeString:
    """Return the states to choose from, the same in hundreds of rows."""
    first = "–" if kept == UNREPORTED else _("still: %(state)s") % {"state": words_of_state(kept)}
    choices: list[tuple[str, str | Promise]] = [("", first), *State.choices]
    return join(
        fill(
            _OPTION,
            value=value,
            words=str(words),
            selected=SafeString(" selected") if value == chosen else _NOTHING,
        )
        for value, words in choices
    )


def _input(row: Row, name: str) -> SafeString:
    return fill(_INPUT, value=row.words(name), kind=_KINDS[name], **_cell(row, name))


def _cell(row: Row, name: str) -> dict[str, object]:
    """Return what every cell says of itself, and what is wrong with it."""
    parts: dict[str, object] = {"name": row.name(name), "column": name}
    parts |= {"number": row.number, "state": _NOTHING, "error": _NOTHING}
    found = row.form.errors.get(name) if row.is_touched else None
    if found:
        parts["state"] = fill(_WRONG, name=parts["name"])
        parts["error"] = fill(_ERROR, name=parts["name"], text=" ".join(map(str, found)))
    return parts
