"""One picture through several lenses: groups, agreed values, rounds, how sure it is."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import shown
from measures.models import Measure
from measures.overview import overview_of
from measures.rating import rounds
from measures.results.lenses import through_lens
from measures.results.stability import stability_of
from tests.rating import agree_on, count_paper, save_rating
from workshops.models import Workshop


@pytest.fixture
def groups(workshop, measure, measure_two, ballots, at):
    """Five of the council want WLAN (5/5) over Bus (1/1), five of the town hall the reverse."""
    for group, wlan, bus in (("Rat", 5, 1), ("Verwaltung", 1, 5)):
        for ballot in ballots(5, group=group):
            save_rating(ballot, measure, relevance=wlan, feasibility=wlan)
            save_rating(ballot, measure_two, relevance=bus, feasibility=bus)
    at("deliberating")
    return {group.name: f"group-{group.pk}" for group in workshop.groups.all()}


def fresh(workshop) -> Workshop:
    return Workshop.objects.select_related("revision").get(pk=workshop.pk)


def look(workshop, lens: str, against: str = ""):
    return through_lens(overview_of(fresh(workshop)), lens, against)


def ranks(lens) -> dict[str, int | None]:
    return {row.measure.title: row.result.rank for row in lens.overview.rows}


def shifts(lens) -> list[tuple]:
    return [
        (s.row.measure.title, s.before, s.now, s.rank_before, s.rank, round(s.gap, 3))
        for s in lens.shifts
    ]


def test_each_group_has_its_own_ranking(workshop, groups):
    assert ranks(look(workshop, groups["Rat"])) == {"WLAN": 1, "Bus": 2}
    assert ranks(look(workshop, groups["Verwaltung"])) == {"Bus": 1, "WLAN": 2}
    assert ranks(look(workshop, "")) == {"WLAN": 1, "Bus": 1}


def test_arrows_lead_from_the_room_to_the_group(workshop, groups):
    lens = look(workshop, groups["Rat"])
    assert shifts(lens) == [
        ("WLAN", (3, 3), (5, 5), 1, 1, 2.828),
        ("Bus", (3, 3), (1, 1), 1, 2, 2.828),
    ]
    wlan = workshop.measures.get(title="WLAN")
    assert lens.overlay.origins[wlan.pk] == (3, 3)
    assert lens.words[wlan.pk] == "alle Teilnehmenden: Rang 1"


def test_arrows_lead_from_one_group_to_the_other(workshop, groups):
    lens = look(workshop, groups["Rat"], groups["Verwaltung"])
    assert (lens.origin, lens.target) == ("Verwaltung", "Rat")
    assert shifts(lens)[0] == ("WLAN", (1, 1), (5, 5), 2, 1, 5.657)


def test_arrows_lead_from_a_group_to_the_room(workshop, groups):
    lens = look(workshop, "", groups["Rat"])
    assert (lens.origin, lens.target) == ("Rat", "alle Teilnehmenden")
    assert shifts(lens)[0] == ("WLAN", (5, 5), (3, 3), 1, 1, 2.828)


def test_a_group_below_the_smallest_size_is_never_seen(workshop, groups):
    workshop.smallest_group = 6
    workshop.save()
    lens = look(workshop, groups["Rat"])
    assert ranks(lens) == {"WLAN": None, "Bus": None}
    assert (lens.shifts, dict(lens.overlay.origins), lens.hidden) == ((), {}, 2)


@pytest.mark.parametrize("sizes", [(5, 5, 2), (5, 4, 1), (6, 5, 0), (5, 0, 3), (4, 4, 4)])
def test_no_small_group_comes_to_light_by_subtraction(workshop, measure, ballots, at, sizes):
    """What is left when all groups seen through a lens are taken from the room is large or none."""
    workshop.groups.create(name="Jugend", order=3)
    for group, size in zip(workshop.groups.all(), sizes, strict=True):
        for ballot in ballots(size, group=group.name):
            save_rating(ballot, measure, relevance=4, feasibility=2)
    at("deliberating")
    room = next(iter(look(workshop, "").overview.rows)).result.n
    seen = 0
    for group in workshop.groups.all():
        [row] = look(workshop, f"group-{group.pk}").overview.rows
        assert row.result.n == 0 or row.result.n >= workshop.smallest_group
        seen += row.result.n
    assert room - seen == 0 or room - seen >= workshop.smallest_group


def test_paper_is_hidden_in_a_groups_lens(workshop, groups, measure):
    hall = workshop.groups.get(name="Verwaltung")
    for criterion in ("relevance", "feasibility"):
        count_paper(measure=measure, group=hall, criterion=criterion, step=1, count=5)
    rows = look(workshop, groups["Verwaltung"]).overview.rows
    assert [(row.measure.title, row.result.n, row.paper) for row in rows] == [
        ("Bus", 5, 0), ("WLAN", 10, 0),
    ]  # fmt: skip


def test_agreed_values_are_joined_with_their_means_by_gap(workshop, groups, measure, measure_two):
    agree_on(measure=measure, relevance=4, feasibility=None)
    agree_on(measure=measure_two, relevance=1, feasibility=3)
    lens = look(workshop, "agreed")
    assert shifts(lens) == [
        ("Bus", (1, 3), (3, 3), None, 1, 2.0),
        ("WLAN", (4, 3), (3, 3), None, 1, 1.0),
    ]
    assert lens.overlay.is_joined


@pytest.fixture
def again(workshop, facilitator, ballots, at):
    """Return a function that lets three rate a measure once more: ``again(wlan, (4, 5))``."""

    def rate_again(measure: Measure, pair: tuple[int, int]) -> None:
        rounds.open_round(fresh(workshop), by=facilitator, measures=[measure])
        for ballot in ballots(3):
            save_rating(ballot, measure, relevance=pair[0], feasibility=pair[1])
        at("deliberating")

    return rate_again


def test_a_second_round_shows_what_moved(workshop, groups, measure, again):
    again(measure, (4, 5))
    lens = look(workshop, "round")
    assert shifts(lens) == [("WLAN", (3, 3), (4, 5), 1, 1, 2.236)]
    assert (lens.origin, lens.target) == ("Runde 1", "Runde 2")


def test_the_round_to_compare_with_is_chosen(workshop, groups, measure, measure_two, again):
    again(measure, (4, 5))
    again(measure_two, (1, 2))
    again(measure, (2, 2))
    found = {
        (lens, against): (seen.origin, seen.target, shifts(seen))
        for lens, against in (("round", ""), ("", "round-1"), ("", "round-2"), ("", "round-4"))
        for seen in [look(workshop, lens, against)]
    }
    first = ("Runde 1", "Runde 4", [("WLAN", (3, 3), (2, 2), 1, 1, 1.414)])
    second = ("Runde 2", "Runde 4", [("WLAN", (4, 5), (2, 2), 1, 1, 3.606)])
    third = ("Runde 3", "Runde 4", [])  # Bus alone was rated in it
    assert found == {
        ("round", ""): third, ("", "round-1"): first, ("", "round-2"): second,
        ("", "round-4"): third,  # with itself there is nothing to compare
    }  # fmt: skip


def test_the_regions_are_those_of_the_drawn_rooms(workshop, groups, measure):
    lens = look(workshop, "sure")
    view = overview_of(fresh(workshop))
    region = stability_of(view).measures[measure.pk].region
    assert lens.overlay.regions[measure.pk] == region.outline(view.scale, 16)


def test_a_lens_that_does_not_exist_is_left_out_with_a_word(
    workshop, groups, committee_member, signed_in
):
    client, page = signed_in(committee_member), reverse("measures:dashboard", args=[workshop.pk])
    assert client.get(page, {"lens": "round"}).status_code == 400  # there was only one round
    assert client.get(page, {"lens": "group-999999"}).status_code == 400


def test_every_lens_of_the_list_opens_with_the_same_queries_for_two_measures_and_for_four(
    workshop, groups, field, committee_member, signed_in, again, measure
):
    again(measure, (4, 5))
    client, page = signed_in(committee_member), reverse("measures:dashboard", args=[workshop.pk])
    rat, hall = groups.values()
    expected = {
        ("", ""): 14, ("agreed", ""): 14, ("agreed", rat): 14, ("sure", ""): 18, ("sure", rat): 18,
        ("", rat): 14, (rat, ""): 14, (rat, hall): 14, ("round", ""): 27, ("", "round-1"): 27,
    }  # fmt: skip
    for title in ("", "Bahn"):
        if title:
            more = [
                Measure.objects.create(workshop=workshop, field=field, title=f"{title} {n}")
                for n in range(2)
            ]
            for ballot in workshop.ballots.filter(group__isnull=False):
                for each in more:
                    save_rating(ballot, each, relevance=3, feasibility=3, round=1)
        assert {chosen: queries(client, page, *chosen) for chosen in expected} == expected


def queries(client, page: str, lens: str, against: str) -> int:
    caches["pages"].clear()  # what is kept of one lens would be ready for the next
    shown._known.clear()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page, {"lens": lens, "against": against}).status_code == 200
    return len(asked)


def test_only_a_groups_picture_keeps_the_rooms_rank_ranges_off_its_cards(
    workshop, groups, committee_member, signed_in
):
    client, page = signed_in(committee_member), reverse("measures:dashboard", args=[workshop.pk])
    lenses = ["", "agreed", "sure", groups["Rat"]]
    pages = {lens: client.get(page, {"lens": lens}).content.decode() for lens in lenses}
    found = [lens for lens, html in pages.items() if "data-foreign-ranks" in html]
    assert found == [groups["Rat"]]
