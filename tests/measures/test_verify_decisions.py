"""The command that finds out whoever writes to the database past the product.

Each attack here is made with a database client: rows are changed and deleted past every guard, and
without the key. What a valid seal would have to be, nobody can know.
"""

import uuid
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from measures.committee.recording import basis_for, new_entry, store
from measures.models import Decision, Measure, Seal, Session
from measures.seals.chain import hash_of, seal_of
from measures.seals.text import canonical
from tests.deciding import PUBLISHED, decide, hold
from workshops.forms import WorkshopForm
from workshops.models import Workshop

SWAPPED = "Number of the measure: the entry says “2”, sealed was “1”."
NEWER_KEY = "newer-key:Zs0dGpJ4uEaN9iXoR6vBqHyDkMtCwrV3nQ8xYbK2mTfWc7Lh"


@pytest.fixture
def session(workshop, measure, measure_two, at) -> Session:
    at("deliberating")
    return hold(workshop, measure, measure_two)


@pytest.fixture
def decision(session, measure) -> Decision:
    """The first link records it, the second publishes it."""
    return decide(session, measure)


def verify(**options) -> tuple[int, list[str]]:
    """Return the exit status and the printed lines, the last one included."""
    printed = StringIO()
    with translation.override("en"):
        try:
            call_command("verify_decisions", stdout=printed, **options)
        except CommandError as error:
            return error.returncode, [*printed.getvalue().splitlines(), str(error)]
    return 0, printed.getvalue().splitlines()


def wrong(workshop) -> list[str]:
    """Return what is found wrong, without the workshop in front and the two lines at the end."""
    status, [*lines, _end, last] = verify()
    assert (status, last) == (1, "1 of 1 workshops: not everything is as it was sealed.")
    return [line.removeprefix(f"{place(workshop)}: ") for line in lines]


def place(workshop) -> str:
    return f"Workshop {workshop.pk} “{workshop.title}”"


def chain_of(workshop, count: str) -> str:
    """Return the line that tells a chain's last seal."""
    last = workshop.seals.last()
    return f"{place(workshop)}: {count}, last seal {last.short} ({last.value})"


def tamper(row, **columns) -> None:
    """Change a row past every guard, as somebody with a database client would."""
    type(row).objects.filter(pk=row.pk).update(**columns)


def delete(*rows) -> None:
    for row in rows:
        type(row).objects.filter(pk=row.pk)._raw_delete(using="default")


def swap(one, other, column: str) -> None:
    """Let two rows change what is unique about them."""
    first, second = getattr(one, column), getattr(other, column)
    tamper(one, **{column: uuid.uuid4()})
    tamper(other, **{column: first})
    tamper(one, **{column: second})


def wrong_first(workshop) -> list[str]:
    """Return what is told about one workshop alone, which fails."""
    status, lines = verify(workshop=workshop.pk)
    assert status == 1
    return [line.removeprefix(f"{place(workshop)}: ") for line in lines[:-2]]


def named(decision: Decision) -> str:
    code, pk = decision.measure.code, decision.pk
    return f"{code}, Digitalausschuss of 2020-10-22, decision {pk}"


# Nothing wrong ----------------------------------------------------------------------------------


def test_without_any_decision_there_is_nothing_to_complain_about(db):
    assert verify() == (0, ["0 decisions checked, all unchanged."])


def test_untouched_decisions_pass_also_corrected_and_pending_ones(workshop, decision, measure):
    second = decide(decision.session, measure, corrects=decision, reason="Genauer.")
    decide(decision.session, measure, corrects=second, reason="Neu.", is_published=False)
    lines = [chain_of(workshop, "5 links"), "3 decisions checked, all unchanged."]
    assert verify() == (0, lines)


def test_who_recorded_it_and_the_address_lie_outside_the_seal(decision, administrator):
    tamper(decision, by=administrator, responsible_email="anders@bingen.example")
    assert verify()[0] == 0


def test_one_workshop_can_be_checked_alone(workshop, decision, other_workshop):
    tamper(decision, reason="Anders.")
    lines = [f"{place(other_workshop)}: no seals yet", "0 decisions checked, all unchanged."]
    assert verify(workshop=other_workshop.pk) == (0, lines)
    assert verify(workshop=workshop.pk)[0] == 1


