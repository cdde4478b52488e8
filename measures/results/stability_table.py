"""The stability of a ranking in words, bands and table rows."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.markup import join_rows
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.results.stability import LEVEL, MARKED_TOP, TOP, Stability, Sureness
from measures.rounding import whole
from measures.stability import Certainty, Lead
from measures.stability.leads import CLEAR_FROM, FEWEST_FOR_CLEAR, PROBABLE_FROM

BAND_WIDTH, BAND_HEIGHT, BAND_INSET = 160, 20, 6
NOTED_FROM = 0.05  # share of draws in another quadrant that is told
MOST_NAMED = 3  # measures against which the order is open, by name
_ROW = (
    '<tr data-measure="{}"><td class="nums">{}</td><th scope="row"><a href="{}">{} {}</a></th>'
    '<td><span class="rank-range">{}<span class="nums">{}</span></span></td><td>{}</td>'
    '<td class="nums">{}</td><td>{}</td><td>{}</td></tr>'
)


def stability_rows(
    view: Overview, stability: Stability, url: Callable[[int], str], most: int | None = None
) -> SafeString:
    """Return one ``<tr>`` per ranked measure, best first; of the first ``most`` only, if given."""
    ranked = [row for row in view.rows if row.measure.pk in stability.measures]
    return join_rows(
        "\n",
        _ROW,
        (
            (
                row.measure.pk, row.result.rank, url(row.measure.number), row.measure.code,
                row.measure.title, band(row.result.rank, sure, len(ranked)), room_range(sure),
                lead_words(sure.below), len(sure.open_against) if stability.varies else "–",
                weight_words(sure), quadrant_words(row, sure),
            )
            for row in ranked[:most]
            for sure in [stability.measures[row.measure.pk]]
        ),
    )  # fmt: skip


def room_range(sure: Sureness) -> str:
    """Say between which ranks a measure lies in most draws."""
    return "–" if sure.low is None else _range(sure.low, sure.high)


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def certainty_word(certainty: Certainty) -> str:
    """Return the word for a lead; its bounds stand in ``measures.stability.leads``."""
    return {
        Certainty.CLEAR: _("clearly ahead"),
        Certainty.PROBABLE: _("probably ahead"),
        Certainty.OPEN: _("open"),
    }[certainty]


def lead_words(lead: Lead | None) -> str:
    """Say in how many of 100 draws a measure is ahead, and the word for it."""
    return f"{lead.percent}, {certainty_word(lead.certainty)}" if lead else "–"


def weight_words(sure: Sureness) -> str:
    """Say which ranks a measure takes over all weights, and what else holds whatever the weight."""
    told = [_range(sure.best, sure.worst)]
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
    outside = sure.share_outside(row.result.quadrant)
    if outside >= NOTED_FROM:
        told.append(f"{whole(100 * outside)} %")
    if sure.turns_by_half_step:
        told.append(_("half a step is enough"))
    return "; ".join(told) or "–"


def named(sure: Sureness, codes: dict[int, str]) -> str:
    """Name the measures against which the order is open, the first few of them."""
    names = ", ".join(codes[pk] for pk in sure.open_against[:MOST_NAMED])
    more = len(sure.open_against) - MOST_NAMED
    if more > 0:
        names += " " + ngettext("and %d more", "and %d more", more) % more
    return names


def band(rank: int, sure: Sureness, ranked: int) -> SafeString:
    """Draw the ranks from 1 to ``ranked``: a line for all weights, a bar for the draws, a dot."""
    step = (BAND_WIDTH - 2 * BAND_INSET) / max(ranked - 1, 1)

    def place(number: int) -> str:
        return f"{BAND_INSET + (number - 1) * step:.1f}"

    rooms = f"M{place(sure.low)} {BAND_HEIGHT // 2}H{place(sure.high)}" if sure.low else ""
    return format_html(
        '<svg class="band" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true"'
        ' focusable="false"><path class="band__axis" d="M{start} {m}H{end}"/>'
        '<path class="band__weights" d="M{best} {m}H{worst}"/>'
        '<path class="band__rooms" d="{rooms}"/>'
        '<circle class="band__rank" cx="{rank}" cy="{m}" r="4"/></svg>',
        w=BAND_WIDTH,
        h=BAND_HEIGHT,
        m=BAND_HEIGHT // 2,
        start=BAND_INSET,
        end=BAND_WIDTH - BAND_INSET,
        best=place(sure.best),
        worst=place(sure.worst),
        rooms=rooms,
        rank=place(rank),
    )


def card_ranges(view: Overview, stability: Stability) -> dict[str, list]:
    """Return by the measure's id what the focus card adds.

    Both ends of the range; in one text the measures against which the order is open; and of the
    lead over the next measure its code, the draws of 100 and the word, empty for the last one.
    """
    codes = {row.measure.pk: row.measure.code for row in view.rows}
    return {
        str(pk): [sure.low, sure.high, named(sure, codes), *_lead(sure.below, codes)]
        for pk, sure in stability.measures.items()
    }


def _lead(lead: Lead | None, codes: dict[int, str]) -> list:
    if lead is None:
        return []
    return [codes[lead.behind], lead.percent, certainty_word(lead.certainty)]


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


def slider_ticks(stability: Stability) -> SafeString:
    """Draw a tick beneath the weight slider wherever the best ten change."""
    ticks = "".join(f"M{100 * weight:.1f} 0V8" for weight in stability.top_changes)
    return format_html(
        '<svg class="slider__ticks" viewBox="0 0 100 8" preserveAspectRatio="none"'
        ' aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        ticks,
    )


def bounds() -> dict[str, int]:
    """Return what ranges and words rest upon: in percent, in draws of 100 and in judgements."""
    return {
        "level": whole(100 * LEVEL),
        "clear": CLEAR_FROM,
        "probable": PROBABLE_FROM,
        "fewest": FEWEST_FOR_CLEAR,
    }
