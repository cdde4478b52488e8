"""What a file is, by what is in it; what it is called counts for nothing.

Office files are archives: their directory is looked at before anything is unpacked, and then each
part is unpacked once, into nothing, so that no part is larger than it says.
"""

import copy
import re
import zipfile
from collections.abc import Iterator
from enum import Enum, auto
from typing import IO, NamedTuple

MAX_PARTS = 10_000
MAX_UNPACKED = 300_000_000  # bytes of all parts, which take two seconds to be unpacked
MAX_RATIO = 200  # real tables stay below 50
ALWAYS_UNPACKED = 20_000_000  # a small file of long tables may be packed more densely
MAX_TEXT = 5_000_000  # bytes of the small parts that say what a file is, which take two seconds
PIECE = 65_536

_IN_DIRECTORY = b"PK\x01\x02"  # how each part begins there
_OLE = b"\xd0\xcf\x11\xe0"  # old office files, and new ones with a password
_PDF_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_PICTURES = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n....IHDR", re.DOTALL),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "webp": re.compile(rb"RIFF....WEBPVP8", re.DOTALL),
}
_WORD = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS = {
    f"{_WORD}wordprocessingml.document.main+xml": "docx",
    f"{_WORD}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_WORD}presentationml.presentation.main+xml": "pptx",
}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_MACRO_PARTS = re.compile(
    r"(?:^|/)(?:vbaproject[^/]*\.bin|vbadata\.xml|macrosheets/|activex/|(?:Basic|Scripts)/)"
    r"|\.(?:docm|dotm|xlsm|xltm|xlam|xlsb|pptm|potm|ppsm|ppam)$",
    re.IGNORECASE,
)
_CALL = b"vnd.sun.star.script:"
_HOLDS_MACRO = "_VBA_PROJECT".encode("utf-16-le")  # in an old office file inside this one
_PADDED = re.compile(rb"&#x?0{20}", re.IGNORECASE)  # nobody writes so but to hide something


def _letter(letter: int) -> bytes:
    """Return the pattern of a letter as it stands or as a reference, decimal or hexadecimal."""
    codes = sorted({*bytes([letter]).lower(), *bytes([letter]).upper()})
    decimal, hexadecimal = (b"|".join(kind % each for each in codes) for kind in (b"%d", b"%x"))
    plain = re.escape(bytes([letter]))
    return rb"(?:%b|&#(?:0{0,20}(?:%b)|x0{0,20}(?:%b));)" % (plain, decimal, hexadecimal)


# In one pattern, for a text of nothing but references takes a minute to be put into letters.
_CALLS_MACRO = re.compile(b"".join(map(_letter, _CALL)), re.IGNORECASE)
# What opens with the file, without a click: from a drive or a server of the house, else not.
_OPENS_ITSELF = ("/attachedtemplate", "/oleobject", "/subdocument", "/frame")
_FROM_AFAR = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:|[\\/]{2}", re.IGNORECASE)


class Fault(Enum):
    """Why a file is refused."""

    UNKNOWN = auto()
    OLD_OR_LOCKED = auto()
    LOCKED = auto()
    MACROS = auto()
    TOO_DENSE = auto()
    DAMAGED = auto()


class RefusedFile(Exception):
    """A file that is not taken; ``fault`` says why."""

    def __init__(self, fault: Fault):
        super().__init__(fault.name)
        self.fault = fault


class _Opened(NamedTuple):
    archive: zipfile.ZipFile
    parts: list[zipfile.ZipInfo]
    names: set[str]


def kind_of(file: IO[bytes]) -> str:
    """Return the ending that fits what is in the file. Raises RefusedFile."""
    file.seek(0)
    begin = file.read(1024)
    for kind, pattern in _PICTURES.items():
        if pattern.match(begin):
            return kind
    if begin.startswith(b"%PDF-"):
        return _pdf(file)
    if begin.startswith(_OLE):
        raise RefusedFile(Fault.OLD_OR_LOCKED)
    if not begin.startswith(b"PK\x03\x04"):
        raise RefusedFile(Fault.UNKNOWN)
    if _count(file) > MAX_PARTS:
        raise RefusedFile(Fault.TOO_DENSE)
    try:
        with zipfile.ZipFile(file) as archive:
            return _office(_looked_at(archive, file))
    except RefusedFile:
        raise
    except Exception as error:  # zipfile and XML raise many kinds for what is broken or hostile
        raise RefusedFile(Fault.DAMAGED) from error


def _pdf(file: IO[bytes]) -> str:
    file.seek(0)
    if any(_PDF_LOCKED.search(piece) for piece in _pieces(file)):
        raise RefusedFile(Fault.LOCKED)
    return "pdf"


def _pieces(file: IO[bytes], overlap: int = 64) -> Iterator[bytes]:
    """Yield a file piece by piece, each behind the end of the one before it."""
    end = b""
    while piece := file.read(PIECE):
        yield end + piece
        end = (end + piece)[-overlap:]


