"""The series' colours can be told apart with every kind of colour vision, and need not be.

Simulated with the matrices for full strength of G. M. Machado, M. M. Oliveira, L. A. F. Fernandes,
"A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009);
distances in OKLab (B. Ottosson, 2020), where about 0.02 can just be noticed.
"""

import re
from itertools import combinations
from math import cos, dist, radians, sin
from pathlib import Path

import pytest

from measures.matrix.shapes import look

ROOT = Path(__file__).parent.parent.parent
VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
NINE = {"light": 0.06, "dark": 0.09}  # the template's fields
TWELVE = {"light": 0.045, "dark": 0.045}


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def within(colour):
    return [min(max(value, 0.0), 1.0) for value in colour]


def linear(oklch):
    """Linear sRGB of what KERN writes as "oklch(52.1% .13 264)"."""
    light, chroma, hue = (float(number) for number in re.findall(r"[\d.]+", oklch))
    lab = (light / 100, chroma * cos(radians(hue)), chroma * sin(radians(hue)))
    to_cone = (
        (1, 0.3963377774, 0.2158037573),
        (1, -0.1055613458, -0.0638541728),
        (1, -0.0894841775, -1.2914855480),
    )
    to_rgb = (
        (4.0767416621, -3.3077115913, 0.2309699292),
        (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010),
    )
    return within(times(to_rgb, [cone**3 for cone in times(to_cone, lab)]))


def oklab(rgb):
    to_cone = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    to_lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return times(to_lab, [max(cone, 0) ** (1 / 3) for cone in times(to_cone, rgb)])


def series(theme):
    """The twelve colours of a theme in linear sRGB, as tokens.css chooses them from KERN's."""
    kern = dict(
        re.findall(
            r"--(kern-color-[\w-]+):\s*(oklch\([^)]*\))",
            (ROOT / "static/vendor/kern/kern.min.css").read_text("utf-8"),
        )
    )
    colour = r"var\(--(kern-color-[\w-]+)\)"
    found = re.findall(
        rf"--series-\d+: light-dark\({colour}, {colour}\)",
        (ROOT / "static/css/tokens.css").read_text("utf-8"),
    )
    return [linear(kern[pair[theme == "dark"]]) for pair in found]


def nearest(colours, vision):
    seen = [oklab(within(times(VISION[vision], colour))) for colour in colours]
    return min(dist(one, other) for one, other in combinations(seen, 2))


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", NINE)
def test_any_two_series_differ_by_more_than_can_just_be_noticed(theme, vision):
    colours = series(theme)

    assert len(colours) == 12
    assert nearest(colours[:9], vision) > NINE[theme]
    assert nearest(colours, vision) > TWELVE[theme]


def test_the_nine_fields_of_the_template_differ_in_shape_as_well():
    assert len({look(number)[0] for number in range(9)}) == 9


def test_the_formulas_agree_with_known_colours():
    assert oklab((1, 1, 1)) == pytest.approx((1, 0, 0), abs=1e-4)
    red = (0.627955, 0.224863, 0.125846)  # sRGB red in OKLab, from Ottosson's own table
    assert oklab((1, 0, 0)) == pytest.approx(red, abs=1e-4)
    assert linear("oklch(62.7955% 0.257683 29.2339)") == pytest.approx((1, 0, 0), abs=1e-3)
    grey = (0.5, 0.5, 0.5)  # whoever sees colours differently sees grey alike
    for matrix in VISION.values():
        assert times(matrix, grey) == pytest.approx(grey, abs=1e-4)
