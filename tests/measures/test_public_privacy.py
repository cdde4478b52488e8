"""No name, no group, nothing pending: searched for in everything that goes out."""

import re

import pytest
from django.urls import reverse

from measures.models import PROFILE_FIELDS
from measures.public.records import public_decisions
from tests.deciding import decide, hold
from tests.measures.publishing import ROUTES, address, item, rate, read, table
from tests.rating import agree_on, count_paper
from workshops.models import Workshop


@pytest.fixture
def strict(public) -> Workshop:
    """Return the same with the usual smallest group of five; inside, three ratings are enough."""
    public.smallest_group = 5
    public.save(update_fields=["smallest_group"])
    return public


def test_no_secret_is_in_page_matrix_picture_or_header(public, secrets, client):
    own = [reverse("measures:public-measure", args=[public.pk, number]) for number in (1, 2)]
    for url in (*(address(name, public) for name in ROUTES), *own):
        for query in ("", "?lang=en", "?all=1"):
            response = client.get(url + query)
            told = response.content.decode("latin-1") + str(response.headers)
            assert response.status_code == 200
            assert [each for each in secrets if re.search(rf"\b{re.escape(each)}", told)] == []


def test_the_secrets_are_found_where_they_may_be_read(
    public, secrets, signed_in, administrator, measure
):
    """The search itself works: inside the workshop the same words are there."""
    inside = signed_in(administrator).get(measure.get_absolute_url()).content.decode()
    assert all(f"GEHEIM-{name}" in inside for name in PROFILE_FIELDS)


def test_a_measure_that_few_rated_has_neither_values_nor_rank_nor_mark(
    strict, measure, measure_two, english, client, ballots, signed_in, administrator
):
    rate(measure, ballots(4), *[(5, 5)] * 4)
    rate(measure_two, ballots(5), *[(1, 1)] * 5)
    agree_on(measure=measure, relevance=2, feasibility=3)
    assert item(client.get(english), 1) == (
        "WLAN Rated in the workshop too few ratings to show them in public Agreed in the room"
        " relevance 2, feasibility 3 Action field Alltagsleben – Alle kommen ins Netz"
    )
    matrix = client.get(address("public-matrix", strict), {"lang": "en"})
    assert [row[:2] for row in table(matrix)] == [["1", "M2 Bus"]]
    assert "1 measure has too few ratings to show them in public." in read(matrix)
    assert re.findall(r'id="mark-(\d+)"', matrix.content.decode()) == [str(measure_two.pk)]
    inside = signed_in(administrator).get(address("dashboard", strict)).content.decode()
    assert {*re.findall(r'id="mark-(\d+)"', inside)} == {str(measure.pk), str(measure_two.pk)}


def test_what_few_people_said_changes_no_byte_of_the_page(
    strict, measure, measure_two, client, ballots
):
    few, many = ballots(4), ballots(5)
    rate(measure_two, many, *[(3, 4)] * 4, (4, 4))
    told = []
    for pair in ((5, 5), (1, 1), (3, None)):
        rate(measure, few, *[pair] * 4)
        told.append([client.get(address(name, strict)).content for name in ROUTES])
    assert told[0] == told[1] == told[2]


def test_who_counted_the_paper_finds_no_ballots_by_taking_it_away(
    strict, measure, english, client, ballots
):
    rate(measure, ballots(4), *[(5, 5)] * 4)
    for criterion in ("relevance", "feasibility"):
        count_paper(measure=measure, criterion=criterion, step=1, count=9)
    assert "too few ratings" in item(client.get(english), 1)
    rate(measure, ballots(1), (5, 5))
    assert "14 ratings" in item(client.get(english), 1)


def test_no_distribution_hides_in_the_picture(public, measure, client, ballots):
    rate(measure, ballots(3), (1, 5), (2, 5), (5, 2))
    matrix = client.get(address("public-matrix", public)).content.decode()
    found = re.findall(r'data-(?:relevance|feasibility)="([^"]*)"', matrix)
    assert found == ["", ""]
    assert "matrix__spread" not in matrix


def test_while_the_first_round_runs_no_value_is_shown(
    public, measure, english, client, ballots, at, session, decide
):
    at("rating")
    rate(measure, ballots(5), *[(5, 5)] * 5)
    agree_on(measure=measure, relevance=4, feasibility=4)
    decide(session, measure, "accepted")
    response = client.get(english)
    assert item(response, 1) == (
        "accepted no report yet WLAN Reasons given Dringlich"
        " Decided by Ausschuss für Digitales, Oct. 12, 2026"
        " Action field Alltagsleben – Alle kommen ins Netz"
    )
    assert address("public-matrix", public) not in response.content.decode()
    assert "og:image" not in response.content.decode()
    assert client.get(address("public-picture", public)).status_code == 404
    assert read(client.get(address("public-matrix", public) + "?lang=en")).startswith(
        "Priority matrix – Digital-Werkstatt Bingen There is no picture to show at the moment."
    )


def test_while_a_further_round_runs_what_was_shown_stays_and_nothing_is_added(
    public, measure, english, client, ballots, at
):
    voters = ballots(5)
    rate(measure, voters, *[(5, 5)] * 5)
    agree_on(measure=measure, relevance=4, feasibility=4)
    before = [client.get(address(name, public)).content for name in ROUTES]
    said = item(client.get(english), 1)
    assert "(relevance 5.00, feasibility 5.00, 5 ratings)" in said
    at("rating")
    rate(measure, voters, *[(1, 2)] * 5)
    agree_on(measure=measure, relevance=1, feasibility=1)
    assert [client.get(address(name, public)).content for name in ROUTES] == before


def test_the_first_round_is_not_shown_beside_the_second(
    public, measure, english, client, ballots, at
):
    voters = ballots(5)
    rate(measure, voters, *[(5, 5)] * 5)
    at("rating")
    rate(measure, voters[:3], *[(1, 2)] * 3)
    at("deliberating")
    assert item(client.get(english), 1) == (
        "WLAN Rated in the workshop “Keep in mind”, rank 1 of 1"
        " (relevance 1.00, feasibility 2.00, 3 ratings)"
        " Action field Alltagsleben – Alle kommen ins Netz"
    )


def test_a_later_result_that_replaces_nothing_is_not_shown_either(
    public, measure, client, ballots, at
):
    voters = ballots(7)
    rate(measure, voters, *[(5, 5)] * 7)
    before = [client.get(address(name, public)).content for name in ROUTES]
    at("rating")
    rate(measure, voters[:3], *[(1, 2)] * 3)
    at("deliberating")
    assert [client.get(address(name, public)).content for name in ROUTES] == before


def test_where_the_result_that_holds_has_too_few_ratings_no_older_one_takes_its_place(
    strict, measure, english, client, ballots, at
):
    voters = ballots(7)
    rate(measure, voters, *[(5, 5)] * 7)
    at("rating")
    rate(measure, voters[:4], *[(1, 2)] * 4)
    at("deliberating")
    assert item(client.get(english), 1) == (
        "WLAN Rated in the workshop too few ratings to show them in public"
        " Action field Alltagsleben – Alle kommen ins Netz"
    )


def test_no_decision_of_the_public_page_holds_more_than_is_told(workshop, measure, at):
    decide(hold(workshop, measure), measure)
    [(decision, title)] = public_decisions(workshop).items()
    closed = {"snapshot", "responsible_email", "budget_note", "by_id"}
    assert (title, decision.get_deferred_fields() & closed) == ("WLAN", closed)
