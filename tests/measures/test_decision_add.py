"""Deciding: every rule of the form, and two people or a moved basis at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from measures.committee.views import decisions
from measures.models import AgendaItem, Decision, Measure, Session
from tests.deciding import TYPED, decide, hold, in_english
from tests.rating import save_rating
from workshops.models import Workshop, mark_changed


@pytest.fixture
def session(workshop, measure, at):
    at("deliberating")
    return hold(workshop, measure, seats=9)


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


@pytest.fixture
def url(session, measure) -> str:
    return address(session, measure)


def address(session, measure) -> str:
    return reverse("measures:decision-add", args=[session.workshop_id, session.pk, measure.number])


def point(session, measure) -> str:
    return reverse("measures:agenda-item", args=[session.workshop_id, session.pk, measure.number])


def drawn(client, url: str, **typed) -> dict:
    """Open the form and return what a browser sends with these fields filled in."""
    form = client.get(url).context["form"]
    return {"seen": form["seen"].value()} | TYPED | typed


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 422
    with translation.override("en"):  # the sentences are put together when they are read
        found = response.context["form"].errors
        return {name: [str(each) for each in told] for name, told in found.items()}


# Recording --------------------------------------------------------------------------------------


def test_a_decision_is_recorded_pending_with_everything_typed(
    council, url, session, measure, committee_member
):
    typed = {
        "outcome": "amended",
        "wording": "WLAN nur am Bahnhof",
        "reason": "Zu teuer für überall.",
        "votes_for": "5",
        "votes_against": "3",
        "votes_abstained": "1",
        "responsible": "Bauamt",
        "responsible_email": "bauamt@bingen.example",
        "due_date": "2021-06-30",
        "budget_note": "12 000 Euro im Haushalt 2021",
    }
    response = council.post(url, drawn(council, url, **typed))
    assert (response.status_code, response["Location"]) == (302, point(session, measure))
    decision = Decision.objects.get()
    kept = {name: getattr(decision, name) for name in typed}
    numbers = {"votes_for": 5, "votes_against": 3, "votes_abstained": 1}
    assert kept == typed | numbers | {"due_date": date(2021, 6, 30)}
    assert (decision.session, decision.measure, decision.by) == (session, measure, committee_member)
    assert (decision.decided_on, decision.seats, decision.corrects) == (session.date, 9, None)
    assert decision.is_pending


def test_the_snapshot_holds_what_was_decided_upon_and_neither_a_name_nor_an_address(
    council, url, workshop, measure, ballots
):
    pairs = [*[(5, 1)] * 3, *[(4, 1)] * 2, (4, None)]
    for ballot, pair in zip(ballots(6), pairs, strict=True):
        save_rating(ballot, measure, relevance=pair[0], feasibility=pair[1])
    council.post(url, drawn(council, url, responsible_email="amt@bingen.example"))
    decision = Decision.objects.get()
    frozen = decision.frozen
    assert sorted(frozen) == [
        "committee", "measure", "ranking", "ratings", "settings", "version",
    ]  # fmt: skip
    assert frozen["measure"]["title"] == "WLAN"
    assert frozen["ratings"]["n"] == 6
    assert frozen["ratings"]["relevance"] == {
        "n": 6, "mean": 4.5, "median": 4.5, "quartiles": [4.0, 5.0], "counts": [0, 0, 0, 3, 3],
        "agreement": 0.75,
    }  # fmt: skip
    sealed = decision.seal.content
    assert decision.seal.data["reason"] == TYPED["reason"]
    for secret in ("amt@bingen.example", "Greta", "gremium@bingen.example"):
        assert secret not in decision.snapshot + sealed


def test_a_double_click_is_one_decision(council, url):
    sent = drawn(council, url)
    answers = [council.post(url, sent) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Decision.objects.count() == 1


def test_before_the_day_of_the_session_the_form_says_so(council, url, session):
    assert "yet to come" not in in_english(council).get(url).content.decode()
    tomorrow = timezone.localdate() + timedelta(days=1)
    Session.objects.filter(pk=session.pk).update(date=tomorrow)
    assert (
        "This session is yet to come: what you record now bears the date"
        in council.get(url).content.decode()
    )


def test_who_opens_the_form_again_is_led_to_what_is_decided(council, url, session, measure):
    decision = decide(session, measure, is_published=False)
    response = council.get(url)
    assert (response.status_code, response["Location"]) == (302, decision.get_absolute_url())


def test_the_measures_of_a_whole_field_can_be_decided_on(council, session, measure_two):
    AgendaItem.objects.create(session=session, field=measure_two.field)
    url = address(session, measure_two)
    assert council.post(url, drawn(council, url)).status_code == 302
    assert Decision.objects.get().measure == measure_two


def test_another_session_may_decide_on_the_same_measure(council, session, measure, workshop):
    decide(session, measure, outcome="deferred", deferred_until=date(2020, 12, 1))
    url = address(hold(workshop, measure, date=date(2020, 12, 1)), measure)
    assert council.post(url, drawn(council, url)).status_code == 302
    assert Decision.objects.standing(with_pending=True).count() == 2


def test_the_form_says_what_stands_already_also_on_a_duplicate_and_what_is_pending(
    council, url, workshop, measure, measure_two
):
    assert council.get(url).context["before"] == []
    wrong = decide(hold(workshop, measure), measure, outcome="rejected")
    wording = "WLAN nur am Bahnhof"
    right = decide(
        wrong.session, measure, corrects=wrong, outcome="amended", wording=wording,
        is_published=False,
    )  # fmt: skip
    other = decide(hold(workshop, measure_two), measure_two)
    measure_two.merge_into(measure)
    response = council.get(url)
    assert response.context["before"] == [other, right]
    page = response.content.decode()
    assert (wording in page, right.get_absolute_url() in page) == (True, True)
    assert wrong.get_absolute_url() not in page
    correcting = reverse("measures:decision-correct", args=[workshop.pk, right.pk])
    assert council.get(correcting).context["before"] == [other]


# Rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"outcome": ""}, {"outcome": ["Please choose what was decided."]}),
        ({"outcome": "tabled"}, {"outcome": [
            "Select a valid choice. tabled is not one of the available choices."]}),
        ({"reason": "  "}, {"reason": ["Please enter the reason."]}),
        ({"reason": "x" * 4001}, {"reason": [
            "Ensure this value has at most 4000 characters "
            "(it has 4001)."]}),
        ({"outcome": "amended"},
         {"wording": ["Please enter how the measure reads as amended."]}),
        ({"wording": "Nur am Bahnhof"}, {"wording": [
            "Only an amended measure has a new wording. Choose “amended” or "
            "empty this."]}),
        ({"outcome": "deferred"},
         {"deferred_until": ["Please enter until when it is deferred."]}),
        ({"deferred_until": "2021-01-01"}, {"deferred_until": [
            "Only a deferred measure has this date. Choose “deferred” or "
            "empty this."]}),
        ({"outcome": "deferred", "deferred_until": "2020-10-22"},
         {"deferred_until": ["Deferred means: to a day after the session."]}),
        ({"due_date": "2020-10-21"}, {"due_date": ["The deadline lies before the session."]}),
        ({"due_date": "bald"}, {"due_date": ["Enter a valid date."]}),
        ({"votes_for": "5"},
         {"votes_against": ["Please enter all three numbers of votes, or none."]}),
        ({"votes_for": "5", "votes_against": "4", "votes_abstained": "1"},
         {"votes_for": ["There are 10 votes, but at most 9 members have one."]}),
        ({"votes_for": "-1", "votes_against": "4", "votes_abstained": "1"},
         {"votes_for": ["Ensure this value is greater than or equal to 0."]}),
        ({"votes_for": "99999", "votes_against": "4", "votes_abstained": "1"},
         {"votes_for": ["There are 100004 votes, but at most 9 members have one."]}),
        ({"responsible_email": "bauamt"},
         {"responsible_email": ["Enter a valid email address."]}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(
    council, url, typed, wrong
):
    sent = drawn(council, url, **typed)
    response = council.post(url, sent)
    assert errors(response) == wrong
    form = response.context["form"]
    assert {name: form[name].value() for name in sent} == sent
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(
    ("outcome", "in_favour", "against"),
    [("accepted", 3, 3), ("amended", 2, 5), ("rejected", 5, 2)],
)
def test_votes_against_the_outcome_are_asked_about_once(council, url, outcome, in_favour, against):
    votes = {"votes_for": in_favour, "votes_against": against, "votes_abstained": 0}
    wording = "Nur am Bahnhof" if outcome == "amended" else ""
    sent = drawn(council, url, outcome=outcome, wording=wording, **votes)
    assert 'name="numbers_right"' not in council.get(url).content.decode()
    response = council.post(url, sent)
    assert errors(response) == {"votes_for": [
        f"{in_favour} in favour and {against} against do not seem to fit “{outcome}”."
        " Please check both; if the numbers are right, tick the box below them."
    ]}  # fmt: skip
    assert 'name="numbers_right"' in response.content.decode()
    assert council.post(url, sent | {"numbers_right": "on"}).status_code == 302
    assert Decision.objects.get().votes_against == against


@pytest.mark.parametrize(
    ("outcome", "in_favour", "against"), [("accepted", 4, 3), ("rejected", 3, 3)]
)
def test_votes_that_fit_the_outcome_pass_at_once(council, url, outcome, in_favour, against):
    votes = {"votes_for": in_favour, "votes_against": against, "votes_abstained": 0}
    assert council.post(url, drawn(council, url, outcome=outcome, **votes)).status_code == 302


def test_all_votes_of_the_committee_may_be_counted(council, url):
    votes = {"votes_for": "9", "votes_against": "0", "votes_abstained": "0"}
    assert council.post(url, drawn(council, url, **votes)).status_code == 302


def test_where_the_seats_are_unknown_any_sensible_number_of_votes_is_taken(
    council, workshop, measure, at
):
    at("closed")
    url = address(hold(workshop, measure), measure)
    votes = {"votes_for": "99999", "votes_against": "1", "votes_abstained": "0"}
    told = {"votes_for": ["There are 100000 votes, but at most 200 members have one."]}
    assert errors(council.post(url, drawn(council, url, **votes))) == told
    votes["votes_for"] = "60"
    assert council.post(url, drawn(council, url, **votes)).status_code == 302


def test_a_due_date_and_a_deferral_at_the_very_border(council, url):
    sent = drawn(council, url, outcome="deferred", deferred_until="2020-10-23")
    assert council.post(url, sent | {"due_date": "2020-10-22"}).status_code == 302


# What cannot be decided on ----------------------------------------------------------------------


def refused(council, url: str, sent: dict) -> tuple:
    """Return the status of GET and POST, the reason, and what was given back."""
    response = council.post(url, sent)
    context = response.context
    return council.get(url).status_code, response.status_code, context["reason"], context["typed"]


def test_a_measure_that_is_removed_merged_or_not_on_the_agenda_is_refused_with_a_sentence(
    council, url, session, measure, measure_two
):
    sent = drawn(council, url)
    typed = [("Decision", "accepted"), ("Reason", TYPED["reason"])]
    other = address(session, measure_two)
    told = "M2 is not on the agenda of this session."
    assert refused(council, other, sent) == (404, 422, told, typed)
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    told = "M1 was removed, so nothing can be decided on it."
    assert refused(council, url, sent) == (404, 422, told, typed)
    Measure.objects.filter(pk=measure.pk).update(is_removed=False, merged_into=measure_two)
    told = "M1 was merged into M2. Please decide on M2."
    assert refused(council, url, sent) == (404, 422, told, typed)
    assert Decision.objects.count() == 0


# Two at once ------------------------------------------------------------------------------------


def both(response) -> list[tuple[str, str, str]]:
    """Return what differs: label, what is recorded, what was typed."""
    return [
        (line.label, line.then, line.now) for line in response.context["both"] if line.is_changed
    ]


def test_the_second_of_two_gets_both_versions_and_sends_on_as_a_correction(
    council, url, signed_in, administrator
):
    administration = signed_in(administrator)
    late = drawn(council, url, outcome="rejected", reason="Nein.")
    administration.post(url, drawn(administration, url))
    response = council.post(url, late)
    assert response.status_code == 409
    assert both(response) == [
        ("Decision", "accepted", "rejected"),
        ("Reason", "Der Bedarf ist groß.", "Nein."),
    ]
    form, first = response.context["form"], Decision.objects.get()
    assert (form["reason"].value(), form["outcome"].value()) == ("Nein.", "rejected")
    on = reverse("measures:decision-correct", args=[first.session.workshop_id, first.pk])
    assert f'action="{on}"' in response.content.decode()
    again = late | {"seen": form["seen"].value(), "correction_reason": "Beides gilt."}
    assert council.post(on, again)["Location"] == Decision.objects.first().get_absolute_url()
    assert [(d.outcome, d.corrects) for d in Decision.objects.order_by("pk")] == [
        ("accepted", None),
        ("rejected", first),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("reasons", "answers"),
    [(["Gleich."] * 6, [302] * 6), ([f"Grund {n}" for n in range(6)], [302] + [409] * 5)],
)
def test_six_at_the_very_same_moment_make_one_decision(
    workshop, measure, at, committee_member, signed_in, reasons, answers
):
    at("deliberating")
    url = address(hold(workshop, measure), measure)
    clients = [signed_in(committee_member) for _each in reasons]
    sent = drawn(clients[0], url)

    def decide_now(pair) -> int:
        client, reason = pair
        try:
            return client.post(url, sent | {"reason": reason}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(decide_now, zip(clients, reasons, strict=True)))
    assert (found, Decision.objects.count()) == (answers, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m, b: Workshop.objects.filter(pk=m.workshop_id).update(relevance_weight=100),
         [("Score", "3.00", "5.00"), ("Weight of relevance in percent", "50", "100")]),
        (lambda m, b: Measure.objects.filter(pk=m.pk).update(title="Funknetz", lead="Bauamt"),
         [("Title", "WLAN", "Funknetz"), ("Who does it", "–", "Bauamt")]),
        (lambda m, b: [save_rating(each, m, relevance=4, feasibility=1) for each in b],
         [("Score", "3.00", "2.50"), ("Mean", "5.00", "4.00"), ("Median", "5.00", "4.00"),
          ("Middle half", "5.00 to 5.00", "4.00 to 4.00"),
          ("Votes per step", "", "")]),
    ],
)  # fmt: skip
def test_who_decides_upon_something_that_moved_is_shown_what_differs_and_may_send_again(
    council, url, measure, ballots, change, told
):
    people = ballots(5)
    for ballot in people:
        save_rating(ballot, measure, relevance=5, feasibility=1)
    sent = drawn(council, url, reason="Viel Text.")
    change(measure, people)
    response = council.post(url, sent)
    assert (response.status_code, Decision.objects.count()) == (409, 0)
    found = [(line.label, line.then, line.now) for line in response.context["changes"]]
    assert [line for line in found if line[0] != "Votes per step"] == [
        line for line in told if line[0] != "Votes per step"
    ]
    form = response.context["form"]
    assert form["reason"].value() == "Viel Text."
    assert council.post(url, sent | {"seen": form["seen"].value()}).status_code == 302
    assert Decision.objects.get().reason == "Viel Text."


@pytest.mark.parametrize("seen", ["", "x", "eyJhIjoxfQ:1:abc"])
def test_a_form_that_does_not_tell_its_basis_is_shown_again(council, url, seen):
    response = council.post(url, drawn(council, url) | {"seen": seen})
    assert (response.status_code, response.context["changes"]) == (409, [])
    assert response.context["form"]["reason"].value() == TYPED["reason"]


def test_what_is_no_part_of_the_basis_disturbs_nobody(council, url, measure_two):
    sent = drawn(council, url)
    Measure.objects.filter(pk=measure_two.pk).update(title="Anders")
    assert council.post(url, sent).status_code == 302


def test_a_phase_moved_while_somebody_decides_gives_the_text_back(council, url, at):
    sent = drawn(council, url, reason="Viel Text.")
    at("rating")
    response = council.post(url, sent)
    assert (response.status_code, Decision.objects.count()) == (403, 0)
    assert ("Reason", "Viel Text.") in response.context["typed"]
    assert "seen" not in dict(response.context["typed"])


@pytest.fixture
def steps(monkeypatch):
    """Return what a vote does, in its order; ``steps.move`` runs just before each lock."""

    class Steps(list):
        move = staticmethod(lambda: None)

    steps, lock, basis = Steps(), decisions.in_turn, decisions.basis_for

    def noted_lock(*args):
        steps.move()
        steps.append("lock")
        return lock(*args)

    def noted_basis(entry, workshop):
        steps.append("basis")
        return basis(entry, workshop)

    monkeypatch.setattr(decisions, "in_turn", noted_lock)
    monkeypatch.setattr(decisions, "basis_for", noted_basis)
    return steps


def test_nobody_waits_in_the_lock_for_the_figures(council, url, steps):
    sent = drawn(council, url)
    steps.clear()
    assert council.post(url, sent).status_code == 302
    assert steps == ["basis", "lock"]


def test_what_moved_until_the_lock_is_looked_at_again_outside_of_it(council, url, steps, measure):
    def rename():
        if "lock" not in steps:
            measure.title = "Funknetz"
            measure.save(update_fields=["title"])

    sent = drawn(council, url)
    steps.clear()
    steps.move = rename
    response = council.post(url, sent)
    assert (response.status_code, steps) == (409, ["basis", "lock", "basis", "lock"])
    [line] = response.context["changes"]
    assert (line.then, line.now, Decision.objects.count()) == ("WLAN", "Funknetz", 0)


def test_who_decides_while_others_write_without_pause_gets_an_answer(council, url, steps, workshop):
    sent = drawn(council, url)
    steps.clear()
    steps.move = lambda: mark_changed(workshop.pk)
    assert council.post(url, sent).status_code == 302
    assert steps == ["basis", "lock"] * 3 + ["lock", "basis"]
    assert Decision.objects.get().frozen["measure"]["title"] == "WLAN"


# Bad input --------------------------------------------------------------------------------------


def test_scripts_in_every_text_are_shown_as_text(council, url, measure, session):
    nasty = "<script>alert(1)</script>"
    Measure.objects.filter(pk=measure.pk).update(title=nasty, description=nasty)
    names = ("reason", "wording", "responsible", "budget_note")
    sent = drawn(council, url, outcome="amended", **dict.fromkeys(names, nasty))
    assert council.post(url, sent).status_code == 302
    pages = [Decision.objects.get().get_absolute_url(), session.get_absolute_url()]
    assert [nasty in council.get(page).content.decode() for page in pages] == [False, False]
    late = council.post(url, sent | {"reason": f"{nasty} anders"})
    assert (late.status_code, nasty in late.content.decode()) == (409, False)


def test_an_unrated_measure_can_be_decided_on(council, url):
    assert council.post(url, drawn(council, url)).status_code == 302
    frozen = Decision.objects.get().frozen
    assert frozen["ranking"] == {
        "score": None, "rank": None, "of": 0, "range": None, "all_weights": None, "quadrant": None,
        "quadrant_name": None,
    }  # fmt: skip
    assert frozen["ratings"]["relevance"]["mean"] is None


def test_the_form_takes_the_same_queries_for_one_measure_and_for_three(
    council, url, workshop, measure, ballots, session, django_assert_num_queries
):
    people = ballots(3)
    for ballot in people:
        save_rating(ballot, measure, relevance=3, feasibility=3)
    council.get(url)
    with django_assert_num_queries(19):
        council.get(url)
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        AgendaItem.objects.create(session=session, measure=extra)
        for ballot in people:
            save_rating(ballot, extra, relevance=3, feasibility=3)
    council.get(url)
    with django_assert_num_queries(19):
        council.get(url)
