"""Every address of the project, opened by everybody, against one table of what they may.

A new address fails here with its name until a row says who may open it.
"""

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from bingen_strategy import urls
from fields.models import ActionField, Goal
from measures.followup.links import make_link
from measures.hall.marks import cockpit_address
from measures.models import (
    AgendaItem,
    Attachment,
    Cost,
    Indicator,
    Measure,
    Remark,
    SavedView,
    Session,
    Task,
)
from measures.public.framing import FrameForm
from tests.deciding import decide
from tests.files import attach
from workshops.audiences import Audience, listening
from workshops.models import Membership, Participant, ParticipantGroup, Role, Table, Workshop
from workshops.phases import Activity, Phase, allows

pytestmark = pytest.mark.django_db

MEMBERS = frozenset({"participant", "committee_member", "administrator", "facilitator"})
EDITORS = frozenset({"administrator", "facilitator"})
SCRIBES = EDITORS | {"table"}
LEADER = frozenset({"facilitator"})
OFFICE = frozenset({"administrator"})
DECIDERS = frozenset({"administrator", "committee_member"})
RATERS = frozenset({"participant", "guest"})
READERS = MEMBERS | RATERS
BEARERS = READERS | {"anonymous", "stranger", "table"}  # whoever has the token of the address
PEOPLE = ("anonymous", "stranger", *sorted(READERS | SCRIBES))
GUESTS = frozenset({"guest"})
RESULTS = Activity.SEE_RESULTS
SHOWN = (Phase.DELIBERATING, Phase.CLOSED)  # what was rated by then
UNSHOWN = (Phase.PREPARING, Phase.COLLECTING)


@dataclass(frozen=True)
class Row:
    """Who may call an address, in which activity, and what the right one is answered.

    ``what`` names the objects whose ids or numbers stand in the address, in their order.
    """

    method: str
    who: frozenset[str]
    activity: Activity | str | None = None
    what: str = ""
    data: dict = field(default_factory=dict)
    status: int | dict[Phase, int] = 200  # by phase, where it differs; 302 in all others
    query: str = ""
    otherwise: int = 403  # what the right one is answered where the phase does not allow it
    before_the_end: frozenset[str] = frozenset()  # who may no more once the workshop is closed

    def fits(self, persona: str, phase: Phase) -> bool:
        if persona in self.before_the_end and phase == Phase.CLOSED:
            return False
        if persona not in self.who or self.activity is None:
            return persona in self.who
        return allows(phase, self.activity)

    def open_phases(self) -> list[Phase]:
        return [phase for phase in Phase if self.fits(min(self.who), phase)]

    def expected(self, persona: str, phase: Phase) -> int:
        if persona in ("anonymous", "stranger") and self.who != BEARERS:
            return 302 if persona == "anonymous" else 404
        if not self.fits(persona, phase):
            return self.otherwise if persona in self.who else 403
        return self.status.get(phase, 302) if isinstance(self.status, dict) else self.status


def get(who, activity=None, what="", status=200, query="", otherwise=403) -> Row:
    return Row("GET", who, activity, what, {}, status, query, otherwise)


def post(who, activity=None, what="", status=302, otherwise=403, **data) -> Row:
    return Row("POST", who, activity, what, data, status, otherwise=otherwise)


def both(who, activity, what="", **data) -> tuple[Row, Row]:
    """A form: drawn for GET (200), refused (422) when what was sent is nonsense."""
    return get(who, activity, what), post(who, activity, what, 422, **(data or {"nonsense": "1"}))


def attaching(what: str, activity=None, status=422) -> tuple[Row, Row]:
    """A form for editors until the workshop is closed, for the administration also afterwards."""
    rows = get(EDITORS, activity, what), post(EDITORS, activity, what, status, nonsense="1")
    return tuple(replace(row, before_the_end=LEADER) for row in rows)


