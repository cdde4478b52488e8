"""What people type, as we store it: lines end with one character, and every character can be seen.

Browsers send two characters per line's end, files have one; both are the same text. A control
character comes along when somebody copies from a document, and no table of figures or XML can
carry it.
"""

import re

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    """Return the text with simple ends of lines, and a space for each control character."""
    return _UNSEEN.sub(" ", _LINE_END.sub("\n", text))
