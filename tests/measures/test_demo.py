"""The invented example: complete, the same on every machine, and never in production."""

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from fields.catalogue import NINE_FIELDS
from fields.models import ActionField, Goal
from measures.attachments.storing import bytes_of
from measures.committee.verifying import verify
from measures.demo import content
from measures.demo.build import build_demo
from measures.demo.days import as_of, last_working_day
from measures.demo.ratings import Opinion, draw_ballots
from measures.models import (
    PROFILE_FIELDS,
    Assessment,
    Attachment,
    Consensus,
    Cost,
    Decision,
    Indicator,
    Measure,
    PaperCount,
    Rating,
    Remark,
    Session,
    StatusEntry,
    Task,
)
from measures.overview import overview_of
from measures.transfer.headings import guess, ignored
from measures.transfer.reading import Table
from tests.databases import filled_by
from workshops.models import (
    Ballot,
    Membership,
    Municipality,
    Participant,
    PhaseChange,
    Role,
    User,
    Workshop,
)
from workshops.phases import Phase

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


@pytest.fixture
def run(settings):
    """Run the command with DEBUG on and return what it printed, in English."""

    def run(**options) -> str:
        settings.DEBUG = True
        printed = StringIO()
        with translation.override("en"):
            call_command("demo", stdout=printed, **options)
        return printed.getvalue()

    return run


def built() -> list[int]:
    return [row.pk for row in build_demo(with_ratings=True, today=TODAY)]


@pytest.fixture
def demo() -> list[Workshop]:
    return [Workshop.objects.get(pk=pk) for pk in filled_by(built)]


@pytest.fixture
def full_day(demo) -> Workshop:
    return demo[0]


@pytest.fixture
def try_out(demo) -> Workshop:
    return demo[1]


def everything() -> dict[str, list]:
    """Return all rows of all tables, histories included."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
    }


def all_steps(workshop: Workshop) -> list[tuple]:
    """Return the steps of all ratings, without any id that differs between two builds."""
    ratings = Rating.objects.filter(ballot__workshop=workshop)
    rows = ratings.values_list("ballot_id", "measure__number", "relevance", "feasibility")
    return sorted(rows, key=lambda row: row[:2])


# What is built ----------------------------------------------------------------------------------


def test_the_full_day_has_nine_fields_with_five_measures_each(full_day):
    fields = ActionField.objects.in_workshop(full_day).worked_on()
    measures = Measure.objects.in_workshop(full_day)
    assert tuple(field.name for field in fields) == NINE_FIELDS
    assert Counter(m.field.name for m in measures.standing()) == dict.fromkeys(NINE_FIELDS, 5)
    assert [(m.code, m.merged_into.code) for m in measures.exclude(merged_into=None)] == [
        ("M46", "M31")
    ]
    assert Counter(g.field.name for g in Goal.objects.in_workshop(full_day)) == {
        **dict.fromkeys(NINE_FIELDS, 1),
        "Digitale Infrastruktur": 2,
        "Bildung und Jugend": 2,
        "Kommunale Verwaltung": 2,
    }
    assert not Goal.objects.in_workshop(full_day).filter(indicator="").exists()
    assert measures.standing().filter(goal=None).count() == 2


def test_24_people_in_four_groups_hold_23_ballots(full_day):
    people = Participant.objects.filter(workshop=full_day)
    ballots = Ballot.objects.filter(workshop=full_day, ratings=None)
    sizes = {"Rat": 6, "Verwaltung": 6, "Vereine und Verbände": 6, "Bürgerinnen und Bürger": 6}
    assert Counter(person.group.name for person in people) == sizes
    assert Counter(ballot.group.name for ballot in ballots) == {
        **sizes,
        "Bürgerinnen und Bürger": 5,
    }
    assert min(Counter(b.group_id for b in ballots).values()) >= full_day.smallest_group
    assert [str(person) for person in people.filter(has_ballot=False)] == ["Tarek Teilnahme (Demo)"]
    assert not people.exclude(ballot=None).exists()


def test_ratings_paper_sheets_and_group_values_are_there(full_day):
    ratings = Rating.objects.filter(ballot__workshop=full_day)
    papers = PaperCount.objects.filter(measure__workshop=full_day)
    agreed = Consensus.objects.filter(measure__workshop=full_day)
    rows = overview_of(full_day).rows
    assert ratings.count() == 1006
    assert ratings.filter(relevance=None).count() == 14
    assert ratings.filter(feasibility=None).count() == 87
    assert sum(paper.count for paper in papers) == 2 * (11 + 9 + 9 + 7 + 9 + 9)
    assert papers.values("measure").distinct().count() == 6
    assert agreed.count() == 15
    assert len([row for row in rows if row.gap and row.gap >= 1]) == 5


def test_the_room_really_disagrees_about_some_measures(full_day):
    """In a uniform distribution van der Eijk's A is 0, between two camps it is negative."""
    disputed = {
        row.measure.code
        for row in overview_of(full_day).rows
        if min(row.result.relevance.agreement, row.result.feasibility.agreement) < 0.3
    }
    assert disputed == {"M4", "M11", "M19", "M25", "M28", "M32", "M35", "M39", "M43"}


