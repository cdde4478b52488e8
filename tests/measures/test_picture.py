"""The picture's words: a summary, the list by quadrant, the legend; exact, escaped, never wrong."""

import csv
import gzip
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from measures.matrix.layout import Overlay
from measures.models import Measure, Outcome
from measures.overview import overview_of
from measures.results.markup import quadrant_lists
from measures.results.picture import best_of, by_rank, picture, summary_of
from measures.results.talk import talk_of
from tests.benchmarks.data import build
from tests.markup import compact
from tests.rating import save_rating

CATALOGUE = Path(__file__).parent.parent / "data" / "ulm_smart_city_massnahmen.csv"
SCRIPT = """<script>alert("1")</script>"""


@pytest.fixture
def rate(workshop, field, ballots, at):
    """Return a function that adds a measure and its pairs (relevance, feasibility).

    Five people give each pair, so that everything may be shown.
    """
    at("deliberating")

    def add(title, *votes, its_field=None):
        measure = Measure.objects.create(workshop=workshop, field=its_field or field, title=title)
        people = ballots(5 * len(votes))
        for ballot, (relevance, feasibility) in zip(people, votes * 5, strict=True):
            save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)
        return measure

    return add


def url(number):
    return f"/m/{number}/"


def said(workshop):
    view = overview_of(workshop)
    names = dict.fromkeys(view.quadrant_names, "Q")
    with translation.override("en"):
        return summary_of(replace(view, quadrant_names=names), view.rows, talk_of(view))


def test_the_summary_counts_the_quadrants_and_names_best_and_most_disputed(workshop, rate):
    rate("WLAN", (5, 5), (5, 4))
    rate("Bus", (1, 5), (5, 5), (5, 5), (1, 5))
    rate("Rad", (4, 2))
    rate("Bahn")
    view = overview_of(workshop)
    with translation.override("en"):
        sentences = summary_of(view, view.rows, talk_of(view))

    start, prepare = view.quadrant_names["start"], view.quadrant_names["prepare"]
    assert sentences == (
        f"The picture shows 3 measures: 2 in “{start}”, 1 in “{prepare}”. "
        "On top stands M1 WLAN, rank 1. "
        "Most to talk about: M2 Bus. Opinions differ on the relevance (agreement −1.00)."
    )


def test_four_people_who_differ_are_not_called_a_dispute(workshop, field, ballots, at):
    """Their distribution stays closed, and so does how far apart they are."""
    at("deliberating")
    measure = Measure.objects.create(workshop=workshop, field=field, title="WLAN")
    for ballot, step in zip(ballots(4), (1, 5, 1, 5), strict=True):
        save_rating(ballot, measure, relevance=5, feasibility=step)

    assert said(workshop).endswith("On top stands M1 WLAN, rank 1.")


def test_the_summary_names_what_the_list_of_disputes_names_first(
    workshop, rate, ballots, committee_member, signed_in, at
):
    """Groups three steps apart weigh more than a criterion on which the room is spread evenly."""
    measure = rate("Bus")
    for group, step in (("Rat", 5), ("Verwaltung", 2)):
        for ballot in ballots(5, group=group):
            save_rating(ballot, measure, relevance=4, feasibility=step)
    rate("WLAN", *[(step, 5) for step in range(1, 6)])
    at("deliberating")
    council = signed_in(committee_member)
    reason = "„Rat“ bewertet die Realisierbarkeit mit 5,00, „Verwaltung“ mit 2,00."

    page = unescape(council.get(reverse("measures:dashboard", args=[workshop.pk])).content.decode())
    listed = compact(council.get(reverse("measures:stability", args=[workshop.pk])))

    assert f"Größter Beratungsbedarf: M1 Bus. {reason}</p>" in page
    first = re.search(r'<ol class="talk__list"><li data-measure="(\d+)">', listed)[1]
    assert first == str(measure.pk)


