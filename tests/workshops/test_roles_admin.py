"""Django's admin is no way around who names whom, on any of its three pages with memberships."""

import pytest
from django.urls import reverse

from measures.models import Round
from tests.deciding import hold
from tests.workshops.test_admin import complaints, form_data, list_of
from tests.workshops.test_admin import url as page_of
from workshops import roles
from workshops.models import Membership, Role, User

FAC, COM, ADM = Role.FACILITATOR, Role.COMMITTEE, Role.ADMINISTRATION
ADD = "admin:workshops_membership_add"


@pytest.fixture
def shown(workshop):
    """Return the workshop with results that everybody may see."""
    Round.objects.create(workshop=workshop, number=1, state="shown", smallest_room=3)
    return workshop


def roles_of(workshop) -> set[tuple[str, str]]:
    return {*workshop.memberships.values_list("user__email", "role")}


def add(client, workshop, user: User, role: str) -> bool:
    """Add a membership on its own page; return whether it is there."""
    sent = {"workshop": workshop.pk, "user": user.pk, "role": role}
    client.post(reverse(ADD), sent)
    return (user.email, role) in roles_of(workshop)


def add_beside_workshop(client, workshop, user: User, role: str) -> bool:
    """Add one on the page of the workshop."""
    client.post(page_of(workshop), rows_added(client, page_of(workshop), (user.pk, role)))
    return (user.email, role) in roles_of(workshop)


def rows_added(client, page: str, *rows: tuple[int, str], column: str = "user") -> dict:
    """Return what a browser sends with further memberships typed below those that are there."""
    data = form_data(client.get(page))
    first = int(data["memberships-TOTAL_FORMS"])
    for number, (other, role) in enumerate(rows, start=first):
        data[f"memberships-{number}-{column}"] = str(other)
        data[f"memberships-{number}-role"] = role
    return data | {"memberships-TOTAL_FORMS": str(first + len(rows))}


def add_beside_account(client, workshop, user: User, role: str) -> bool:
    """Add one on the page of the account."""
    data = rows_added(client, page_of(user), (workshop.pk, role), column="workshop")
    client.post(page_of(user), data)
    return (user.email, role) in roles_of(workshop)


WAYS = [add, add_beside_workshop, add_beside_account]


@pytest.mark.parametrize("way", WAYS)
def test_before_a_record_every_role_is_given_there(
    admin_client, workshop, stranger, administrator, way
):
    assert [way(admin_client, workshop, stranger, role) for role in Role] == [True] * 3


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("record", ["shown", "agenda"])
def test_with_a_record_committee_and_administration_are_not_given_there(
    admin_client, workshop, measure, stranger, administrator, way, record
):
    if record == "shown":
        Round.objects.create(workshop=workshop, number=1, state="shown", smallest_room=3)
    else:
        hold(workshop, measure)
    given = {role for role in Role if way(admin_client, workshop, stranger, role)}
    assert given == {FAC}


@pytest.mark.parametrize("way", WAYS)
def test_where_there_is_none_the_first_administration_is_named_there_and_nobody_else(
    admin_client, shown, stranger, committee_member, way
):
    other = User.objects.create_user("zweite@bingen.example")
    assert way(admin_client, shown, stranger, COM) is False
    assert way(admin_client, shown, stranger, ADM) is True
    assert [way(admin_client, shown, other, role) for role in (COM, ADM)] == [False, False]


def test_of_two_first_administrations_sent_together_none_is_named(admin_client, shown, stranger):
    other = User.objects.create_user("zweite@bingen.example")
    before = roles_of(shown)
    for given in ((ADM, ADM), (ADM, COM)):
        rows = zip((stranger.pk, other.pk), given, strict=True)
        data = rows_added(admin_client, page_of(shown), *rows)
        response = admin_client.post(page_of(shown), data)
        assert (response.status_code, len(complaints(response))) == (200, 1)
    assert roles_of(shown) == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_role_to_oneself_there(admin_client, admin_user, workshop, way, role):
    assert way(admin_client, workshop, admin_user, role) is False


def test_the_refusal_says_so(admin_client, admin_user, workshop):
    sent = {"workshop": workshop.pk, "user": admin_user.pk, "role": COM}
    assert complaints(admin_client.post(reverse(ADD), sent)) == [roles.not_oneself()]


