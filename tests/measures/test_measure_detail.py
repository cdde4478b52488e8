"""One measure with everything known."""

from django.urls import reverse

from measures.models import Measure
from measures.templatetags.figures import bars
from tests.rating import agree_on, count_paper, save_rating
from workshops.phases import Phase


def url(workshop, name: str = "measure-detail", *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def detail(client, workshop, number: int = 1):
    return client.get(url(workshop, "measure-detail", number))


def test_ratings_are_shown_to_everybody_when_rating_is_over_and_to_nobody_before(
    workshop, measure, at, signed_in, facilitator, participant, committee_member
):
    clients = [signed_in(person) for person in (facilitator, participant, committee_member)]
    found = {}
    for phase in Phase:
        at(phase)
        found[phase] = [detail(c, workshop).context["rated"] is not None for c in clients]
    assert found == {
        Phase.PREPARING: [False, False, False],
        Phase.COLLECTING: [False, False, False],
        Phase.RATING: [False, False, False],
        Phase.DELIBERATING: [True, True, True],
        Phase.CLOSED: [True, True, True],
    }


def test_the_distribution_says_how_the_room_rated(
    workshop, measure, at, ballots, signed_in, committee_member
):
    pairs = [*[(5, 1)] * 4, (4, 1), (4, None), (None, None)]
    for ballot, pair in zip(ballots(7), pairs, strict=True):
        save_rating(ballot, measure, relevance=pair[0], feasibility=pair[1])
    count_paper(measure=measure, criterion="relevance", step=5, count=2)
    at("deliberating")
    rated = detail(signed_in(committee_member), workshop).context["rated"]
    relevance, feasibility = rated.row.result.relevance, rated.row.result.feasibility
    assert [row["count"] for row in bars(relevance, rated.labels["relevance"])] == [0, 0, 0, 2, 6]
    assert [row["percent"] for row in bars(relevance, rated.labels["relevance"])] == [
        0, 0, 0, 25, 75,
    ]  # fmt: skip
    assert (relevance.n, relevance.mean, relevance.median) == (8, 4.75, 5.0)
    assert [row["count"] for row in bars(feasibility, rated.labels["feasibility"])] == [
        5, 0, 0, 0, 0,
    ]  # fmt: skip
    assert rated.abstained == {"relevance": 1, "feasibility": 2}
    assert (rated.row.result.rank, rated.row.result.n, rated.ranked) == (1, 8, 1)


def test_the_agreed_pair_stands_beside_the_mean(
    workshop, measure, at, ballots, signed_in, committee_member
):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=2, feasibility=2)
    agree_on(measure=measure, relevance=5, feasibility=None)
    at("deliberating")
    row = detail(signed_in(committee_member), workshop).context["rated"].row
    assert (row.consensus, row.result.relevance.mean, row.gap) == ((5, None), 2, 3)


def test_a_group_is_shown_from_the_smallest_size_on_and_only_when_nobody_can_subtract(
    workshop, measure, at, ballots, signed_in, committee_member
):
    for ballot in [*ballots(5, "Rat"), *ballots(1, "Verwaltung")]:
        save_rating(ballot, measure, relevance=4, feasibility=4)
    at("deliberating")
    client = signed_in(committee_member)
    rated = detail(client, workshop).context["rated"]
    assert (rated.by_group, rated.hidden_groups) == ({}, True)
    for ballot in ballots(4, "Verwaltung"):
        save_rating(ballot, measure, relevance=1, feasibility=1)
    rated = detail(client, workshop).context["rated"]
    assert [(group.name, result.n) for group, result in rated.by_group.items()] == [
        ("Rat", 5),
        ("Verwaltung", 5),
    ]
    assert rated.hidden_groups is False


def test_a_removed_measure_and_an_unknown_number_are_not_found(
    workshop, measure, signed_in, facilitator
):
    client = signed_in(facilitator)
    assert detail(client, workshop, 2).status_code == 404
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    assert detail(client, workshop).status_code == 404


def test_the_measure_says_what_was_merged_into_it(
    workshop, measure, measure_two, signed_in, facilitator
):
    measure_two.merge_into(measure)
    client = signed_in(facilitator)
    assert list(detail(client, workshop).context["duplicates"]) == [measure_two]
    response = detail(client, workshop, 2)
    assert (response.status_code, response["Location"]) == (302, measure.get_absolute_url())


def test_who_may_write_is_offered_the_forms_only_in_their_phase(
    workshop, measure, at, signed_in, facilitator, participant
):
    found = {}
    for phase in Phase:
        at(phase)
        seen = detail(signed_in(facilitator), workshop).context["visit"]
        found[phase] = (seen.may_describe, seen.may_capture)
    assert found == {
        Phase.PREPARING: (True, True),
        Phase.COLLECTING: (True, True),
        Phase.RATING: (False, False),
        Phase.DELIBERATING: (True, False),
        Phase.CLOSED: (False, False),
    }
    at(Phase.COLLECTING)
    seen = detail(signed_in(participant), workshop).context["visit"]
    assert (seen.may_describe, seen.may_capture) == (False, False)


def test_the_page_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, at, ballots, signed_in, facilitator, django_assert_num_queries
):
    at("deliberating")
    client = signed_in(facilitator)
    for ballot in ballots(5, "Rat"):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    with django_assert_num_queries(25):
        detail(client, workshop)
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        for ballot in ballots(5, "Rat"):
            save_rating(ballot, measure, relevance=3, feasibility=3)
            save_rating(ballot, extra, relevance=3, feasibility=3)
    with django_assert_num_queries(25):
        detail(client, workshop)


# The list ---------------------------------------------------------------------------------------
