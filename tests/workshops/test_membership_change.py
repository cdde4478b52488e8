"""A role changes in one step, by the rules of taking the one and giving the other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse

from tests.deciding import in_english
from workshops import access
from workshops.models import Membership, Role, User, Workshop

FAC, COM, ADM = Role.FACILITATOR, Role.COMMITTEE, Role.ADMINISTRATION


@pytest.fixture
def editor(signed_in, facilitator):
    return in_english(signed_in(facilitator))


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"workshops:{name}", args=[workshop.pk, *arguments])


def change(client, row: Membership, to: str, **more):
    sent = {"seen": row.role, "role": to} | more
    return client.post(url(row.workshop, "membership-change", row.pk), sent)


def roles_of(workshop) -> set[tuple[str, str]]:
    return {*workshop.memberships.values_list("user__name", "role")}


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_role_changes_in_one_step_and_its_history_tells_who_did_it(
    workshop, editor, facilitator, committee_member
):
    row = workshop.memberships.get(role=COM)
    response = change(editor, row, FAC)
    back = f"{url(workshop, 'people')}#membership-{row.pk}"
    assert (response.status_code, response["Location"]) == (302, back)
    assert told(response) == ["Greta has another role now: Facilitator."]
    assert roles_of(workshop) == {("Mona", FAC), ("Greta", FAC)}
    assert [(h.history_type, h.role, h.history_user) for h in row.history.all()] == [
        ("~", FAC, facilitator), ("+", COM, None),
    ]  # fmt: skip


def test_who_takes_part_goes_on_taking_part(workshop, editor, participant):
    Membership.objects.create(workshop=workshop, user=participant, role=COM)
    change(editor, workshop.memberships.get(role=COM), ADM)
    assert roles_of(workshop) == {("Mona", FAC), ("Tom", ADM)}
    assert [row.user for row in workshop.participants.all()] == [participant]


def moved_by(client, workshop) -> set[tuple[str, str]]:
    """Try to change every role of somebody else into every other one."""
    found = set()
    for old in Role:
        for new in Role:
            user = User.objects.create_user(f"{old}-{new}@bingen.example")
            row = Membership.objects.create(workshop=workshop, user=user, role=old)
            change(client, row, new)
            if Membership.objects.get(pk=row.pk).role != old:
                found.add((old, new))
            user.delete()
    return found


def pairs(*between: Role) -> set[tuple[str, str]]:
    return {(old, new) for old in between for new in between if old != new}


@pytest.mark.parametrize(
    ("phase", "has_record", "by_facilitator", "by_administration"),
    [
        ("collecting", False, {FAC, COM}, {COM, ADM}),
        ("deliberating", False, {FAC}, {COM, ADM}),
        ("collecting", True, {FAC}, {COM, ADM}),
        ("deliberating", True, {FAC}, {COM, ADM}),
        ("closed", True, set(), set()),
    ],
)
def test_both_roles_must_be_ones_that_one_takes_and_gives(
    workshop, facilitator, administrator, signed_in, phase, has_record, by_facilitator,
    by_administration,
):  # fmt: skip
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    if has_record:
        workshop.rounds.create(number=1, state="shown", smallest_room=3)
    assert moved_by(signed_in(facilitator), workshop) == pairs(*by_facilitator)
    assert moved_by(signed_in(administrator), workshop) == pairs(*by_administration)


def test_nobody_else_changes_anything(
    workshop, administrator, committee_member, participant, stranger, signed_in
):
    for person, status in ((committee_member, 403), (participant, 403), (stranger, 404)):
        client = signed_in(person)
        row = workshop.memberships.get(role=COM)
        assert (person.name, change(client, row, FAC).status_code) == (person.name, status)
    assert roles_of(workshop) == {("Mona", FAC), ("Vera", ADM), ("Greta", COM)}


def test_a_refusal_says_whose_right_it_is(workshop, editor, administrator, committee_member):
    asked = [(workshop.memberships.get(role=ADM), COM), (workshop.memberships.get(role=COM), ADM)]
    bound = "Only the administration of this workshop names and removes this role."
    for row, to in asked:
        response = change(editor, row, to)
        assert (response.status_code, str(response.context["exception"])) == (403, bound)


def test_the_last_facilitator_stays(workshop, editor, facilitator):
    last = workshop.memberships.get(role=FAC)
    response = change(editor, last, COM)
    assert (response.status_code, told(response)) == (
        302, ["A workshop needs at least one facilitator."],
    )  # fmt: skip
    assert roles_of(workshop) == {("Mona", FAC)}


def test_nobody_gives_another_role_to_oneself(workshop, editor, facilitator, stranger):
    Membership.objects.create(workshop=workshop, user=stranger, role=FAC)
    response = change(editor, workshop.memberships.get(user=facilitator), COM)
    assert told(response) == ["You cannot give a role to yourself. Please ask the administration."]
    assert roles_of(workshop) == {("Mona", FAC), ("Fremd", FAC)}


@pytest.mark.parametrize("to", [FAC, COM])
def test_a_role_that_the_person_has_already_changes_nothing(workshop, editor, stranger, to):
    for role in (FAC, COM):
        Membership.objects.create(workshop=workshop, user=stranger, role=role)
    response = change(editor, workshop.memberships.get(user=stranger, role=COM), to)
    assert told(response) == ["This person has this role already."]
    assert roles_of(workshop) == {("Mona", FAC), ("Fremd", FAC), ("Fremd", COM)}


def test_a_word_that_is_no_role_is_a_bad_request(workshop, editor, committee_member):
    row = workshop.memberships.get(role=COM)
    for word in ("participant", "king", "", "a\0b"):
        assert change(editor, row, word).status_code == 400
    assert roles_of(workshop) == {("Mona", FAC), ("Greta", COM)}


# Two tabs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["membership-change", "membership-remove"])
def test_a_role_changed_in_another_tab_is_said_in_words_and_stays(
    workshop, editor, committee_member, act
):
    row = workshop.memberships.get(role=COM)
    change(editor, row, FAC)
    sent = {"seen": COM, "role": COM}
    late = editor.post(url(workshop, act, row.pk), sent)
    assert (late.status_code, late.context["moved"]) == (409, row)
    words = "Greta has the role Facilitator by now. Nothing was changed; please look once more."
    assert words in late.content.decode()
    assert roles_of(workshop) == {("Mona", FAC), ("Greta", FAC)}
    again = editor.post(url(workshop, act, row.pk), sent | {"seen": FAC})
    assert again.status_code == 302
    assert roles_of(workshop) - {("Mona", FAC)} == (
        {("Greta", COM)} if act == "membership-change" else set()
    )


def test_a_role_that_is_gone_by_now_is_said_in_words(workshop, editor, committee_member):
    row = workshop.memberships.get(role=COM)
    row_before = Membership.objects.get(pk=row.pk)
    editor.post(url(workshop, "membership-remove", row.pk), {"seen": COM})
    late = change(editor, row_before, FAC)
    assert (late.status_code, late.templates[0].name) == (404, "workshops/gone.html")
    assert roles_of(workshop) == {("Mona", FAC)}


def test_results_shown_at_this_moment_bind_the_change_that_waits(
    workshop, editor, committee_member, administrator, monkeypatch
):
    row, line_up = workshop.memberships.get(role=COM), access.line_up

    def wait(workshop_id: int) -> None:
        workshop.rounds.create(number=1, state="shown", smallest_room=3)
        line_up(workshop_id)

    monkeypatch.setattr(access, "line_up", wait)
    assert change(editor, row, FAC).status_code == 403
    assert roles_of(workshop) == {("Mona", FAC), ("Vera", ADM), ("Greta", COM)}


@pytest.mark.django_db(transaction=True)
def test_of_two_facilitators_who_change_each_other_at_the_same_moment_one_stays(
    workshop, facilitator, stranger, signed_in
):
    Membership.objects.create(workshop=workshop, user=stranger, role=FAC)
    rows = {row.user: row for row in workshop.memberships.select_related("user")}
    jobs = [(signed_in(facilitator), rows[stranger]), (signed_in(stranger), rows[facilitator])]

    def act(job) -> int:
        try:
            return change(*job, COM).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(act, jobs))
    assert codes == [302, 403]  # who came second has lost the right while waiting
    assert sorted(role for _name, role in roles_of(workshop)) == [COM, FAC]


# The page -----------------------------------------------------------------------------------------


def offers(client, workshop) -> dict[tuple[str, str], list[str]]:
    holders = client.get(url(workshop, "people")).context["memberships"]
    return {(h.membership.user.name, h.membership.role): h.offers for h in holders}


def test_the_page_offers_what_can_be_changed_and_nothing_else(
    workshop, facilitator, administrator, committee_member, signed_in
):
    Membership.objects.create(workshop=workshop, user=committee_member, role=ADM)
    lead, office = signed_in(facilitator), signed_in(administrator)
    nothing = {("Mona", FAC): [], ("Greta", COM): [], ("Greta", ADM): [], ("Vera", ADM): []}
    assert offers(lead, workshop) == nothing | {("Greta", COM): [FAC]}
    assert offers(office, workshop) == nothing
    workshop.memberships.filter(user=committee_member, role=ADM).delete()
    del nothing["Greta", ADM]
    assert offers(office, workshop) == nothing | {("Greta", COM): [ADM]}
    Workshop.objects.filter(pk=workshop.pk).update(phase="closed")
    assert offers(office, workshop) == nothing


def test_each_choice_has_a_label_and_says_what_was_seen(workshop, editor, committee_member):
    row = workshop.memberships.get(role=COM)
    html = " ".join(editor.get(url(workshop, "people")).content.decode().split())
    action = url(workshop, "membership-change", row.pk)
    form = html.split(f'action="{action}"')[1].split("</form>")[0]
    assert '<input type="hidden" name="seen" value="committee">' in form
    assert f'for="role-of-{row.pk}"> Role of Greta </label>' in form
    assert f'name="role" id="role-of-{row.pk}"' in form
    assert url(workshop, "membership-change", workshop.memberships.get(role=FAC).pk) not in html
