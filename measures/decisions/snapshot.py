"""What is frozen with a decision: one canonical text, its hash, and what differs from another.

Canonical JSON here is: keys sorted, no spaces, UTF-8 without escapes, neither NaN nor infinity.
The same data gives the same bytes on every machine, and so the same SHA-256 (FIPS 180-4). The
snapshot is text of its own: it is compared, never computed anew from tables that have moved on.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from measures.rounding import decimals

VERSION = 1
# Means and scores are the floats nearest to exact fractions, which may differ in the last bit
# between machines; six digits behind the point are more than any scale of ten steps can tell.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit together in a stored decision.

    ``path`` is "sha256" (``stored`` the hash kept, ``found`` the one computed), "snapshot" (the
    text cannot be read) or the column that differs (``stored`` the row's value, ``found`` the
    frozen one).
    """

    path: str
    stored: object
    found: object


def canonical(data: Mapping) -> str:
    """Return the one JSON text of ``data``. Raises ValueError for NaN and infinity."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def fingerprint(text: str) -> str:
    """Return the SHA-256 over the text's UTF-8 bytes as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def rounded(value: float | None) -> float | None:
    """Round to ``DIGITS`` behind the point; minus zero is zero.

    A value that this would put right between two shown numbers, where it does not lie, keeps more
    digits: what was decided upon must read as it did on the page.
    """
    if value is None:
        return None
    short = round(value, DIGITS) + 0.0
    return short if decimals(short) == decimals(value) else round(value, 2 * DIGITS)


def read(text: str) -> dict:
    """Return the data of a snapshot, {} for a text that is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


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


def faults(text: str, sha256: str, row: Mapping) -> list[Fault]:
    """Return what shows that a stored decision was changed, [] for one that was not.

    ``text`` and ``sha256`` are the stored snapshot and hash; ``row`` is the decision as its own
    columns tell it, to be compared with the snapshot's part ``decision``.
    """
    found = []
    computed = fingerprint(text)
    if computed != sha256:
        found.append(Fault("sha256", sha256, computed))
    frozen = read(text).get("decision")
    if not isinstance(frozen, Mapping):
        return [*found, Fault("snapshot", None, None)]
    stored, kept = flat(row), flat(frozen)
    paths = sorted(differences(row, frozen))
    return found + [Fault(path, stored.get(path), kept.get(path)) for path in paths]