def test_an_unknown_workshop_is_refused(db):
    assert verify(workshop=7) == (1, ["There is no workshop with the id 7."])


def test_a_changed_key_leaves_the_old_entries_verified(workshop, decision, measure_two, settings):
    name, _colon, key = NEWER_KEY.partition(":")
    settings.SEAL_KEYS = {name: key, **settings.SEAL_KEYS}
    newer = decide(decision.session, measure_two, is_published=False)
    assert (decision.seal.key_id, newer.seal.key_id) == ("only-tests", "newer-key")
    assert verify()[0] == 0


def test_the_check_takes_the_same_queries_for_any_number(
    decision, measure, django_assert_num_queries
):
    for count in (1, 3):
        with django_assert_num_queries(7):  # a savepoint and its release among them
            verify()
        if count == 1:
            second = decide(decision.session, measure, corrects=decision, reason="Genauer.")
            decide(decision.session, measure, corrects=second, reason="Noch genauer.")


# A row is changed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ({"reason": "Nein."}, "Reason: the entry says “Nein.”, sealed was “Der Bedarf ist groß.”."),
        ({"outcome": "rejected"}, "Decision: the entry says “rejected”, sealed was “accepted”."),
        ({"outcome": "amended", "wording": "Nur am Bahnhof"},
         "New wording: the entry says “Nur am Bahnhof”, sealed was “–”."),
        ({"votes_for": 9, "votes_against": 0, "votes_abstained": 0},
         "Votes: the entry says “9 in favour, 0 against, 0 abstained”, sealed was “–”."),
        ({"seats": 30}, "Members with a vote: the entry says “30”, sealed was “–”."),
        ({"responsible": "Hauptamt"},
         "Responsible unit: the entry says “Hauptamt”, sealed was “–”."),
        ({"due_date": date(2021, 1, 31)},
         "Deadline: the entry says “Jan. 31, 2021”, sealed was “–”."),
        ({"outcome": "deferred", "deferred_until": date(2021, 1, 31)},
         "Deferred until: the entry says “Jan. 31, 2021”, sealed was “–”."),
        ({"budget_note": "0 Euro"}, "Note on the budget: the entry says “0 Euro”, sealed was “–”."),
        ({"decided_on": date(2020, 1, 1)},
         "Date of the session: the entry says “Jan. 1, 2020”, sealed was “Oct. 22, 2020”."),
        ({"published_at": datetime(2030, 1, 1, 11, tzinfo=UTC)},
         "Published: the entry says “Jan. 1, 2030, noon”, sealed was “Oct. 23, 2020, 11 a.m.”."),
        ({"snapshot": "{}"}, "The frozen text is not the one that was sealed."),
    ],
)  # fmt: skip
def test_every_column_that_says_what_was_decided_is_compared(workshop, decision, columns, line):
    tamper(decision, **columns)
    assert f"{named(decision)}: {line}" in wrong(workshop)


def test_the_time_of_recording_is_compared(workshop, decision):
    tamper(decision, at=datetime(2030, 1, 1, 11, tzinfo=UTC))
    [line] = wrong(workshop)
    assert line.startswith(f"{named(decision)}: Recorded: the entry says “Jan. 1, 2030, noon”")


def test_a_decision_moved_to_another_measure_is_named(workshop, decision, measure, measure_two):
    tamper(decision, measure=measure_two)
    line = f"the entry says “{measure_two.client_id}”, sealed was “{measure.client_id}”."
    moved = named(decision).replace("M1", "M2")
    assert wrong(workshop) == [f"{moved}: Id of the measure: {line}", f"{moved}: {SWAPPED}"]


def test_measures_that_change_their_ids_along_with_the_decision_are_named(
    workshop, decision, measure, measure_two
):
    swap(measure, measure_two, "client_id")
    tamper(decision, measure=measure_two)
    assert wrong(workshop) == [f"{named(decision).replace('M1', 'M2')}: {SWAPPED}"]


def test_a_frozen_text_about_another_measure_is_named(workshop, session, measure, measure_two):
    decision = new_entry(session, measure)
    decision.outcome, decision.reason = "accepted", "Gut."
    store(decision, basis_for(new_entry(session, measure_two), workshop))
    line = "The frozen text is about M2, but the entry belongs to M1."
    assert wrong(workshop) == [f"{named(decision)}: {line}"]


