"""A decision, its whole story, and what was decided upon next to what is there today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.assessment.holding import assessments_of, known_at
from measures.committee.basis import basis_of
from measures.committee.checking import check_of
from measures.committee.dossier_lines import (
    NOTHING,
    LineOf,
    decision_lines,
    place_lines,
    record_lines,
    setting_lines,
    text_lines,
    value_lines,
    words_of,
)
from measures.committee.sealing import recorded
from measures.committee.snapshot import Fault, differences, flat
from measures.committee.withholding import as_shown, why_withheld
from measures.models import Decision, Measure
from workshops.models import Criterion, Workshop
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One value in words, as it was and as it is. ``is_changed``: they differ."""

    label: str
    then: str
    now: str
    is_changed: bool


Parts = dict[str, list[ComparedLine]]  # by their titles


def dossier_of(visit: Visit, decision: Decision) -> dict[str, object]:
    """Return what the page of a decision shows, as this visitor may know of it. 11 queries.

    ``heading`` names the measure as it was. ``entries``: all that this person may know of, the
    oldest first. ``parts`` is empty where the snapshot cannot be read. ``gone`` says why there is
    no state of today, else "". ``withheld`` says why figures are missing that are sealed, else "".
    ``faults`` puts those of ``check`` into sentences. ``assessed`` is what the administration held
    when it was recorded, which is not frozen, and ``assessed_now`` what it holds since.
    """
    rows = Decision.objects.filter(session=decision.session_id, measure=decision.measure_id)
    rows = rows.visible_to(visit).select_related("session", "measure", "by")
    entries = list(rows.order_by("pk").defer("snapshot"))
    then, check = decision.frozen, check_of(decision)
    gone = _why_gone(decision.measure)
    now = None if gone else basis_of(visit.workshop, decision.measure)
    row = recorded(decision)
    assessments = assessments_of(decision.measure)
    assessed = known_at(assessments, decision.at)
    title = flat(then).get("measure.title") or decision.measure.title
    parts = compared(visit.workshop, then, now or then) if then else {}
    return {
        "decision": decision,
        "heading": f"{decision.measure.code} {title}",
        "entries": entries,
        "newest": entries[-1],
        "lines": compared_decisions(row, row),
        "parts": parts.items(),
        "differing": _told_apart(parts, is_changed=True),
        "equal": _told_apart(parts, is_changed=False),
        "changes": sum(line.is_changed for lines in parts.values() for line in lines),
        "gone": gone,
        "withheld": why_withheld(then, visit.workshop),
        "check": check,
        "faults": [told(fault) for fault in check.faults],
        "assessed": assessed,
        "assessed_now": next((each for each in assessments[:1] if each != assessed), None),
    }


def _told_apart(parts: Parts, *, is_changed: bool) -> Parts:
    """Return of each part the lines that differ, or those that do not; without empty parts."""
    found = {
        title: [line for line in lines if line.is_changed is is_changed]
        for title, lines in parts.items()
    }
    return {title: lines for title, lines in found.items() if lines}


def _why_gone(measure: Measure) -> str:
    names = {"code": measure.code}
    if measure.is_removed:
        return _("%(code)s was removed since, so there is no state of today.") % names
    if measure.merged_into:
        names["target"] = measure.merged_into.code
        return _("%(code)s was merged into %(target)s since and has no values of its own.") % names
    return ""


def compared(workshop: Workshop, then: Mapping, now: Mapping) -> Parts:
    """Put two bases side by side by the titles of their parts. No query.

    Without what is empty in both, and as far as they may be shown, see ``withholding``.
    """
    then, now = as_shown(then, workshop), as_shown(now, workshop)
    titled = {
        _("Text"): text_lines(),
        _("Place in the ranking"): place_lines(),
        **{str(criterion.label): value_lines(criterion) for criterion in Criterion},
        _("Weight, thresholds and scale"): setting_lines(),
    }
    return {title: _lines(lines, then, now) for title, lines in titled.items()}


def differing_lines(workshop: Workshop, then: Mapping, now: Mapping) -> list[ComparedLine]:
    """Return only what differs between two bases, whatever its part."""
    parts = compared(workshop, then, now)
    return [line for lines in parts.values() for line in lines if line.is_changed]


def compared_decisions(one: Mapping, other: Mapping) -> list[ComparedLine]:
    """Put two decisions side by side, as ``sealing.recorded`` returns them; see ``compared``."""
    return _lines(decision_lines(), one, other)


def _lines(lines: Iterable[LineOf], then: Mapping, now: Mapping) -> list[ComparedLine]:
    before, after, changed = flat(then), flat(now), differences(then, now)
    told = [
        ComparedLine(
            label=line[0],
            then=words_of(line, before),
            now=words_of(line, after),
            is_changed=bool(changed & set(line[1])),
        )
        for line in lines
    ]
    return [line for line in told if line.is_changed or line.then != NOTHING]


def told(fault: Fault) -> str:
    """Say in a sentence what does not fit together."""
    whole = {
        "seal": _("What was sealed was changed afterwards: the seal does not fit."),
        "publication": _("What was sealed of its publication was changed: the seal does not fit."),
        "snapshot": _("The frozen text is not the one that was sealed."),
        "workshop": _("Measure or session are those of another workshop now."),
        "before": _("It had been changed before it was sealed: its hash did not fit any more."),
    }
    if fault.path in whole:
        return whole[fault.path]
    if fault.path == "frozen":
        text = _("The frozen text is about M%(found)s, but the entry belongs to M%(stored)s.")
        return text % {"found": fault.found, "stored": fault.stored}
    lines = {line[1][0]: line for line in record_lines()}
    line = lines.get(fault.path, (fault.path, (fault.path,), str))
    return _("%(label)s: the entry says “%(stored)s”, sealed was “%(found)s”.") % {
        "label": line[0],
        "stored": words_of(line, {fault.path: fault.stored}),
        "found": words_of(line, {fault.path: fault.found}),
    }


def decided_before(visit: Visit, entry: Decision) -> list[Decision]:
    """Return what stands on a measure beside ``entry``, which is new or corrects. 1 query."""
    found = decisions_of(visit, entry.measure)
    here = (entry.session, entry.measure)
    return [each for each in found if (each.session, each.measure) != here]


def decisions_of(visit: Visit, measure: Measure) -> list[Decision]:
    """Return what stands on a measure and on what was merged into it, the newest first. 1 query.

    [] while nobody sees results, for a decision names what it was based upon.
    """
    if not visit.shows_results:
        return []
    rows = Decision.objects.about(measure).known_to(visit)
    return list(rows.select_related("session", "measure"))
