"""A page compressed once for many people: all but its last bytes, which are each person's own.

The result is an ordinary gzip file (RFC 1952): the kept part ends at the border of a block and of a
byte, what follows is compressed without looking back into it, and the checksum goes on from where
it stood. So nothing that a person sent or holds is ever compressed together with the token.

The kept part itself is compressed in stretches, each without looking back, too: of a page that is
drawn anew most are as they were, and only the others are compressed again.
"""

import re
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from struct import pack as packed_numbers

_HEADER = b"\x1f\x8b\x08\x08" + bytes(5) + b"\xff"  # deflate, with a name, no time, no system
_LONGEST_NAME = 100  # as Django's own: a length that changes by itself tells nothing of the content
_RAW = -zlib.MAX_WBITS  # deflate without a frame of its own (RFC 1951)
_LEVEL = 2  # a page of 556 kB: 78 kB in 1.7 ms; level 6 would make it 63 kB in 4.5 ms
# Bytes, as far as deflate looks back. Each end costs what could have been found behind it: a page
# of 259 kB takes 42 kB instead of 39, in stretches of half the length 46.
_STRETCH = 32_000
# A stretch ends where one measure in ten stands: so behind a change the next ones soon begin again
# where they did.
_SEAM = re.compile(rb'data-measure="\d*0"')
_KEPT = 256  # stretches with what they become, at most some twelve megabytes


@dataclass(frozen=True, slots=True)
class Packed:
    """What is kept: compressed blocks, and the checksum and length of what they hold."""

    blocks: bytes
    checksum: int
    length: int

    def gzip(self, end: bytes) -> bytes:
        """Return kept part and ``end`` as one gzip file."""
        checksum, length = zlib.crc32(end, self.checksum), self.length + len(end)
        frame = packed_numbers("<II", checksum, length % 2**32)
        name = b"a" * secrets.randbelow(_LONGEST_NAME) + b"\0"
        return b"".join((_HEADER, name, self.blocks, _deflated(end, zlib.Z_FINISH), frame))

    def plain(self, end: bytes) -> bytes:
        """Return kept part and ``end`` as they are."""
        return zlib.decompressobj(_RAW).decompress(self.blocks) + end


def packed(content: bytes) -> Packed:
    blocks = b"".join(map(_pressed, _stretches(content)))
    return Packed(blocks, zlib.crc32(content), len(content))


def _stretches(content: bytes) -> Iterator[bytes]:
    """Cut the content where most of its pieces are found again after a change."""
    start = 0
    while seam := _SEAM.search(content, start + _STRETCH):
        yield content[start : seam.start()]
        start = seam.start()
    yield content[start:]


@lru_cache(maxsize=_KEPT)
def _pressed(stretch: bytes) -> bytes:
    return _deflated(stretch, zlib.Z_FULL_FLUSH)


def _deflated(content: bytes, ending: int) -> bytes:
    press = zlib.compressobj(_LEVEL, wbits=_RAW)
    return press.compress(content) + press.flush(ending)
