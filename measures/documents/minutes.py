"""The minutes of a session and the extract of one decision, as plain data for the paper.

Everything stands as it was decided: texts and figures are the frozen ones. What a reader may not
know of is not in it: pending decisions and the names of excluded members are for committee and
administration, and a paper for the public leaves out what is closed to it and what the public page
does not tell of money.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from measures.committee.agenda import Agenda, AgendaEntry, entries_on, known_agenda
from measures.committee.dossier import compared_decisions
from measures.committee.sealing import recorded
from measures.committee.snapshot import flat
from measures.committee.then import then_of
from measures.costs.loading import costs_by_measure
from measures.costs.sums import Costs
from measures.costs.words import money_words
from measures.models import Decision, Measure, Session
from measures.numbers import number_writer
from measures.overview import overview_of
from workshops.models import Workshop
from workshops.visits import Visit

Line = dict[str, str]
Paper = dict[str, object]
CostsOf = dict[int, Costs]  # by the id of the measure


def minutes_of(visit: Visit, session: Session, *, for_public: bool, today: date) -> Paper:
    """Return the minutes as this visitor may know them; ``for_public`` without what is closed.

    The same number of queries for any number of points.
    """
    agenda, others = known_agenda(session, visit, overview_of(visit.workshop))
    entries = _told(agenda, for_public=for_public)
    others = [each for each in others if _is_told(each, for_public=for_public)]
    decisions = [each.decision for each in entries if each.decision] + others
    prefetch_related_objects(decisions, "seal", "corrects")
    costs = costs_by_measure(visit.workshop)
    points = [_point(visit, entry, costs, for_public=for_public) for entry in entries]
    points += [_decided(visit, each, "", costs, for_public=for_public) for each in others]
    title = _("Minutes of decisions, public part") if for_public else _("Minutes of decisions")
    return _paper(visit.workshop, session, title, decisions, today) | {
        "agenda": _overview(entries),
        "points": points,
        "seals": _seals(session) if decisions else _no_seals(),
    }


def extract_of(visit: Visit, decision: Decision, *, today: date) -> Paper:
    """Return one decision as an extract of the minutes."""
    session, costs = decision.session, costs_by_measure(visit.workshop)
    title = _("Extract from the minutes of decisions")
    point = _decided(visit, decision, _label_of(visit, decision), costs, for_public=False)
    if Decision.objects.visible_to(visit).filter(corrects=decision).exists():
        point["note"] = _("This entry was corrected; a newer one holds.")
    return _paper(visit.workshop, session, title, [decision], today) | {
        "agenda": {"title": "", "head": [], "rows": []},
        "points": [point],
        "seals": _seals(session, decision) if decision.publication else _no_seals(),
    }


def _is_told(decision: Decision, *, for_public: bool) -> bool:
    return not for_public or (decision.is_told_in_public and not decision.is_pending)


def _told(agenda: Agenda, *, for_public: bool) -> list[AgendaEntry]:
    entries = entries_on(agenda)
    if not for_public:
        return entries
    return [
        each
        for each in entries
        if each.is_public and (each.decision is None or _is_told(each.decision, for_public=True))
    ]


def _label_of(visit: Visit, decision: Decision) -> str:
    """Return the number of its point on the agenda, "" where it has left it."""
    agenda, _others = known_agenda(decision.session, visit, overview_of(visit.workshop))
    found = (each.label for each in entries_on(agenda) if each.measure == decision.measure)
    return next(found, "")


# The paper ----------------------------------------------------------------------------------------


def _paper(
    workshop: Workshop, session: Session, title: str, decisions: Sequence[Decision], today: date
) -> Paper:
    """Return what every paper of a session says: whose it is, and of which session."""
    day = date_format(session.date, "DATE_FORMAT")
    towns = workshop.municipalities.order_by("seats__seat").values_list("name", flat=True)
    told = ", ".join(towns) or workshop.title
    is_draft = not decisions or any(each.is_pending for each in decisions)
    return {
        "lang": (get_language() or "de")[:2],
        "region": "DE",
        "title": title,
        "author": told,
        "over": " · ".join(dict.fromkeys([told, workshop.title])),
        "made": [today.year, today.month, today.day],
        "stamp": _("DRAFT") if is_draft else "",
        "foot": f"{session.committee}, {day} · {title}",
        "page": _("Page {n} of {of}"),
        "facts": _facts(session, day),
        "signatures": [_("Chair"), _("Keeper of the minutes")],
    }


def _facts(session: Session, day: str) -> list[Line]:
    public = _("public session") if session.is_public else _("closed to the public")
    lines = [
        (_("Committee"), session.committee),
        (_("Session"), day),
        (_("Place"), session.place),
        (_("Publicity"), public),
        (_("Members with a vote"), str(session.seats or "")),
    ]
    return _lines(lines)


def _lines(pairs: Iterable[tuple[str, str]]) -> list[Line]:
    return [{"label": label, "text": text} for label, text in pairs if text]


# Its points ---------------------------------------------------------------------------------------


def _overview(entries: Sequence[AgendaEntry]) -> Paper:
    return {
        "title": _("Agenda"),
        "head": [_("Item"), _("Measure"), _("Decision"), _("Votes")],
        "rows": [
            {
                "number": entry.label,
                "measure": _named(entry.measure, entry.decision),
                "outcome": entry.decision.told if entry.decision else _("not decided"),
                "votes": _votes(entry.decision),
            }
            for entry in entries
        ],
    }


def _named(measure: Measure, decision: Decision | None) -> str:
    return f"{measure.code} {decision.title_then if decision else measure.title}"


def _votes(decision: Decision | None) -> str:
    if decision is None or decision.votes_for is None:
        return "–"
    return f"{decision.votes_for} : {decision.votes_against} : {decision.votes_abstained}"


def _point(visit: Visit, entry: AgendaEntry, costs: CostsOf, *, for_public: bool) -> Paper:
    if entry.decision:
        return _decided(visit, entry.decision, entry.label, costs, for_public=for_public)
    return {
        "title": _headed(entry.label, _named(entry.measure, None)),
        "note": "" if entry.is_public else _("not public"),
        "lines": _lines([(_("Decision"), _("not decided"))]),
    }


def _headed(label: str, name: str) -> str:
    return _("Item %(n)s: %(name)s") % {"n": label, "name": name} if label else name


def _decided(
    visit: Visit, decision: Decision, label: str, costs: CostsOf, *, for_public: bool
) -> Paper:
    tells_costs = visit.workshop.shows_costs or not for_public
    notes = []
    if not decision.is_told_in_public:
        notes.append(_("not public"))
    if decision.corrects_id:
        notes.append(_("corrected entry"))
    if decision.is_pending:
        notes.append(_("not published yet"))
    return {
        "title": _headed(label, _named(decision.measure, decision)),
        "note": ", ".join(notes),
        "lines": [
            *_record(visit, decision, for_public=for_public),
            *(_costs(decision, costs) if tells_costs else []),
            *_figures(visit.workshop, decision),
            *_lines([(_("Seal of the entry"), _spaced(decision.seal.value))]),
        ],
    }


def _wording(decision: Decision) -> list[Line]:
    """Return what was decided upon: the measure's text of that moment."""
    text = flat(decision.frozen).get("measure.description")
    return _lines([(_("Decided upon"), text if isinstance(text, str) else "")])


