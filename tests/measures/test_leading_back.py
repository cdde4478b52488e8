"""Going back and opening a further round, once something rests on what was shown or called."""

import re

import pytest
from django.urls import reverse

from measures.models import Round
from measures.rating import rounds
from tests.deciding import hold, in_english
from tests.markup import compact
from tests.rating import save_rating
from workshops.models import Membership, Workshop
from workshops.phases import Phase

BACK = [(Phase.CLOSED, Phase.DELIBERATING), (Phase.DELIBERATING, Phase.RATING),
        (Phase.RATING, Phase.COLLECTING), (Phase.COLLECTING, Phase.PREPARING)]  # fmt: skip


def url(name: str, workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def fresh(workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


def move(client, workshop, before: str, after: str):
    Workshop.objects.filter(pk=workshop.pk).update(phase=before)
    return client.post(url("phase-move", workshop), {"from": before, "to": after})


@pytest.fixture
def rated(workshop, measure, ballots, at):
    """Three people have rated one measure; the round is closed and nobody has seen it."""
    at("rating")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=1)
    workshop.rounds.update(state="closed")
    Workshop.objects.filter(pk=workshop.pk).update(phase="deliberating")
    return fresh(workshop)


@pytest.fixture
def shown(rated):
    rated.rounds.update(state="shown", smallest_room=3)
    return fresh(rated)


@pytest.mark.parametrize(("before", "after"), BACK)
@pytest.mark.parametrize("record", ["shown", "agenda"])
def test_with_a_record_a_facilitator_does_not_lead_back_at_all(
    rated, facilitator, administrator, measure, signed_in, before, after, record
):
    if record == "shown":
        rated.rounds.update(state="shown", smallest_room=3)
    else:
        hold(rated, measure)
    response = move(in_english(signed_in(facilitator)), rated, before, after)
    assert fresh(rated).phase == before
    if record == "shown" and before == Phase.DELIBERATING:  # there the way is a further round
        assert response["Location"] == url("round-add", rated)
        return
    assert response.status_code == 403
    assert str(response.context["exception"]) == (
        "There are shown results or a session with an agenda, so only the administration of this"
        " workshop leads it back to an earlier phase. The administration can do that: Vera."
    )


@pytest.mark.parametrize(("before", "after"), BACK)
def test_with_an_agenda_the_administration_leads_back(
    rated, administrator, measure, signed_in, before, after
):
    hold(rated, measure)
    assert move(signed_in(administrator), rated, before, after).status_code == 302
    assert fresh(rated).phase == after


def test_without_a_record_both_lead_on_and_back(rated, facilitator, administrator, signed_in):
    hold(rated)  # without a point it is a draft
    for person in (facilitator, administrator):
        for before, after in BACK:
            move(signed_in(person), rated, before, after)
            assert fresh(rated).phase == after
            move(signed_in(person), rated, after, before)
            assert fresh(rated).phase == before


def test_a_committee_member_leads_nowhere(rated, committee_member, signed_in):
    assert move(signed_in(committee_member), rated, "deliberating", "closed").status_code == 403


def test_results_shown_at_this_moment_stop_the_way_back(rated, facilitator, signed_in, monkeypatch):
    from workshops import access

    line_up = access.line_up

    def wait(workshop_id: int) -> None:
        rated.rounds.update(state="shown", smallest_room=3)
        line_up(workshop_id)

    client = signed_in(facilitator)
    monkeypatch.setattr(access, "line_up", wait)
    assert move(client, rated, "rating", "collecting").status_code == 403


# Pages ------------------------------------------------------------------------------------------


def buttons(client, workshop) -> set[str]:
    """Return which phases the day's page offers to move to."""
    page = compact(client.get(workshop.get_absolute_url()))
    return {phase for phase in Phase if f'name="to" value="{phase}"' in page}


def test_the_day_offers_the_way_back_to_whom_it_is_open(
    rated, facilitator, administrator, committee_member, participant, signed_in, measure
):
    clients = [signed_in(each) for each in (facilitator, administrator)]
    assert [buttons(each, rated) for each in clients] == [{"rating", "closed"}] * 2
    hold(rated, measure)
    assert [buttons(each, rated) for each in clients] == [{"closed"}, {"rating", "closed"}]
    others = [signed_in(each) for each in (committee_member, participant)]
    assert [buttons(each, rated) for each in others] == [set(), set()]


def test_the_day_says_why_there_is_no_way_back(shown, facilitator, administrator, signed_in):
    lead, office = (in_english(signed_in(each)) for each in (facilitator, administrator))
    sentence = "only the administration of this workshop leads it back"

    def found() -> list[bool]:
        pages = [each.get(shown.get_absolute_url()).text for each in (lead, office)]
        return [sentence in page and "The administration can do that: Vera." in page
                for page in pages]  # fmt: skip

    assert found() == [False, False]  # a further round is opened here, and nobody goes back
    Workshop.objects.filter(pk=shown.pk).update(phase="closed")
    assert found() == [True, False]


@pytest.fixture
def second_closed(shown, measure, facilitator, ballots):
    """After a shown round a second one was closed, which nobody has seen; one person had rated."""
    rounds.open_round(fresh(shown), by=facilitator, measures=[measure])
    save_rating(*ballots(1), measure, relevance=5, feasibility=1)
    rounds.move_phase(fresh(shown), Phase.DELIBERATING, by=facilitator)
    return fresh(shown)


def test_a_further_round_closed_by_mistake_is_opened_again_by_the_facilitator(
    second_closed, facilitator, administrator, measure, signed_in
):
    lead = in_english(signed_in(facilitator))
    assert 'value="rating"' in lead.get(url("round-list", second_closed)).text
    assert buttons(lead, second_closed) == {"rating", "closed"}
    assert move(lead, second_closed, "deliberating", "rating").status_code == 302
    assert states(second_closed) == ["shown", "open"]
    assert second_closed.rounds.get(number=2).ratings.count() == 1


def test_on_its_way_no_role_is_freed_and_no_earlier_phase_reached(
    second_closed, facilitator, administrator, signed_in
):
    lead = signed_in(facilitator)
    move(lead, second_closed, "deliberating", "rating")
    assert move(lead, second_closed, "rating", "collecting").status_code == 403
    sent = {"email": "neu@bingen.example", "role": "committee"}
    lead.post(reverse("workshops:person-add", args=[second_closed.pk]), sent)
    assert not second_closed.memberships.filter(role="committee").exists()


def test_with_a_session_the_administration_opens_it_again_and_is_named(
    second_closed, facilitator, administrator, measure, signed_in
):
    hold(second_closed, measure)
    lead, office = (in_english(signed_in(each)) for each in (facilitator, administrator))
    page = lead.get(url("round-list", second_closed)).text
    assert ('value="rating"' in page, "The administration can do that: Vera." in page) == (
        False, True,
    )  # fmt: skip
    assert move(lead, second_closed, "deliberating", "rating").status_code == 403
    assert move(office, second_closed, "deliberating", "rating").status_code == 302
    assert states(second_closed) == ["shown", "open"]


def told_on_the_field(client, workshop) -> str:
    text = client.get(workshop.fields.first().get_absolute_url()).text
    return re.search(r"can be read but not changed\. ([^<]*)", text)[1]


def test_the_board_says_who_leads_back_to_collecting(
    rated, facilitator, administrator, measure, signed_in
):
    lead, office = (in_english(signed_in(each)) for each in (facilitator, administrator))
    you = "You can lead the workshop back to “Collection” on the page of the day."
    assert [told_on_the_field(each, rated) for each in (lead, office)] == [you, you]
    rated.rounds.update(state="shown", smallest_room=3)
    told = [told_on_the_field(each, rated) for each in (lead, office)]
    assert told[0].endswith("The administration can do that: Vera.")
    assert told[1].startswith("You can lead the workshop back to “Collection”: open a further")


def test_the_way_it_tells_the_administration_leads_there(shown, administrator, measure, signed_in):
    office = signed_in(administrator)
    open_second(office, shown, measure)
    response = office.post(
        url("phase-move", shown), {"from": "rating", "to": "collecting"}, follow=True
    )
    assert (fresh(shown).phase, states(shown)) == ("collecting", ["shown"])
    assert "Runde 2 hatte keine Bewertung und ist entfallen." in response.text


def test_a_closed_round_is_opened_again_by_whom_the_way_back_is_open(
    rated, facilitator, administrator, signed_in, measure
):
    hold(rated, measure)
    pages = [
        compact(signed_in(each).get(url("round-list", rated)))
        for each in (facilitator, administrator)
    ]
    assert ['name="to" value="rating"' in page for page in pages] == [False, True]
    show = url("round-show", rated, 1)
    assert [show in page for page in pages] == [True, False]


def test_showing_setting_aside_and_opening_fields_stay_the_facilitators(
    rated, administrator, signed_in
):
    office = signed_in(administrator)
    for name in ("round-show", "round-set-aside", "round-fields"):
        assert office.post(url(name, rated, 1), {"reason": "Probe"}).status_code == 403
    assert rated.rounds.get().state == "closed"
    office = in_english(office)
    for page in (url("round-list", rated), rated.get_absolute_url()):
        assert "The facilitator can do that: Mona." in office.get(page).text


@pytest.mark.parametrize("name", ["round-show", "round-set-aside", "round-fields"])
def test_who_loses_the_role_while_waiting_does_nothing_to_a_round(
    rated, facilitator, administrator, signed_in, monkeypatch, name
):
    from workshops import access

    line_up = access.line_up
    Membership.objects.create(workshop=rated, user=facilitator, role="administration")
    if name == "round-fields":
        rated.rounds.update(state="open")
    before = rated.rounds.values().get()

    def wait(workshop_id: int) -> None:
        rated.memberships.filter(user=facilitator, role="facilitator").delete()
        line_up(workshop_id)

    client = signed_in(facilitator)
    monkeypatch.setattr(access, "line_up", wait)
    assert client.post(url(name, rated, 1), {"reason": "Probe"}).status_code == 403
    assert rated.rounds.values().get() == before


def test_an_open_round_says_that_closing_comes_before_setting_aside(
    shown, facilitator, measure, signed_in
):
    lead = in_english(signed_in(facilitator))
    open_second(lead, shown, measure)
    assert "close the rating first" in lead.get(url("round-list", shown)).text


def test_a_missing_reason_is_asked_for_where_the_eyes_are(rated, facilitator, signed_in):
    response = signed_in(facilitator).post(url("round-set-aside", rated, 1), {"reason": " "})
    (field,) = re.findall(r'<input[^>]*name="reason"[^>]*>', response.text)
    assert (response.status_code, "autofocus" in field) == (422, True)
    assert '<details class="quiet" open>' in response.text


# A further round --------------------------------------------------------------------------------


def open_second(client, workshop, measure):
    chosen = {"number": 2, "which": "picked", "measures": [measure.pk]}
    return client.post(url("round-add", workshop), chosen)


def states(workshop) -> list[str]:
    return list(workshop.rounds.order_by("number").values_list("state", flat=True))


@pytest.mark.parametrize("who", ["facilitator", "administrator"])
def test_after_shown_results_either_opens_a_further_round(shown, request, signed_in, measure, who):
    client = signed_in(request.getfixturevalue(who))
    assert url("round-add", shown) in client.get(url("round-list", shown)).content.decode()
    assert client.get(url("round-add", shown)).status_code == 200
    assert open_second(client, shown, measure).status_code == 302
    assert (states(shown), fresh(shown).phase) == (["shown", "open"], "rating")


def test_with_a_session_only_the_administration_opens_one(
    shown, facilitator, administrator, signed_in, measure
):
    hold(shown, measure)
    lead, office = in_english(signed_in(facilitator)), signed_in(administrator)
    assert lead.get(url("round-add", shown)).status_code == 403
    assert open_second(lead, shown, measure).status_code == 403
    assert states(shown) == ["shown"]
    page = lead.get(url("round-list", shown)).content.decode()
    sentence = "A session has an agenda, so only the administration of this workshop opens"
    assert (sentence in page, url("round-add", shown) in page) == (True, False)
    assert url("round-add", shown) not in lead.get(shown.get_absolute_url()).content.decode()
    assert open_second(office, shown, measure).status_code == 302
    assert states(shown) == ["shown", "open"]


def test_an_agenda_composed_at_this_moment_stops_the_facilitators_round(
    shown, facilitator, signed_in, measure, monkeypatch
):
    from workshops import access

    line_up = access.line_up

    def wait(workshop_id: int) -> None:
        hold(shown, measure)
        line_up(workshop_id)

    client = signed_in(facilitator)
    monkeypatch.setattr(access, "line_up", wait)
    assert open_second(client, shown, measure).status_code == 403
    assert states(shown) == ["shown"]


# The first administration -----------------------------------------------------------------------

SOON = "only the site&#x27;s administration (Django admin) can name the first administration"
LATE = "There are shown results or a session with an agenda, but no administration."


def notices(client, workshop) -> tuple[bool, bool, bool]:
    """Return whether the day asks for an administration in time, links to it, or is late."""
    page = compact(client.get(workshop.get_absolute_url()))
    return SOON in page, reverse("workshops:people", args=[workshop.pk]) + "#" in page, LATE in page


@pytest.mark.parametrize("phase", ["collecting", "rating", "deliberating"])
def test_the_day_asks_for_an_administration_before_it_is_too_late(
    workshop, facilitator, participant, signed_in, phase
):
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    lead = in_english(signed_in(facilitator))
    assert notices(lead, workshop) == (True, True, False)
    assert notices(in_english(signed_in(participant)), workshop) == (False, False, False)


def test_nobody_is_asked_who_has_one_or_has_time(
    workshop, facilitator, signed_in, stranger, request
):
    lead = in_english(signed_in(facilitator))
    assert notices(lead, workshop) == (False, False, False)  # preparing
    request.getfixturevalue("administrator")
    for phase in Phase:
        Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
        assert notices(lead, workshop) == (False, False, False)


def test_when_it_is_too_late_the_day_says_who_can_help(workshop, facilitator, signed_in):
    Round.objects.create(workshop=workshop, number=1, state="shown", smallest_room=3)
    assert notices(in_english(signed_in(facilitator)), workshop) == (False, False, True)


def test_before_results_are_shown_the_page_asks_once_more(rated, facilitator, signed_in, request):
    lead, page = in_english(signed_in(facilitator)), url("round-show", rated, 1)
    assert SOON in lead.get(page).content.decode()
    request.getfixturevalue("administrator")
    assert SOON not in lead.get(page).content.decode()
