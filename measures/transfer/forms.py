"""Two forms of the import page, and the file that travels between its pages.

The file stands in the page itself as it was opened, packed and signed: two tabs never mix, nothing
must be cleaned up on the server, what is confirmed is exactly what was shown, and how it is to be
read can be chosen again.
"""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.columns import MAIN
from measures.transfer.headings import ColumnProblem, Columns, combine, recognised
from measures.transfer.reading import Source, check_size, open_file, read
from measures.transfer.spelling import UnclearLetters
from measures.transfer.tables import Sheet, Table, UnreadableFile
from workshops.models import Workshop

# Stays below DATA_UPLOAD_MAX_MEMORY_SIZE together with the rest of the form; packed like this
# some 2 MB of text fit.
MAX_PACKED = 900_000
MAX_AGE = 60 * 60 * 12  # as long as a session


class UploadForm(forms.Form):
    """Takes the file; its cleaned ``file`` was opened and can be read, if only by choice."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), at most 5 MB and 5000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Source:
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
            source = open_file(file.read(), file.name)
            with suppress(UnclearLetters):  # the page asks which ones are right
                read(source)
            return source
        except UnreadableFile as error:
            raise ValidationError(str(error), code="unreadable") from error


class ColumnsForm(forms.Form):
    """One choice per column that can be imported, the recognised one preselected."""

    hide_optional = True

    def __init__(self, table: Table, data=None):
        self.guessed = recognised(table)
        self.mark = _mark(table)
        if data is not None and data.get("headings", self.mark) != self.mark:
            data = None  # chosen for other headings, which were read differently then
        super().__init__(data, initial=self.guessed)
        offered = [
            (place, header or _("column %(number)d") % {"number": place + 1})
            for place, header in enumerate(table.headers)
        ]
        for column in MAIN:
            self.fields[column.name] = forms.TypedChoiceField(
                label=str(column.heading),
                choices=[("", _("not in the file")), *offered],
                coerce=int,
                empty_value=None,
                required=False,
            )

    def columns(self) -> Columns:
        """Return the chosen columns, the guessed ones before anybody chose.

        Raises ColumnProblem for a column that the file does not have or that is chosen twice.
        """
        if not self.is_bound:
            return self.guessed
        if not self.is_valid():
            raise ColumnProblem(_("Choose columns that the file has."))
        return combine(self.guessed, self.cleaned_data)


def _mark(table: Table) -> str:
    """Return a text that tells the headings of one table from those of another."""
    return hashlib.sha256(repr(table.headers).encode()).hexdigest()[:16]


def pack(source: Source, workshop: Workshop, read: Collection[str] = ()) -> tuple[Source, str]:
    """Return the file as it travels, and as signed text that is only good for this workshop.

    What is too large goes without the sheets that were not ``read``. Raises UnreadableFile when it
    would still be too large to be sent back by a form.
    """
    packed = _packed(source, workshop)
    if len(packed) > MAX_PACKED and len(source.sheets) > len(read) > 0:
        source = replace(source, sheets=tuple(_light(sheet, read) for sheet in source.sheets))
        packed = _packed(source, workshop)
    if len(packed) > MAX_PACKED:
        raise UnreadableFile(
            _("The file holds too much text for one import. Split it into two files.")
        )
    return source, packed


def unpack(packed: str, workshop: Workshop) -> Source:
    """Return the file of ``pack``. Raises UnreadableFile if it is not ours or too old."""
    try:
        text, sheets = signing.loads(packed, salt=_salt(workshop), max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise UnreadableFile(
            _("The preview is too old or damaged. Please choose the file once more.")
        ) from error
    return Source(
        text.encode("latin-1"),
        tuple(
            Sheet(name, {row: tuple(cells) for row, *cells in rows}, is_hidden, fault)
            for name, is_hidden, fault, rows in sheets
        ),
    )


def _packed(source: Source, workshop: Workshop) -> str:
    sheets = [
        [
            sheet.name,
            sheet.is_hidden,
            sheet.fault,
            [[row, *cells] for row, cells in sheet.rows.items()],
        ]
        for sheet in source.sheets
    ]
    content = [source.text.decode("latin-1"), sheets]  # latin-1: each byte as it is
    return signing.dumps(content, salt=_salt(workshop), compress=True)


def _light(sheet: Sheet, read: Collection[str]) -> Sheet:
    if sheet.name in read or sheet.is_empty:
        return sheet
    fault = _("Together with the others this sheet is too large. Save it as a file of its own.")
    return Sheet(sheet.name, {}, sheet.is_hidden, fault)


def _salt(workshop: Workshop) -> str:
    return f"measures.transfer:{workshop.pk}"
