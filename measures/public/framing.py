"""Which other sites may show the matrix of a public page in a frame.

The operator may name some for all workshops (PUBLIC_FRAME_ANCESTORS), the administration some for
one. None of them may frame any other page.
"""

import hashlib
from typing import Any

from django import forms
from django.conf import settings

from workshops.models import Workshop
from workshops.seen import SeenRowForm
from workshops.sites import sites_in


def may_frame(workshop: Workshop) -> list[str]:
    """Return the sites that may, as they stand in the header, none twice."""
    named = [*settings.PUBLIC_FRAME_ANCESTORS, *workshop.frame_hosts.splitlines()]
    return list(dict.fromkeys(named))


class FrameForm(SeenRowForm):
    """The sites that the administration allows for one workshop."""

    class Meta:
        model = Workshop
        fields = ("frame_hosts",)
        widgets = {"frame_hosts": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Validation writes into the row.
        self.stored = hashlib.sha256(self.instance.frame_hosts.encode()).hexdigest()

    @property
    def now(self) -> str:
        return self.stored

    def compared(self) -> list[str]:
        return ["frame_hosts"]

    def clean_frame_hosts(self) -> str:
        return "\n".join(sites_in(self.cleaned_data["frame_hosts"]))

    def redrawn(self) -> "FrameForm":
        self.instance.refresh_from_db(fields=["frame_hosts"])
        return super().redrawn()
