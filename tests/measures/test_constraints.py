"""What the database itself refuses of fields, goals, measures and ratings."""

import uuid
from datetime import date, time
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.deletion import RestrictedError
from django.utils import timezone

from fields.models import ActionField, Goal
from measures.followup.links import make_link
from measures.models import (
    AgendaItem,
    Assessment,
    Attachment,
    AttachmentPart,
    CalendarAddress,
    CarriedNote,
    Consensus,
    Cost,
    CostShare,
    Decision,
    DistinctPair,
    FormerWording,
    Front,
    Idea,
    Indicator,
    IndicatorEntry,
    Measure,
    Offer,
    PaperCount,
    PublicRecord,
    Rating,
    Remark,
    Reminder,
    ReportLink,
    Round,
    SavedView,
    Seal,
    Session,
    Slot,
    StatusEntry,
    Task,
)
from tests.deciding import SESSION_DAY, decide, hold
from tests.files import attach
from tests.rating import agree_on, count_paper, save_rating

OWN = (
    ActionField, Goal, Measure, Round, Offer, Rating, Consensus, PaperCount, StatusEntry, Reminder,
    Session, AgendaItem, Remark, Decision, Seal, FormerWording,
    DistinctPair, SavedView, Idea, Front, Slot, ReportLink, Assessment,
    Attachment, AttachmentPart, Cost, CostShare, Indicator, IndicatorEntry,
    Task, CarriedNote, CalendarAddress, PublicRecord,
)  # fmt: skip


