"""A second round of rating: people talk, rate again, and the first round stays."""

import pytest
from django.urls import reverse

from measures.models import Consensus, PaperCount, Rating
from measures.overview import overview
from measures.rating.ballots import shuffle
from measures.rating.saving import save_rating
from measures.rating.tallies import workshop_tallies
from tests.deciding import decide, hold
from workshops.models import PhaseChange, Workshop
from workshops.models.workshop import MAX_ROUNDS


@pytest.fixture
def rated(workshop, measure, measure_two, ballots, at):
    """Three people rated WLAN 5/1 and Bus 2/4; the workshop deliberates."""
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=1)
        save_rating(ballot, measure_two, relevance=2, feasibility=4)
    at("deliberating")
    return workshop


@pytest.fixture
def lead(facilitator, signed_in):
    return signed_in(facilitator)


def start(client, workshop, shown: int = 1):
    return client.post(reverse("measures:round-start", args=[workshop.pk]), {"round": shown})


def now(workshop) -> tuple[str, int]:
    workshop.refresh_from_db()
    return workshop.phase, workshop.round


def means(workshop, round: int) -> dict[str, tuple]:
    tallies, _sheets = workshop_tallies(Workshop.objects.get(pk=workshop.pk), round=round)
    titles = dict(workshop.measures.values_list("pk", "title"))
    return {titles[pk]: (tally.relevance, tally.feasibility) for pk, tally in tallies.items()}


def test_the_facilitator_opens_a_second_round_and_the_first_is_kept(rated, lead, measure, ballots):
    start(lead, rated)
    assert now(rated) == ("rating", 2)
    assert means(rated, 2) == {}
    [ballot] = ballots(1)
    measure.refresh_from_db()
    save_rating(ballot, measure, relevance=3, feasibility=3)
    assert means(rated, 2) == {"WLAN": ((0, 0, 1, 0, 0), (0, 0, 1, 0, 0))}
    assert means(rated, 1) == {
        "WLAN": ((0, 0, 0, 0, 3), (3, 0, 0, 0, 0)),
        "Bus": ((0, 3, 0, 0, 0), (0, 0, 0, 3, 0)),
    }


def test_only_the_present_round_is_ranked(rated, lead, measure_two, ballots, at):
    start(lead, rated)
    measure_two.refresh_from_db()
    for ballot in ballots(2):
        save_rating(ballot, measure_two, relevance=4, feasibility=4)
    at("deliberating")
    rated.refresh_from_db()
    ranks = {row.measure.title: row.result.rank for row in overview(rated).rows}
    assert ranks == {"Bus": 1, "WLAN": None}


def test_the_same_ballot_rates_once_per_round_and_is_led_by_no_earlier_answer(
    rated, lead, measure, participant, signed_in, at
):
    at("rating")
    phone = signed_in(participant)
    phone.post(reverse("measures:ballot-take", args=[rated.pk]), {"promised": rated.anonymity})
    page = reverse("measures:rate-measure", args=[rated.pk, measure.number])
    phone.post(page, {"relevance": "5", "feasibility": "5"})
    at("deliberating")
    start(lead, rated)
    assert phone.get(reverse("measures:rate-start", args=[rated.pk])).context["rated"] == 0
    assert phone.get(page).context["form"].initial == {}
    phone.post(page, {"relevance": "1", "feasibility": "none"})
    phone.post(page, {"relevance": "2", "feasibility": "none"})
    ballot = Rating.objects.get(relevance=2, feasibility=None).ballot
    assert list(ballot.ratings.order_by("round").values_list("round", "relevance")) == [
        (1, 5), (2, 2),
    ]  # fmt: skip


def test_a_second_click_opens_no_third_round(rated, lead):
    start(lead, rated, shown=1)
    assert start(lead, rated, shown=1).status_code == 302
    assert now(rated) == ("rating", 2)
    assert PhaseChange.objects.count() == 1


def test_a_stale_page_opens_nothing(rated, lead):
    response = start(lead, rated, shown=2)
    assert (response.status_code, now(rated)) == (302, ("deliberating", 1))


def test_a_round_opened_by_mistake_is_given_up_when_rating_ends_without_a_vote(rated, lead):
    start(lead, rated)
    move = reverse("measures:phase-move", args=[rated.pk])
    lead.post(move, {"from": "rating", "to": "deliberating"})
    assert now(rated) == ("deliberating", 1)
    assert [row.result.rank for row in overview(rated).rows] == [1, 1]


