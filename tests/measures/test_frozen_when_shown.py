"""What a shown round tells is settled when it is shown: no later act makes it tell more."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from measures.models import Consensus, PaperCount
from measures.overview import overview_of
from measures.rating import rounds
from measures.rating.views import entry
from measures.results.detail import rated_measure
from measures.results.stability import regions_of, stability_of
from tests.rating import agree_on, close, save_rating, show
from workshops.models import ParticipantGroup, Workshop


def fresh(workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


def group_names(workshop, measure) -> list[str]:
    return [group.name for group in rated_measure(fresh(workshop), measure).by_group]


@pytest.fixture
def crowd(workshop, measure, ballots, at):
    """Four groups voted; of WLAN one person of "Zunft" said something, the others are many."""
    for name in ("Zunft", "Wehr"):
        ParticipantGroup.objects.create(workshop=workshop, name=name, order=9)
    at("rating")
    for name, people, step in (("Rat", 6, 4), ("Verwaltung", 5, 5), ("Wehr", 10, 3)):
        for ballot in ballots(people, name):
            save_rating(ballot, measure, relevance=step, feasibility=step)
    alone, *_others = ballots(9, "Zunft")
    save_rating(alone, measure, relevance=1, feasibility=2)
    return at("deliberating")


def settled(workshop, client, **changed):
    url = reverse("measures:workshop-edit", args=[workshop.pk])
    form = client.get(url).context["form"]
    sent = {
        name: "" if form[name].value() is None else form[name].value()
        for name in form.fields
        if name != "confirmed"
    }
    asked = client.post(url, sent | changed)
    if asked.status_code == 302:
        return asked
    return client.post(url, sent | changed | {"confirmed": asked.context["form"].meant})


def test_somebody_who_comes_later_opens_no_group_of_an_earlier_round(
    crowd, measure, ballots, facilitator
):
    before = group_names(crowd, measure)
    rounds.open_round(fresh(crowd), by=facilitator, measures=[measure])
    (late,) = ballots(1)
    save_rating(late, measure, relevance=3, feasibility=3)
    close(crowd)
    assert group_names(crowd, measure) == before


@pytest.mark.parametrize("smallest", [3, 6, 7, 11])
def test_another_smallest_group_only_takes_groups_away(crowd, measure, smallest):
    before = group_names(crowd, measure)
    Workshop.objects.filter(pk=crowd.pk).update(smallest_group=smallest)
    assert set(group_names(crowd, measure)) <= set(before)


def test_after_a_raise_nobody_can_work_out_those_left_out(workshop, measure, ballots, at):
    """Seen: 6, 6 and five without a group, raised to 6: the whole minus both told of five."""
    at("rating")
    for name, people, step in (("Rat", 6, 4), ("Verwaltung", 6, 5), (None, 5, 1)):
        for ballot in ballots(people, name):
            save_rating(ballot, measure, relevance=step, feasibility=step)
    at("deliberating")
    assert group_names(workshop, measure) == ["Rat", "Verwaltung"]
    Workshop.objects.filter(pk=workshop.pk).update(smallest_group=6)
    assert group_names(workshop, measure) == ["Verwaltung"]


def test_a_higher_minimum_leads_no_older_result_back(
    workshop, measure, ballots, at, facilitator, signed_in
):
    at("rating")
    for ballot in ballots(10):
        save_rating(ballot, measure, relevance=5, feasibility=5)
    at("deliberating")
    rounds.open_round(fresh(workshop), by=facilitator, measures=[measure])
    for ballot in ballots(6):
        save_rating(ballot, measure, relevance=1, feasibility=1)
    close(workshop)
    show(workshop)
    (row,) = overview_of(fresh(workshop)).rows
    assert (row.round, row.result.n) == (2, 6)
    assert settled(workshop, signed_in(facilitator), smallest_room=7).status_code == 302
    assert fresh(workshop).smallest_room == 7
    (row,) = overview_of(fresh(workshop)).rows
    assert (row.round, row.result.n) == (None, 0)


def test_nothing_is_entered_for_the_room_into_a_shown_round(workshop, measure, ballots, at):
    at("rating")
    agreed = agree_on(measure, relevance=5, feasibility=5)
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=4, feasibility=4)
    at("deliberating")
    agreed.relevance = 1
    paper = PaperCount(measure=measure, round=agreed.round, criterion="relevance", step=1, count=40)
    for act in (agreed.save, agreed.delete, paper.save):
        with pytest.raises(PermissionDenied):
            act()
    assert list(Consensus.objects.values_list("relevance", flat=True)) == [5]
    assert not PaperCount.objects.exists()


def test_entering_while_another_shows_the_round_is_refused(
    workshop, measure, ballots, at, facilitator, signed_in, monkeypatch
):
    at("rating")
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=4, feasibility=4)
    client = signed_in(facilitator)
    url = reverse("measures:measure-entry", args=[workshop.pk, measure.number])
    real = entry._neighbours

    def meanwhile(*given):
        close(workshop)
        show(workshop)
        Workshop.objects.filter(pk=workshop.pk).update(phase="deliberating")
        monkeypatch.setattr(entry, "_neighbours", real)
        return real(*given)

    monkeypatch.setattr(entry, "_neighbours", meanwhile)
    response = client.post(url, {"relevance_1": "30", "feasibility_1": "30"})
    assert response.status_code in (403, 409)
    assert not PaperCount.objects.exists()


@pytest.mark.parametrize(("people", "is_told"), [(4, False), (5, True)])
def test_below_the_smallest_group_no_draw_tells_the_single_votes(
    workshop, measure, measure_two, ballots, at, people, is_told
):
    at("rating")
    for place, ballot in enumerate(ballots(people)):
        save_rating(ballot, measure, relevance=1 + place, feasibility=5 - place)
        save_rating(ballot, measure_two, relevance=3, feasibility=1 + place)
    at("deliberating")
    view = overview_of(fresh(workshop))
    stability = stability_of(view)
    assert (measure.pk in regions_of(view)) == is_told
    ranges = [stability.measures[row.measure.pk].below for row in view.rows] if stability else []
    assert any(below is not None for below in ranges) == is_told
