"""Dates of a workbook as its number formats show them, in the German way of writing."""

import datetime
import re

# What Excel shows as the short date of the computer's own language, whatever that is.
_LOCAL = "mm-dd-yy"
# [$-407] and other conditions, quoted words, what stands behind @ or for negative numbers.
_NO_DATE = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|[;@].*")
_WRITTEN = {"dmy": "%d.%m.%Y", "my": "%m/%Y", "y": "%Y"}


def as_shown(day: datetime.date, number_format: str) -> str:
    """Return "01.12.2025" where the format has the day first, "12/2025" where it has no day.

    Other orders stay as they can be read by anybody: "2025-12-01". The format alone decides, so
    that a file says the same in every language of the page.
    """
    code = _NO_DATE.sub("", number_format.lower())
    order = "dmy" if code == _LOCAL else "".join(dict.fromkeys(re.findall("[dmy]", code)))
    return format(day, _WRITTEN.get(order, "%Y-%m-%d"))