A = Activity
TABLE: dict[str, Row | tuple[Row, ...]] = {
    "workshops:moment": get(BEARERS, None, "token"),
    "measures:front-moment": get(BEARERS, None, "front"),
    "measures:cockpit": get(EDITORS),
    "measures:cockpit-step": get(EDITORS, None, "step", {Phase.PREPARING: 200}),
    "measures:front-screen": post(LEADER, screen="join"),
    "measures:front-timer": post(LEADER, do="start", minutes="10"),
    "measures:front-notes": (get(LEADER), post(LEADER, None, "", 409, notes="Zwei kommen später")),
    "measures:front-code": post(LEADER),
    "measures:plan-edit": both(LEADER, None, text="Begrüßen ohne Uhrzeit"),
    "measures:hand-over": both(LEADER, A.DECIDE),
    "measures:workshop-edit": both(EDITORS, A.SET_UP),
    # They may not create workshops; more in its own test, as for the next two.
    "measures:workshop-copy": (get(EDITORS, status=403), post(EDITORS, status=403)),
    "measures:year-compare": get(MEMBERS, status=404),  # nothing was copied
    "measures:year-compare-csv": get(MEMBERS, status=404),
    "measures:workshop-delete": (get(LEADER, status=403), post(LEADER, status=403)),  # it was used
    "measures:workshop-deletion": (get(OFFICE), post(OFFICE, None, "", 403, do="ask")),  # in use
    "workshops:workshop-archive": (get(OFFICE, A.ARCHIVE), post(OFFICE, A.ARCHIVE)),
    "workshops:workshop-unarchive": post(OFFICE),
    "measures:calendar-address": (get(EDITORS), post(EDITORS, None, "", 200, do="renew")),
    "workshops:workshop-scale": both(EDITORS, A.SET_UP),
    "measures:phase-move": post(EDITORS),
    "measures:rating-check": (
        get(EDITORS, None, "", {Phase.COLLECTING: 200}),
        post(EDITORS, None, "", {Phase.COLLECTING: 422}, measures_per_person="0"),
    ),
    "measures:rating-close": get(EDITORS, None, "", {Phase.RATING: 200}),
    "measures:round-list": get(MEMBERS),
    # A session has an agenda here, so the administration alone opens a further round.
    "measures:round-add": (
        get(OFFICE, None, "", {Phase.DELIBERATING: 200}),
        post(OFFICE, None, "", 302, which="all", count="1", number="9"),
    ),
    "measures:round-fields": post(LEADER, None, "round"),
    "measures:round-show": (
        get(LEADER, None, "round", {Phase.PREPARING: 200, Phase.COLLECTING: 200}),
        post(LEADER, None, "round"),
    ),
    "measures:round-set-aside": post(LEADER, None, "round", 302, reason="Probe"),
    "measures:stability": get(MEMBERS, RESULTS),
    "workshops:people": get(EDITORS),
    "measures:door": get(EDITORS, A.LET_IN),
    "measures:door-switch": post(EDITORS, A.LET_IN, open="yes"),
    "measures:door-code": post(EDITORS, A.LET_IN, seen="CDFHJK"),
    "measures:door-clear": post(EDITORS, A.LET_IN),
    "measures:door-expect": post(EDITORS, A.LET_IN, "", 422, expected_guests="0"),
    "measures:door-poster": get(EDITORS, A.LET_IN),
    "measures:card-add": post(EDITORS, A.LET_IN, "", 422, nonsense="1"),
    "measures:card-withdraw": post(EDITORS, A.LET_IN, group=""),
    "workshops:person-add": post(EDITORS, A.SET_UP, email="neu@bingen.example", role="participant"),
    "workshops:people-paste": both(EDITORS, A.SET_UP),
    "workshops:membership-change": post(
        OFFICE, A.SET_UP, "membership", seen="committee", role="administration"
    ),
    "workshops:membership-remove": post(OFFICE, A.SET_UP, "membership", seen="committee"),
    "workshops:participant-edit": (
        get(EDITORS, A.SET_UP, "participant"),
        post(EDITORS, A.SET_UP, "participant", 409, group=""),  # the ballot is handed out
    ),
    "workshops:participant-remove": post(EDITORS, A.SET_UP, "participant"),
    "workshops:group-add": post(EDITORS, A.SET_UP, name="Jugend"),
    "workshops:group-edit": both(EDITORS, A.SET_UP, "group"),
    "workshops:group-remove": post(EDITORS, A.SET_UP, "group"),
    "fields:field-list": get(EDITORS),
    "fields:field-add": post(EDITORS, A.CHOOSE_FIELDS, name="Energie"),
    "fields:field-edit": both(EDITORS, A.CHOOSE_FIELDS, "field"),
    "fields:field-toggle": post(EDITORS, A.CHOOSE_FIELDS, "field", worked_on="no"),
    "fields:field-move": post(EDITORS, A.CHOOSE_FIELDS, "field", direction="up"),
    "fields:field-drop": (
        get(EDITORS, A.CHOOSE_FIELDS, "field"),
        post(EDITORS, A.CHOOSE_FIELDS, "field"),
    ),
    "fields:field-restore": post(EDITORS, A.CHOOSE_FIELDS, "field"),
    "measures:workshop-bin": get(
        EDITORS, None, "", {phase: 404 if phase == Phase.CLOSED else 200 for phase in Phase}
    ),
    "measures:edit-undo": post(SCRIBES, A.CAPTURE),
    "measures:edit-redo": post(SCRIBES, A.CAPTURE),
    "measures:workshop-day": get(MEMBERS),
    "measures:search": get(MEMBERS),
    "measures:field-capture": get(EDITORS, None, "field"),
    "measures:measure-add": post(
        SCRIBES, A.CAPTURE, "field", title="Rad", client_id=str(uuid.uuid4())
    ),
    "measures:measure-paste": both(SCRIBES, A.CAPTURE, "field", goal="nonsense"),
    "measures:goal-add": post(SCRIBES, A.CAPTURE, "field", text="Neues Ziel"),
    "measures:goal-edit": both(SCRIBES, A.CAPTURE, "goal"),
    "measures:goal-move": post(SCRIBES, A.CAPTURE, "goal", direction="up"),
    "measures:goal-remove": post(SCRIBES, A.CAPTURE, "goal"),
    "measures:goal-restore": post(SCRIBES, A.CAPTURE, "goal"),
    "measures:goal-to-measure": post(SCRIBES, A.CAPTURE, "goal"),
    "measures:idea-add": both(RATERS, A.SEND_IDEAS),
    "measures:idea-switch": post(EDITORS, A.CAPTURE, takes="yes"),
    "measures:idea-sort": post(SCRIBES, A.CAPTURE, "field", do="take"),
    "measures:table-list": get(EDITORS),
    "measures:table-start": get(SCRIBES, status=302),
    "measures:table-add": post(EDITORS, A.CAPTURE, "", 422, name="Tisch 8"),  # and no field
    "measures:table-spread": post(EDITORS, A.CAPTURE),
    "measures:table-cards": get(EDITORS, A.CAPTURE),
    "measures:table-edit": both(EDITORS, A.CAPTURE, "table"),
    "measures:table-code": post(EDITORS, A.CAPTURE, "table"),
    "measures:table-remove": post(EDITORS, A.CAPTURE, "table"),
    "measures:measure-list": get(MEMBERS),
    "measures:measure-detail": get(MEMBERS, None, "measure"),
    "measures:measure-profile": (
        get(EDITORS, A.DESCRIBE, "measure"),
        post(EDITORS, A.DESCRIBE, "measure", 409, nonsense="1"),  # it does not say what was seen
    ),
    "measures:short-title": (
        get(EDITORS, A.DESCRIBE, "measure"),
        post(EDITORS, A.DESCRIBE, "measure", 409, nonsense="1"),  # it does not say what was seen
    ),
    "measures:measure-edit": both(SCRIBES, A.CAPTURE, "measure"),
    "measures:measure-move": post(SCRIBES, A.CAPTURE, "measure", direction="up"),
    "measures:measure-remove": post(SCRIBES, A.CAPTURE, "measure"),
    "measures:measure-restore": post(SCRIBES, A.CAPTURE, "measure"),
    "measures:measure-to-goal": post(SCRIBES, A.CAPTURE, "measure"),
    "measures:measure-merge": both(EDITORS, A.CAPTURE, "measure", target="nonsense"),
    "measures:measure-distinct": post(EDITORS, A.CAPTURE, "measure", 422, target="nonsense"),
    "measures:similar-list": get(EDITORS, A.CAPTURE),
    "measures:rate-start": get(RATERS, status=dict.fromkeys(UNSHOWN, 200)),
    "measures:rate-privacy": get(READERS),
    # Outside of the rating people are led to where they wait.
    "measures:ballot-take": post(RATERS, A.RATE, otherwise=302, promised="anonymous"),
    "measures:rate-table": post(RATERS, A.RATE, otherwise=302),
    "measures:rate-next": get(RATERS, A.RATE, status=302, otherwise=302),
    "measures:rate-measure": (
        get(RATERS, A.RATE, "measure", otherwise=302),
        post(RATERS, A.RATE, "measure", 422, relevance="nonsense"),
    ),
    "measures:guest-group": (get(GUESTS), post(GUESTS, group="")),
    "measures:guest-device": (get(GUESTS), post(GUESTS, status=200)),
    "measures:phone-results": get(READERS, None, "", dict.fromkeys(SHOWN, 200)),
    "measures:rating-end": post(EDITORS, A.RATE, how="soon"),
    "measures:rating-sheet": get(LEADER, A.PRINT_SHEETS),
    "measures:print-list": get(LEADER, A.PRINT_SHEETS),
    "measures:wall-cards": get(LEADER, A.PRINT_SHEETS),
    "measures:entry-list": get(LEADER, A.ENTER_RATINGS),
    "measures:sheet-add": both(LEADER, A.ENTER_RATINGS),
    # There is none: only the browser that typed a sheet in finds it.
    "measures:sheet-edit": (
        get(LEADER, A.ENTER_RATINGS, "sheet", 404),
        post(LEADER, A.ENTER_RATINGS, "sheet", 404),
    ),
    "measures:sheet-remove": post(LEADER, A.ENTER_RATINGS, "sheet", 404),
    "measures:measure-entry": both(LEADER, A.ENTER_RATINGS, "measure", relevance_1="1"),
    # Without a word the committee is led to its start.
    "measures:dashboard": get(MEMBERS, RESULTS, query="?view=all"),
    "measures:groups": get(MEMBERS, RESULTS),
    "measures:rank-list": get(MEMBERS, RESULTS),
    "measures:view-add": post(EDITORS, RESULTS, name="Offene"),
    "measures:view-edit": both(EDITORS, RESULTS, "view"),
    "measures:view-remove": post(EDITORS, RESULTS, "view"),
    "measures:matrix-png": get(MEMBERS, RESULTS),
    "measures:matrix-svg": get(MEMBERS, RESULTS),
    "measures:measure-import": both(EDITORS, A.CAPTURE),
    "measures:measure-import-confirm": post(EDITORS, A.CAPTURE, status=422, table="nonsense"),
    "measures:session-list": get(MEMBERS, RESULTS),
    "measures:session-add": both(OFFICE, A.DECIDE),
    "measures:session-detail": get(MEMBERS, RESULTS, "session"),
    "measures:session-edit": both(OFFICE, A.DECIDE, "session"),
    "measures:session-remove": (
        get(OFFICE, A.DECIDE, "session"),
        post(OFFICE, A.DECIDE, "session", 409),  # it has an agenda
    ),
    "measures:agenda-add": post(OFFICE, A.DECIDE, "session", 422, measures="nonsense"),
    "measures:agenda-take-over": post(OFFICE, A.DECIDE, "session", 422, which="all"),
    "measures:agenda-fill": post(OFFICE, A.DECIDE, "session", 422, by="ranking", count="3"),
    "measures:agenda-order": post(OFFICE, A.DECIDE, "session", 422, by="nonsense"),
    "measures:agenda-item": get(MEMBERS, RESULTS, "session measure"),
    "measures:decision-add": both(DECIDERS, A.DECIDE, "session measure"),
    "measures:decision-correct": both(DECIDERS, A.DECIDE, "decision"),
    "measures:decision-detail": get(MEMBERS, RESULTS, "decision"),
    "measures:session-minutes": get(MEMBERS, RESULTS, "session"),
    "measures:decision-extract": get(MEMBERS, RESULTS, "decision"),
    "measures:session-publish": post(OFFICE, A.DECIDE, "session"),
    "measures:agenda-move": post(OFFICE, A.DECIDE, "item", direction="up"),
    "measures:agenda-public": post(OFFICE, A.DECIDE, "item", to="no"),
    "measures:agenda-remove": post(OFFICE, A.DECIDE, "item"),
    # Of a single point nobody decides en bloc.
    "measures:en-bloc": (
        get(DECIDERS, A.DECIDE, "session", 302),
        post(DECIDERS, A.DECIDE, "session", 422),
    ),
    "measures:remark-add": post(DECIDERS, A.DECIDE, "measure", 422, text=""),
    "measures:remark-answer": both(DECIDERS, A.DECIDE, "remark"),
    "measures:remark-close": post(DECIDERS, A.DECIDE, "remark"),
    "measures:remark-reopen": post(DECIDERS, A.DECIDE, "remark"),
    "measures:remark-release": post(OFFICE, A.DECIDE, "remark"),
    "measures:remark-withdraw": post(OFFICE, A.DECIDE, "remark"),
    "measures:measure-export-csv": get(MEMBERS, RESULTS),
    "measures:measure-export-xlsx": get(MEMBERS, RESULTS),
    "measures:progress": get(MEMBERS),
    "measures:status-add": both(EDITORS, A.FOLLOW_UP, "measure"),
    "measures:status-table": (
        get(EDITORS, A.FOLLOW_UP),
        post(EDITORS, A.FOLLOW_UP, "", 422, **{"sentence-2": "Läuft."}),  # in which state?
    ),
    "measures:remind": (
        get(OFFICE, A.FOLLOW_UP),
        post(OFFICE, A.FOLLOW_UP, "", 409),  # it does not say what was seen
    ),
    "measures:remind-whom": post(OFFICE, A.FOLLOW_UP, seen="111"),
    "measures:report-link": (
        get(OFFICE, A.FOLLOW_UP, "measure"),
        post(OFFICE, A.FOLLOW_UP, "measure"),
    ),
    "measures:report-link-revoke": post(OFFICE, None, "link"),
    "measures:assessment-list": both(OFFICE, A.ASSESS),
    "measures:assessment-add": both(OFFICE, A.ASSESS, "measure"),
    "measures:measure-attachments": attaching("measure"),
    "measures:session-attachments": attaching("session", RESULTS),
    "measures:item-attachments": attaching("item", RESULTS),
    "measures:attachment-download": get(MEMBERS, None, "attachment"),
    "measures:attachment-release": post(OFFICE, None, "attachment", released="yes"),
    "measures:attachment-remove": attaching("attachment", status=302),
    "measures:public-assessment": post(OFFICE, told="yes"),
    "measures:cost-list": get(MEMBERS),
    "measures:budget": get(MEMBERS, RESULTS),
    "measures:budget-edit": (
        get(EDITORS, A.ESTIMATE),
        post(EDITORS, A.ESTIMATE, "", 409, nonsense="1"),  # it does not say what was seen
    ),
    "measures:measure-costs": get(MEMBERS, None, "measure"),
    "measures:cost-add": both(EDITORS, A.ESTIMATE, "measure"),
    "measures:cost-edit": both(EDITORS, A.ESTIMATE, "cost"),
    "measures:cost-remove": post(EDITORS, A.ESTIMATE, "cost", 409),
    "measures:indicator-add": both(EDITORS, A.ESTIMATE, "measure"),
    "measures:indicator-edit": both(EDITORS, A.ESTIMATE, "indicator"),
    "measures:indicator-remove": post(EDITORS, A.ESTIMATE, "indicator", 409),
    "measures:indicator-measure": both(EDITORS, A.FOLLOW_UP, "indicator"),
    "measures:task-add": both(EDITORS, A.FOLLOW_UP, "measure"),
    "measures:task-edit": both(EDITORS, A.FOLLOW_UP, "task"),
    "measures:task-tick": post(EDITORS, A.FOLLOW_UP, "task", do="done"),
    "measures:task-remove": post(EDITORS, A.FOLLOW_UP, "task"),
    "measures:public-preview": get(frozenset({"administrator"})),
    "measures:public-switch": post(frozenset({"administrator"}), public="yes"),
    "measures:public-frame": post(
        frozenset({"administrator"}), frame_hosts="", seen=FrameForm(instance=Workshop()).now
    ),
}
# Outside any workshop: what anonymous people and what those who are signed in are answered.
OPEN: dict[str, tuple[str, int, int]] = {
    "home": ("GET", 200, 200),
    "fields:workshop-create": ("GET", 302, 403),
    "workshops:municipality-list": ("GET", 204, 204),  # none for who names none
    "set-language": ("POST", 302, 302),
    "kept-input": ("GET", 302, 302),
    "accessibility": ("GET", 200, 200),
    "privacy": ("GET", 200, 200),
    "imprint": ("GET", 200, 200),
    "keyboard": ("GET", 200, 200),
    "service-worker": ("GET", 200, 200),
    "workshops:municipality-accessibility": (
        "GET",
        404,
        404,
    ),
    "workshops:municipality-privacy": ("GET", 404, 404),
    "workshops:municipality-imprint": ("GET", 404, 404),
    "workshops:look-logo": ("GET", 404, 404),
    "workshops:look-sheet": ("GET", 404, 404),
    "help-list": ("GET", 200, 200),
    "help-guide": ("GET", 200, 200),
    "measures:join-code": ("GET", 200, 200),
    "measures:join": ("GET", 403, 403),  # no such code; more in its own test
    "measures:projector-code": ("GET", 200, 200),
    "measures:projector": ("GET", 404, 404),  # no such code; more in its own test
    "measures:report": ("GET", 404, 404),  # no such link; more in its own test
    "measures:calendar-file": ("GET", 404, 404),  # no such secret; more in its own test
    "measures:municipality-progress": ("GET", 302, 404),  # no workshop there for a stranger
    "measures:public-page": ("GET", 404, 404),  # no workshop has this number; more in its own test
    "measures:public-matrix": ("GET", 404, 404),
    "measures:public-measure": ("GET", 404, 404),
    "measures:public-news": ("GET", 404, 404),
    "measures:public-feed": ("GET", 404, 404),
    "measures:public-picture": ("GET", 404, 404),
    "measures:public-file": ("GET", 404, 404),
    "account_login": ("GET", 200, 302),
    "account_logout": ("GET", 302, 200),
    "account_inactive": ("GET", 200, 200),
    "account_signup": ("GET", 200, 302),
    "account_reauthenticate": ("GET", 302, 200),
    "account_email": ("GET", 302, 200),
    "account_email_verification_sent": ("GET", 200, 200),
    "account_change_password": ("GET", 302, 200),
    "account_set_password": ("GET", 302, 302),
    "account_reset_password": ("GET", 200, 200),
    "account_reset_password_done": ("GET", 200, 200),
    "account_reset_password_from_key": ("GET", 200, 200),
    "account_reset_password_from_key_done": ("GET", 200, 200),
    "account_confirm_email": ("GET", 200, 200),
    "account_confirm_login_code": ("GET", 302, 302),
}
SAMPLES = {
    "uidb36": "1",
    "key": "x",
    "code": "NOCODE",
    "pk": "1",
    "number": "1",
    "guide": "facilitator",
    "content": "x",
    "token": "x",
    "secret": "x",
}


