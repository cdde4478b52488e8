"""Whether a workshop's chain, and every row that it seals, is as it was. What is wrong, in words.

A link that was itself changed tells nothing about rows: it is named as a break of the chain.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.committee.checking import RELATED, check_of, faults_of_session, named_in
from measures.committee.dossier import told
from measures.committee.sealing import marks_of, place_of
from measures.committee.snapshot import Fault, flat
from measures.models import Decision, Measure, Outcome, Seal, SealKind, Session
from measures.models.decision import told_outcome
from measures.seals.chain import Flaw, Link, LinkState, breaks, link_state_of
from workshops.models import Workshop, line_up


@dataclass(slots=True)
class Findings:
    """What was found in one workshop, in sentences; ``elsewhere``: what nobody here vouches for."""

    workshop: Workshop
    seals: list[Seal]
    decisions: int = 0
    wrong: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def verify(workshop: Workshop) -> Findings:
    """Walk the chain, recompute each seal and compare each row with its link. 4 queries.

    Whoever records meanwhile waits, or a rename just now would look like a forgery.
    """
    line_up(workshop.pk)
    findings = Findings(workshop, list(workshop.seals.order_by("position")))
    links = [seal.link(workshop) for seal in findings.seals]
    findings.wrong += _broken(links)
    _tell_keys(links, findings)
    _tell_late(findings)
    stands = {link.position: link_state_of(link, settings.SEAL_KEYS) for link in links}
    sound = [seal for seal in findings.seals if stands[seal.position] is not LinkState.CHANGED]
    _tell_place(sound, findings)
    _check_decisions(sound, findings)
    findings.wrong += _sessions(workshop, sound)
    findings.wrong += _records(workshop, sound)
    return findings


def _broken(links: Sequence[Link]) -> list[str]:
    """Name the first break: what comes behind it may be no more than its consequence."""
    found = breaks(links, settings.SEAL_KEYS)
    if not found:
        return []
    position, flaw = next(iter(found.items()))
    sentence = {
        Flaw.MISSING: _("Link %(n)d of the chain is missing."),
        Flaw.CHANGED: _("Link %(n)d of the chain was changed after it was sealed."),
        Flaw.UNLINKED: _("Link %(n)d of the chain does not continue the one before it."),
        Flaw.MISPLACED: _("Link %(n)d says “sealed elsewhere”, but stands behind one of ours."),
    }[flaw] % {"n": position}
    more = len(found) - 1
    if more:
        text = ngettext("One more break follows.", "%(more)d more breaks follow.", more)
        sentence = f"{sentence} {text % {'more': more}}"
    return [sentence]


def _tell_keys(links: Sequence[Link], findings: Findings) -> None:
    """Say which links cannot be recomputed here, and whether that is as it should be."""
    by_key = groupby(links, lambda link: (link_state_of(link, settings.SEAL_KEYS), link.key_id))
    for (stands, key_id), group in by_key:
        names = {"key": key_id, "links": _span(group)}
        if stands is LinkState.NO_KEY:
            text = _("The key “%(key)s” is missing in SEAL_KEYS; with it were sealed: %(links)s.")
            findings.wrong.append(text % names)
        elif stands is LinkState.ELSEWHERE:
            text = _(
                "Sealed elsewhere, with the key “%(key)s”, and cannot be checked here: %(links)s."
                " Who can write to the database may have made them."
            )
            findings.elsewhere.append(text % names)


def _tell_late(findings: Findings) -> None:
    for is_late, group in groupby(findings.seals, lambda seal: seal.is_late):
        if is_late:
            text = _(
                "Sealed when seals were introduced: %(links)s. That proves nothing about the time"
                " before."
            )
            findings.notes.append(text % {"links": _span(group)})


def _tell_place(seals: Sequence[Seal], findings: Findings) -> None:
    """Compare the workshop with what it was called, and on which day it was, link by link.

    It may be renamed. Its day stays once there are seals, so another one tells that the chain was
    moved here.
    """
    now = flat(place_of(findings.workshop))
    for sealed, group in groupby(seals, _place_sealed):
        names = {"links": _span(group), "today": now["workshop.date"], **sealed}
        if sealed["day"] != now["workshop.date"]:
            text = _(
                "Sealed for a workshop on %(day)s, while this one is on %(today)s: %(links)s. The"
                " chain may be that of another workshop."
            )
            findings.wrong.append(text % names)
        if sealed["title"] != now["workshop.title"]:
            text = _("Sealed under the title “%(title)s”: %(links)s.")
            findings.notes.append(text % names)


def _place_sealed(seal: Seal) -> dict[str, object]:
    sealed = flat(seal.data)
    return {"title": sealed.get("workshop.title"), "day": sealed.get("workshop.date")}


def _span(links: Iterable[Link | Seal]) -> str:
    """Name links that follow one another: "links 1 to 7"."""
    positions = [link.position for link in links]
    text = ngettext("link %(first)d", "links %(first)d to %(last)d", len(positions))
    return text % {"first": positions[0], "last": positions[-1]}


# Rows -------------------------------------------------------------------------------------------


def _check_decisions(seals: Sequence[Seal], findings: Findings) -> None:
    workshop, missing = findings.workshop, _recorded(seals)
    published = _published(seals)
    rows = Decision.objects.filter(Q(session__workshop=workshop) | Q(seal__workshop=workshop))
    for decision in rows.select_related(*RELATED).order_by("pk").iterator(chunk_size=100):
        findings.decisions += 1
        missing.pop(str(decision.uuid), None)
        faults = check_of(decision).faults
        if decision.is_pending and str(decision.uuid) in published:
            faults.append(Fault("published", None, published[str(decision.uuid)]))
        findings.wrong += [f"{_place(decision)}: {told(fault)}" for fault in faults]
    findings.wrong += [_gone(workshop, seal) for seal in missing.values()]


def _recorded(seals: Iterable[Seal]) -> dict[str, Seal]:
    found = (seal for seal in seals if seal.kind == SealKind.RECORDED)
    return {str(seal.data.get("decision")): seal for seal in found}


def _published(seals: Iterable[Seal]) -> dict[str, object]:
    """Return by a decision's id when it was published."""
    found = (seal.data for seal in seals if seal.kind == SealKind.PUBLISHED)
    return {str(name): data.get("published") for data in found for name in named_in(data)}


