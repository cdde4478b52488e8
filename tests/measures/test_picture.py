"""The picture's words: a summary, the list by quadrant, the legend; exact, escaped, never wrong."""

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from measures.matrix.layout import Overlay
from measures.models import Measure
from measures.overview import overview
from measures.rating.saving import save_rating
from measures.results.picture import legend, picture, picture_of, quadrant_lists, summary, svg
from tests.benchmarks.data import build

CATALOGUE = Path(__file__).parent.parent / "data" / "ulm_smart_city_massnahmen.csv"
SCRIPT = """<script>alert("1")</script>"""


@pytest.fixture
def rate(workshop, field, ballots):
    """Return a function that adds a measure with its (relevance, feasibility) pairs."""

    def add(title, *votes, its_field=None):
        measure = Measure.objects.create(workshop=workshop, field=its_field or field, title=title)
        for ballot, (relevance, feasibility) in zip(ballots(len(votes)), votes, strict=True):
            save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)
        return measure

    return add


def url(number):
    return f"/m/{number}/"


def said(workshop):
    view = overview(workshop)
    names = dict.fromkeys(view.quadrant_names, "Q")
    with translation.override("en"):
        return summary(replace(view, quadrant_names=names), view.rows)


def test_the_summary_counts_the_quadrants_and_names_best_and_least_agreed(workshop, rate):
    rate("WLAN", (5, 5), (5, 4))
    rate("Bus", (1, 5), (5, 5))
    rate("Rad", (4, 2))
    rate("Bahn")
    view = overview(workshop)
    with translation.override("en"):
        sentences = summary(view, view.rows)

    start, prepare = view.quadrant_names["start"], view.quadrant_names["prepare"]
    assert sentences == (
        f"The picture shows 3 measures: 2 in “{start}”, 1 in “{prepare}”. "
        "On top stands M1 WLAN, rank 1. "
        "Opinions differ most on the relevance of M2 Bus (agreement −1.00)."
    )


def test_one_measure_on_which_all_agree(workshop, rate):
    rate("WLAN", (5, 5), (5, 5))

    assert said(workshop) == (
        "The picture shows 1 measure: 1 in “Q”. On top stands M1 WLAN, rank 1."
    )


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (2, "On top stand M1, M2, all on rank 1."),
        (3, "On top stand M1, M2, M3, all on rank 1."),
        (4, "On top stand 4 measures, all on rank 1."),
    ],
)
def test_measures_that_share_the_first_rank_are_named_or_counted(workshop, rate, count, sentence):
    for number in range(count):
        rate(f"Nr {number}", (4, 4))

    assert said(workshop).split(". ")[1].rstrip(".") + "." == sentence


def test_of_filtered_rows_the_best_one_keeps_its_rank(workshop, rate):
    rate("WLAN", (5, 5))
    rate("Bus", (4, 4))
    view = overview(workshop)
    with translation.override("en"):
        sentences = summary(view, [row for row in view.rows if row.measure.title == "Bus"])

    assert sentences.endswith("On top stands M2 Bus, rank 2.")


def test_without_a_ranked_measure_there_is_neither_picture_nor_summary(workshop, rate):
    rate("Bahn")
    view = overview(workshop)

    assert (picture(view, view.rows, url), summary(view, view.rows)) == (None, "")


def test_the_list_by_quadrant_names_every_ranked_measure_once_with_its_rank(workshop, rate):
    rate("Bus & <b>", (2, 5))
    rate("WLAN", (5, 5))
    rate("Rad", (5, 5))
    rate("Bahn")
    view = overview(workshop)

    lists = quadrant_lists(view, view.rows, url)

    names = view.quadrant_names
    assert [(each.name, each.count, each.items) for each in lists] == [
        (
            names["start"],
            2,
            '<li value="1"><a href="/m/2/">M2 WLAN</a></li>'
            '<li value="1"><a href="/m/3/">M3 Rad</a></li>',
        ),
        (names["optional"], 1, '<li value="3"><a href="/m/1/">M1 Bus &amp; &lt;b&gt;</a></li>'),
    ]


def test_only_fields_with_a_mark_are_in_the_legend_under_their_number(workshop, rate):
    tourism = workshop.fields.get(name="Tourismus")
    rate("WLAN", (5, 5), its_field=tourism)
    rate("Bahn")
    view = overview(workshop)

    (entry,) = legend(view, view.rows)

    place = view.fields.index(tourism)
    assert (entry.name, entry.field, entry.colour) == ("Tourismus", place, place + 1)


def test_a_sentence_of_its_own_ends_the_name_and_is_escaped(workshop, rate):
    measure = rate("WLAN", (5, 5))
    view = overview(workshop)

    drawn = svg(view, view.rows, url, extra={measure.pk: SCRIPT})

    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 2  # in the name and for the card


def test_the_legend_says_what_lies_beneath_the_marks(workshop, rate):
    measure = rate("WLAN", (5, 5))
    view = overview(workshop)
    corners = ((4, 4), (5, 4), (5, 5))

    def kinds(**given):
        return [kind for kind, _meaning in picture(view, view.rows, url, Overlay(**given)).kinds]

    assert kinds() == []
    assert kinds(regions={measure.pk: corners}) == ["region"]
    assert kinds(origins={measure.pk: (1, 1)}, regions={measure.pk: corners}) == ["region", "arrow"]
    joined = picture(
        view, view.rows, url, Overlay(origins={measure.pk: (1, 1)}, is_joined=True, meaning="Rat")
    )
    assert joined.kinds == [("join", "Rat")]
    assert len(picture_of(view, view.rows, Overlay(origins={measure.pk: (1, 1)})).arrows) == 1


def test_with_300_real_titles_the_page_takes_less_than_60_kilobytes(db, signed_in):
    case = build(300, 10)
    with CATALOGUE.open(encoding="utf-8", newline="") as lines:
        titles = [line["titel"] for line in csv.DictReader(lines)]
    measures = list(case.workshop.measures.order_by("number"))
    for place, measure in enumerate(measures):
        measure.title = f"{titles[place % len(titles)]} {place}"
    Measure.objects.bulk_update(measures, ["title"])

    page = signed_in(case.facilitator).get(reverse("measures:dashboard", args=[case.workshop.pk]))

    assert page.content.count(b'<a class="mark ') == 300
    assert len(gzip.compress(page.content, 6)) < 60_000