def addresses(patterns=None, namespace: str = "", route: str = "") -> list[tuple]:
    """Return (name, route, view, sample path) of every pattern, through every include."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += addresses(pattern.url_patterns, inner, here)
        else:
            found.append((f"{namespace}{pattern.name or ''}", here, pattern.callback))
    return found


ADDRESSES = addresses()
INSIDE = "workshops/<int:workshop_id>/"
NAMES = sorted({name for name, _route, _view in ADDRESSES})
ROWS = [
    (name, row)
    for name, rows in TABLE.items()
    for row in (rows if isinstance(rows, tuple) else (rows,))
]


@pytest.fixture
def objects(
    workshop, field, goal, measure, measure_two, participant, committee_member
) -> dict[str, int | str]:
    """The id, number or token by which each kind of object is addressed."""
    Workshop.objects.filter(pk=workshop.pk).update(takes_ideas=True)
    session = Session.objects.create(workshop=workshop, committee="Rat", date=date(2020, 11, 3))
    decision = decide(session, measure_two)
    return {
        "session": session.pk,
        "item": AgendaItem.objects.create(session=session, measure=measure).pk,
        "decision": decision.pk,
        "link": make_link(decision, by=None, now=timezone.now()).pk,
        "remark": _remark(measure).pk,
        "cost": _cost(measure).pk,
        "indicator": _indicator(measure).pk,
        "field": field.pk,
        "goal": goal.pk,
        "measure": measure.number,
        "round": 1,
        "sheet": 1,
        "group": workshop.groups.get(name="Verwaltung").pk,
        "membership": workshop.memberships.get(role=Role.COMMITTEE).pk,
        "participant": workshop.participants.get().pk,
        "token": _token(workshop),
        "front": _front(workshop),
        "step": "collecting",
        "view": SavedView.objects.create(workshop=workshop, name="Kurz", place=1).pk,
        "task": _task(measure).pk,
        "table": Table.objects.create(workshop=workshop, name="Tisch 1", code="CDFHJKLM").pk,
        "attachment": _attachment(measure).pk,
    }


def _token(workshop) -> str:
    return listening(workshop, Audience.PHONES).address.split("/")[-2]


def _front(workshop) -> str:
    return cockpit_address(workshop).split("/")[-2]


def _attachment(measure) -> Attachment:
    return attach(measure, workshop=measure.workshop)


def _cost(measure) -> Cost:
    return Cost.objects.create(measure=measure, purpose="Router", amount=5, client_id=uuid.uuid4())


def _indicator(measure) -> Indicator:
    return Indicator.objects.create(measure=measure, name="Hotspots", client_id=uuid.uuid4())


def _remark(measure) -> Remark:
    return Remark.objects.create(measure=measure, text="Wer zahlt?", client_id=uuid.uuid4())


def _task(measure) -> Task:
    return Task.objects.create(measure=measure, text="Angebote", client_id=uuid.uuid4())


@pytest.fixture
def foreign(other_workshop) -> dict[str, int | str]:
    """The same objects in somebody else's workshop; its measure number exists nowhere else."""
    there = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    goal = Goal.objects.create(field=there, text="Fremd")
    for title in ("eins", "zwei", "drei"):
        measure = Measure.objects.create(workshop=other_workshop, field=there, title=title)
    group = ParticipantGroup.objects.get(workshop=other_workshop)
    guest = Participant.objects.create(workshop=other_workshop, name="Gast", group=group)
    session = Session.objects.create(
        workshop=other_workshop, committee="Fremd", date=date(2020, 11, 3)
    )
    decision = decide(session, measure)
    return {
        "session": session.pk,
        "item": AgendaItem.objects.create(session=session, measure=measure).pk,
        "decision": decision.pk,
        "link": make_link(decision, by=None, now=timezone.now()).pk,
        "remark": _remark(measure).pk,
        "cost": _cost(measure).pk,
        "indicator": _indicator(measure).pk,
        "field": there.pk,
        "goal": goal.pk,
        "measure": measure.number,
        "round": 7,
        "sheet": 1,
        "group": group.pk,
        "membership": Membership.objects.get(workshop=other_workshop).pk,
        "participant": guest.pk,
        "token": _token(other_workshop),
        "front": _front(other_workshop),
        "step": "nowhere",
        "view": SavedView.objects.create(workshop=other_workshop, name="Fremd", place=1).pk,
        "task": _task(measure).pk,
        "table": Table.objects.create(workshop=other_workshop, name="Fremd", code="MLKJHFDC").pk,
        "attachment": _attachment(measure).pk,
    }


