"""Not everybody must rate everything: what is dealt, what that gives, and when one is done."""

import re
from collections import Counter
from random import Random

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from fields.models import ActionField
from measures.day.counts import counts_of
from measures.models import Measure, Rating, Round
from measures.overview import overview_of
from measures.prioritisation import Scale, Tally, prioritise_tallies
from measures.rating.dealing import Due, due_now, due_of, forecast, least_of, needed_for
from measures.rating.outset import expected_at
from measures.rating.saving import next_number, place_of
from measures.results.stability import stability_of
from measures.results.talk import talk_of
from measures.stability import draw_rooms
from tests.benchmarks.dealt import deal
from tests.deciding import in_english
from tests.rating import save_rating, show
from workshops.models import Participant, User, Workshop


def url(workshop: Workshop, name: str, *arguments: object) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def rate(client: Client, workshop: Workshop, number: int) -> str:
    sent = {"relevance": 3, "feasibility": 4}
    return client.post(url(workshop, "rate-measure", number), sent)["Location"]


# What each measure gets --------------------------------------------------------------------------


def expect(people: int, per_person: int | None, offered: int = 126, **groups: int):
    return forecast(
        groups, people, per_person=per_person, offered=offered, smallest_room=3, smallest_group=5
    )


def test_ten_people_with_30_of_126_measures_can_show_nothing_for_sure():
    found = expect(10, 30)
    assert (round(found.room.mean, 1), found.room.least, found.room.is_enough) == (2.4, 1, False)
    assert (found.proposed, expect(10, 51).room.is_enough) == (51, True)
    assert expect(10, 50).room.is_enough is False


def test_where_everybody_rates_everything_each_measure_gets_everybody():
    for per_person in (None, 126, 500):
        found = expect(4, per_person, Rat=4)
        assert (found.room.least, found.room.mean, found.is_dealt) == (4, 4.0, False)
        assert [share.is_enough for share in found.shares] == [True, False]


def test_with_fewer_people_than_the_minimum_no_number_helps():
    found = expect(2, 30, Rat=2)
    assert (found.proposed, found.proposed_for_groups, found.lacking) == (None, None, [])


def test_groups_need_a_larger_number_than_the_room_and_too_small_ones_none():
    found = expect(25, 40, Rat=12, Verwaltung=9, Verbände=4)
    assert [(share.name, share.least, share.needed) for share in found.shares] == [
        ("", 6, 21), ("Rat", 2, 63), ("Verwaltung", 1, 84), ("Verbände", 0, None),
    ]  # fmt: skip
    assert [share.name for share in found.lacking] == ["Rat", "Verwaltung"]
    assert (found.proposed, found.proposed_for_groups) == (21, 84)


def test_the_proposed_number_is_the_smallest_that_is_enough():
    for people in (3, 4, 7, 10, 26, 60):
        for offered in (1, 2, 9, 40, 126):
            for wanted in (3, 5, 9, 10, 20):
                enough = [
                    n for n in range(1, offered + 1) if least_of(people, n, offered) >= wanted
                ]
                assert needed_for(people, offered, wanted) == min(enough, default=None)


@pytest.mark.parametrize(
    ("people", "each", "measures", "groups"),
    [(10, 40, 126, 1), (10, 51, 126, 2), (25, 40, 126, 5), (26, 9, 20, 2), (60, 30, 90, 4)],
)
def test_in_simulated_rooms_no_measure_gets_fewer_than_was_said(people, each, measures, groups):
    for seed in range(3):
        hands = deal(people, each, measures, random=Random(seed), groups=groups)
        by_group = [Counter() for _group in range(groups)]
        for person, hand in enumerate(hands):
            assert len({*hand}) == each
            by_group[person % groups].update(hand)
        sizes = Counter(person % groups for person in range(people))
        for group, counts in enumerate(by_group):
            least = min(counts[measure] for measure in range(measures))
            assert least >= least_of(sizes[group], each, measures)
        counts = sum(by_group, Counter())
        assert min(counts[m] for m in range(measures)) >= least_of(people, each, measures)


# When a ballot is done ---------------------------------------------------------------------------


