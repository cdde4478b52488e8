"""A municipality's colour is seen and read in both appearances, by the W3C's own arithmetic."""

import re

import pytest
from django.core.exceptions import ValidationError

from tests.measures.test_matrix_file import hexadecimal
from tests.test_layers import ROOT
from workshops.models.presence import legible_accent
from workshops.presence import contrast as c

# As the W3C's examples and every contrast checker have them, to two digits.
KNOWN = [
    ("#000000", "#ffffff", 21.0),
    ("#777777", "#ffffff", 4.48),
    ("#767676", "#ffffff", 4.54),
    ("#ff0000", "#ffffff", 4.0),
    ("#0000ff", "#ffffff", 8.59),
    ("#00519e", "#000000", 2.67),
    ("#ffcc00", "#ffffff", 1.51),
]


@pytest.mark.parametrize(("one", "other", "ratio"), KNOWN)
def test_a_known_contrast_comes_out_in_either_order(one, other, ratio):
    assert (round(c.contrast(one, other), 2), round(c.contrast(other, one), 2)) == (ratio, ratio)


def test_the_grounds_are_those_that_kern_paints():
    sheet = (ROOT / "static/made/kern.css").read_text("utf-8")
    told = dict(re.findall(r"--kern-color-([\w-]+): (oklch\([^)]*\))", sheet))
    grounds = [hexadecimal(told[name]) for name in ("white", "neutral-025", "black", "neutral-950")]
    assert grounds == [*c.LIGHT_GROUNDS, *c.DARK_GROUNDS]


@pytest.mark.parametrize(
    ("colour", "nearest"),
    [
        ("#c1272d", "#c1272d"),
        ("#00519e", "#0d5aa3"),
        ("#ffcc00", "#b49000"),
        ("#000000", "#5a5a5a"),
        ("#ffffff", "#949494"),
    ],
)
def test_the_nearest_colour_passes_and_is_the_same_if_it_did(colour, nearest):
    assert (c.nearest(colour, c.is_seen), c.is_seen(nearest)) == (nearest, True)


def test_where_nothing_fits_that_is_said():
    with pytest.raises(ValueError, match="#00519e"):
        c.nearest("#00519e", lambda _mixed: False)


@pytest.mark.parametrize("colour", ["#c1272d", "#00803c", "#0d5aa3", "#767676", "#b49000"])
def test_texts_in_the_colour_and_on_it_are_read_in_both_appearances(colour):
    [(light, dark), (on_light, on_dark)] = re.findall(r"light-dark\((.*?),(.*?)\)", c.sheet(colour))
    pairs = [
        *((light, ground) for ground in c.LIGHT_GROUNDS),
        *((dark, ground) for ground in c.DARK_GROUNDS),
        (light, on_light),
        (dark, on_dark),
    ]
    assert [pair for pair in pairs if c.contrast(*pair) < c.READ] == []


def test_the_sheet_holds_colours_and_nothing_else():
    assert c.sheet("#00803c") == (
        ":root{--brand:#00803c;--kern-color-action-default:light-dark(#00803c,#229156);"
        "--kern-color-action-on-default:light-dark(#ffffff,#000000)}\n"
    )


def test_a_colour_is_refused_with_what_was_measured_and_what_would_pass():
    legible_accent("#0d5aa3")
    with pytest.raises(ValidationError) as dark:
        legible_accent("#00519e")
    with pytest.raises(ValidationError) as light:
        legible_accent("#ffcc00")
    assert [dark.value.messages, light.value.messages] == [
        [
            "Auf der dunklen Seite hat diese Farbe einen Kontrast von 2,67 : 1; nötig sind"
            " mindestens 3 : 1. Die nächstliegende Farbe, die genügt, ist #0d5aa3."
        ],
        [
            "Auf der weißen Seite hat diese Farbe einen Kontrast von 1,51 : 1; nötig sind"
            " mindestens 3 : 1. Die nächstliegende Farbe, die genügt, ist #b49000."
        ],
    ]