@pytest.fixture
def clients(
    client,
    signed_in,
    guest,
    table,
    stranger,
    participant,
    committee_member,
    administrator,
    facilitator,
):
    users = {
        "stranger": stranger, "participant": participant, "committee_member": committee_member,
        "administrator": administrator, "facilitator": facilitator,
    }  # fmt: skip
    known = {name: signed_in(user) for name, user in users.items()}
    return {"anonymous": client, "guest": guest("Rat"), "table": table("Tisch 7"), **known}


@pytest.fixture
def plain_errors(monkeypatch) -> None:
    """Answer errors without their pages, which are no matter of this table and take most time."""
    for status in (403, 404):
        monkeypatch.setattr(
            urls,
            f"handler{status}",
            lambda *_, s=status, **__: HttpResponse(status=s),
            raising=False,
        )


def call(client, method: str, url: str, data: dict | None = None):
    """Call an address and undo what it did."""
    with transaction.atomic():
        response = client.generic(method, url) if not data else client.post(url, data)
        transaction.set_rollback(True)
    return response


def address(name: str, row: Row, workshop, objects: dict[str, int | str]) -> str:
    parts = (objects[kind] for kind in row.what.split())
    return reverse(name, args=[workshop.pk, *parts]) + row.query


def test_every_address_is_classified():
    known = {*TABLE, *OPEN}
    unknown = [n for n in NAMES if n not in known and not n.startswith("admin:")]
    assert unknown == []
    assert sorted(known - {*NAMES}) == []


