"""The dossier: what was decided, upon what, what differs today, and whether it is untouched."""

from datetime import UTC, date, datetime

import pytest
from django.utils.html import strip_tags

from measures.committee.dossier import decisions_of, dossier_of
from measures.committee.recording import is_sound
from measures.models import Decision, Measure, Seal
from measures.seals.text import canonical
from tests.deciding import TYPED, decide, hold, in_english
from tests.people import visiting
from tests.rating import save_rating
from workshops.models import Ballot


@pytest.fixture
def session(workshop, measure, at):
    at("deliberating")
    return hold(workshop, measure, seats=9)


@pytest.fixture
def people(measure, session, ballots) -> list[Ballot]:
    """Five who rated WLAN 5/1."""
    voters = ballots(5)
    for ballot in voters:
        save_rating(ballot, measure, relevance=5, feasibility=1)
    return voters


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


@pytest.fixture
def room(signed_in, participant):
    return in_english(signed_in(participant))


def shown(client, decision: Decision):
    return client.get(decision.get_absolute_url()).context


def differing(dossier) -> list[tuple[str, str, str]]:
    lines = [line for _title, lines in dossier["parts"] for line in lines]
    return [(line.label, line.then, line.now) for line in lines if line.is_changed]


def test_the_dossier_tells_what_was_decided(room, session, measure):
    decision = decide(
        session, measure, outcome="amended", wording="Nur am Bahnhof", votes_for=5,
        votes_against=3, votes_abstained=1, responsible="Bauamt", due_date=date(2021, 1, 31),
        budget_note="12 000 Euro",
    )  # fmt: skip
    found = [(line.label, line.then) for line in shown(room, decision)["lines"]]
    assert found == [
        ("Decision", "amended"),
        ("New wording", "Nur am Bahnhof"),
        ("Reason", TYPED["reason"]),
        ("Votes", "5 in favour, 3 against, 1 abstained"),
        ("Members with a vote", "9"),
        ("Responsible unit", "Bauamt"),
        ("Deadline", "Jan. 31, 2021"),
        ("Note on the budget", "12 000 Euro"),
    ]


def test_nothing_differs_while_nothing_moves(room, session, measure):
    dossier = shown(room, decide(session, measure))
    assert (dossier["changes"], dossier["gone"], dossier["faults"]) == (0, "", [])


def test_each_difference_from_today_is_marked_by_sign_and_word(
    room, session, measure, people, workshop
):
    decision = decide(session, measure)
    for ballot in people:
        save_rating(ballot, measure, relevance=3, feasibility=1)
    Measure.objects.filter(pk=measure.pk).update(title="Funknetz")
    workshop.relevance_weight, workshop.name_prepare = 70, "Vorbereiten!"
    workshop.save()
    response = room.get(decision.get_absolute_url())
    assert differing(response.context) == [
        ("Title", "WLAN", "Funknetz"),
        ("Quadrant", "Vorbereiten", "Vorbereiten!"),
        ("Score", "3.00", "2.40"),
        ("Mean", "5.00", "3.00"),
        ("Median", "5.00", "3.00"),
        ("Middle half", "5.00 to 5.00", "3.00 to 3.00"),
        (
            "Votes per step",
            "1 (sehr gering): 0; 2 (gering): 0; 3 (mittel): 0; 4 (hoch): 0; 5 (sehr hoch): 5",
            "1 (sehr gering): 0; 2 (gering): 0; 3 (mittel): 5; 4 (hoch): 0; 5 (sehr hoch): 0",
        ),
        ("Weight of relevance in percent", "50", "70"),
    ]
    page = response.content.decode()
    assert page.count('<span aria-hidden="true">≠</span> differs') == 8
    assert "8 values differ" in page


def test_the_heading_is_the_measure_as_it_was(room, session, measure):
    decision = decide(session, measure)
    Measure.objects.filter(pk=measure.pk).update(title="Funknetz")
    assert shown(room, decision)["heading"] == "M1 WLAN"


