"""Who runs, who decides, who takes part, in which groups."""

import re

import pytest
from django.urls import reverse

from tests.rating import count_paper
from workshops.forms import ParticipantForm
from workshops.models import Membership, Participant, ParticipantGroup, Role, User


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"workshops:{name}", args=[workshop.pk, *arguments])


def roles(workshop) -> list[tuple[str, str]]:
    return sorted(workshop.memberships.values_list("user__email", "role"))


def group_names(workshop) -> list[str]:
    return list(workshop.groups.values_list("name", flat=True))


def test_the_page_lists_roles_participants_and_groups_with_their_size(
    workshop, editor, participant, administrator
):
    context = editor.get(url(workshop, "people")).context
    assert [(m.user.name, m.role) for m, *_may in context["memberships"]] == [
        ("Mona", "facilitator"), ("Vera", "administration"),
    ]  # fmt: skip
    assert [each.name for each in context["participants"]] == ["Tom"]
    assert [(g.name, g.size) for g in context["groups"]] == [("Rat", 1), ("Verwaltung", 0)]


def test_people_stand_in_the_order_in_which_german_readers_look_for_them(workshop, editor):
    for place, name in enumerate(["Zoe", "Ärztin", "anna", "Über", "Anna 10", "Anna 2"]):
        user = User.objects.create_user(f"{9 - place}@bingen.example", name=name)
        Membership.objects.create(workshop=workshop, user=user, role=Role.COMMITTEE)
        # Without a name of their own they are shown by that of their account.
        Participant.objects.create(workshop=workshop, user=user, name=name if place % 2 else "")
    context = editor.get(url(workshop, "people")).context
    expected = ["anna", "Anna 2", "Anna 10", "Ärztin", "Über", "Zoe"]
    assert [str(each) for each in context["participants"]] == expected
    holders = [str(each.user) for each, *_may in context["memberships"]]
    assert holders == ["Mona", *expected]


def test_groups_stand_in_their_order_not_in_that_of_their_making(workshop, editor):
    ParticipantGroup.objects.create(workshop=workshop, name="Jugend", order=0)
    groups = editor.get(url(workshop, "people")).context["groups"]
    assert [group.name for group in groups] == ["Jugend", "Rat", "Verwaltung"]


def test_the_page_takes_the_same_queries_for_one_person_and_for_three(
    workshop, editor, participant, django_assert_num_queries
):
    with django_assert_num_queries(8):
        editor.get(url(workshop, "people"))
    for n in (1, 2):
        user = User.objects.create_user(f"person-{n}@bingen.example", name=f"P{n}")
        Membership.objects.create(workshop=workshop, user=user, role=Role.COMMITTEE)
        Participant.objects.create(
            workshop=workshop, user=user, group=ParticipantGroup.objects.last()
        )
        ParticipantGroup.objects.create(workshop=workshop, name=f"G{n}", order=5)
    with django_assert_num_queries(8):
        editor.get(url(workshop, "people"))


# People -----------------------------------------------------------------------------------------


def test_a_new_person_gets_an_account_without_a_password(workshop, editor, facilitator):
    data = {"email": "Neu@Bingen.Example", "name": "Nele", "role": "committee"}
    response = editor.post(url(workshop, "person-add"), data)
    next_one = f"{url(workshop, 'people')}?role=committee&group=#id_email"
    assert (response.status_code, response["Location"]) == (302, next_one)
    user = User.objects.get(email__iexact="neu@bingen.example")
    assert (user.name, user.has_usable_password()) == ("Nele", False)
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert (user.email, "committee") in roles(workshop)


def test_a_known_account_is_found_in_any_case_and_keeps_its_name(workshop, editor, stranger):
    data = {"email": stranger.email.upper(), "name": "Anders", "role": "administration"}
    editor.post(url(workshop, "person-add"), data)
    stranger.refresh_from_db()
    assert stranger.name == "Fremd"
    assert (stranger.email, "administration") in roles(workshop)


def test_adding_somebody_twice_adds_once(workshop, editor):
    data = {"email": "neu@bingen.example", "role": "participant"}
    for _ in range(2):
        assert editor.post(url(workshop, "person-add"), data).status_code == 302
    assert workshop.participants.filter(user__email="neu@bingen.example").count() == 1