def test_a_table_row_and_its_address_agree_on_being_inside_a_workshop():
    assert {name for name, route, _view in ADDRESSES if route.startswith(INSIDE)} == {*TABLE}


def test_every_view_inside_a_workshop_carries_a_guard():
    inside = [(name, view) for name, route, view in ADDRESSES if route.startswith(INSIDE)]
    assert [name for name, view in inside if not getattr(view, "is_guarded", False)] == []


@pytest.mark.parametrize("phase", Phase)
def test_everybody_gets_what_the_table_says(phase, workshop, objects, clients, at, plain_errors):
    """Whoever may never come in is told so once, in the row's last open phase."""
    _take_ballot(clients["participant"], workshop, at)
    at(phase)
    wanted, found = {}, {}
    for name, row in ROWS:
        url = address(name, row, workshop, objects)
        first = min(row.who)
        for persona in PEOPLE if phase == row.open_phases()[-1] else [first]:
            key = (name, row.method, persona)
            response = call(clients[persona], row.method, url, row.data)
            wanted[key], found[key] = row.expected(persona, phase), response.status_code
            if persona == "anonymous" and row.who != BEARERS:
                login = reverse("account_login")
                assert response["Location"].startswith(f"{login}?next=")
    assert found == wanted


def _take_ballot(client, workshop, at) -> None:
    at(Phase.RATING)
    page = reverse("measures:ballot-take", args=[workshop.pk])
    client.post(page, {"promised": workshop.anonymity})


