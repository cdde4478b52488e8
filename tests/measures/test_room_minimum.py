"""Below the room's minimum a measure has no figures and no rank, in any output."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from measures.committee.basis import basis_of
from measures.day.counts import counts_of
from measures.models import Rating
from measures.overview import overview_of
from measures.results.stability import stability_of
from measures.results.talk import talk_of
from tests.markup import compact
from tests.rating import count_paper, save_rating
from workshops.models import Ballot, Participant, Workshop


@pytest.fixture
def two_voters(workshop, measure, measure_two, ballots, at):
    """Five rated Bus; only two of them rated WLAN, with steps that nothing else shows."""
    at("rating")
    voters = ballots(5, group="Rat")
    for ballot in voters:
        save_rating(ballot, measure_two, relevance=3, feasibility=3)
    for ballot in voters[:2]:
        save_rating(ballot, measure, relevance=5, feasibility=1)
    return at("deliberating")


def fresh(workshop) -> Workshop:
    return Workshop.objects.select_related("revision").get(pk=workshop.pk)


def url(name: str, workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def test_with_two_ballots_nothing_is_shown_of_a_measure(two_voters, measure):
    [bus, wlan] = overview_of(fresh(two_voters)).rows
    assert (wlan.result.n, wlan.result.rank, wlan.result.score, wlan.result.quadrant) == (
        0, None, None, None,
    )  # fmt: skip
    for spread in (wlan.result.relevance, wlan.result.feasibility):
        assert (spread.n, spread.mean, spread.median, spread.low) == (0, None, None, None)
        assert sum(spread.counts) == 0
    assert (bus.result.n, bus.result.rank) == (5, 1)


def test_it_is_left_out_of_stability_and_talk(two_voters, measure):
    view = overview_of(fresh(two_voters))
    assert measure.pk not in stability_of(view).measures
    assert measure.pk not in talk_of(view)


def test_its_page_says_no_more_than_that_there_is_too_little(
    two_voters, measure, facilitator, signed_in
):
    page = signed_in(facilitator).get(url("measure-detail", two_voters, measure.number))
    rated = page.context["rated"]
    result = rated.row.result
    assert [(each.n, each.mean) for each in (result.relevance, result.feasibility)] == [
        (0, None)
    ] * 2
    assert (rated.abstained, rated.by_group, rated.hidden_groups) == ({}, {}, False)


def test_the_export_has_empty_cells(two_voters, facilitator, signed_in):
    content = signed_in(facilitator).get(url("measure-export-csv", two_voters)).content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    [wlan] = [row for row in rows if row["Maßnahme"] == "WLAN"]
    named = ("Rang", "Bewertungsrunde", "Bewertungen (n)", "Relevanz: Mittelwert", "Gesamtwert")
    assert [wlan[name] for name in named] == ["", "", "", "", ""]


def test_the_day_counts_it_as_not_rated(two_voters):
    counts = counts_of(fresh(two_voters))
    assert (counts["rated"], counts["offered"]) == (1, 2)


def test_one_judgement_more_of_each_criterion_makes_a_result(two_voters, measure, ballots):
    [third] = ballots(1)
    save_rating(third, measure, relevance=4, feasibility=None)
    assert overview_of(fresh(two_voters)).rows[1].result.rank is None
    save_rating(third, measure, relevance=4, feasibility=2)
    assert [row.result.n for row in overview_of(fresh(two_voters)).rows] == [3, 5]


def test_sheets_do_not_help_ballots_over_the_minimum(two_voters, measure):
    for criterion in ("relevance", "feasibility"):
        count_paper(measure, criterion=criterion, step=3, count=20)
    assert overview_of(fresh(two_voters)).rows[1].result.n == 0


def test_median_distribution_and_quartiles_appear_from_the_smallest_group_on(
    workshop, measure, ballots, at, facilitator, signed_in
):
    at("rating")
    for ballot, step in zip(ballots(4), (1, 2, 4, 5), strict=True):
        save_rating(ballot, measure, relevance=step, feasibility=3)
    at("deliberating")
    [row] = overview_of(fresh(workshop)).rows
    spread = row.result.relevance
    assert (spread.n, spread.mean, spread.median) == (4, 3.0, None)
    assert (spread.low, spread.high, spread.counts, spread.agreement) == (None, None, (), None)
    client = signed_in(facilitator)
    assert client.get(url("dashboard", workshop)).status_code == 200
    page = client.get(url("measure-detail", workshop, measure.number)).content.decode()
    told = "4 Bewertungen: Bei so wenigen werden Median und Verteilung nicht gezeigt."
    assert compact(page).count(told) == 2
    assert "histogram" not in page
    assert client.get(url("matrix-png", workshop)).status_code == 200
    save_rating(*ballots(1), measure, relevance=3, feasibility=3)
    [row] = overview_of(fresh(workshop)).rows
    assert row.result.relevance.counts == (1, 1, 1, 1, 1)


def test_the_minimum_can_only_be_raised_once_ballots_are_out(workshop, ballots):
    workshop.smallest_room = 5
    workshop.full_clean()
    workshop.save()
    ballots(1)
    workshop.smallest_room = 4
    with pytest.raises(ValidationError) as error:
        workshop.full_clean()
    assert list(error.value.message_dict) == ["smallest_room"]
    workshop.smallest_room = 6
    workshop.full_clean()


def test_less_than_three_is_refused_by_the_database(workshop):
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.update(smallest_room=2)


def test_no_list_of_the_admin_shows_steps(two_voters, db, client, django_user_model):
    admin = django_user_model.objects.create_superuser("admin@bingen.example", "geheim-geheim")
    client.force_login(admin)
    for name in ("rating", "papercount"):
        assert client.get(f"/admin/measures/{name}/").status_code == 404
    assert client.get("/admin/measures/round/").status_code == 200


# When the rating ends ---------------------------------------------------------------------------


@pytest.fixture
def hall(workshop, measure, ballots, at):
    """Seven of the town hall, six of the council and one young person have rated."""
    workshop.groups.create(name="Jugend", order=3)
    at("rating")
    people = (("Rat", 6), ("Verwaltung", 7), ("Jugend", 1))
    for group, size in people:
        row = workshop.groups.get(name=group)
        for ballot in ballots(size, group=group):
            save_rating(ballot, measure, relevance=4, feasibility=4)
            Participant.objects.create(workshop=workshop, name="x", group=row, has_ballot=True)
    return workshop


def close(client, workshop):
    client.post(url("phase-move", workshop), {"from": "rating", "to": "deliberating"})


def sizes(workshop) -> dict[str | None, int]:
    """Count by group the ballots that people hold, without those of rounds that are settled."""
    found: dict[str | None, int] = {}
    held = Ballot.objects.filter(workshop=workshop).exclude(ratings__round__state="shown")
    for ballot in held.select_related("group"):
        name = ballot.group.name if ballot.group else None
        found[name] = found.get(name, 0) + 1
    return found


def test_a_group_of_one_loses_its_group_with_the_next_smallest(hall, facilitator, signed_in):
    """Seen: a group of one joined participant and ballot with one plain query."""
    close(signed_in(facilitator), hall)
    assert sizes(hall) == {"Verwaltung": 7, None: 7}


def test_what_a_round_lost_stays_lost_in_the_next(hall, facilitator, signed_in, measure, ballots):
    lead = signed_in(facilitator)
    close(lead, hall)
    lead.post(url("round-show", hall, 1))
    lead.post(url("round-add", hall), {"number": 2, "which": "all", "measures": measure.pk})
    [late] = ballots(1, group="Rat")
    save_rating(late, measure, relevance=1, feasibility=1)
    close(lead, hall)
    assert sizes(hall) == {"Verwaltung": 7, None: 8}


def test_ratings_and_rounds_survive_the_rewriting(hall, facilitator, signed_in):
    close(signed_in(facilitator), hall)
    assert Rating.objects.filter(round__number=1, relevance=4).count() == 14


def test_a_rare_source_is_dropped_as_well(workshop, measure, ballots, at, facilitator, signed_in):
    at("rating")
    for ballot in ballots(7, group="Rat"):
        save_rating(ballot, measure, relevance=4, feasibility=4)
    Ballot.objects.filter(pk=ballot.pk).update(source="guest")
    close(signed_in(facilitator), workshop)
    assert set(Ballot.objects.values_list("source", flat=True)) == {"untold"}


def test_sheets_of_a_small_group_are_laid_to_those_without_one(
    workshop, measure, at, facilitator, signed_in
):
    at("rating")
    for group, count in (("Rat", 2), ("Verwaltung", 6), (None, 3)):
        row = workshop.groups.get(name=group) if group else None
        for criterion in ("relevance", "feasibility"):
            count_paper(measure, group=row, criterion=criterion, step=4, count=count)
    close(signed_in(facilitator), workshop)
    rows = measure.paper_counts.filter(criterion="relevance").values_list("group__name", "count")
    assert set(rows) == {("Verwaltung", 6), (None, 5)}
    told = measure.paper_counts.model.history.values_list("group__name", flat=True)
    assert "Rat" not in set(told)


# Median and mean together -----------------------------------------------------------------------


@pytest.fixture
def three(workshop, measure, ballots, at) -> Workshop:
    """Three rated WLAN 1, 1 and 3: mean 1.67 and median 1 would tell all three answers."""
    at("rating")
    for ballot, step in zip(ballots(3), (1, 1, 3), strict=True):
        save_rating(ballot, measure, relevance=step, feasibility=step)
    return at("deliberating")


def test_the_median_of_three_stands_in_no_output(three, measure, facilitator, signed_in):
    lead = signed_in(facilitator)
    [row] = overview_of(fresh(three)).rows
    assert (row.result.relevance.mean, row.result.relevance.median) == (5 / 3, None)
    content = lead.get(url("measure-export-csv", three)).content.decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(content), delimiter=";")
    told = [line[f"Relevanz: {name}"] for name in ("Mittelwert", "Median", "Einigkeit")]
    assert told == ["1,67", "", ""]
    page = lead.get(url("dashboard", three)).content.decode()
    table = page.split('id="ranking-title"')[1].split("</table>")[0]
    assert (table.count("1,67"), table.count("1,00")) == (3, 0)
    basis = basis_of(fresh(three), measure)
    assert [basis["ratings"][c]["median"] for c in ("relevance", "feasibility")] == [None, None]
