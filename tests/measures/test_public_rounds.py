"""What the public reads of several rounds, and of ranks that are counted anew for it."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from measures.models import Measure
from measures.overview import overview_of
from measures.public.results import public_overview
from tests.measures.publishing import item, listed
from tests.rating import save_rating
from workshops.models import Workshop

RANKS = "The rank counts only the measures whose values are shown in public."
AGAIN = (
    "Some measures were rated again in another round. Where no round is named, the result is that"
    " of round 1."
)


@pytest.fixture
def rounds(workshop, field, ballots, at) -> Workshop:
    """Round 1: six rate A, B and C. Round 2: six rate C again, better than all others."""
    at("deliberating")
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    voters = ballots(6)
    for title, step in (("A", 4), ("B", 3), ("C", 2)):
        measure = Measure.objects.create(workshop=workshop, field=field, title=title)
        for ballot in voters:
            save_rating(ballot, measure, relevance=step, feasibility=step)
    for ballot in voters:
        save_rating(ballot, measure, relevance=5, feasibility=5, round=2)
    return Workshop.objects.get(pk=workshop.pk)


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


def page(client, workshop, name: str = "public-page") -> str:
    address = reverse(f"measures:{name}", args=[workshop.pk])
    return client.get(f"{address}?lang=en").content.decode()


def told(client, workshop) -> list[list[str]]:
    """Return by measure, in the order of their numbers, what its card says of rank and round."""
    response = client.get(reverse("measures:public-page", args=[workshop.pk]), {"lang": "en"})
    said = [item(response, number) for number in sorted(listed(response))]
    return [re.findall(r"rank \d+ of \d+|result of round \d+", each) for each in said]


def test_a_result_of_another_round_says_so_in_public(rounds, client):
    """Seen: rank 1 with 5.00 and 5.00, and nothing of the round before."""
    assert told(client, rounds) == [
        ["rank 2 of 3"], ["rank 3 of 3"], ["rank 1 of 3", "result of round 2"],
    ]  # fmt: skip
    whole, matrix = page(client, rounds), page(client, rounds, "public-matrix")
    assert [words(html).count(AGAIN) for html in (whole, matrix)] == [1, 1]
    assert [html.count("(round 2)") for html in (whole, matrix)] == [0, 1]


def test_with_one_round_no_round_is_named(rounds, client):
    rounds.rounds.get(number=2).ratings.all().delete()
    rounds.save()
    text = words(page(client, rounds))
    assert (text.count(AGAIN), text.count("result of round")) == (0, 0)


def test_two_criteria_do_not_read_as_two_rounds(rounds, client):
    text = words(page(client, rounds))
    assert text.count("Every measure was rated by two criteria, each on a scale from 1 to 5:") == 1
    assert "twice" not in text


def test_ranks_that_leave_out_others_say_so(rounds, client, field, ballots):
    assert words(page(client, rounds)).count(RANKS) == 0
    few = Measure.objects.create(workshop=rounds, field=field, title="Wenige")
    for ballot in ballots(3):
        save_rating(ballot, few, relevance=5, feasibility=5)
    ranks = {row.measure.title: row.result.rank for row in overview_of(rounds).rows}
    assert ranks == {"C": 1, "Wenige": 1, "A": 3, "B": 4}
    assert told(client, rounds)[:2] == [["rank 2 of 3"], ["rank 3 of 3"]]
    whole, matrix = page(client, rounds), page(client, rounds, "public-matrix")
    assert [words(html).count(RANKS) for html in (whole, matrix)] == [1, 1]


def test_of_which_round_a_withheld_result_is_leads_nowhere(rounds, field, ballots):
    """Of four results two each came from round 1 and 2: the withheld one decided which is usual."""
    for title in ("Wenige", "Andere"):
        few = Measure.objects.create(workshop=rounds, field=field, title=title)
        for ballot in ballots(3):
            save_rating(ballot, few, relevance=1, feasibility=1, round=2)
    view = public_overview(Workshop.objects.get(pk=rounds.pk))
    found = {row.measure.title: row.round for row in view.rows}
    assert found == {"A": 1, "B": 1, "C": 2, "Wenige": None, "Andere": None}
    assert (overview_of(rounds).usual_round, view.usual_round) == (2, 1)
