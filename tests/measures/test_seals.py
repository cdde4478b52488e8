"""The chain of seals: its arithmetic, that it never forks, and that it only grows."""

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from measures.committee.appending import append
from measures.committee.sealing import place_of, recorded_session
from measures.committee.verifying import verify
from measures.models import Seal, SealKind, Session
from measures.seals.chain import (
    Flaw,
    Link,
    LinkState,
    breaks,
    hash_of,
    moment,
    next_link,
    seal_of,
    short,
    link_state_of,
    text_of,
)
from tests.deciding import decide, hold, in_english
from tests.markup import compact

WORKSHOP = "0b6f2d4e-7c1a-4a52-9c67-3a1f0e5d8b21"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
OURS = ("our-key-1", "a secret of ours")
THEIRS = ("their-key", "a secret of theirs")


# Arithmetic -------------------------------------------------------------------------------------


def chain(*keys: tuple) -> list[Link]:
    """Return links with these keys, one after the other."""
    links = []
    for number, key in enumerate(keys):
        last = links[-1] if links else None
        content = {"reason": f"Grund {number}"}
        links.append(
            next_link(last, workshop=WORKSHOP, kind="recorded", at=NOON, content=content, key=key)
        )
    return links


def found(links: list[Link], *keys: tuple) -> list[tuple]:
    return [(flaw, n) for n, flaw in breaks(links, dict(keys or [OURS])).items()]


def test_a_seal_is_an_hmac_over_all_of_its_link_and_the_mark_of_the_one_before():
    first, second = chain(OURS, OURS)
    covered = json.dumps(
        {
            "at": "2026-11-30T12:00:00.000000+00:00", "content": '{"reason":"Grund 1"}',
            "format": 1, "key": "our-key-1", "kind": "recorded", "position": 2,
            "previous": hashlib.sha256(f"{text_of(first)}\n{first.value}".encode()).hexdigest(),
            "workshop": WORKSHOP,
        },
        separators=(",", ":"),
    )  # fmt: skip
    assert text_of(second) == covered
    key = b"a secret of ours"
    assert second.value == hmac.new(key, covered.encode(), hashlib.sha256).hexdigest()
    assert (first.position, first.previous, second.previous) == (1, "", hash_of(first))


def test_the_hmac_is_the_one_of_the_standard(monkeypatch):
    """RFC 4231, test case 2."""
    monkeypatch.setattr("measures.seals.chain.text_of", lambda _: "what do ya want for nothing?")
    assert seal_of(None, "Jefe") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_moment_reads_the_same_in_every_zone():
    berlin = timezone(timedelta(hours=1))
    assert moment(datetime(2026, 11, 30, 13, tzinfo=berlin)) == moment(NOON)
    assert (moment(NOON), moment(None)) == ("2026-11-30T12:00:00.000000+00:00", None)


def test_people_compare_sixteen_digits_in_groups_of_four():
    assert short("3f9a77c102be9d10" + "0" * 48) == "3f9a 77c1 02be 9d10"


def test_an_untouched_chain_has_no_break_also_after_the_key_was_changed():
    newer = ("our-key-2", "a newer secret")
    links = chain(OURS, OURS, newer)
    assert found(links, newer, OURS) == []
    assert found([], OURS) == []


@pytest.mark.parametrize(
    "change",
    [
        {"content": '{"reason":"Anders."}'}, {"kind": "published"}, {"at": NOON + timedelta(1)},
        {"workshop": "0b6f2d4e-7c1a-4a52-9c67-3a1f0e5d8b22"}, {"value": "0" * 64},
        {"previous": "0" * 64},
    ],
)  # fmt: skip
def test_whatever_is_changed_in_a_link_breaks_the_chain_there_and_only_there(change):
    links = chain(OURS, OURS, OURS)
    links[1] = replace(links[1], **change)
    assert found(links) == [(Flaw.CHANGED, 2)]


def test_a_link_that_is_taken_out_is_missed():
    first, second, third = chain(OURS, OURS, OURS)
    assert found([first, third]) == [(Flaw.MISSING, 2)]
    assert found([second, third]) == [(Flaw.MISSING, 1)]
    assert found([first, replace(third, position=2)]) == [(Flaw.CHANGED, 2)]


