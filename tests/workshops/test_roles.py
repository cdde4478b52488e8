"""Who gives and takes which role, in which phase, before and after something rests on it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from measures.models import AgendaItem, Round
from tests.deciding import decide, hold, in_english
from tests.people import visiting
from workshops import access
from workshops.forms import PersonForm
from workshops.models import Membership, Role, User, Workshop

FAC, COM, ADM = Role.FACILITATOR, Role.COMMITTEE, Role.ADMINISTRATION
BEFORE = ("preparing", "collecting", "rating")


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"workshops:{name}", args=[workshop.pk, *arguments])


def roles_of(workshop) -> set[tuple[str, str]]:
    return {*workshop.memberships.values_list("user__email", "role")}


@pytest.fixture
def record(workshop, measure):
    """Return a function that makes what others rely on: ``record("shown")``."""

    def make(kind: str) -> None:
        if kind == "shown":
            Round.objects.create(workshop=workshop, number=1, state="shown", smallest_room=3)
        elif kind == "draft":
            hold(workshop)
        elif kind == "agenda":
            hold(workshop, measure)
        elif kind == "pending decision":
            decide(hold(workshop, measure), measure, is_published=False)
            AgendaItem.objects.all().delete()

    return make


RECORDS = ("shown", "agenda", "pending decision")


# The table --------------------------------------------------------------------------------------

FACILITATORS = [
    *((phase, False, "", {FAC, COM, ADM}) for phase in (*BEFORE, "deliberating")),
    *((phase, True, "", {FAC, COM}) for phase in BEFORE),
    ("deliberating", True, "", {FAC}),
    ("deliberating", False, "draft", {FAC, COM, ADM}),
    *((phase, True, "shown", {FAC}) for phase in (*BEFORE, "deliberating")),
    *(("deliberating", True, kind, {FAC}) for kind in RECORDS),
    *(("rating", False, kind, {FAC}) for kind in RECORDS),
    ("closed", False, "", set()),
    ("closed", True, "shown", set()),
]
ADMINISTRATIONS = [
    *((phase, "", {COM, ADM}) for phase in (*BEFORE, "deliberating")),
    *((phase, "shown", {COM, ADM}) for phase in (*BEFORE, "deliberating")),
    *(("deliberating", kind, {COM, ADM}) for kind in RECORDS),
    ("closed", "shown", set()),
]


def moved_by(client, workshop) -> tuple[set[str], set[str]]:
    """Try to give every role to somebody and to take every role from somebody else.

    Where there is no administration, nobody else can have that role.
    """
    gives, takes = set(), set()
    for role in Role:
        email = f"neu-{role}@bingen.example"
        client.post(url(workshop, "person-add"), {"email": email, "role": role})
        if (email, role) in roles_of(workshop):
            gives.add(role)
    workshop.memberships.filter(user__email__startswith="neu-").delete()
    others = [*Role] if workshop.memberships.filter(role=ADM).exists() else [FAC, COM]
    for role in others:
        other = User.objects.create_user(f"alt-{role}@bingen.example")
        row = Membership.objects.create(workshop=workshop, user=other, role=role)
        client.post(url(workshop, "membership-remove", row.pk), {"seen": row.role})
        if (other.email, role) not in roles_of(workshop):
            takes.add(role)
    return gives, takes


@pytest.mark.parametrize(("phase", "has_administration", "kind", "expected"), FACILITATORS)
def test_what_a_facilitator_gives_and_takes(
    workshop, facilitator, signed_in, record, request, phase, has_administration, kind, expected
):
    if has_administration:
        request.getfixturevalue("administrator")
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    record(kind)
    takes = expected if has_administration else expected - {ADM}
    assert moved_by(signed_in(facilitator), workshop) == (expected, takes)


@pytest.mark.parametrize(("phase", "kind", "expected"), ADMINISTRATIONS)
def test_what_the_administration_gives_and_takes(
    workshop, administrator, signed_in, record, phase, kind, expected
):
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    record(kind)
    assert moved_by(signed_in(administrator), workshop) == (expected, expected)


@pytest.mark.parametrize("who", ["committee_member", "participant", "stranger"])
def test_nobody_else_gives_or_takes_anything(workshop, administrator, signed_in, request, who):
    person = request.getfixturevalue(who)
    assert moved_by(signed_in(person), workshop) == (set(), set())


def test_the_table_knows_every_record_with_and_without_an_administration():
    found = {(has, kind) for _phase, has, kind, _gives in FACILITATORS if kind}
    assert found == {(has, kind) for has in (True, False) for kind in RECORDS} | {(False, "draft")}


# Oneself ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_role_to_oneself_in_whatever_capitals(
    workshop, facilitator, administrator, signed_in, role
):
    before = roles_of(workshop)
    for person in (facilitator, administrator):
        for email in (person.email, person.email.upper(), f" {person.email.title()} "):
            client = in_english(signed_in(person))
            response = client.post(url(workshop, "person-add"), {"email": email, "role": role})
            errors = response.context["person_form"].errors
            assert (response.status_code, "email" in errors or "role" in errors) == (422, True)
    assert roles_of(workshop) == before


def test_the_form_says_that_it_is_oneself(workshop, facilitator, signed_in):
    client = in_english(signed_in(facilitator))
    sent = {"email": facilitator.email.upper(), "role": "committee"}
    response = client.post(url(workshop, "person-add"), sent)
    assert response.context["person_form"].errors == {
        "email": ["You cannot give a role to yourself. Please ask the administration."]
    }


def test_an_own_account_that_only_the_database_recognises_is_oneself_as_well(
    workshop, facilitator, monkeypatch
):
    """The database's idea of capitals decides whose account is found, so it counts here."""
    monkeypatch.setattr(PersonForm, "_account", staticmethod(lambda email: facilitator))
    sent = {"email": "dieselbe@bingen.example", "role": "committee"}
    form = PersonForm(sent, visit=visiting(workshop, facilitator))
    assert list(form.errors) == ["email"]