def test_chains_that_two_workshops_swapped_are_named(workshop, decision, measure, other_workshop):
    field = other_workshop.fields.create(name="Alltagsleben", order=1)
    theirs = Measure.objects.create(workshop=other_workshop, field=field, title="WLAN")
    rejected = decide(hold(other_workshop, theirs), theirs, outcome="rejected", reason="Teuer.")
    moved = [(seal, other_workshop) for seal in decision.session.workshop.seals.all()]
    back = [(seal, workshop) for seal in other_workshop.seals.all()]
    spare = Workshop.objects.create(title="Ablage", date=workshop.date)
    parked = [(seal, spare) for seal, _there in back]
    for seal, there in [*parked, *moved, *back]:
        tamper(seal, workshop=there)
    swap(workshop, other_workshop, "uuid")
    swap(measure, theirs, "client_id")
    for row, there, about in ((decision, other_workshop, theirs), (rejected, workshop, measure)):
        tamper(row.session, workshop=there)
        tamper(row, measure=about)
    assert wrong_first(workshop) == [
        "Sealed for a workshop on 2021-01-01, while this one is on 2020-09-08: links 1 to 2. The"
        " chain may be that of another workshop.",
        "Sealed under the title “Anderswo”: links 1 to 2.",
    ]


def test_a_renamed_workshop_is_told_and_nothing_is_wrong(workshop, decision):
    tamper(workshop, title="Neuer Name")
    workshop.refresh_from_db()
    status, lines = verify()
    told = "Sealed under the title “Digital-Werkstatt Bingen”: links 1 to 2."
    assert (status, lines[0]) == (0, f"{place(workshop)}: {told}")


def test_the_day_of_a_workshop_stays_once_a_decision_is_sealed(workshop, decision):
    assert WorkshopForm(instance=workshop).fields["date"].disabled


def test_a_decision_moved_to_another_session_is_named(workshop, decision, measure):
    other = hold(workshop, measure)
    tamper(decision, session=other)
    line = f"the entry says “{other.uuid}”, sealed was “{decision.session.uuid}”."
    assert wrong(workshop) == [f"{named(decision)}: Id of the session: {line}"]


def test_a_decision_moved_to_another_workshop_is_named_in_both(
    workshop, decision, other_workshop, measure
):
    elsewhere = Measure.objects.create(
        workshop=other_workshop, field=measure.field, title="WLAN", client_id=measure.client_id
    )
    tamper(decision, session=hold(other_workshop), measure=elsewhere)
    line = f"{named(decision)}: Measure or session are those of another workshop now."
    status, lines = verify()
    assert (status, [f"{place(w)}: {line}" in lines for w in (workshop, other_workshop)]) == (
        1, [True, True],
    )  # fmt: skip
    assert lines[-1] == "2 of 2 workshops: not everything is as it was sealed."


def test_a_whole_session_moved_to_another_workshop_is_named(workshop, decision, other_workshop):
    tamper(decision.session, workshop=other_workshop)
    gone = "The session “Digitalausschuss” of 2020-10-22 is gone; its publication is sealed."
    status, lines = verify(workshop=workshop.pk)
    assert (status, f"{place(workshop)}: {gone}" in lines) == (1, True)


def test_a_decision_that_corrects_another_one_than_it_did_is_named(workshop, session, measure):
    first = decide(session, measure)
    second = decide(session, measure, corrects=first, reason="Genauer.")
    third = decide(session, measure, corrects=second, reason="Neu.")
    tamper(second, corrects=third)
    line = f"the entry says “{third.uuid}”, sealed was “{first.uuid}”."
    assert wrong(workshop) == [f"{named(second)}: Id of the corrected entry: {line}"]


def test_a_published_session_that_is_renamed_or_hidden_by_hand_is_named(workshop, decision):
    tamper(decision.session, committee="Rat", is_public=False)
    assert wrong(workshop) == [
        "Rat, 2020-10-22: Committee: the entry says “Rat”, sealed was “Digitalausschuss”.",
        "Rat, 2020-10-22: Public session: the entry says “no”, sealed was “yes”.",
    ]


# Publication ------------------------------------------------------------------------------------