def test_two_links_that_change_places_are_both_found():
    first, second, third = chain(OURS, OURS, OURS)
    swapped = [first, replace(third, position=2), replace(second, position=3)]
    assert found(swapped) == [(Flaw.CHANGED, 2), (Flaw.CHANGED, 3)]


def test_a_link_of_another_course_of_events_does_not_fit_in():
    """Sealed with the key, for instance in a copy of the database that went on by itself."""
    first, _second, third = chain(OURS, OURS, OURS)
    other = next_link(
        first, workshop=WORKSHOP, kind="recorded", at=NOON, content={"reason": "x"}, key=OURS
    )
    assert link_state_of(other, dict([OURS])) is LinkState.HOLDS
    assert found([first, other, third]) == [(Flaw.UNLINKED, 3)]


def test_a_chain_that_lost_its_end_looks_whole():
    """Which is why a seal belongs on paper."""
    assert found(chain(OURS, OURS, OURS)[:2]) == []


def foreign(*links: Link) -> list[Link]:
    return [replace(link, is_foreign=True) for link in links]


def test_links_of_another_installation_are_checked_as_far_as_they_name_one_another():
    first, second, third = chain(THEIRS, THEIRS, OURS)
    links = [*foreign(first, second), third]
    assert [link_state_of(link, dict([OURS])) for link in links] == [
        LinkState.ELSEWHERE, LinkState.ELSEWHERE, LinkState.HOLDS,
    ]  # fmt: skip
    assert found(links) == []
    for number in (0, 1):
        forged = [*links]
        forged[number] = replace(links[number], content="{}")
        assert found(forged) == [(Flaw.UNLINKED, number + 2)]


def test_a_lost_key_leaves_the_links_bound_by_the_ones_behind_them():
    links = chain(THEIRS, OURS)
    assert link_state_of(links[0], dict([OURS])) is LinkState.NO_KEY
    assert found(links) == []
    assert found([replace(links[0], content="{}"), links[1]]) == [(Flaw.UNLINKED, 2)]


def test_a_link_behind_one_of_ours_cannot_pass_as_sealed_elsewhere():
    first, second, third = chain(OURS, THEIRS, THEIRS)
    assert found([first, *foreign(second, third)]) == [(Flaw.MISPLACED, 2), (Flaw.MISPLACED, 3)]
    assert found([first, *foreign(second)]) == [(Flaw.MISPLACED, 2)]


# Growing ----------------------------------------------------------------------------------------


def test_each_workshop_has_a_chain_of_its_own_in_the_order_of_recording(
    workshop, measure, measure_two, other_workshop
):
    session = hold(workshop, measure, measure_two)
    first = decide(session, measure, is_published=False)
    append(other_workshop.pk, SealKind.SESSION, {"session": "x"})
    second = decide(session, measure_two)
    seals = list(workshop.seals.all())
    assert [(seal.position, seal.kind) for seal in seals] == [
        (1, "recorded"), (2, "recorded"), (3, "published"),
    ]  # fmt: skip
    assert [first.seal, second.seal, second.publication] == seals
    assert [seal.position for seal in other_workshop.seals.all()] == [1]


def test_what_is_sealed_names_no_id_of_this_database_and_nobody(workshop, measure, administrator):
    session = hold(workshop, measure, seats=9)
    address = "amt@bingen.example"
    decision = decide(session, measure, by=administrator, responsible_email=address)
    entry, publication = decision.seal.data, decision.publication.data
    names = {
        "decision": str(decision.uuid),
        "session": str(session.uuid),
        "measure": str(measure.client_id),
        "corrects": None,
    }
    assert {name: entry[name] for name in names} == names
    assert publication == {
        "decisions": [str(decision.uuid)],
        "published": "2020-10-23T09:00:00.000000+00:00",
        "session": str(session.uuid),
        "committee": "Digitalausschuss",
        "date": "2020-10-22",
        "is_public": True,
        "seats": 9,
        "workshop": {"title": "Digital-Werkstatt Bingen", "date": "2020-09-08"},
    }
    assert (entry["workshop"], entry["number"]) == (publication["workshop"], 1)
    text = decision.seal.content + decision.publication.content
    for secret in (address, administrator.email, administrator.name):
        assert secret not in text


