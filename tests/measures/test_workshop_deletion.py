"""Deleting an archived workshop: one asks, another confirms; what was public stays."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from measures.again.deleting import delete
from measures.models import Cost, CostKind, CostShare, Decision, Measure
from tests.deciding import decide, hold
from tests.workshops.test_admin import list_of
from workshops.access import in_turn
from workshops.models import Deletion, Membership, Role, User, Workshop, line_up

pytestmark = pytest.mark.django_db

REASON = "Die Frist der Aufbewahrung ist vorbei."


@pytest.fixture
def over(workshop, measure, at) -> Workshop:
    """An archived workshop that was rated and published nothing."""
    at("closed")
    Workshop.objects.filter(pk=workshop.pk).update(archived_at=timezone.now())
    return workshop


@pytest.fixture
def vera(administrator, signed_in):
    return signed_in(administrator)


@pytest.fixture
def second(workshop) -> User:
    user = User.objects.create_user("leitung@bingen.example", name="Lea")
    Membership.objects.create(workshop=workshop, user=user, role=Role.ADMINISTRATION)
    return user


@pytest.fixture
def lea(second, signed_in):
    return signed_in(second)


def place(workshop: Workshop) -> str:
    return reverse("measures:workshop-deletion", args=[workshop.pk])


def send(client, workshop: Workshop, do: str, **more) -> int:
    return client.post(place(workshop), {"do": do} | more).status_code


def ask(client, workshop: Workshop, days_ago: int = 8) -> Deletion:
    assert send(client, workshop, "ask", reason=REASON) == 302
    Deletion.objects.update(asked_at=timezone.now() - timedelta(days=days_ago))
    return Deletion.objects.get()


def is_there(workshop: Workshop) -> bool:
    return Workshop.objects.filter(pk=workshop.pk).exists()


def test_one_asks_and_another_confirms(over, vera, lea, administrator, second):
    deletion = ask(vera, over)
    assert (deletion.workshop, deletion.asked_by, deletion.reason) == (over, administrator, REASON)
    assert is_there(over)
    assert lea.post(place(over), {"do": "confirm"})["Location"] == "/"
    assert (is_there(over), Measure.objects.count()) == (False, 0)
    left = Deletion.objects.get()
    assert (left.workshop, left.title, left.date, left.municipalities, left.reason) == (
        None, "Digital-Werkstatt Bingen", over.date, "Bingen am Rhein", REASON,
    )  # fmt: skip
    assert (left.asked_by, left.confirmed_by) == (administrator, second)


def test_nobody_confirms_what_they_have_asked_for(over, vera):
    ask(vera, over)
    assert send(vera, over, "confirm") == 403
    assert vera.get(place(over)).context["why_not"] != ""
    assert is_there(over)
    with pytest.raises(IntegrityError), transaction.atomic():
        row = Deletion.objects.get()
        row.workshop, row.confirmed_at, row.confirmed_by = None, timezone.now(), row.asked_by
        row.save()


def test_nobody_confirms_before_the_seventh_day(over, vera, lea):
    ask(vera, over, days_ago=6)
    assert (send(lea, over, "confirm"), is_there(over)) == (403, True)
    Deletion.objects.update(asked_at=timezone.now() - timedelta(days=7))
    assert (send(lea, over, "confirm"), is_there(over)) == (302, False)


def test_whose_account_is_gone_has_not_asked(over, vera, lea, administrator):
    ask(vera, over)
    administrator.delete()
    assert (send(lea, over, "confirm"), is_there(over)) == (403, True)


@pytest.mark.parametrize("how", ["role", "account"])
def test_who_has_left_has_not_asked(over, vera, lea, administrator, how):
    ask(vera, over)
    if how == "role":
        Membership.objects.filter(user=administrator).update(role=Role.COMMITTEE)
    else:
        User.objects.filter(pk=administrator.pk).update(is_active=False)
    assert (send(lea, over, "confirm"), is_there(over)) == (403, True)
    assert (send(lea, over, "withdraw"), Deletion.objects.count()) == (302, 0)


def test_without_a_reason_nothing_is_asked(over, vera):
    assert send(vera, over, "ask", reason="  ") == 422
    assert Deletion.objects.count() == 0


def test_asked_twice_it_stays_what_was_asked_first(over, vera, lea, administrator):
    ask(vera, over)
    assert send(lea, over, "ask", reason="Anderer Grund") == 302
    [row] = Deletion.objects.all()
    assert (row.reason, row.asked_by) == (REASON, administrator)


def test_the_others_let_it_stay(over, vera, lea):
    ask(vera, over)
    assert send(lea, over, "withdraw") == 302
    assert (Deletion.objects.count(), is_there(over)) == (0, True)
    assert send(lea, over, "confirm") == 403


def test_brought_back_from_the_archive_nobody_wants_it_gone(over, vera):
    ask(vera, over)
    vera.post(reverse("workshops:workshop-unarchive", args=[over.pk]))
    assert (Deletion.objects.count(), Workshop.objects.get().is_archived) == (0, False)
    assert vera.get(place(over)).context["why_kept"] != ""
    assert send(vera, over, "ask", reason=REASON) == 403


def test_decisions_that_nobody_published_go_with_it(workshop, measure, vera, lea, at):
    at("deliberating")
    decide(hold(workshop, measure), measure, is_published=False, has_basis=False)
    Workshop.objects.filter(pk=workshop.pk).update(archived_at=timezone.now())
    ask(vera, workshop)
    assert send(lea, workshop, "confirm") == 302
    assert (is_there(workshop), Decision.objects.count()) == (False, 0)


def test_what_was_removed_long_before_leaves_no_history_behind(over, measure, vera, lea):
    town = over.municipalities.get()
    made = {"purpose": "Kabel", "amount": 10, "client_id": uuid.uuid4()}
    cost = Cost.objects.create(measure=measure, kind=CostKind.ONCE, **made)
    CostShare.objects.create(cost=cost, municipality=town, amount=5)
    cost.delete()
    assert CostShare.history.count() == 2
    ask(vera, over)
    assert send(lea, over, "confirm") == 302
    assert (CostShare.history.count(), Cost.history.count()) == (0, 0)


@pytest.mark.parametrize("name", ["workshop-deletion", "workshop-copy"])
def test_who_waits_while_somebody_confirms_finds_it_gone(over, lea, second, monkeypatch, name):
    def late(visit, *more, **options):
        delete(visit.workshop)
        return in_turn(visit, *more, **options)

    for module in ("deletion_views", "views"):
        monkeypatch.setattr(f"measures.again.{module}.in_turn", late)
    second.user_permissions.set(Permission.objects.filter(codename="add_workshop"))
    sent = {"do": "confirm", "title": "Neu", "date": "2026-09-08", "client_id": uuid.uuid4()}
    assert lea.post(reverse(f"measures:{name}", args=[over.pk]), sent).status_code == 404


def test_nobody_else_asks_or_confirms(over, vera, facilitator, committee_member, signed_in):
    ask(vera, over)
    for person in (facilitator, committee_member):
        client = signed_in(person)
        answers = [client.get(place(over)).status_code, send(client, over, "confirm")]
        assert answers == [403, 403]
    assert is_there(over)


# The second person from outside -----------------------------------------------------------------


def confirm_in_admin(client, *rows: Deletion):
    chosen = {"action": "confirm_deletion", "_selected_action": [row.pk for row in rows]}
    return client.post(list_of(Deletion), chosen)


def test_the_sites_administration_confirms_where_there_is_no_second_one(
    over, vera, admin_client, admin_user
):
    deletion = ask(vera, over)
    confirm_in_admin(admin_client, deletion)
    assert (is_there(over), Deletion.objects.get().confirmed_by) == (False, admin_user)


def test_it_keeps_the_same_rules(over, vera, admin_client, admin_user):
    deletion = ask(vera, over, days_ago=1)
    confirm_in_admin(admin_client, deletion)
    assert is_there(over)
    Deletion.objects.update(asked_at=timezone.now() - timedelta(days=9), asked_by=admin_user)
    confirm_in_admin(admin_client, deletion)
    assert is_there(over)


def test_two_of_them_at_once_delete_it_once(over, vera, admin_client, monkeypatch):
    deletion = ask(vera, over)

    def late(_workshop_id: int) -> None:
        Deletion.objects.update(workshop=None, confirmed_at=timezone.now())
        delete(over)
        line_up(over.pk)

    monkeypatch.setattr("measures.admin.deletions.line_up", late)
    assert confirm_in_admin(admin_client, deletion).status_code == 302


def test_staff_who_may_only_look_confirm_nothing(over, vera, client):
    deletion = ask(vera, over)
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_deletion"))
    client.force_login(clerk)
    confirm_in_admin(client, deletion)
    assert is_there(over)
