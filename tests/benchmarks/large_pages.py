"""What is asked of a database of ten thousand town halls, and by whom.

Every page that tests/test_access.py knows inside a workshop, for each of four people to whom it is
open, in the first kind of workshop whose phase allows it; and what lies outside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from uuid import UUID

from django.urls import reverse

from measures.models import AgendaItem, Decision, Remark
from tests.benchmarks.town_halls import Hall
from tests.test_access import ROWS, Row
from workshops.audiences import Audience, listening
from workshops.guests import cookie_name

AGENCY = "agentur@bench.example"
ROLES = {  # as the table calls them
    "facilitator": "facilitator",
    "participant": "participant",
    "committee": "committee_member",
    "administration": "administrator",
}
PLACES = ("decided", "rating", "collecting", "preparing")
ONLY_IN = {"measures:round-show": "closed"}


@dataclass(frozen=True, slots=True)
class Page:
    """A request and who sends it: an address of e-mail, "" for the public."""

    name: str
    who: str
    path: str
    data: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


def pages_of(halls: Mapping[str, Hall]) -> list[Page]:
    """Return all pages of all halls; those of the agency's account come last."""
    decided = halls["decided"].workshop
    town = decided.municipalities.get()
    progress = reverse("measures:municipality-progress", args=[town.pk])
    dashboard = reverse("measures:dashboard", args=[decided.pk])
    group = decided.groups.first()
    facilitator = halls["decided"].people["facilitator"].email
    return [
        *(Page(f"home, {role}", _who(halls["decided"], role), reverse("home")) for role in ROLES),
        *_inside(halls),
        *_sent(halls),
        *(
            Page(f"dashboard, lens {name}", facilitator, f"{dashboard}?lens={lens}")
            for name, lens in {"sure": "sure", "group": f"group-{group.pk}"}.items()
        ),
        Page("municipality-progress, committee", _who(halls["decided"], "committee"), progress),
        *(
            Page(name, "", reverse(f"measures:{name}", args=[decided.pk]))
            for name in ("public-page", "public-matrix", "public-picture")
        ),
        Page("workshop-create, agency", AGENCY, reverse("fields:workshop-create")),
        Page("municipality-progress, agency", AGENCY, progress),
        Page("home, agency", AGENCY, reverse("home")),
        Page("home, agency, searched", AGENCY, f"{reverse('home')}?q=werkstatt+decided"),
    ]


def _sent(halls: Mapping[str, Hall]) -> Iterator[Page]:
    """Yield what is written most, and what is written at the end of a rating."""
    rating, closed, collecting = halls["rating"], halls["closed"], halls["collecting"]
    field = collecting.workshop.fields.first()

    def page(name: str, hall: Hall, who: str, route: str, *places: int, **data: str) -> Page:
        path = reverse(f"measures:{route}", args=[hall.workshop.pk, *places])
        cookies = _ballot(hall) if who == "participant" else {}
        return Page(name, _who(hall, who), path, data, cookies)

    number = rating.standing[-1].number
    steps = {"relevance": "4", "feasibility": "none"}
    yield page("vote", rating, "participant", "rate-measure", number, **steps)
    line = {"title": "Bürger-App", "time_horizon": "unknown", "client_id": str(UUID(int=7))}
    yield page("line typed", collecting, "facilitator", "measure-add", field.pk, **line)
    move = {"from": "rating", "to": "deliberating"}
    yield page("rating closed", rating, "facilitator", "phase-move", **move)
    yield page("results shown", closed, "facilitator", "round-show", 1, show="yes")


def _inside(halls: Mapping[str, Hall]) -> Iterator[Page]:
    for name, row in ROWS:
        for role, persona in ROLES.items():
            hall = _place(name, row, persona, halls) if row.method == "GET" else None
            if hall:
                path = reverse(name, args=[hall.workshop.pk, *_objects(hall, row.what)])
                cookies = _ballot(hall) if role == "participant" else {}
                told = f"{name.partition(':')[2]}, {role}"
                yield Page(told, _who(hall, role), path, cookies=cookies)


def _place(name: str, row: Row, persona: str, halls: Mapping[str, Hall]) -> Hall | None:
    """Return where this person gets an answer, None where there is none."""
    for place in [ONLY_IN[name]] if name in ONLY_IN else PLACES:
        phase = halls[place].workshop.phase
        if persona in row.who and row.expected(persona, phase) in (200, 302):
            return halls[place]
    return None


def _who(hall: Hall, role: str) -> str:
    return hall.people[role].email


def _ballot(hall: Hall) -> dict[str, str]:
    """Return the cookie of the hall's participant."""
    request = SimpleNamespace(user=hall.people["participant"])
    return {cookie_name(request, hall.workshop.pk): hall.secret(1, 0)}


def _objects(hall: Hall, what: str) -> list[int | str]:
    """Return the ids, numbers and tokens that stand in an address."""
    workshop = hall.workshop
    on_agenda = AgendaItem.objects.filter(session__workshop=workshop, measure__isnull=False)
    found = {
        "session": lambda: workshop.sessions.last().pk,
        "item": lambda: on_agenda.first().pk,
        "decision": lambda: Decision.objects.in_workshop(workshop).published().first().pk,
        "remark": lambda: Remark.objects.in_workshop(workshop).first().pk,
        "field": lambda: workshop.fields.first().pk,
        "goal": lambda: workshop.fields.first().goals.first().pk,
        "measure": lambda: hall.standing[0].number,
        "round": lambda: workshop.rounds.last().number,
        "group": lambda: workshop.groups.first().pk,
        "participant": lambda: workshop.participants.first().pk,
        "membership": lambda: workshop.memberships.first().pk,
        "token": lambda: listening(workshop, Audience.PHONES).address.split("/")[-2],
    }
    return [found[kind]() for kind in what.split()]
