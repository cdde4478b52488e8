"""What is frozen with a decision, and what differs from it.

The snapshot is canonical JSON, see ``measures.seals.text``: it is compared, never computed anew
from tables that have moved on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from measures.rounding import decimals

VERSION = 2  # 1 held the decision itself as well, which its seal holds now
# Means and scores are the floats nearest to exact fractions, which may differ in the last bit
# between machines; six digits behind the point are more than any scale of ten steps can tell.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit in a stored decision.

    ``path`` is the value that differs (``stored`` what the row says, ``found`` what was sealed), or
    a word for what is wrong as a whole, see ``measures.committee.checking``.
    """

    path: str
    stored: object = None
    found: object = None


def rounded(value: float | None) -> float | None:
    """Round to ``DIGITS`` behind the point; minus zero is zero.

    A value that this would put right between two shown numbers, where it does not lie, keeps more
    digits: what was decided upon must read as it did on the page.
    """
    if value is None:
        return None
    short = round(value, DIGITS) + 0.0
    return short if decimals(short) == decimals(value) else round(value, 2 * DIGITS)


def flat(data: object, path: str = "") -> dict[str, object]:
    """Return nested objects as one: {"a": {"b": [1]}} becomes {"a.b": [1]}; lists stay whole."""
    if not isinstance(data, Mapping):
        return {path: data}
    inner = ((f"{path}.{key}" if path else str(key), value) for key, value in data.items())
    return {name: leaf for key, value in inner for name, leaf in flat(value, key).items()}


def differences(then: Mapping, now: Mapping) -> set[str]:
    """Return the paths whose values differ; one that is missing on a side counts as None."""
    before, after = flat(then), flat(now)
    return {path for path in before | after if before.get(path) != after.get(path)}


def faults(sealed: Mapping, row: Mapping) -> list[Fault]:
    """Return what a row says differently from what was sealed, [] for an untouched one."""
    stored, found = flat(row), flat(sealed)
    paths = sorted(differences(row, sealed))
    return [Fault(path, stored.get(path), found.get(path)) for path in paths]
