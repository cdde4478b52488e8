"""Recording: who may be decided on, who was faster, and one entry that stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from measures.committee.basis import PARTS, basis_of, freeze
from measures.committee.checking import RELATED, check_of
from measures.committee.decision_forms import DecisionForm
from measures.committee.sealing import seal_decision, seal_publication
from measures.models import Decision, Measure, Session
from workshops.models import User, Workshop


def new_entry(session: Session, measure: Measure, corrects: Decision | None = None) -> Decision:
    """Return what is to be recorded: a decision on a measure in a session, or a correction.

    A correction begins with the content of the entry that it corrects.
    """
    names = [each for each in DecisionForm.Meta.fields if each != "correction_reason"]
    said: dict[str, Any] = {"is_recommendation": session.is_recommending}
    if corrects:
        said = {name: getattr(corrects, name) for name in names}
    return Decision(
        session=session,
        measure=measure,
        corrects=corrects,
        decided_on=session.date,
        seats=session.seats,
        quorum=session.quorum,
        is_public=corrects.is_public if corrects else is_item_public(session, measure),
        **said,
    )


def is_item_public(session: Session, measure: Measure) -> bool:
    """Say whether the public may know what the session decides on a measure. 1 query.

    Its own item tells, else that of its field.
    """
    items = session.items.filter(Q(measure=measure) | Q(measure=None, field=measure.field_id))
    own = items.order_by(F("measure").asc(nulls_last=True)).values_list("is_public", flat=True)
    return next(iter(own), True)


def basis_for(entry: Decision, workshop: Workshop) -> dict:
    """Return what a new entry is decided upon.

    A correction stands on the basis of the entry that it corrects: that is what the committee had
    in front of it, whatever became of the measure since.
    """
    if entry.corrects is None:
        return basis_of(workshop, entry.measure)
    frozen = entry.corrects.frozen
    return {part: frozen.get(part) for part in PARTS}


def newest_beside(entry: Decision) -> Decision | None:
    """Return the session's entry on the measure that none corrects, also a pending one."""
    rows = Decision.objects.filter(session=entry.session, measure=entry.measure)
    return rows.standing(with_pending=True).select_related(*RELATED).first()


def hindrance(entry: Decision) -> str:
    """Say why this cannot be recorded, "" if it can. A correction needs a sound old entry only."""
    measure, names = entry.measure, {"code": entry.measure.code}
    if entry.corrects:
        text = _("The stored decision was changed by hand and has to be examined first.")
        return "" if is_sound(entry.corrects) else text
    if measure.is_removed:
        return _("%(code)s was removed, so nothing can be decided on it.") % names
    if measure.merged_into:
        names["target"] = measure.merged_into.code
        return _("%(code)s was merged into %(target)s. Please decide on %(target)s.") % names
    items = entry.session.items.filter(Q(measure=measure) | Q(field=measure.field_id))
    if not items.exists():
        return _("%(code)s is not on the agenda of this session.") % names
    return ""


def is_sound(decision: Decision) -> bool:
    return not check_of(decision).faults


def record(form: DecisionForm, *, by: User | None) -> Decision:
    """Store a valid form as an entry with its snapshot and its seal."""
    decision = form.save(commit=False)
    decision.by = by
    return store(decision, form.basis)


@transaction.atomic
def store(decision: Decision, basis: dict) -> Decision:
    """Store a new entry with what was decided upon, sealed."""
    freeze(decision, basis)
    decision.seal = seal_decision(decision)
    decision.save()
    return decision


def pending_of(session: Session) -> list[Decision]:
    """Return what publishing would make known. 1 query.

    What was corrected before anybody outside knew of it stays unpublished.
    """
    pending = session.decisions.standing(with_pending=True).pending()
    return list(pending.select_related("measure").defer("snapshot"))


def seen_of(decisions: Iterable[Decision]) -> str:
    """Return a text that names just these entries, in whatever order they come."""
    return " ".join(sorted(str(decision.uuid) for decision in decisions))


@transaction.atomic
def publish(session: Session, decisions: Sequence[Decision], *, at: datetime) -> int:
    """Publish these pending entries, sealed as well, and return how many they were."""
    seal = seal_publication(session, decisions, at)
    rows = session.decisions.filter(pk__in=[each.pk for each in decisions])
    return rows.update(published_at=at, publication=seal)