def test_a_published_decision_cannot_be_hidden(workshop, decision):
    tamper(decision, published_at=None, publication=None)
    line = "Published: the entry says “–”, sealed was “Oct. 23, 2020, 11 a.m.”."
    assert wrong(workshop) == [f"{named(decision)}: {line}"]


def test_a_pending_decision_cannot_be_passed_off_as_published(
    workshop, decision, session, measure_two
):
    pending = decide(session, measure_two, is_published=False)
    tamper(pending, published_at=PUBLISHED, publication=decision.publication)
    line = "Published: the entry says “Oct. 23, 2020, 11 a.m.”, sealed was “–”."
    assert wrong(workshop) == [f"{named(pending)}: {line}"]


# The chain is changed ---------------------------------------------------------------------------


def rewrite(seal: Seal, **changes) -> None:
    """Forge what a link seals, with a seal of somebody who has no key of ours."""
    link = seal.link(seal.workshop)
    forged = canonical(seal.data | changes)
    tamper(seal, content=forged, value=seal_of(link, "not our key"))


def test_a_row_rewritten_together_with_its_link_is_found_without_the_key(workshop, decision):
    tamper(decision, reason="Niemand braucht das.")
    rewrite(decision.seal, reason="Niemand braucht das.")
    first = "Link 1 of the chain was changed after it was sealed."
    rest = "What was sealed was changed afterwards: the seal does not fit."
    assert wrong(workshop) == [first, f"{named(decision)}: {rest}"]


def test_a_publication_rewritten_together_with_its_link_is_found_without_the_key(
    workshop, decision
):
    tamper(decision, published_at=datetime(2030, 1, 1, 11, tzinfo=UTC))
    rewrite(decision.publication, published="2030-01-01T11:00:00.000000+00:00")
    first = "Link 2 of the chain was changed after it was sealed."
    rest = "What was sealed of its publication was changed: the seal does not fit."
    assert wrong(workshop) == [first, f"{named(decision)}: {rest}"]


def test_all_links_rewritten_from_one_on_are_found_at_the_first(workshop, decision, measure_two):
    decide(decision.session, measure_two)
    tamper(decision, reason="Niemand braucht das.")
    last = None
    for seal in workshop.seals.order_by("position"):
        content = canonical(seal.data | {"reason": "Niemand braucht das."})
        tamper(seal, content=content, previous=hash_of(last) if last else "")
        seal.refresh_from_db()
        tamper(seal, value=seal_of(seal.link(workshop), "not our key"))
        seal.refresh_from_db()
        last = seal.link(workshop)
    text = "Link 1 of the chain was changed after it was sealed. 3 more breaks follow."
    assert wrong(workshop)[0] == text


def test_two_links_that_change_places_are_found_at_the_first(workshop, decision, measure_two):
    later = decide(decision.session, measure_two, is_published=False)
    tamper(later.seal, position=99)
    tamper(decision.publication, position=3)
    tamper(later.seal, position=2)
    text = "Link 2 of the chain was changed after it was sealed. One more break follows."
    assert wrong(workshop)[0] == text


def test_a_decision_deleted_with_its_link_leaves_a_gap(workshop, session, measure, measure_two):
    first = decide(session, measure, is_published=False)
    decide(session, measure_two, is_published=False)
    delete(first, first.seal)
    assert wrong(workshop) == ["Link 1 of the chain is missing."]


def test_a_publication_taken_out_of_the_middle_leaves_a_gap(workshop, decision, measure_two):
    decide(decision.session, measure_two, is_published=False)
    tamper(decision, published_at=None, publication=None)
    delete(decision.publication)
    assert wrong(workshop) == ["Link 2 of the chain is missing."]


def test_a_decision_deleted_without_its_link_is_told_by_the_link(workshop, session, measure):
    pending = decide(session, measure, is_published=False)
    delete(pending)
    told = "Link 1: the decision is gone that it seals (M1, 2020-10-22: accepted)."
    assert wrong(workshop) == [told]


def test_a_decision_put_in_by_hand_has_no_link_of_its_own(workshop, decision, measure_two):
    """The database demands a link, so the forger takes one, or makes one without the key."""
    row = Decision.objects.get(pk=decision.pk)
    row.pk, row.measure, row.seal = None, measure_two, decision.publication
    row.uuid = "5d5f9a1c-52a7-4a1e-8a46-0f2b6d1c7e11"
    Decision.objects.bulk_create([row])
    forged = Decision.objects.get(uuid=row.uuid)
    line = f"{named(forged)}: Id of the entry: the entry says “{row.uuid}”, sealed was “–”."
    assert line in wrong(workshop)