@pytest.mark.django_db(transaction=True)
def test_two_who_record_at_the_very_same_moment_do_not_fork_the_chain(
    workshop, measure, measure_two
):
    session = hold(workshop, measure, measure_two)
    start = Barrier(2)

    def record(each) -> None:
        try:
            start.wait(10)
            decide(Session.objects.get(pk=session.pk), each)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(record, [measure, measure_two]))
    report = verify(workshop)
    assert [seal.position for seal in report.seals] == [1, 2, 3, 4]
    assert (report.decisions, report.wrong) == (2, [])


@pytest.mark.django_db(transaction=True)
def test_many_links_at_once_are_one_chain(workshop):
    start = Barrier(6)

    def seal(number: int) -> None:
        try:
            start.wait(10)
            append(workshop.pk, SealKind.SESSION, {"number": number})
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(seal, range(6)))
    seals = workshop.seals.order_by("position")
    assert sorted(seal.data["number"] for seal in seals) == [*range(6)]
    keys = {"only-tests": "rV3nQ8xYbK2mTfWc7LhZs0dGpJ4uEaN9iXoR6vBqHyDkMtCw"}
    assert breaks([seal.link(workshop) for seal in seals], keys) == {}


def test_a_recording_that_fails_leaves_no_link_behind(workshop, measure):
    session = hold(workshop, measure)
    decide(session, measure, is_published=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        decide(session, measure, is_published=False)
    assert Seal.objects.count() == 1


# What a session is ------------------------------------------------------------------------------


@pytest.fixture
def office(at, administrator, signed_in):
    at("deliberating")
    return in_english(signed_in(administrator))


def rename(office, session: Session, **changes) -> int:
    url = reverse("measures:session-edit", args=[session.workshop_id, session.pk])
    form = office.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    if not sent["is_public"]:
        del sent["is_public"]
    return office.post(url, sent | changes).status_code


@pytest.mark.parametrize("changes", [{"committee": "Rat"}, {"is_public": ""}])
def test_a_published_session_stays_what_was_sealed(workshop, measure, office, changes):
    """Seen: the dossier named another committee beside a green "unchanged"."""
    session = hold(workshop, measure)
    decide(session, measure)
    assert rename(office, session, **changes) == 422
    assert rename(office, session, place="Burg Klopp") == 302
    session.refresh_from_db()
    assert (session.committee, session.is_public, session.place) == (
        "Digitalausschuss", True, "Burg Klopp",
    )  # fmt: skip
    assert (workshop.seals.count(), verify(workshop).wrong) == (2, [])


def test_a_session_that_was_renamed_and_sealed_before_is_still_verified(workshop, measure):
    session = hold(workshop, measure)
    decide(session, measure)
    Session.objects.filter(pk=session.pk).update(committee="Rat")
    session.refresh_from_db()
    content = recorded_session(session) | place_of(workshop)
    append(workshop.pk, SealKind.SESSION, content)
    assert verify(workshop).wrong == []


def test_a_session_without_published_decisions_is_renamed_without_a_seal(workshop, measure, office):
    session = hold(workshop, measure)
    decide(session, measure, is_published=False)
    assert rename(office, session, committee="Ausschuss für Digitales") == 302
    assert workshop.seals.count() == 1


# On the session's page --------------------------------------------------------------------------


def shown(client, session: Session) -> list[str]:
    page = compact(client.get(session.get_absolute_url()))
    return [part.split("</code>")[0] for part in page.split("<summary><code>")[1:]]


def test_a_session_shows_the_seal_of_each_publication_and_keeps_it(
    workshop, measure, measure_two, at, signed_in, participant
):
    at("deliberating")
    room = signed_in(participant)
    session = hold(workshop, measure, measure_two)
    pending = decide(session, measure, is_published=False)
    assert shown(room, session) == []
    first = decide(session, measure_two)
    assert shown(room, session) == [first.publication.short]
    later = decide(session, measure, corrects=pending, reason="Genauer.")
    decide(hold(workshop, measure), measure, is_published=False)
    assert shown(room, session) == [first.publication.short, later.publication.short]
    page = room.get(session.get_absolute_url()).content.decode()
    assert page.count(first.publication.value) == 1
