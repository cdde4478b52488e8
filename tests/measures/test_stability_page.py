"""How sure the ranking is, as the committee reads it."""

import json
import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from measures.models import Measure, Remark
from tests.rating import agree_on, count_paper, save_rating
from workshops.models import Workshop


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:stability", args=[workshop.pk])


@pytest.fixture
def council(committee_member, signed_in, at):
    at("deliberating")
    return signed_in(committee_member)


@pytest.fixture
def oracle(workshop, field, ballots):
    """A (5, 2), B (4, 4), C (2, 5), D (3, 3) as relevance and feasibility, each by four."""
    pairs = {"A": (5, 2), "B": (4, 4), "C": (2, 5), "D": (3, 3)}
    voters = ballots(4)
    for title, (relevance, feasibility) in pairs.items():
        measure = Measure.objects.create(workshop=workshop, field=field, title=title)
        for ballot in voters:
            save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)
    return workshop


def read(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def rows(response) -> list[list[str]]:
    body = response.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    return [
        [read(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


def test_the_page_says_which_ranks_a_measure_takes_whatever_the_weight(oracle, council, url):
    """Rank acceptabilities of oracles.md: A is first for a third of all weights, B for another."""
    found = {row[1]: row[4] for row in rows(council.get(url))}
    assert found == {
        "M2 B": "Rang 1 oder 2, welches Gewicht auch immer; bei 33 % aller Gewichte vorn",
        "M1 A": "Rang 1 bis 4, je nach Gewicht; bei 33 % aller Gewichte vorn",
        "M3 C": "Rang 1 bis 4, je nach Gewicht; bei 33 % aller Gewichte vorn",
        "M4 D": "Rang 3 oder 4, welches Gewicht auch immer",
    }


def test_what_nobody_beats_and_what_half_a_step_turns_is_told(oracle, council, url):
    found = {row[1]: row[5].split("; ") for row in rows(council.get(url))}
    unbeaten = "keine andere Maßnahme übertrifft sie in beiden Kriterien"
    turning = "eine halbe Stufe ändert ihren Quadranten"
    assert {name: unbeaten in told for name, told in found.items()} == {
        "M1 A": True, "M2 B": True, "M3 C": True, "M4 D": False,
    }  # fmt: skip
    assert [name for name, told in found.items() if turning in told] == ["M4 D"]


def test_where_all_agree_every_resampled_room_ranks_the_same(oracle, council, url):
    assert [row[3] for row in rows(council.get(url))] == ["1", "2", "2", "4"]
    voters = list(oracle.ballots.all())
    for title in ("E", "F"):
        measure = Measure.objects.create(workshop=oracle, field=oracle.fields.first(), title=title)
        for ballot in voters:
            save_rating(ballot, measure, relevance=1, feasibility=1 + (title == "E"))
    response = council.get(url)
    text = "In 100 % der nachgebildeten Räume sind die besten fünf dieselben."
    assert text in read(response.content.decode())


def test_the_focus_card_gets_the_ranges(oracle, council, url):
    html = council.get(url).content.decode()
    data = json.loads(re.search(r'<script id="rank-ranges"[^>]*>(.*?)</script>', html)[1])
    ids = dict(Measure.objects.values_list("title", "pk"))
    assert data == {
        str(ids["A"]): [2, 2, "M3"], str(ids["B"]): [1, 1, ""],
        str(ids["C"]): [2, 2, "M1"], str(ids["D"]): [4, 4, ""],
    }  # fmt: skip


def test_the_weight_comes_from_the_address(oracle, council, url):
    assert [row[1] for row in rows(council.get(url, {"weight": "100"}))] == [
        "M1 A", "M2 B", "M4 D", "M3 C",
    ]  # fmt: skip
    assert rows(council.get(url, {"weight": "x"}))[0][1] == "M2 B"


def test_the_dashboard_asks_for_the_figures_afterwards(oracle, council, url):
    page = council.get(reverse("measures:dashboard", args=[oracle.pk])).content.decode()
    assert f'hx-get="{url}"' in page
    fragment = council.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'id="weight-ticks"' in fragment


def test_unchanged_figures_are_answered_304(oracle, council, url, django_assert_num_queries):
    etag = council.get(url)["ETag"]
    with django_assert_num_queries(3):
        assert council.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_a_remark_computes_nothing_anew(oracle, council, url, monkeypatch):
    council.get(url)
    monkeypatch.setattr("measures.results.stability._computed", None)
    measure = Measure.objects.get(title="A")
    Remark.objects.create(measure=measure, text="Wer zahlt?", client_id=uuid4())
    assert council.get(url).status_code == 200


def test_a_rating_computes_it_anew(oracle, council, url, ballots):
    before = rows(council.get(url))
    save_rating(*ballots(1), Measure.objects.get(title="A"), relevance=1, feasibility=1)
    assert rows(council.get(url)) != before


def test_queries_do_not_grow_with_the_measures(
    workshop, measure, ballots, council, url, django_assert_num_queries
):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=4)
    with django_assert_num_queries(20):
        council.get(url)
    for title in ("zwei", "drei"):
        more = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        for ballot in ballots(3):
            save_rating(ballot, more, relevance=2, feasibility=4)
    with django_assert_num_queries(20):
        council.get(url)


def test_the_groups_that_disagree_are_named_with_their_means(
    workshop, measure, ballots, council, url
):
    for group, feasibility in (("Rat", 2), ("Verwaltung", 4)):
        for ballot in ballots(5, group=group):
            save_rating(ballot, measure, relevance=3, feasibility=feasibility)
    text = read(council.get(url).content.decode())
    assert "„Verwaltung“ bewertet die Realisierbarkeit mit 4,0, „Rat“ mit 2,0." in text


def test_a_small_group_is_not_named(workshop, measure, ballots, council, url):
    for group, size in (("Rat", 4), ("Verwaltung", 5)):
        for ballot in ballots(size, group=group):
            save_rating(ballot, measure, relevance=3, feasibility=5 if group == "Rat" else 1)
    talk = council.get(url).content.decode().split('id="stability-title"')[0]
    assert ("Rat“" in talk, "Verwaltung“" in talk) == (False, False)


# Odd rooms --------------------------------------------------------------------------------------


def _nothing(workshop, measure, ballots):
    pass


def _two_raters(workshop, measure, ballots):
    for ballot in ballots(2):
        save_rating(ballot, measure, relevance=5, feasibility=1)


def _three_raters(workshop, measure, ballots):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=1)


def _all_equal(workshop, measure, ballots):
    voters = ballots(3)
    for title in ("zwei", "drei"):
        Measure.objects.create(workshop=workshop, field=measure.field, title=title)
    for each in Measure.objects.all():
        for ballot in voters:
            save_rating(ballot, each, relevance=3, feasibility=3)


def _paper_only(workshop, measure, ballots):
    for criterion in ("relevance", "feasibility"):
        for step, count in ((2, 3), (5, 4)):
            count_paper(measure=measure, criterion=criterion, step=step, count=count)


def _consensus_only(workshop, measure, ballots):
    agree_on(measure=measure, relevance=4, feasibility=4)


def _nobody_can_judge(workshop, measure, ballots):
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=None, feasibility=None)


def _half_judged(workshop, measure, ballots):
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=4, feasibility=None)


