"""Whether a municipality's colour can be seen and read: WCAG 2.2, arithmetic alone.

Colours are "#rrggbb". Relative luminance and contrast ratio (1 to 21) are those of the W3C,
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio (success criteria 1.4.3 and 1.4.11).
"""

from collections.abc import Callable, Sequence

WHITE, BLACK = "#ffffff", "#000000"
# What KERN puts behind texts in either appearance: the page, and a surface on it.
LIGHT_GROUNDS, DARK_GROUNDS = (WHITE, "#f3f4f7"), (BLACK, "#131525")
SEEN, READ = 3.0, 4.5  # least contrast of a line or a shape, and of a text


def luminance(colour: str) -> float:
    """Return the relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def least_contrast(colour: str, grounds: Sequence[str]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def is_seen(colour: str) -> bool:
    """Say whether a line in this colour is seen on the page in both appearances."""
    return least_contrast(colour, (WHITE, BLACK)) >= SEEN


def nearest(colour: str, fits: Callable[[str], bool]) -> str:
    """Return the colour itself if it fits, else what fits after the least white or black in it.

    Raises ValueError where not even white or black does.
    """
    for part in range(256):
        for target in (WHITE, BLACK):
            mixed = _mixed(colour, target, part / 255)
            if fits(mixed):
                return mixed
    raise ValueError(colour)


def sheet(accent: str) -> str:
    """Return the style sheet that brings the colour to pages: what KERN calls action, and ours.

    A text in it, and white or black on it, has the contrast of a text in either appearance: no
    colour has that on white and on black, so each appearance takes what is nearest to it.
    """
    light = nearest(accent, lambda mixed: least_contrast(mixed, LIGHT_GROUNDS) >= READ)
    dark = nearest(accent, lambda mixed: least_contrast(mixed, DARK_GROUNDS) >= READ)
    return (
        f":root{{--brand:{accent};"
        f"--kern-color-action-default:light-dark({light},{dark});"
        f"--kern-color-action-on-default:light-dark({WHITE},{BLACK})}}\n"
    )


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _mixed(colour: str, target: str, part: float) -> str:
    """Return the colour with a part (0 to 1) of the target in it, mixed in sRGB."""
    pairs = zip(_channels(colour), _channels(target), strict=True)
    return "#" + bytes(round(a + (b - a) * part) for a, b in pairs).hex()
