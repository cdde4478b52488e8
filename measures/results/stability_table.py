"""The stability of a ranking in words, bands and table rows."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.overview import Overview, Row
from measures.results.markup import join_rows
from measures.results.numbers import number_writer
from measures.results.stability import LEVEL, TOP, Stability, Sureness
from measures.rounding import whole

BAND_WIDTH, BAND_HEIGHT, BAND_INSET = 160, 20, 6
NOTED_FROM = 0.05  # share of rooms in another quadrant that is worth a word
MOST_NAMED = 3  # measures that one cannot be told apart from, by name
_ROW = (
    '<tr data-measure="{}"><td class="nums">{}</td><th scope="row"><a href="{}">{} {}</a></th>'
    '<td>{}</td><td class="nums">{}</td><td>{}</td><td>{}</td></tr>'
)


def stability_rows(
    view: Overview, stability: Stability, url: Callable[[int], str], most: int | None = None
) -> SafeString:
    """Return one ``<tr>`` per ranked measure, best first; of the first ``most`` only, if given."""
    ranked = [row for row in view.rows if row.result.rank]
    codes = {row.measure.pk: row.measure.code for row in ranked}
    return join_rows(
        "\n",
        _ROW,
        (
            (
                row.measure.pk, row.result.rank, url(row.measure.number), row.measure.code,
                row.measure.title, band(row.result.rank, sure, len(ranked)), room_range(sure),
                weight_sentence(sure), "; ".join(remarks(row, sure, codes)) or "–",
            )
            for row in ranked[:most]
            for sure in [stability.measures[row.measure.pk]]
        ),
    )  # fmt: skip


def room_range(sure: Sureness) -> str:
    """Say between which ranks a measure lies in most resampled rooms."""
    if sure.low is None:
        return "–"
    if sure.low == sure.high:
        return str(sure.low)
    return _("%(low)d to %(high)d") % {"low": sure.low, "high": sure.high}


def weight_sentence(sure: Sureness) -> str:
    """Say which ranks a measure takes over all weights."""
    ranks = {"best": sure.best, "worst": sure.worst}
    if sure.best == sure.worst:
        text = _("rank %(best)d, whatever the weight")
    elif sure.worst == sure.best + 1:
        text = _("rank %(best)d or %(worst)d, whatever the weight")
    else:
        text = _("rank %(best)d to %(worst)d, depending on the weight")
    text %= ranks
    percent = whole(100 * sure.first)
    if sure.best == 1 < sure.worst and percent:
        text += "; " + _("first at %(percent)d %% of all weights") % {"percent": percent}
    if sure.best <= TOP < sure.worst:
        among = _("among the best five at %(percent)d %% of all weights")
        text += "; " + among % {"percent": whole(100 * sure.top)}
    return text


def remarks(row: Row, sure: Sureness, codes: dict[int, str]) -> list[str]:
    """Say what else one should know before relying on a measure's place."""
    told = []
    if sure.on_front:
        told.append(_("no other measure beats it in both criteria"))
    outside = sure.share_outside(row.result.quadrant)
    if outside >= NOTED_FROM:
        percent = {"percent": whole(100 * outside)}
        told.append(_("in another quadrant in %(percent)d %% of rooms") % percent)
    if sure.turns_by_half_step:
        told.append(_("half a step changes its quadrant"))
    if sure.alike:
        told.append(_("not to be told apart from %(codes)s") % {"codes": named(sure, codes)})
    return told


def named(sure: Sureness, codes: dict[int, str]) -> str:
    """Name the measures that one cannot be told apart from, the first few of them."""
    names = ", ".join(codes[pk] for pk in sure.alike[:MOST_NAMED])
    more = len(sure.alike) - MOST_NAMED
    if more > 0:
        names += " " + ngettext("and %d more", "and %d more", more) % more
    return names


def band(rank: int, sure: Sureness, ranked: int) -> SafeString:
    """Draw the ranks from 1 to ``ranked``: a line for all weights, a bar for the rooms, a dot."""
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
    """Return by the measure's id what the focus card adds: both ends of the range, and twins.

    The twins are one text, which says how many more there are.
    """
    codes = {row.measure.pk: row.measure.code for row in view.rows}
    return {
        str(pk): [sure.low, sure.high, named(sure, codes)]
        for pk, sure in stability.measures.items()
    }


def top_sentence(stability: Stability) -> str:
    """Say how often the best five are the same; nothing where the draws say nothing."""
    if stability.same_top is None:
        return ""
    return _("In %(percent)d %% of the resampled rooms the best five are the same.") % {
        "percent": whole(100 * stability.same_top)
    }


def weights_sentence(stability: Stability) -> str:
    """Say at which weights the best ten change."""
    write = number_writer()
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


def level_percent() -> int:
    return whole(100 * LEVEL)
