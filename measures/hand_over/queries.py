"""Addresses of saved views: they name rows by ids, which are others in each installation."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from fields.models import ActionField
from measures.results.lenses import GROUP
from workshops.models import Municipality, ParticipantGroup, Table

Numbers = Mapping[object, Mapping[int, int]]  # by model: from one number of a row to the other

_BY_ID = {"field": ActionField, "municipality": Municipality}
_BY_LENS = ("lens", "against")


def renumbered(query: str, numbers: Numbers) -> str:
    """Return the query with other numbers; what names a row that is not there is left out."""
    pairs = ((name, _renumbered(name, value, numbers)) for name, value in parse_qsl(query))
    return urlencode([(name, value) for name, value in pairs if value is not None])


def _renumbered(name: str, value: str, numbers: Numbers) -> str | None:
    if name in _BY_ID:
        return _other(value, numbers[_BY_ID[name]])
    if name in _BY_LENS and value.startswith(GROUP):
        other = _other(value.removeprefix(GROUP), numbers[ParticipantGroup])
        return other and f"{GROUP}{other}"
    if name == "table":
        others = [_other(each, numbers[Table]) for each in value.split("-")]
        return None if None in others else "-".join(filter(None, others))
    return value


def _other(value: str, numbers: Mapping[int, int]) -> str | None:
    other = numbers.get(int(value)) if value.isdecimal() else None
    return None if other is None else str(other)
