"""A coat of arms or logo: read with suspicion, stored as a picture of our own making.

What a file is called counts for nothing. SVG is refused, for it can carry scripts; of everything
else only the pixels stay, so that whatever was hidden beside them is gone.
"""

import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_FILE = 1_000_000  # bytes
LARGEST_SIDE = 3000  # pixels of what is sent; a few bytes can claim to be billions of pixels
STORED = (480, 240)  # pixels at most: printed 40 mm wide it is still sharp
FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG and its size in pixels."""

    png: bytes
    width: int
    height: int


def read_logo(file: File) -> Logo:
    """Return the picture in a file that somebody sent. Raises ValidationError with the reason."""
    if file.size > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 1 MB. Please choose a smaller one."))
    try:
        with Image.open(io.BytesIO(file.read()), formats=FORMATS) as picture:
            if max(picture.size) > LARGEST_SIDE:
                raise ValidationError(_too_wide(*picture.size))
            return _redrawn(picture)
    except ValidationError:
        raise
    except Exception as error:  # decoders raise whatever they stumble over
        raise ValidationError(
            _("This is no picture that can be read: please choose a PNG, WebP or JPEG file.")
        ) from error


def _too_wide(width: int, height: int) -> str:
    text = _("The picture has %(width)d × %(height)d pixels; at most %(side)d on a side.")
    return text % {"width": width, "height": height, "side": LARGEST_SIDE}


def _redrawn(picture: Image.Image) -> Logo:
    """Return the pixels alone, upright and small enough."""
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail(STORED, Image.Resampling.LANCZOS)
    bare = Image.frombytes("RGBA", upright.size, upright.tobytes())
    is_opaque = bare.getchannel("A").getextrema() == (255, 255)
    stored = io.BytesIO()
    (bare.convert("RGB") if is_opaque else bare).save(stored, "PNG", optimize=True)
    return Logo(stored.getvalue(), *bare.size)
