"""The cards of the public page: each drawn once, then found, cut and joined by many addresses."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from measures.followup.signs import words_of_state
from measures.followup.tracks import STATES
from measures.models import Outcome
from measures.public.published import OPEN, PublicContent, PublicMeasure
from measures.searching.words import folded

OUTCOMES = (*Outcome.values, OPEN)


class Card(NamedTuple):
    """A measure as it is listed and as a page of its own.

    ``head`` is its outcome and state, ``body`` all else but the title. ``field`` is the id of its
    field, ``outcome`` and ``state`` are those of ``PublicMeasure``; ``searched`` is what a search
    reads. ``text`` is how the measure reads, for the head of its page.
    """

    number: int
    title: str
    text: str
    field: str
    outcome: str
    state: str
    searched: str
    head: SafeString
    body: SafeString

    @property
    def has_decision(self) -> bool:
        """Say whether a committee has decided on it, or put it off."""
        return self.outcome != OPEN


class Choice(NamedTuple):
    """What a list can be narrowed to, and how many measures it would leave."""

    value: str
    words: str
    n: int


def cards_of(content: PublicContent) -> list[Card]:
    """Draw all measures in the order of the page. No query."""
    return [_card(measure, content) for measure in content.measures]


def choices_of(content: PublicContent) -> dict[str, list[Choice]]:
    """Return by parameter what there is to choose from, in the usual order."""
    fields = {str(field.pk): field.name for field in content.overview.fields}
    outcomes = {outcome: outcome_words(outcome) for outcome in OUTCOMES}
    states = {state: words_of_state(state) for state in STATES}
    measures = content.measures
    return {
        "field": _choices(fields, (str(each.row.measure.field_id) for each in measures)),
        "outcome": _choices(outcomes, (each.outcome for each in measures)),
        "state": _choices(states, (each.state for each in measures)),
    }


def outcome_words(outcome: str) -> str:
    return _("not decided yet") if outcome == OPEN else str(Outcome(outcome).label)


def _choices(words: dict[str, str], values: Iterable[str]) -> list[Choice]:
    counts = Counter(values)
    return [Choice(value, name, counts[value]) for value, name in words.items() if counts[value]]


def _card(measure: PublicMeasure, content: PublicContent) -> Card:
    context = {"measure": measure, "content": content}
    return Card(
        number=measure.number,
        title=measure.title,
        text=measure.text,
        field=str(measure.row.measure.field_id),
        outcome=measure.outcome,
        state=measure.state,
        searched=folded(" ".join(_texts(measure))),
        head=mark_safe(render_to_string("measures/public/_head.html", context)),
        body=mark_safe(render_to_string("measures/public/_measure.html", context)),
    )


def _texts(measure: PublicMeasure) -> list[str]:
    """Return what a reader may search a measure by: nothing that its card does not tell."""
    row, status = measure.row, measure.status
    texts = [measure.code, measure.title, measure.description, row.field_name, row.goal_text]
    texts += [measure.municipality, status.sentence if status else ""]
    texts += [each.name for each in measure.attachments]
    if measure.assessment:
        texts += [measure.assessment.office, measure.assessment.reason]
    for decision, then in measure.decisions:
        texts += [then, decision.wording, decision.reason, decision.responsible]
        texts.append(decision.session.committee)
    for remark in measure.remarks:
        texts += [remark.text, remark.answer]
    return texts