def test_a_participant_is_put_into_a_group(workshop, editor):
    group = workshop.groups.get(name="Rat")
    data = {"email": "neu@bingen.example", "name": "Nele", "role": "participant", "group": group.pk}
    editor.post(url(workshop, "person-add"), data)
    added = workshop.participants.get(user__email="neu@bingen.example")
    assert (added.name, added.group, added.has_ballot) == ("Nele", group, False)


def test_the_next_person_begins_with_the_same_role_and_group_and_no_address_says_who_it_was(
    workshop, editor
):
    group = workshop.groups.get(name="Verwaltung")
    data = {"email": "neu@bingen.example", "name": "Nele", "role": "participant", "group": group.pk}
    people = url(workshop, "people")
    for _time in ("is added", "is there already"):
        response = editor.post(url(workshop, "person-add"), data)
        assert response["Location"] == f"{people}?role=participant&group={group.pk}#id_email"
    form = editor.get(response["Location"]).context["person_form"]
    values = {name: form[name].value() for name in form.fields}
    assert values == {
        "email": None, "name": None, "role": "participant", "group": str(group.pk),
    }  # fmt: skip


def test_a_made_up_choice_in_the_address_chooses_nothing(workshop, editor):
    html = editor.get(url(workshop, "people"), {"role": "king", "group": "9"}).content.decode()
    form = html.split(f'action="{url(workshop, "person-add")}"')[1].split("</form>")[0]
    assert re.findall(r"<option[^>]*selected", form) == []


def test_after_an_error_the_choice_stays_and_the_faulty_field_takes_the_focus(workshop, editor):
    group = workshop.groups.get(name="Verwaltung")
    data = {"email": "kein-at", "name": "Nele", "role": "participant", "group": group.pk}
    response = editor.post(url(workshop, "person-add"), data)
    form = response.context["person_form"]
    assert {name: form[name].value() for name in form.fields} == {
        name: str(value) for name, value in data.items()
    }
    [focused] = re.findall(r"<[^>]*\bautofocus\b[^>]*>", response.content.decode())
    assert 'id="id_email"' in focused


def test_after_each_change_the_focus_is_where_the_person_was(workshop, editor, participant):
    tom, office = workshop.participants.get(), workshop.groups.get(name="Verwaltung")
    helper = User.objects.create_user("hilfe@bingen.example")
    extra = Membership.objects.create(workshop=workshop, user=helper, role=Role.COMMITTEE)
    last = workshop.memberships.get(role=Role.FACILITATOR)
    seen = {"seen": Role.FACILITATOR}
    steps = [
        ("membership-remove", last.pk, seen, f"membership-{last.pk}"),
        ("membership-remove", extra.pk, {"seen": Role.COMMITTEE}, "roles"),
        ("participant-remove", tom.pk, {}, "participants"),
        ("group-edit", office.pk, {"name": "Amt"}, f"rename-{office.pk}"),
        ("group-remove", office.pk, {}, "groups"),
    ]
    for name, pk, sent, at in steps:
        response = editor.post(url(workshop, name, pk), sent)
        assert (name, response["Location"]) == (name, f"{url(workshop, 'people')}#{at}")
        html = editor.get(url(workshop, "people")).content.decode()
        assert f'id="{at}"' in html
    response = editor.post(url(workshop, "group-add"), {"name": "Jugend"})
    assert response["Location"] == f"{url(workshop, 'people')}#id_group_name"


WRONG = [
    ("email", ""), ("email", "kein-at"), ("email", f"{'x' * 250}@example.org"), ("role", "king"),
    ("role", ""), ("name", "x" * 121), ("group", "9" * 30), ("group", "abc"),
]  # fmt: skip


def test_a_wrong_entry_is_explained_and_adds_nobody(workshop, editor):
    before = User.objects.count()
    for name, value in WRONG:
        data = {"email": "neu@bingen.example", "role": "participant", name: value}
        response = editor.post(url(workshop, "person-add"), data)
        errors = response.context["person_form"].errors
        assert (response.status_code, list(errors)) == (422, [name])
    assert (User.objects.count(), workshop.participants.count()) == (before, 0)


