"""What the database itself refuses, when nobody asks a form."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from workshops.models import (
    Ballot,
    Deletion,
    JoinCode,
    LegalText,
    Look,
    Membership,
    Municipality,
    Participant,
    ParticipantGroup,
    PhaseChange,
    Role,
    ScaleStep,
    Table,
    User,
    Workshop,
    WorkshopMunicipality,
)

OWN = {
    Ballot, Deletion, JoinCode, LegalText, Look, Membership, Municipality, Participant,
    ParticipantGroup, PhaseChange, ScaleStep, Table, User, Workshop, WorkshopMunicipality,
}  # fmt: skip


MOMENT = "2026-11-30T09:00Z"


def refused(work, *, name: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
    assert name in str(caught.value) or "UNIQUE constraint failed" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"title": ""}, "workshop_has_title"),
        ({"phase": "party"}, "workshop_phase"),
        ({"steps": 2}, "workshop_scale_3_to_10_steps"),
        ({"steps": 11}, "workshop_scale_3_to_10_steps"),
        ({"relevance_weight": 101}, "workshop_weight_in_percent"),
        ({"relevance_threshold": "0.99"}, "workshop_relevance_threshold_on_scale"),
        ({"relevance_threshold": "5.01"}, "workshop_relevance_threshold_on_scale"),
        ({"feasibility_threshold": "0.99"}, "workshop_feasibility_threshold_on_scale"),
        ({"feasibility_threshold": "5.01"}, "workshop_feasibility_threshold_on_scale"),
        ({"smallest_group": 2}, "workshop_smallest_group_3"),
        ({"smallest_room": 2}, "workshop_smallest_room_3"),
        ({"smallest_group": 21}, "workshop_smallest_group_20"),
        ({"smallest_room": 21}, "workshop_smallest_room_20"),
        ({"frame_hosts": "http://a.example"}, "workshop_frame_hosts"),
        ({"is_door_open": True}, "workshop_open_door_has_code"),
        ({"expected_guests": 0}, "workshop_expected_guests_1_to_1000"),
        ({"expected_guests": 1001}, "workshop_expected_guests_1_to_1000"),
        ({"measures_per_person": 0}, "workshop_measures_per_person_1"),
        ({"budget_once": -1}, "workshop_budget_once"),
        ({"budget_per_year": -1}, "workshop_budget_per_year"),
        (
            {"measures_per_person": 3, "is_rated_by_table": True},
            "workshop_by_table_or_per_person",
        ),
        ({"archived_at": MOMENT, "phase": "rating"}, "workshop_archived_is_quiet"),
        (
            {"archived_at": MOMENT, "is_door_open": True, "room_code": "CDFHJK"},
            "workshop_archived_is_quiet",
        ),
        ({"date": None}, "date"),
    ],
)
def test_a_workshop_outside_its_bounds_is_refused(workshop, changes, name):
    rows = Workshop.objects.filter(pk=workshop.pk)
    refused(lambda: rows.update(**changes), name=name)


@pytest.mark.parametrize(
    ("model", "changes", "name"),
    [
        (Municipality, {"name": ""}, "municipality_has_name"),
        (Municipality, {"official_key": "0733900"}, "municipality_key_has_8_digits"),
        (Municipality, {"official_key": "0733900x"}, "municipality_key_has_8_digits"),
        (Municipality, {"official_key": ""}, "municipality_key_has_8_digits"),
        (WorkshopMunicipality, {"seat": 0}, "workshop_at_most_3_municipalities"),
        (WorkshopMunicipality, {"seat": 4}, "workshop_at_most_3_municipalities"),
        (Membership, {"role": "king"}, "membership_role"),
        (ScaleStep, {"label": ""}, "scale_step_has_label"),
    ],
)
def test_a_value_outside_the_bounds_is_refused(workshop, model, changes, name):
    row = model.objects.order_by("pk").first()
    refused(lambda: model.objects.filter(pk=row.pk).update(**changes), name=name)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"step": 0}, "scale_step_1_to_10"),
        ({"step": 11}, "scale_step_1_to_10"),
        ({"criterion": "beauty"}, "scale_step_criterion"),
        ({"step": 1}, "scale_step_once"),
    ],
)
def test_a_step_of_the_scale_outside_the_bounds_is_refused(workshop, changes, name):
    last = workshop.scale_steps.filter(criterion="relevance", step=5)
    refused(lambda: last.update(**changes), name=name)


@pytest.mark.parametrize(
    ("before", "after"),
    [("preparing", "preparing"), ("preparing", "party"), ("", "rating")],
)
def test_the_log_knows_only_changes_between_phases(workshop, before, after):
    change = PhaseChange(workshop=workshop, before=before, after=after)
    refused(lambda: PhaseChange.objects.bulk_create([change]), name="phase_change_between_phases")


def test_what_may_stand_only_once_is_refused_twice(workshop, facilitator, participant):
    bingen = workshop.municipalities.get()
    other = Municipality.objects.create(name="Ingelheim", official_key="07339030")
    twice = {
        "membership_once": Membership(workshop=workshop, user=facilitator, role=Role.FACILITATOR),
        "group_name_once": ParticipantGroup(workshop=workshop, name="RAT"),
        "workshop_municipality_once": WorkshopMunicipality(
            workshop=workshop, municipality=bingen, seat=2
        ),
        "workshop_seat_once": WorkshopMunicipality(workshop=workshop, municipality=other, seat=1),
        "official_key": Municipality(name="Anders", official_key="07339030"),
        "participant_account_once": Participant(workshop=workshop, user=participant, name="Tom 2"),
        "user_email_once_in_any_case": User(email=facilitator.email.upper(), password="!"),
        "scale_step_once": ScaleStep(workshop=workshop, criterion="relevance", step=1, label="x"),
    }
    for name, row in twice.items():
        refused(lambda row=row: type(row).objects.bulk_create([row]), name=name)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"accent": "red"}, "look_accent"),
        ({"accent": "#00519E"}, "look_accent"),
        ({"logo": b"png", "logo_hash": "0123", "logo_alt": ""}, "look_logo_is_told"),
        ({"logo": b"png", "logo_alt": "Wappen"}, "look_logo_is_told"),
        ({"plain_language": "http://bingen.example"}, "look_plain_language_on_the_web"),
        ({"sign_language": "javascript:alert(1)"}, "look_sign_language_on_the_web"),
    ],
)
def test_a_look_that_could_not_be_shown_is_refused(workshop, changes, name):
    rows = Look.objects.filter(pk=Look.objects.create(municipality=Municipality.objects.get()).pk)
    refused(lambda: rows.update(**changes), name=name)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"kind": "terms"}, "legal_text_kind"),
        ({"language": "fr"}, "legal_text_language"),
        ({"body": ""}, "legal_text_has_words"),
    ],
)
def test_a_legal_text_outside_the_bounds_is_refused(workshop, changes, name):
    LegalText.objects.create(kind="imprint", body="Stadt")
    refused(lambda: LegalText.objects.update(**changes), name=name)


def test_one_look_is_the_installation_s_own_and_each_text_stands_once(workshop):
    bingen, other = Municipality.objects.get(), Municipality.objects.create(name="Ingelheim")
    Look.objects.create(municipality=bingen, is_own=True)
    for municipality in (bingen, None):
        LegalText.objects.create(municipality=municipality, kind="imprint", body="Stadt")
        LegalText.objects.create(municipality=municipality, kind="privacy", body="Stadt")
    twice = {
        "look_one_is_own": Look(municipality=other, is_own=True),
        "municipality_id": Look(municipality=bingen),
        "legal_text_once": LegalText(municipality=bingen, kind="imprint", body="Stadt"),
        "legal_text_of_the_site_once": LegalText(kind="imprint", body="Stadt"),
    }
    for name, row in twice.items():
        refused(lambda row=row: type(row).objects.bulk_create([row]), name=name)


def test_a_group_needs_a_name(workshop):
    workshop.groups.get(name="Rat").delete()
    refused(lambda: workshop.groups.update(name=""), name="group_has_name")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"user": None, "name": ""}, "participant_has_account_or_name"),
        ({"has_ballot": False, "ballot": "own"}, "participant_ballot_handed_out"),
    ],
)
def test_a_participant_has_a_name_and_no_ballot_that_was_not_handed_out(
    workshop, participant, ballots, changes, name
):
    changes = {k: ballots(1)[0] if v == "own" else v for k, v in changes.items()}
    refused(lambda: workshop.participants.update(**changes), name=name)


def test_two_guests_without_accounts_may_have_the_same_name(workshop):
    guests = [Participant(workshop=workshop, name="Gast") for _ in range(2)]
    Participant.objects.bulk_create(guests)
    assert workshop.participants.count() == 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"source": "fax"}, "ballot_source"), ({"secret_hash": "same"}, "secret_hash")],
)
def test_a_ballot_has_a_known_source_and_a_secret_of_its_own(workshop, ballots, changes, name):
    ballots(2)
    refused(lambda: workshop.ballots.update(**changes), name=name)


def test_a_personal_code_has_a_known_state_and_a_hash_of_its_own(workshop):
    codes = [JoinCode(workshop=workshop, code_hash=each) for each in "ab"]
    JoinCode.objects.bulk_create(codes)
    refused(lambda: workshop.join_codes.update(state="lost"), name="join_code_state")
    refused(lambda: workshop.join_codes.update(code_hash="a"), name="code_hash")


def test_the_same_names_are_free_in_another_workshop(workshop, other_workshop):
    groups = list(ParticipantGroup.objects.filter(name="Rat").values_list("workshop", flat=True))
    assert sorted(groups) == [workshop.pk, other_workshop.pk]


def test_a_table_has_a_name_of_its_own_and_none_that_is_removed_has_a_code(workshop):
    def add(name: str = "Tisch 1", **more) -> None:
        Table.objects.bulk_create([Table(workshop=workshop, name=name, **more)])

    add()
    refused(lambda: add("TISCH 1"), name="table_name_once")
    refused(lambda: add(""), name="table_has_name")
    refused(lambda: add(is_removed=True, code="CDFHJKLM"), name="removed_table_has_no_code")
    add(is_removed=True)
    add("Tisch 2", code="CDFHJKLM")
    refused(lambda: add("Tisch 3", code="CDFHJKLM"), name="code")


def test_a_deletion_has_a_reason_and_two_people(workshop, facilitator, stranger):
    deletion = Deletion.objects.create(
        workshop=workshop, title="W", date=workshop.date, reason="Vorbei", asked_by=facilitator,
        asked_at=MOMENT,
    )  # fmt: skip
    rows = Deletion.objects.filter(pk=deletion.pk)
    done = {"workshop": None, "confirmed_at": MOMENT}
    refused(lambda: rows.update(reason=""), name="deletion_has_reason")
    refused(lambda: rows.update(confirmed_by=facilitator, **done), name="deletion_by_four_eyes")
    refused(lambda: rows.update(confirmed_at=MOMENT), name="deletion_confirmed_is_done")
    refused(lambda: rows.update(workshop=None), name="deletion_confirmed_is_done")
    assert rows.update(confirmed_by=stranger, **done) == 1


def test_what_is_left_of_a_workshop_is_archived(workshop):
    rows = Workshop.objects.filter(pk=workshop.pk)
    refused(lambda: rows.update(reduced_at=MOMENT), name="workshop_reduced_is_archived")
    assert rows.update(reduced_at=MOMENT, archived_at=MOMENT) == 1


def test_every_constraint_of_this_app_is_tested_here():
    """A new constraint fails here until a test above names it."""
    text = Path(__file__).read_text("utf-8")
    names = {c.name for model in OWN for c in model._meta.constraints}
    assert {name for name in names if f'"{name}"' not in text} == set()


def test_a_valid_workshop_is_accepted(db):
    Workshop.objects.bulk_create([Workshop(title="x", date=date(2020, 1, 1), steps=10)])
    assert Workshop.objects.get().steps == 10