def test_the_top_three_have_a_full_profile_and_nothing_else_has_one(full_day):
    rows = overview_of(full_day, profiles=True).rows
    top = {row.measure.code for row in rows if row.result.rank <= 3}
    assert (
        top
        == {row.measure.code for row in rows if row.measure.has_profile}
        == {
            "M21",
            "M31",
            "M41",
        }
    )
    measures = [row.measure for row in rows if row.measure.has_profile]
    assert all(getattr(measure, name) for measure in measures for name in PROFILE_FIELDS)


def test_every_quadrant_is_inhabited(full_day):
    quadrants = Counter(row.result.quadrant.value for row in overview_of(full_day).rows)
    assert quadrants == {"start": 19, "prepare": 13, "optional": 9, "park": 4}


def test_the_log_of_phases_follows_the_invented_day(full_day):
    changes = PhaseChange.objects.filter(workshop=full_day).order_by("at")
    assert [(c.after, c.by.email, c.at.date()) for c in changes] == [
        (phase, "moderation@demo.example", full_day.date)
        for phase in (Phase.COLLECTING, Phase.RATING, Phase.DELIBERATING)
    ]
    assert full_day.phase == Phase.DELIBERATING


def test_the_small_workshop_lets_the_demo_participant_rate(try_out):
    worked_on = ActionField.objects.in_workshop(try_out).worked_on()
    assert try_out.phase == Phase.RATING
    assert [field.name for field in worked_on] == ["Tourismus", "Alltagsleben"]
    assert Measure.objects.in_workshop(try_out).rateable().count() == 10
    assert try_out.ballots.count() == 8
    assert Rating.objects.filter(ballot__workshop=try_out).count() == 54
    assert Participant.objects.get(
        workshop=try_out, user__email=content.PARTICIPANT
    ).has_ballot is (False)


def test_every_workshop_says_that_it_is_invented(full_day):
    for workshop in Workshop.objects.all():
        assert "frei erfunden" in workshop.title
        assert "frei erfunden" in workshop.introduction


def test_every_text_fits_its_field(full_day):
    models = (Workshop, Municipality, ActionField, Goal, Measure, Participant, User)
    for model in (*models, Session, Decision, Remark, StatusEntry):
        for row in model.objects.all():
            row.full_clean()


# What followed ----------------------------------------------------------------------------------


def test_one_session_was_held_on_the_top_of_the_ranking_and_one_is_called(full_day):
    upcoming, past = Session.objects.in_workshop(full_day)
    assert [item.measure.code for item in past.items.all()] == [
        "M31", "M41", "M21", "M33", "M1", "M26", "M7", "M22", "M32", "M3",
    ]  # fmt: skip
    assert [str(item) for item in upcoming.items.all()] == [
        "Silberne Gesellschaft",
        "M32 Anträge vollständig online stellen",
        "M36 Beteiligungsportal für Planungen",
        "M37 Warnung vor Hochwasser und Starkregen je Straßenzug",
    ]
    assert [(s.committee, s.date, s.is_public) for s in (past, upcoming)] == [
        ("Ausschuss für Digitalisierung und IT (Beispiel)", date(2026, 10, 22), True),
        ("Ausschuss für Digitalisierung und IT (Beispiel)", date(2026, 12, 10), True),
    ]