def test_of_filtered_rows_the_first_disputed_one_is_named(workshop, rate):
    rate("Bus", (1, 5), (5, 5), (5, 5), (1, 5))
    rate("Rad", *[(step, 5) for step in range(1, 6)])
    view = overview_of(workshop)
    shown = [row for row in view.rows if row.measure.title == "Rad"]
    with translation.override("en"):
        sentences = summary_of(view, shown, talk_of(view))

    assert sentences.endswith("M2 Rad. Opinions differ on the relevance (agreement 0.00).")


def test_beside_one_groups_figures_nothing_is_said_of_the_rooms_disputes(
    workshop, rate, ballots, committee_member, signed_in, at
):
    measure = rate("Bus")
    for ballot, step in zip(ballots(6, group="Rat"), (1, 5) * 3, strict=True):
        save_rating(ballot, measure, relevance=step, feasibility=4)
    at("deliberating")
    page = reverse("measures:dashboard", args=[workshop.pk])
    council, group = signed_in(committee_member), workshop.groups.get(name="Rat")

    found = {
        lens: "Beratungsbedarf: M1" in council.get(page, {"lens": lens}).content.decode()
        for lens in ("", "sure", "agreed", f"group-{group.pk}")
    }
    assert found == {"": True, "sure": True, "agreed": True, f"group-{group.pk}": False}


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
    view = overview_of(workshop)
    with translation.override("en"):
        sentences = summary_of(view, [row for row in view.rows if row.measure.title == "Bus"])

    assert sentences.endswith("On top stands M2 Bus, rank 2.")


def test_without_a_ranked_measure_there_is_neither_picture_nor_summary(workshop, rate):
    rate("Bahn")
    view = overview_of(workshop)

    assert (picture(view, view.rows, url), summary_of(view, view.rows)) == (None, "")


def test_the_list_by_quadrant_names_every_ranked_measure_once_with_its_rank(workshop, rate):
    rate("Bus & <b>", (2, 5))
    rate("WLAN", (5, 5))
    rate("Rad", (5, 5))
    rate("Bahn")
    view = overview_of(workshop)

    names = view.quadrant_names
    assert quadrant_lists(view, by_rank(view.rows), url) == (
        f'<div><h3 class="kern-heading-small">{names["start"]} (2)</h3><ol>'
        '<li value="1"><a href="/m/2/">M2 WLAN</a></li>'
        '<li value="1"><a href="/m/3/">M3 Rad</a></li></ol></div>'
        f'<div><h3 class="kern-heading-small">{names["optional"]} (1)</h3><ol>'
        '<li value="3"><a href="/m/1/">M1 Bus &amp; &lt;b&gt;</a></li></ol></div>'
    )


def test_only_fields_with_a_mark_are_in_the_legend_under_their_number(workshop, rate):
    tourism = workshop.fields.get(name="Tourismus")
    rate("WLAN", (5, 5), its_field=tourism)
    rate("Bahn")
    view = overview_of(workshop)
    place = [each.pk for each in view.fields].index(tourism.pk)

    assert picture(view, view.rows, url).key.fields == ((place, tourism.name),)


def test_a_sentence_of_its_own_ends_the_name_and_is_escaped(workshop, rate):
    measure = rate("WLAN", (5, 5))
    view = overview_of(workshop)

    drawn = picture(view, view.rows, url, extra={measure.pk: SCRIPT}).svg

    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 2  # in the name and for the card


def test_the_key_says_what_lies_beneath_the_marks(workshop, rate):
    measure = rate("WLAN", (5, 5))
    view = overview_of(workshop)
    origins, regions = {measure.pk: (1, 1)}, {measure.pk: ((4, 4), (5, 4), (5, 5))}

    def signs(**given):
        shown = picture(view, view.rows, url, Overlay(meaning="Das heißt", **given))
        page = render_to_string("measures/matrix/_matrix.html", {"picture": shown})
        key = page.partition('<ul class="legend legend--lines"')[2].partition("</ul>")[0]
        known = r"matrix__(region|ring|head)"
        return re.findall(known, key), key.count("Das heißt")

    assert signs() == ([], 0)
    assert signs(regions=regions) == (["region"], 1)
    assert signs(origins=origins) == (["head"], 1)
    assert signs(origins=origins, is_joined=True) == (["ring"], 1)