def test_of_the_open_fields_as_large_a_share_is_due_as_of_all():
    assert [due_now(30, 126, 126), due_now(30, 14, 126), due_now(30, 1, 126)] == [30, 4, 1]
    assert [due_now(None, 14, 126), due_now(300, 14, 126), due_now(30, 0, 0)] == [14, 14, 0]


def test_who_rates_more_has_rated_all_that_were_due():
    due = Due(rated=5, due=4, open=9, offered=9)
    assert (due.is_done, due.is_dealt, due.counted) == (True, True, 4)


@pytest.fixture
def voter(workshop, participant, signed_in, measure, measure_two, at):
    """Return a person's browser with a ballot, who is asked for two of four measures."""
    for title in ("Bahn", "Seilbahn"):
        Measure.objects.create(workshop=workshop, field=measure.field, title=title)
    workshop.measures_per_person = 2
    workshop.save()
    at("rating")
    client = in_english(signed_in(participant))
    client.post(url(workshop, "ballot-take"), {"promised": "anonymous"})
    return client


def after(location: str) -> int:
    return int(re.search(r"/(\d+)/$", location)[1])


def test_a_person_is_done_after_the_number_and_may_rate_more(workshop, voter):
    first = after(voter.get(url(workshop, "rate-next"))["Location"])
    second = after(rate(voter, workshop, first))
    assert rate(voter, workshop, second) == url(workshop, "rate-start")
    page = voter.get(url(workshop, "rate-start"))
    assert "2 of 2 rated" in page.content.decode()
    assert {measure.number for measure in page.context["measures"]} == {first, second}
    assert voter.get(url(workshop, "rate-next"))["Location"] == url(workshop, "rate-start")
    more = f"{url(workshop, 'rate-next')}?more=1"
    assert f'href="{more}"' in page.content.decode()
    third = after(voter.get(more)["Location"])
    fourth = after(rate(voter, workshop, third))
    assert rate(voter, workshop, fourth) == url(workshop, "rate-start")
    assert {first, second, third, fourth} == {1, 2, 3, 4}
    html = voter.get(url(workshop, "rate-start")).content.decode()
    assert ("2 of 2 rated" in html, more in html) == (True, False)


def test_changing_a_rating_at_the_end_leads_back_to_the_list(workshop, voter):
    first = after(voter.get(url(workshop, "rate-next"))["Location"])
    rate(voter, workshop, after(rate(voter, workshop, first)))
    assert rate(voter, workshop, first) == url(workshop, "rate-start")


def test_the_progress_counts_to_the_number(workshop, voter):
    first = after(voter.get(url(workshop, "rate-next"))["Location"])
    page = voter.get(rate(voter, workshop, first)).content.decode()
    assert re.search(r'<progress[^>]*max="2"[^>]*value="1"', page)
    assert "1 of 2 rated" in page


def test_the_privacy_page_says_what_dealing_may_tell(workshop, voter):
    told = "whoever runs the database can sometimes tell that it came last"
    assert told in voter.get(url(workshop, "rate-privacy")).content.decode()
    Workshop.objects.update(measures_per_person=None)
    assert told not in voter.get(url(workshop, "rate-privacy")).content.decode()


def test_while_one_field_is_open_its_share_is_due(workshop, voter):
    other = ActionField.objects.create(workshop=workshop, name="Hafen")
    Measure.objects.filter(workshop=workshop, title__in=["Bahn", "Seilbahn"]).update(field=other)
    round, ballot = workshop.rounds.get(), workshop.ballots.get()
    round.open_fields.set([other])
    assert due_of(ballot, round) == Due(rated=0, due=1, open=2, offered=4)
    first = after(voter.get(url(workshop, "rate-next"))["Location"])
    assert rate(voter, workshop, first) == url(workshop, "rate-start")
    round.open_fields.add(*workshop.fields.all())
    assert due_of(ballot, round) == Due(rated=1, due=2, open=4, offered=4)


def test_how_far_the_rating_is_counts_what_each_person_is_asked_for(workshop, voter):
    rate(voter, workshop, 1)
    assert counts_of(workshop)["share_rated"] == 50


