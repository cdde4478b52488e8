"""One text of the same data, and its hash.

Canonical JSON here is: keys sorted, no spaces, UTF-8 without escapes, neither NaN nor infinity.
The same data gives the same bytes on every machine, and so the same SHA-256 (FIPS 180-4).
"""

import hashlib
import json
from collections.abc import Mapping


def canonical(data: Mapping) -> str:
    """Return the one JSON text of ``data``. Raises ValueError for NaN and infinity."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def fingerprint(text: str) -> str:
    """Return the SHA-256 over the text's UTF-8 bytes as 64 hexadecimal digits."""
    return hashlib.sha256(as_bytes(text)).hexdigest()


def as_bytes(text: str) -> bytes:
    """Return UTF-8; a lone half of a surrogate pair, stored by hand say, breaks nothing."""
    return text.encode("utf-8", "surrogatepass")


def read(text: str) -> dict:
    """Return the data of such a text, {} for a text that is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
