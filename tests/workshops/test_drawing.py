"""Pieces of pages are drawn once for the same values, and never with somebody else's."""

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import override

from workshops.drawing import _drawn, drawn, drawn_around
from workshops.models import Workshop
from workshops.presence.shown import LegalLink

FOOTER = "_footer_drawn.html"


@pytest.fixture(autouse=True)
def nothing_drawn():
    _drawn.cache_clear()


def footer(*whose: str) -> SafeString:
    return drawn(
        FOOTER, legal=tuple(LegalLink("imprint", "/i/", each) for each in whose), further=()
    )


def test_the_same_values_are_drawn_once_in_each_language():
    assert "Bingen" in footer("Bingen")
    assert footer("Bingen") is footer("Bingen")
    assert "Ulm" in footer("Ulm")
    with override("en"):
        assert "Imprint" in footer("Ulm")
    assert "Impressum" in footer("Ulm")
    assert _drawn.cache_info().misses == 3


def test_who_works_on_templates_sees_each_change(settings):
    settings.DEBUG = True
    assert footer("Bingen") is not footer("Bingen")


def test_a_row_of_the_database_is_refused_because_it_equals_its_older_self():
    with pytest.raises(TypeError, match="further is not a plain one"):
        drawn(FOOTER, legal=(), further=(Workshop(pk=1),))


def test_a_text_is_escaped_whoever_marked_it_as_safe():
    marked = SafeString("<b>Bingen</b>")
    with pytest.raises(TypeError):
        footer(marked)
    page = Template(
        '{% load drawing %}{% drawn "measures/results/_columns.html" columns=columns %}'
    )
    columns = (("n", "<b>", True),)
    assert "&lt;b&gt;" in page.render(Context({"columns": columns}))
    title = drawn("components/_toast.html", text=marked, level="info")
    assert "&lt;b&gt;Bingen" in title


def test_what_is_large_is_put_in_each_time_and_the_piece_around_it_is_drawn_once():
    def body(*shifts: str) -> str:
        rows = SafeString("".join(f"<tr>{each}</tr>" for each in shifts))
        return drawn_around("measures/results/_shifts.html", {"shift_rows": rows})

    pieces = [body("1", "2").split("<tr>1</tr><tr>2</tr>"), body("3").split("<tr>3</tr>")]
    assert pieces[0] == pieces[1]
    assert "<tbody></tbody>" in body()
    assert _drawn.cache_info().misses == 2  # with rows, and without
