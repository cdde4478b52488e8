"""The start page: my workshops and what comes next in each, as its day says."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tests.rating import SHOWING
from workshops.models import Membership, Participant, Role, Workshop
from workshops.phases import Phase

HOME = reverse("home")


def listed(response) -> list[Workshop]:
    return [visit.workshop for visit, _action in response.context["visits"]]


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


PRIMARY = re.compile(
    r'kern-btn--primary"(?:\s+href="(?P<url>[^"]+)"|\s+[^>]*value="(?P<to>\w+)"[^>]*)[^>]*>'
    r'\s*<span class="kern-label">\s*(?P<label>[^<]+?)\s*<'
)


def primary(response) -> tuple[str | None, str | None, str]:
    """Return where the one primary button of a page leads, what it moves to, and its words."""
    [found] = PRIMARY.finditer(response.content.decode())
    return found["url"], found["to"], found["label"]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("is_shown", [True, False])
def test_the_button_of_a_workshop_is_the_primary_one_of_its_day_and_leads_somewhere(
    phase, is_shown, workshop, measure, at, signed_in, facilitator, administrator, participant,
    committee_member,
):  # fmt: skip
    at(Phase.RATING)
    at(phase)
    if not is_shown and phase in SHOWING:
        workshop.rounds.update(state="closed", smallest_room=None)
    for person in (facilitator, administrator, participant, committee_member):
        client = signed_in(person)
        button = primary(client.get(HOME))
        assert button == primary(client.get(workshop.get_absolute_url()))
        url, to, _label = button
        assert (url is None) == (to is not None)
        if url:
            assert client.get(url).status_code == 200


def test_collecting_starts_from_the_list_of_workshops(workshop, field, facilitator, signed_in, at):
    at(Phase.PREPARING)
    client = signed_in(facilitator)
    assert primary(client.get(HOME)) == (None, "collecting", "Sammlung starten")
    move = reverse("measures:phase-move", args=[workshop.pk])
    sent = client.post(move, {"from": "preparing", "to": "collecting"})
    assert sent["Location"] == workshop.get_absolute_url()
    assert primary(client.get(HOME)) == (
        reverse("measures:measure-list", args=[workshop.pk]), None, "Ziele und Maßnahmen sammeln",
    )  # fmt: skip


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
    with django_assert_num_queries(9):
        client.get(HOME)
    for title in ("Zweite", "Dritte"):
        extra = Workshop.objects.create(title=title, date=date(2022, 1, 1), phase="deliberating")
        extra.rounds.create(number=1, state="shown", smallest_room=3)
        Membership.objects.create(workshop=extra, user=facilitator, role=Role.FACILITATOR)
        extra.municipalities.set(workshop.municipalities.all(), through_defaults={"seat": 1})
    with django_assert_num_queries(9):
        assert len(listed(client.get(HOME))) == 3