@pytest.mark.parametrize("name", OPEN)
def test_pages_outside_a_workshop_answer_as_the_table_says(name, client, signed_in, stranger):
    method, anonymous, known = OPEN[name]
    [route] = [route for each, route, _view in ADDRESSES if each == name]
    arguments = {key: value for key, value in SAMPLES.items() if f"{key}>" in route}
    url = reverse(name, kwargs=arguments)
    found = [call(each, method, url).status_code for each in (client, signed_in(stranger))]
    assert found == [anonymous, known]


def test_the_admin_is_closed_to_everybody_without_staff_rights(clients):
    login = reverse("admin:login")
    found = set()
    for name, route, _view in ADDRESSES:
        if name.startswith("admin:") and name not in ("admin:login", "admin:logout"):
            for client in (clients["anonymous"], clients["facilitator"]):
                response = client.get(f"/{_sample(route)}")
                found.add((response.status_code, response.get("Location", "").partition("?")[0]))
    assert found == {(302, login)}


def _sample(route: str) -> str:
    """Fill a route in, whether its placeholders are of the simple or of the regular kind."""
    route = re.sub(r"\(\?P<app_label>[^)]*\)", "workshops", route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)|\(\[\^/\]\+\)|<(\w+:)?\w+>", "1", route)
    return route.replace("^", "").replace("$", "")