def test_a_measure_that_is_gone_is_said_to_be(room, session, measure, measure_two):
    decision = decide(session, measure)
    Measure.objects.filter(pk=measure.pk).update(merged_into=measure_two)
    told = "M1 was merged into M2 since and has no values of its own."
    assert (shown(room, decision)["gone"], shown(room, decision)["changes"]) == (told, 0)
    Measure.objects.filter(pk=measure.pk).update(merged_into=None, is_removed=True)
    told = "M1 was removed since, so there is no state of today."
    assert (shown(room, decision)["gone"], shown(room, decision)["changes"]) == (told, 0)


# Untouched? -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": "Anders."},
         "Reason: the entry says “Anders.”, sealed was “Der Bedarf ist groß.”."),
        ({"outcome": "rejected"},
         "Decision: the entry says “rejected”, sealed was “accepted”."),
        ({"decided_on": date(2020, 10, 1)},
         "Date of the session: the entry says “Oct. 1, 2020”, sealed was “Oct. 22, 2020”."),
        ({"published_at": datetime(2021, 1, 1, tzinfo=UTC)},
         "Published: the entry says “Jan. 1, 2021, 1 a.m.”, sealed was “Oct. 23, 2020, 11 a.m.”."),
        ({"snapshot": "{}"}, "The frozen text is not the one that was sealed."),
    ],
)  # fmt: skip
def test_a_row_that_somebody_changed_by_hand_is_told(room, session, measure, change, told):
    decision = decide(session, measure)
    Decision.objects.filter(pk=decision.pk).update(**change)
    response = room.get(decision.get_absolute_url())
    assert (response.status_code, response.context["faults"]) == (200, [told])
    assert "This entry was changed after it was recorded" in response.content.decode()


def sealed_as(seal: Seal, **columns) -> None:
    """Change a link past every guard, as somebody with a database client would."""
    Seal.objects.filter(pk=seal.pk).update(**columns)


def said(client, decision: Decision) -> str:
    """Return what the dossier says about the seal, above the seal itself."""
    page = client.get(decision.get_absolute_url()).content.decode()
    part = page.split('id="seal">')[1].split("<dl")[0]
    return " ".join(strip_tags(part).split())


def test_an_untouched_entry_shows_its_seals_for_people_to_compare(room, session, measure):
    decision = decide(session, measure)
    told = "Unchanged since it was recorded The seal fits; the entry is unchanged."
    assert said(room, decision) == f"Unchanged since? {told}"
    page = room.get(decision.get_absolute_url()).content.decode()
    for seal in (decision.seal, decision.publication):
        assert (page.count(f"<code>{seal.short}</code>"), page.count(seal.value)) == (1, 1)


def test_who_rewrites_row_and_seal_without_the_key_is_found_out(room, session, measure):
    decision = decide(session, measure)
    forged = decision.seal.data | {"reason": "Anders."}
    Decision.objects.filter(pk=decision.pk).update(reason="Anders.")
    sealed_as(decision.seal, content=canonical(forged), value="0" * 64)
    told = ["What was sealed was changed afterwards: the seal does not fit."]
    assert shown(room, decision)["faults"] == told


def test_an_entry_of_another_installation_says_so_and_can_be_corrected(
    room, council, session, measure
):
    decision = decide(session, measure)
    for seal in (decision.seal, decision.publication):
        sealed_as(seal, key_id="elsewhere", is_foreign=True)
    told = (
        "Sealed elsewhere Its seal is said to be from another installation (key elsewhere), so"
        " whether the entry is unchanged cannot be checked here."
    )
    assert said(room, decision) == f"Unchanged since? {told}"
    page = room.get(session.get_absolute_url()).content.decode()
    assert page.count("sealed elsewhere; cannot be checked here") == 1
    assert is_sound(Decision.objects.get(pk=decision.pk))
    Decision.objects.filter(pk=decision.pk).update(reason="Anders.")
    assert shown(room, decision)["faults"] == [
        "Reason: the entry says “Anders.”, sealed was “Der Bedarf ist groß.”."
    ]


def test_a_lost_key_is_no_accusation_and_stops_no_correction(room, session, measure):
    decision = decide(session, measure)
    sealed_as(decision.seal, key_id="lost-key")
    told = (
        "The seal cannot be recomputed The entry says what was sealed, but the key lost-key is"
        " missing here. Please tell whoever operates this installation."
    )
    assert said(room, decision) == f"Unchanged since? {told}"
    assert is_sound(Decision.objects.get(pk=decision.pk))


