"""The phase moves while somebody waits for the lock: what they sent changes nothing any more."""

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse

from measures.models import AgendaItem, Decision, Measure, Remark, Session, StatusEntry
from tests.deciding import TYPED, decide, hold
from tests.rating import save_rating
from workshops import access
from workshops.models import line_up

CLIENT = "7d3c51e0-61b0-4c7e-8a4e-1f3a37f0a4c1"
TABLES = (AgendaItem, Decision, Measure, Remark, Session, StatusEntry)


@pytest.fixture
def objects(workshop, measure, measure_two, at) -> dict:
    at("deliberating")
    session = hold(workshop, measure, measure_two)
    decision = decide(session, measure_two, is_published=False)
    remark = Remark.objects.create(measure=measure, text="Wer zahlt?", client_id=CLIENT)
    return {
        "session": session.pk, "item": session.items.first().pk, "decision": decision.pk,
        "remark": remark.pk, "measure": measure.number,
    }  # fmt: skip


@pytest.fixture
def late(monkeypatch, at):
    """Let the phase move just before the lock is somebody's."""

    def slow(workshop_id: int) -> None:
        at("rating")
        line_up(workshop_id)

    monkeypatch.setattr(access, "line_up", slow)


def everything() -> list[list[dict]]:
    return [[model_to_dict(row) for row in table.objects.order_by("pk")] for table in TABLES]


SESSION = {"committee": "Rat", "date": "2020-11-03", "seen": "1"}
REMARK = {"kind": "remark", "text": "Gut.", "client_id": CLIENT.replace("7", "8")}
STATUS = {
    "state": "running", "sentence": "Es läuft.", "date": "2020-11-01", "client_id": CLIENT,
}  # fmt: skip
SENT = [
    ("session-add", "", SESSION),
    ("session-edit", "session", SESSION | {"date": "2020-10-22", "committee": "Anders"}),
    ("session-publish", "session", {}),
    ("agenda-add", "session", {"field": "field"}),
    ("agenda-fill", "session", {"by": "ranking", "count": "5"}),
    ("agenda-order", "session", {"by": "ranking"}),
    ("agenda-move", "item", {"direction": "down"}),
    ("agenda-remove", "item", {}),
    ("decision-add", "session measure", TYPED),
    ("decision-correct", "decision", TYPED | {"reason": "Neu."}),
    ("remark-add", "measure", REMARK),
    ("remark-answer", "remark", {"answer": "Das Land."}),
    ("remark-close", "remark", {}),
    ("remark-reopen", "remark", {}),
    ("remark-release", "remark", {}),
    ("remark-withdraw", "remark", {}),
    ("status-add", "measure", STATUS),
    ("measure-profile", "measure", {"lead": "Bauhof", "seen": "1"}),
    ("short-title", "measure", {"short_title": "Netz", "seen": "1"}),
]


@pytest.mark.parametrize(("name", "what", "sent"), SENT, ids=[name for name, *_rest in SENT])
def test_what_comes_too_late_changes_nothing(
    name, what, sent, objects, measure, ballots, signed_in, administrator, late, workshop
):
    for ballot, relevance in zip(ballots(3), (1, 5, 5), strict=True):
        save_rating(ballot, measure, relevance=relevance, feasibility=3)
    tourism = workshop.fields.get(name="Tourismus")
    Measure.objects.create(workshop=workshop, field=tourism, title="Schloss")
    sent = sent | ({"field": tourism.pk} if "field" in sent else {})
    url = reverse(f"measures:{name}", args=[workshop.pk, *(objects[kind] for kind in what.split())])
    before = everything()
    assert signed_in(administrator).post(url, sent).status_code == 403
    assert everything() == before