def test_everybody_may_take_part(workshop, facilitator, administrator, signed_in):
    for person in (facilitator, administrator):
        sent = {"email": person.email, "role": "participant"}
        assert signed_in(person).post(url(workshop, "person-add"), sent).status_code == 302
    assert {*workshop.participants.values_list("user", flat=True)} == {
        facilitator.pk, administrator.pk,
    }  # fmt: skip


# The last ones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "stays"), [*((k, True) for k in RECORDS), ("", False)])
def test_the_last_administration_stays_once_something_rests_on_it(
    workshop, administrator, signed_in, record, kind, stays
):
    Workshop.objects.filter(pk=workshop.pk).update(phase="deliberating")
    record(kind)
    row = workshop.memberships.get(role=ADM)
    client = in_english(signed_in(administrator))
    response = client.post(url(workshop, "membership-remove", row.pk), {"seen": row.role})
    assert response.status_code == 302
    assert ((administrator.email, ADM) in roles_of(workshop)) == stays


def test_one_of_two_administrations_goes(workshop, administrator, stranger, signed_in, record):
    record("shown")
    other = Membership.objects.create(workshop=workshop, user=stranger, role=ADM)
    signed_in(administrator).post(
        url(workshop, "membership-remove", other.pk), {"seen": other.role}
    )
    assert roles_of(workshop) & {(stranger.email, ADM), (administrator.email, ADM)} == {
        (administrator.email, ADM)
    }


def test_a_refusal_says_whose_right_it_is(
    workshop, facilitator, administrator, committee_member, signed_in, record
):
    record("shown")
    asked = [(facilitator, COM), (facilitator, ADM), (administrator, FAC)]
    told = []
    for person, role in asked:
        row = workshop.memberships.get(role=role)
        client = in_english(signed_in(person))
        response = client.post(url(workshop, "membership-remove", row.pk), {"seen": row.role})
        told.append((response.status_code, str(response.context["exception"])))
    bound = "Only the administration of this workshop names and removes this role."
    assert told == [
        (403, bound), (403, bound), (403, "Only a facilitator names and removes facilitators."),
    ]  # fmt: skip


# At the same moment -----------------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that lets something happen while a request waits for its turn."""

    def while_waiting(happen) -> None:
        line_up = access.line_up

        def wait(workshop_id: int) -> None:
            monkeypatch.setattr(access, "line_up", line_up)
            happen()
            line_up(workshop_id)

        monkeypatch.setattr(access, "line_up", wait)

    return while_waiting


def test_results_shown_at_this_moment_bind_the_naming_that_waits(
    workshop, facilitator, signed_in, record, meanwhile
):
    client = signed_in(facilitator)
    meanwhile(lambda: record("shown"))
    sent = {"email": "neu@bingen.example", "role": "administration"}
    assert client.post(url(workshop, "person-add"), sent).status_code == 422
    assert roles_of(workshop) == {(facilitator.email, FAC)}


def test_results_shown_at_this_moment_bind_the_removal_that_waits(
    workshop, facilitator, committee_member, signed_in, record, meanwhile
):
    row = workshop.memberships.get(role=COM)
    meanwhile(lambda: record("shown"))
    page = url(workshop, "membership-remove", row.pk)
    assert signed_in(facilitator).post(page, {"seen": COM}).status_code == 403
    assert (committee_member.email, COM) in roles_of(workshop)


def test_who_is_removed_while_waiting_has_no_rights_left(
    workshop, administrator, signed_in, record, meanwhile
):
    record("shown")
    meanwhile(lambda: workshop.memberships.filter(user=administrator).delete())
    sent = {"email": "neu@bingen.example", "role": "committee"}
    assert signed_in(administrator).post(url(workshop, "person-add"), sent).status_code == 403
    assert not User.objects.filter(email=sent["email"]).exists()


