"""The two forms of the import page, and the table that travels between them.

The table stands in the page itself, packed and signed: two tabs never mix, nothing must be
cleaned up on the server, and what is confirmed is exactly what was shown.
"""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.columns import MAIN
from measures.transfer.headings import ColumnProblem, Columns, combine, guess
from measures.transfer.reading import Table, UnreadableFile, check_size, read_table
from workshops.models import Workshop

# Stays below DATA_UPLOAD_MAX_MEMORY_SIZE together with the rest of the form; packed like this
# some 2 MB of text fit.
MAX_PACKED = 900_000
MAX_AGE = 60 * 60 * 12  # as long as a session


class UploadForm(forms.Form):
    """Takes the file; its cleaned ``file`` is the table that was read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), at most 5 MB and 5000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Table:
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
            return read_table(file.read(), file.name)
        except UnreadableFile as error:
            raise ValidationError(str(error), code="unreadable") from error


class ColumnsForm(forms.Form):
    """One choice per column that can be imported, the recognised one preselected."""

    hide_optional = True

    def __init__(self, table: Table, data=None):
        self.guessed = guess(table.headers)
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


def pack(table: Table, workshop: Workshop) -> str:
    """Return the table as signed text that is only good for this workshop.

    Raises UnreadableFile when it would be too large to be sent back by a form.
    """
    rows = [[number, *cells] for number, cells in table.rows.items()]
    packed = signing.dumps([table.headers, rows], salt=_salt(workshop), compress=True)
    if len(packed) > MAX_PACKED:
        raise UnreadableFile(
            _("The file holds too much text for one import. Split it into two files.")
        )
    return packed


def unpack(packed: str, workshop: Workshop) -> Table:
    """Return the table of ``pack``. Raises UnreadableFile if it is not ours or too old."""
    try:
        headers, rows = signing.loads(packed, salt=_salt(workshop), max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise UnreadableFile(
            _("The preview is too old or damaged. Please choose the file once more.")
        ) from error
    return Table(tuple(headers), {number: tuple(cells) for number, *cells in rows})


def _salt(workshop: Workshop) -> str:
    return f"measures.transfer:{workshop.pk}"
