"""Before rating starts: what stops it, what is worth knowing, and where each is mended."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from fields.models import Goal
from measures.day.missing import Gap, missing_for_rating
from measures.models import MAX_ROUNDS, DistinctPair, Measure
from tests.deciding import in_english
from tests.rating import show
from workshops.models import Participant, User, Workshop
from workshops.phases import Phase


@pytest.fixture
def collecting(workshop, facilitator, at):
    return at("collecting")


def url(name: str, workshop: Workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def join(workshop: Workshop, count: int, group: str | None = None) -> None:
    """Put people with an account on the list."""
    row = workshop.groups.get(name=group) if group else None
    for _ in range(count):
        number = User.objects.count()
        user = User.objects.create_user(f"person{number}@bingen.example")
        Participant.objects.create(workshop=workshop, user=user, group=row)


def gaps_of(workshop: Workshop) -> list[Gap]:
    """Return what the check says; every gap leads to pages that open."""
    with override("en"):
        gaps = missing_for_rating(workshop)
    desk = Client()
    desk.force_login(workshop.memberships.get(role="facilitator").user)
    for gap in gaps:
        addresses = [url for _words, url in [*gap.named, *([gap.link] if gap.link else [])]]
        assert {desk.get(each).status_code for each in addresses} == {200}, gap.text
    return gaps


def said(workshop: Workshop) -> list[str]:
    """Return the sentences; what stops begins with an exclamation mark."""
    return [f"{'! ' if gap.stops else ''}{gap.text}" for gap in gaps_of(workshop)]


@pytest.fixture
def ready(collecting, measure):
    """Nothing is missing: two groups of five, and the one field has a goal and a measure."""
    collecting.fields.exclude(pk=measure.field_id).delete()
    join(collecting, 5, "Rat")
    join(collecting, 5, "Verwaltung")
    return collecting


def test_where_nothing_is_missing_the_check_says_so_and_starts(ready, facilitator, signed_in):
    client = in_english(signed_in(facilitator))
    page = client.get(url("rating-check", ready))
    html = page.content.decode()
    assert (page.context["gaps"], "Nothing is missing" in html) == ([], True)
    assert re.findall(r'name="to"\s+value="(\w+)"', html) == ["rating"]
    client.post(url("phase-move", ready), {"from": "collecting", "to": "rating"})
    ready.refresh_from_db()
    assert ready.phase == Phase.RATING


def test_without_a_measure_rating_is_stopped_and_the_way_to_collect_comes_first(
    collecting, field, facilitator, signed_in
):
    page = in_english(signed_in(facilitator)).get(url("rating-check", collecting))
    html = page.content.decode()
    assert said(collecting)[0] == "! There is no measure yet, so there is nothing to rate."
    primary = re.findall(r'kern-btn--primary"\s+(?:href="([^"]+)"|name="to")', html)
    assert primary == [url("measure-list", collecting)]
    assert re.findall(r'name="to"', html) == []


def test_measures_in_fields_left_out_are_nothing_to_rate(collecting, measure):
    collecting.fields.update(is_worked_on=False)
    assert said(collecting)[0] == (
        "! All measures are in fields that are not worked on, so there is nothing to rate."
    )


def test_empty_fields_measures_left_out_and_measures_without_a_goal_are_named(ready, measure):
    for name in ("Tourismus", "Hafen"):
        ready.fields.create(name=name, order=2)
    left = ready.fields.create(name="Weinbau", order=3, is_worked_on=False)
    Measure.objects.create(workshop=ready, field=left, title="Reben")
    alone = Measure.objects.create(workshop=ready, field=measure.field, title="Bus")
    empty, omitted, aimless = gaps_of(ready)
    assert [gap.text for gap in (empty, omitted, aimless)] == [
        "2 fields are worked on and have no measure.",
        "1 measure will not be rated, because its field is not worked on.",
        "1 measure belongs to no goal.",
    ]
    assert [words for words, _url in empty.named] == ["Tourismus", "Hafen"]
    assert omitted.link[1] == reverse("fields:field-list", args=[ready.pk])
    assert aimless.named == [
        (str(alone), f"{alone.field.get_absolute_url()}#measure-{alone.number}")
    ]


def test_a_measure_whose_goal_was_removed_belongs_to_none(ready, measure):
    measure.goal.is_removed = True
    measure.goal.save()
    assert said(ready) == ["1 field has no goal."]
    Goal.objects.create(field=measure.field, text="Ein anderes", order=2)
    assert said(ready) == ["1 measure belongs to no goal."]


def test_a_dropped_field_is_no_field_without_a_measure(ready):
    ready.fields.create(name="Hafen", order=2, is_removed=True)
    assert said(ready) == []


def test_similar_titles_are_told_until_somebody_judges_that_they_are_not_the_same(ready, measure):
    place = {"workshop": ready, "field": measure.field, "goal": measure.goal}
    first = Measure.objects.create(title="Bürgerbus auf Zuruf", order=5, **place)
    second = Measure.objects.create(title="Bürgerbus  auf zuruf ", order=6, **place)
    [gap] = gaps_of(ready)
    assert (gap.text, gap.named, gap.link) == (
        "1 pair of measures has similar titles; what means the same can be merged.",
        (),
        ("Similar titles", url("similar-list", ready)),
    )
    DistinctPair.objects.create(first=first, second=second)
    assert said(ready) == []


def test_the_check_counts_the_pairs_that_the_list_of_similar_titles_shows(
    ready, measure, facilitator, signed_in
):
    left = ready.fields.create(name="Weinbau", order=3, is_worked_on=False)
    place = {"workshop": ready, "field": measure.field, "goal": measure.goal}
    Measure.objects.create(title="Bürgerbus auf Zuruf", order=5, **place)
    Measure.objects.create(title="Bürgerbus auf Abruf", order=6, **place)
    Measure.objects.create(title="Bürgerbus auf Zuruf", workshop=ready, field=left)
    listed = signed_in(facilitator).get(url("similar-list", ready)).context["count"]
    text = f"{listed} pairs of measures have similar titles; what means the same can be merged."
    assert (listed, text in said(ready)) == (3, True)


def test_nobody_who_can_rate_stops_nothing_because_there_is_paper(ready):
    ready.participants.all().delete()
    Participant.objects.create(workshop=ready, name="Gast ohne Konto")
    assert said(ready) == [
        "Nobody on the list can rate on a device of their own; paper ratings and agreed values can"
        " be entered all the same."
    ]


def test_too_few_people_and_groups_that_stay_hidden_are_told_with_numbers(ready):
    ready.participants.all().delete()
    join(ready, 2, "Rat")
    assert said(ready) == [
        "2 people can rate on a device of their own; a measure with fewer than 3 ratings has no"
        " figures and no rank.",
        "Nobody belongs to the group Verwaltung.",
        "As things are, the results of this group stay hidden, because groups are only shown from"
        " 5 ballots on: Rat (2).",
    ]


def test_a_few_without_a_group_cost_the_next_smallest_its_name(ready):
    join(ready, 2)
    join(ready, 1, "Verwaltung")
    assert said(ready) == [
        "As things are, the results of this group stay hidden, because groups are only shown from"
        " 5 ballots on: Rat (5).",
        "2 people belong to no group.",
    ]


def test_what_stops_comes_first(collecting, field):
    gaps = gaps_of(collecting)
    assert [gap.stops for gap in gaps] == [True, *([False] * (len(gaps) - 1))]
    assert len(gaps) > 1


def test_where_rating_does_not_come_next_the_check_leads_to_what_does(
    ready, measure, facilitator, signed_in, at
):
    client, check = signed_in(facilitator), url("rating-check", ready)
    at(Phase.RATING)
    assert client.get(check)["Location"] == ready.get_absolute_url()
    at(Phase.DELIBERATING)
    show(ready)
    at(Phase.COLLECTING)
    assert client.get(check)["Location"] == url("round-add", ready)


def test_after_the_last_round_the_check_says_that_no_more_are_possible(ready, measure):
    for number in range(1, MAX_ROUNDS + 1):
        ready.rounds.create(number=number, state="set_aside", reason="Probe")
    assert said(ready) == ["! There have been 9 rounds of rating; more are not possible."]


def test_a_round_that_is_opened_again_counts_its_own_choice(ready, measure, facilitator, signed_in):
    ready.rounds.create(number=1, state="set_aside", reason="Probe")
    round = ready.rounds.create(number=2, state="closed")
    round.offers.create(measure=measure)
    Measure.objects.create(workshop=ready, field=measure.field, goal=measure.goal, title="Bus")
    page = signed_in(facilitator).get(url("rating-check", ready))
    assert page.context["offered"] == 1


def test_the_check_takes_the_same_queries_for_one_measure_and_for_three(
    ready, measure, facilitator, signed_in, django_assert_num_queries
):
    client, check = signed_in(facilitator), url("rating-check", ready)
    with django_assert_num_queries(20):
        client.get(check)
    for name in ("Hafen", "Weinbau"):
        field = ready.fields.create(name=name)
        ready.groups.create(name=name)
        Measure.objects.create(workshop=ready, field=field, title="Bus")
    join(ready, 2)
    with django_assert_num_queries(20):
        assert len(client.get(check).context["gaps"]) == 5