def refused(work, *, name: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
    assert name in str(caught.value) or "UNIQUE constraint failed" in str(caught.value)


@pytest.fixture
def rows(workshop, measure, ballots) -> None:
    """One row of everything."""
    [ballot] = ballots(1)
    save_rating(ballot, measure, relevance=3, feasibility=3)
    agree_on(measure, relevance=3, feasibility=3)
    count_paper(measure, criterion="relevance", step=3, count=1)
    attach(measure, workshop=workshop)
    Assessment.objects.create(
        measure=measure, relevance=4, feasibility=2, reason="Teuer", office="Amt 1",
        day=date(2020, 10, 1), client_id=uuid.uuid4(),
    )  # fmt: skip
    StatusEntry.objects.create(
        measure=measure,
        date=date(2021, 3, 1),
        state="running",
        sentence="Router bestellt",
        client_id=uuid.uuid4(),
    )
    Reminder.objects.create(
        day=date(2021, 3, 1), recipient="moderation@bingen.example", workshop=workshop
    )
    session = Session.objects.create(workshop=workshop, committee="Rat", date=date(2020, 11, 3))
    AgendaItem.objects.create(session=session, measure=measure)
    AgendaItem.objects.create(session=session, field=measure.field)
    Remark.objects.create(measure=measure, text="Wer zahlt?", client_id=uuid.uuid4())
    FormerWording.objects.create(measure=measure, title="W-LAN")
    other = Measure.objects.create(workshop=workshop, field=measure.field, title="WLAN im Bus")
    DistinctPair.objects.create(first=measure, second=other)
    SavedView.objects.create(workshop=workshop, name="Kurz", place=1, is_start=True)
    Front.objects.create(workshop=workshop, code="CDFHJKLM")
    Slot.objects.create(workshop=workshop, start=time(9), minutes=20, text="Begrüßen")
    Idea.objects.create(field=measure.field, text="WLAN überall")
    cost = Cost.objects.create(measure=measure, purpose="Router", amount=9, client_id=uuid.uuid4())
    CostShare.objects.create(cost=cost, municipality=workshop.municipalities.get(), amount=5)
    row = Indicator.objects.create(measure=measure, name="Hotspots", client_id=uuid.uuid4())
    IndicatorEntry.objects.create(
        indicator=row, day=date(2021, 3, 1), value=7, client_id=uuid.uuid4()
    )
    Task.objects.create(measure=measure, text="Angebote", client_id=uuid.uuid4())
    CarriedNote.objects.create(
        measure=measure, number=1, workshop_title="Vorher", workshop_date=date(2019, 9, 8)
    )
    CalendarAddress.objects.create(workshop=workshop, secret_hash="0f" * 32)


@pytest.mark.parametrize(
    ("model", "changes", "name"),
    [
        (Goal, {"text": ""}, "goal_has_text"),
        (Idea, {"text": ""}, "idea_has_text"),
        (Session, {"quorum": 0}, "session_quorum_fits_seats"),
        (Session, {"seats": 9, "quorum": 10}, "session_quorum_fits_seats"),
        (Measure, {"number": 0}, "measure_number_from_1"),
        (Measure, {"title": ""}, "measure_has_title"),
        (Measure, {"time_horizon": "soon"}, "measure_time_horizon"),
        (Measure, {"time_horizon": ""}, "measure_time_horizon"),
        (Task, {"text": ""}, "task_has_text"),
        (CarriedNote, {"state": "running"}, "carried_note_whole_or_none"),
        (CarriedNote, {"sentence": "Läuft."}, "carried_note_whole_or_none"),
        (CarriedNote, {"percent": 40}, "carried_note_whole_or_none"),
        (
            CarriedNote,
            {"state": "asleep", "sentence": "Ruht.", "date": date(2019, 9, 8)},
            "carried_note_whole_or_none",
        ),
        (
            CarriedNote,
            {"state": "done", "sentence": "Ja.", "date": date(2019, 9, 8), "percent": 101},
            "carried_note_percent",
        ),
        (CalendarAddress, {"secret_hash": "geheim"}, "calendar_secret_is_hashed"),
        (FormerWording, {"title": ""}, "former_wording_has_title"),
        (Front, {"screen": "ranking"}, "front_screen"),
        (Front, {"theme": "pink"}, "front_theme"),
        (Front, {"ends_at": "2026-11-30T09:00Z", "left": 60}, "front_timer_runs_or_stands"),
        (Cost, {"purpose": ""}, "cost_has_purpose"),
        (Cost, {"kind": "monthly"}, "cost_kind"),
        (Cost, {"amount": -1}, "cost_amount"),
        (Cost, {"funder": "Land", "funded_amount": 10}, "cost_funded_within_amount"),
        (Cost, {"funder": "Land", "funded_amount": 0}, "cost_funded_within_amount"),
        (Cost, {"funder": "Land", "funded_percent": 0}, "cost_funded_percent"),
        (Cost, {"funder": "Land", "funded_percent": 101}, "cost_funded_percent"),
        (Cost, {"funder": "Land"}, "cost_funder_with_one_share"),
        (Cost, {"funded_amount": 5}, "cost_funder_with_one_share"),
        (Cost, {"funder": "Land", "funded_amount": 5, "funded_percent": 5}, "cost_funder_with"),
        (CostShare, {"amount": 0}, "cost_share_amount"),
        (Indicator, {"name": ""}, "indicator_has_name"),
        (Indicator, {"baseline": 5}, "indicator_baseline_with_day"),
        (Indicator, {"target_on": "2030-01-01"}, "indicator_target_with_day"),
        (
            Indicator,
            {
                "baseline": 1,
                "baseline_on": "2030-01-01",
                "target": 5,
                "target_on": "2030-01-01",
            },
            "indicator_target_after_baseline",
        ),
        (IndicatorEntry, {"value": None}, "indicator_entry_without_value_says_why"),
        (Slot, {"minutes": 0}, "slot_1_to_600_minutes"),
        (Slot, {"minutes": 601}, "slot_1_to_600_minutes"),
        (Slot, {"text": ""}, "slot_has_text"),
        (SavedView, {"name": ""}, "saved_view_has_name"),
        (SavedView, {"place": 0}, "saved_view_1_to_20"),
        (SavedView, {"place": 21}, "saved_view_1_to_20"),
        (Measure, {"merged_into": F("pk")}, "measure_not_merged_into_itself"),
        (Measure, {"is_removed_with_field": True}, "measure_with_field_is_removed"),
        (Goal, {"is_removed_with_field": True}, "goal_with_field_is_removed"),
        (DistinctPair, {"first": F("second")}, "distinct_pair_in_one_order"),
        (Rating, {"relevance": 0}, "rating_relevance"),
        (Rating, {"relevance": 11}, "rating_relevance"),
        (Rating, {"feasibility": 0}, "rating_feasibility"),
        (Rating, {"feasibility": 11}, "rating_feasibility"),
        (Consensus, {"relevance": 11}, "consensus_relevance"),
        (Consensus, {"feasibility": 0}, "consensus_feasibility"),
        (PaperCount, {"step": 0}, "paper_count_step"),
        (PaperCount, {"step": 11}, "paper_count_step"),
        (PaperCount, {"criterion": "beauty"}, "paper_count_criterion"),
        (PaperCount, {"count": 0}, "paper_count_from_1"),
        (Round, {"number": 0}, "round_1_to_9"),
        (Round, {"number": 10}, "round_1_to_9"),
        (Round, {"state": "forgotten"}, "round_state"),
        (Round, {"state": "set_aside"}, "round_set_aside_with_reason"),
        (Round, {"reason": "Probe"}, "round_set_aside_with_reason"),
        (
            Round,
            {"state": "shown", "smallest_room": 3, "reason": "Probe"},
            "round_set_aside_with_reason",
        ),
        (Round, {"state": "shown"}, "round_shown_with_its_minimum"),
        (Round, {"closes_at": "2020-09-08T15:00Z"}, "round_closes_while_open"),
        (Rating, {"round": None}, "round"),
        (PaperCount, {"round": None}, "round"),
        (Consensus, {"round": None}, "round"),
        (Attachment, {"measure": None}, "attachment_of_one"),
        (Attachment, {"kind": "exe"}, "attachment_kind"),
        (Attachment, {"name": ""}, "attachment_has_name"),
        (Attachment, {"size": 0}, "attachment_not_empty"),
        (Attachment, {"added_as": "committee"}, "attachment_added_by_an_editor"),
        (Assessment, {"relevance": 0}, "assessment_relevance_on_scale"),
        (Assessment, {"feasibility": 11}, "assessment_feasibility_on_scale"),
        (Assessment, {"reason": ""}, "assessment_has_reason"),
        (Assessment, {"office": ""}, "assessment_has_office"),
        (Assessment, {"office": "vera@bingen.example"}, "assessment_by_an_office"),
        (StatusEntry, {"state": "asleep"}, "status_state"),
        (StatusEntry, {"sentence": ""}, "status_has_sentence"),
        (StatusEntry, {"percent": 101}, "status_percent"),
        (StatusEntry, {"state": "done", "percent": 99}, "status_percent_fits_state"),
        (StatusEntry, {"state": "not_started", "percent": 1}, "status_percent_fits_state"),
        (StatusEntry, {"next_due": date(2021, 2, 28)}, "status_due_not_before_date"),
        (StatusEntry, {"evidence": "javascript:alert(1)"}, "status_evidence_on_the_web"),
        (StatusEntry, {"office": "Bauamt"}, "status_by_link_or_account"),
        (Session, {"committee": ""}, "session_has_committee"),
        (Session, {"date": date(1999, 12, 31)}, "session_not_before_2000"),
        (Session, {"seats": 0}, "session_seats"),
        (Session, {"seats": 201}, "session_seats"),
        (AgendaItem, {"measure": None, "field": None}, "agenda_measure_or_field"),
        (Remark, {"text": ""}, "remark_has_text"),
        (Remark, {"kind": "order"}, "remark_kind"),
        (Remark, {"answer": "Ja."}, "remark_answer_has_its_time"),
        (Remark, {"answered_at": "2020-11-03T18:00Z"}, "remark_answer_has_its_time"),
    ],
)
def test_a_value_outside_the_bounds_is_refused(rows, model, changes, name):
    refused(lambda: model.objects.update(**changes), name=name)


def test_a_published_record_is_there_once_per_language(workshop):
    def keep(**columns):
        row = {"workshop": workshop, "language": "de", "measures": 1, "decided": 1} | columns
        return PublicRecord.objects.create(**row, pages="{}")

    refused(lambda: keep(decided=2), name="record_decides_on_its_measures")
    keep()
    refused(keep, name="record_once_per_language")
    keep(language="en")


def test_a_field_needs_a_name(workshop, field):
    rows = ActionField.objects.filter(pk=field.pk)
    refused(lambda: rows.update(name=""), name="field_has_name")


def test_what_may_stand_only_once_is_refused_twice(rows, workshop, field, measure):
    rating, round, again = Rating.objects.get(), Round.objects.get(), measure.client_id
    twice = {
        "field_name_once": ActionField(workshop=workshop, name="ALLTAGSLEBEN"),
        "measure_number_once": Measure(workshop=workshop, field=field, title="x", number=1),
        "measure_client_id_once": Measure(
            workshop=workshop, field=field, title="x", number=9, client_id=again
        ),
        "round_number_once": Round(workshop=workshop, number=1, state="shown", smallest_room=3),
        "round_one_unsettled": Round(workshop=workshop, number=2, state="open"),
        "offer_once": Offer(round=round, measure=measure),
        "measure_id": Rating(ballot=rating.ballot, measure=measure, round=round),
        "consensus_once_per_round": Consensus(measure=measure, round=round),
        "paper_count_once": PaperCount(
            measure=measure, criterion="relevance", step=3, count=2, round=round
        ),
        "attachment_part_once": AttachmentPart(
            attachment=Attachment.objects.get(), place=0, content=b"x"
        ),
        "client_id": StatusEntry(
            measure=measure,
            date=date(2021, 3, 2),
            state="done",
            sentence="x",
            client_id=StatusEntry.objects.get().client_id,
        ),
        "reminder_once_per_day": Reminder(
            day=date(2021, 3, 1), recipient="moderation@bingen.example", workshop=workshop
        ),
        "agenda_measure_once": AgendaItem(session=Session.objects.get(), measure=measure),
        "distinct_pair_once": DistinctPair(first=measure, second=DistinctPair.objects.get().second),
        "agenda_field_once": AgendaItem(session=Session.objects.get(), field=field),
        "saved_view_name_once": SavedView(workshop=workshop, name="KURZ", place=2),
        "saved_view_place_once": SavedView(workshop=workshop, name="Lang", place=1),
        "cost_share_once": CostShare(
            cost=Cost.objects.get(), municipality=workshop.municipalities.get(), amount=1
        ),
        "indicator_name_once": Indicator(measure=measure, name="Hotspots", client_id=uuid.uuid4()),
        "saved_view_one_start": SavedView(workshop=workshop, name="Neu", place=3, is_start=True),
    }
    for name, row in twice.items():
        refused(lambda row=row: type(row).objects.bulk_create([row]), name=name)


def test_an_agenda_item_is_not_both_measure_and_field(rows, field):
    measures = AgendaItem.objects.exclude(measure=None)
    tourism = ActionField.objects.get(name="Tourismus")
    refused(lambda: measures.update(field=tourism), name="agenda_measure_or_field")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"outcome": "tabled"}, "decision_outcome"),
        ({"reason": ""}, "decision_has_reason"),
        ({"outcome": "amended"}, "decision_wording_if_amended"),
        ({"wording": "Nur am Bahnhof"}, "decision_wording_if_amended"),
        ({"outcome": "deferred"}, "decision_deferred_until"),
        ({"deferred_until": date(2021, 1, 1)}, "decision_deferred_until"),
        ({"outcome": "deferred", "deferred_until": SESSION_DAY}, "decision_deferred_to_later"),
        ({"due_date": date(2020, 10, 21)}, "decision_due_not_before_session"),
        ({"votes_for": 1}, "decision_votes_all_or_none"),
        ({"votes_against": 0, "votes_abstained": 0}, "decision_votes_all_or_none"),
        ({"votes_for": 5, "votes_against": 3, "votes_abstained": 2}, "decision_votes_fit_seats"),
        (
            {"votes_for": 0, "votes_against": 1, "votes_abstained": 200, "seats": None},
            "decision_votes_fit_seats",
        ),
        ({"publication": None}, "decision_publication_is_sealed"),
        ({"published_at": None}, "decision_publication_is_sealed"),
        ({"outcome": "referred"}, "decision_referred_to"),
        ({"referred_to": "Rat"}, "decision_referred_to"),
        ({"correction_reason": "x"}, "decision_reason_of_correction"),
        ({"excluded_names": "Frau Kunz"}, "decision_names_of_excluded"),
        ({"present": 3, "quorum": 4}, "decision_has_quorum"),
        ({"present": 10}, "decision_present_fit_seats"),
        (
            {"present": 5, "excluded": 2}
            | {"votes_for": 4, "votes_against": 0, "votes_abstained": 0},
            "decision_votes_fit_present",
        ),
    ],
)
def test_a_decision_that_contradicts_itself_is_refused(workshop, measure, changes, name):
    decide(hold(workshop, measure, seats=9), measure)
    refused(lambda: Decision.objects.update(**changes), name=name)


