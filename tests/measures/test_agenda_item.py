"""One point of the agenda as the room sees it."""

import uuid

import pytest
from django.urls import reverse

from measures.committee.agenda import AgendaEntry
from measures.committee.item import mean_share
from measures.models import AgendaItem, Measure, Remark
from tests.deciding import decide, hold, in_english
from tests.markup import compact
from tests.rating import count_paper, save_rating
from tests.test_bad_input import ESCAPED, NASTY


@pytest.fixture
def people(at, signed_in, participant, facilitator, committee_member, administrator) -> dict:
    at("deliberating")
    everybody = {
        "participant": participant, "facilitator": facilitator,
        "committee": committee_member, "administration": administrator,
    }  # fmt: skip
    return {name: signed_in(user) for name, user in everybody.items()}


def url(session, measure) -> str:
    return reverse("measures:agenda-item", args=[session.workshop_id, session.pk, measure.number])


def shown(client, session, measure):
    return client.get(url(session, measure)).context


def test_the_neighbours_on_the_agenda_are_one_step_away(workshop, measure, measure_two, people):
    tourism = workshop.fields.get(name="Tourismus")
    castle = Measure.objects.create(workshop=workshop, field=tourism, title="Schloss")
    session = hold(workshop, measure_two)
    AgendaItem.objects.create(session=session, field=tourism, order=2)
    AgendaItem.objects.create(session=session, measure=measure, order=3)
    found = [shown(people["participant"], session, each) for each in (measure_two, castle, measure)]
    assert [(each["label"], each["before"], each["after"]) for each in found] == [
        ("1", None, castle),
        ("2.1", measure_two, measure),
        ("3", castle, None),
    ]


def test_the_room_sees_what_was_decided_on_a_duplicate(workshop, measure, measure_two, people):
    session = hold(workshop, measure)
    earlier = decide(hold(workshop, measure_two), measure_two, outcome="rejected")
    pending = decide(hold(workshop, measure_two), measure_two, is_published=False)
    measure_two.merge_into(measure)
    found = {name: shown(client, session, measure)["decisions"] for name, client in people.items()}
    outside, inside = [earlier], [pending, earlier]
    assert found == {
        "participant": outside, "facilitator": outside,
        "committee": inside, "administration": inside,
    }  # fmt: skip


def test_a_measure_that_is_not_on_the_agenda_is_not_found(workshop, measure, measure_two, people):
    session = hold(workshop, measure)
    assert people["committee"].get(url(session, measure_two)).status_code == 404


def test_the_room_sees_text_figures_and_place(workshop, measure, measure_two, ballots, people):
    Measure.objects.filter(pk=measure.pk).update(description="Am Bahnhof zuerst.")
    for ballot, (relevance, feasibility) in zip(
        ballots(5), [(5, 4), (4, 4), (3, 1), (4, 4), (4, 4)], strict=True
    ):
        save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)
        save_rating(ballot, measure_two, relevance=4, feasibility=4)
    session = hold(workshop, measure)
    response = in_english(people["participant"]).get(url(session, measure))
    rated, sure = response.context["rated"], response.context["sure"]
    assert (rated.row.result.rank, rated.ranked, rated.quadrant) == (
        2, 2, "Start soon",
    )  # fmt: skip
    result = rated.row.result
    told = [(each.mean, each.median, each.n) for each in (result.relevance, result.feasibility)]
    assert told == [(4.0, 4.0, 5), (3.4, 4.0, 5)]
    assert (sure.low, sure.high) == (1, 2)
    page = compact(response)
    for text in ("Am Bahnhof zuerst.", "Alle kommen ins Netz", "Alltagsleben", "Rank range 1–2"):
        assert text in page


def test_its_place_is_drawn_where_its_values_are_and_all_others_are_dots(
    workshop, measure, measure_two, ballots, people
):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
        save_rating(ballot, measure_two, relevance=5, feasibility=1)
    place = shown(people["participant"], hold(workshop, measure), measure)["place"]
    # 746 x 542 pixels for 1 to 5 and a fifth of a step beyond; both scales' middle is the frame's.
    assert '<g class="mark mark--best series-1" transform="translate(433.0 261.0)">' in place
    assert '<path class="place__others" d="M94 60h0"/>' in place
    assert "<a " not in place