@pytest.mark.parametrize(
    "forged", ["", "null", "[]", '{"measure":7}', '{"ratings":{"relevance":{"mean":"x"}}}']
)
def test_no_forged_snapshot_breaks_the_page(room, session, measure, forged):
    decision = decide(session, measure)
    Decision.objects.filter(pk=decision.pk).update(snapshot=forged)
    assert room.get(decision.get_absolute_url()).status_code == 200


# The story --------------------------------------------------------------------------------------


def test_the_story_of_corrections_is_told_to_each_as_far_as_he_may_know(
    room, council, session, measure
):
    first = decide(session, measure, reason="Eins.")
    second = decide(session, measure, corrects=first, reason="Zwei.")
    third = decide(session, measure, corrects=second, reason="Drei.", is_published=False)
    for client, known in ((room, [first, second]), (council, [first, second, third])):
        assert shown(client, first)["entries"] == known
        assert shown(client, first)["newest"] == known[-1]
    assert room.get(third.get_absolute_url()).status_code == 404
    assert council.get(third.get_absolute_url()).status_code == 200


def test_who_may_decide_is_offered_to_correct_the_newest_entry_only(
    room, council, session, measure
):
    first = decide(session, measure, reason="Eins.")
    second = decide(session, measure, corrects=first, reason="Zwei.")
    found = [
        "/correct/" in client.get(each.get_absolute_url()).content.decode()
        for client in (room, council)
        for each in (first, second)
    ]
    assert found == [False, False, False, True]


def test_the_name_of_who_recorded_it_is_for_committee_and_administration(
    room, council, session, measure, administrator
):
    decision = decide(session, measure, by=administrator)
    page = decision.get_absolute_url()
    assert [b"Vera" in client.get(page).content for client in (room, council)] == [False, True]


# On the measure's page --------------------------------------------------------------------------


def seen_by(user, workshop, measure) -> list[Decision]:
    return decisions_of(visiting(workshop, user), measure)


def test_what_stands_on_a_measure_is_listed_newest_first_with_its_duplicates(
    workshop, session, measure, measure_two, participant, committee_member
):
    old = decide(session, measure, outcome="deferred", deferred_until=date(2020, 12, 1))
    wrong = decide(hold(workshop, measure, date=date(2020, 12, 1)), measure)
    right = decide(wrong.session, measure, corrects=wrong, reason="Genauer.")
    pending = decide(right.session, measure, corrects=right, reason="Neu.", is_published=False)
    assert seen_by(participant, workshop, measure) == [right, old]
    assert seen_by(committee_member, workshop, measure) == [pending, old]
    assert seen_by(participant, workshop, measure_two) == []
    Measure.objects.filter(pk=measure.pk).update(merged_into=measure_two)
    assert seen_by(participant, workshop, measure_two) == [right, old]


def test_while_nobody_sees_results_nobody_sees_decisions(
    workshop, session, measure, participant, committee_member, at
):
    decide(session, measure)
    at("rating")
    for person in (participant, committee_member):
        assert seen_by(person, workshop, measure) == []


# Queries ----------------------------------------------------------------------------------------


def test_the_dossier_takes_the_same_queries_for_one_entry_and_for_three(
    room, session, measure, people, django_assert_num_queries
):
    decision = first = decide(session, measure)
    room.get(first.get_absolute_url())
    with django_assert_num_queries(15):
        room.get(first.get_absolute_url())
    for reason in ("Zwei.", "Drei."):
        decision = decide(session, measure, corrects=decision, reason=reason)
    room.get(first.get_absolute_url())
    with django_assert_num_queries(15):
        room.get(first.get_absolute_url())


def test_the_function_says_how_many_queries_it_takes(
    workshop, session, measure, people, participant, django_assert_num_queries
):
    decision = decide(session, measure)
    own = visiting(workshop, participant)
    dossier_of(own, decision)
    with django_assert_num_queries(12):
        dossier_of(own, decision)