@pytest.mark.parametrize("seats", [9, None])
def test_a_decision_at_the_borders_is_accepted(workshop, measure, seats):
    decide(hold(workshop, measure, seats=seats), measure)
    votes = {"votes_for": seats or 200, "votes_against": 0, "votes_abstained": 0}
    assert Decision.objects.update(due_date=SESSION_DAY, **votes) == 1


def test_a_session_decides_once_on_a_measure_and_an_entry_is_corrected_once(workshop, measure):
    session = hold(workshop, measure)
    first = decide(session, measure)
    decide(session, measure, corrects=first)
    refused(lambda: decide(session, measure), name="decision_once_per_session")
    refused(lambda: decide(session, measure, corrects=first), name="corrects")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"position": 0}, "seal_continues_the_one_before"),
        ({"previous": ""}, "seal_continues_the_one_before"),
        ({"position": 1, "previous": ""}, "seal_position_once"),
        ({"kind": "assessed"}, "seal_kind"),
        ({"value": "F" * 64}, "seal_has_value"),
        ({"value": "0" * 63}, "seal_has_value"),
        ({"key_id": ""}, "seal_has_value"),
    ],
)
def test_a_seal_out_of_its_place_or_without_a_value_is_refused(workshop, measure, changes, name):
    decide(hold(workshop, measure), measure)
    last = Seal.objects.filter(kind="published")
    refused(lambda: last.update(**changes), name=name)


