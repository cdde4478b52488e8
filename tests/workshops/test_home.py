"""The start page: my workshops and what comes next in each."""

import re
from datetime import date

import pytest
from django.urls import reverse

from workshops.models import Membership, Participant, Role, Workshop
from workshops.phases import Phase

HOME = reverse("home")


def listed(response) -> list[Workshop]:
    return [visit.workshop for visit, _next_step in response.context["visits"]]


def templates(response) -> list[str]:
    return [template.name for template in response.templates]


def test_who_is_not_signed_in_reads_what_this_is(client, workshop):
    response = client.get(HOME)
    assert templates(response)[0] == "workshops/welcome.html"
    assert workshop.title not in response.content.decode()


def test_everybody_finds_exactly_their_own_workshops(
    workshop, other_workshop, signed_in, facilitator, participant, committee_member, stranger
):
    for person in (facilitator, participant, committee_member):
        assert listed(signed_in(person).get(HOME)) == [workshop]
    assert listed(signed_in(stranger).get(HOME)) == [other_workshop]


def test_a_person_with_two_roles_finds_the_workshop_once(workshop, facilitator, signed_in):
    Membership.objects.create(workshop=workshop, user=facilitator, role=Role.COMMITTEE)
    Participant.objects.create(workshop=workshop, user=facilitator, name="Mona")
    assert listed(signed_in(facilitator).get(HOME)) == [workshop]


def test_the_newest_workshop_comes_first(workshop, facilitator, signed_in):
    later = Workshop.objects.create(title="Zweite Runde", date=date(2021, 3, 1))
    Membership.objects.create(workshop=later, user=facilitator, role=Role.FACILITATOR)
    assert listed(signed_in(facilitator).get(HOME)) == [later, workshop]


NEXT = {
    Phase.PREPARING: ("fields:field-list", "measures:workshop-day", "measures:workshop-day"),
    Phase.COLLECTING: ("measures:measure-list", "measures:workshop-day", "measures:workshop-day"),
    Phase.RATING: ("measures:workshop-day", "measures:rate-start", "measures:workshop-day"),
    Phase.DELIBERATING: ("measures:dashboard", "measures:dashboard", "measures:dashboard"),
    Phase.CLOSED: ("measures:dashboard", "measures:dashboard", "measures:dashboard"),
}


@pytest.mark.parametrize("phase", Phase)
def test_the_next_step_leads_each_person_to_a_page_that_opens(
    phase, workshop, measure, at, signed_in, facilitator, participant, committee_member
):
    at(Phase.RATING)
    at(phase)
    for person, route in zip(
        (facilitator, participant, committee_member), NEXT[phase], strict=True
    ):
        client = signed_in(person)
        page = client.get(HOME)
        [(_visit, step)] = page.context["visits"]
        url = reverse(route, args=[workshop.pk])
        buttons = re.findall(r'kern-btn--primary"\s+href="([^"]+)"', page.content.decode())
        assert (step.route, buttons) == (route, [url])
        assert client.get(url).status_code == 200


def test_until_results_are_shown_the_next_step_leads_to_the_day_that_says_so(
    workshop, measure, at, signed_in, facilitator, committee_member
):
    at(Phase.RATING)
    workshop.rounds.update(state="closed")
    Workshop.objects.update(phase=Phase.DELIBERATING)
    for person in (facilitator, committee_member):
        [(_visit, step)] = signed_in(person).get(HOME).context["visits"]
        assert step.route == "measures:workshop-day"


def test_only_who_may_create_workshops_is_offered_to(stranger, signed_in, settings):
    client, link = signed_in(stranger), reverse("fields:workshop-create").encode()
    first = client.get(HOME)
    settings.SIGNUP_OPEN = True
    second = client.get(HOME)
    assert (first.context["may_create"], link in first.content) == (False, False)
    assert (second.context["may_create"], link in second.content) == (True, True)


def test_the_list_takes_the_same_queries_for_one_workshop_and_for_three(
    workshop, other_workshop, facilitator, signed_in, django_assert_num_queries
):
    client = signed_in(facilitator)
    with django_assert_num_queries(7):
        client.get(HOME)
    for title in ("Zweite", "Dritte"):
        extra = Workshop.objects.create(title=title, date=date(2022, 1, 1))
        Membership.objects.create(workshop=extra, user=facilitator, role=Role.FACILITATOR)
        extra.municipalities.set(workshop.municipalities.all(), through_defaults={"seat": 1})
    with django_assert_num_queries(7):
        assert len(listed(client.get(HOME))) == 3
