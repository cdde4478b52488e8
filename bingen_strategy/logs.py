"""What the log never tells: the address by which an office reports without an account."""

import logging
import re

LINK = re.compile(r"/report/[^/\s]+")


class LinksUntold(logging.Filter):
    """Takes the links out of what is logged of a request; whoever has one could report with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_untold, record.args))
        record.msg = _untold(record.msg)
        return True


def _untold(part: object) -> object:
    return LINK.sub("/report/…", part) if isinstance(part, str) else part