def test_every_group_rates_every_measure_equally_often(workshop, measure, ballots, at):
    for number in range(8):
        Measure.objects.create(workshop=workshop, field=measure.field, title=f"M {number}")
    at("rating")
    round = workshop.rounds.get()
    people = [*ballots(3, group="Rat"), *ballots(6, group="Verwaltung"), *ballots(3)]
    Random(4).shuffle(people)
    for ballot in people:
        while number := next_number(place_of(ballot, round), 3):
            rated = workshop.measures.get(number=number)
            save_rating(ballot, rated, relevance=3, feasibility=3)
        assert ballot.ratings.count() == 3
    rows = Rating.objects.values_list("ballot__group__name", "measure__number")
    counts = Counter(rows)
    assert counts == {
        (group, number): each
        for group, each in (("Rat", 1), ("Verwaltung", 2), (None, 1))
        for number in range(1, 10)
    }


# Figures with unequal numbers --------------------------------------------------------------------


def test_what_was_not_dealt_counts_like_cannot_judge(workshop, measure, ballots, at):
    for number in range(5):
        Measure.objects.create(workshop=workshop, field=measure.field, title=f"M {number}")
    at("rating")
    random, round = Random(7), workshop.rounds.get()
    people = [*ballots(9, group="Rat"), *ballots(9, group="Verwaltung")]
    for ballot in people:
        while number := next_number(place_of(ballot, round), 4):
            rated = workshop.measures.get(number=number)
            relevance, feasibility = random.choices(range(1, 6), k=2)
            save_rating(ballot, rated, relevance=relevance, feasibility=feasibility)
    show(workshop)
    workshop.refresh_from_db()
    dealt = figures(workshop)
    ballots_now = [*workshop.ballots.filter(ratings__isnull=False).distinct()]
    shown = Round.objects.get(pk=round.pk)
    given = {*Rating.objects.values_list("ballot", "measure")}
    for ballot in ballots_now:
        for each in workshop.measures.all():
            if (ballot.pk, each.pk) not in given:
                Rating.objects.create(ballot=ballot, measure=each, round=shown)
    assert Rating.objects.count() == 18 * 6
    assert figures(workshop) == dealt
    assert [n for n, *_rest in dealt[0]] == [12] * 6


def figures(workshop: Workshop) -> tuple:
    overview = overview_of(Workshop.objects.get(pk=workshop.pk))
    results = [
        (row.result.n, row.measure.pk, row.result.rank, row.result.relevance, row.result.quadrant)
        for row in overview.rows
    ]
    return results, stability_of(overview), talk_of(overview)


def test_ranks_and_draws_of_a_dealt_room_rest_on_what_was_judged_alone():
    random = np.random.default_rng(2)
    full = random.integers(1, 6, (2, 12, 9)).astype(float)
    given = np.full_like(full, np.nan)
    for person, hand in enumerate(deal(12, 4, 9, random=Random(2))):
        given[:, person, hand] = full[:, person, hand]
    rooms = draw_rooms(*given, scale=Scale(1, 5), draws=50, seed=0)
    tallies = {}
    for measure in range(9):
        steps = [
            tuple(int((column == step).sum()) for step in range(1, 6))
            for column in given[:, :, measure]
        ]
        tallies[measure] = Tally(*steps, sum(steps[0]))
    lines = prioritise_tallies(tallies, measures=range(9), scale=Scale(1, 5))
    by_measure = sorted(lines, key=lambda line: line.measure)
    assert rooms.ranks[0].tolist() == [line.rank for line in by_measure]
    assert rooms.relevance[0].tolist() == [line.relevance.mean for line in by_measure]
    unjudged = rooms.ranks == 0  # nobody who was dealt it is in that draw
    assert not unjudged[0].any()
    assert (np.isnan(rooms.relevance) == unjudged).all()


# Before the rating opens -------------------------------------------------------------------------


@pytest.fixture
def collecting(workshop, measure, measure_two, at):
    """Return a workshop with two measures, on whose list are six people, five of the council."""
    council = workshop.groups.get(name="Rat")
    for number in range(6):
        user = User.objects.create_user(f"person{number}@bingen.example")
        group = council if number else None
        Participant.objects.create(workshop=workshop, user=user, group=group)
    return at("collecting")


