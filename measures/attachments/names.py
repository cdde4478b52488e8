"""What an attachment is called: a name that every computer can store and nobody can misread."""

import re
import unicodedata

LONGEST = 180  # bytes, for file systems take 255 of them and programs add to a name
# What no file system or shell takes as a letter.
_NO_LETTERS = re.compile(r'[<>:"|?*/\\]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"\.(?=[^.]*[A-Za-z])[A-Za-z0-9]{1,5}$")  # no number of a version
_KNOWN = re.compile(
    r"\.(?:pdf|docx?|docm|dot[xm]?|xls[xmb]?|xlt[xm]?|ppt[xm]?|pps[xm]?|od[tsp]|png|jpe?g|webp|exe"
    r"|com|bat|cmd|scr|js|vbs|html?|svg|zip)$",
    re.IGNORECASE,
)


def clean_name(name: str, ending: str, nameless: str) -> str:
    """Return the name with the ending that fits; ``nameless`` where nothing of it is left.

    Of a path only the last part stays. Signs that nobody sees, such as those that turn the
    direction of writing, go: "Plan" + U+202E + "fdp.exe" would read as "Planexe.pdf".
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if _is_unseen(letter) else letter for letter in last)
    stem = _without_ending(_NO_LETTERS.sub(" ", seen))
    stem = " ".join(stem.split()).strip(". ")
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return f"{_cut(stem) or nameless}.{ending}"


def _is_unseen(letter: str) -> bool:
    """Say whether it is a control character, a mark of format, or no character at all."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _without_ending(name: str) -> str:
    """Take off the ending, and those before it by which a file pretends to be another."""
    name = _ENDING.sub("", name.rstrip(". "))
    while _KNOWN.search(name):
        name = _KNOWN.sub("", name).rstrip(". ")
    return name


def _cut(stem: str) -> str:
    return stem.encode()[:LONGEST].decode(errors="ignore").rstrip(". ")