def test_eight_decisions_are_published_one_of_them_corrected_and_one_is_pending(full_day):
    rows = Decision.objects.in_workshop(full_day)
    standing = rows.published().standing(with_pending=False).order_by("pk")
    assert [(row.measure.code, row.outcome) for row in standing] == [
        ("M31", "accepted"), ("M41", "accepted"), ("M21", "accepted"), ("M33", "amended"),
        ("M1", "accepted"), ("M7", "rejected"), ("M32", "deferred"), ("M26", "accepted"),
    ]  # fmt: skip
    [corrected] = rows.exclude(correction=None)
    assert (corrected.measure.code, corrected.votes_for) == ("M26", 7)
    [pending] = rows.pending()
    assert (pending.measure.code, pending.decided_on) == ("M3", date(2026, 10, 22))


def test_every_decision_is_as_it_was_recorded(full_day):
    rows = Decision.objects.in_workshop(full_day)
    report = verify(full_day)
    assert (report.decisions, report.wrong, report.notes) == (10, [], [])
    kinds = ["recorded"] * 8 + ["published", "recorded", "published", "recorded"]
    assert [seal.kind for seal in report.seals] == kinds
    assert {row.frozen["ranking"]["rank"] for row in rows} == {1, 2, 3, 4, 5, 6, 7, 9, 10}
    assert all(row.frozen["ranking"]["range"] for row in rows)


def test_one_question_is_answered_and_released_and_one_is_open(full_day):
    rows = Remark.objects.in_workshop(full_day)
    assert [(row.kind, bool(row.answer), row.is_closed, row.is_released) for row in rows] == [
        ("question", True, True, True),
        ("question", False, False, False),
        ("remark", False, False, False),
    ]


def test_what_was_accepted_is_on_its_way_in_every_state_but_stopped(full_day):
    newest = {}
    for entry in StatusEntry.objects.in_workshop(full_day).order_by("date", "pk"):
        newest[entry.measure.code] = (entry.state, entry.percent)
    assert newest == {
        "M31": ("running", 45), "M41": ("done", 100), "M21": ("delayed", None),
        "M1": ("running", 40), "M26": ("not_started", 0),
    }  # fmt: skip
    late = StatusEntry.objects.get(state="delayed")
    assert late.next_due < TODAY


def test_the_full_day_has_a_public_page_and_the_try_out_has_none(full_day, try_out):
    assert (full_day.is_public, try_out.is_public) == (True, False)


# Whatever day it is ------------------------------------------------------------------------------


def test_on_every_day_for_years_the_story_lies_behind_and_the_next_session_ahead():
    story = content.COMMITTEE
    happened = [
        content.WORKSHOPS["full"]["workshop"]["date"],
        story["past"]["date"],
        story["past"]["published"],
        story["correction"]["recorded"],
        story["correction"]["published"],
        story["pending"]["recorded"],
        *(text["day"] for text in story["remarks"]),
        *(text["date"] for text in story["reports"]),
    ]
    wrong = []
    for number in range(3000):
        today = date(2026, 1, 1) + timedelta(days=number)
        ahead = as_of(story["upcoming"]["date"], today)
        behind = [as_of(day, today) for day in happened]
        rated = last_working_day(today)
        if not (max(behind) < today < ahead and ahead.weekday() == 3 and behind[0].weekday() == 1):
            wrong.append(today)
        if not (today - timedelta(days=3) <= rated < today and rated.weekday() < 5):
            wrong.append(today)
    assert wrong == []


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2028, 2, 29), date(2029, 4, 1)])
def test_nothing_is_dated_in_the_future_but_what_is_planned(today):
    build_demo(with_ratings=True, today=today)
    midnight = datetime.combine(today, time(), content.ZONE)
    moments = {
        PhaseChange: ["at"], Decision: ["at", "published_at"], StatusEntry: ["at"],
        Remark: ["at", "answered_at"],
    }  # fmt: skip
    days = {Workshop: ["date"], Decision: ["decided_on"], StatusEntry: ["date"]}
    late = {
        (model.__name__, name): model.objects.filter(**{f"{name}__gte": limit}).count()
        for columns, limit in ((moments, midnight), (days, today))
        for model, names in columns.items()
        for name in names
    }
    assert late == dict.fromkeys(late, 0)
    assert [session.date > today for session in Session.objects.order_by("date")] == [False, True]
    [overdue] = StatusEntry.objects.filter(state="delayed")
    assert overdue.next_due < today