def test_the_last_facilitator_stays(workshop, editor, administrator, facilitator):
    last = workshop.memberships.get(role=Role.FACILITATOR)
    assert (
        editor.post(url(workshop, "membership-remove", last.pk), {"seen": last.role}).status_code
        == 302
    )
    assert (facilitator.email, "facilitator") in roles(workshop)
    Membership.objects.create(workshop=workshop, user=administrator, role=Role.FACILITATOR)
    editor.post(url(workshop, "membership-remove", last.pk), {"seen": last.role})
    assert roles(workshop) == [
        (administrator.email, "administration"), (administrator.email, "facilitator"),
    ]  # fmt: skip


def test_the_administration_neither_names_nor_removes_a_facilitator(
    workshop, administrator, facilitator, signed_in
):
    client, before = signed_in(administrator), roles(workshop)
    data = {"email": administrator.email, "role": "facilitator"}
    assert client.post(url(workshop, "person-add"), data).status_code == 422
    last = workshop.memberships.get(role=Role.FACILITATOR)
    assert (
        client.post(url(workshop, "membership-remove", last.pk), {"seen": last.role}).status_code
        == 403
    )
    assert roles(workshop) == before


@pytest.mark.parametrize(
    ("phase", "role", "to_herself", "to_another"),
    [
        ("collecting", "administration", 422, 422), ("collecting", "committee", 422, 302),
        ("deliberating", "administration", 422, 422), ("deliberating", "committee", 422, 422),
        ("deliberating", "participant", 302, 302),
    ],
)  # fmt: skip
def test_a_facilitator_gives_nobody_the_sight_of_pending_decisions(
    workshop, administrator, facilitator, signed_in, at, phase, role, to_herself, to_another
):
    """Once there is an administration, also not to a second account of hers."""
    at(phase)
    found = [
        signed_in(facilitator)
        .post(reverse("workshops:person-add", args=[workshop.pk]), {"email": email, "role": role})
        .status_code
        for email in (facilitator.email, "zweitkonto@bingen.example")
    ]
    assert found == [to_herself, to_another]


def test_a_facilitator_does_not_remove_the_administration(
    workshop, administrator, facilitator, signed_in
):
    row = workshop.memberships.get(role=Role.ADMINISTRATION)
    url = reverse("workshops:membership-remove", args=[workshop.pk, row.pk])
    assert signed_in(facilitator).post(url, {"seen": row.role}).status_code == 403
    assert signed_in(administrator).post(url, {"seen": row.role}).status_code == 302


def test_the_administration_names_committee_and_administration(
    workshop, administrator, signed_in, at
):
    at("deliberating")
    url = reverse("workshops:person-add", args=[workshop.pk])
    for role in ("committee", "administration"):
        data = {"email": f"{role}@bingen.example", "role": role}
        assert signed_in(administrator).post(url, data).status_code == 302


def test_who_lost_the_role_is_a_stranger_at_once(workshop, editor, committee_member, signed_in):
    guest, day = signed_in(committee_member), workshop.get_absolute_url()
    assert guest.get(day).status_code == 200
    membership = workshop.memberships.get(user=committee_member)
    editor.post(url(workshop, "membership-remove", membership.pk), {"seen": membership.role})
    assert guest.get(day).status_code == 404


def test_a_participant_leaves_the_list_only_without_a_ballot(workshop, editor, participant):
    row = workshop.participants.get()
    Participant.objects.filter(pk=row.pk).update(has_ballot=True)
    editor.post(url(workshop, "participant-remove", row.pk))
    assert workshop.participants.count() == 1
    Participant.objects.filter(pk=row.pk).update(has_ballot=False)
    editor.post(url(workshop, "participant-remove", row.pk))
    assert workshop.participants.count() == 0
    assert User.objects.filter(pk=participant.pk).exists()


def test_the_group_of_a_participant_changes_until_the_ballot_is_handed_out(
    workshop, editor, participant
):
    row, office = workshop.participants.get(), workshop.groups.get(name="Verwaltung")
    page = url(workshop, "participant-edit", row.pk)
    assert editor.get(page).context["form"]["group"].value() == row.group_id
    for group in (office.pk, ""):
        response = editor.post(page, {"group": group})
        assert (response.status_code, response["Location"]) == (
            302,
            f"{url(workshop, 'people')}#group-of-{row.pk}",
        )
        row.refresh_from_db()
        assert (row.group_id or "") == group
    Participant.objects.filter(pk=row.pk).update(has_ballot=True)
    late = editor.post(page, {"group": office.pk})
    row.refresh_from_db()
    assert (late.status_code, late.context["is_late"], row.group) == (409, True, None)
    assert (editor.get(page).status_code, editor.get(page).context["is_late"]) == (200, True)


