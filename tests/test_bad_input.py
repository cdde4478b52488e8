"""What nobody should send, and everybody will: it is refused or escaped, and never a 500."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fields.models import ActionField, Goal
from measures.models import PROFILE_FIELDS, Measure
from tests.rating import agree_on, save_rating
from tests.test_access import ROWS, call
from workshops.models import Membership, Participant, Role
from workshops.phases import Phase

NASTY = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"""
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&gt;&lt;img src=x onerror=alert(1)&gt;"
HUGE = (2**63, 10**30)
within_a_test = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def url(workshop, name: str, *arguments) -> str:
    return reverse(name, args=[workshop.pk, *arguments])


# Addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/%00", "/workshops/%00/", "/?a=%00", "/?a%00=1", "/?a=1&a=2%00", "/imprint/?x=%00",
        "/accounts/login/?next=%00", "/admin/?q=%00", "/admin/login/?next=%00",
    ],
)  # fmt: skip
def test_a_nul_byte_in_the_address_is_a_bad_request(client, db, path):
    response = client.get(path)
    assert (response.status_code, response.templates[0].name) == (400, "400.html")


def test_a_nul_byte_in_a_cookie_is_a_bad_request(workshop, editor):
    for name in ("sessionid", "csrftoken", "ballot_000000000000"):
        client = Client()
        client.cookies[name] = "a\0b"
        assert client.get("/").status_code == 400


def test_a_nul_byte_in_the_address_is_refused_inside_a_workshop_too(workshop, editor):
    for name in ("workshop-day", "measure-list", "dashboard"):
        page = url(workshop, f"measures:{name}")
        assert editor.get(f"{page}?field=%00").status_code == 400
        assert editor.post(f"{page}?%00").status_code == 400


def test_a_number_beyond_every_database_is_not_found(workshop, facilitator, editor, at):
    Participant.objects.create(workshop=workshop, user=facilitator)
    Membership.objects.create(workshop=workshop, user=facilitator, role=Role.ADMINISTRATION)
    at(Phase.RATING)
    editor.post(url(workshop, "measures:ballot-take"), {"promised": "anonymous"})
    found = {}
    for name, row in ROWS:
        at(row.open_phases()[-1])
        for number in HUGE:
            inside = [number] * len(row.what.split())
            path = reverse(name, args=[workshop.pk, *inside] if inside else [number])
            found[name, number] = call(editor, row.method, path, row.data).status_code
    assert {key: status for key, status in found.items() if status != 404} == {}


VALUES = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from([
        "rank", "-score", "start", "park", "short", "unknown", "no", "0", "50", "100", "1", "-0",
        "1e3", "٣", "１", " 7 ", "9" * 400, "9" * 5000, "measure-1", "goal-1", "measure-", "%00",
        "\0", "'; DROP TABLE", "../../etc", "null", "None", "true", "[]", "",
    ]),
)  # fmt: skip


PARAMETERS = (
    "weight", "round", "lens", "against", "field", "quadrant", "horizon", "municipality", "n",
    "spread", "order", "unknown",
)  # fmt: skip


@within_a_test
@given(
    st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.lists(VALUES, min_size=1, max_size=2),
    )
)
def test_no_parameter_of_the_dashboard_breaks_it(workshop, measure, editor, at, parameters):
    at(Phase.DELIBERATING)
    response = editor.get(url(workshop, "measures:dashboard"), parameters)
    assert response.status_code in (200, 400)


@within_a_test
@given(VALUES)
def test_no_parameter_of_the_other_pages_breaks_them(workshop, measure, editor, at, value):
    at(Phase.RATING)
    answers = [
        editor.get(path, {name: value}).status_code
        for path, name in [
            (url(workshop, "workshops:workshop-scale"), "steps"),
            (url(workshop, "measures:field-capture", measure.field_id), "removed"),
            (url(workshop, "measures:measure-entry", 1), "group"),
        ]
    ]
    if "\0" in value:
        assert answers == [400, 400, 400]
    else:
        assert (answers[:2], answers[2] in (200, 404)) == ([200, 200], True)


@pytest.fixture
def after_a_round(workshop, measure, at):
    at(Phase.RATING)
    return at(Phase.DELIBERATING)


@within_a_test
@given(
    st.sampled_from(["all", "unrated", "fields", "disputed", "picked"]) | VALUES,
    st.dictionaries(st.sampled_from(["count", "fields_", "measures"]), VALUES),
)
def test_no_choice_of_measures_for_a_round_breaks_its_page(
    after_a_round, measure, editor, which, parameters
):
    sent = {"which": which, **parameters}
    response = editor.post(url(after_a_round, "measures:round-add"), sent)
    chosen = [each.pk for each in response.context["chosen"]]
    assert (response.status_code, chosen) in [(200, [measure.pk]), (422, [])]