def test_below_the_smallest_group_nothing_is_said_about_the_range(
    workshop, measure, ballots, people
):
    for ballot in ballots(2):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    session = hold(workshop, measure)
    assert shown(people["participant"], session, measure)["sure"] is None
    for step in (2, 5):
        for criterion in ("relevance", "feasibility"):
            count_paper(measure=measure, criterion=criterion, step=step, count=2)
    assert shown(people["participant"], session, measure)["sure"] is None
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    assert shown(people["participant"], session, measure)["sure"].low == 1


def test_sheets_alone_say_something_about_the_range(workshop, measure, people):
    for step in (2, 5):
        for criterion in ("relevance", "feasibility"):
            count_paper(measure=measure, criterion=criterion, step=step, count=3)
    assert shown(people["participant"], hold(workshop, measure), measure)["sure"].low == 1


def test_without_ratings_there_is_neither_place_nor_rank(workshop, measure, people):
    session = hold(workshop, measure)
    response = in_english(people["participant"]).get(url(session, measure))
    page = response.context
    assert (page["place"], page["sure"], page["rated"].row.result.rank) == ("", None, None)
    assert "Not enough ratings for a place in the ranking." in response.content.decode()


def test_groups_appear_only_where_they_may_be_shown(workshop, measure, ballots, people):
    session = hold(workshop, measure)
    for ballot in [*ballots(5, "Rat"), *ballots(1, "Verwaltung")]:
        save_rating(ballot, measure, relevance=5, feasibility=2)
    page = shown(people["administration"], session, measure)
    assert (page["rated"].by_group, page["reasons"], page["rated"].hidden_groups) == ({}, [], True)
    for ballot in ballots(4, "Verwaltung"):
        save_rating(ballot, measure, relevance=2, feasibility=3)
    page = shown(people["participant"], session, measure)
    groups = page["rated"].by_group
    told = [(group.name, g.n, g.relevance.mean, g.feasibility.mean) for group, g in groups.items()]
    assert told == [("Rat", 5, 5.0, 2.0), ("Verwaltung", 5, 2.6, 2.8)]
    # Of four steps from 1 to 5: how far up the mean lies.
    assert [(mean_share(g.relevance), mean_share(g.feasibility)) for g in groups.values()] == [
        (100, 25),
        (40, 45),
    ]
    assert page["reasons"][0] == "„Rat“ bewertet die Relevanz mit 5,00, „Verwaltung“ mit 2,60."


def test_remarks_are_folded_away_and_only_for_those_who_may_know_of_them(workshop, measure, people):
    for is_released in (False, True):
        Remark.objects.create(
            measure=measure, text="Wer zahlt?", client_id=uuid.uuid4(), is_released=is_released
        )
    session = hold(workshop, measure)
    found = {}
    for name, client in people.items():
        response = client.get(url(session, measure))
        form = response.context["remark_form"]
        found[name] = (len(response.context["remarks"]), form is not None)
        assert '<details class="quiet item__remarks no-print">' in response.content.decode()
    assert found == {
        "participant": (1, False), "facilitator": (1, False),
        "committee": (2, True), "administration": (2, True),
    }  # fmt: skip


def test_decisions_are_shown_as_far_as_the_person_may_know_of_them(workshop, measure, people):
    earlier = decide(hold(workshop, measure, committee="Rat"), measure)
    session = hold(workshop, measure)
    pending = decide(session, measure, is_published=False)
    found = {name: shown(client, session, measure)["decisions"] for name, client in people.items()}
    assert found == {
        "participant": [earlier], "facilitator": [earlier],
        "committee": [pending, earlier], "administration": [pending, earlier],
    }  # fmt: skip


def test_who_may_decide_is_led_to_it(workshop, measure, people):
    session = hold(workshop, measure)
    target = reverse("measures:decision-add", args=[workshop.pk, session.pk, measure.number])
    assert {
        name: target in client.get(url(session, measure)).content.decode()
        for name, client in people.items()
    } == {"participant": False, "facilitator": False, "committee": True, "administration": True}