def test_a_ballot_handed_out_between_look_and_change_keeps_its_group(
    workshop, editor, participant, monkeypatch
):
    row = workshop.participants.get()
    valid = ParticipantForm.is_valid

    def is_valid_while_a_ballot_is_taken(form) -> bool:
        Participant.objects.filter(pk=row.pk).update(has_ballot=True)
        return valid(form)

    monkeypatch.setattr(ParticipantForm, "is_valid", is_valid_while_a_ballot_is_taken)
    response = editor.post(url(workshop, "participant-edit", row.pk), {"group": ""})
    row.refresh_from_db()
    assert (response.status_code, row.group.name) == (409, "Rat")


def test_only_a_group_of_the_workshop_can_be_chosen(workshop, editor, participant, other_workshop):
    row = workshop.participants.get()
    for group in (other_workshop.groups.get().pk, "x", "9" * 30):
        response = editor.post(url(workshop, "participant-edit", row.pk), {"group": group})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["group"])
    row.refresh_from_db()
    assert row.group.name == "Rat"


def test_the_list_says_who_has_a_ballot_and_offers_the_others_another_group(
    workshop, editor, participant
):
    row = workshop.participants.get()
    page = url(workshop, "participant-edit", row.pk)
    found = []
    for has_ballot in (False, True):
        Participant.objects.filter(pk=row.pk).update(has_ballot=has_ballot)
        found.append(f'href="{page}"' in editor.get(url(workshop, "people")).content.decode())
    assert found == [True, False]


# Groups -----------------------------------------------------------------------------------------


def test_a_group_is_added_behind_the_others_and_renamed(workshop, editor):
    editor.post(url(workshop, "group-add"), {"name": "Jugend"})
    assert group_names(workshop) == ["Rat", "Verwaltung", "Jugend"]
    group = workshop.groups.get(name="Jugend")
    editor.post(url(workshop, "group-edit", group.pk), {"name": "Junge Leute"})
    assert group_names(workshop) == ["Rat", "Verwaltung", "Junge Leute"]


def test_a_group_needs_a_name_of_its_own(workshop, editor):
    group = workshop.groups.get(name="Verwaltung")
    for name in ("", "   ", "rat", "RAT ", "x" * 81, "\0"):
        for page in (url(workshop, "group-add"), url(workshop, "group-edit", group.pk)):
            assert editor.post(page, {"name": name}).status_code == 422
    assert group_names(workshop) == ["Rat", "Verwaltung"]


def test_a_refused_name_of_a_group_leads_to_its_own_field_not_to_a_persons_name(workshop, editor):
    html = editor.post(url(workshop, "group-add"), {"name": "rat"}).content.decode()
    summary = re.search(r"error-summary.*?</ul>", html, re.S)[0]
    assert re.findall(r'href="(#[^"]+)"', summary) == ["#id_group_name"]
    ids = re.findall(r'<input[^>]*name="name"[^>]*id="([^"]+)"', html)
    assert ids == ["id_name", "id_group_name"]


def test_an_empty_group_can_be_removed(workshop, editor):
    group = workshop.groups.get(name="Verwaltung")
    editor.post(url(workshop, "group-remove", group.pk))
    assert group_names(workshop) == ["Rat"]


@pytest.mark.parametrize("held_by", ["participant", "ballot", "paper"])
def test_a_group_with_people_ballots_or_sheets_stays(workshop, editor, measure, ballots, held_by):
    group = workshop.groups.get(name="Verwaltung")
    if held_by == "participant":
        Participant.objects.create(workshop=workshop, name="Gast", group=group)
    elif held_by == "ballot":
        ballots(1, "Verwaltung")
    else:
        count_paper(measure=measure, group=group, criterion="relevance", step=1, count=1)
    assert editor.post(url(workshop, "group-remove", group.pk)).status_code == 302
    assert group_names(workshop) == ["Rat", "Verwaltung"]


def test_the_message_names_the_role_that_was_given(workshop, editor):
    data = {"email": "neu@bingen.example", "name": "Neu"}
    for role, name in (("facilitator", "Moderation"), ("participant", "Teilnehmende Person")):
        response = editor.post(url(workshop, "person-add"), data | {"role": role}, follow=True)
        assert f"neu@bingen.example ist hinzugefügt als: {name}." in response.text
