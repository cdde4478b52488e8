"""Where groups part: a row for each of the widest gaps, read by eyes and by ears alike."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import shown
from measures.models import Measure
from tests.deciding import in_english
from tests.rating import save_rating


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:groups", args=[workshop.pk])


@pytest.fixture
def council(committee_member, signed_in, at):
    """Return a committee member's browser, in English, while the workshop deliberates."""
    at("deliberating")
    client = signed_in(committee_member)
    in_english(client)
    return client


@pytest.fixture
def rate(workshop, ballots):
    """Return a function by which groups of five rate: ``rate(measure, Rat=(5, 1))``."""
    voters = {group.name: ballots(5, group=group.name) for group in workshop.groups.all()}

    def cast(measure: Measure, **by_group: tuple[int, int]) -> None:
        for group, (relevance, feasibility) in by_group.items():
            for ballot in voters[group]:
                save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)

    return cast


def text(markup: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]*>", " ", markup, flags=re.S)))


def rows(response) -> list[list[str]]:
    """Return the chart as it is read: the text of every cell."""
    body = re.search(r"<tbody.*?</tbody>", response.content.decode(), re.S)
    found = re.findall(r"<tr.*?</tr>", body[0], re.S) if body else []
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in found]
    return [[text(cell).strip() for cell in row] for row in cells]


def sentence(response) -> str:
    found = re.search(r'<p class="parting__sentence">(.*?)</p>', response.content.decode(), re.S)
    return text(found[1]).strip()