def _ten_steps(workshop, measure, ballots):
    Workshop.objects.update(steps=10)
    for ballot, step in zip(ballots(3), (1, 10, 10), strict=True):
        save_rating(ballot, measure, relevance=step, feasibility=step)


def _merged(workshop, measure, ballots):
    twin = Measure.objects.create(workshop=workshop, field=measure.field, title="Zwilling")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=4)
        save_rating(ballot, twin, relevance=1, feasibility=1)
    twin.merge_into(measure)


@pytest.mark.parametrize(
    ("room", "ranked"),
    [
        (_nothing, []), (_two_raters, []), (_three_raters, ["1"]), (_all_equal, ["1", "1", "1"]),
        (_paper_only, ["1"]), (_consensus_only, []), (_nobody_can_judge, []), (_half_judged, []),
        (_ten_steps, ["1"]), (_merged, ["1"]),
    ],
)  # fmt: skip
def test_an_odd_room_has_a_page_all_the_same(
    workshop, measure, ballots, council, url, room, ranked
):
    room(workshop, measure, ballots)
    response = council.get(url)
    assert response.status_code == 200
    assert (
        [row[0] for row in rows(response)] == ranked
        if ranked
        else "<tbody>" not in (response.content.decode())
    )
    dashboard = reverse("measures:dashboard", args=[workshop.pk])
    lenses = ["sure", "agreed", *(f"group-{group.pk}" for group in workshop.groups.all())]
    answers = {lens: council.get(dashboard, {"lens": lens}).status_code for lens in lenses}
    assert answers == dict.fromkeys(lenses, 200)


def test_the_draws_say_nothing_before_the_third_ballot(workshop, measure, ballots, council, url):
    _two_raters(workshop, measure, ballots)
    assert "<tbody>" not in council.get(url).content.decode()
    save_rating(*ballots(1), measure, relevance=5, feasibility=1)
    assert [row[3] for row in rows(council.get(url))] == ["1"]


def test_five_measures_are_not_said_to_be_the_same_best_five(oracle, council, url):
    assert "die besten fünf" not in read(council.get(url).content.decode())
