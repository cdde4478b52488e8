"""How a file is to be read, by choice: its letters, its sheets, the row of its headings, the rows
that are left out.
"""

from collections.abc import Sequence
from itertools import islice

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from measures.transfer.headings import recognised
from measures.transfer.mending import TWICE
from measures.transfer.reading import BY_ITSELF, Choices, Source, sheets_in, table_in
from measures.transfer.row_list import Rows, rows_in
from measures.transfer.sheets import is_enough
from measures.transfer.spelling import spellings
from measures.transfer.summary import reading_facts
from measures.transfer.tables import HEAD, Sheet, Table, UnreadableFile

_NAMES = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "cp850": "MS-DOS, 850",
    "mac-roman": "Mac Roman",
    "iso-8859-15": "ISO 8859-15",
}


class SourceForm(forms.Form):
    """What can be chosen about one file; ``facts`` are sentences about how it was read."""

    hide_optional = True

    def __init__(self, source: Source, data=None):
        super().__init__(data)
        self.source = source
        self.facts: list[str] = []
        self._offer_spellings()
        self.offer_sheets(source)
        self.fields["heading_row"] = forms.IntegerField(
            label=_("In which row do the headings stand?"),
            min_value=1,
            required=False,
            widget=forms.Select,
        )
        self.fields["left_out"] = forms.CharField(
            label=_("Which rows are left out?"),
            help_text=_("For example: 3, 7-9. If several sheets are read, in each of them."),
            max_length=200,
            required=False,
        )

    def clean_left_out(self) -> Rows:
        try:
            return rows_in(self.cleaned_data["left_out"])
        except ValueError as error:
            raise forms.ValidationError(str(error), code="rows") from error

    def read(self) -> Table:
        """Return the table as chosen. Raises UnreadableFile; then other choices are offered."""
        try:
            choices = self._chosen()
        finally:  # offered again where there is something to choose
            rows = self.fields.pop("heading_row")
        left_out = self.fields["left_out"]
        if not choices.left_out:
            del self.fields["left_out"]  # until there are rows to be seen
        sheets = sheets_in(self.source, choices.encoding)
        if choices.heading_row:
            named = [sheet for sheet in sheets if sheet.name in choices.sheets]
            self._offer_rows(rows, named or sheets)
        table = table_in(sheets, choices)
        read = [sheet for sheet in sheets if sheet.name in table.sheets]
        first = [next(iter(sheet.rows)) for sheet in read]
        if list(table.heading_rows) != first or not is_enough(recognised(table)):
            self._offer_rows(rows, read)
        self.fields["left_out"] = left_out
        if "sheet" in self.fields:
            self.initial["sheet"] = list(table.sheets)
        self.facts = reading_facts(sheets, table)
        return table

    def offer_sheets(self, source: Source) -> None:
        """Offer the sheets of a workbook as it is, or as it travels."""
        filled = [sheet for sheet in source.sheets if not sheet.is_empty]
        if len(filled) > 1:
            self.fields["sheet"] = forms.MultipleChoiceField(
                label=_("Which sheets are to be read?"),
                choices=[(sheet.name, _label(sheet)) for sheet in filled],
                widget=forms.CheckboxSelectMultiple,
            )

    def _chosen(self) -> Choices:
        if not self.is_bound:
            return BY_ITSELF
        if not self.is_valid():
            raise UnreadableFile(_("Choose sheets, a spelling and rows that the file has."))
        return Choices(
            encoding=self.cleaned_data.get("encoding", ""),
            sheets=tuple(self.cleaned_data.get("sheet", ())),
            heading_row=self.cleaned_data["heading_row"],
            left_out=self.cleaned_data["left_out"],
        )

    def _offer_spellings(self) -> None:
        found = spellings(self.source.text, self.source.sheets)
        if not found:
            return
        self.fields["encoding"] = forms.ChoiceField(
            label=_("Which spelling is right?"),
            choices=[
                (each.encoding, f"{', '.join(each.words)} ({self._name(each.encoding)})")
                for each in found
            ],
            initial=found[0].encoding,
            widget=forms.RadioSelect,
        )

    def _name(self, encoding: str) -> str:
        if encoding == TWICE:
            return _("UTF-8, stored twice")
        if encoding == "utf-8" and self.source.sheets:
            return _("as it stands")
        was, _as, taken = encoding.partition("-as-")
        words = _("%(encoding)s, read as %(other)s") if taken else "%(encoding)s"
        return words % {"encoding": _NAMES[was], "other": _NAMES.get(taken)}

    def _offer_rows(self, field: forms.Field, sheets: Sequence[Sheet]) -> None:
        rows = [
            (number, Truncator(f"{number}: {', '.join(filter(None, cells))}").chars(60))
            for number, cells in islice(sheets[0].rows.items(), HEAD)
        ]
        field.widget.choices = [("", _("the row that fits best")), *rows]
        self.fields["heading_row"] = field


def _label(sheet: Sheet) -> str:
    if sheet.fault:
        return f"{sheet.name} ({sheet.fault})"
    return _("%(sheet)s (hidden)") % {"sheet": sheet.name} if sheet.is_hidden else sheet.name