def test_nobody_takes_over_a_row_or_raises_the_own_one(
    admin_client, admin_user, workshop, committee_member
):
    own = Membership.objects.create(workshop=workshop, user=admin_user, role=FAC)
    before = roles_of(workshop)
    page = page_of(workshop)
    data = form_data(admin_client.get(page))
    places = {
        data[name]: name.removesuffix("-id")
        for name in data
        if name.startswith("memberships-") and name.endswith("-id")
    }
    theirs = places[str(workshop.memberships.get(user=committee_member).pk)]
    taken = admin_client.post(page, data | {f"{theirs}-user": str(admin_user.pk)})
    raised = admin_client.post(page, data | {f"{places[str(own.pk)]}-role": ADM})
    alone = admin_client.post(page_of(own), {"role": ADM})
    assert [complaints(each) for each in (taken, raised, alone)] == [[roles.not_oneself()]] * 3
    assert roles_of(workshop) == before


def test_what_is_saved_unchanged_is_no_gift(admin_client, admin_user, workshop):
    Membership.objects.create(workshop=workshop, user=admin_user, role=FAC)
    page = page_of(workshop)
    assert admin_client.post(page, form_data(admin_client.get(page))).status_code == 302


# Taking -----------------------------------------------------------------------------------------


@pytest.fixture
def rows(shown, administrator, committee_member):
    """Return by role the rows of a workshop with a record."""
    return {row.role: row for row in shown.memberships.all()}


def test_with_a_record_neither_committee_nor_administration_is_deleted_there(
    admin_client, shown, rows
):
    before = roles_of(shown)
    for role in (COM, ADM):
        page = admin_client.post(page_of(rows[role], "delete"), {"post": "yes"})
        [sentence] = page.context["protected"]
        assert "Digital-Werkstatt Bingen" in sentence
    chosen = {"action": "delete_selected", "_selected_action": [r.pk for r in rows.values()]}
    admin_client.post(list_of(Membership), chosen | {"post": "yes"})
    assert roles_of(shown) == before


def test_nor_changed_on_its_page_nor_on_that_of_the_workshop_or_the_account(
    admin_client, shown, rows
):
    before = roles_of(shown)
    for role in (COM, ADM):
        row = rows[role]
        admin_client.post(page_of(row), {"role": FAC})
        for page in (page_of(shown), page_of(row.user)):
            data = form_data(admin_client.get(page))
            [place] = [n for n, v in data.items() if n.endswith("-id") and v == str(row.pk)
                       and n.startswith("memberships-")]  # fmt: skip
            place = place.removesuffix("-id")
            for change in ({f"{place}-role": FAC}, {f"{place}-DELETE": "on"}):
                response = admin_client.post(page, data | change)
                assert (response.status_code, len(complaints(response))) == (200, 1)
    assert roles_of(shown) == before


def test_a_facilitator_is_changed_there_all_the_same(admin_client, shown, rows, stranger):
    other = Membership.objects.create(workshop=shown, user=stranger, role=FAC)
    assert admin_client.post(page_of(other, "delete"), {"post": "yes"}).status_code == 302
    assert (stranger.email, FAC) not in roles_of(shown)


def test_a_facilitator_does_not_become_a_committee_there(admin_client, shown, rows):
    response = admin_client.post(page_of(rows[FAC]), {"role": COM})
    assert (response.status_code, len(complaints(response))) == (200, 1)


def test_the_account_of_the_last_administration_can_be_deleted(
    admin_client, shown, rows, administrator
):
    response = admin_client.post(page_of(administrator, "delete"), {"post": "yes"})
    assert response.status_code == 302
    assert ADM not in {role for _email, role in roles_of(shown)}


def test_a_record_that_came_since_the_page_was_drawn_stops_the_deletion(
    admin_client, workshop, administrator, monkeypatch
):
    from workshops.admin import people

    row = workshop.memberships.get(role=ADM)
    line_up = people.line_up

    def wait(workshop_id: int) -> None:
        Round.objects.create(workshop=workshop, number=1, state="shown", smallest_room=3)
        line_up(workshop_id)

    monkeypatch.setattr(people, "line_up", wait)
    assert admin_client.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403
    assert (administrator.email, ADM) in roles_of(workshop)


def test_the_page_of_a_workshop_asks_no_more_for_three_memberships_than_for_one(
    admin_client, shown, django_assert_num_queries, django_assert_max_num_queries
):
    admin_client.get(page_of(shown))
    with django_assert_max_num_queries(100) as one:
        admin_client.get(page_of(shown))
    for n in range(2):
        user = User.objects.create_user(f"p{n}@bingen.example")
        Membership.objects.create(workshop=shown, user=user, role=COM)
    with django_assert_num_queries(len(one)):
        admin_client.get(page_of(shown))
