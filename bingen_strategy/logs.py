"""What the log never tells: addresses that are a secret.

By one an office reports without an account, by the other a calendar program reads the dates.
"""

import logging
import re

LINK = re.compile(r"/(report|calendar)/[^/\s]+")


class LinksUntold(logging.Filter):
    """Takes the links out of what is logged of a request; whoever has one could use it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_untold, record.args))
        record.msg = _untold(record.msg)
        return True


def _untold(part: object) -> object:
    return LINK.sub(r"/\1/…", part) if isinstance(part, str) else part