# Bodies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("checks", [False, True])
def test_a_body_beyond_the_limit_gets_a_readable_page(workshop, facilitator, checks):
    client = Client(enforce_csrf_checks=checks)
    client.force_login(facilitator)
    sent = {"name": "x" * 1_100_000}
    response = client.post(url(workshop, "fields:field-add"), "name=" + sent["name"],
                           content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert (response.status_code, response.templates[0].name) == (400, "400.html")
    assert client.post(url(workshop, "fields:field-add"), sent).status_code == 400


def test_more_fields_than_any_form_has_are_refused(workshop, editor):
    sent = {f"field_{n}": n for n in range(2001)}
    assert editor.post(url(workshop, "measures:measure-import"), sent).status_code == 400


def test_who_is_not_signed_in_gets_no_further_with_a_large_body(client, workshop):
    sent = {"name": "x" * 1_100_000}
    assert client.post(url(workshop, "fields:field-add"), sent).status_code == 400


def test_bytes_that_are_no_text_are_no_server_error(workshop, editor):
    for content_type in ("application/x-www-form-urlencoded", "application/json", "text/plain",
                         "multipart/form-data; boundary=x", "multipart/form-data"):  # fmt: skip
        path = url(workshop, "fields:field-add")
        response = editor.post(path, b"name=\xff\xfe%ff&\x00", content_type=content_type)
        assert response.status_code in (302, 400, 422)


# Texts ------------------------------------------------------------------------------------------


@pytest.fixture
def nasty(workshop, participant, facilitator, ballots):
    """A workshop in which every text that a person can type is an attack."""
    for name in ("title", "place", "hosts", "introduction"):
        setattr(workshop, name, NASTY)
    for name in ("name_start", "name_prepare", "name_optional", "name_park"):
        setattr(workshop, name, NASTY[:40])
    workshop.save()
    workshop.municipalities.update(name=NASTY)
    workshop.scale_steps.update(label=NASTY[:60])
    workshop.groups.filter(name="Rat").update(name=NASTY)
    workshop.participants.update(name=NASTY)
    facilitator.name = NASTY
    facilitator.save()
    field = ActionField.objects.create(workshop=workshop, name=NASTY)
    goal = Goal.objects.create(field=field, text=NASTY, indicator=NASTY)
    texts = dict.fromkeys(("title", "description", *PROFILE_FIELDS), NASTY)
    for _ in range(2):
        measure = Measure.objects.create(workshop=workshop, field=field, goal=goal, **texts)
    Measure.objects.create(workshop=workshop, field=field, merged_into=measure, **texts)
    for ballot in ballots(5, NASTY):
        save_rating(ballot, measure, relevance=4, feasibility=4)
    agree_on(measure=measure, relevance=3, feasibility=3)
    return workshop


def test_markup_in_a_text_is_shown_as_text_on_every_page(nasty, editor, participant, signed_in, at):
    phone, field = signed_in(participant), nasty.fields.get()
    pages = {
        "workshops:people": (), "measures:workshop-edit": (), "workshops:workshop-scale": (),
        "workshops:group-edit": (nasty.groups.get(name=NASTY).pk,),
        "fields:field-list": (), "fields:field-edit": (field.pk,),
        "measures:workshop-day": (), "measures:field-capture": (field.pk,),
        "measures:goal-edit": (field.goals.get().pk,), "measures:measure-list": (),
        "measures:measure-detail": (2,), "measures:measure-edit": (2,),
        "measures:measure-profile": (2,), "measures:short-title": (2,),
        "measures:dashboard": (), "measures:entry-list": (),
        "measures:measure-entry": (2,), "measures:rate-start": (), "measures:rate-measure": (2,),
        "measures:measure-import": (), "measures:round-list": (), "measures:round-show": (1,),
        "measures:round-add": (), "measures:rate-privacy": (),
    }  # fmt: skip
    seen = {}
    for phase in (Phase.COLLECTING, Phase.RATING, Phase.DELIBERATING):
        at(phase)
        for client in (editor, phone):
            if phase == Phase.RATING:
                client.post(url(nasty, "measures:ballot-take"), {"promised": "anonymous"})
            for name, arguments in pages.items():
                response = client.get(url(nasty, name, *arguments))
                if response.status_code == 200:
                    seen[name] = seen.get(name, "") + response.content.decode()
    seen["home"] = editor.get("/").content.decode()
    assert [name for name in pages if name not in seen] == []
    assert [name for name, page in seen.items() if ESCAPED not in page] == []
    attacks = ("<script>alert", "<img src=x", "'><img", ">14<")
    assert [(n, a) for n, page in seen.items() for a in attacks if a in page] == []


def test_markup_in_what_is_told_after_a_click_is_shown_as_text(nasty, editor):
    field = nasty.fields.get()
    clicks = [
        ("fields:field-drop", field.pk, {}),
        ("measures:measure-remove", 1, {}),
        ("measures:goal-remove", field.goals.get().pk, {}),
        ("workshops:group-remove", nasty.groups.get(name="Verwaltung").pk, {}),
        ("measures:measure-add", field.pk, {"title": NASTY * 9, "client_id": NASTY}),
        ("measures:goal-add", field.pk, {"text": NASTY * 9}),
        ("measures:goal-edit", field.goals.get().pk, {"text": NASTY, "seen": 99}),
        ("measures:round-set-aside", 1, {"reason": NASTY * 9}),
        ("measures:round-set-aside", 1, {"reason": NASTY}),
    ]
    for name, argument, sent in clicks:
        page = editor.post(url(nasty, name, argument), sent, follow=True).content.decode()
        assert (name, "<script>alert" in page, "<img src=x" in page) == (name, False, False)


def test_markup_in_a_parameter_is_not_sent_back_as_markup(nasty, editor, at):
    at(Phase.DELIBERATING)
    for name in PARAMETERS[:-1]:
        response = editor.get(url(nasty, "measures:dashboard"), {name: NASTY})
        assert (response.status_code, b"<script>alert" in response.content) == (400, False)
    for path in (f"/{NASTY}", f"/accounts/login/?next={NASTY}", f"/?x={NASTY}"):
        assert b"<script>alert" not in editor.get(path, follow=True).content


def test_a_long_word_is_kept_whole_and_an_empty_description_is_no_text(workshop, editor, field):
    word = "Donaudampfschifffahrt" * 9
    sent = {"title": word, "client_id": "1" * 32, "description": "   ", "goal": ""}
    editor.post(url(workshop, "measures:measure-add", field.pk), sent)
    assert Measure.objects.values_list("title", "description").get() == (word, "")
    assert word in editor.get(url(workshop, "measures:measure-list")).content.decode()