def test_an_account_opened_elsewhere_at_this_moment_is_added_all_the_same(
    workshop, facilitator, signed_in, monkeypatch
):
    """Seen in the code: whoever collided was told that the person "was there already"."""
    save = PersonForm.save

    def late(form) -> bool:
        monkeypatch.setattr(PersonForm, "save", save)
        User.objects.create_user("neu@bingen.example")
        raise IntegrityError

    monkeypatch.setattr(PersonForm, "save", late)
    sent = {"email": "neu@bingen.example", "role": "committee"}
    signed_in(facilitator).post(url(workshop, "person-add"), sent)
    assert ("neu@bingen.example", COM) in roles_of(workshop)


# The page ---------------------------------------------------------------------------------------


def offered(client, workshop) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the roles that the form offers and the rows with a button to remove them."""
    context = client.get(url(workshop, "people")).context
    names = {value for value, _label in context["person_form"].fields["role"].choices}
    rows = {
        (m.user.email, m.role)
        for m, is_removable, _offers in context["memberships"]
        if is_removable
    }
    return names - {"participant"}, rows


def test_the_page_offers_what_is_possible_and_nothing_else(
    workshop, facilitator, administrator, committee_member, signed_in, record
):
    lead, office = signed_in(facilitator), signed_in(administrator)
    committee = (committee_member.email, COM)
    assert offered(lead, workshop) == ({FAC, COM}, {committee})
    assert offered(office, workshop) == ({COM, ADM}, {committee, (administrator.email, ADM)})
    record("shown")
    assert offered(lead, workshop) == ({FAC}, set())
    assert offered(office, workshop) == ({COM, ADM}, {committee})
    Workshop.objects.filter(pk=workshop.pk).update(phase="closed")
    assert offered(office, workshop)[1] == set()


def test_every_button_is_drawn_for_a_removable_row_only(
    workshop, facilitator, administrator, committee_member, signed_in, record
):
    record("shown")
    page = signed_in(administrator).get(url(workshop, "people")).content.decode()
    drawn = {
        row.role
        for row in workshop.memberships.all()
        if url(workshop, "membership-remove", row.pk) in page
    }
    assert drawn == {COM}


@pytest.mark.parametrize(
    ("phase", "has_administration", "kind", "told"),
    [
        ("collecting", False, "", ["Facilitators name committee and administration.", "Once"]),
        ("collecting", True, "", ["Facilitators name the committee, the", "From the"]),
        ("deliberating", True, "", ["Only the administration names and removes committee"]),
        ("collecting", True, "shown", ["Only the administration names and removes committee"]),
        ("collecting", False, "shown", ["There are shown results or a session with an"]),
    ],
)
def test_the_page_says_who_names_whom(
    workshop, facilitator, signed_in, record, request, phase, has_administration, kind, told
):
    if has_administration:
        request.getfixturevalue("administrator")
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    record(kind)
    response = in_english(signed_in(facilitator)).get(url(workshop, "people"))
    with translation.override("en"):
        rules = [str(rule) for rule in response.context["rules"]]
    always = ["Only a facilitator names and removes facilitators.",
              "You cannot give a role to yourself."]  # fmt: skip
    assert [rule for rule in always if rule not in rules] == []
    rest = [rule for rule in rules if rule not in always]
    assert [rule.startswith(start) for rule, start in zip(rest, told, strict=True)] == [
        True for _ in told
    ]
    assert " ".join(rules) in response.content.decode().replace("&#x27;", "'")


# Rules by themselves ----------------------------------------------------------------------------


def test_asking_again_forgets_what_was_answered_before(workshop, record):
    assert (workshop.has_record, workshop.has_administration) == (False, False)
    record("agenda")
    assert workshop.has_record is False
    workshop.forget_answers()
    assert workshop.has_record is True


def test_a_record_costs_no_query_before_it_is_asked_for(
    workshop, facilitator, record, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = visiting(workshop, facilitator).workshop
    with django_assert_num_queries(1):
        assert (found.has_record, found.has_record) == (False, False)
    record("shown")
    found = visiting(workshop, facilitator).workshop
    with django_assert_num_queries(0):
        assert found.has_record is True


@pytest.mark.parametrize("kept", [set(), {FAC}])
def test_who_loses_a_role_while_waiting_is_not_let_in(workshop, facilitator, kept):
    Membership.objects.create(workshop=workshop, user=facilitator, role=COM)
    visit = visiting(workshop, facilitator)
    workshop.memberships.exclude(role__in=kept).delete()
    with pytest.raises(PermissionDenied), transaction.atomic():
        access.in_turn(visit)


def test_who_gains_a_role_while_waiting_has_it_when_the_turn_comes(workshop, facilitator):
    visit = visiting(workshop, facilitator)
    Membership.objects.create(workshop=workshop, user=facilitator, role=COM)
    with transaction.atomic():
        assert access.in_turn(visit).roles == {FAC, COM}
    assert visit.roles == {FAC}
