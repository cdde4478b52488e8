"""The columns of a measure, each declared once.

Import, export, form, administration, frozen basis of a decision and the pages go by these lists. A
new short text is a field of the model and an entry in `FACTS`, then it is in all of them. How a
kind of cell is read is for `transfer.cells` to say; two values are compared alike in all columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from measures.models import PROFILE_FIELDS, Measure, TimeHorizon


class Kind(Enum):
    """What a cell holds."""

    LINE = auto()  # a text without line breaks
    TEXT = auto()  # a text of several lines
    HORIZON = auto()
    MUNICIPALITY = auto()
    STEP = auto()  # of the scale
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``name`` is what files, commands and the import's form call it.

    ``attribute`` is the measure's own field, "" for what another table holds. ``synonyms`` are
    other people's headings as `transfer.headings` spells them, the surest first. ``own_heading``
    stands where the model's name for it is not the heading. ``is_public``: the public page tells
    it, too.
    """

    name: str
    kind: Kind
    attribute: str = ""
    synonyms: str = ""
    own_heading: str | Promise = ""
    is_public: bool = True

    @property
    def heading(self) -> str | Promise:
        """The heading of our own export, lazy; in every language it comes back in."""
        return self.own_heading or capfirst(self.field.verbose_name)

    @property
    def field(self) -> models.Field:
        """The model's field. Only where there is an ``attribute``."""
        return next(each for each in Measure._meta.fields if each.name == self.attribute)

    def words(self, value: str | int | None) -> str:
        """Return a value as people read it. Raises ValueError for an unknown horizon."""
        if self.kind is Kind.HORIZON and value:
            return str(TimeHorizon(str(value)).label)
        return "" if value is None else str(value)


# Short values that stand labelled beside each other wherever a measure is told in full.
FACTS = (
    Column(
        "horizon",
        Kind.HORIZON,
        "time_horizon",
        synonyms="horizon timehorizon time_horizon umsetzungszeit umsetzungszeitraum zeithorizont"
        " umsetzungshorizont horizont zeitraum fristigkeit implementationtime timeframe",
    ),
)
_FORMER = {"success_signs": "zeichendeserfolgs"}  # as files from before name it
PROFILE = tuple(
    Column(name, Kind.TEXT, name, is_public=False, synonyms=_FORMER.get(name, ""))
    for name in PROFILE_FIELDS
)

_FIELD = Column(
    "field",
    Kind.LINE,
    "field",
    synonyms="field actionfield fieldofaction handlungsfeld aktionsfeld feld themenfeld"
    " handlungsfelder handlungsfeldname feldname bereich themenbereich",
)
_GOAL = Column(
    "goal",
    Kind.LINE,
    "goal",
    synonyms="goal goals ziel ziele zielsetzung handlungsziel teilziel objective",
)
_INDICATOR = Column(
    "indicator",
    Kind.LINE,
    synonyms="indicator indicators indikator indikatoren kennzahl kennzahlen messgroesse"
    " messgrosse zielindikator",
    own_heading=_("Indicator"),
)
_MEASURE = Column(
    "measure",
    Kind.LINE,
    "title",
    synonyms="measure measures massnahme massnahmen massnahmentitel massnahmetitel"
    " titeldermassnahme titel title massnahmenname bezeichnung projekt projekttitel",
    own_heading=_("Measure"),
)
# How pictures and lists call a measure, also the public ones. It is nothing that is rated or
# decided, so no fact.
_SHORT_TITLE = Column(
    "short",
    Kind.LINE,
    "short_title",
    synonyms="short shorttitle short_title kurztitel kurzname kurzbezeichnung",
)
_DESCRIPTION = Column(
    "description",
    Kind.TEXT,
    "description",
    synonyms="description beschreibung massnahmenbeschreibung kurzbeschreibung erlauterung"
    " erlaeuterung inhalt",
)
_MUNICIPALITY = Column(
    "municipality",
    Kind.MUNICIPALITY,
    "municipality",
    synonyms="municipality municipalities kommune kommunen gemeinde gemeinden",
)
_RELEVANCE = Column(
    "relevance",
    Kind.STEP,
    synonyms="relevance relevanz relevancegroupvalue relevanzgruppenwert gruppenwertrelevanz"
    " relevancebygroup wichtigkeit importance",
    own_heading=_("Relevance (group value)"),
)
_FEASIBILITY = Column(
    "feasibility",
    Kind.STEP,
    synonyms="feasibility realisierbarkeit feasibilitygroupvalue"
    " realisierbarkeitgruppenwert gruppenwertrealisierbarkeit umsetzbarkeit machbarkeit",
    own_heading=_("Feasibility (group value)"),
)
_NUMBER = Column(
    "number",
    Kind.NUMBER,
    "number",
    # No "Nr": other people's running numbers would make two measures of one that is listed twice.
    synonyms="number nummer massnahmennummer measurenumber",
)

# In the order of our own files.
MAIN = (
    _FIELD, _GOAL, _INDICATOR, _MEASURE, _SHORT_TITLE, _DESCRIPTION, *FACTS, _MUNICIPALITY,
    _RELEVANCE, _FEASIBILITY, _NUMBER,
)  # fmt: skip
COLUMNS = {column.name: column for column in (*MAIN, *PROFILE)}
# What a measure holds itself, under any title: read from it and set on it as it is.
CONTENT = (_SHORT_TITLE, _DESCRIPTION, *FACTS, *PROFILE)


def attributes(columns: Iterable[Column]) -> tuple[str, ...]:
    """Return the names of the model's fields."""
    return tuple(column.attribute for column in columns)


def facts(measure: Measure, columns: Iterable[Column] = FACTS) -> dict[str, str]:
    """Return what pages list of a measure: under each heading its words, if there are any."""
    told = [(column, getattr(measure, column.attribute)) for column in columns]
    return {str(column.heading): column.words(value) for column, value in told if value}