def test_no_two_entries_share_a_seal_and_none_is_without(workshop, measure, measure_two):
    session = hold(workshop, measure, measure_two)
    first, second = decide(session, measure), decide(session, measure_two)
    rows = Decision.objects.filter(pk=second.pk)
    refused(lambda: rows.update(seal=first.seal), name="seal_id")
    with pytest.raises(IntegrityError, match="(?i)not.null"), transaction.atomic():
        rows.update(seal=None)


def test_a_seal_is_neither_changed_nor_deleted(workshop, measure):
    seal = decide(hold(workshop, measure), measure).seal
    for work in (seal.save, seal.delete):
        with pytest.raises(TypeError, match="the chain only grows"):
            work()


def test_a_remark_sent_twice_is_stored_once(rows, measure):
    again = Remark(measure=measure, text="x", client_id=Remark.objects.get().client_id)
    refused(lambda: Remark.objects.bulk_create([again]), name="client_id")


def test_sheets_without_a_step_and_without_a_group_are_counted_once_too(rows, measure):
    row = {"measure": measure, "criterion": "relevance", "step": None, "count": 1}
    row["round"] = Round.objects.get()
    PaperCount.objects.bulk_create([PaperCount(**row)])
    refused(lambda: PaperCount.objects.bulk_create([PaperCount(**row)]), name="paper_count_once")


