"""A pasted list: shown line by line first, then everybody is added or nobody."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.db import IntegrityError, connection
from django.urls import reverse

from tests.deciding import in_english
from workshops import access, people_list
from workshops.models import Membership, Participant, Role, User
from workshops.people_list import MOST_CHARACTERS, MOST_PEOPLE

LIST = "Anna Müller <anna@bingen.example>\nBert; bert@bingen.example; Verwaltung\nc@bingen.example"


@pytest.fixture
def page(workshop) -> str:
    return reverse("workshops:people-paste", args=[workshop.pk])


@pytest.fixture
def send(workshop, editor, page):
    """Return a function that sends a list; ``seen`` is the preview that is confirmed."""

    def post(text: str = LIST, role: str = "participant", *, client=editor, **more):
        return client.post(page, {"text": text, "role": role, "group": "", **more})

    return post


def confirm(send, text: str = LIST, role: str = "participant", **more):
    seen = send(text, role, **more).context["seen"]
    return send(text, role, seen=seen, confirmed="yes", **more)


def participants(workshop) -> list[tuple[str, str, str]]:
    rows = workshop.participants.order_by("user__email")
    return [(row.user.email, row.name, str(row.group or "")) for row in rows]


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def planned(response) -> list[tuple]:
    return [
        (each.line, each.email, each.name, each.group, each.is_there, each.twin)
        for each in response.context["people"]
    ]


def misread(response) -> list[tuple[int, str, str]]:
    rows = response.context["problems"]
    return [(each.line, each.text or each.email, each.problem) for each in rows]


# Shown first --------------------------------------------------------------------------------------


def test_the_preview_says_what_each_line_would_do_and_stores_nothing(workshop, send, participant):
    rat = workshop.groups.get(name="Rat")
    before = User.objects.count()
    text = f"{LIST}\n{participant.email.upper()}\nANNA@bingen.example"
    response = send(text, group=rat.pk)
    assert (response.status_code, planned(response)) == (200, [
        (1, "anna@bingen.example", "Anna Müller", "Rat", False, 0),
        (2, "bert@bingen.example", "Bert", "Verwaltung", False, 0),
        (3, "c@bingen.example", "", "Rat", False, 0),
        (4, participant.email.upper(), "", "Rat", True, 0),
        (5, "ANNA@bingen.example", "", "Rat", False, 1),
    ])  # fmt: skip
    assert (User.objects.count(), workshop.participants.count()) == (before, 1)


def test_the_preview_does_not_tell_who_has_an_account(workshop, send, other_workshop, stranger):
    rows = send(f"{stranger.email}\nnie@gesehen.example").context["people"]
    assert [(each.name, each.is_there) for each in rows] == [("", False)] * 2
    html = send(f"{stranger.email}").content.decode()
    assert stranger.name not in html.replace("fremd@elsewhere.example", "")


def test_lines_that_are_not_understood_are_named_and_what_was_typed_stays(workshop, send):
    text = f"{LIST}\n\nFrieda Kunz\nGustav; gustav@stadt"
    for more in ({}, {"confirmed": "yes"}):
        response = send(text, **more)
        assert (response.status_code, misread(response)) == (422, [
            (5, "Frieda Kunz", "In dieser Zeile steht keine E-Mail-Adresse."),
            (6, "Gustav; gustav@stadt", "„gustav@stadt“ ist keine E-Mail-Adresse."),
        ])  # fmt: skip
        form = response.context["form"]
        assert form["text"].value() == text
        assert form.errors == {"text": ["2 Zeilen müssen zuerst korrigiert werden, siehe unten."]}
    assert workshop.participants.count() == 0


def test_the_same_address_in_two_groups_must_be_decided(send):
    response = send("a@bingen.example;Rat\nA@bingen.example;Verwaltung")
    assert (response.status_code, misread(response)) == (
        422,
        [(2, "A@bingen.example",
          "Dieselbe Adresse steht in Zeile 1 mit einer anderen Gruppe.")],
    )  # fmt: skip


WRONG = [
    ({"text": ""}, "text"), ({"text": " \n;;\n"}, "text"), ({"text": "E-Mail;Name"}, "text"),
    ({"text": "x" * (MOST_CHARACTERS + 1)}, "text"), ({"role": "king"}, "role"),
    ({"group": "9" * 30}, "group"),
    ({"text": "\n".join(f"{n}@x.example" for n in range(MOST_PEOPLE + 1))}, "text"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "name"), WRONG)
def test_a_list_that_cannot_be_read_is_explained_and_kept(workshop, editor, page, sent, name):
    data = {"text": LIST, "role": "participant", "confirmed": "yes"} | sent
    response = editor.post(page, data)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [name])
    assert (form["text"].value(), workshop.participants.count()) == (data["text"], 0)


def test_two_hundred_people_are_the_most(workshop, send):
    text = "\n".join(f"{n}@x.example" for n in range(MOST_PEOPLE))
    assert confirm(send, text).status_code == 302
    assert workshop.participants.count() == MOST_PEOPLE


def test_names_and_addresses_are_kept_in_no_browser(send):
    forms = re.findall("<form[^>]*>", send().content.decode())
    assert [form for form in forms if "data-draft" in form] == []


def test_a_preview_makes_nobody_wait(send, monkeypatch):
    line_up, waited = access.line_up, []

    def wait(workshop_id: int) -> None:
        waited.append(workshop_id)
        line_up(workshop_id)

    monkeypatch.setattr(access, "line_up", wait)
    for text in (LIST, "Frieda Kunz"):
        send(text)
    assert waited == []
    confirm(send)
    assert len(waited) == 1


# Then stored --------------------------------------------------------------------------------------


def test_what_was_confirmed_is_added_without_passwords_and_everybody_is_told(
    workshop, send, stranger
):
    rat = workshop.groups.get(name="Rat")
    response = confirm(send, f"{LIST}\nAnders <{stranger.email.upper()}>", group=rat.pk)
    people = f"{reverse('workshops:people', args=[workshop.pk])}#participants"
    assert (response.status_code, response["Location"]) == (302, people)
    assert participants(workshop) == [
        ("anna@bingen.example", "Anna Müller", "Rat"),
        ("bert@bingen.example", "Bert", "Verwaltung"),
        ("c@bingen.example", "", "Rat"),
        (stranger.email, "Anders", "Rat"),
    ]
    anna = User.objects.get(email="anna@bingen.example")
    assert (anna.name, anna.has_usable_password(), anna.is_staff) == ("Anna Müller", False, False)
    stranger.refresh_from_db()
    assert (stranger.name, len(mail.outbox)) == ("Fremd", 4)
    assert told(response) == [
        "4 Personen sind hinzugefügt als: Teilnehmende Person. Wer noch kein Passwort hat, setzt"
        " eines über „Passwort vergessen“.",
        "4 E-Mails mit dem Weg in den Workshop sind verschickt.",
    ]


def test_a_known_account_without_a_name_in_the_list_keeps_its_own(workshop, send, stranger):
    confirm(send, stranger.email)
    assert participants(workshop) == [(stranger.email, "Fremd", "")]


def test_a_role_is_given_with_its_history(workshop, send, facilitator):
    response = confirm(send, role="committee")
    people = f"{reverse('workshops:people', args=[workshop.pk])}#roles"
    assert (response.status_code, response["Location"]) == (302, people)
    rows = workshop.memberships.filter(role=Role.COMMITTEE)
    assert sorted(rows.values_list("user__email", flat=True)) == [
        "anna@bingen.example", "bert@bingen.example", "c@bingen.example",
    ]  # fmt: skip
    history = Membership.history.filter(workshop=workshop, role=Role.COMMITTEE)
    assert [(row.history_type, row.history_user) for row in history] == [("+", facilitator)] * 3
    assert workshop.participants.count() == 0


def test_sent_again_nobody_is_added_twice(workshop, send):
    seen = send().context["seen"]
    answers = [send(seen=seen, confirmed="yes") for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert told(answers[1])[-1] == "Alle diese Personen sind schon da. Niemand wurde hinzugefügt."
    assert workshop.participants.count() == 3


@pytest.mark.parametrize("seen", ["", "x", "0" * 32])
def test_nobody_is_added_without_having_been_shown(workshop, send, seen):
    response = send(seen=seen, confirmed="yes")
    assert (response.status_code, response.context["is_outdated"]) == (409, True)
    assert workshop.participants.count() == 0


def test_a_list_changed_after_the_preview_is_shown_once_more(workshop, send):
    seen = send().context["seen"]
    longer = f"{LIST}\nd@bingen.example"
    late = send(longer, seen=seen, confirmed="yes")
    assert (late.status_code, workshop.participants.count()) == (409, 0)
    assert late.context["form"]["text"].value() == longer
    assert send(longer, seen=late.context["seen"], confirmed="yes").status_code == 302
    assert workshop.participants.count() == 4


def test_somebody_added_meanwhile_is_shown_once_more(workshop, send):
    seen = send().context["seen"]
    user = User.objects.create_user("anna@bingen.example")
    Participant.objects.create(workshop=workshop, user=user)
    assert send(seen=seen, confirmed="yes").status_code == 409
    assert workshop.participants.count() == 1


def test_an_account_opened_elsewhere_at_this_moment_is_added_all_the_same(
    workshop, send, monkeypatch
):
    store = people_list._store

    def late(*args) -> None:
        monkeypatch.setattr(people_list, "_store", store)
        User.objects.create_user("anna@bingen.example", name="Anna M.")
        raise IntegrityError

    monkeypatch.setattr(people_list, "_store", late)
    assert confirm(send).status_code == 302
    assert [email for email, *_more in participants(workshop)] == [
        "anna@bingen.example", "bert@bingen.example", "c@bingen.example",
    ]  # fmt: skip


def test_all_or_none(workshop, send, monkeypatch):
    """What fails at the last step leaves no account behind."""
    seen, before = send().context["seen"], User.objects.count()

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("workshops.people_list.Participant.objects.bulk_create", fail)
    with pytest.raises(ZeroDivisionError):
        send(seen=seen, confirmed="yes")
    assert User.objects.count() == before


@pytest.mark.parametrize(("role", "stores"), [("participant", 19), ("committee", 19)])
def test_a_list_takes_the_same_queries_for_one_person_and_for_thirty(
    workshop, editor, send, role, stores, django_assert_num_queries
):
    for kind, count in (("a", 1), ("b", 30)):
        text = "\n".join(f"{kind}{n}@bingen.example; Name {n}" for n in range(count))
        with django_assert_num_queries(7):
            seen = send(text, role).context["seen"]
        with django_assert_num_queries(stores):
            send(text, role, seen=seen, confirmed="yes")
        editor.get(reverse("workshops:people", args=[workshop.pk]))  # reads the message


# Who may -----------------------------------------------------------------------------------------


def test_nobody_gives_a_role_to_oneself_by_a_list(workshop, editor, send, facilitator):
    in_english(editor)
    response = send(f"{LIST}\n{facilitator.email.upper()}", "committee")
    assert (response.status_code, misread(response)) == (422, [
        (4, facilitator.email.upper(),
         "You cannot give a role to yourself. Please ask the administration."),
    ])  # fmt: skip
    assert confirm(send, facilitator.email).status_code == 302
    assert participants(workshop) == [(facilitator.email, "Mona", "")]


def test_only_the_roles_that_one_gives_are_offered_and_taken(
    workshop, administrator, facilitator, signed_in, page, at
):
    at("deliberating")
    found = {}
    for person in (facilitator, administrator):
        client = signed_in(person)
        choices = client.get(page).context["form"].fields["role"].choices
        codes = {
            role: client.post(page, {"text": "neu@bingen.example", "role": role}).status_code
            for role in ("participant", *Role.values)
        }
        found[person.name] = ([value for value, _label in choices], codes)
    assert found == {
        "Mona": (
            ["participant", "facilitator"],
            {"participant": 200, "facilitator": 200, "committee": 422, "administration": 422},
        ),
        "Vera": (
            ["participant", "committee", "administration"],
            {"participant": 200, "facilitator": 422, "committee": 200, "administration": 200},
        ),
    }


def test_results_shown_at_this_moment_bind_the_list_that_waits(workshop, send, at, monkeypatch):
    seen = send(role="committee").context["seen"]
    line_up = access.line_up

    def wait(workshop_id: int) -> None:
        monkeypatch.setattr(access, "line_up", line_up)
        workshop.rounds.create(number=1, state="shown", smallest_room=3)
        user = User.objects.create_user("amt@bingen.example")
        Membership.objects.create(workshop=workshop, user=user, role=Role.ADMINISTRATION)
        line_up(workshop_id)

    monkeypatch.setattr(access, "line_up", wait)
    response = send(role="committee", seen=seen, confirmed="yes")
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["role"])
    assert workshop.memberships.filter(role=Role.COMMITTEE).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_add_everybody_once(workshop, facilitator, signed_in, page):
    clients = [signed_in(facilitator) for _each in range(4)]
    sent = {"text": LIST, "role": "participant", "group": ""}
    seen = clients[0].post(page, sent).context["seen"]

    def click(client) -> int:
        try:
            return client.post(page, sent | {"seen": seen, "confirmed": "yes"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, clients)) == [302] * 4
    assert [email for email, *_more in participants(workshop)] == [
        "anna@bingen.example", "bert@bingen.example", "c@bingen.example",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_workshops_that_add_the_same_people_at_the_same_moment_get_all_of_them(
    workshop, other_workshop, facilitator, stranger, signed_in
):
    addresses = [f"{n:02}@bingen.example" for n in range(20)]
    jobs = []
    for each, person, order in ((workshop, facilitator, 1), (other_workshop, stranger, -1)):
        client, page = signed_in(person), reverse("workshops:people-paste", args=[each.pk])
        sent = {"text": "\n".join(addresses[::order]), "role": "participant", "group": ""}
        seen = client.post(page, sent).context["seen"]
        jobs.append((client, page, sent | {"seen": seen, "confirmed": "yes"}))

    def click(job) -> int:
        client, page, sent = job
        try:
            return client.post(page, sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(click, jobs)) == [302, 302]
    for each in (workshop, other_workshop):
        assert [email for email, *_more in participants(each)] == addresses
    assert User.objects.filter(email__in=addresses).count() == 20