@pytest.fixture
def lead(facilitator, signed_in):
    return in_english(signed_in(facilitator))


def test_the_page_says_what_everybody_and_each_group_gets(collecting, lead):
    page = lead.get(url(collecting, "rating-check"))
    shares = page.context["forecast"].shares
    assert [(each.name, each.people, each.least) for each in shares] == [
        ("", 6, 6), ("Rat", 5, 5), ("Verwaltung", 0, 0),
    ]  # fmt: skip


def test_a_number_that_hides_measures_is_warned_of_and_a_better_one_is_taken(collecting, lead):
    page = url(collecting, "rating-check")
    sent = {"expected_guests": "", "measures_per_person": "1"}
    assert lead.post(page, sent)["Location"] == f"{page}#per-person"
    drawn = lead.get(page)
    assert [gap.text for gap in drawn.context["gaps"]][-2:] == [
        "With 1 of 2 measures per person some measures get no figures and no rank: each gets at"
        " least 2 ratings, and 3 are needed.",
        "With so many measures per person the ratings of this group stay hidden for some measures"
        " or all: Rat.",
    ]
    html = drawn.content.decode()
    offered = re.findall(r'name="measures_per_person"\s+value="(\d+)"\s+type="submit"', html)
    assert offered == ["2", "2"]
    # A browser sends what was typed and then the button that was pressed.
    lead.post(page, sent | {"measures_per_person": ["1", offered[0]]})
    collecting.refresh_from_db()
    assert collecting.measures_per_person == 2
    assert not any("per person" in gap.text for gap in lead.get(page).context["gaps"])


def test_guests_expected_count_for_the_room_and_for_no_group(collecting, lead):
    page = url(collecting, "rating-check")
    lead.post(page, {"expected_guests": "20", "measures_per_person": ""})
    drawn = lead.get(page)
    assert [each.people for each in drawn.context["forecast"].shares] == [26, 5, 0]
    assert "Verwaltung" not in "".join(gap.text for gap in drawn.context["gaps"])


def test_guests_who_are_here_count_once_and_in_their_group_from_its_smallest_size_on(
    collecting, guest
):
    for _person in range(4):
        guest("Verwaltung")
    council, office = collecting.groups.order_by("name")
    found = expected_at(collecting)
    assert (found.all, found.by_group[council.pk], found.by_group[office.pk]) == (10, 5, 0)
    guest("Verwaltung")
    collecting.expected_guests = 3
    found = expected_at(collecting)
    assert (found.all, found.by_group[council.pk], found.by_group[office.pk]) == (11, 5, 5)


def test_no_small_group_of_guests_is_the_difference_of_all_and_the_others(collecting, guest):
    council, office = collecting.groups.order_by("name")

    def told() -> tuple[int, int, int]:
        found = expected_at(collecting)
        return found.all, found.by_group[council.pk], found.by_group[office.pk]

    for _person in range(5):
        guest("Verwaltung")
    assert told() == (11, 5, 5)
    for _person in range(2):
        guest("Rat")
    assert told() == (13, 5, 0)  # five at the office would tell the two councillors
    for _person in range(3):
        guest()
    assert told() == (16, 5, 5)


def test_a_number_that_is_none_is_explained_and_kept(collecting, lead):
    for typed in ("0", "-1", "viel"):
        sent = {"expected_guests": "", "measures_per_person": typed}
        page = lead.post(url(collecting, "rating-check"), sent)
        assert (page.status_code, list(page.context["form"].errors)) == (
            422, ["measures_per_person"],
        )  # fmt: skip
        assert f'value="{typed}"' in page.content.decode()
    collecting.refresh_from_db()
    assert collecting.measures_per_person is None


def test_a_further_round_says_what_each_measure_gets(collecting, lead, ballots, measure, at):
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    at("deliberating")
    collecting.refresh_from_db()
    page, chosen = url(collecting, "round-add"), {"which": "all"}
    assert "If each person rates" not in lead.post(page, chosen).content.decode()
    Workshop.objects.update(measures_per_person=1)
    assert "If each person rates 1 of 2 measures" in lead.post(page, chosen).content.decode()