@pytest.mark.parametrize("model", [Measure, Goal, ActionField])
def test_what_was_rated_or_written_into_cannot_be_deleted_by_the_way(rows, goal, model):
    with pytest.raises(IntegrityError):
        model.objects.all().delete()


def test_a_measure_of_an_unknown_field_is_refused(measure):
    measures = Measure.objects.filter(pk=measure.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        measures.update(field_id=10**9)
        # PostgreSQL and SQLite check references when the transaction ends.
        connection.check_constraints()


def test_cannot_judge_and_every_step_are_accepted(rows):
    for value in (None, *range(1, 11)):
        assert Rating.objects.update(relevance=value, feasibility=value) == 1


@pytest.mark.parametrize(
    ("state", "percent"),
    [("not_started", 0), ("running", 0), ("delayed", 99), ("stopped", 40), ("done", 100)],
)
def test_a_share_that_fits_its_state_is_accepted_and_none_always_is(rows, state, percent):
    for each in (percent, None):
        assert StatusEntry.objects.update(state=state, percent=each) == 1


def test_a_status_entry_is_neither_changed_nor_deleted(rows):
    entry = StatusEntry.objects.get()
    for work in (entry.save, entry.delete):
        with pytest.raises(TypeError):
            work()
    assert StatusEntry.objects.get().sentence == "Router bestellt"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"nonce": ""}, "report_link_has_nonce"),
        ({"expires_at": F("made_at")}, "report_link_ends_later"),
    ],
)
def test_a_link_to_report_has_something_to_be_made_of_and_ends(workshop, measure, changes, name):
    decision = decide(hold(workshop, measure), measure, has_basis=False)
    link = make_link(decision, by=None, now=timezone.now())
    refused(lambda: ReportLink.objects.filter(pk=link.pk).update(**changes), name=name)