def years_in_the_words() -> set[str]:
    texts = [
        *Goal.objects.values_list("text", flat=True),
        *Decision.objects.values_list("reason", flat=True),
        *Decision.objects.values_list("budget_note", flat=True),
        *Remark.objects.values_list("text", flat=True),
    ]
    return {year for text in texts for year in re.findall(r"20\d\d", text)}


def test_years_in_the_words_follow_the_day(demo):
    assert years_in_the_words() == {"2027", "2029", "2032"}


def test_years_in_the_words_follow_another_day():
    build_demo(with_ratings=True, today=date(2031, 2, 1))
    assert years_in_the_words() == {"2031", "2033", "2036"}


def test_built_on_one_day_it_stays_as_it_is_on_every_other(demo):
    before = everything()
    build_demo(with_ratings=True, today=date(2030, 7, 1))
    assert (Workshop.objects.count(), everything() == before) == (2, True)


# The files --------------------------------------------------------------------------------------


def test_the_file_of_measures_holds_nothing_but_columns_of_our_own_import():
    headers = content.measures(TODAY, NINE_FIELDS).headers
    assert ignored(headers, guess(headers)) == []


def test_a_cell_that_does_not_fit_stops_the_build_and_is_named(monkeypatch):
    headers = ("Handlungsfeld", "Maßnahme", "Umsetzungszeit")
    table = Table(headers, {2: ("Tourismus", "Fähre", "bald"), 3: ("", "Boot", "kurz")})
    monkeypatch.setattr(content, "measures", lambda *_everything: table)
    with pytest.raises(ValueError) as caught, translation.override("en"):
        build_demo(with_ratings=True)
    assert str(caught.value) == (
        "Row 3, column “Handlungsfeld”: The action field is missing.\n"
        "“bald” is no implementation time (row 2)."
    )


# Accounts ---------------------------------------------------------------------------------------


def test_there_is_an_account_for_each_role(full_day):
    roles = {m.user.email: m.role for m in Membership.objects.filter(workshop=full_day)}
    assert roles == {
        "moderation@demo.example": Role.FACILITATOR,
        "verwaltung@demo.example": Role.ADMINISTRATION,
        "gremium@demo.example": Role.COMMITTEE,
    }
    admins = User.objects.filter(is_staff=True, is_superuser=True)
    assert [user.email for user in admins] == ["admin@demo.example"]
    creators = [u.email for u in User.objects.all() if u.has_perm("workshops.add_workshop")]
    assert creators == ["admin@demo.example", "moderation@demo.example"]
    proven = EmailAddress.objects.filter(verified=True, primary=True)
    assert {address.email for address in proven} == {row[0] for row in content.ACCOUNTS}


def test_the_printed_password_opens_every_account(run):
    assert run().splitlines()[-5:] == [
        "  moderation@demo.example  werkstatt-demo-2020",
        "  verwaltung@demo.example  werkstatt-demo-2020",
        "  gremium@demo.example     werkstatt-demo-2020",
        "  teilnahme@demo.example   werkstatt-demo-2020",
        "  admin@demo.example       werkstatt-demo-2020",
    ]
    for email, _name, _role in content.ACCOUNTS:
        assert authenticate(None, email=email, password="werkstatt-demo-2020").email == email


def test_a_password_given_later_replaces_the_old_one(run):
    run()
    assert "something-of-my-own" in run(password="something-of-my-own")
    assert authenticate(None, email=content.ADMIN, password="something-of-my-own") is not None
    assert authenticate(None, email=content.ADMIN, password="werkstatt-demo-2020") is None


def test_an_empty_password_is_refused(run):
    with pytest.raises(CommandError, match=r"^The password must not be empty\.$"):
        run(password=" ")
    assert not User.objects.exists()


# Running it -------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing_and_says_so(run):
    first, before = run(), everything()
    second = run()
    assert everything() == before
    assert first.splitlines()[0] == "The example has been built. Everything in it is invented."
    assert second.splitlines()[0] == "The example is there already; its data was not changed."


def test_a_second_run_knows_an_example_that_somebody_edited(run, full_day):
    full_day.title = "Unser Versuch"
    full_day.save()
    Measure.objects.in_workshop(full_day).filter(number=1).update(title="Anders", is_removed=True)
    before = everything()
    run(empty=True)
    assert everything() == before


