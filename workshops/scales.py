"""The words that a new scale starts with; content like the catalogue of fields, so in German."""

from workshops.models.workshop import Criterion

_WORDS: dict[tuple[str, int], tuple[str, ...]] = {
    (Criterion.RELEVANCE, 3): ("gering", "mittel", "hoch"),
    (Criterion.RELEVANCE, 4): ("sehr gering", "eher gering", "eher hoch", "sehr hoch"),
    (Criterion.RELEVANCE, 5): ("sehr gering", "gering", "mittel", "hoch", "sehr hoch"),
    (Criterion.FEASIBILITY, 3): ("schwer", "mittel", "leicht"),
    (Criterion.FEASIBILITY, 4): ("sehr schwer", "eher schwer", "eher leicht", "sehr leicht"),
    (Criterion.FEASIBILITY, 5): ("sehr schwer", "schwer", "mittel", "leicht", "sehr leicht"),
}


def default_labels(criterion: str, steps: int) -> list[str]:
    """Return words for the steps 1 … ``steps``; long scales get words at both ends only."""
    if known := _WORDS.get((criterion, steps)):
        return list(known)
    ends = _WORDS[criterion, 5]
    return [ends[0], *(f"{step} von {steps}" for step in range(2, steps)), ends[-1]]
