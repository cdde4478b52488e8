"""Whether a stored decision is what was sealed: row, snapshot, publication, session.

Words for what is wrong as a whole, see ``Fault.path``: "seal" and "publication" (what was sealed of
the entry, or of its publication, was changed), "snapshot" (the frozen text is another one),
"frozen" (it is about another measure than the entry, by their numbers, which never change),
"workshop" (the entry was moved to another one), "before" (it had been changed before there were
seals).
"""

from dataclasses import dataclass

from django.conf import settings

from measures.committee.sealing import recorded, recorded_session
from measures.committee.snapshot import Fault, faults, flat
from measures.models import Decision, Seal, Session
from measures.seals.chain import LinkState, moment, link_state_of
from workshops.models import Workshop

RELATED = ("session__workshop", "measure", "corrects", "seal", "publication")
"""What to select along with the decisions to be checked."""


@dataclass(frozen=True, slots=True)
class Check:
    """What the seals of a decision tell.

    ``standing`` is CHANGED with any fault; without one it tells whether both seals could be
    recomputed here. ``key_id``: the key that is not here, else "".
    """

    faults: list[Fault]
    standing: LinkState
    key_id: str = ""

    @property
    def is_elsewhere(self) -> bool:
        return self.standing is LinkState.ELSEWHERE

    @property
    def lacks_key(self) -> bool:
        return self.standing is LinkState.NO_KEY


def check_of(decision: Decision) -> Check:
    """Recompute the seals of one decision and compare it with what they cover. No query."""
    workshop = decision.session.workshop
    found = _of_entry(decision, workshop)
    if decision.publication:
        found += _of_publication(decision, decision.publication, workshop)
    if found:
        return Check(found, LinkState.CHANGED)
    seals = [seal for seal in (decision.seal, decision.publication) if seal]
    for seal in seals:
        stands = link_state_of(seal.link(workshop), settings.SEAL_KEYS)
        if stands is not LinkState.HOLDS:
            return Check([], stands, seal.key_id)
    return Check([], LinkState.HOLDS)


def _of_entry(decision: Decision, workshop: Workshop) -> list[Fault]:
    if {decision.seal.workshop_id, decision.measure.workshop_id} != {workshop.pk}:
        return [Fault("workshop")]
    if _is_changed(decision.seal, workshop):
        return [Fault("seal")]
    sealed = decision.seal.data
    before = [Fault("before")] if sealed.pop("was_changed", False) else []
    for name in ("is_late", "workshop"):  # of the chain, not of the entry, see ``verifying``
        sealed.pop(name, None)
    found = faults(sealed, recorded(decision))
    return before + (found or _of_frozen(decision))


def _of_frozen(decision: Decision) -> list[Fault]:
    """Say whether the frozen text is about the entry's measure; an old one may hold no number."""
    number = flat(decision.frozen).get("measure.number")
    own = decision.measure.number
    return [] if number in (None, own) else [Fault("frozen", own, number)]


def _of_publication(decision: Decision, publication: Seal, workshop: Workshop) -> list[Fault]:
    if _is_changed(publication, workshop):
        return [Fault("publication")]
    sealed = publication.data
    is_named = str(decision.uuid) in named_in(sealed)
    then = {"published": sealed.get("published") if is_named else None}
    return faults(then, {"published": moment(decision.published_at)})


def _is_changed(seal: Seal, workshop: Workshop) -> bool:
    return link_state_of(seal.link(workshop), settings.SEAL_KEYS) is LinkState.CHANGED


def named_in(sealed: dict) -> list:
    """Return the ids of the entries that a publication names; [] for a content without."""
    named = sealed.get("decisions")
    return named if isinstance(named, list) else []


def faults_of_session(session: Session, sealed: dict) -> list[Fault]:
    """Compare a session with ``sealed``, what was sealed of it last."""
    row = recorded_session(session)
    return faults({name: sealed.get(name) for name in row}, row)
