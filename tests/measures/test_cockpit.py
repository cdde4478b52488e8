"""The cockpit: the whole day on one page, each step with a check, and nothing that tells a vote."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from measures.hall import marks
from measures.hall.cockpit import cockpit_context
from measures.hall.plan import lines_of, next_change
from measures.hall.screens import day_of
from measures.models import Front, Session, Slot
from measures.rating import rounds
from measures.rating.turnout import turnout_of
from tests.people import FRAGMENT, visiting
from tests.rating import close, save_rating, show
from workshops.guests import hash_of
from workshops.models import Ballot, User, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def recounted(monkeypatch) -> None:
    """Let no count of another test be as good as new."""
    monkeypatch.setattr(marks, "_counts", {})


@pytest.fixture
def lead(signed_in, facilitator):
    return signed_in(facilitator)


@pytest.fixture
def url(workshop):
    return lambda name, *args: reverse(f"measures:{name}", args=[workshop.pk, *args])


def said(workshop: Workshop, user: User) -> dict:
    """Return what the cockpit says to somebody, as it is now."""
    visit = visiting(workshop, user)
    return cockpit_context(visit, turnout_of(visit.workshop))


def hold_ballots(workshop: Workshop, count: int) -> list[Ballot]:
    return [
        Ballot.objects.create(workshop=workshop, source="guest", secret_hash=hash_of(str(each)))
        for each in range(count)
    ]


# What comes next ---------------------------------------------------------------------------------


def test_each_phase_has_one_step_that_is_next_with_what_speaks_against_it(
    workshop, facilitator, at, url
):
    def step() -> tuple:
        found = said(workshop, facilitator)["next"]
        return found.step.label, found.step.url, found.why

    then = "?then=cockpit"
    assert step() == (
        "Handlungsfelder auswählen", reverse("fields:field-list", args=[workshop.pk]),
        ("Noch kein Feld ist ausgewählt",),
    )  # fmt: skip
    field = workshop.fields.create(name="Alltag", order=1)
    assert step() == ("Sammlung starten …", url("cockpit-step", "collecting") + then, ())
    at("collecting")
    assert step() == (
        "Bewertung starten …", url("rating-check") + then,
        ("1 Feld ohne Maßnahme", "1 Feld ohne Ziel"),
    )  # fmt: skip
    field.measures.create(workshop=workshop, title="WLAN")
    field.goals.create(text="Alle im Netz")
    at("rating")
    people = hold_ballots(workshop, 4)
    measure = workshop.measures.get()
    save_rating(people[0], measure, relevance=1, feasibility=1)
    assert step() == (
        "Bewertung schließen …", url("rating-close") + then, ("3 haben nicht begonnen",),
    )  # fmt: skip
    close(workshop)
    Workshop.objects.update(phase="deliberating")
    assert step() == (
        "Ergebnisse zeigen …", url("round-show", 1) + then, ("Die Bewertung ist geschlossen",),
    )  # fmt: skip
    show(Workshop.objects.get())
    assert step() == ("Übergeben …", url("hand-over"), ())
    assert said(workshop, facilitator)["next"].other.label == "Weitere Runde …"


def test_a_step_begun_in_the_cockpit_comes_back_to_it(workshop, lead, measure, at, url):
    at("collecting")
    check = lead.get(url("rating-check"), {"then": "cockpit"}).text
    assert '<input type="hidden" name="then" value="cockpit">' in check
    assert f'href="{url("cockpit")}"' in check
    sent = {"from": "collecting", "to": "rating", "then": "cockpit"}
    assert lead.post(url("phase-move"), sent)["Location"] == url("cockpit")
    fields = {"field": measure.field_id, "then": "cockpit"}
    assert lead.post(url("round-fields", 1), fields)["Location"] == url("cockpit")
    sent = {"from": "rating", "to": "deliberating", "then": "cockpit"}
    assert lead.post(url("phase-move"), sent)["Location"] == url("cockpit")
    page = lead.get(url("round-show", 1), {"then": "cockpit"}).text
    assert 'name="then" value="cockpit"' in page
    assert lead.post(url("round-show", 1), {"then": "cockpit"})["Location"] == url("cockpit")
    elsewhere = {"from": "deliberating", "to": "closed", "then": "//evil.example"}
    assert lead.post(url("phase-move"), elsewhere)["Location"] == workshop.get_absolute_url()


def test_the_check_before_closing_says_how_many_are_missing(workshop, lead, measure, at, url):
    at("rating")
    people = hold_ballots(workshop, 5)
    for each in people[:3]:
        save_rating(each, measure, relevance=5, feasibility=5)
    page = " ".join(re.sub(r"<[^>]+>", " ", lead.get(url("rating-close")).text).split())
    assert "3 von 5 haben alles bewertet. 2 Personen haben nicht begonnen." in page


def test_a_rating_that_ends_in_two_minutes_counts_down_at_the_front_and_is_closed_by_a_look(
    workshop, lead, measure, at, url
):
    Front.objects.create(workshop=workshop, code="CDFHJKLM")
    at("rating")
    page = lead.get(url("rating-close"), {"then": "cockpit"}).text
    assert page.count('name="then" value="cockpit"') == 2
    end = {"how": "soon", "then": "cockpit"}
    assert lead.post(url("rating-end"), end)["Location"] == url("cockpit")
    for name, arguments in (("cockpit", [workshop.pk]), ("projector", ["CDFHJKLM"])):
        shown = lead.get(reverse(f"measures:{name}", args=arguments)).text
        assert re.findall(r'data-left="(\d+)"', shown)[0] in ("119", "120")
    Workshop.objects.get().rounds.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert lead.get(url("cockpit"))["Location"] == url("cockpit")
    assert Workshop.objects.get().phase == "deliberating"


# Taking back -------------------------------------------------------------------------------------


def test_the_last_step_is_taken_back_and_named(workshop, facilitator, lead, measure, url):
    def undo() -> tuple | None:
        found = said(workshop, facilitator)["undo"]
        return found and (found.text, found.to)

    assert undo() is None
    for before, after in (("preparing", "collecting"), ("collecting", "rating")):
        lead.post(url("phase-move"), {"from": before, "to": after})
    assert undo() == ("Bewertung geöffnet", "collecting")
    lead.post(url("phase-move"), {"from": "rating", "to": "deliberating"})
    assert undo() == ("Bewertung geschlossen", "rating")
    lead.post(url("phase-move"), {"from": "deliberating", "to": "rating"})
    assert Workshop.objects.get().rounds.get().is_open
    assert undo() is None  # what was taken back is no step to take back


def test_a_showing_is_never_taken_back(workshop, facilitator, lead, measure, at, url):
    at("rating")
    lead.post(url("phase-move"), {"from": "rating", "to": "deliberating"})
    assert said(workshop, facilitator)["undo"].to == "rating"
    lead.post(url("round-show", 1))
    assert said(workshop, facilitator)["undo"] is None
    assert "Zurücknehmen" not in lead.get(url("cockpit")).text


def test_a_further_round_opened_by_mistake_is_taken_back_while_nobody_rated(
    workshop, facilitator, lead, measure, at, url
):
    at("rating")
    at("deliberating")
    rounds.open_round(Workshop.objects.get(), by=facilitator, measures=[measure])
    undo = said(workshop, facilitator)["undo"]
    assert (undo.text, undo.to) == ("Bewertung geöffnet", "deliberating")
    [ballot] = hold_ballots(workshop, 1)
    save_rating(ballot, measure, relevance=1, feasibility=1, round=2)
    assert said(workshop, facilitator)["undo"] is None
    Workshop.objects.get().rounds.get(number=2).ratings.all().delete()
    lead.post(url("phase-move"), {"from": "rating", "to": undo.to, "then": "cockpit"})
    assert [each.number for each in Workshop.objects.get().rounds.all()] == [1]


# Who may -----------------------------------------------------------------------------------------


def test_the_administration_reads_along_and_changes_nothing(
    workshop, administrator, signed_in, measure, at, url
):
    at("collecting")
    Front.objects.create(workshop=workshop, code="CDFHJKLM", notes="Frau Geheim kommt später")
    page = signed_in(administrator).get(url("cockpit")).text
    for name in ("front-screen", "front-timer", "front-notes", "front-code", "plan-edit"):
        assert url(name) not in page
    assert "Geheim" not in page
    assert "CDFHJKLM" not in page


# Projector, timer, plan, notes -------------------------------------------------------------------


def test_what_is_chosen_for_the_projector_holds_for_this_step(workshop, lead, field, at, url):
    at("collecting")
    lead.post(url("front-screen"), {"screen": "collect", "field": field.pk})
    front = Front.objects.get()
    assert (front.screen, front.field) == ("collect", field)
    assert front.state == day_of(Workshop.objects.get()).state
    lead.post(url("front-screen"), {"theme": "dark"})
    front.refresh_from_db()
    assert (front.screen, front.theme) == ("collect", "dark")
    lead.post(url("front-screen"), {"screen": ""})
    front.refresh_from_db()
    assert (front.screen, front.field, front.state, front.theme) == ("", None, "", "dark")


@pytest.mark.parametrize(
    "sent", [{"screen": "ranking"}, {"theme": "pink"}, {"screen": "collect", "theme": "x"}]
)
def test_a_screen_that_does_not_exist_is_refused(sent, lead, url):
    assert lead.post(url("front-screen"), sent).status_code == 400
    assert Front.objects.count() == 0


def test_a_field_or_measure_of_another_workshop_is_none(
    lead, url, other_workshop, field, measure, at
):
    at("collecting")
    foreign = other_workshop.fields.create(name="Fremd", order=1)
    lead.post(url("front-screen"), {"screen": "collect", "field": foreign.pk})
    assert Front.objects.get().field is None
    lead.post(url("front-screen"), {"screen": "measure", "measure": "99999999999999999999"})
    assert Front.objects.get().measure is None


def test_a_choice_that_waited_into_another_step_of_the_day_changes_nothing(
    workshop, lead, measure, at, url
):
    at("collecting")
    sent = {"screen": "collect", "state": day_of(Workshop.objects.get()).state}
    at("rating")
    assert lead.post(url("front-screen"), sent, headers=FRAGMENT).status_code == 204
    assert Front.objects.get().screen == ""
    sent["state"] = day_of(Workshop.objects.get()).state
    lead.post(url("front-screen"), sent)
    assert Front.objects.get().screen == "collect"


@pytest.mark.parametrize("minutes", ["", "10 min", "0", "-5"])
def test_a_timer_of_no_minutes_is_none_and_the_page_says_so(minutes, lead, url):
    page = lead.post(url("front-timer"), {"do": "start", "minutes": minutes}, follow=True)
    assert "Geben Sie bitte ganze Minuten ein" in page.text
    assert not Front.objects.exclude(ends_at=None).exists()


def test_the_cockpit_knows_when_time_alone_changes_it(workshop, facilitator):
    now = datetime(2020, 9, 8, 9, 10, tzinfo=timezone.get_current_timezone())
    Slot.objects.create(workshop=workshop, start=time(9), minutes=20, text="Begrüßen")
    Slot.objects.create(workshop=workshop, start=time(9, 20), minutes=40, text="Sammeln")
    lines, day = lines_of(workshop, now), now.date()
    assert next_change(lines, day, now) == 601
    assert next_change(lines, day, now + timedelta(minutes=30)) == 1201
    assert next_change(lines, day, now + timedelta(hours=2)) is None
    assert next_change(lines, day + timedelta(days=1), now) is None
    assert said(workshop, facilitator)["due"] is None
    Front.objects.create(workshop=workshop, ends_at=timezone.now() + timedelta(seconds=90))
    assert said(workshop, facilitator)["due"] in (89, 90)


def test_the_timer_is_started_lengthened_held_and_ended(lead, url):
    lead.post(url("front-timer"), {"do": "start", "minutes": "10"})
    left = (Front.objects.get().ends_at - timezone.now()).total_seconds()
    assert 590 < left <= 600
    lead.post(url("front-timer"), {"do": "hold"})
    assert 590 < Front.objects.get().left <= 600
    lead.post(url("front-timer"), {"do": "add", "minutes": "2"})
    assert 710 < Front.objects.get().left <= 720
    lead.post(url("front-timer"), {"do": "end"})
    front = Front.objects.get()
    assert (front.ends_at, front.left) == (None, None)
    assert lead.post(url("front-timer"), {"do": "explode"}).status_code == 400


def test_the_plan_is_typed_as_text_and_a_faulty_line_is_named(workshop, lead, url):
    text = "09:00–09:20 Begrüßen\n9:20 Sammeln"
    seen = lead.get(url("plan-edit")).context["form"].now
    assert lead.post(url("plan-edit"), {"text": text, "seen": seen})["Location"] == url("cockpit")
    assert [*Slot.objects.values_list("start", "minutes", "text")] == [
        (time(9), 20, "Begrüßen"), (time(9, 20), 30, "Sammeln"),
    ]  # fmt: skip
    faulty = lead.post(url("plan-edit"), {"text": f"{text}\nMittag", "seen": seen})
    assert faulty.status_code == 422
    assert "„Mittag“" in faulty.text
    late = lead.post(url("plan-edit"), {"text": "10:00 Anders", "seen": seen})
    assert late.status_code == 409
    assert "10:00–10:30 Anders" in late.text
    assert Slot.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\n".join(f"09:{minute:02} Teil" for minute in range(41)), "höchstens 40 Zeilen"),
        (f"09:00 {'x' * 121}", "höchstens 120 Zeichen"),
        ("08:00–19:00 Lang", "höchstens 600 Minuten"),
    ],
)
def test_a_plan_out_of_bounds_is_refused_before_the_database_does(text, sentence, lead, url):
    answer = lead.post(url("plan-edit"), {"text": text})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert Slot.objects.count() == 0


def test_on_the_day_itself_it_is_seen_what_it_is_time_for(workshop, facilitator):
    now = timezone.localtime()
    Slot.objects.create(workshop=workshop, start=time(0), minutes=600, text="Vormittag")
    Slot.objects.create(workshop=workshop, start=time(10), minutes=600, text="Nachmittag")
    lines = said(workshop, facilitator)["lines"]
    assert [(each.is_now, each.is_over) for each in lines] == [(False, False)] * 2
    Workshop.objects.update(date=now.date())
    lines = said(workshop, facilitator)["lines"]
    wanted = [now.hour < 10, 10 <= now.hour < 20]
    assert [each.is_now for each in lines] == wanted


def test_notes_are_kept_and_a_faster_colleague_s_as_well(workshop, lead, url):
    def seen() -> str:
        return lead.get(url("front-notes")).context["form"].now

    first = seen()
    sent = {"notes": "Rat: zwei kommen um 15 Uhr.\nWLAN schwach.", "seen": first}
    assert lead.post(url("front-notes"), sent)["Location"] == url("cockpit")
    notes = Front.objects.get().notes
    assert notes.splitlines() == ["Rat: zwei kommen um 15 Uhr.", "WLAN schwach."]
    late = lead.post(url("front-notes"), {"notes": "Etwas anderes", "seen": first})
    assert late.status_code == 409
    assert ("Etwas anderes" in late.text, "WLAN schwach." in late.text) == (True, True)
    assert Front.objects.get().notes == notes
    again = {"notes": "Etwas anderes", "seen": late.context["form"].now}
    assert lead.post(url("front-notes"), again).status_code == 302
    assert Front.objects.get().notes == "Etwas anderes"


# Handing over ------------------------------------------------------------------------------------


def test_a_session_is_called_as_a_draft_that_binds_nobody(
    workshop, facilitator, lead, measure, at, url
):
    at("rating")
    at("deliberating")
    before = visiting(workshop, facilitator).workshop.has_agenda
    sent = {"committee": "Digitalausschuss", "date": "2020-11-03", "is_public": "on"}
    for _twice in range(2):
        assert lead.post(url("hand-over"), sent)["Location"] == url("hand-over")
    session = Session.objects.get()
    assert (session.committee, session.items.count()) == ("Digitalausschuss", 0)
    assert (before, visiting(workshop, facilitator).workshop.has_agenda) == (False, False)
    page = lead.get(url("hand-over")).text
    assert "Entwurf, ohne Tagesordnung" in page
    assert url("measure-export-xlsx") in page
    faulty = lead.post(url("hand-over"), {"committee": "Rat"})
    assert faulty.status_code == 422


# Cost --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["collecting", "rating"])
@pytest.mark.parametrize("count", [1, 3])
def test_the_cockpit_takes_the_same_queries_for_one_measure_and_for_three(
    phase, count, workshop, lead, field, measure, at, url, django_assert_num_queries
):
    for order in range(1, count):
        field.measures.create(workshop=workshop, title=f"M {order}", order=order)
    Front.objects.create(workshop=workshop, code="CDFHJKLM")
    at(phase)
    people = hold_ballots(workshop, 3 * count)
    save_rating(people[0], measure, relevance=1, feasibility=1)
    lead.get(url("cockpit"))
    with django_assert_num_queries({"collecting": 11, "rating": 16}[phase]):
        lead.get(url("cockpit"))
