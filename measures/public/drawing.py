"""What the public pages show, drawn once per state of the data and kept for everybody."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from measures.models import Outcome
from measures.overview import Overview, Row
from measures.public.addresses import description, language_in_address, measure_path
from measures.public.cards import Choice, cards_of, choices_of
from measures.public.feed import Entries, entries_of
from measures.public.finding import Wanted, filters_of, find, wanted_of
from measures.public.published import PublicContent
from measures.public.record import Drawn, load
from measures.results.kept import heavy_from, once
from measures.results.picture import Sheet, by_rank, laid_out, names_of, picture
from workshops.models import Workshop

# Caches of their own: neither do members push out what the public reads, nor the other way round.
PAGES, PICTURES = "public", "public_pictures"


def listed(request: HttpRequest, drawn: dict[str, Any], *, language: str) -> dict[str, object]:
    """Return what of the drawn page the address asks for. No query."""
    wanted = wanted_of(request.GET, drawn["choices"])
    all_of_them = Wanted("", "", "", "", wanted.all)
    return {
        "wanted": wanted,
        "filters": filters_of(drawn["choices"], wanted),
        "found": find(drawn["cards"], wanted),
        "more": wanted.query(language, all="1"),
        "everything": request.path + all_of_them.query(language),
        "language": language,
    }


def drawn_page(workshop: Workshop, collect: Callable[[], PublicContent]) -> dict[str, Any]:
    """Return what the page shows and its head says of it, drawn once per state of the data."""
    return _once("page", workshop, lambda: _draw(collect()))


def drawn_matrix(workshop: Workshop, collect: Callable[[], PublicContent]) -> dict[str, Any]:
    """Return the same of the matrix."""
    return _once("matrix", workshop, lambda: _draw_matrix(collect()))


def drawn_feed(workshop: Workshop, collect: Callable[[], PublicContent]) -> Entries:
    """Return what the feed tells."""
    return _once("feed", workshop, lambda: entries_of(collect()))


def drawn_file(workshop: Workshop, read: Callable[[], Overview]) -> bytes:
    """Return the matrix as a picture file, empty where no measure has a place."""
    return _once("picture", workshop, lambda: _file(read()), cache=PICTURES)


def draw_all(content: PublicContent, merged: dict[int, int]) -> Drawn:
    """Draw everything in the active language, to be kept when the workshop is deleted."""
    return Drawn(
        page=_draw(content),
        matrix=_draw_matrix(content),
        feed=entries_of(content),
        picture=_file(content.overview),
        merged=merged,
    )


def _once(part: str, workshop: Workshop, make: Callable[[], Any], *, cache: str = PAGES) -> Any:
    """Return one part of ``Drawn``; what a deleted workshop had published is drawn already."""

    def made() -> Any:
        return getattr(load(workshop), part) if workshop.reduced_at else make()

    return once(part, workshop, {}, made, cache=cache)


def _draw(content: PublicContent) -> dict[str, Any]:
    choices = choices_of(content)
    counts = {"content": content, "choices": choices, "bar": _bar(choices["outcome"])}
    return {
        "head": _template("counts", **counts),
        "cards": cards_of(content),
        "choices": choices,
        "tail": _template("tail", content=content),
        "description": description(content.workshop, content.municipalities),
        "has_picture": bool(content.ranked),
    }


def _draw_matrix(content: PublicContent) -> dict[str, Any]:
    pk, language = content.workshop.pk, get_language()
    overview = content.overview
    drawn = picture(
        overview,
        list(overview.rows),
        lambda n: measure_path(pk, n, language),
        names=names_of(overview.rows),
        outcomes=_outcomes(content),
    )
    if drawn:
        # In a frame of another site; links of an SVG go by no <base target> in every browser.
        drawn = replace(drawn, svg=mark_safe(drawn.svg.replace("<a ", '<a target="_top" ')))
    return {
        "body": _template("matrix_body", content=content, picture=drawn, pk=pk),
        "description": description(content.workshop, content.municipalities),
    }


def _outcomes(content: PublicContent) -> dict[int, Outcome]:
    """Return the published decisions that hold, by the measure's id."""
    return {
        each.row.measure.pk: Outcome(each.decision.outcome)
        for each in content.ranked
        if each.decision
    }


def _template(name: str, **context: object) -> SafeString:
    context["language"] = language_in_address()
    return mark_safe(render_to_string(f"measures/public/_{name}.html", context))


def _bar(choices: Sequence[Choice]) -> list[tuple[Choice, int]]:
    """Return each with where its part of the bar begins."""
    return list(zip(choices, accumulate((each.n for each in choices), initial=0), strict=False))


def _file(overview: Overview) -> bytes:
    """Return the file, drawn anew only when a mark, a name or a number in it has changed.

    Empty where no measure has a place.
    """
    ranked = by_rank(overview.rows)
    if not ranked:
        return b""
    sheet = Sheet(names_of(ranked))
    [(marks, _titles)] = laid_out(overview, ranked, sheet)
    title = overview.workshop.title
    names = (title, [field.name for field in overview.fields], overview.quadrant_names)
    numbers = (len(overview.rows), overview.weight, overview.thresholds)
    content = repr((get_language(), names, sheet.names, numbers, marks)).encode()
    return heavy_from("picture", content, lambda: _png(overview, ranked, sheet), cache=PICTURES)


def _png(overview: Overview, ranked: list[Row], sheet: Sheet) -> bytes:
    # Loads matplotlib, which a worker that serves ordinary pages should never do.
    from measures.matrix.file import png, width_in_file

    [(matrix, titles)] = laid_out(overview, ranked, sheet, width=width_in_file)
    return png(matrix, overview, titles)
