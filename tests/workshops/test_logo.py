"""A coat of arms: whatever is sent, what is stored is a small picture of our own making."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, PngImagePlugin

from tests.pages import picture
from workshops.presence.logo import LARGEST_FILE, read_logo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
UNREADABLE = (
    "Das ist kein lesbares Bild: Bitte wählen Sie eine Datei im Format PNG, WebP oder JPEG."
)
SCRIPT = b"<script>alert(document.cookie)</script>"


def stored(data: bytes, name: str = "wappen.png") -> Image.Image:
    logo = read_logo(ContentFile(data, name))
    found = Image.open(io.BytesIO(logo.png))
    assert (found.format, found.size) == ("PNG", (logo.width, logo.height))
    return found


def refusal(data: bytes, name: str = "wappen.png") -> str:
    with pytest.raises(ValidationError) as refused:
        read_logo(ContentFile(data, name))
    [sentence] = refused.value.messages
    return sentence


def chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def claiming(width: int, height: int) -> bytes:
    """Return a PNG of a hundred bytes that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_each_kind_is_stored_as_png(form):
    found = stored(picture((30, 20), form))
    assert (found.size, found.mode) == ((30, 20), "RGB")
    assert all(abs(a - b) < 6 for a, b in zip(found.getpixel((9, 9)), (193, 39, 45), strict=True))


def test_what_is_large_is_made_small_and_keeps_its_shape():
    assert stored(picture((2000, 500))).size == (480, 120)
    assert stored(picture((500, 2000))).size == (60, 240)


def test_what_is_transparent_stays_so():
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")
    assert stored(file.getvalue()).getpixel((4, 4)) == (0, 0, 0, 0)


def test_a_photo_taken_sideways_is_stored_upright():
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    Image.new("RGB", (40, 20), "#c1272d").save(file, "JPEG", exif=exif)
    assert stored(file.getvalue()).size == (20, 40)


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"GIF89a" + b"\0" * 40,
        b"",
        picture((30, 20))[:60],
        b"\x89PNG\r\n\x1a\n" + SVG,
        b"%PDF-1.7 " + SVG,
    ],
    ids=["svg", "svg-with-head", "gif", "empty", "cut-off", "png-head-on-svg", "pdf"],
)
def test_what_is_no_picture_of_ours_is_refused_whatever_it_is_called(data):
    assert refusal(data, "wappen.png") == UNREADABLE


def test_a_gif_is_refused():
    assert refusal(picture((30, 20), "GIF")) == UNREADABLE


def test_nothing_hidden_in_or_behind_a_picture_is_kept():
    info, file = PngImagePlugin.PngInfo(), io.BytesIO()
    info.add_text("Comment", SCRIPT.decode())
    Image.new("RGB", (30, 20), "#c1272d").save(file, "PNG", pnginfo=info)
    jpeg = io.BytesIO()
    Image.new("RGB", (30, 20), "#c1272d").save(jpeg, "JPEG", comment=SCRIPT)
    for data in (file.getvalue() + SCRIPT, jpeg.getvalue() + SCRIPT):
        assert SCRIPT in data
        assert SCRIPT not in read_logo(ContentFile(data)).png


@pytest.mark.parametrize("size", [(3001, 10), (10, 3001), (30_000, 30_000)])
def test_a_few_bytes_that_claim_to_be_huge_are_refused_before_they_are_unpacked(size):
    told = "Das Bild hat {} × {} Pixel; möglich sind höchstens 3000 je Seite."
    assert refusal(claiming(*size)) in (told.format(*size), UNREADABLE)


def test_ten_megabytes_are_refused_unread():
    class Unread(ContentFile):
        def read(self, *_size):
            raise AssertionError("read")

    with pytest.raises(ValidationError) as refused:
        read_logo(Unread(b"\0" * 10_000_000))
    assert refused.value.messages == [
        "Die Datei ist größer als 1 MB. Bitte wählen Sie eine kleinere."
    ]
    assert LARGEST_FILE == 1_000_000
