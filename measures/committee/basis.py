"""What a committee decides upon: a measure as it stands at this moment, as plain data."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation

from measures.columns import FACTS, attributes
from measures.committee.snapshot import VERSION, rounded
from measures.models import PROFILE_FIELDS, Decision, Measure
from measures.overview import Overview, Row, at_table, overview_of
from measures.prioritisation import Spread
from measures.results.stability import stability_of
from measures.seals.text import canonical
from workshops.models import Criterion, Workshop

PARTS = ("measure", "ranking", "ratings", "settings")


def basis_of(workshop: Workshop, measure: Measure) -> dict:
    """Return texts, place, values and settings of a standing measure. 9 queries, 5 more made anew.

    Names that we give, not the workshop, are in the site's language, so that two readers with
    different languages see the same basis. The groups' figures are left out on purpose: a frozen
    figure cannot be taken back when the smallest size shown is raised, and from two states of a
    small group a single rating could be worked out.
    """
    with translation.override(settings.LANGUAGE_CODE):
        overview = overview_of(workshop)
        return _basis(overview, measure, _settings(overview))


def bases_of(workshop: Workshop, measures: Iterable[Measure]) -> dict[int, dict]:
    """Return the same for several measures, by their numbers. 9 queries, 5 more made anew."""
    with translation.override(settings.LANGUAGE_CODE):
        overview = overview_of(workshop)
        set_up = _settings(overview)
        return {each.number: _basis(overview, each, set_up) for each in measures}


def _basis(overview: Overview, measure: Measure, set_up: dict) -> dict:
    row = next(row for row in overview.rows if row.measure.pk == measure.pk)
    return {
        "measure": _texts(measure, row),
        "ranking": _place(overview, row),
        "ratings": _values(row),
        "settings": set_up,
    }


def _texts(measure: Measure, row: Row) -> dict:
    return {
        "number": measure.number,
        "title": measure.title,
        "description": measure.description,
        "field": row.field_name,
        "goal": row.goal_text,
        # An empty one is left out, or decisions from before there was such a fact would differ.
        **{name: value for name in attributes(FACTS) if (value := getattr(measure, name))},
        "municipality": measure.municipality.name if measure.municipality else None,
        "profile": {name: getattr(measure, name) for name in PROFILE_FIELDS},
    }


def _place(overview: Overview, row: Row) -> dict:
    sureness = stability_of(overview).measures.get(row.measure.pk)
    quadrant = row.result.quadrant
    return {
        "score": rounded(row.result.score),
        "rank": row.result.rank,
        "of": sum(each.result.rank is not None for each in overview.rows),
        # As above, left out where everybody rated.
        **({"at_table": list(own)} if (own := at_table(overview, row)) else {}),
        "range": [sureness.low, sureness.high] if sureness else None,
        "all_weights": [sureness.best, sureness.worst] if sureness else None,
        "quadrant": quadrant and quadrant.value,
        "quadrant_name": overview.quadrant_names[quadrant] if quadrant else None,
    }


def _values(row: Row) -> dict:
    relevance, feasibility = row.consensus
    return {
        "n": row.result.n,
        "paper": row.paper,
        "round": row.round,
        "agreed": {"relevance": relevance, "feasibility": feasibility},
        **{c.value: _spread(getattr(row.result, c.value)) for c in Criterion},
    }


def _spread(spread: Spread) -> dict:
    return {
        "n": spread.n,
        "mean": rounded(spread.mean),
        "median": rounded(spread.median),
        "quartiles": None if spread.low is None else [rounded(spread.low), rounded(spread.high)],
        "counts": list(spread.counts),
        "agreement": rounded(spread.agreement),
    }


def _settings(overview: Overview) -> dict:
    workshop = overview.workshop
    words: dict[str, list[str]] = {c.value: [] for c in Criterion}
    for step in workshop.scale_steps.all():
        words[step.criterion].append(step.label)
    relevance, feasibility = overview.thresholds
    return {
        "weight": workshop.relevance_weight,
        "thresholds": {"relevance": rounded(relevance), "feasibility": rounded(feasibility)},
        "steps": workshop.steps,
        "words": words,
    }


def freeze(decision: Decision, basis: dict) -> None:
    """Fill in the snapshot of a decision that is about to be stored."""
    # The committee may be renamed later; what it was called when this was decided stays.
    data = {part: basis[part] for part in PARTS} | {"committee": decision.session.committee}
    decision.snapshot = canonical(data | {"version": VERSION})