def drawn(response) -> list[list[tuple[str, str, str]]]:
    """Return per row the circles: letters, place, and what they are besides."""
    body = re.search(r"<tbody.*?</tbody>", response.content.decode(), re.S)[0]
    one = r'<g\s+class="\s*parting__circle\s*([\w-]*)\s*".*?<text x="([\d.]+%)"[^>]*>(\w+)</text>'
    return [
        [(letters, x, kind) for kind, x, letters in re.findall(one, row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


SHOWN = "A group is shown from 5 ratings on, and only if no smaller group could be worked out."


def test_each_measure_stands_with_the_criterion_that_parts_the_groups_more(
    workshop, measure, measure_two, rate, council, url
):
    workshop.groups.create(name="Bürgerinnen und Bürger", order=3)
    rate(measure, Rat=(5, 1), Verwaltung=(4, 3))
    rate(measure_two, Rat=(5, 2), Verwaltung=(1, 2))
    response = council.get(url)
    assert rows(response) == [
        ["M2 Bus", "Relevance", "Verwaltung 1.00", "", "5.00 Rat", "4.00"],
        ["M1 WLAN", "Feasibility", "Rat 1.00", "", "3.00 Verwaltung", "2.00"],
    ]
    assert sentence(response) == (
        f"Once “Verwaltung” rates lowest, once “Rat”. {SHOWN} Not shown: Bürgerinnen und Bürger."
    )


def test_the_groups_in_between_are_told_and_drawn_and_one_that_is_missing_is_named(
    workshop, measure, measure_two, council, url, ballots, rate
):
    clubs = workshop.groups.create(name="Vereine", order=3).name
    rate(measure, Rat=(5, 1), Verwaltung=(3, 1))
    for ballot in ballots(5, group=clubs):
        save_rating(ballot, measure, relevance=2, feasibility=1)
    rate(measure_two, Rat=(5, 2), Verwaltung=(1, 2))
    response = council.get(url)
    assert [row[1:4] for row in rows(response)] == [
        ["Relevance without Vereine", "Verwaltung 1.00", ""],
        ["Relevance", "Vereine 2.00", "Verwaltung 3.00"],
    ]
    assert drawn(response) == [
        [("V", "4.00%", "is-end"), ("R", "96.00%", "is-end")],
        [("Ve", "27.00%", "is-end"), ("V", "50.00%", ""), ("R", "96.00%", "is-end")],
    ]
    assert sentence(response).endswith(SHOWN)


def test_a_group_is_highlighted_by_the_address_and_leads_to_its_arrows(
    workshop, measure, rate, council, url
):
    rate(measure, Rat=(5, 1), Verwaltung=(1, 1))
    hall = workshop.groups.get(name="Verwaltung")
    page = council.get(url, {"highlight": hall.pk})
    assert drawn(page) == [[("V", "4.00%", "is-highlighted"), ("R", "96.00%", "is-end")]]
    matrix = reverse("measures:dashboard", args=[workshop.pk])
    markup = page.content.decode()
    assert f'href="{matrix}?lens=group-{hall.pk}"' in markup
    nav = re.search(r'<nav class="parting__groups".*?</nav', markup, re.S)[0]
    [current] = re.findall(
        r'<a[^>]*href="([^"]*)"[^>]*aria-current="true"[^>]*>(.*?)</a', nav, re.S
    )
    assert (current[0], text(current[1]).split()) == ("?", ["V", "Verwaltung"])
    assert council.get(matrix, {"lens": f"group-{hall.pk}"}).status_code == 200


def test_no_more_than_ten_are_shown_and_the_sentence_counts_them(
    workshop, field, rate, council, url
):
    for number in range(12):
        measure = Measure.objects.create(workshop=workshop, field=field, title=f"Nr. {number}")
        rate(measure, **({"Rat": (5, 1), "Verwaltung": (1, 1)} if number < 4
                         else {"Rat": (2, 1), "Verwaltung": (4, 1)}))  # fmt: skip
    response = council.get(url)
    assert [row[-1] for row in rows(response)] == ["4.00"] * 4 + ["2.00"] * 6
    assert sentence(response) == f"Six times “Rat” rates lowest, four times “Verwaltung”. {SHOWN}"


def test_a_group_below_the_smallest_size_is_neither_drawn_nor_counted(
    workshop, measure, rate, council, url
):
    rate(measure, Rat=(5, 1), Verwaltung=(1, 1))
    assert len(rows(council.get(url))) == 1
    workshop.smallest_group = 6
    workshop.save()
    response = council.get(url)
    assert (rows(response), "No two groups can be compared" in text(response.text)) == ([], True)
    assert "Rat" not in response.text


@pytest.mark.parametrize(
    ("means", "told"),
    [
        ({}, "No two groups can be compared"),
        ({"Rat": (3, 3)}, "No two groups can be compared"),
        ({"Rat": (3, 3), "Verwaltung": (3, 3)}, "The groups rate alike"),
    ],
)
def test_where_nothing_parts_the_groups_the_page_says_why(means, told, measure, rate, council, url):
    rate(measure, **means)
    assert told in council.get(url).text


def test_a_workshop_without_groups_says_so(workshop, council, url):
    workshop.groups.all().delete()
    assert "This workshop has no groups" in council.get(url).text


def test_what_the_address_names_wrongly_is_left_out_and_said(measure, rate, council, url):
    rate(measure, Rat=(5, 1), Verwaltung=(1, 1))
    for name, value in (("round", "9"), ("highlight", "0"), ("highlight", "x")):
        response = council.get(url, {name: value})
        assert (response.status_code, len(rows(response))) == (400, 1)
        assert "it was left out" in response.text


def test_the_number_of_queries_does_not_grow_with_the_measures(
    workshop, field, measure, rate, council, url
):
    rate(measure, Rat=(5, 1), Verwaltung=(1, 1))
    council.get(url)
    counts = []
    for title in ("Bus", "Rad"):
        shown._known.clear()
        with CaptureQueriesContext(connection) as asked:
            council.get(url, {"again": title})
        counts.append(len(asked))
        for twin in "ab":
            rate(
                Measure.objects.create(workshop=workshop, field=field, title=title + twin),
                Rat=(5, 1), Verwaltung=(1, 1),
            )  # fmt: skip
    assert counts == [15, 15]


def test_drawn_once_it_takes_the_two_queries_of_the_visit(
    measure, rate, council, url, django_assert_num_queries
):
    rate(measure, Rat=(5, 1), Verwaltung=(1, 1))
    first = council.get(url)
    with django_assert_num_queries(2):
        again = council.get(url)
    assert rows(again) == rows(first) != []
