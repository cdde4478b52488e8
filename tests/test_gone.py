"""What somebody edits is removed meanwhile: the words come back, with a sentence."""

import pytest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from fields.models import Goal
from measures.models import PROFILE_FIELDS, Consensus, Measure, PaperCount, Rating
from tests.people import FRAGMENT
from tests.test_access import ROWS, address, objects
from workshops.models import Membership, Participant, Role
from workshops.phases import Phase

pytestmark = pytest.mark.django_db
__all__ = ["objects"]

WORDS = {"title": "WLAN <überall>", "text": "Zwei Sätze. Noch einer.", "name": "Hafen"}
SAVED_NOTHING = (
    "Somebody has removed or merged this in the meantime, so nothing was saved;"
    " copy your text before you go on."
)
CHANGED_NOTHING = (
    "Somebody has removed or merged this in the meantime, so nothing was changed;"
    " please load the page again."
)

PRESSED = ("direction", "worked_on", "do")  # a button, not a word


@pytest.fixture
def everybody(workshop, facilitator):
    """A person with every role, so that every form of the workshop is theirs."""
    for role in (Role.ADMINISTRATION, Role.COMMITTEE):
        Membership.objects.create(workshop=workshop, user=facilitator, role=role)
    Participant.objects.create(workshop=workshop, user=facilitator, name="Mona")
    return facilitator


def outcome(response) -> tuple:
    """Return status and page, and what it says and gives back."""
    context = response.context
    return (
        response.status_code, response.templates[0].name, context.get("sentence"),
        context.get("typed"),
    )  # fmt: skip


def bare(words: list) -> tuple:
    """What everybody gets where nothing is: no more than the own words."""
    return 404, "404.html", None, words


# Every form --------------------------------------------------------------------------------------


def test_every_form_of_a_workshop_gives_the_words_back_and_a_stranger_gets_none(
    workshop, objects, everybody, stranger, signed_in, at
):
    nobody = dict.fromkeys(objects, 987654)
    client, alien = signed_in(everybody), signed_in(stranger)
    at(Phase.RATING)
    client.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
    found, strange = {}, {}
    for name, row in ROWS:
        if row.method == "POST" and row.what:
            at(row.open_phases()[-1])
            url = address(name, row, workshop, nobody)
            sent = WORDS | {key: row.data[key] for key in PRESSED if key in row.data}
            if name == "measures:rate-measure":
                sent = {"relevance": "4", "feasibility": "2"}  # never given back, see typed
            found[name] = outcome(client.post(url, sent))
            strange[name] = outcome(alien.post(url, sent))
    words = [("Titel", WORDS["title"]), ("Text", WORDS["text"]), ("Name", WORDS["name"])]
    gone = (404, "workshops/gone.html", gettext(SAVED_NOTHING), words)
    wanted = dict.fromkeys(found, gone)
    wanted["measures:rate-measure"] = (404, "workshops/gone.html", gettext(CHANGED_NOTHING), [])
    assert (len(found), found) == (80, wanted)
    wanted = dict.fromkeys(found, bare(words))
    wanted["measures:rate-measure"] = bare([])
    assert strange == wanted


def test_a_page_of_what_was_removed_does_not_exist(workshop, objects, everybody, signed_in, at):
    nobody = dict.fromkeys(objects, 987654)
    client, found = signed_in(everybody), {}
    at(Phase.RATING)
    client.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
    for name, row in ROWS:
        if row.method == "GET" and row.what:
            at(row.open_phases()[-1])
            found[name] = outcome(client.get(address(name, row, workshop, nobody)))
    assert found == dict.fromkeys(found, bare([]))
    assert len(found) == 48


# Some stories ------------------------------------------------------------------------------------


@pytest.fixture
def desk(signed_in, facilitator, at):
    at("collecting")
    return signed_in(facilitator)


@pytest.mark.parametrize("how", ["removed", "merged"])
def test_a_profile_of_seven_answers_is_given_back_whole(
    how, desk, workshop, measure, measure_two, signed_in, administrator
):
    page = reverse("measures:measure-profile", args=[workshop.pk, measure.number])
    form = desk.get(page).context["form"]
    answers = {name: f"Antwort auf {name}\nin zwei Zeilen" for name in PROFILE_FIELDS}
    other = signed_in(administrator)
    if how == "removed":
        other.post(reverse("measures:measure-remove", args=[workshop.pk, measure.number]))
    else:
        merge = reverse("measures:measure-merge", args=[workshop.pk, measure.number])
        other.post(merge, {"target": measure_two.pk})
    late = desk.post(page, answers | {"seen": form["seen"].value()})
    assert outcome(late) == (
        404, "workshops/gone.html", gettext(SAVED_NOTHING),
        [(capfirst(Measure._meta.get_field(n).verbose_name), text) for n, text in answers.items()],
    )  # fmt: skip
    assert "Antwort auf schedule<br>in zwei Zeilen" in late.content.decode()
    assert {*Measure.objects.values_list(*PROFILE_FIELDS)} == {("",) * 7}