def _place(decision: Decision) -> str:
    names = {
        "code": decision.measure.code,
        "committee": decision.session.committee,
        "date": decision.session.date.isoformat(),
        "pk": decision.pk,
    }
    return _("%(code)s, %(committee)s of %(date)s, decision %(pk)d") % names


def _outcome(data: dict) -> str:
    outcome, to = data.get("outcome", ""), data.get("referred_to", "")
    if outcome not in Outcome.values:
        return "–"
    return told_outcome(outcome, str(to), is_recommendation=bool(data.get("is_recommendation")))


def _gone(workshop: Workshop, seal: Seal) -> str:
    data = seal.data
    name, measures = data.get("measure"), Measure.objects.in_workshop(workshop)
    measure = measures.filter(client_id=name).first() if name else None
    names = {
        "n": seal.position,
        "code": measure.code if measure else "–",
        "outcome": _outcome(data),
        "date": data.get("date"),
    }
    text = _("Link %(n)d: the decision is gone that it seals (%(code)s, %(date)s: %(outcome)s).")
    return text % names


def _sessions(workshop: Workshop, seals: Iterable[Seal]) -> Iterator[str]:
    """Compare each session with what was sealed of it last."""
    told_last = {
        str(seal.data.get("session")): seal.data
        for seal in seals
        if seal.kind in (SealKind.PUBLISHED, SealKind.SESSION)
    }
    for session in Session.objects.in_workshop(workshop).order_by("pk"):
        sealed = told_last.pop(str(session.uuid), None)
        for fault in faults_of_session(session, sealed) if sealed else ():
            yield f"{session.committee}, {session.date.isoformat()}: {told(fault)}"
    for data in told_last.values():
        text = _("The session “%(committee)s” of %(date)s is gone; its publication is sealed.")
        yield text % {"committee": data.get("committee"), "date": data.get("date")}


def _records(workshop: Workshop, seals: Iterable[Seal]) -> Iterator[str]:
    """Compare what a deleted workshop had published with what was sealed of it. 1 query, if so."""
    sealed = next((seal.data for seal in seals if seal.kind == SealKind.REDUCED), None)
    if sealed and sealed.get("records") != marks_of(workshop.records.all()):
        yield _("The published record of this workshop is not what was sealed.")