def test_two_ballots_may_rate_the_same_measure(rows, measure, ballots):
    shared = {"measure": measure, "round": Round.objects.get()}
    Rating.objects.bulk_create([Rating(ballot=ballot, **shared) for ballot in ballots(2)])
    assert Rating.objects.count() == 3


def test_the_same_ballot_may_rate_a_measure_again_in_another_round(rows, workshop, measure):
    Round.objects.update(state="shown", smallest_room=3)
    again = Round.objects.create(workshop=workshop, number=2)
    ballot = Rating.objects.get().ballot
    Rating.objects.bulk_create([Rating(ballot=ballot, measure=measure, round=again)])
    Consensus.objects.bulk_create([Consensus(measure=measure, round=again)])
    sheets = PaperCount(measure=measure, criterion="relevance", step=3, count=1, round=again)
    PaperCount.objects.bulk_create([sheets])
    assert (Rating.objects.count(), Consensus.objects.count(), PaperCount.objects.count()) == (
        2, 2, 2,
    )  # fmt: skip


def test_a_round_with_ratings_is_not_deleted_without_its_workshop(rows):
    with pytest.raises(RestrictedError):
        Round.objects.all().delete()
    assert Rating.objects.count() == 1


def test_every_constraint_is_tested_here():
    """A new constraint fails here until a test above names it."""
    text = Path(__file__).read_text("utf-8")
    names = {constraint.name for model in OWN for constraint in model._meta.constraints}
    assert {name for name in names if f'"{name}"' not in text} == set()
