"""Markup filled in: as strict as Django's own function, whatever a part is."""

from enum import StrEnum

import pytest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from measures.markup import fill, join, join_rows, piece

HOSTILE = """<script>alert("1" & '2')</script>"""


class Word(StrEnum):
    HOSTILE = HOSTILE


class Shouting(str):
    """A string of somebody else's class, which nobody has marked as safe."""


class Drawn:
    def __html__(self) -> str:
        return "<b>drawn</b>"

    def __str__(self) -> str:
        return HOSTILE


@pytest.mark.parametrize(
    "cell",
    [
        HOSTILE, "Bürger & Rat", "", 0, 7, -1, 4.25, 1e-07, True, None, Word.HOSTILE,
        Shouting(HOSTILE), gettext_lazy(HOSTILE), mark_safe("<b>ours</b>"), Drawn(), [HOSTILE],
    ],
    ids=lambda cell: type(cell).__name__,
)  # fmt: skip
def test_every_kind_of_cell_is_written_as_django_writes_it(cell):
    rows = [(cell, 1), ("a", cell)]

    joined = join_rows(" ", '<i title="{}">{}</i>', rows)

    assert joined == format_html_join(" ", '<i title="{}">{}</i>', rows)
    assert "<script" not in joined
    markup = '<i title="{name}">{cell}</i>'
    assert fill(markup, name=cell, cell=1) == format_html(markup, name=cell, cell=1)
    assert fill(markup, name="a", cell=cell) == format_html(markup, name="a", cell=cell)


def test_what_people_typed_cannot_leave_its_place():
    assert (
        join_rows("", '<a title="{}">{}</a>', [(HOSTILE, "{0} %s")])
        == '<a title="&lt;script&gt;alert(&quot;1&quot; &amp; &#x27;2&#x27;)&lt;/script&gt;">'
        "{0} %s</a>"
    )
    assert fill("<i>{a}{b}</i>", a="{b}", b=HOSTILE) == (
        "<i>{b}&lt;script&gt;alert(&quot;1&quot; &amp; &#x27;2&#x27;)&lt;/script&gt;</i>"
    )


def test_the_result_is_not_escaped_again():
    assert type(join_rows("", "{}", [])) is SafeString
    assert type(fill("<i/>")) is SafeString
    assert join([fill("<b>{a}</b>", a="&"), fill("<i/>")], ", ") == "<b>&amp;</b>, <i/>"


def test_a_piece_laid_out_like_a_template_is_one_line_without_space_between_tags():
    laid_out = """
        <li class="{series}"
          data-n="{n}">
          <a href="{url}">{code} {title}</a> ({n})
          {more}
          <br>
        </li>
    """
    assert piece(laid_out) == (
        '<li class="{series}" data-n="{n}"><a href="{url}">{code} {title}</a> ({n}) {more}<br></li>'
    )
