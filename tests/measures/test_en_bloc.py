"""Several points in one vote: an entry for each, all of them or none, upon what was seen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from measures.committee.checking import check_of
from measures.committee.views import en_bloc
from measures.models import AgendaItem, Decision, Measure, Session
from tests.deciding import TYPED, decide, hold, in_english
from tests.rating import save_rating
from workshops.models import mark_changed


@pytest.fixture
def measures(workshop, measure, measure_two) -> list[Measure]:
    third = Measure.objects.create(workshop=workshop, field=measure.field, title="Fähre", order=3)
    return [measure, measure_two, third]


@pytest.fixture
def session(workshop, measures, ballots, at):
    for ballot in ballots(3):
        for step, each in enumerate(measures, start=3):
            save_rating(ballot, each, relevance=step, feasibility=step)
    at("deliberating")
    return hold(workshop, *measures, seats=9)


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


@pytest.fixture
def url(session) -> str:
    return reverse("measures:en-bloc", args=[session.workshop_id, session.pk])


def drawn(client, url: str, **typed) -> dict:
    form = client.get(url).context["form"]
    sent = {"seen": form["seen"].value(), "points": form["points"].value()}
    return sent | TYPED | typed


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 422
    with translation.override("en"):
        found = response.context["form"].errors
        return {name: [str(each) for each in told] for name, told in found.items()}


def test_each_point_gets_its_own_snapshot_and_seal(council, url, session, measures):
    numbers = {"votes_for": "8", "votes_against": "1", "votes_abstained": "0"}
    response = council.post(url, drawn(council, url, **numbers))
    assert (response.status_code, response["Location"]) == (302, session.get_absolute_url())
    rows = Decision.objects.select_related("session__workshop", "measure", "seal").order_by("pk")
    assert [each.measure.number for each in rows] == [1, 2, 3]
    assert [each.frozen["ratings"]["relevance"]["mean"] for each in rows] == [3, 4, 5]
    assert len({each.seal.value for each in rows}) == 3
    assert [check_of(each).faults for each in rows] == [[], [], []]
    assert {(each.votes_for, each.reason, each.is_pending) for each in rows} == {
        (8, TYPED["reason"], True)
    }


def test_a_point_that_is_not_public_says_so(council, url, session, measures):
    session.items.filter(measure=measures[1]).update(is_public=False)
    points = [label for _number, label in council.get(url).context["form"]["points"].field.choices]
    assert [label.endswith(" (not public)") for label in points] == [False, True, False]


def test_the_chosen_points_only(council, url, measures):
    council.post(url, drawn(council, url, points=["1", "3"]))
    assert [*Decision.objects.order_by("pk").values_list("measure__number", flat=True)] == [1, 3]


def test_before_the_day_of_the_session_the_form_says_so(council, url):
    told = "This session is yet to come: what you record now bears the date"
    assert told not in council.get(url).content.decode()
    Session.objects.update(date=timezone.localdate() + timedelta(days=1))
    assert told in council.get(url).content.decode()


def test_one_point_alone_is_no_vote_on_several(council, url):
    assert errors(council.post(url, drawn(council, url, points=["2"]))) == {
        "points": ["Please choose at least two points."]
    }
    assert not Decision.objects.exists()


def test_a_wording_belongs_to_one_measure(council, url):
    form = council.get(url).context["form"]
    assert "wording" not in form.fields
    sent = drawn(council, url, outcome="amended")
    assert [*errors(council.post(url, sent))] == ["outcome"]


def test_a_point_that_somebody_decided_meanwhile_stops_all(council, url, session, measures):
    sent = drawn(council, url)
    decide(session, measures[1], has_basis=False)
    response = council.post(url, sent)
    assert errors(response)["points"][0].startswith("One of these points was decided")
    form = response.context["form"]
    assert [value for value, _name in form.fields["points"].choices] == [1, 3]
    assert form["reason"].value() == TYPED["reason"]
    assert Decision.objects.count() == 1


def test_what_has_changed_is_named_and_nothing_recorded(council, url, measures):
    sent = drawn(council, url)
    Measure.objects.filter(pk=measures[2].pk).update(title="Fähre und Steg")
    mark_changed(measures[2].workshop_id)
    response = council.post(url, sent)
    assert response.status_code == 409
    assert [each.measure.number for each in response.context["moved"]] == [3]
    assert not Decision.objects.exists()
    again = sent | {"seen": response.context["form"]["seen"].value()}
    assert council.post(url, again).status_code == 302
    assert Decision.objects.count() == 3


def test_what_has_changed_of_a_point_left_out_does_not_matter(council, url, measures):
    sent = drawn(council, url, points=["1", "2"])
    Measure.objects.filter(pk=measures[2].pk).update(title="Steg")
    mark_changed(measures[2].workshop_id)
    assert council.post(url, sent).status_code == 302


def test_a_double_click_records_once(council, url):
    sent = drawn(council, url)
    assert [council.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Decision.objects.count() == 3


def test_all_of_them_or_none(council, url, monkeypatch):
    stored = []

    def fails_at_the_third(decision, basis):
        stored.append(decision)
        if len(stored) == 3:
            raise RuntimeError
        return real(decision, basis)

    from measures.committee import en_bloc as recording

    real = recording.store
    monkeypatch.setattr(recording, "store", fails_at_the_third)
    with pytest.raises(RuntimeError):
        council.post(url, drawn(council, url))
    assert not Decision.objects.exists()


def test_figures_are_made_before_the_lock_unless_the_workshop_never_rests(
    council, url, session, monkeypatch
):
    made = []
    real = en_bloc.bases_of

    def busy(workshop, measures):
        made.append(1)
        if len(made) <= en_bloc.TRIES + 1:
            mark_changed(workshop.pk)
        return real(workshop, measures)

    sent = drawn(council, url)
    monkeypatch.setattr(en_bloc, "bases_of", busy)
    assert council.post(url, sent).status_code == 302
    assert len(made) == en_bloc.TRIES + 1


def test_with_one_point_left_the_session_leads_to_single_decisions(council, url, session, measures):
    for each in measures[:2]:
        decide(session, each, has_basis=False)
    assert council.get(url)["Location"] == session.get_absolute_url()
    assert url not in council.get(session.get_absolute_url()).text


def test_it_takes_the_same_queries_for_two_points_and_for_five(
    council, url, session, workshop, measures, django_assert_num_queries
):
    AgendaItem.objects.filter(measure=measures[2]).delete()
    council.get(url)
    with django_assert_num_queries(12):
        council.get(url)
    for number in range(3):
        extra = Measure.objects.create(
            workshop=workshop, field=measures[0].field, title=f"{number}"
        )
        AgendaItem.objects.create(session=session, measure=extra, order=9 + number)
    with django_assert_num_queries(12):
        council.get(url)
