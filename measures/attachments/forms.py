"""The form that takes a file."""

from typing import IO, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.attachments.content import Fault, RefusedFile, kind_of
from measures.models import AttachmentKind

MEGABYTE = 2**20  # as the sizes beside files are told
TOO_LARGE = "too_large"  # the code of an error that is answered 413
ACCEPTED = ",".join(f".{kind}" for kind in [*AttachmentKind.values, "jpeg"])


def too_large() -> str:
    text = _("The file is too large: at most %(limit)d MB. Nothing was stored.")
    return text % {"limit": settings.ATTACHMENT_BYTES // MEGABYTE}


class AttachmentForm(forms.Form):
    """Takes a file by what is in it; ``kind`` is the ending that fits, once it is valid."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ACCEPTED})
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = _(
            "PDF, Word, Excel, PowerPoint, OpenDocument or a picture; at most %(limit)d MB, without"
            " macros and without a password."
        )
        limit = settings.ATTACHMENT_BYTES // MEGABYTE
        self.fields["file"].help_text = text % {"limit": limit}

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.ATTACHMENT_BYTES:
            raise forms.ValidationError(too_large(), code=TOO_LARGE)
        try:
            self.kind = kind_of(cast("IO[bytes]", file.file))
        except RefusedFile as refused:
            raise forms.ValidationError(_why(refused.fault)) from refused
        return file

    @property
    def status(self) -> int:
        """What the page is answered with on which the form stands."""
        return 413 if self.has_error("file", TOO_LARGE) else 422 if self.is_bound else 200


def _why(fault: Fault) -> str:
    return {
        Fault.UNKNOWN: _(
            "This kind of file is not taken. Please choose a PDF, a Word, Excel, PowerPoint or"
            " OpenDocument file, or a picture (PNG, JPEG, WebP)."
        ),
        Fault.OLD_OR_LOCKED: _(
            "This is an old office file (.doc, .xls, .ppt) or one with a password. Please save it"
            " in the new format (.docx, .xlsx, .pptx) without a password."
        ),
        Fault.LOCKED: _("The file is locked with a password. Please save it without one."),
        Fault.MACROS: _("The file contains macros or fetches some. Please save it without macros."),
        Fault.TOO_DENSE: _(
            "The file is far larger inside than outside and is not taken for safety."
        ),
        Fault.DAMAGED: _("The file is damaged. Please open it, save it once more and try again."),
    }[fault]
