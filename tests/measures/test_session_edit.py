"""Calling a session and changing it: the administration's two forms."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from measures.models import Session
from tests.deciding import decide, hold, in_english

TYPED = {
    "committee": "Digitalausschuss",
    "date": "2026-12-03",
    "place": "Burg Klopp",
    "is_public": "on",
    "seats": "12",
}


@pytest.fixture
def office(at, administrator, signed_in):
    at("deliberating")
    return in_english(signed_in(administrator))


@pytest.fixture
def add(workshop) -> str:
    return reverse("measures:session-add", args=[workshop.pk])


def edit(session: Session) -> str:
    return reverse("measures:session-edit", args=[session.workshop_id, session.pk])


def errors_of(response) -> dict[str, list[str]]:
    with translation.override("en"):  # the sentences are put together when they are read
        found = response.context["form"].errors
        return {name: [str(each) for each in told] for name, told in found.items()}


def stored(session: Session) -> dict:
    return Session.objects.values("committee", "date", "place", "is_public", "seats").get(
        pk=session.pk
    )


def test_the_administration_calls_a_session(workshop, office, add):
    response = office.post(add, TYPED)
    session = Session.objects.get()
    assert (response.status_code, response["Location"]) == (302, session.get_absolute_url())
    assert (session.workshop, session.version) == (workshop, 1)
    assert stored(session) == {
        "committee": "Digitalausschuss",
        "date": date(2026, 12, 3),
        "place": "Burg Klopp",
        "is_public": True,
        "seats": 12,
    }


def test_the_same_session_sent_twice_is_stored_once(office, add):
    for _each in range(2):
        response = office.post(add, TYPED, follow=True)
    assert Session.objects.count() == 1
    assert [str(told) for told in response.context["messages"]] == [
        "This session is there already."
    ]
    office.post(add, TYPED | {"date": "2026-12-04"})
    assert Session.objects.count() == 2


def test_a_session_of_the_past_may_be_entered(office, add):
    assert office.post(add, TYPED | {"date": "2000-01-01"}).status_code == 302
    assert Session.objects.get().date == date(2000, 1, 1)


def test_a_session_may_be_called_up_to_five_years_ahead(office, add):
    year = timezone.localdate().year
    found = []
    for ahead in (5, 6):
        response = office.post(add, TYPED | {"date": f"{year + ahead}-12-31"})
        found.append(response.status_code)
    assert (found, errors_of(response)) == (
        [302, 422],
        {"date": ["Please check the year of the session."]},
    )


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"committee": "  "}, {"committee": ["This field is required."]}),
        ({"date": ""}, {"date": ["This field is required."]}),
        ({"date": "31.02.2026"}, {"date": ["Enter a valid date."]}),
        ({"date": "1999-12-31"}, {"date": ["Please check the year of the session."]}),
        ({"date": "0026-12-03"}, {"date": ["Please check the year of the session."]}),
        ({"seats": "0"}, {"seats": ["Ensure this value is greater than or equal to 1."]}),
        ({"seats": "201"}, {"seats": ["Ensure this value is less than or equal to 200."]}),
        ({"seats": "9" * 400}, {"seats": ["Ensure this value is less than or equal to 200."]}),
        (
            {"place": "x" * 201},
            {"place": ["Ensure this value has at most 200 characters (it has 201)."]},
        ),
    ],
)
def test_a_faulty_form_comes_back_with_what_was_typed(office, add, typed, errors):
    response = office.post(add, TYPED | typed)
    assert response.status_code == 422
    assert errors_of(response) == errors
    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert not Session.objects.exists()


def test_a_change_is_stored_and_counted(workshop, office):
    session = hold(workshop, seats=9)
    sent = TYPED | {"seen": "1", "is_public": ""}
    response = office.post(edit(session), sent)
    assert (response.status_code, response["Location"]) == (302, session.get_absolute_url())
    session.refresh_from_db()
    assert (session.place, session.is_public, session.seats, session.version) == (
        "Burg Klopp", False, 12, 2,
    )  # fmt: skip


def test_two_people_change_a_session_and_the_second_sees_both_texts(workshop, office):
    session = hold(workshop, seats=9)
    office.post(edit(session), TYPED | {"seen": "1", "place": "Rathaus"})
    late = office.post(edit(session), TYPED | {"seen": "1", "place": "Rochuskapelle"})
    assert late.status_code == 409
    [difference] = late.context["differences"]
    assert (difference["stored"], difference["typed"]) == ("Rathaus", "Rochuskapelle")
    assert stored(session)["place"] == "Rathaus"
    form = late.context["form"]
    assert (form["place"].value(), form["seen"].value()) == ("Rochuskapelle", "2")


# Once decisions exist ---------------------------------------------------------------------------


@pytest.fixture
def decided(workshop, measure, office) -> Session:
    session = hold(workshop, measure, seats=9)
    decide(session, measure, is_published=False)
    return session


def typed(session: Session, **changes) -> dict:
    same = {
        "committee": session.committee,
        "date": session.date.isoformat(),
        "place": session.place,
        "is_public": "on",
        "seats": session.seats,
        "seen": session.version,
    }
    return same | changes


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        (
            {"date": "2020-10-23"},
            {"date": ["Decisions of this session name “Oct. 22, 2020” already, so it stays."]},
        ),
        ({"seats": "10"}, {"seats": ["Decisions of this session name “9” already, so it stays."]}),
        ({"seats": ""}, {"seats": ["Decisions of this session name “9” already, so it stays."]}),
    ],
)
def test_day_and_members_stay_once_the_session_has_decided(decided, office, change, errors):
    before = stored(decided)
    response = office.post(edit(decided), typed(decided, **change))
    assert (response.status_code, errors_of(response)) == (422, errors)
    assert stored(decided) == before


def test_the_rest_can_still_be_changed(decided, office):
    response = office.post(edit(decided), typed(decided, place="Rathaus", committee="Rat"))
    assert response.status_code == 302
    assert (stored(decided)["place"], stored(decided)["committee"]) == ("Rathaus", "Rat")


def test_the_form_says_which_fields_stay_and_a_browser_keeps_them(decided, office):
    form = office.get(edit(decided)).context["form"]
    assert {n: f.widget.attrs.get("readonly", False) for n, f in form.fields.items()} == {
        "committee": False, "date": True, "place": False, "is_public": False,
        "is_recommending": False, "seats": True, "quorum": True, "seen": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        (
            {"committee": "Rat"},
            {"committee": [
                "Decisions of this session name “Digitalausschuss” already, so it stays."
            ]},
        ),
        (
            {"is_public": ""},
            {"is_public": ["Decisions of this session name “yes” already, so it stays."]},
        ),
    ],
)  # fmt: skip
def test_committee_and_public_stay_once_a_decision_is_published(
    workshop, measure, office, change, errors
):
    """Seen: taken from the public, published decisions vanished, which nobody can take back."""
    session = hold(workshop, measure, seats=9)
    decide(session, measure)
    before = stored(session)
    response = office.post(edit(session), typed(session, **change))
    assert (response.status_code, errors_of(response)) == (422, errors)
    assert stored(session) == before
    assert office.post(edit(session), typed(session, place="Rathaus")).status_code == 302
    assert stored(session) == before | {"place": "Rathaus"}


def test_a_session_without_members_stays_without_once_it_has_decided(workshop, measure, office):
    session = hold(workshop, measure)
    decide(session, measure)
    response = office.post(edit(session), typed(session, seats="7"))
    assert errors_of(response) == {
        "seats": ["Decisions of this session name “–” already, so it stays."]
    }
    assert office.post(edit(session), typed(session, seats="")).status_code == 302
