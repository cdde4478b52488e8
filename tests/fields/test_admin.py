"""The admin of action fields and goals: bulk actions are in the history, nothing is overwritten."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from fields.models import ActionField, Goal
from tests.workshops.test_admin import complaints, form_data, list_of, url
from workshops.models import User, Workshop, WorkshopRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop() -> Workshop:
    return Workshop.objects.create(title="Digital-Werkstatt", date=datetime.date(2026, 9, 8))


@pytest.fixture
def fields(workshop) -> list[ActionField]:
    names = ("Tourismus", "Bildung", "Alltagsleben")
    return [ActionField.objects.create(workshop=workshop, name=name) for name in names]


def act(client, action: str, rows, status: int = 302) -> None:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    assert client.post(list_of(type(rows[0])), chosen).status_code == status


def revision() -> int:
    return WorkshopRevision.objects.get().number


def test_marking_as_not_worked_on_writes_one_history_row_each_and_raises_the_revision(
    admin_client, admin_user, fields
):
    before = revision()
    act(admin_client, "mark_not_worked_on", fields[:2])
    assert [f.is_worked_on for f in ActionField.objects.order_by("pk")] == [False, False, True]
    for field in fields[:2]:
        newest, first = field.history.all()
        assert (newest.history_type, newest.history_user) == ("~", admin_user)
        assert (newest.is_worked_on, newest.version, first.version) == (False, 2, 1)
    assert fields[2].history.count() == 1
    assert revision() == before + 2


def test_a_row_that_is_so_already_is_left_alone(admin_client, fields):
    act(admin_client, "mark_not_worked_on", fields[:1])
    act(admin_client, "mark_not_worked_on", fields[:2])
    act(admin_client, "mark_worked_on", fields)
    assert [field.history.count() for field in fields] == [3, 3, 1]


def test_goals_are_removed_and_restored_never_deleted(admin_client, admin_user, workshop, fields):
    goals = [Goal.objects.create(field=fields[0], text=text) for text in ("Gäste", "Wege")]
    before = revision()
    act(admin_client, "remove", goals)
    assert Goal.objects.standing().count() == 0
    act(admin_client, "restore", goals[:1])
    assert [*Goal.objects.standing()] == goals[:1]
    assert [goal.history.count() for goal in goals] == [3, 2]
    assert {goal.history.latest().history_user for goal in goals} == {admin_user}
    assert revision() == before + 3
    act(admin_client, "delete_selected", goals)
    assert admin_client.post(url(goals[0], "delete"), {"post": "yes"}).status_code == 403
    assert Goal.objects.count() == 2


def test_staff_who_may_only_look_have_no_bulk_actions(client, fields):
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_actionfield"))
    client.force_login(clerk)
    act(client, "mark_not_worked_on", fields, status=200)
    assert ActionField.objects.worked_on().count() == 3


def test_a_field_that_somebody_changed_meanwhile_is_not_overwritten(admin_client, fields):
    field = fields[0]
    opened = form_data(admin_client.get(url(field)))
    field.name = "Tourismus und Wein"
    field.save()
    page = admin_client.post(url(field), opened | {"name": "Gastgewerbe"})
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)
    field.refresh_from_db()
    assert field.name == "Tourismus und Wein"
    data = form_data(admin_client.get(url(field))) | {"name": "Gastgewerbe"}
    assert admin_client.post(url(field), data).status_code == 302
    field.refresh_from_db()
    assert (field.name, field.version) == ("Gastgewerbe", 3)


def test_goals_are_written_on_the_page_of_their_field(admin_client, admin_user, fields):
    field = fields[0]
    old = Goal.objects.create(field=field, text="Gäste finden sich zurecht")
    data = form_data(admin_client.get(url(field)))
    data |= {
        "goals-TOTAL_FORMS": "2",
        "goals-0-indicator": "Umfrage",
        "goals-1-text": "Wege sind beschildert",
        "goals-1-order": "2",
    }
    assert admin_client.post(url(field), data).status_code == 302
    assert [*field.goals.values_list("text", "indicator")] == [
        ("Gäste finden sich zurecht", "Umfrage"),
        ("Wege sind beschildert", ""),
    ]
    assert old.history.latest().history_user == admin_user


def test_a_field_stays_in_its_workshop_and_a_goal_in_its_field(admin_client, fields):
    other = Workshop.objects.create(title="Anderswo", date=datetime.date(2026, 9, 9))
    goal = Goal.objects.create(field=fields[0], text="Gäste")
    for row, moved in ((fields[0], {"workshop": other.pk}), (goal, {"field": fields[1].pk})):
        data = form_data(admin_client.get(url(row))) | moved
        assert admin_client.post(url(row), data).status_code == 302
    goal.refresh_from_db()
    assert goal.field.workshop_id == fields[0].workshop_id
    assert goal.field == fields[0]


def test_a_field_with_goals_stays_an_empty_one_goes_into_the_history(admin_client, fields):
    Goal.objects.create(field=fields[0], text="Gäste")
    chosen = {"action": "delete_selected", "_selected_action": [fields[0].pk], "post": "yes"}
    admin_client.post(list_of(ActionField), chosen)
    assert admin_client.get(url(fields[0], "delete")).context["protected"] != []
    before = revision()
    chosen["_selected_action"] = [fields[1].pk]
    admin_client.post(list_of(ActionField), chosen)
    assert [*ActionField.objects.order_by("pk")] == [fields[0], fields[2]]
    assert ActionField.history.filter(id=fields[1].pk, history_type="-").count() == 1
    assert revision() == before + 1


def test_the_history_page_leaves_out_the_version(admin_client, fields):
    act(admin_client, "mark_not_worked_on", fields[:1])
    page = admin_client.get(url(fields[0], "history"))
    [change] = page.context["page_obj"][0].history_delta_changes
    worked_on = ActionField._meta.get_field("is_worked_on").verbose_name
    assert change["field"].lower() == str(worked_on).lower()


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (ActionField, "workshop__ballots__group"),
        (ActionField, "workshop__participants__ballot__ratings__relevance"),
        (Goal, "measures__ratings__ballot__group"),
        (Goal, "field__workshop__participants__name"),
    ],
)
def test_a_query_string_opens_no_side_door(admin_client, fields, model, lookup):
    assert admin_client.get(list_of(model), {lookup: "1"}).status_code == 400


def test_lists_are_filtered_by_workshop_and_searched(admin_client, workshop, fields):
    other = Workshop.objects.create(title="Anderswo", date=datetime.date(2026, 9, 9))
    strange = ActionField.objects.create(workshop=other, name="Tourismus")

    def found(**query) -> set[ActionField]:
        return {*admin_client.get(list_of(ActionField), query).context["cl"].queryset}

    assert found(workshop=other.pk) == {strange}
    assert found(q="tourismus") == {fields[0], strange}
    assert found(q="anderswo") == {strange}
    assert found(is_worked_on__exact=0) == set()


def test_the_pages_for_adding_open(admin_client):
    for name in ("actionfield", "goal"):
        assert admin_client.get(reverse(f"admin:fields_{name}_add")).status_code == 200
