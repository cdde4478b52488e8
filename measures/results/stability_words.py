"""The stability of a ranking in words."""

from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.results.stability import LEVEL, MARKED_TOP, TOP, Stability, Sureness
from measures.rounding import whole
from measures.stability import Certainty, Lead
from measures.stability.leads import CLEAR_FROM, FEWEST_FOR_CLEAR, PROBABLE_FROM

NOTED_FROM = 0.05  # share of draws in another quadrant that is told
MOST_NAMED = 3  # measures against which the order is open, by name


def room_range(sure: Sureness) -> str:
    """Say between which ranks a measure lies in most draws."""
    return "–" if sure.low is None or sure.high is None else _range(sure.low, sure.high)


def weight_range(sure: Sureness) -> str:
    """Say between which ranks a measure lies over all weights."""
    return _range(sure.best, sure.worst)


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


# Of a lead; the bounds stand in ``measures.stability.leads``.
CERTAINTIES = {
    Certainty.CLEAR: gettext_lazy("clearly ahead"),
    Certainty.PROBABLE: gettext_lazy("probably ahead"),
    Certainty.OPEN: pgettext_lazy("of an order", "open"),
}


def lead_words(lead: Lead | None) -> str:
    """Say in how many of 100 draws a measure is ahead, and the word for it."""
    return f"{lead.percent}, {CERTAINTIES[lead.certainty]}" if lead else "–"


def weight_words(sure: Sureness) -> str:
    """Say which ranks a measure takes over all weights, and what else holds whatever the weight."""
    told = [weight_range(sure)]
    shares = []
    percent = whole(100 * sure.first)
    if sure.best == 1 < sure.worst and percent:
        shares.append(_("first %(percent)d %%") % {"percent": percent})
    if sure.best <= TOP < sure.worst:
        shares.append(_("first five %(percent)d %%") % {"percent": whole(100 * sure.top)})
    if shares:
        told.append(", ".join(shares))
    if sure.on_front:
        told.append(_("unbeaten"))
    return "; ".join(told)


def quadrant_words(row: Row, sure: Sureness) -> str:
    """Say in how many draws its quadrant is another, and whether half a step is enough for that."""
    told = []
    outside = sure.share_outside(row.result.quadrant) if row.result.quadrant else 0
    if outside >= NOTED_FROM:
        told.append(f"{whole(100 * outside)} %")
    if sure.turns_by_half_step:
        told.append(_("half a step is enough"))
    return "; ".join(told) or "–"


def named(sure: Sureness, codes: dict[int, str]) -> str:
    """Name the measures against which the order is open, the first few of them."""
    names = ", ".join([codes[pk] for pk in sure.open_against[:MOST_NAMED]])
    more = len(sure.open_against) - MOST_NAMED
    return f"{names} {_and_more(more, get_language())}" if more > 0 else names


@lru_cache(maxsize=512)
def _and_more(more: int, _language: str | None) -> str:
    return ngettext("and %d more", "and %d more", more) % more


def card_ranges(overview: Overview, stability: Stability) -> dict[str, list[int | str | None]]:
    """Return by the measure's id what the focus card adds.

    Both ends of the range; in one text the measures against which the order is open; and of the
    lead over the next measure its code, the draws of 100 and the word, empty for the last one.
    """
    codes = {row.measure.pk: row.measure.code for row in overview.rows}
    words = {certainty: str(word) for certainty, word in CERTAINTIES.items()}

    def of(lead: Lead | None) -> list[int | str]:
        return [codes[lead.behind], lead.percent, words[lead.certainty]] if lead else []

    return {
        str(pk): [sure.low, sure.high, named(sure, codes), *of(sure.below)]
        for pk, sure in stability.measures.items()
    }


def top_sentence(stability: Stability) -> str:
    """Say how often the same five are in front; nothing where the draws say nothing."""
    if stability.same_top is None:
        return ""
    return _("In %(percent)d %% of the draws the same five measures are in front.") % {
        "percent": whole(100 * stability.same_top)
    }


def weights_sentence(stability: Stability) -> str:
    """Say at which weights the best ten change, "" where there are no more measures than that."""
    write = number_writer()
    if len(stability.measures) <= MARKED_TOP:
        return ""
    if not stability.top_changes:
        return _("Whatever the weight, the best ten are the same measures.")
    weights = [f"{write(100 * weight, 0)} %" for weight in stability.top_changes]
    return _("The best ten change at these weights of relevance: %(weights)s.") % {
        "weights": ", ".join(dict.fromkeys(weights))
    }


def bounds() -> dict[str, int]:
    """Return what ranges and words rest upon: in percent, in draws of 100 and in judgements."""
    return {
        "level": whole(100 * LEVEL),
        "clear": CLEAR_FROM,
        "probable": PROBABLE_FROM,
        "fewest": FEWEST_FOR_CLEAR,
    }
