"""Settings that decisions rest on: asked about before they change, told about afterwards."""

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from measures.models import AgendaItem, Decision, Round
from measures.public.records import told_decisions
from measures.settings.changes import COLUMNS, changed_since
from tests.deciding import decide, hold, in_english, release
from tests.markup import compact
from tests.rating import save_rating
from tests.workshops.test_admin import form_data
from tests.workshops.test_admin import url as page_of
from tests.workshops.test_workshop_edit import settings_of
from workshops import access
from workshops.models import User, Workshop, line_up

CHANGES = [
    ("relevance_weight", "60", "weight of relevance 50 % → 60 %"),
    ("relevance_threshold", "3.5", "threshold for high relevance 3.00 → 3.50"),
    ("feasibility_threshold", "2", "threshold for high feasibility 3.00 → 2.00"),
    ("name_start", "Sofort", "quadrant “Start soon” → “Sofort”"),
    ("name_prepare", "Bald", "quadrant “Prepare” → “Bald”"),
    ("name_optional", "Mal", "quadrant “When the chance arises” → “Mal”"),
    ("name_park", "Nie", "quadrant “Keep in mind” → “Nie”"),
]  # fmt: skip


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:workshop-edit", args=[workshop.pk])


@pytest.fixture
def lead(facilitator, signed_in):
    return in_english(signed_in(facilitator))


@pytest.fixture
def office(administrator, signed_in):
    return in_english(signed_in(administrator))


@pytest.fixture
def called(workshop, measure):
    """Return a session with one measure on its agenda."""
    Workshop.objects.filter(pk=workshop.pk).update(phase="deliberating")
    return hold(workshop, measure)


def stored(workshop) -> dict:
    return Workshop.objects.filter(pk=workshop.pk).values(*COLUMNS, "title").get()


def confirmed(response) -> dict[str, str]:
    """Return what the box that the page draws would send."""
    (box,) = re.findall(r'<input[^>]*type="checkbox"[^>]*name="confirmed"[^>]*>', response.text)
    return {"confirmed": html.unescape(re.search(r'value="([^"]*)"', box)[1])}


# Asked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value", "told"), CHANGES)
def test_with_an_agenda_each_of_them_is_asked_about_and_then_changed(
    workshop, called, lead, url, name, value, told
):
    before, sent = stored(workshop), settings_of(lead, url, **{name: value, "title": "Neu"})
    asked = lead.post(url, sent)
    form = asked.context["form"]
    assert (asked.status_code, list(form.errors)) == (422, ["confirmed"])
    assert [str(change) for change in form.asked] == [told]
    assert (form[name].value(), form["title"].value()) == (value, "Neu")  # what was typed is kept
    assert stored(workshop) == before
    assert lead.post(url, sent | confirmed(asked)).status_code == 302
    assert (str(stored(workshop)[name]).rstrip("0").rstrip("."), stored(workshop)["title"]) == (
        value.rstrip("0").rstrip(".") or value, "Neu",
    )  # fmt: skip


def test_the_box_is_drawn_when_it_is_asked_for_and_not_before(called, lead, url):
    box = 'type="checkbox" name="confirmed"'
    assert box not in compact(lead.get(url))
    assert box in compact(lead.post(url, settings_of(lead, url, relevance_weight=60)))


NOTHING = [
    {}, {"title": "Neu"}, {"smallest_room": 4}, {"smallest_group": 6},
    {"relevance_threshold": "3"},  # the scale's middle, which it is anyway
    {"name_start": "Start soon"},  # called so anyway
]  # fmt: skip


@pytest.mark.parametrize("changes", NOTHING)
def test_what_no_decision_rests_on_is_changed_at_once(called, lead, url, changes):
    assert lead.post(url, settings_of(lead, url, **changes)).status_code == 302


@pytest.mark.parametrize("kind", ["nothing", "draft"])
def test_without_an_agenda_nobody_is_asked(workshop, lead, url, kind):
    if kind == "draft":
        hold(workshop)
    assert lead.post(url, settings_of(lead, url, relevance_weight=60)).status_code == 302
    assert stored(workshop)["relevance_weight"] == 60


