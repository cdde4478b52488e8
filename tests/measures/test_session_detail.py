"""The agenda as the committee reads it: what is known, asked and decided of every measure."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from measures.models import AgendaItem, Measure, Remark
from tests.deciding import decide, hold, in_english
from tests.rating import save_rating


@pytest.fixture
def people(at, signed_in, participant, facilitator, committee_member, administrator) -> dict:
    at("deliberating")
    everybody = {
        "participant": participant, "facilitator": facilitator,
        "committee": committee_member, "administration": administrator,
    }  # fmt: skip
    return {name: signed_in(user) for name, user in everybody.items()}


def shown(client, session):
    return client.get(session.get_absolute_url()).context


def remark(measure, **columns) -> Remark:
    return Remark.objects.create(
        measure=measure, text="Wer zahlt?", client_id=uuid.uuid4(), **columns
    )


def test_points_have_numbers_and_a_field_stands_for_its_standing_measures(
    workshop, measure, measure_two, people
):
    tourism = workshop.fields.get(name="Tourismus")
    castle, gone = (
        Measure.objects.create(workshop=workshop, field=tourism, title=title)
        for title in ("Schloss", "Fähre")
    )
    Measure.objects.filter(pk=gone.pk).update(is_removed=True)
    session = hold(workshop, measure_two)
    AgendaItem.objects.create(session=session, field=tourism, order=2)
    AgendaItem.objects.create(session=session, field=measure.field, order=3)
    entries = shown(people["participant"], session)["entries"]
    assert [(entry.label, entry.measure) for entry in entries] == [
        ("1", measure_two),
        ("2.1", castle),
        ("3.1", measure),  # the other one of its field has a point of its own
    ]


def test_rank_and_means_are_those_of_the_ranking(workshop, measure, measure_two, ballots, people):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=2, feasibility=3)
        save_rating(ballot, measure_two, relevance=5, feasibility=4)
    session = hold(workshop, measure, measure_two)
    results = [entry.row.result for entry in shown(people["participant"], session)["entries"]]
    assert [(r.rank, r.relevance.mean, r.feasibility.mean) for r in results] == [
        (2, 2, 3),
        (1, 5, 4),
    ]


def test_open_remarks_are_counted_for_those_who_decide_only(workshop, measure, measure_two, people):
    remark(measure)
    remark(measure, is_released=True)
    remark(measure, is_closed=True)
    remark(measure, kind="remark")
    measure_two.merge_into(measure)
    remark(measure_two)
    session = hold(workshop, measure)
    found = {}
    for name, client in people.items():
        [entry] = shown(client, session)["entries"]
        found[name] = (entry.questions, entry.remarks)
    assert found == {
        "participant": (0, 0), "facilitator": (0, 0),
        "committee": (3, 1), "administration": (3, 1),
    }  # fmt: skip


def test_decisions_are_shown_as_far_as_the_person_may_know_of_them(
    workshop, measure, measure_two, people
):
    earlier = hold(workshop, measure, committee="Rat", date=date(2020, 10, 1))
    old = decide(earlier, measure, outcome="rejected")
    session = hold(workshop, measure, measure_two)
    pending = decide(session, measure, is_published=False)
    public = decide(session, measure_two)
    found = {}
    for name, client in people.items():
        page = shown(client, session)
        decisions = [(each.decision, each.earlier) for each in page["entries"]]
        found[name] = (decisions, page["pending"])
    outside = ([(None, old), (public, None)], [])
    inside = ([(pending, old), (public, None)], [pending])
    assert found == {
        "participant": outside, "facilitator": outside,
        "committee": inside, "administration": inside,
    }  # fmt: skip
    page = people["participant"].get(session.get_absolute_url()).content.decode()
    assert pending.get_absolute_url() not in page


def test_what_another_session_decided_on_a_duplicate_stands_with_the_measure(
    workshop, measure, measure_two, people
):
    """Also at the duplicate's own point, which stays; the newest one counts."""
    old = decide(hold(workshop, measure, date=date(2020, 10, 1)), measure, outcome="rejected")
    new = decide(hold(workshop, measure_two, date=date(2020, 10, 8)), measure_two)
    session = hold(workshop, measure, measure_two)
    client = people["participant"]
    assert [entry.earlier for entry in shown(client, session)["entries"]] == [old, new]
    measure_two.merge_into(measure)
    assert [entry.earlier for entry in shown(client, session)["entries"]] == [new, new]
    page = client.get(session.get_absolute_url()).content.decode()
    assert page.count(new.get_absolute_url()) == 2