def test_an_object_of_another_workshop_does_not_exist_here(
    workshop, objects, foreign, facilitator, signed_in, at, plain_errors
):
    Participant.objects.create(workshop=workshop, user=facilitator, name="Mona")
    Membership.objects.create(workshop=workshop, user=facilitator, role=Role.ADMINISTRATION)
    client, found = signed_in(facilitator), {}
    _take_ballot(client, workshop, at)
    for name, row in ROWS:
        if row.what:
            at(row.open_phases()[-1])
            url = address(name, row, workshop, foreign)
            found[name, row.method] = call(client, row.method, url, row.data).status_code
    assert {key: status for key, status in found.items() if status != 404} == {}
    assert len(found) == 128


@pytest.mark.parametrize(
    ("name", "what", "data", "phase", "status"),
    [
        ("measures:measure-add", "field", {"title": "x", "client_id": "1" * 32, "goal": "goal"},
         "collecting", 422),
        ("measures:measure-edit", "measure", {"title": "x", "seen": 1, "goal": "goal"},
         "collecting", 422),
        ("measures:measure-merge", "measure", {"target": "measure-pk"}, "collecting", 422),
        ("measures:measure-distinct", "measure", {"target": "measure-pk"}, "collecting", 422),
        ("workshops:person-add", "", {"email": "a@b.example", "role": "participant",
         "group": "group"}, "collecting", 422),
        ("workshops:people-paste", "", {"text": "a@b.example", "role": "participant",
         "group": "group"}, "collecting", 422),
        ("measures:measure-entry", "measure", {"group": "group"}, "rating", 404),
    ],
)  # fmt: skip
def test_an_id_from_another_workshop_in_a_form_is_refused(
    name, what, data, phase, status, workshop, objects, foreign, facilitator, signed_in, at
):
    at(phase)
    ids = foreign | {"measure-pk": Measure.objects.get(number=foreign["measure"]).pk}
    sent = {key: ids.get(value, value) for key, value in data.items()}
    url = reverse(name, args=[workshop.pk, *([objects[what]] if what else [])])
    assert signed_in(facilitator).post(url, sent).status_code == status