def test_after_the_way_back_the_same_form_is_saved(desk, workshop, measure):
    page = reverse("measures:measure-edit", args=[workshop.pk, measure.number])
    sent = {
        "title": "WLAN am Hafen", "field": measure.field_id, "time_horizon": "long",
        "goal": measure.goal_id, "seen": measure.version,
    }  # fmt: skip
    desk.post(reverse("measures:measure-remove", args=[workshop.pk, measure.number]))
    assert desk.post(page, sent).status_code == 404
    desk.post(reverse("measures:measure-restore", args=[workshop.pk, measure.number]))
    again = desk.post(page, sent)  # removal and way back are changes, so both texts are shown
    assert (again.status_code, again.context["form"]["title"].value()) == (409, "WLAN am Hafen")
    assert desk.post(page, sent | {"seen": Measure.objects.get().version}).status_code == 302
    assert Measure.objects.get().title == "WLAN am Hafen"


def test_on_the_board_a_sentence_comes_and_the_open_form_stays(desk, workshop, measure):
    Measure.objects.update(is_removed=True)
    edit = reverse("measures:measure-edit", args=[workshop.pk, measure.number])
    move = reverse("measures:measure-move", args=[workshop.pk, measure.number])
    answers = [desk.post(edit, WORDS, headers=FRAGMENT),
               desk.post(move, {"direction": "up"}, headers=FRAGMENT)]  # fmt: skip
    answers.append(desk.get(edit, headers=FRAGMENT))
    assert [(a.status_code, a["Content-Type"], a.text) for a in answers] == [
        (404, "text/plain; charset=utf-8", f"{gettext(SAVED_NOTHING)}\n"),
        (404, "text/plain; charset=utf-8", f"{gettext(CHANGED_NOTHING)}\n"),
        (404, "text/plain; charset=utf-8", f"{gettext(CHANGED_NOTHING)}\n"),
    ]


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_line_under_a_goal_that_is_gone_stands_with_the_measures_it_left(
    headers, desk, workshop, field, goal, measure
):
    desk.post(reverse("measures:goal-remove", args=[workshop.pk, goal.pk]))
    line = {"title": "Fähre", "goal": goal.pk, "client_id": "7" * 32}
    add = reverse("measures:measure-add", args=[workshop.pk, field.pk])
    response = desk.post(add, line, headers=headers)
    assert response.status_code == (201 if headers else 302)
    if not headers:
        assert response["Location"] == f"{field.get_absolute_url()}#title-none"
    loose = desk.get(field.get_absolute_url()).context["sections"][None]
    assert [m.title for m in loose] == ["WLAN", "Fähre"]
    desk.post(reverse("measures:goal-restore", args=[workshop.pk, goal.pk]))
    assert [m.title for m in Goal.objects.get().measures.order_by("order")] == ["WLAN", "Fähre"]


def test_figures_for_a_group_that_is_gone_are_given_back_and_none_is_saved(
    workshop, measure, facilitator, signed_in, at
):
    at("rating")
    group = workshop.groups.get(name="Verwaltung")
    page = reverse("measures:measure-entry", args=[workshop.pk, measure.number])
    desk = signed_in(facilitator)
    figures = {"agreed-relevance": "4", "agreed-feasibility": "2", "relevance_4": "7",
               "feasibility_2": "6", "feasibility_none": "1"}  # fmt: skip
    seen = {"agreed-seen": "0 0", "seen": " ".join("0" * 12)}
    assert desk.get(page, {"group": group.pk}).status_code == 200
    pk = group.pk
    group.delete()
    late = desk.post(f"{page}?group={pk}", figures | seen)
    labels = [
        "Vereinbarter Wert: Relevanz", "Vereinbarter Wert: Realisierbarkeit", "Relevanz: 4",
        "Realisierbarkeit: 2", "Realisierbarkeit: kann ich nicht beurteilen",
    ]  # fmt: skip
    assert outcome(late) == (
        404, "workshops/gone.html", gettext(SAVED_NOTHING),
        [*zip(labels, figures.values(), strict=True)],
    )  # fmt: skip
    onward = desk.post(page, figures | seen | {"group": pk})  # "save, then this group's sheets"
    assert (onward.status_code, onward.templates[0].name) == (404, "workshops/gone.html")
    assert (Consensus.objects.count(), PaperCount.objects.count()) == (0, 0)


def test_whoever_rates_what_is_gone_reads_so_and_the_steps_stand_nowhere(
    workshop, measure, participant, signed_in, at
):
    at("rating")
    phone = signed_in(participant)
    phone.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
    Measure.objects.update(is_removed=True)
    url = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
    late = phone.post(url, {"relevance": "5", "feasibility": "1"})
    assert outcome(late) == (404, "workshops/gone.html", gettext(CHANGED_NOTHING), [])
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_whoever_was_taken_off_the_list_while_writing_gets_the_words_back(
    headers, desk, workshop, facilitator
):
    Membership.objects.filter(user=facilitator).delete()
    edit = reverse("measures:workshop-edit", args=[workshop.pk])
    late = desk.post(edit, WORDS, headers=headers)
    if headers:
        sentence = "This is not there any more, or not meant for you; copy your text."
        assert (late.status_code, late.text) == (404, f"{gettext(sentence)}\n")
    else:
        words = [("Titel", WORDS["title"]), ("Text", WORDS["text"]), ("Name", WORDS["name"])]
        assert outcome(late) == bare(words)
        assert "Zwei Sätze. Noch einer." in late.text