def test_the_addresses_of_both_workshops_are_printed(run):
    printed = run(address="http://werkstatt.example:8001/").splitlines()
    full_day, try_out = Workshop.objects.order_by("pk")
    assert f"  http://werkstatt.example:8001/workshops/{full_day.pk}/  {full_day.title}" in printed
    assert f"  http://werkstatt.example:8001/workshops/{try_out.pk}/  {try_out.title}" in printed


def test_empty_means_everything_but_ratings(run):
    run(empty=True)
    for model in (Ballot, Rating, PaperCount, Consensus, Session, Decision, Remark, StatusEntry):
        assert model.objects.count() == 0
    assert not Workshop.objects.filter(is_public=True).exists()
    assert Measure.objects.count() == 46 + 10
    assert {workshop.phase for workshop in Workshop.objects.all()} == {Phase.RATING}
    assert not Participant.objects.filter(has_ballot=True).exists()
    assert "Telefon" not in Workshop.objects.earliest("pk").introduction


def test_it_refuses_on_a_production_setting(settings):
    settings.DEBUG = False
    with translation.override("en"), pytest.raises(CommandError, match="unless DEBUG is true"):
        call_command("demo")
    assert not User.objects.exists()
    assert not Workshop.objects.exists()


def test_a_failure_leaves_nothing_behind(run, monkeypatch):
    monkeypatch.setattr("measures.demo.build._count_paper", lambda *_everything: 1 / 0)
    before = everything()
    with pytest.raises(ZeroDivisionError):
        run()
    assert everything() == before


# The ratings themselves -------------------------------------------------------------------------


def test_two_builds_have_the_same_ratings():
    seen = []
    for _build in range(2):
        with transaction.atomic():
            seen.append([_steps(workshop) for workshop in build_demo(with_ratings=True)])
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def _steps(workshop):
    """What every ballot chose, without the ballots' ids: they are new at every closing."""
    ballots = {}
    for ballot, *steps in all_steps(workshop):
        ballots.setdefault(ballot, []).append(steps)
    return sorted(ballots.values(), key=str)


def test_drawn_steps_stay_on_the_scale_whatever_the_opinion():
    ballots = draw_ballots([Opinion(9, -9)], {"Rat": 50}, seed="edge", skipped=0)
    answers = {ballot.answers[0] for ballot in ballots}
    assert answers <= {(5, 1), (None, 1), (5, None), (None, None)}
    assert len({ballot.id for ballot in ballots}) == 50


def test_another_seed_draws_other_ratings():
    one, other = (
        [b.answers for b in draw_ballots([Opinion(3, 3)] * 20, {"Rat": 5}, seed=seed, skipped=0)]
        for seed in ("one", "other")
    )
    assert one != other


def test_money_indicators_and_tasks_are_there(full_day):
    costs = Cost.objects.in_workshop(full_day)
    assert (full_day.budget_once, full_day.budget_per_year) == (80_000, 15_000)
    assert Counter(cost.kind for cost in costs) == {"once": 7, "per_year": 2}
    assert sum(cost.amount for cost in costs if cost.kind == "once") == 152_500
    indicators = Indicator.objects.in_workshop(full_day).order_by("pk")
    values = [[entry.value for entry in each.entries.order_by("day")] for each in indicators]
    assert values == [[25, 45], [95]]
    tasks = Task.objects.in_workshop(full_day)
    assert Counter(task.done_on is not None for task in tasks) == {True: 1, False: 2}


def test_what_the_administration_holds_and_has_attached_is_there(full_day):
    held = Assessment.objects.filter(measure__workshop=full_day)
    assert [(each.relevance, each.feasibility) for each in held.order_by("pk")] == [
        (5, 5), (3, 5), (4, 2), (5, 1), (5, 4),
    ]  # fmt: skip
    files = Attachment.objects.filter(workshop=full_day).order_by("pk")
    assert [(each.name, each.kind, each.is_released) for each in files] == [
        ("Lageplan der Standorte.pdf", "pdf", True),
        ("Tischvorlage.pdf", "pdf", False),
    ]
    assert [b"".join(bytes_of(each))[:5] for each in files] == [b"%PDF-"] * 2
