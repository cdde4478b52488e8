"""Whoever is deleted is forgotten: no name and no address stays in the log of Django's admin."""

import importlib
import json
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import reverse
from django.utils import translation

from tests.workshops.test_admin import form_data, list_of, url
from workshops.models import Membership, Participant, Role, User

pytestmark = pytest.mark.django_db
NAME, ADDRESS = "Erika Mustermann", "erika@elsewhere.example"


@pytest.fixture
def erika(admin_client, workshop) -> User:
    """Somebody who came into the database and was changed there in every way that the admin has."""
    with translation.override("en"):
        admin_client.post(
            reverse("admin:workshops_user_add"),
            {"email": ADDRESS, "name": NAME, "usable_password": "false"},
        )
        erika = User.objects.get(email=ADDRESS)
        sent = {"workshop": workshop.pk, "user": erika.pk}
        admin_client.post(reverse("admin:workshops_participant_add"), sent | {"name": NAME})
        admin_client.post(reverse("admin:workshops_membership_add"), sent | {"role": "committee"})
        address = {"user": erika.pk, "email": ADDRESS, "primary": "on"}
        admin_client.post(reverse("admin:account_emailaddress_add"), address)
        for row in (erika, Participant.objects.get(), Membership.objects.get(user=erika)):
            admin_client.post(url(row), form_data(admin_client.get(url(row))))
        _add_in_workshop(admin_client, workshop, erika)
    assert (LogEntry.objects.count(), Membership.objects.filter(user=erika).count()) == (8, 2)
    return erika


def _add_in_workshop(client, workshop, user) -> None:
    """Add a role on the workshop's own page."""
    sent = form_data(client.get(url(workshop)))
    number = int(sent["memberships-TOTAL_FORMS"])
    sent |= {
        "memberships-TOTAL_FORMS": str(number + 1),
        f"memberships-{number}-user": str(user.pk),
        f"memberships-{number}-role": Role.ADMINISTRATION,
        f"memberships-{number}-workshop": str(workshop.pk),
    }
    client.post(url(workshop), sent)


def traces() -> list[str]:
    """Return the table of every row that still tells who somebody was."""
    return [
        model._meta.label
        for model in apps.get_models()
        for row in model._base_manager.values_list()
        if NAME in (told := " ".join(map(str, row))) or ADDRESS in told
    ]


def delete_alone(client, erika) -> None:
    client.post(url(erika, "delete"), {"post": "yes"})


def delete_with_others(client, erika) -> None:
    other = User.objects.create_user("andere@elsewhere.example")
    chosen = {"action": "delete_selected", "_selected_action": [erika.pk, other.pk]}
    client.post(list_of(User), chosen | {"post": "yes"})


def delete_row_by_row(client, erika) -> None:
    for row in (*erika.memberships.all(), *erika.participations.all()):
        client.post(url(row, "delete"), {"post": "yes"})
    client.post(url(EmailAddress.objects.get(), "delete"), {"post": "yes"})
    client.post(url(erika, "delete"), {"post": "yes"})


def delete_past_the_admin(client, erika) -> None:
    User.objects.filter(pk=erika.pk).delete()


@pytest.mark.parametrize(
    "delete", [delete_alone, delete_with_others, delete_row_by_row, delete_past_the_admin]
)
def test_nothing_in_the_database_tells_who_a_deleted_account_was(admin_client, erika, delete):
    assert sorted(set(traces())) == [
        "account.EmailAddress", "workshops.Participant", "workshops.User",
    ]  # fmt: skip
    delete(admin_client, erika)
    assert traces() == []


def test_the_log_says_which_row_was_touched_and_leads_there(admin_client, erika):
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert f'<a href="{url(erika)}">#{erika.pk}</a>' in page


def test_what_was_done_on_the_workshops_page_is_told_without_the_name(erika, workshop):
    [entry] = LogEntry.objects.filter(content_type__model="workshop")
    assert (entry.object_repr, json.loads(entry.change_message)) == (
        workshop.title, [{"added": {"name": "membership", "object": "…"}}],
    )  # fmt: skip


def test_the_history_of_a_role_can_be_read_when_its_account_is_deleted(admin_client, erika):
    role = Membership.objects.filter(user=erika).first()
    erika.delete()
    history = reverse("admin:workshops_membership_history", args=[role.pk])
    state = role.history.latest().pk
    old = reverse("admin:workshops_membership_simple_history", args=[role.pk, state])
    pages = [admin_client.get(each) for each in (history, old)]
    assert [page.status_code for page in pages] == [200, 200]
    assert "gelöschtes Konto" in pages[0].content.decode()


# What was written before --------------------------------------------------------------------------


def old_entry(admin_user, model, pk: int, name: str, message="", flag=CHANGE) -> LogEntry:
    return LogEntry.objects.create(
        user=admin_user,
        content_type=ContentType.objects.get_for_model(model),
        object_id=str(pk),
        object_repr=name,
        action_flag=flag,
        change_message=message,
    )


def test_the_migration_takes_out_the_names_that_are_there_and_nothing_else(admin_user, workshop):
    people = [(User, 7), (Membership, 8), (Participant, 9), (EmailAddress, 10)]
    for model, pk in people:
        old_entry(admin_user, model, pk, f"{NAME} – Gremium", flag=DELETION)
    group = {"name": "group", "object": "Rat"}
    role = {"name": "membership", "object": f"{NAME} – Committee"}
    message = json.dumps([{"added": group}, {"deleted": role}])
    old_entry(admin_user, type(workshop), workshop.pk, "Werkstatt", message)
    strange = ['["object"]', 'Changed "object".', '[{"changed": {"fields": ["Name"]}}]']
    for text in strange:
        old_entry(admin_user, type(workshop), workshop.pk, "Werkstatt", text)
    migration = importlib.import_module("workshops.migrations.0008_no_names_in_the_admin_log")
    migration.forget_names(apps, SimpleNamespace(connection=connection))
    rows = LogEntry.objects.order_by("pk").values_list("object_repr", "change_message")
    told = json.dumps([{"added": group}, {"deleted": role | {"object": "…"}}])
    assert [*rows] == [
        ("#7", ""), ("#8", ""), ("#9", ""), ("#10", ""), ("Werkstatt", told),
        *(("Werkstatt", text) for text in strange),
    ]  # fmt: skip
