"""The admin of action fields and goals: to read, with the repairs that no page offers."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from fields.models import ActionField, Goal
from tests.workshops.test_admin import complaints, form_data, list_of, url
from workshops.admin.versions import WRITTEN_ELSEWHERE
from workshops.models import User, Workshop, WorkshopRevision
from workshops.phases import Phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop() -> Workshop:
    return Workshop.objects.create(title="Digital-Werkstatt", date=datetime.date(2026, 9, 8))


@pytest.fixture
def fields(workshop) -> list[ActionField]:
    names = ("Tourismus", "Bildung", "Alltagsleben")
    return [ActionField.objects.create(workshop=workshop, name=name) for name in names]


@pytest.fixture
def goal(fields) -> Goal:
    return Goal.objects.create(field=fields[0], text="Gäste finden sich zurecht")


def decide(workshop) -> None:
    """Bring the workshop where measures are decided on, and no page leads to the board."""
    Workshop.objects.filter(pk=workshop.pk).update(phase=Phase.DELIBERATING)


def test_fields_and_goals_are_neither_added_nor_deleted_here(admin_client, fields, goal):
    decide(goal.field.workshop)
    for row in (fields[1], goal):
        add = reverse(f"admin:fields_{row._meta.model_name}_add")
        assert admin_client.get(add).status_code == 403
        assert admin_client.post(url(row, "delete"), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        admin_client.post(list_of(type(row)), chosen)
    assert (ActionField.objects.count(), Goal.objects.count()) == (3, 1)


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.COLLECTING, Phase.RATING])
def test_as_long_as_the_pages_lead_to_the_board_nothing_is_written_here(
    admin_client, workshop, fields, goal, phase
):
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    for row in (fields[0], goal):
        page = admin_client.get(url(row))
        [(_name, options)] = page.context["adminform"].fieldsets
        assert [*page.context["adminform"].form.fields] == []
        assert options["description"] == WRITTEN_ELSEWHERE
        sent = {"name": "Anders", "text": "Anders", "seen": row.version}
        assert admin_client.post(url(row), sent).status_code == 403


def test_afterwards_the_words_are_corrected_and_nothing_else(
    admin_client, admin_user, workshop, fields, goal
):
    decide(workshop)
    before = revision()
    other = Workshop.objects.create(title="Anderswo", date=datetime.date(2026, 9, 9))
    moved = {"workshop": other.pk, "field": fields[1].pk, "order": "7", "is_removed": "on"}
    for row, typed in ((fields[0], {"name": "Gäste"}), (goal, {"text": "Gäste bleiben"})):
        data = form_data(admin_client.get(url(row)))
        assert admin_client.post(url(row), data | moved | typed).status_code == 302
        assert row.history.latest().history_user == admin_user
    field = ActionField.objects.get(pk=fields[0].pk)
    goal.refresh_from_db()
    assert (field.name, field.workshop, field.order, field.is_worked_on, field.version) == (
        "Gäste", workshop, 0, True, 2,
    )  # fmt: skip
    assert (goal.text, goal.field, goal.order, goal.is_removed, goal.version) == (
        "Gäste bleiben", field, 0, False, 2,
    )  # fmt: skip
    assert revision() == before + 2


def test_what_somebody_changed_meanwhile_is_not_overwritten(admin_client, workshop, fields):
    decide(workshop)
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


def test_two_fields_are_not_given_one_name(admin_client, workshop, fields):
    decide(workshop)
    data = form_data(admin_client.get(url(fields[0]))) | {"name": fields[1].name.upper()}
    page = admin_client.post(url(fields[0]), data)
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)


def test_removed_goals_are_restored_in_any_phase_each_with_its_history(
    admin_client, admin_user, fields, goal
):
    other = Goal.objects.create(field=fields[1], text="Wege", is_removed=True)
    standing = Goal.objects.create(field=fields[1], text="Schilder")
    goal.is_removed = True
    goal.save()
    before = revision()
    act(admin_client, "restore", [goal, other, standing])
    assert Goal.objects.standing().count() == 3
    assert [each.history.count() for each in (goal, other, standing)] == [3, 2, 1]
    assert {each.history.latest().history_user for each in (goal, other)} == {admin_user}
    assert revision() == before + 2


def act(client, action: str, rows, status: int = 302) -> None:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    assert client.post(list_of(type(rows[0])), chosen).status_code == status


def revision() -> int:
    return WorkshopRevision.objects.order_by("pk").first().number


def test_staff_who_may_only_look_restore_nothing(client, goal):
    Goal.objects.update(is_removed=True)
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_goal"))
    client.force_login(clerk)
    act(client, "restore", [goal], status=200)
    assert Goal.objects.standing().count() == 0


def test_the_history_page_leaves_out_the_version(admin_client, fields):
    fields[0].is_worked_on = False
    fields[0].save()
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
