"""What a lens draws as arrows, as table rows."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from measures.markup import join_rows
from measures.numbers import number_writer
from measures.overview import Row
from measures.results.lenses import Lens

_ROW = (
    '<tr data-measure="{}"><th scope="row"><a href="{}">{} {}</a></th>'
    '<td class="nums">{}</td><td class="nums">{}</td><td class="nums">{}</td>'
    '<td class="nums">{}</td></tr>'
)


def move_rows(lens: Lens, shown: list[Row], url: Callable[[int], str]) -> SafeString:
    """Return one ``<tr>`` per move of the measures that are ``shown``, the widest first."""
    write = number_writer()
    wanted = {row.measure.pk for row in shown}
    return join_rows(
        "\n",
        _ROW,
        (
            (
                measure.pk, url(measure.number), measure.code, measure.title,
                _pair(move.relevance, write), _pair(move.feasibility, write), write(move.gap),
                f"{move.rank_before} → {move.rank}" if move.rank_before else move.rank,
            )
            for move in lens.moves
            for measure in [move.row.measure]
            if measure.pk in wanted
        ),
    )  # fmt: skip


def _pair(values: tuple[float, float], write: Callable[..., str]) -> str:
    return f"{write(values[0])} → {write(values[1])}"