def test_a_round_with_a_vote_stays(rated, lead, measure, ballots):
    start(lead, rated)
    measure.refresh_from_db()
    save_rating(*ballots(1), measure, relevance=1, feasibility=1)
    move = reverse("measures:phase-move", args=[rated.pk])
    lead.post(move, {"from": "rating", "to": "deliberating"})
    assert now(rated) == ("deliberating", 2)


def test_without_any_rating_there_is_nothing_to_rate_again(workshop, measure, lead, at):
    at("deliberating")
    start(lead, workshop)
    assert now(workshop) == ("deliberating", 1)


def test_nine_rounds_are_the_most(rated, lead):
    Workshop.objects.update(round=MAX_ROUNDS)
    Rating.objects.update(round=MAX_ROUNDS)
    start(lead, rated, shown=MAX_ROUNDS)
    assert now(rated) == ("deliberating", MAX_ROUNDS)


@pytest.mark.parametrize("reason", ["public", "decided"])
def test_a_round_that_people_rely_on_is_not_opened_again_but_followed_by_another(
    rated, lead, measure, reason
):
    """Figures before and after one changed ballot would tell that ballot's old and new answer."""
    if reason == "public":
        Workshop.objects.update(is_public=True)
    else:
        decide(hold(rated, measure), measure)
    move = reverse("measures:phase-move", args=[rated.pk])
    lead.post(move, {"from": "deliberating", "to": "rating"})
    assert now(rated) == ("rating", 2)


def test_a_decision_on_an_earlier_round_leaves_the_present_one_free(
    rated, lead, measure, ballots, at
):
    decide(hold(rated, measure), measure)
    start(lead, rated)
    measure.refresh_from_db()
    save_rating(*ballots(1), measure, relevance=1, feasibility=1)
    at("deliberating")
    move = reverse("measures:phase-move", args=[rated.pk])
    lead.post(move, {"from": "deliberating", "to": "rating"})
    assert now(rated) == ("rating", 2)


def test_the_rating_of_a_round_nobody_relies_on_is_opened_again(rated, lead):
    move = reverse("measures:phase-move", args=[rated.pk])
    lead.post(move, {"from": "deliberating", "to": "rating"})
    assert now(rated) == ("rating", 1)


def test_an_agreed_pair_belongs_to_its_round(rated, lead, measure, at):
    Consensus.objects.create(measure=measure, relevance=5, feasibility=4)
    start(lead, rated)
    page = reverse("measures:measure-entry", args=[rated.pk, measure.number])
    form = lead.get(page).context["form"].agreed
    assert [form.initial[name] for name in ("relevance", "feasibility")] == ["", ""]
    Consensus.objects.create(measure=measure, relevance=1, feasibility=2, round=2)
    at("deliberating")
    rated.refresh_from_db()
    assert {row.measure.title: row.consensus for row in overview(rated).rows} == {
        "WLAN": (1, 2), "Bus": (None, None),
    }  # fmt: skip
    assert Consensus.objects.get(round=1).relevance == 5


def test_a_round_with_nothing_but_an_agreed_pair_stays(rated, lead, measure):
    start(lead, rated)
    Consensus.objects.create(measure=measure, relevance=1, feasibility=2, round=2)
    move = reverse("measures:phase-move", args=[rated.pk])
    lead.post(move, {"from": "rating", "to": "deliberating"})
    assert now(rated) == ("deliberating", 2)


def test_paper_is_counted_in_its_own_round(rated, lead, measure):
    PaperCount.objects.create(measure=measure, criterion="relevance", step=5, count=4)
    start(lead, rated)
    PaperCount.objects.create(measure=measure, criterion="relevance", step=5, count=1, round=2)
    assert means(rated, 1)["WLAN"][0] == (0, 0, 0, 0, 7)
    assert means(rated, 2)["WLAN"][0] == (0, 0, 0, 0, 1)


def test_shuffling_leaves_every_rating_in_its_round(rated, lead, measure, ballots):
    start(lead, rated)
    measure.refresh_from_db()
    save_rating(*ballots(1), measure, relevance=1, feasibility=1)
    before = means(rated, 1), means(rated, 2)
    shuffle(rated)
    assert (means(rated, 1), means(rated, 2)) == before
