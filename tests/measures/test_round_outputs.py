"""Results of several rounds in every output: which holds, which stands beside, each by itself."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from measures.committee.basis import basis_of
from measures.overview import overview_of
from measures.public.results import public_overview
from measures.results.lenses import through_lens
from measures.results.stability import stability_of
from tests.deciding import hold
from tests.rating import save_rating
from workshops.models import Workshop


@pytest.fixture
def twice(workshop, measure, measure_two, ballots, at):
    """Round 1: eight rate WLAN 2/2 and Bus 3/3. Round 2: five rate Bus 5/5, three WLAN 4/4."""
    at("rating")
    voters = ballots(8)
    for ballot in voters:
        save_rating(ballot, measure, relevance=2, feasibility=2)
        save_rating(ballot, measure_two, relevance=3, feasibility=3)
    at("deliberating")
    for ballot in voters[:5]:
        save_rating(ballot, measure_two, relevance=5, feasibility=5, round=2)
    for ballot in voters[:3]:
        save_rating(ballot, measure, relevance=4, feasibility=4, round=2)
    return workshop


@pytest.fixture
def lead(facilitator, signed_in):
    return signed_in(facilitator)


def fresh(workshop) -> Workshop:
    return Workshop.objects.select_related("revision").get(pk=workshop.pk)


def url(name: str, workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


NAMED = ("Maßnahme", "Rang", "Bewertungsrunde", "Bewertungen (n)", "Relevanz: Mittelwert")


def exported(client, workshop, query: str = "") -> list[tuple]:
    content = client.get(url("measure-export-csv", workshop) + query).content
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    return [tuple(row[name] for name in NAMED) for row in rows]


def workbook(client, workshop, query: str = "") -> list[tuple]:
    content = client.get(url("measure-export-xlsx", workshop) + query).content
    head, *rows = load_workbook(io.BytesIO(content)).active.values
    return [tuple(row[head.index(name)] for name in NAMED) for row in rows]


def test_the_exports_name_the_round_and_take_one_by_itself(twice, lead):
    assert workbook(lead, twice) == [("Bus", 1, 2, 5, 5), ("WLAN", 2, 1, 8, 2)]
    assert workbook(lead, twice, "?round=1") == [("Bus", 1, 1, 8, 3), ("WLAN", 2, 1, 8, 2)]
    assert workbook(lead, twice, "?round=2") == [("Bus", 1, 2, 5, 5), ("WLAN", 2, 2, 3, 4)]
    assert [row[:4] for row in exported(lead, twice, "?round=2")] == [
        ("Bus", "1", "2", "5"), ("WLAN", "2", "2", "3"),
    ]  # fmt: skip


def test_an_empty_round_asks_for_what_holds(twice, lead):
    assert workbook(lead, twice, "?round=") == workbook(lead, twice)


def test_the_dashboard_shows_a_round_by_itself_and_refuses_another(twice, lead):
    page = url("dashboard", twice)
    alone = lead.get(page, {"round": "1"}).content.decode()
    assert "Nur Runde 1." in alone
    assert lead.get(page, {"round": "3"}).status_code == 400


def test_a_later_result_that_replaced_nothing_stands_below_the_title(twice, lead):
    html = lead.get(url("dashboard", twice)).content.decode()
    assert html.count("Runde 2 (Bewertungen: 3): 4,00 / 4,00") == 1


def test_the_page_of_a_measure_tells_every_round(twice, lead, measure):
    rated = lead.get(url("measure-detail", twice, measure.number)).context["rated"]
    told = {number: (each.n, each.relevance.mean) for number, each in rated.rounds.items()}
    assert (told, rated.holds) == ({1: (8, 2.0), 2: (3, 4.0)}, 1)


def test_movement_compares_only_what_both_rounds_rated(twice, measure, ballots, field):
    extra = type(measure).objects.create(workshop=twice, field=field, title="Karte")
    for ballot in ballots(3):
        save_rating(ballot, extra, relevance=5, feasibility=5, round=2)
    lens = through_lens(overview_of(fresh(twice)), "round")
    told = [
        (s.row.measure.title, (s.before[0], s.now[0]), s.rank_before, s.rank) for s in lens.shifts
    ]
    assert told == [("WLAN", (2, 4), 2, 2), ("Bus", (3, 5), 1, 1)]
    assert (lens.origin, lens.target) == ("Runde 1", "Runde 2")
    assert [row.measure.title for row in lens.overview.rows] == ["Bus", "Karte", "WLAN"]


def test_two_rounds_are_compared_in_either_direction(twice):
    lens = through_lens(overview_of(fresh(twice), round=1), "", "round-2")
    assert (lens.origin, lens.target) == ("Runde 2", "Runde 1")
    assert (lens.shifts[0].before[0], lens.shifts[0].now[0]) == (4, 2)


def test_stability_is_that_of_the_results_that_hold(twice, measure, measure_two):
    figures = stability_of(overview_of(fresh(twice)))
    assert set(figures.measures) == {measure.pk, measure_two.pk}
    assert figures.raters == 8 + 5


def test_agenda_and_decision_rest_on_the_round_that_holds(twice, lead, measure, measure_two):
    assert basis_of(fresh(twice), measure_two)["ratings"]["round"] == 2
    assert basis_of(fresh(twice), measure)["ratings"]["round"] == 1
    session = hold(twice, measure_two, measure)
    rated = lead.get(url("agenda-item", twice, session.pk, measure.number)).context["rated"]
    assert (rated.row.round, rated.row.result.relevance.mean) == (1, 2.0)


def test_the_public_page_never_falls_back_to_an_older_round(twice, ballots, measure_two):
    """Bus has five judgements in the round that holds; with a smallest group of six it has none."""
    Workshop.objects.update(smallest_group=6)
    rows = {row.measure.title: row.result.n for row in public_overview(fresh(twice)).rows}
    assert rows == {"WLAN": 8, "Bus": 0}


def test_the_public_page_stays_while_a_further_round_is_open(twice, lead, measure, client):
    Workshop.objects.update(is_public=True)
    page = url("public-page", twice)
    before = client.get(page).content
    lead.post(
        url("round-add", twice),
        {"number": 3, "which": "picked", "count": 1, "measures": measure.pk},
    )
    assert twice.rounds.get(number=3).is_open
    assert client.get(page).content == before


@pytest.fixture
def answers(twice, lead, measure):
    """Return a function that asks every output for a round and returns the answers' status."""
    pages = [url(f"measure-export-{name}", twice) for name in ("csv", "xlsx")]
    pages += [url("stability", twice), url("measure-detail", twice, measure.number)]
    pages += [url("dashboard", twice), url("matrix-png", twice), url("matrix-svg", twice)]
    return lambda asked: [lead.get(page, {"round": asked}).status_code for page in pages]


def test_a_round_that_is_none_is_refused_everywhere(answers):
    """Seen: the result that holds, under the name of a round that does not exist."""
    asked = ["3", "0", "-1", "02", "9" * 30, "x", " 2", "2.0"]
    assert {each: answers(each) for each in asked} == dict.fromkeys(asked, [400] * 7)


@pytest.mark.parametrize("asked", ["2", ""])
def test_a_round_that_was_rated_is_shown_everywhere_and_so_is_what_holds(answers, asked):
    assert answers(asked) == [200] * 7