def test_a_decision_on_what_has_left_the_agenda_is_still_shown(workshop, measure, people):
    tourism = workshop.fields.get(name="Tourismus")
    castle = Measure.objects.create(workshop=workshop, field=tourism, title="Schloss")
    session = hold(workshop, measure)
    AgendaItem.objects.create(session=session, field=tourism, order=2)
    decision = decide(session, castle)
    Measure.objects.filter(pk=castle.pk).update(field=measure.field)
    assert shown(people["participant"], session)["others"] == [decision]


@pytest.mark.parametrize("fate", ["removed", "merged"])
def test_what_became_of_a_measure_stands_on_the_agenda_and_it_can_be_taken_off(
    workshop, measure, measure_two, people, fate
):
    session = hold(workshop, measure_two)
    if fate == "merged":
        measure_two.merge_into(measure)
    else:
        Measure.objects.filter(pk=measure_two.pk).update(is_removed=True)
    [entry] = shown(people["administration"], session)["entries"]
    assert (entry.measure, entry.row) == (measure_two, None)
    page = people["administration"].get(session.get_absolute_url()).content.decode()
    assert (f'<a href="{measure.get_absolute_url()}">M1 WLAN</a>' in page) == (fate == "merged")
    people["administration"].post(
        reverse("measures:agenda-remove", args=[workshop.pk, session.items.get().pk])
    )
    assert not session.items.exists()


def test_undecided_points_lead_those_who_may_decide_to_the_form(
    workshop, measure, measure_two, people
):
    session = hold(workshop, measure, measure_two)
    decide(session, measure, is_published=False)
    targets = [
        reverse("measures:decision-add", args=[workshop.pk, session.pk, each.number])
        for each in (measure, measure_two)
    ]
    found = {
        name: [each in client.get(session.get_absolute_url()).content.decode() for each in targets]
        for name, client in people.items()
    }
    assert found == {
        "participant": [False, False], "facilitator": [False, False],
        "committee": [False, True], "administration": [False, True],
    }  # fmt: skip


def test_it_is_told_when_results_come_from_several_rounds(
    workshop, measure, measure_two, ballots, people, at
):
    session, client = hold(workshop, measure), in_english(people["participant"])
    told = "The results come from several rounds of rating."
    voters = ballots(3)
    for ballot in voters:
        save_rating(ballot, measure, relevance=5, feasibility=4)
        save_rating(ballot, measure_two, relevance=5, feasibility=4)
    assert told not in client.get(session.get_absolute_url()).content.decode()
    at("rating")
    for ballot in voters:
        save_rating(ballot, measure_two, relevance=2, feasibility=2)
    assert told not in client.get(session.get_absolute_url()).content.decode()
    at("deliberating")
    assert told in client.get(session.get_absolute_url()).content.decode()


def test_the_administration_alone_is_offered_what_it_may_do(workshop, measure, people):
    session = hold(workshop, measure)
    decide(session, measure, is_published=False)
    actions = ("agenda-add", "agenda-fill", "session-edit", "session-publish")
    urls = [reverse(f"measures:{name}", args=[workshop.pk, session.pk]) for name in actions]
    found = {
        name: [url in client.get(session.get_absolute_url()).content.decode() for url in urls]
        for name, client in people.items()
    }
    assert found == {
        "participant": [False] * 4, "facilitator": [False] * 4,
        "committee": [False] * 4, "administration": [True] * 4,
    }  # fmt: skip


def test_an_unrated_workshop_says_that_there_is_no_ranking_to_take_from(workshop, measure, people):
    session = hold(workshop)
    response = people["administration"].get(session.get_absolute_url())
    assert (response.context["ranked"], response.context["disputed"]) == (0, 0)
    assert 'name="by"' not in response.content.decode()


def test_a_workshop_without_a_measure_offers_none(workshop, people):
    session = hold(workshop)
    context = people["administration"].get(session.get_absolute_url()).context
    assert (list(context["offered"]), context["fields"]) == ([], [])


def test_what_is_on_the_agenda_is_not_offered_again(workshop, measure, measure_two, people):
    session = hold(workshop, measure)
    tourism = workshop.fields.get(name="Tourismus")
    Measure.objects.create(workshop=workshop, field=tourism, title="Schloss")
    AgendaItem.objects.create(session=session, field=tourism)
    context = people["administration"].get(session.get_absolute_url()).context
    assert (context["offered"], context["fields"]) == ([measure_two], [measure.field])


