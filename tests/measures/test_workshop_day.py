"""The day of a workshop: where it stands, and what each person may do next."""

import pytest
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.models import Measure
from tests.rating import count_paper, save_rating
from workshops.models import Participant, PhaseChange
from workshops.phases import Phase


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:workshop-day", args=[workshop.pk])


def steps(response) -> list[tuple[str, str]]:
    return [(step["state"], step["url"]) for step in response.context["steps"]]


def test_each_phase_marks_what_is_done_what_is_on_and_what_comes(
    workshop, facilitator, signed_in, url, at
):
    client = signed_in(facilitator)
    expected = {
        Phase.PREPARING: ["current", "todo", "todo", "todo", "todo"],
        Phase.COLLECTING: ["done", "current", "todo", "todo", "todo"],
        Phase.RATING: ["done", "done", "current", "todo", "todo"],
        Phase.DELIBERATING: ["done", "done", "done", "current", "todo"],
        Phase.CLOSED: ["done", "done", "done", "done", "current"],
    }
    for phase, states in expected.items():
        at(phase)
        response = client.get(url)
        assert [state for state, _url in steps(response)] == states
        buttons = (response.context["phase_before"], response.context["phase_after"])
        order = [None, *Phase, None]
        here = order.index(phase)
        assert buttons == (order[here - 1], order[here + 1])


def test_every_step_leads_only_where_this_person_may_go(
    workshop, url, at, signed_in, facilitator, administrator, participant, committee_member
):
    people = (facilitator, administrator, participant, committee_member)
    clients = [signed_in(person) for person in people]
    for phase in Phase:
        at(phase)
        for client in clients:
            response = client.get(url)
            links = [link for _state, link in steps(response) if link]
            links.append(response.context["next_url"])
            assert {client.get(link).status_code for link in links} == {200}


def test_a_participant_is_led_to_the_ballot_and_the_facilitator_to_the_paper(
    workshop, url, at, signed_in, facilitator, participant
):
    at(Phase.RATING)
    found = [steps(signed_in(person).get(url))[2][1] for person in (participant, facilitator)]
    routes = ("measures:rate-start", "measures:entry-list")
    assert found == [reverse(route, args=[workshop.pk]) for route in routes]


def test_facilitator_and_administration_see_the_button_that_moves_the_phase(
    workshop, url, signed_in, facilitator, administrator, participant, committee_member
):
    button = reverse("measures:phase-move", args=[workshop.pk]).encode()
    people = (facilitator, administrator, participant, committee_member)
    found = [button in signed_in(person).get(url).content for person in people]
    assert found == [True, True, False, False]


def test_the_progress_counts_what_stands(
    workshop, url, signed_in, facilitator, participant, measure, measure_two, ballots
):
    left_out = workshop.fields.get(name="Tourismus")
    Measure.objects.create(workshop=workshop, field=left_out, title="Schloss")
    ActionField.objects.filter(pk=left_out.pk).update(is_worked_on=False)
    Measure.objects.create(workshop=workshop, field=measure.field, title="weg", is_removed=True)
    Goal.objects.create(field=measure.field, text="weg", is_removed=True)
    for number in range(5):
        Participant.objects.create(workshop=workshop, name=f"Gast {number}")
    first, second, third, fourth = ballots(4)
    for ballot in (first, second, third):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    save_rating(fourth, measure, relevance=None, feasibility=None)
    for ballot in (first, second):  # too few for a result, whatever is counted on paper
        save_rating(ballot, measure_two, relevance=4, feasibility=2)
    count_paper(measure=measure_two, criterion="relevance", step=1, count=2)
    assert signed_in(facilitator).get(url).context["counts"] == {
        "fields": 2,
        "fields_worked_on": 1,
        "goals": 1,
        "measures": 3,
        "offered": 2,
        "rated": 1,
        "ratings": 6,
        "participants": 6,
        "share_rated": 50,
    }


def test_the_fields_stand_in_their_order(workshop, url, signed_in, facilitator, field):
    fields = signed_in(facilitator).get(url).context["fields"]
    assert [each.name for each in fields] == ["Alltagsleben", "Tourismus"]


def test_a_municipality_that_takes_part_in_two_workshops_is_named_once(
    workshop, other_workshop, url, signed_in, facilitator
):
    bingen = workshop.municipalities.get()
    other_workshop.municipalities.add(bingen, through_defaults={"seat": 2})
    municipalities = signed_in(facilitator).get(url).context["municipalities"]
    assert list(municipalities) == [bingen]


def test_the_log_of_the_phases_names_who_and_when(workshop, url, signed_in, facilitator):
    PhaseChange.objects.create(
        workshop=workshop, before="preparing", after="collecting", by=facilitator
    )
    [change] = signed_in(facilitator).get(url).context["phase_changes"]
    assert (change.before, change.after, change.by) == ("preparing", "collecting", facilitator)


@pytest.mark.parametrize(
    ("phase", "queries"),
    [("preparing", 16), ("collecting", 19), ("rating", 19), ("deliberating", 22), ("closed", 20)],
)
def test_the_page_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, url, signed_in, facilitator, participant, measure, ballots, at, phase, queries,
    django_assert_num_queries,
):  # fmt: skip
    at(phase)
    client, voters = signed_in(facilitator), ballots(3)

    def rate(each: Measure) -> None:
        if phase not in ("preparing", "collecting"):
            for ballot in voters:
                save_rating(ballot, each, relevance=4, feasibility=2)

    rate(measure)
    with django_assert_num_queries(queries):
        client.get(url)
    for name in ("Eins", "Zwei"):
        extra = ActionField.objects.create(workshop=workshop, name=name)
        rate(Measure.objects.create(workshop=workshop, field=extra, title=name))
        PhaseChange.objects.create(
            workshop=workshop, before="preparing", after="collecting", by=facilitator
        )
    with django_assert_num_queries(queries):
        client.get(url)


def test_where_nothing_could_be_rated_there_is_no_percentage(
    workshop, facilitator, signed_in, url, at
):
    at("rating")
    html = signed_in(facilitator).get(url).content.decode()
    label = html.index("Abgegebene Bewertungen")
    value = html[label:].partition('class="stat__value">')[2].partition("</li>")[0]
    assert ("–" in value, "%" in value) == (True, False)