def test_an_end_that_is_cut_off_is_found_with_a_seal_on_paper_and_only_with_it(
    workshop, decision, measure_two
):
    newest = decide(decision.session, measure_two, is_published=False)
    paper = newest.seal
    delete(newest, paper)
    assert verify()[0] == 0
    status, lines = verify(workshop=workshop.pk, head=paper.short)
    told = (
        f"The seal {paper.value[:16]} is not in the chain: its end was cut off, or the chain was"
        " made anew, or the seal is from another workshop."
    )
    assert (status, lines[0]) == (1, f"{place(workshop)}: {told}")


@pytest.mark.parametrize("written", ["short", "value", "capitals"])
def test_a_seal_on_paper_is_found_however_it_is_typed(workshop, decision, measure_two, written):
    paper = decision.publication
    head = paper.value.upper() if written == "capitals" else getattr(paper, written)
    digits = paper.value[:16] if written == "short" else paper.value
    told = f"{place(workshop)}: The seal {digits} is link 2"
    assert verify(workshop=workshop.pk, head=head)[1][0] == f"{told}, the last one."
    decide(decision.session, measure_two, is_published=False)
    status, lines = verify(workshop=workshop.pk, head=head)
    assert (status, lines[0]) == (0, f"{told}; one newer link follows.")


def test_a_seal_from_paper_needs_its_workshop_and_enough_digits(workshop, decision):
    assert verify(head="3f9a 77c1 02be 9d10") == (
        1, ["--head needs --workshop: which chain is the seal from?"],
    )  # fmt: skip
    for head in ("3f9a", "3f9a 77c1 02be 9dxx", "0" * 65):
        told = "A seal has 16 to 64 digits from 0 to 9 and a to f."
        assert verify(workshop=workshop.pk, head=head) == (1, [told])


# Keys -------------------------------------------------------------------------------------------


def test_a_key_that_is_missing_is_told_as_such(workshop, decision, measure_two, settings):
    name, _colon, key = NEWER_KEY.partition(":")
    settings.SEAL_KEYS = {name: key}
    decide(decision.session, measure_two, is_published=False)
    told = "The key “only-tests” is missing in SEAL_KEYS; with it were sealed: links 1 to 2."
    assert wrong(workshop) == [told]
    tamper(decision.seal, content=canonical(decision.seal.data | {"reason": "Anders."}))
    assert wrong(workshop)[0] == "Link 2 of the chain does not continue the one before it."


def test_links_from_another_installation_are_no_break_but_no_success_either(
    workshop, decision, measure_two, settings
):
    name, _colon, key = NEWER_KEY.partition(":")
    settings.SEAL_KEYS = {name: key}
    Seal.objects.update(is_foreign=True)
    decide(decision.session, measure_two, is_published=False)
    told = (
        "Sealed elsewhere, with the key “only-tests”, and cannot be checked here: links 1 to 2."
        " Who can write to the database may have made them."
    )
    last = "1 of 1 workshops: sealed elsewhere, cannot be checked here."
    end = [chain_of(workshop, "3 links"), last]
    assert verify() == (1, [f"{place(workshop)}: {told}", *end])
    tamper(decision, reason="Anders.")
    line = "Reason: the entry says “Anders.”, sealed was “Der Bedarf ist groß.”."
    assert f"{named(decision)}: {line}" in wrong(workshop)
    rewrite(decision.seal, reason="Anders.")
    assert wrong(workshop)[0] == "Link 2 of the chain does not continue the one before it."


def test_our_links_cannot_be_passed_off_as_sealed_elsewhere(workshop, decision, measure_two):
    newest = decide(decision.session, measure_two, is_published=False)
    rewrite(newest.seal, reason="Anders.")
    tamper(newest, reason="Anders.")
    tamper(newest.seal, key_id="elsewhere", is_foreign=True)
    told = "Link 3 says “sealed elsewhere”, but stands behind one of ours."
    assert told in wrong(workshop)