def _record(visit: Visit, decision: Decision, *, for_public: bool) -> list[Line]:
    row = recorded(decision)
    if for_public:
        row["budget_note"] = ""  # as on the public page
    outcome, *others = compared_decisions(row, row)
    lines = [
        *_lines([(outcome.label, outcome.then)]),
        *_wording(decision),
        *_lines((line.label, line.then) for line in others),
    ]
    if visit.is_decider and not for_public:
        lines += _lines([(_("Excluded members"), decision.excluded_names)])
    return lines


def _costs(decision: Decision, costs: CostsOf) -> list[Line]:
    found = costs.get(decision.measure.target_id)
    if found is None:
        return []
    text = money_words(found.total)
    if found.funded:
        text += "\n" + _("own share %(own)s") % {"own": money_words(found.own)}
    return _lines([(_("Costs, as entered today"), text)])


def _figures(workshop: Workshop, decision: Decision) -> list[Line]:
    """Return the frozen figures that it was based upon, as far as they may be shown."""
    then = then_of(decision, workshop)
    if then is None:
        return []
    figures, write = then.figures, number_writer()
    told = []
    if figures.rank:
        told.append(_("rank %(rank)d of %(of)d") % {"rank": figures.rank, "of": figures.of})
    if then.quadrant:
        told.append(_("“%(name)s”") % {"name": then.quadrant})
    relevance, feasibility = write(figures.relevance), write(figures.feasibility)
    told.append(_("relevance %(value)s") % {"value": relevance})
    told.append(_("feasibility %(value)s") % {"value": feasibility})
    told.append(ngettext("%(n)d rating", "%(n)d ratings", then.result.n) % {"n": then.result.n})
    return _lines([(_("Result of the room"), ", ".join(told))])


# Its seals ----------------------------------------------------------------------------------------


def _seals(session: Session, decision: Decision | None = None) -> Paper:
    """Return under which seals it was published, and the last link of the chain today."""
    rows = session.decisions.filter(publication__isnull=False)
    if decision:
        rows = rows.filter(pk=decision.pk)
    columns = ("publication__position", "publication__value", "published_at")
    published = sorted({*rows.order_by().values_list(*columns)})
    last = session.workshop.seals.order_by("position").last()
    lines = []
    for _position, value, at in published:
        moment = date_format(localtime(at), "DATETIME_FORMAT")
        lines.append((_("Published %(at)s") % {"at": moment}, _spaced(value)))
    if last:
        head = _("Head of the chain, link %(n)d") % {"n": last.position}
        lines.append((head, _spaced(last.value)))
    return {
        "title": _("Seals"),
        "lines": _lines(lines),
        "note": _("If another seal stands there later, or none, something was changed or removed."),
    }


def _spaced(value: str) -> str:
    """Write a seal in parts, for people to compare and for the line to break."""
    return " ".join(value[place : place + 16] for place in range(0, len(value), 16))


def _no_seals() -> Paper:
    return {"title": "", "lines": [], "note": ""}