def test_other_methods_are_refused_on_every_address_of_ours(
    workshop, objects, facilitator, signed_in, at
):
    Participant.objects.create(workshop=workshop, user=facilitator, name="Mona")
    client, found = signed_in(facilitator), {}
    for name, rows in TABLE.items():
        rows = rows if isinstance(rows, tuple) else (rows,)
        declared = {row.method for row in rows}
        refused = {"GET", "POST", "PUT", "PATCH", "DELETE"} - declared
        refused |= {"HEAD"} if declared == {"POST"} else set()
        url = address(name, rows[0], workshop, objects)
        answers = {method: call(client, method, url).status_code for method in sorted(refused)}
        found |= {(name, m): code for m, code in answers.items() if code != 405}
    assert found == {}


def test_head_is_answered_like_get_without_a_body(workshop, objects, facilitator, signed_in, at):
    client, found = signed_in(facilitator), {}
    at(Phase.DELIBERATING)
    for name in ("workshop-day", "measure-list", "dashboard", "measure-export-csv"):
        response = client.head(reverse(f"measures:{name}", args=[workshop.pk]))
        found[name] = (response.status_code, response.content)
    assert {*found.values()} == {(200, b"")}


def test_without_the_token_of_a_form_nothing_is_changed(workshop, facilitator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(facilitator)
    url = reverse("measures:phase-move", args=[workshop.pk])
    response = client.post(url, {"from": "preparing", "to": "collecting"})
    workshop.refresh_from_db()
    assert (response.status_code, workshop.phase) == (403, "preparing")