def test_the_page_takes_the_same_queries_for_one_point_and_for_many(
    workshop, measure, ballots, people, django_assert_num_queries
):
    session = hold(workshop, measure)
    AgendaItem.objects.create(session=session, field=workshop.fields.get(name="Tourismus"))
    decide(session, measure)
    remark(measure)
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=4)
    url = session.get_absolute_url()
    for name, number in (("participant", 17), ("administration", 24)):
        with django_assert_num_queries(number):
            people[name].get(url)
    for title in ("Bus", "Bahn", "Fähre"):
        field = workshop.fields.create(name=title, order=9)
        extra = Measure.objects.create(workshop=workshop, field=field, title=title)
        Measure.objects.create(workshop=workshop, field=field, title=f"{title} und Rad")
        AgendaItem.objects.create(session=session, field=field, order=9)
        decide(session, extra)
        remark(extra)
        for ballot in ballots(3):
            save_rating(ballot, extra, relevance=3, feasibility=3)
    for name, number in (("participant", 17), ("administration", 24)):
        with django_assert_num_queries(number):
            people[name].get(url)


def test_on_paper_it_says_to_whom_may_know_how_many_decisions_are_left_out(
    workshop, measure, measure_two, people
):
    session = hold(workshop, measure, measure_two)
    decide(session, measure)
    pages = {name: in_english(client) for name, client in people.items()}
    sentence = "1 decision of this session is not published yet and not printed here."

    def told() -> set[str]:
        found = {name: c.get(session.get_absolute_url()).text for name, c in pages.items()}
        return {name for name, text in found.items() if sentence in text}

    assert told() == set()
    decide(session, measure_two, is_published=False)
    assert told() == {"committee", "administration"}


# "In another session" ----------------------------------------------------------------------------


def elsewhere(client, workshop, session, measure) -> list[int]:
    """Count how often the agenda and the point's own page say "in another session"."""
    item = reverse("measures:agenda-item", args=[workshop.pk, session.pk, measure.number])
    pages = (session.get_absolute_url(), item)
    return [client.get(page).content.decode().count("In another session") for page in pages]


def corrected(session, measure, other):
    first = decide(session, measure, outcome="rejected")
    decide(session, measure, corrects=first)


def corrected_and_not_published_again(session, measure, other):
    first = decide(session, measure, outcome="rejected")
    decide(session, measure, corrects=first, is_published=False)


def pending_and_corrected(session, measure, other):
    first = decide(session, measure, is_published=False)
    decide(session, measure, corrects=first, outcome="rejected")


def decided_before_the_point_was_added_anew(session, measure, other):
    session.items.filter(measure=measure).delete()
    decide(session, measure)
    AgendaItem.objects.create(session=session, measure=measure, order=9)


def named_itself_and_by_its_field(session, measure, other):
    decide(session, measure)
    AgendaItem.objects.create(session=session, field=measure.field, order=9)


def decided_as_what_was_merged_since(session, measure, other):
    decide(session, other)
    other.merge_into(measure)


def decided_and_the_session_moved(session, measure, other):
    decide(session, measure)
    type(session).objects.filter(pk=session.pk).update(date=date(2020, 12, 1), committee="Rat")


@pytest.mark.parametrize(
    "happens",
    [
        corrected, corrected_and_not_published_again, pending_and_corrected,
        decided_before_the_point_was_added_anew, named_itself_and_by_its_field,
        decided_as_what_was_merged_since, decided_and_the_session_moved,
    ],
)  # fmt: skip
def test_what_this_session_decided_is_never_listed_as_another_sessions(
    workshop, measure, measure_two, people, happens
):
    session = hold(workshop, measure, measure_two)
    happens(session, measure, measure_two)
    for name in ("participant", "committee"):
        client = in_english(people[name])
        assert elsewhere(client, workshop, session, measure) == [0, 0]


def test_another_session_of_the_same_day_and_name_is_one_click_away(workshop, measure, people):
    twin, session = hold(workshop, measure), hold(workshop, measure)
    decide(twin, measure)
    client = in_english(people["participant"])
    assert elsewhere(client, workshop, session, measure) == [1, 1]
    assert elsewhere(client, workshop, twin, measure) == [0, 0]
    link = f'<a href="{twin.get_absolute_url()}">In another session:</a>'
    assert client.get(session.get_absolute_url()).content.decode().count(link) == 1
