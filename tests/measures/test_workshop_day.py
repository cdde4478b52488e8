"""The day of a workshop: where it stands, and what each person may do next."""

import re
from html import unescape

import pytest
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.models import Measure
from tests.deciding import in_english
from tests.markup import before_outbox
from tests.rating import SHOWING, count_paper, save_rating
from workshops.models import Participant, PhaseChange, Workshop
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
            links += [action.url for action in response.context["actions"] if not action.to]
            assert {client.get(link).status_code for link in links} == {200}


def buttons(response) -> list[str]:
    """Return the labels of the buttons in their order, the primary one with a star."""
    found = re.findall(
        r'kern-btn--(primary|secondary|tertiary)"[^>]*>\s*<span class="kern-label">(.*?)</span>',
        before_outbox(response),
    )
    return [f"{'* ' if kind == 'primary' else ''}{unescape(label)}" for kind, label in found]


LEADING = {
    Phase.PREPARING: ["* Start collecting", "Choose the action fields"],
    Phase.COLLECTING: ["* Start rating", "Collect goals and measures", "Back to: Preparation"],
    Phase.RATING: ["* Close the rating", "Paper and agreed values", "Back to: Collection"],
    Phase.DELIBERATING: ["* Show results", "Close the workshop", "Back to: Rating"],
    Phase.CLOSED: ["* Show results", "Back to: Deliberation"],
}


def test_in_every_phase_one_button_says_what_comes_next_and_going_back_comes_last(
    workshop, measure, facilitator, administrator, signed_in, url, at
):
    lead, office = in_english(signed_in(facilitator)), in_english(signed_in(administrator))
    seen, seen_by_office = {}, {}
    for phase in Phase:
        at(phase) if phase not in SHOWING else close(workshop, phase)
        seen[phase] = buttons(lead.get(url))
        seen_by_office[phase] = buttons(office.get(url))
    assert seen == LEADING
    # Only a facilitator enters paper and shows results.
    assert seen_by_office == LEADING | {
        Phase.RATING: ["* Close the rating", "Back to: Collection"],
        Phase.DELIBERATING: ["* See the measures", "Close the workshop", "Back to: Rating"],
        Phase.CLOSED: ["* See the measures", "Back to: Deliberation"],
    }


def close(workshop: Workshop, phase: str) -> None:
    """End the rating without showing anything."""
    workshop.rounds.update(state="closed")
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)


def test_once_results_are_shown_they_come_first_and_a_further_round_last(
    workshop, measure, facilitator, signed_in, url, at
):
    client = in_english(signed_in(facilitator))
    at(Phase.RATING)
    at(Phase.DELIBERATING)
    further = "Open a further round of rating"
    look = ["* Look at matrix and ranking", "Close the workshop", further]
    assert buttons(client.get(url)) == look
    workshop.rounds.update(state="set_aside", reason="Probe", smallest_room=None)
    assert buttons(client.get(url)) == [f"* {further}", "Close the workshop"]
    at(Phase.COLLECTING)
    first, *_rest = buttons(client.get(url))
    assert first == f"* {further}"


def test_with_nothing_to_do_yet_the_first_thing_to_do_is_the_primary_one(
    workshop, field, facilitator, signed_in, url, at
):
    client = in_english(signed_in(facilitator))
    at(Phase.COLLECTING)
    assert buttons(client.get(url))[:2] == ["* Collect goals and measures", "Start rating"]
    workshop.fields.update(is_worked_on=False)
    at(Phase.PREPARING)
    assert buttons(client.get(url)) == ["* Choose the action fields", "Start collecting"]


def test_participants_and_committee_have_one_button_in_every_phase(
    workshop, measure, participant, committee_member, signed_in, url, at
):
    voter, member = in_english(signed_in(participant)), in_english(signed_in(committee_member))
    seen = {}
    for phase in Phase:
        at(phase)
        seen[phase] = buttons(voter.get(url)), buttons(member.get(url))
    measures, results = ["* See the measures"], ["* Look at matrix and ranking"]
    assert seen == {
        Phase.PREPARING: (measures, measures),
        Phase.COLLECTING: (measures, measures),
        Phase.RATING: (["* Rate the measures"], measures),
        Phase.DELIBERATING: (results, results),
        Phase.CLOSED: (results, results),
    }


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
    [("preparing", 18), ("collecting", 18), ("rating", 21), ("deliberating", 23), ("closed", 23)],
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