def test_what_was_decided_is_told_by_line_word_and_key_as_far_as_the_caller_says(workshop, rate):
    accepted, rejected, _open = rate("WLAN", (5, 5)), rate("Bus", (4, 4)), rate("Rad", (3, 3))
    outcomes = {accepted.pk: Outcome.ACCEPTED, rejected.pk: Outcome.REJECTED}
    view = overview_of(workshop)

    told = picture(view, view.rows, url, outcomes=outcomes)
    silent = picture(view, view.rows, url)

    assert told.key.outcomes == (("accepted", "angenommen"), ("rejected", "abgelehnt"))
    assert silent.key.outcomes == ()
    classes = re.findall(r'<a class="mark series-\d+ mark--best([^"]*)" id', told.svg)
    assert classes == [" mark--accepted", " mark--rejected", ""]
    assert told.svg.count('class="outline"') == 2  # wide, and for a phone; none of the rejected
    assert "outline" not in silent.svg
    assert re.findall(r'aria-label="M1 [^"]*angenommen"', told.svg)


def test_the_ten_best_are_filled_but_none_of_those_that_share_a_rank_alone(workshop, rate):
    for number in range(9):
        rate(f"Nr. {number}", (5, 5 - number % 4), (5 - number // 4, 3))
    for number in range(3):
        rate(f"Gleich {number}", (1, 1))
    view = overview_of(workshop)
    ranked = by_rank(view.rows)

    assert [row.measure.title[:3] for row in best_of(ranked)] == ["Nr."] * 9
    assert best_of(ranked[-3:]) == ranked[-3:]
    assert picture(view, view.rows, url).key.has_rest
    assert not picture(view, ranked[:4], url).key.has_rest


def test_a_short_title_stands_beside_its_mark_and_leads_to_the_measure(workshop, rate):
    measure = rate("Freies WLAN an allen Plätzen", (5, 5))
    view = overview_of(workshop)

    drawn = picture(view, view.rows, url, names={measure.pk: "Freies <WLAN>"}).svg

    titles = re.findall(
        r'<a class="title series-1" href="([^"]*)" tabindex="-1".*?>([^<>]+)</tspan>', drawn
    )
    assert titles == [("/m/1/", "Freies &lt;WLAN&gt;")] * 2


def test_the_part_of_the_scale_stays_the_same_whatever_a_filter_hides(workshop, rate):
    rate("WLAN", (5, 5))
    rate("Bus", (2, 3))
    view = overview_of(workshop)
    domain = r'data-domain="([^"]*)"'
    ranked = by_rank(view.rows)

    found = {re.search(domain, picture(view, rows, url).svg)[1] for rows in (ranked, ranked[:1])}
    assert found == {"2.75 5.2 1.75 5.2"}
    whole = picture(view, ranked, url, has_spread=True).svg
    assert re.search(domain, whole)[1] == "0.8 5.2 0.8 5.2"


def test_with_300_real_titles_the_page_takes_less_than_71_kilobytes(db, signed_in):
    case = build(300, 10)
    with CATALOGUE.open(encoding="utf-8", newline="") as lines:
        titles = [line["titel"] for line in csv.DictReader(lines)]
    measures = list(case.workshop.measures.order_by("number"))
    for place, measure in enumerate(measures):
        measure.title = f"{titles[place % len(titles)]} {place}"
    Measure.objects.bulk_update(measures, ["title"])

    page = signed_in(case.facilitator).get(reverse("measures:dashboard", args=[case.workshop.pk]))

    assert page.content.count(b'<a class="mark ') == 600  # wide, and for a phone
    assert len(gzip.compress(page.content, 6)) < 71_000