def _count(file: IO[bytes]) -> int:
    """Return how many parts there are at most; a directory of a million is not to be opened."""
    file.seek(0)
    overlap = len(_IN_DIRECTORY) - 1  # none is counted twice
    return sum(piece.count(_IN_DIRECTORY) for piece in _pieces(file, overlap))


# Archives -----------------------------------------------------------------------------------------
def _looked_at(archive: zipfile.ZipFile, file: IO[bytes]) -> _Opened:
    """Refuse by its directory what is locked, far larger inside, or has two meanings."""
    parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedFile(Fault.LOCKED)
    size = file.seek(0, 2)
    unpacked = sum(part.file_size for part in parts)
    allowed = min(MAX_UNPACKED, max(ALWAYS_UNPACKED, MAX_RATIO * size))
    if len(parts) > MAX_PARTS or unpacked > allowed or _overlap(parts):
        raise RefusedFile(Fault.TOO_DENSE)
    is_plain = (
        len(names) == len(parts)
        and parts[0].header_offset == 0
        and all(part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
        and not any(".." in name.split("/") or name[:1] == "/" or "\\" in name for name in names)
    )
    if not is_plain:
        raise RefusedFile(Fault.DAMAGED)
    return _Opened(archive, parts, names)


def _overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """Say whether two parts share bytes, by which a few can pretend to be millions."""
    ends = (part.header_offset + 30 + part.compress_size for part in parts)
    begins = (part.header_offset for part in parts[1:])
    return any(end > begin for end, begin in zip(ends, begins, strict=False))


def _office(opened: _Opened) -> str:
    if "mimetype" in opened.names:
        kind, is_locked = _open_document(opened)
    elif "[Content_Types].xml" in opened.names:
        kind, is_locked = _office_open_xml(opened), False
    else:
        raise RefusedFile(Fault.UNKNOWN)
    if is_locked:
        raise RefusedFile(Fault.LOCKED)
    if any(_MACRO_PARTS.search(name) for name in opened.names) or _calls_macros(opened):
        raise RefusedFile(Fault.MACROS)
    return kind


def _open_document(opened: _Opened) -> tuple[str, bool]:
    """Return the kind, and whether a password locks it."""
    kind = _OPEN_DOCUMENT.get(_text(opened, "mimetype").strip())
    if kind is None:
        raise RefusedFile(Fault.UNKNOWN)
    tags = {node.tag.rpartition("}")[2] for node in _xml(opened, "META-INF/manifest.xml").iter()}
    return kind, "encryption-data" in tags


def _office_open_xml(opened: _Opened) -> str:
    types = {
        node.get("ContentType", ""): node.get("PartName", "").lstrip("/")
        for node in _xml(opened, "[Content_Types].xml")
    }
    if any("macro" in each.lower() or "vbaproject" in each.lower() for each in types):
        raise RefusedFile(Fault.MACROS)
    found = [kind for each, kind in _MAIN_PARTS.items() if types.get(each) in opened.names]
    if len(found) != 1:
        raise RefusedFile(Fault.UNKNOWN)
    rels = [part for part in opened.parts if part.filename.lower().endswith(".rels")]
    if sum(part.file_size for part in rels) > MAX_TEXT:
        raise RefusedFile(Fault.TOO_DENSE)
    if any(_fetches(opened, part.filename) for part in rels):
        raise RefusedFile(Fault.MACROS)
    return found[0]


def _fetches(opened: _Opened, name: str) -> bool:
    """Say whether a template or an object is fetched from elsewhere, which could bring macros."""
    return any(
        node.get("Type", "").lower().endswith(_OPENS_ITSELF)
        and _FROM_AFAR.match(node.get("Target", "").strip())
        for node in _xml(opened, name)
    )


def _calls_macros(opened: _Opened) -> bool:
    """Unpack all parts once, which checks their sums; say whether one holds or calls a macro."""
    found = False
    for part in opened.parts:
        is_text = part.filename.lower().endswith(".xml")
        with opened.archive.open(_whole(part)) as unpacked:
            for piece in _pieces(unpacked, overlap=1024):
                found = found or _HOLDS_MACRO in piece or (is_text and _is_call(piece))
            if unpacked.tell() != part.file_size:
                raise RefusedFile(Fault.DAMAGED)
    return found


def _whole(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return a part that is read on, by a byte, where it says it ends: other programs go on."""
    whole = copy.copy(part)
    whole.file_size += 1
    return whole


def _is_call(piece: bytes) -> bool:
    """Say whether a text calls a macro, in capitals, in wide letters or in references as well."""
    plain = piece.replace(b"\0", b"")
    if b"&#" in plain:
        return bool(_PADDED.search(plain) or _CALLS_MACRO.search(plain))
    return _CALL in plain.lower()


def _text(opened: _Opened, name: str) -> bytes:
    part = opened.archive.getinfo(name)
    if part.file_size > MAX_TEXT:
        raise RefusedFile(Fault.TOO_DENSE)
    return opened.archive.read(part)


def _xml(opened: _Opened, name: str):
    from defusedxml.ElementTree import fromstring  # only when a file is checked

    return fromstring(_text(opened, name))