def test_a_decision_that_left_the_agenda_is_asked_about_as_well(
    workshop, called, measure, lead, url
):
    decide(called, measure, is_published=False)
    AgendaItem.objects.all().delete()
    assert lead.post(url, settings_of(lead, url, relevance_weight=60)).status_code == 422


def text_of(response) -> str:
    """Return a page without what differs from one request to the next."""
    return re.sub(r"\b\w{64}\b", "token", response.content.decode())


def test_a_facilitator_is_asked_the_same_whether_or_not_something_is_pending(
    workshop, called, measure, lead, url
):
    sent = settings_of(lead, url, relevance_weight=60)
    without = text_of(lead.post(url, sent))
    decide(called, measure, is_published=False)
    assert text_of(lead.post(url, sent)) == without
    assert "Decisions that are not published yet" in without


def test_each_reads_of_the_decisions_that_they_may_know_of(
    workshop, called, measure, measure_two, lead, office, url
):
    AgendaItem.objects.create(session=called, measure=measure_two, order=2)
    known = decide(called, measure)
    pending = decide(called, measure_two, is_published=False)
    listed = [
        list(client.post(url, settings_of(client, url, relevance_weight=60)).context["decisions"])
        for client in (lead, office)
    ]
    assert listed == [[known], [pending, known]]


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that lets something happen while a request waits for its turn."""

    def while_waiting(happen) -> None:
        def wait(workshop_id: int) -> None:
            happen()
            line_up(workshop_id)

        monkeypatch.setattr(access, "line_up", wait)

    return while_waiting


def test_an_agenda_composed_at_this_moment_is_asked_about(workshop, measure, lead, url, meanwhile):
    sent = settings_of(lead, url, relevance_weight=60)
    meanwhile(lambda: hold(workshop, measure))
    assert lead.post(url, sent).status_code == 422


def test_a_workshop_closed_at_this_moment_keeps_its_settings(workshop, lead, url, meanwhile):
    sent = settings_of(lead, url, relevance_weight=60)
    meanwhile(lambda: Workshop.objects.filter(pk=workshop.pk).update(phase="closed"))
    assert lead.post(url, sent).status_code == 403
    assert stored(workshop)["relevance_weight"] == 50


def test_who_confirms_still_overwrites_nothing(workshop, called, lead, url):
    sent = settings_of(lead, url, relevance_weight=60, title="Meins")
    sent |= confirmed(lead.post(url, sent))
    row = Workshop.objects.get(pk=workshop.pk)
    row.title = "Anderes"
    row.save(update_fields=["title"])
    response = lead.post(url, sent)
    assert (response.status_code, stored(workshop)["title"]) == (409, "Anderes")
    drawn = response.context["form"]
    again = {name: drawn[name].value() or "" for name in drawn.fields}
    assert lead.post(url, again).status_code == 302
    assert (stored(workshop)["title"], stored(workshop)["relevance_weight"]) == ("Meins", 60)


FAULTY = [
    {"relevance_weight": "1.000"}, {"relevance_threshold": "7"},
    {"relevance_weight": "60", "title": ""}, {"relevance_weight": "60", "smallest_room": "2"},
]  # fmt: skip


@pytest.mark.parametrize("changes", FAULTY)
def test_a_value_that_cannot_be_saved_is_complained_about_and_not_asked_about(
    called, lead, url, changes
):
    response = lead.post(url, settings_of(lead, url, **changes))
    form, wrong = response.context["form"], [*changes][-1]
    assert (response.status_code, [*form.errors], form.asked) == (422, [wrong], ())
    assert "Nothing is saved yet" not in response.text


def test_a_yes_is_meant_for_the_values_that_were_shown_and_no_others(workshop, called, lead, url):
    sent = settings_of(lead, url, relevance_weight=70)
    yes = confirmed(lead.post(url, sent))
    again = lead.post(url, sent | yes | {"relevance_weight": 80})
    assert (again.status_code, stored(workshop)["relevance_weight"]) == (422, 50)
    assert [str(each) for each in again.context["form"].asked] == [
        "weight of relevance 50 % → 80 %"
    ]
    assert lead.post(url, sent | {"relevance_weight": 80} | confirmed(again)).status_code == 302
    assert stored(workshop)["relevance_weight"] == 80


def test_question_box_and_button_stand_together_and_take_the_focus(called, lead, url):
    page = lead.post(url, settings_of(lead, url, relevance_weight=60)).text
    (section,) = re.findall(r"<section[^>]*autofocus>.*?</section>", page, re.S)
    assert ('name="confirmed"' in section, 'type="submit"' in section) == (True, True)
    assert (page.count("autofocus"), page.count('name="confirmed"')) == (1, 1)


def test_whoever_saves_an_old_tab_reads_of_the_conflict_and_is_asked_afterwards(
    workshop, called, lead, url
):
    sent = settings_of(lead, url, hosts="Amt")
    change(workshop, relevance_weight=70)
    late = lead.post(url, sent)
    told = [each["stored"] for each in late.context["differences"]]
    assert (late.status_code, told, "Nothing is saved yet" in late.text) == (409, ["", "70"], False)
    drawn = late.context["form"]
    assert not drawn.errors
    again = lead.post(url, {name: drawn[name].value() or "" for name in drawn.fields})
    assert (again.status_code, again.context["form"].meant) == (
        422, "weight of relevance 70 % → 50 %",
    )  # fmt: skip


# A higher minimum hides what people have seen ---------------------------------------------------


@pytest.fixture
def rated(workshop, measure, measure_two, ballots, at):
    """Six people rated WLAN, twelve Bus, all of the group "Rat"; the results are shown."""
    at("rating")
    people = ballots(12, "Rat")
    for ballot in people:
        save_rating(ballot, measure_two, relevance=4, feasibility=3)
    for ballot in people[:6]:
        save_rating(ballot, measure, relevance=5, feasibility=1)
    return at("deliberating")


@pytest.mark.parametrize("name", ["smallest_room", "smallest_group"])
def test_a_minimum_is_at_most_twenty(workshop, lead, url, name):
    refused = lead.post(url, settings_of(lead, url, **{name: "1.000"}))
    assert (refused.status_code, [*refused.context["form"].errors]) == (422, [name])
    assert refused.context["form"].errors[name][0].startswith("Höchstens 20: ")
    assert lead.post(url, settings_of(lead, url, **{name: "20"})).status_code == 302


def test_one_that_was_larger_before_there_was_a_limit_stays_and_grows_no_more(
    workshop, lead, url, ballots
):
    ballots(1)
    old = {"smallest_room": 50, "keeps_old_minimum": True}
    Workshop.objects.filter(pk=workshop.pk).update(**old)
    assert lead.post(url, settings_of(lead, url, title="Neu")).status_code == 302
    assert lead.post(url, settings_of(lead, url, smallest_room=51)).status_code == 422
    assert (stored(workshop)["title"], stored(workshop)["smallest_room"]) == ("Neu", 50)


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"smallest_room": 6}, []),
        ({"smallest_room": 7}, ["1 measure loses its figures and its rank, in every output."]),
        ({"smallest_room": 20}, ["2 measures lose their figures and their rank, in every output."]),
        ({"smallest_group": 7}, [
            "1 measure keeps its means only, and has no figures on the public page.",
            "Of 1 measure the view of a group is not shown any more.",
        ]),
    ],
)  # fmt: skip
def test_raising_one_says_what_will_not_be_shown_any_more_and_asks(
    rated, lead, url, changes, taken
):
    before, sent = stored(rated), settings_of(lead, url, **changes)
    response = lead.post(url, sent)
    if not taken:
        assert response.status_code == 302
        return
    told = (*taken, "Ballots are handed out, so this can never be taken back.")
    assert (response.status_code, response.context["form"].taken) == (422, told)
    assert (stored(rated), "Decisions rest on" in response.text) == (before, False)
    assert lead.post(url, sent | confirmed(response)).status_code == 302
    assert {**stored(rated)} == before | changes


def test_with_an_agenda_both_are_asked_at_once(rated, measure, lead, url):
    hold(rated, measure)
    response = lead.post(url, settings_of(lead, url, relevance_weight=60, smallest_room=7))
    assert response.context["form"].meant == (
        "weight of relevance 50 % → 60 %; smallest number of ratings shown 3 → 7"
    )


def test_the_admin_asks_before_it_hides_figures(admin_client, rated):
    data = form_data(admin_client.get(page_of(rated)))
    assert admin_client.post(page_of(rated), data | {"smallest_room": "1000"}).status_code == 200
    data |= {"smallest_room": "7"}
    form = admin_client.post(page_of(rated), data).context["adminform"].form
    assert [*form.errors] == ["confirmed"]
    assert stored(rated)["smallest_room"] == 3
    assert admin_client.post(page_of(rated), data | {"confirmed": form.meant}).status_code == 302
    assert stored(rated)["smallest_room"] == 7


def test_the_admin_waits_for_a_ballot_that_is_handed_out_at_this_moment(
    admin_client, workshop, ballots, monkeypatch
):
    """It freezes the anonymity, so the look at it must come after the wait."""
    from measures.admin import workshops as page

    line_up, data = page.line_up, form_data(admin_client.get(page_of(workshop)))

    def wait(workshop_id: int) -> None:
        line_up(workshop_id)
        ballots(1)

    monkeypatch.setattr(page, "line_up", wait)
    response = admin_client.post(page_of(workshop), data | {"anonymity": "pseudonymous"})
    assert (response.status_code, Workshop.objects.get().anonymity) == (200, "anonymous")


# In Django's admin ------------------------------------------------------------------------------


def test_the_admin_asks_as_well(admin_client, workshop, called):
    data = form_data(admin_client.get(page_of(workshop))) | {"relevance_weight": "60"}
    response = admin_client.post(page_of(workshop), data)
    assert (response.status_code, list(response.context["adminform"].form.errors)) == (
        200, ["confirmed"],
    )  # fmt: skip
    assert stored(workshop)["relevance_weight"] == 50
    form = response.context["adminform"].form
    assert 'type="checkbox" name="confirmed"' in str(form["confirmed"])
    sent = data | {"confirmed": form.meant}
    assert (
        admin_client.post(page_of(workshop), sent | {"relevance_weight": "70"}).status_code == 200
    )
    assert admin_client.post(page_of(workshop), sent).status_code == 302
    assert stored(workshop)["relevance_weight"] == 60


def test_the_admin_asks_nobody_without_an_agenda_or_for_another_setting(
    admin_client, workshop, measure
):
    page = admin_client.get(page_of(workshop))
    assert page.context["adminform"].form["confirmed"].is_hidden
    data = form_data(page) | {"relevance_weight": "60"}
    assert admin_client.post(page_of(workshop), data).status_code == 302
    hold(workshop, measure)
    data = form_data(admin_client.get(page_of(workshop))) | {"title": "Neu"}
    assert admin_client.post(page_of(workshop), data).status_code == 302
    assert (stored(workshop)["relevance_weight"], stored(workshop)["title"]) == (60, "Neu")


def test_the_admin_lists_pending_decisions_for_those_only_who_may_see_them_there(
    client, admin_client, workshop, called, measure
):
    decide(called, measure, is_published=False)
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    names = ("change_workshop", "view_workshop")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(clerk)
    found = [
        "M1 WLAN" in each.get(page_of(workshop)).content.decode() for each in (client, admin_client)
    ]
    assert found == [False, True]


def test_the_question_is_only_text_even_if_a_measure_is_named_like_markup(
    admin_client, workshop, called, measure
):
    measure.title = "<script>alert(1)</script>"
    measure.save()
    decide(called, measure)
    assert "<script>alert" not in admin_client.get(page_of(workshop)).content.decode()


def test_a_higher_minimum_is_told_as_well(workshop, called, measure):
    decide(called, measure)
    change(workshop, smallest_room=7, on=date(2036, 11, 3))
    assert told(workshop) == (
        "Seit dem Beschluss vom 22.10.2020 geändert:"
        " Mindestzahl der Bewertungen 3 → 7 (03.11.2036)."
    )


# Told -------------------------------------------------------------------------------------------


def change(workshop, on: date | None = None, **settings) -> None:
    """Change settings as a form does, on a day."""
    row = Workshop.objects.get(pk=workshop.pk)
    for name, value in settings.items():
        setattr(row, name, value)
    row.save(update_fields=list(settings))
    if on:
        newest = row.history.order_by("history_id").last()
        newest.history_date = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        newest.save()


def told(workshop, decisions=None) -> str:
    rows = Decision.objects.in_workshop(workshop).published()
    return changed_since(workshop, rows if decisions is None else decisions)


@pytest.fixture
def decided(workshop, called, measure) -> Decision:
    """Return a published decision of 22 October 2020, recorded just now."""
    change(workshop, relevance_weight=40)
    change(workshop, relevance_weight=50, name_start="Sofort")
    return decide(called, measure)


def test_nothing_is_told_before_a_change_and_nothing_of_what_changed_before(workshop, decided):
    assert told(workshop) == ""
    change(workshop, title="Neu", phase="closed")
    assert told(workshop) == ""


def test_one_sentence_tells_what_changed_since_and_when(workshop, decided):
    change(workshop, relevance_weight=60, on=date(2036, 11, 3))
    assert told(workshop) == (
        "Seit dem Beschluss vom 22.10.2020 geändert: Gewicht der Relevanz 50 % → 60 % (03.11.2036)."
    )


def test_each_change_is_told_in_its_order_also_the_way_back(workshop, decided):
    change(workshop, relevance_weight=60, on=date(2036, 11, 3))
    change(workshop, relevance_threshold=Decimal("3.5"), name_start="Jetzt", on=date(2036, 11, 4))
    change(workshop, title="Neu", on=date(2036, 11, 5))
    change(workshop, relevance_weight=50, on=date(2036, 11, 6))
    assert told(workshop) == (
        "Seit dem Beschluss vom 22.10.2020 geändert:"
        " Gewicht der Relevanz 50 % → 60 % (03.11.2036);"
        " Schwelle für hohe Relevanz 3,00 → 3,50 (04.11.2036);"
        " Quadrant „Sofort“ → „Jetzt“ (04.11.2036);"
        " Gewicht der Relevanz 60 % → 50 % (06.11.2036)."
    )


def test_what_counts_is_the_first_decision_that_everybody_knows_of(
    workshop, called, measure, measure_two
):
    AgendaItem.objects.create(session=called, measure=measure_two, order=2)
    pending = decide(called, measure, is_published=False)
    change(workshop, relevance_weight=60)
    assert told(workshop) == ""
    decide(called, measure_two)
    assert told(workshop) == ""  # this one was made with the weight as it is
    release(pending)
    assert "50 % → 60 %" in told(workshop)


def test_the_public_reads_of_what_it_knows_only(workshop, measure, measure_two, called):
    secret = hold(workshop, measure_two, is_public=False, committee="Hauptausschuss")
    decide(secret, measure_two)
    change(workshop, relevance_weight=60)
    assert told(workshop).startswith("Seit dem Beschluss vom 22.10.2020")
    assert told(workshop, told_decisions(workshop)) == ""
    decide(called, measure)
    change(workshop, relevance_weight=70)
    assert "50 %" not in told(workshop, told_decisions(workshop))
    assert "60 % → 70 %" in told(workshop, told_decisions(workshop))
    measure.is_removed = True
    measure.save(update_fields=["is_removed"])
    assert told(workshop, told_decisions(workshop)) == ""


def test_dashboard_and_public_page_carry_the_sentence_and_no_name(
    workshop, decided, lead, facilitator, client
):
    Round.objects.create(workshop=workshop, number=1, state="shown", smallest_room=3)
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    pages = [
        (lead, reverse("measures:dashboard", args=[workshop.pk])),
        (client, reverse("measures:public-page", args=[workshop.pk]) + "?lang=en"),
    ]
    sentence = "Changed since the decision of 10/22/2020: weight of relevance 50 % → 60 % ("
    before = [sentence in each.get(page).content.decode() for each, page in pages]
    row = Workshop.objects.get(pk=workshop.pk)
    row.relevance_weight, row._history_user = 60, facilitator
    row.save(update_fields=["relevance_weight"])
    after = [each.get(page).content.decode() for each, page in pages]
    assert (before, [sentence in page for page in after]) == ([False] * 2, [True] * 2)
    assert facilitator.name not in after[1]


def test_it_takes_one_query_however_much_has_changed(workshop, decided, django_assert_num_queries):
    change(workshop, relevance_weight=60)
    with django_assert_num_queries(1):
        told(workshop)
    for weight in (61, 62, 63):
        change(workshop, relevance_weight=weight)
    with django_assert_num_queries(1):
        assert told(workshop).count("→") == 4
