"""What is withheld because few judged it: no page says that nobody did."""

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse

from tests.deciding import hold, in_english
from tests.rating import save_rating
from workshops.models import Workshop

FALSE = ("nobody has rated", "nothing is rated", "has been rated", "judged by 0", "no ratings")
WHY = (
    "Fewer than 3 people judged its relevance or its feasibility, or nobody did, so there are no"
    " values."
)


def url(name: str, workshop: Workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def text_of(page) -> str:
    markup = re.sub(r"(?s)<(script|svg|template)\b.*?</\1>", "", page.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


@pytest.fixture
def office(administrator, signed_in):
    return in_english(signed_in(administrator))


@pytest.fixture
def two_judged(workshop, measure, measure_two, ballots, at) -> Workshop:
    """Two people of one group judged the only measure that anybody judged."""
    at("rating")
    for ballot in ballots(2, group="Verwaltung"):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    return at("deliberating")


@pytest.fixture
def group_of_two(workshop, measure, measure_two, ballots, at) -> Workshop:
    """Five of a group and two of another judged one measure, five of the first the other one.

    Three more of the second group could not judge.
    """
    at("rating")
    for ballot in ballots(5, group="Rat"):
        save_rating(ballot, measure, relevance=4, feasibility=2)
        save_rating(ballot, measure_two, relevance=2, feasibility=4)
    for ballot in ballots(2, group="Verwaltung"):
        save_rating(ballot, measure, relevance=5, feasibility=5)
    for ballot in ballots(3, group="Verwaltung"):  # else no ballot would keep the group's name
        save_rating(ballot, measure, relevance=None, feasibility=None)
    return at("deliberating")


def pages(workshop: Workshop, measure) -> list[str]:
    session = hold(workshop, measure)
    groups = [f"group-{pk}" for pk in workshop.groups.values_list("pk", flat=True)]
    ways = [f"?lens={lens}" for lens in ("", "sure", "agreed", *groups)]
    ways += [f"?against={groups[1]}", f"?lens={groups[0]}&against={groups[1]}"]
    ways += [f"?lens={lens}&quadrant=start" for lens in groups]
    point = (session.pk, measure.number)
    return [
        *(url("dashboard", workshop) + way for way in ways),
        url("stability", workshop),
        url("measure-list", workshop),
        url("measure-detail", workshop, measure.number),
        url("session-detail", workshop, session.pk),
        url("agenda-item", workshop, *point),
        url("decision-add", workshop, *point),
        url("public-preview", workshop),
        url("round-list", workshop),
        url("round-add", workshop),
        workshop.get_absolute_url(),
    ]


@pytest.mark.parametrize("case", ["two_judged", "group_of_two"])
def test_where_few_judged_no_page_says_that_nobody_did(request, office, measure, case):
    workshop = request.getfixturevalue(case)
    found = {}
    for address in pages(workshop, measure):
        page = office.get(address)
        said = text_of(page).lower()
        found[address] = (page.status_code, [words for words in FALSE if words in said])
    assert {*map(str, found.values())} == {"(200, [])"}


def test_a_measure_without_figures_says_why_and_draws_no_empty_distribution(
    two_judged, office, measure
):
    session = hold(two_judged, measure)
    for address in (
        url("measure-detail", two_judged, measure.number),
        url("agenda-item", two_judged, session.pk, measure.number),
    ):
        page = office.get(address)
        said = text_of(page)
        assert (said.count(WHY), said.count("Mean –"), said.count("median –")) == (1, 0, 0)


def test_a_decision_without_figures_says_why_there_are_none(two_judged, office, measure):
    session = hold(two_judged, measure)
    said = text_of(office.get(url("decision-add", two_judged, session.pk, measure.number)))
    assert said.count("Fewer than 3 people judged one of the criteria, or nobody did") == 1


def test_the_export_tells_no_number_of_ratings_that_is_not_shown(two_judged, office):
    content = office.get(url("measure-export-csv", two_judged)).content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(content), delimiter=";")
    assert [row["Ratings (n)"] for row in rows] == ["", ""]


def test_what_is_compared_with_a_withheld_group_says_why_no_arrow_leads_there(group_of_two, office):
    rat, verwaltung = (
        f"group-{group_of_two.groups.get(name=name).pk}" for name in ("Rat", "Verwaltung")
    )
    told = (
        "2 measures have no arrow, because fewer than 5 people of “Verwaltung” judged them or a"
        " smaller group could be worked out."
    )
    dashboard = url("dashboard", group_of_two)
    said = text_of(office.get(f"{dashboard}?against={verwaltung}"))
    assert said.count(told) == 1
    # Beside the two, what five of the council say of one measure would tell what the two said.
    said = text_of(office.get(f"{dashboard}?lens={rat}&against={verwaltung}"))
    assert said.count(told.replace("2 measures have", "1 measure has").replace("them", "it")) == 1


def test_filters_that_leave_out_what_a_group_may_show_do_not_say_that_it_may_show_nothing(
    group_of_two, office
):
    rat = group_of_two.groups.get(name="Rat").pk
    address = f"{url('dashboard', group_of_two)}?lens=group-{rat}&quadrant=start"
    said = text_of(office.get(address))
    assert said.count("Nothing of this group can be shown here") == 0
    assert said.count("None has enough ratings, or the filters leave out those that do.") == 1
