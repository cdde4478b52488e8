"""Files that only a passphrase opens: what leaves this machine on a stick or lies in a folder.

The first line says what the file is and in which form, readable by anybody. Then come the salt, a
number used once, and what is locked: packed, and encrypted by ChaCha20-Poly1305 (RFC 8439) with a
key that scrypt (RFC 7914) makes of the passphrase. The last 32 bytes are a SHA-256 over all before
them, which tells a damaged file from a wrong passphrase. Anybody can compute that; what shows that
a file was altered on purpose is the encryption's own tag.
"""

import hashlib
import os
import secrets
import unicodedata
import zlib
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

FORMAT = 1
SALT, ONCE, CHECKSUM = 16, 12, 32  # bytes
SHORTEST = 12  # letters of a passphrase
# A guess costs 128 MB and a quarter of a second; that is part of what FORMAT means.
SCRYPT = {"length": 32, "n": 2**17, "r": 8, "p": 1}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another one
GROUPS, GROUP = 5, 4  # 99 bits


class Kind(StrEnum):
    TRANSFER = "transfer"
    BACKUP = "backup"


class NotOpened(Exception):
    """A file could not be opened; the message says in one sentence why."""


def made_passphrase() -> str:
    """Return a passphrase that nobody guesses and everybody can type."""
    groups = ("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def is_long_enough(passphrase: str) -> bool:
    return len(_plain(passphrase)) >= SHORTEST


def lock(content: bytes, passphrase: str, kind: Kind) -> bytes:
    """Return the file. Locked twice, the same content makes two files with nothing in common."""
    head, salt, once = _head(kind), os.urandom(SALT), os.urandom(ONCE)
    locked = _cipher(passphrase, salt).encrypt(once, zlib.compress(content), head + salt)
    file = head + salt + once + locked
    return file + hashlib.sha256(file).digest()


def unlock(file: bytes, passphrase: str, kind: Kind) -> bytes:
    """Return what was locked. Raises NotOpened."""
    head = _head(kind)
    _check_head(file, head, kind)
    body, checksum = file[:-CHECKSUM], file[-CHECKSUM:]
    if len(file) < len(head) + SALT + ONCE + CHECKSUM or hashlib.sha256(body).digest() != checksum:
        raise NotOpened(_("The file is damaged or incomplete; please copy it once more."))
    salt, rest = body[len(head) :][:SALT], body[len(head) + SALT :]
    try:
        packed = _cipher(passphrase, salt).decrypt(rest[:ONCE], rest[ONCE:], head + salt)
    except InvalidTag:
        raise NotOpened(_("The passphrase does not fit this file.")) from None
    return zlib.decompress(packed)


def _check_head(file: bytes, head: bytes, kind: Kind) -> None:
    if file.startswith(head):
        return
    if file.startswith(head.rpartition(b" ")[0] + b" "):
        raise NotOpened(newer())
    told = {
        Kind.TRANSFER: _("This is no transfer file of the Digital-Werkstatt."),
        Kind.BACKUP: _("This is no backup of the offline kit."),
    }
    raise NotOpened(told[kind])


def newer() -> str:
    return _("The file was made by a newer version; please update this installation first.")


def _head(kind: Kind) -> bytes:
    return f"digital-werkstatt {kind.value} {FORMAT}\n".encode()


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(Scrypt(salt=salt, **SCRYPT).derive(_plain(passphrase).encode()))


def _plain(passphrase: str) -> str:
    """Keyboards compose an umlaut in two ways, and a line that is read may end in a space."""
    return unicodedata.normalize("NFC", passphrase).strip()