def test_what_is_decided_can_be_corrected_and_the_next_undecided_point_is_one_step_away(
    workshop, measure, measure_two, people
):
    session = hold(workshop, measure, measure_two)
    first = decide(session, measure, is_published=False)
    council = in_english(people["committee"])
    page = council.get(url(session, measure)).content.decode()
    for text in ("point 1 of 2", "Go on: point 2", "Next point: M2 Bus"):
        assert text in page
    add, correct = (
        reverse("measures:decision-add", args=[workshop.pk, session.pk, measure.number]),
        reverse("measures:decision-correct", args=[workshop.pk, first.pk]),
    )
    assert (add in page, correct in page) == (False, True)
    assert shown(council, session, measure_two)["undecided"] is None
    assert shown(people["participant"], session, measure)["undecided"] is None
    decide(session, measure_two)
    page = council.get(url(session, measure)).content.decode()
    assert "Every point is decided: back to the session" in page


def test_behind_the_last_point_the_first_undecided_one_follows(
    workshop, measure, measure_two, people
):
    session = hold(workshop, measure, measure_two)
    decide(session, measure_two)
    assert shown(people["committee"], session, measure_two)["undecided"] == AgendaEntry(
        measure, "1"
    )
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    assert shown(people["committee"], session, measure_two)["undecided"] is None


@pytest.mark.parametrize("fate", ["removed", "merged"])
def test_a_measure_that_stands_no_more_says_what_became_of_it(
    workshop, measure, measure_two, people, fate
):
    session = hold(workshop, measure_two, measure)
    if fate == "merged":
        measure_two.merge_into(measure)
        sentence = "This measure was merged after it had been put on the agenda. It is now part of"
    else:
        Measure.objects.filter(pk=measure_two.pk).update(is_removed=True)
        sentence = "This measure was removed after it had been put on the agenda."
    response = in_english(people["participant"]).get(url(session, measure_two))
    page = response.context
    assert (response.status_code, page["rated"], page["after"]) == (200, None, measure)
    assert sentence in response.content.decode()


def test_scripts_in_every_text_are_shown_as_text(workshop, measure, ballots, people):
    session = hold(workshop, measure, committee=NASTY, place=NASTY)
    workshop.groups.filter(name="Rat").update(name=NASTY)
    Measure.objects.filter(pk=measure.pk).update(title=NASTY, description=NASTY)
    workshop.fields.filter(pk=measure.field_id).update(name=NASTY)
    Remark.objects.create(measure=measure, text=NASTY, answer=NASTY, client_id=uuid.uuid4(),
                          answered_at="2020-10-22T00:00Z")  # fmt: skip
    for ballot in ballots(5, NASTY):
        save_rating(ballot, measure, relevance=4, feasibility=4)
    for address in (
        url(session, measure),
        session.get_absolute_url(),
        reverse("measures:session-list", args=[workshop.pk]),
        reverse("measures:session-edit", args=[workshop.pk, session.pk]),
        measure.get_absolute_url(),
        reverse("measures:remark-answer", args=[workshop.pk, Remark.objects.get().pk]),
    ):
        page = people["administration"].get(address).content.decode()
        assert (address, ESCAPED in page) == (address, True)
        for attack in ("<script>alert", "<img src=x", "'><img", ">14<"):
            assert (address, attack, attack in page) == (address, attack, False)


def test_the_page_takes_the_same_queries_for_one_point_and_for_many(
    workshop, measure, ballots, people, django_assert_num_queries
):
    session = hold(workshop, measure)
    AgendaItem.objects.create(session=session, field=workshop.fields.get(name="Tourismus"))
    decide(session, measure)
    Remark.objects.create(measure=measure, text="Wer zahlt?", client_id=uuid.uuid4())
    for ballot in ballots(5, "Rat"):
        save_rating(ballot, measure, relevance=5, feasibility=4)
    with django_assert_num_queries(37):
        people["committee"].get(url(session, measure))
    for title in ("Bus", "Bahn", "Fähre"):
        field = workshop.fields.create(name=title, order=9)
        extra = Measure.objects.create(workshop=workshop, field=field, title=title)
        AgendaItem.objects.create(session=session, field=field, order=9)
        decide(session, extra)
        Remark.objects.create(measure=measure, text=title, client_id=uuid.uuid4())
        for ballot in ballots(5, "Verwaltung"):
            save_rating(ballot, extra, relevance=3, feasibility=3)
            save_rating(ballot, measure, relevance=3, feasibility=3)
    with django_assert_num_queries(37):
        people["committee"].get(url(session, measure))
